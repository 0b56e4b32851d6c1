import { Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { deletedQuery } from "../api/admin";
import { api, payload } from "../api/client";
import type { Deleted, SyncResult } from "../api/types";
import { useI18n } from "../i18n/i18n";
import type { Column } from "../parts/DataTable";
import { useConfirmed } from "../parts/forms";
import { Page, Panel } from "../parts/Page";
import { PagedTable } from "../parts/PagedTable";
import { Tag } from "../parts/Tag";
import { Time } from "../parts/Time";
import { SpendImport } from "./catalogue/SpendImport";
import { SyncOutcome } from "./catalogue/SyncOutcome";
import { TestOutcome } from "./catalogue/TestOutcome";

const parts: { name: "models" | "groups" | "companies" | "budgets"; run: () => Promise<SyncResult>; touches: string[] }[] = [
  { name: "models", run: () => payload(api.POST("/api/v1/admin/models/sync")).then(({ data }) => data), touches: ["models"] },
  { name: "groups", run: () => payload(api.POST("/api/v1/admin/models/sync-model-group")).then(({ data }) => data), touches: ["models"] },
  { name: "companies", run: () => payload(api.POST("/api/v1/admin/companies/sync")).then(({ data }) => data), touches: ["companies"] },
  { name: "budgets", run: () => payload(api.POST("/api/v1/admin/budgets/sync")).then(({ data }) => data), touches: ["budgets"] },
];

/** What is taken over from LiteLLM: tried, synced part by part, each with its result; and what syncs leave out. */
export default function Sync() {
  const { t } = useI18n();
  const [shown, setShown] = useState<(typeof parts)[number]["name"] | "test" | "spend" | null>(null);
  const part = parts.find(({ name }) => name === shown);
  return (
    <Page title={t("sync.title")}>
      <Text>{t("sync.text")}</Text>
      <Group gap="xs">
        <Button variant="default" onClick={() => setShown("test")}>
          {t("sync.test")}
        </Button>
        {parts.map(({ name }) => (
          <Button key={name} variant="default" onClick={() => setShown(name)}>
            {t(`sync.part.${name}`)}
          </Button>
        ))}
        <Button variant="default" onClick={() => setShown("spend")}>
          {t("sync.part.spend")}
        </Button>
      </Group>
      {shown === "test" && (
        <Panel title={t("sync.test")}>
          <TestOutcome run={() => payload(api.POST("/api/v1/admin/litellm/test-connection", { body: {} })).then(({ data }) => data)} />
        </Panel>
      )}
      {part && (
        <Panel title={t(`sync.part.${part.name}`)}>
          <SyncOutcome key={part.name} run={part.run} touches={part.touches} />
        </Panel>
      )}
      {shown === "spend" && (
        <Panel title={t("sync.part.spend")}>
          <SpendImport />
        </Panel>
      )}
      <HeldOut />
    </Page>
  );
}

function HeldOut() {
  const { t } = useI18n();
  const confirmed = useConfirmed();
  const query = useInfiniteQuery(deletedQuery(null));
  const restore = (row: Deleted) =>
    confirmed({
      title: t("sync.restoreTitle", { name: row.name }),
      text: <Text size="sm">{t("sync.restoreText")}</Text>,
      confirm: t("sync.restore"),
      isDangerous: false,
      run: () => payload(api.POST("/api/v1/admin/deleted/{type}/{id}/restore", { params: { path: { type: row.type, id: row.id } } })),
      done: t("common.saved"),
      touches: ["deleted"],
    });
  const columns: Column<Deleted>[] = [
    { id: "name", header: t("keys.name"), cell: (row) => <span translate="no">{row.name}</span> },
    { id: "type", header: t("audit.entity_type"), cell: (row) => row.type },
    { id: "external", header: t("models.externalId"), cell: (row) => row.external_id ?? "–" },
    {
      id: "state",
      header: t("keys.state"),
      cell: (row) => (row.is_held ? <Tag kind="warn">{t("sync.isHeld")}</Tag> : <Tag kind="good">{t("sync.mayReturn")}</Tag>),
    },
    { id: "deleted", header: t("sync.deletedAt"), cell: (row) => <Time at={row.deleted_at} /> },
    {
      id: "actions",
      header: t("keys.actionsHeader"),
      isHeaderHidden: true,
      cell: (row) =>
        row.is_held && (
          <Button variant="default" size="compact-sm" aria-label={`${t("sync.restore")}: ${row.name}`} onClick={() => restore(row)}>
            {t("sync.restore")}
          </Button>
        ),
    },
  ];
  return (
    <Panel title={t("sync.heldOut")}>
      <Stack gap="xs">
        <PagedTable
          query={query}
          label={t("sync.heldOut")}
          count={(count) => t("sync.heldCount", { count })}
          columns={columns}
          keyOf={(row) => `${row.type} ${row.id}`}
          empty={t("sync.nothingHeld")}
        />
      </Stack>
    </Panel>
  );
}
