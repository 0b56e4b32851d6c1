import { Button, Grid, Group, SegmentedControl, Select, SimpleGrid, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { raw } from "../api/client";
import type { UsageReport, UsageRow } from "../api/types";
import { daysOf, isLabel, lastDays, spanBefore, splits, usageQuery, type Span, type Split, type UsageFilter } from "../api/usage";
import { useI18n, type TextKey } from "../i18n/i18n";
import { DataTable, type Column } from "../parts/DataTable";
import { download } from "../parts/download";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { useNow } from "../parts/now";
import { LazyChart } from "../parts/LazyChart";
import { Figure, Page, Panel } from "../parts/Page";
import { Answer, wordsOf } from "../parts/States";

const measures = ["total_cost", "requests", "total_tokens", "failed_requests"] as const;
type Measure = (typeof measures)[number];

const measureText: Record<Measure, TextKey> = {
  total_cost: "figure.spend",
  requests: "figure.calls",
  total_tokens: "figure.tokens",
  failed_requests: "figure.errors",
};
const presets = ["1", "7", "30", "90"] as const;
const defaultDays = 30;
const mostRows = 200;

// What a row is a group of, by what it was split by.
const groupOf: Record<Split, (row: UsageRow) => { id: string | null; name: string | null }> = {
  model: (row) => ({ id: row.model_id, name: row.model }),
  user: (row) => ({ id: row.user_id, name: row.user_email }),
  key: (row) => ({ id: row.api_key_id, name: row.api_key_name }),
  team: (row) => ({ id: row.team_id, name: row.team }),
  tier: (row) => ({ id: row.tier_id, name: row.tier }),
  tag: (row) => ({ id: row.tag, name: row.tag }),
  end_user: (row) => ({ id: row.end_user, name: row.end_user }),
};
const filterOf = {
  model: "model_id",
  user: "user_id",
  key: "api_key_id",
  team: "team_id",
  tier: "tier_id",
  tag: "tag",
  end_user: "end_user",
} as const;

// What is asked next about the one that was chosen.
const nextOf = (by: Split, present: Split[]): Split =>
  by === "user" ? (present.find(isLabel) ?? "model") : by === "model" || isLabel(by) ? "user" : "model";

// Filters that do not go with what was chosen last: sums by label know days and users alone.
function cleared(by: Split, newest: Split, present: Split[]) {
  const label = [newest, by].find(isLabel) ?? (by === "user" && newest === "user" ? present.find(isLabel) : undefined);
  const gone = splits.filter((split) => (label ? split !== "user" && split !== label : isLabel(split)));
  return Object.fromEntries(gone.map((split) => [filterOf[split], null]));
}

/** What was used and spent, by whom and on what, beside the period before. */
export default function Usage() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const now = useNow();
  const by = splits.find((split) => split === filters.get("by")) ?? "model";
  const measure = measures.find((known) => known === filters.get("measure")) ?? "total_cost";
  const [from, to] = [filters.get("from"), filters.get("to")];
  const days = Number(presets.find((preset) => preset === filters.get("days")) ?? defaultDays);
  const span: Span = from && to && from <= to ? { from, to } : lastDays(days, now);
  const filter: UsageFilter = {};
  for (const split of splits) {
    const id = filters.get(filterOf[split]);
    if (id !== null) filter[filterOf[split]] = id;
  }
  const present = splits.filter((split) => filter[filterOf[split]] !== undefined);
  const before = spanBefore(span);
  const groups = useQuery(usageQuery(by, span, filter, mostRows));
  const groupsBefore = useQuery(usageQuery(by, before, filter, mostRows));
  const perDay = useQuery(usageQuery("day", span, filter, mostRows));
  const perDayBefore = useQuery(usageQuery("day", before, filter, mostRows));
  const show = (value: number) => (measure === "total_cost" ? format.usd(value) : format.whole(value));

  const csv = useMutation({
    mutationFn: async () => {
      const query = new URLSearchParams({ group_by: by, ...span, ...filter });
      const answer = await raw(`/api/v1/admin/usage?${query}`, { headers: { Accept: "text/csv" } });
      download(await answer.blob(), `usage-by-${by}-${span.from}-${span.to}.csv`);
    },
    onSuccess: () => notifications.show({ message: t("usage.csvDone") }),
    onError: (error) => notifications.show({ color: "red", message: wordsOf(error, t) }),
  });

  return (
    <Page
      title={t("usage.title")}
      actions={
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={csv.isPending} onClick={() => csv.mutate()}>
          {t("usage.csv")}
        </Button>
      }
    >
      <Group align="flex-end" gap="sm" role="search">
        <SegmentedControl
          aria-label={t("usage.period")}
          value={from && to ? "" : String(days)}
          onChange={(value) => filters.set({ days: value, from: null, to: null })}
          data={presets.map((value) => ({ value, label: t(`usage.period.${value}`) }))}
        />
        <TextInput
          type="date"
          label={`${t("common.from")} (UTC)`}
          value={span.from}
          max={span.to}
          onChange={(event) => filters.set({ from: event.currentTarget.value, to: span.to })}
        />
        <TextInput
          type="date"
          label={`${t("common.to")} (UTC)`}
          value={span.to}
          min={span.from}
          onChange={(event) => filters.set({ from: span.from, to: event.currentTarget.value })}
        />
      </Group>
      <Group gap="sm" align="flex-end">
        <Select
          label={t("usage.by")}
          value={by}
          allowDeselect={false}
          onChange={(value) => filters.set({ ...cleared(value as Split, value as Split, present), by: value })}
          data={splits.map((value) => ({ value, label: t(`usage.by.${value}`) }))}
        />
        <SegmentedControl
          aria-label={t("usage.measure")}
          value={measure}
          onChange={(value) => filters.set({ measure: value })}
          data={measures.map((value) => ({ value, label: t(measureText[value]) }))}
        />
      </Group>
      <Chosen filter={filter} names={groups.data} onRemove={(name) => filters.set({ [name]: null })} />
      <Answer query={perDay}>
        {({ totals, usage }) => (
          <>
            <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
              {measures.map((name) => (
                <Figure
                  key={name}
                  label={t(measureText[name])}
                  value={name === "total_cost" ? format.usd(totals[name]) : format.whole(totals[name])}
                  {...(perDayBefore.data && {
                    note: t("figure.before", {
                      value: name === "total_cost" ? format.usd(perDayBefore.data.totals[name]) : format.whole(perDayBefore.data.totals[name]),
                    }),
                  })}
                />
              ))}
            </SimpleGrid>
            <Panel title={t("usage.chart", { measure: t(measureText[measure]) })}>
              <LazyChart
                label={t("usage.chart", { measure: t(measureText[measure]) })}
                format={show}
                series={[
                  { name: "now", label: t("usage.now"), kind: "main" },
                  { name: "past", label: t("usage.past"), kind: "past" },
                ]}
                points={points(usage, perDayBefore.data?.usage ?? [], span, before, measure, format.shortDay)}
              />
            </Panel>
          </>
        )}
      </Answer>
      <Grid>
        <Grid.Col span={12}>
          <Answer query={groups}>
            {(report) => (
              <Groups
                by={by}
                report={report}
                before={groupsBefore.data}
                onChoose={(id) => {
                  const next = nextOf(by, present);
                  filters.set({ ...cleared(next, by, present), [filterOf[by]]: id, by: next });
                }}
              />
            )}
          </Answer>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

// Both periods on one axis: day by day from their beginnings.
function points(
  now: UsageRow[],
  past: UsageRow[],
  span: Span,
  before: Span,
  measure: Measure,
  label: (day: string) => string,
) {
  const of = (rows: UsageRow[], day: string | undefined) => rows.find((row) => row.day === day)?.[measure] ?? 0;
  const pastDays = daysOf(before);
  return daysOf(span).map((day, index) => ({ at: label(day), values: { now: of(now, day), past: of(past, pastDays[index]) } }));
}

function Chosen({ filter, names, onRemove }: { filter: UsageFilter; names: UsageReport | undefined; onRemove: (name: string) => void }) {
  const { t } = useI18n();
  const chosen = splits.filter((split) => filter[filterOf[split]] !== undefined);
  if (chosen.length === 0) return null;
  return (
    <Group gap="xs">
      {chosen.map((split) => {
        const id = filter[filterOf[split]] ?? "";
        const row = names?.usage.find((u) => groupOf[split](u).id === id);
        const name = (row && groupOf[split](row).name) ?? id;
        return (
          <Button
            key={split}
            variant="default"
            size="compact-sm"
            rightSection={<IconX size={14} aria-hidden />}
            aria-label={`${t("usage.filteredBy", { what: t(`usage.by.${split}`), name })}. ${t("usage.removeFilter", { name })}`}
            onClick={() => onRemove(filterOf[split])}
          >
            {t("usage.filteredBy", { what: t(`usage.by.${split}`), name })}
          </Button>
        );
      })}
    </Group>
  );
}

function Groups({
  by,
  report,
  before,
  onChoose,
}: {
  by: Split;
  report: UsageReport;
  before: UsageReport | undefined;
  onChoose: (id: string) => void;
}) {
  const { t } = useI18n();
  const format = useFormat();
  const past = (row: UsageRow) => before?.usage.find((other) => groupOf[by](other).id === groupOf[by](row).id)?.total_cost ?? 0;
  const columns: Column<UsageRow>[] = [
    {
      id: "name",
      header: t(`usage.by.${by}`),
      cell: (row) => {
        const { id, name } = groupOf[by](row);
        const shown = name ?? id ?? t(isLabel(by) ? "usage.folded" : "usage.unnamed");
        return id === null ? (
          shown
        ) : (
          <button type="button" className="link" aria-label={t("usage.only", { name: shown })} onClick={() => onChoose(id)}>
            {shown}
          </button>
        );
      },
    },
    { id: "cost", header: t("figure.spend"), isFigure: true, cell: (row) => format.usd(row.total_cost) },
    { id: "past", header: t("usage.past"), isFigure: true, cell: (row) => format.usd(past(row)) },
    {
      id: "share",
      header: t("figure.share"),
      isFigure: true,
      cell: (row) => format.percent(report.totals.total_cost === 0 ? 0 : row.total_cost / report.totals.total_cost),
    },
    { id: "calls", header: t("figure.calls"), isFigure: true, cell: (row) => format.whole(row.requests) },
    { id: "failed", header: t("figure.errors"), isFigure: true, cell: (row) => format.whole(row.failed_requests) },
    { id: "input", header: t("figure.inputTokens"), isFigure: true, cell: (row) => format.whole(row.input_tokens) },
    { id: "output", header: t("figure.outputTokens"), isFigure: true, cell: (row) => format.whole(row.output_tokens) },
  ];
  const title = t("usage.table", { what: t(`usage.by.${by}`) });
  return (
    <Panel title={title} side={report.has_more ? t("common.of", { shown: report.usage.length, total: report.total_count }) : undefined}>
      {by === "tag" && (
        <Text size="sm" mb="xs">
          {t("usage.tagsNote")}
        </Text>
      )}
      <DataTable label={title} columns={columns} rows={report.usage} keyOf={(row) => groupOf[by](row).id ?? ""} empty={t("usage.empty")} />
    </Panel>
  );
}
