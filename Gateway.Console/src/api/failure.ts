/** What the API refused, in its own words; members at fault one by one. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: { field: string; message: string }[];
  readonly requestId: string | null;

  constructor(status: number, code: string, text: string, fields: { field: string; message: string }[] = [], requestId: string | null = null) {
    super(text);
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.requestId = requestId;
  }

  /** No answer came at all. */
  static unreachable() {
    return new ApiFailure(0, "unreachable", "");
  }
}

interface ManagementError {
  error?: string | { message?: string; code?: string; gateway?: { request_id?: string } };
  code?: string;
  details?: { field: string; message: string }[];
  request_id?: string;
}

/** The failure that an answer carries, of the management API or of /v1. */
export function failureFrom(status: number, body: unknown, requestId: string | null): ApiFailure {
  const error = (body ?? {}) as ManagementError;
  if (typeof error.error === "object") {
    return new ApiFailure(status, error.error.code ?? "", error.error.message ?? "", [], requestId);
  }
  return new ApiFailure(status, error.code ?? "", error.error ?? "", error.details ?? [], error.request_id ?? requestId);
}

export async function failureOf(response: Response): Promise<ApiFailure> {
  const body: unknown = await response.json().catch(() => null);
  return failureFrom(response.status, body, response.headers.get("x-oneui-request-id"));
}
