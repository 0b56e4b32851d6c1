import { Button, Group, Modal, Stack, Text, TextInput, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { auditQuery, type AuditFilter } from "../api/records";
import type { AuditEntry } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { DataTable, type Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { Page } from "../parts/Page";
import { UserPicker } from "../parts/pickers";
import { Failed, Loading } from "../parts/States";
import { Time } from "../parts/Time";
import { UserName } from "../parts/UserName";

const names = ["actor_id", "entity_type", "entity_id", "from", "to"] as const;

/** Who changed what, when and from where, with what stood there before and after. */
export default function Audit() {
  const { t } = useI18n();
  const filters = useFilters();
  const [shown, setShown] = useState<AuditEntry | null>(null);
  const filter: AuditFilter = {};
  for (const name of names) {
    const value = filters.get(name);
    if (value !== null) filter[name] = value;
  }
  const query = useInfiniteQuery(auditQuery(filter));
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  const columns: Column<AuditEntry>[] = [
    { id: "time", header: t("calls.time"), cell: (entry) => <Time at={entry.created_at} /> },
    { id: "actor", header: t("audit.actor"), cell: (entry) => (entry.actor_id ? <UserName id={entry.actor_id} /> : t("common.none")) },
    {
      id: "action",
      header: t("audit.action"),
      cell: (entry) => (
        <button type="button" className="link" onClick={() => setShown(entry)}>
          {entry.action}
        </button>
      ),
    },
    { id: "entity", header: t("audit.entity"), cell: (entry) => `${entry.entity_type} ${entry.entity_id}` },
    { id: "ip", header: t("audit.ip"), cell: (entry) => entry.ip ?? "–" },
  ];
  const text = (name: "entity_type" | "entity_id") => (
    <TextInput label={t(`audit.${name}`)} value={filters.get(name) ?? ""} onChange={(event) => filters.set({ [name]: event.currentTarget.value })} />
  );
  return (
    <Page title={t("audit.title")}>
      <Group align="flex-end" gap="sm" role="search">
        <UserPicker label={t("audit.actor")} value={filters.get("actor_id")} onChange={(id) => filters.set({ actor_id: id })} />
        {text("entity_type")}
        {text("entity_id")}
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
            {t("audit.count", { count: query.data.pages[0]?.total_count ?? 0 })}
          </Text>
          <DataTable
            label={t("audit.title")}
            columns={columns}
            rows={rows}
            keyOf={(entry) => entry.id}
            empty={t("audit.empty")}
            onEnd={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
          />
        </>
      )}
      <Modal opened={shown !== null} onClose={() => setShown(null)} size="lg" title={shown?.action ?? ""} closeButtonProps={{ "aria-label": t("common.close") }}>
        {shown && (
          <Stack>
            <Before title={t("audit.before")} value={shown.before} />
            <Before title={t("audit.after")} value={shown.after} />
          </Stack>
        )}
      </Modal>
    </Page>
  );
}

function Before({ title, value }: { title: string; value: unknown }) {
  const { t } = useI18n();
  return (
    <section aria-label={title}>
      <Title order={3} size="h6">
        {title}
      </Title>
      <pre className="secret">{value === null || value === undefined ? t("common.none") : JSON.stringify(value, null, 2)}</pre>
    </section>
  );
}
