import { Button, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, payload } from "../../api/client";
import { useI18n } from "../../i18n/i18n";
import { useFormat } from "../../parts/format";
import { Facts } from "../../parts/Page";
import { Failed } from "../../parts/States";

/** Takes calls into the ledger that LiteLLM had without this gateway: asked for, because it is money. */
export function SpendImport() {
  const { t } = useI18n();
  const format = useFormat();
  const run = useMutation({ mutationFn: () => payload(api.POST("/api/v1/admin/requests/sync")).then(({ data }) => data) });
  return (
    <Stack align="flex-start">
      <Text size="sm">{t("sync.spendText")}</Text>
      {run.error && <Failed error={run.error} />}
      {run.data && (
        <div role="status">
          <Facts
            rows={[
              [t("sync.created"), format.whole(run.data.created)],
              [t("sync.skipped"), format.whole(run.data.skipped)],
            ]}
          />
        </div>
      )}
      <Button variant="default" loading={run.isPending} onClick={() => run.mutate()}>
        {t("sync.spendRun")}
      </Button>
    </Stack>
  );
}
