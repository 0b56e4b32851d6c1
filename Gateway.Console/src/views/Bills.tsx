import { Button, Group, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { billQuery, ownTransactionsQuery } from "../api/own";
import { raw } from "../api/client";
import type { Bill } from "../api/types";
import { dateOf } from "../api/usage";
import { useI18n } from "../i18n/i18n";
import { DataTable, type Column } from "../parts/DataTable";
import { download } from "../parts/download";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { useNow } from "../parts/now";
import { Figure, Page, Panel } from "../parts/Page";
import { Answer, wordsOf } from "../parts/States";
import { TransactionTable } from "./people/TransactionTable";

type Line = Bill["lines"][number];

/** What a month cost the caller, by day and model, to read and to keep; and the money that came and went. */
export default function Bills() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const present = dateOf(useNow()).slice(0, "2026-11".length);
  const month = filters.get("month") ?? present;
  const query = useQuery({ ...billQuery(month), enabled: /^\d{4}-\d\d$/.test(month) });
  const money = useInfiniteQuery(ownTransactionsQuery);
  const csv = useMutation({
    mutationFn: async () => {
      const answer = await raw(`/api/v1/users/me/bill?month=${month}`, { headers: { Accept: "text/csv" } });
      download(await answer.blob(), `bill-${month}.csv`);
    },
    onSuccess: () => notifications.show({ message: t("usage.csvDone") }),
    onError: (error) => notifications.show({ color: "red", message: wordsOf(error, t) }),
  });
  const columns: Column<Line>[] = [
    { id: "day", header: t("bills.day"), cell: (line) => format.day(line.day) },
    { id: "model", header: t("calls.model"), cell: (line) => line.model ?? t("usage.unnamed") },
    { id: "calls", header: t("figure.calls"), isFigure: true, cell: (line) => format.whole(line.requests) },
    { id: "input", header: t("figure.inputTokens"), isFigure: true, cell: (line) => format.whole(line.input_tokens) },
    { id: "output", header: t("figure.outputTokens"), isFigure: true, cell: (line) => format.whole(line.output_tokens) },
    { id: "cost", header: t("calls.cost"), isFigure: true, cell: (line) => format.usdExact(line.total_cost) },
  ];
  return (
    <Page
      title={t("bills.title")}
      actions={
        <>
          <Button variant="default" onClick={() => print()}>
            {t("bills.print")}
          </Button>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={csv.isPending} onClick={() => csv.mutate()}>
            {t("usage.csv")}
          </Button>
        </>
      }
    >
      <Group align="flex-end">
        <TextInput
          type="month"
          label={`${t("bills.month")} (UTC)`}
          value={month}
          max={present}
          onChange={(event) => filters.set({ month: event.currentTarget.value })}
        />
      </Group>
      <Answer query={query}>
        {(bill) => (
          <Stack>
            <Figure label={t("bills.total", { month: bill.month })} value={format.usdExact(bill.total_cost)} note={t("calls.count", { count: bill.requests })} />
            <DataTable
              label={t("bills.lines")}
              columns={columns}
              rows={bill.lines}
              keyOf={(line) => `${line.day} ${line.model ?? ""}`}
              empty={t("bills.empty")}
            />
          </Stack>
        )}
      </Answer>
      <Panel title={t("money.transactions")}>
        <TransactionTable query={money} hasUser={false} mayEnd={false} />
      </Panel>
    </Page>
  );
}
