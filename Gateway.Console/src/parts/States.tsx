import { Alert, Button, Loader, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiFailure } from "../api/failure";
import { useI18n, type I18n } from "../i18n/i18n";

/** What went wrong, in the API's words where it has some. */
export function wordsOf(error: unknown, t: I18n["t"]): string {
  if (!(error instanceof ApiFailure)) return error instanceof Error ? error.message : String(error);
  if (error.code === "unreachable") return t("error.unreachable");
  return error.message || t("error.unknown", { status: error.status });
}

export function Loading() {
  const { t } = useI18n();
  return (
    <Stack align="center" p="xl" role="status" data-loading>
      <Loader aria-hidden />
      <Text>{t("state.loading")}</Text>
    </Stack>
  );
}

export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useI18n();
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("state.failed")} role="alert" variant="outline">
      <Stack gap="xs" align="flex-start">
        <Text>{wordsOf(error, t)}</Text>
        {error instanceof ApiFailure && error.requestId && <Text size="sm">{t("state.requestId", { id: error.requestId })}</Text>}
        {again && (
          <Button variant="default" size="xs" onClick={again}>
            {t("state.again")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return (
    <Text ta="center" p="xl" c="dimmed">
      {children}
    </Text>
  );
}

/** The answer of a query when it is there; until then what it is waiting for, or why it failed. */
export function Answer<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  return query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : <Loading />;
}
