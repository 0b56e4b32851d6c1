import { Button, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useI18n } from "../../i18n/i18n";
import { useFormat } from "../../parts/format";
import { Facts } from "../../parts/Page";
import { Answer } from "../../parts/States";
import { Tag } from "../../parts/Tag";

export interface Probe {
  reachable: boolean;
  latency_ms: number;
  models: number;
  error: string | null;
}

/** Tries a connection as soon as it is shown, and says how it went. */
export function TestOutcome({ run }: { run: () => Promise<Probe> }) {
  const { t } = useI18n();
  const format = useFormat();
  const query = useQuery({ queryKey: ["probe", useId()], queryFn: run, gcTime: 0, staleTime: Infinity, retry: false });
  return (
    <Stack align="flex-start">
      <Answer query={query}>
        {(probe) => (
          <Facts
            rows={[
              [t("keys.state"), probe.reachable ? <Tag kind="good">{t("upstreams.answers")}</Tag> : <Tag kind="bad">{t("upstreams.noAnswer")}</Tag>],
              [t("upstreams.latency"), format.ms(probe.latency_ms)],
              [t("models.title"), format.whole(probe.models)],
              ...(probe.error ? [[t("upstreams.error"), probe.error] satisfies [string, string]] : []),
            ]}
          />
        )}
      </Answer>
      <Button variant="default" size="xs" loading={query.isFetching} onClick={() => void query.refetch()}>
        {t("upstreams.testAgain")}
      </Button>
    </Stack>
  );
}
