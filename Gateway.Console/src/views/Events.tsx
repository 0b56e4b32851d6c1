import { Button, Group, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { eventsQuery, type EventFilter } from "../api/records";
import type { HubEvent } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { DataTable, type Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { Page } from "../parts/Page";
import { Failed, Loading } from "../parts/States";
import { Tag } from "../parts/Tag";
import { Time } from "../parts/Time";

const names = ["type", "from", "to"] as const;

/** What happened that an operator should hear of: thresholds, exhausted budgets, findings of syncs and of the ledger. */
export default function Events() {
  const { t } = useI18n();
  const filters = useFilters();
  const filter: EventFilter = {};
  for (const name of names) {
    const value = filters.get(name);
    if (value !== null) filter[name] = value;
  }
  const query = useInfiniteQuery(eventsQuery(filter));
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  const columns: Column<HubEvent>[] = [
    { id: "time", header: t("calls.time"), cell: (event) => <Time at={event.created_at} /> },
    { id: "type", header: t("events.type"), cell: (event) => event.type },
    { id: "scope", header: t("events.scope"), cell: (event) => [event.scope, event.scope_id].filter(Boolean).join(" ") || "–" },
    { id: "data", header: t("common.details"), cell: (event) => <code>{JSON.stringify(event.data)}</code> },
    {
      id: "sent",
      header: t("events.delivered"),
      cell: (event) =>
        event.delivered_at ? (
          <Time at={event.delivered_at} />
        ) : (
          <Tag kind={event.delivery_attempts > 0 ? "warn" : "plain"}>{t("events.tries", { count: event.delivery_attempts })}</Tag>
        ),
    },
  ];
  return (
    <Page title={t("events.title")}>
      <Group align="flex-end" gap="sm" role="search">
        <TextInput label={t("events.type")} placeholder="budget.exhausted" value={filters.get("type") ?? ""} onChange={(event) => filters.set({ type: event.currentTarget.value })} />
        <TextInput type="date" label={`${t("common.from")} (UTC)`} value={filters.get("from") ?? ""} onChange={(event) => filters.set({ from: event.currentTarget.value })} />
        <TextInput type="date" label={`${t("common.to")} (UTC)`} value={filters.get("to") ?? ""} onChange={(event) => filters.set({ to: event.currentTarget.value })} />
        {filters.isAny && (
          <Button variant="default" onClick={filters.clear}>
            {t("common.clear")}
          </Button>
        )}
      </Group>
      {query.error && rows.length === 0 ? (
        <Failed error={query.error} again={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Loading />
      ) : (
        <>
          <Text size="sm" c="dimmed" role="status">
            {t("events.count", { count: query.data.pages[0]?.total_count ?? 0 })}
          </Text>
          <DataTable
            label={t("events.title")}
            columns={columns}
            rows={rows}
            keyOf={(event) => event.id}
            empty={t("events.empty")}
            onEnd={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
          />
        </>
      )}
    </Page>
  );
}
