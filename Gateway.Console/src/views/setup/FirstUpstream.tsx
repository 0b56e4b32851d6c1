import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { upstreamsQuery } from "../../api/admin";
import { api, payload } from "../../api/client";
import { useI18n } from "../../i18n/i18n";
import { Panel } from "../../parts/Page";
import { Answer } from "../../parts/States";
import { TestOutcome } from "../catalogue/TestOutcome";
import { UpstreamForm } from "../catalogue/UpstreamForm";

/** Connects an upstream and tries it; those that are there are tried at once. */
export function FirstUpstream() {
  const { t } = useI18n();
  const query = useQuery(upstreamsQuery);
  const [isAdded, setAdded] = useState(false);
  return (
    <Stack>
      <Text>{t("setup.upstreamText")}</Text>
      <Answer query={query}>
        {(upstreams) => (
          <>
            {upstreams.map((upstream) => (
              <Panel key={upstream.id} title={upstream.name} side={<Text size="sm">{upstream.base_url}</Text>}>
                <TestOutcome
                  run={() => payload(api.POST("/api/v1/admin/upstreams/{id}/test", { params: { path: { id: upstream.id } } })).then(({ data }) => data)}
                />
              </Panel>
            ))}
            {!isAdded && (
              <Panel title={t("upstreams.create")}>
                <UpstreamForm onDone={() => setAdded(true)} />
              </Panel>
            )}
          </>
        )}
      </Answer>
    </Stack>
  );
}
