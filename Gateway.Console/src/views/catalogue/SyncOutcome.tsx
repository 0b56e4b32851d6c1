import { Button, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import type { SyncResult } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import { useFormat } from "../../parts/format";
import { Facts } from "../../parts/Page";
import { Answer } from "../../parts/States";

/** Syncs as soon as it is shown, and tells what came of it. */
export function SyncOutcome({ run, touches }: { run: () => Promise<SyncResult>; touches: string[] }) {
  const { t } = useI18n();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["sync", useId()],
    queryFn: async () => {
      const result = await run();
      await Promise.all(touches.map((name) => queries.invalidateQueries({ queryKey: [name] })));
      return result;
    },
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  return (
    <Stack align="flex-start">
      <Answer query={query}>{(result) => <Result result={result} />}</Answer>
      <Button variant="default" size="xs" loading={query.isFetching} onClick={() => void query.refetch()}>
        {t("upstreams.syncAgain")}
      </Button>
    </Stack>
  );
}

function Result({ result }: { result: SyncResult }) {
  const { t } = useI18n();
  const format = useFormat();
  return (
    <Stack role="status" gap="sm">
      <Facts
        rows={[
          [t("sync.created"), format.whole(result.created)],
          [t("sync.updated"), format.whole(result.updated)],
          [t("sync.unchanged"), format.whole(result.unchanged)],
          [t("sync.companies"), format.whole(result.companies_created)],
          [t("sync.duration"), format.ms(result.duration_ms)],
        ]}
      />
      <Names title={t("sync.missing")} names={result.missing} />
      <Names title={t("sync.held")} names={result.deleted} />
      <Names title={t("sync.errors")} names={result.errors.map((error) => `${error.id}: ${error.message}`)} />
    </Stack>
  );
}

function Names({ title, names }: { title: string; names: string[] }) {
  if (names.length === 0) return null;
  return (
    <section aria-label={title}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <ul className="names">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </section>
  );
}
