import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, payload, raw } from "../api/client";
import { dateOf } from "../api/usage";
import { useI18n } from "../i18n/i18n";
import { download } from "../parts/download";
import { useFormat } from "../parts/format";
import { Facts, Page, Panel } from "../parts/Page";
import { Failed, wordsOf } from "../parts/States";
import { Tag } from "../parts/Tag";
import { Time } from "../parts/Time";

/** Whether every counter is what the ledger's rows add up to; and the rows themselves, to keep. */
export default function Ledger() {
  const { t } = useI18n();
  return (
    <Page title={t("ledger.title")}>
      <Check />
      <Export />
    </Page>
  );
}

function Check() {
  const { t } = useI18n();
  const format = useFormat();
  const check = useMutation({ mutationFn: () => payload(api.GET("/api/v1/admin/ledger/check")).then(({ data }) => data) });
  return (
    <Panel title={t("ledger.check")} side={check.data && <Tag kind={check.data.is_clean ? "good" : "bad"}>{t(check.data.is_clean ? "ledger.clean" : "ledger.dirty")}</Tag>}>
      <Stack align="flex-start">
        <Text>{t("ledger.checkText")}</Text>
        <Button loading={check.isPending} onClick={() => check.mutate()}>
          {t("ledger.run")}
        </Button>
        {check.error && <Failed error={check.error} />}
        {check.data && (
          <div role="status">
            <Facts
              rows={[
                [t("ledger.records"), format.whole(check.data.records)],
                [t("ledger.counters"), format.whole(check.data.checked)],
                [t("call.total"), format.usdExact(check.data.total_cost)],
                [t("ledger.differences"), format.whole(check.data.difference_count)],
                [t("ledger.setAside"), format.whole(check.data.set_aside_count)],
                [t("ledger.since"), check.data.records_since ? <Time key="since" at={check.data.records_since} /> : t("ledger.always")],
              ]}
            />
          </div>
        )}
        {check.data && check.data.differences.length > 0 && (
          <div className="table-scroll" tabIndex={0} role="group" aria-label={t("ledger.differences")}>
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">{t("ledger.counter")}</th>
                  <th scope="col" className="right">
                    {t("ledger.inLedger")}
                  </th>
                  <th scope="col" className="right">
                    {t("ledger.stored")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {check.data.differences.map((row) => (
                  <tr key={`${row.table} ${row.key} ${row.column}`}>
                    <td>
                      <code>
                        {row.table}.{row.column} {row.key}
                      </code>
                    </td>
                    <td className="right">{format.whole(row.ledger)}</td>
                    <td className="right">{format.whole(row.stored)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {check.data && check.data.set_aside.length > 0 && (
          <ul className="names" aria-label={t("ledger.setAside")}>
            {check.data.set_aside.map((call) => (
              <li key={call.id}>
                <code>{call.id}</code>: {call.fault}
              </li>
            ))}
          </ul>
        )}
      </Stack>
    </Panel>
  );
}

function Export() {
  const { t } = useI18n();
  const [from, setFrom] = useState(() => dateOf(Date.now()));
  const [to, setTo] = useState(from);
  const isWrong = from !== "" && to !== "" && from > to;
  const get = useMutation({
    mutationFn: async (type: "text/csv" | "application/x-ndjson") => {
      const query = new URLSearchParams({ ...(from && { from }), ...(to && { to }) });
      const answer = await raw(`/api/v1/admin/ledger/export?${query}`, { headers: { Accept: type } });
      download(await answer.blob(), `ledger-${from}-${to}.${type === "text/csv" ? "csv" : "ndjson"}`);
    },
    onSuccess: () => notifications.show({ message: t("usage.csvDone") }),
    onError: (error) => notifications.show({ color: "red", message: wordsOf(error, t) }),
  });
  return (
    <Panel title={t("ledger.export")}>
      <Group align="flex-end" gap="sm">
        <TextInput
          type="date"
          label={`${t("common.from")} (UTC)`}
          value={from}
          error={isWrong && t("ledger.wrongOrder")}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput type="date" label={`${t("common.to")} (UTC)`} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} disabled={isWrong} loading={get.isPending} onClick={() => get.mutate("text/csv")}>
          CSV
        </Button>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} disabled={isWrong} loading={get.isPending} onClick={() => get.mutate("application/x-ndjson")}>
          NDJSON
        </Button>
      </Group>
    </Panel>
  );
}
