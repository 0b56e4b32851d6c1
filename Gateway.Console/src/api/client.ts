// Calls of the API, typed by its own document: a route that changes does not compile here.
import createClient from "openapi-fetch";
import { accessToken, refresh } from "../session/session";
import { ApiFailure, failureFrom, failureOf } from "./failure";
import type { paths } from "./schema";

async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await attempt(request);
  // The token ended, or was revoked while the cookie is still good.
  return response.status === 401 && (await refresh()) ? attempt(again) : response;
}

async function attempt(request: Request): Promise<Response> {
  const token = await accessToken();
  if (token !== null && !request.headers.has("Authorization")) request.headers.set("Authorization", `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (fault) {
    if (request.signal.aborted) throw fault;
    throw ApiFailure.unreachable();
  }
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: send });

/** The payload of an answer, or its failure thrown: what queries and mutations expect. */
export async function payload<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok || data === undefined) {
    throw failureFrom(response.status, error, response.headers.get("x-oneui-request-id"));
  }
  return data;
}

/** A call whose answer is no JSON: a stream, a file. Throws its failure. */
export async function raw(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await send(new Request(new URL(path, location.origin), init));
  if (!response.ok) throw await failureOf(response);
  return response;
}
