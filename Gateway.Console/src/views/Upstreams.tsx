import { Anchor, Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { upstreamsQuery } from "../api/admin";
import { api, payload } from "../api/client";
import type { SyncResult, Upstream } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { DataTable, type Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { Dialog, useConfirmed } from "../parts/forms";
import { Page, Panel } from "../parts/Page";
import { RowMenu } from "../parts/RowMenu";
import { Answer } from "../parts/States";
import { Tag } from "../parts/Tag";
import { SyncOutcome } from "./catalogue/SyncOutcome";
import { TestOutcome } from "./catalogue/TestOutcome";
import { UpstreamForm } from "./catalogue/UpstreamForm";

/** Where calls go: addresses, keys, shares; tried and synced from here. */
export default function Upstreams() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const confirmed = useConfirmed();
  const query = useQuery(upstreamsQuery);
  const [edited, setEdited] = useState<Upstream | null>(null);
  const [tested, setTested] = useState<Upstream | null>(null);
  const [synced, setSynced] = useState<Upstream | null>(null);
  const path = (upstream: Upstream) => ({ params: { path: { id: upstream.id } } });
  const remove = (upstream: Upstream) =>
    confirmed({
      title: t("upstreams.deleteTitle", { name: upstream.name }),
      text: <Text size="sm">{t("upstreams.deleteText")}</Text>,
      confirm: t("upstreams.delete"),
      run: () => payload(api.DELETE("/api/v1/admin/upstreams/{id}", path(upstream))),
      done: t("upstreams.deleted", { name: upstream.name }),
      touches: ["upstreams"],
    });
  const switchTo = (upstream: Upstream, isEnabled: boolean) =>
    confirmed({
      title: t(isEnabled ? "upstreams.enableTitle" : "upstreams.disableTitle", { name: upstream.name }),
      text: <Text size="sm">{t(isEnabled ? "upstreams.enableText" : "upstreams.disableText")}</Text>,
      confirm: t(isEnabled ? "upstreams.enable" : "upstreams.disable"),
      isDangerous: !isEnabled,
      run: () => payload(api.PATCH("/api/v1/admin/upstreams/{id}", { ...path(upstream), body: { is_enabled: isEnabled } })),
      done: t("common.saved"),
      touches: ["upstreams"],
    });
  const columns: Column<Upstream>[] = [
    { id: "name", header: t("keys.name"), cell: (upstream) => upstream.name },
    { id: "kind", header: t("upstreams.kind"), cell: (upstream) => upstream.kind },
    { id: "state", header: t("keys.state"), cell: (upstream) => <State upstream={upstream} /> },
    { id: "url", header: t("upstreams.url"), cell: (upstream) => upstream.base_url },
    { id: "key", header: t("keys.key"), cell: (upstream) => t(upstream.has_api_key ? "common.yes" : "common.no") },
    { id: "priority", header: t("upstreams.priority"), isFigure: true, cell: (upstream) => format.whole(upstream.priority) },
    { id: "weight", header: t("upstreams.weight"), isFigure: true, cell: (upstream) => format.whole(upstream.weight) },
    { id: "models", header: t("models.title"), isFigure: true, cell: (upstream) => format.whole(upstream.models_count) },
    { id: "sync", header: t("upstreams.syncs"), cell: (upstream) => t(upstream.sync_models ? "common.yes" : "common.no") },
    { id: "environment", header: t("upstreams.environment"), cell: (upstream) => upstream.from_environment.join(", ") || "–" },
    {
      id: "actions",
      header: t("keys.actionsHeader"),
      isHeaderHidden: true,
      cell: (upstream) => (
        <RowMenu
          label={t("keys.actions", { name: upstream.name })}
          items={[
            { label: t("upstreams.test"), onClick: () => setTested(upstream) },
            { label: t("upstreams.sync"), onClick: () => setSynced(upstream) },
            { label: t("keys.edit"), onClick: () => setEdited(upstream) },
            {
              label: t(upstream.is_enabled ? "upstreams.disable" : "upstreams.enable"),
              onClick: () => switchTo(upstream, !upstream.is_enabled),
            },
            { label: t("common.delete"), onClick: () => remove(upstream) },
          ]}
        />
      ),
    },
  ];
  const close = () => filters.set({ new: null });
  return (
    <Page
      title={t("upstreams.title")}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => filters.set({ new: "1" })}>
          {t("upstreams.create")}
        </Button>
      }
    >
      <Answer query={query}>
        {(upstreams) => (
          <DataTable label={t("upstreams.title")} columns={columns} rows={upstreams} keyOf={(upstream) => upstream.id} empty={t("upstreams.empty")} />
        )}
      </Answer>
      <Group>
        <Anchor component={Link} to="/console/sync">
          {t("upstreams.toSync")}
        </Anchor>
      </Group>
      {tested && (
        <Panel title={t("upstreams.testOf", { name: tested.name })}>
          <TestOutcome key={tested.id} run={() => payload(api.POST("/api/v1/admin/upstreams/{id}/test", path(tested))).then(({ data }) => data)} />
        </Panel>
      )}
      {synced && (
        <Panel title={t("upstreams.syncOf", { name: synced.name })}>
          <SyncOutcome
            key={synced.id}
            run={(): Promise<SyncResult> => payload(api.POST("/api/v1/admin/upstreams/{id}/sync", path(synced))).then(({ data }) => data)}
            touches={["upstreams", "models"]}
          />
        </Panel>
      )}
      <Dialog title={t("upstreams.create")} isOpen={filters.get("new") !== null} onClose={close}>
        <UpstreamForm
          onDone={(made) => {
            close();
            setTested(made);
          }}
        />
      </Dialog>
      <Dialog title={t("keys.editTitle", { name: edited?.name ?? "" })} isOpen={edited !== null} onClose={() => setEdited(null)}>
        {edited && <UpstreamForm edited={edited} onDone={() => setEdited(null)} />}
      </Dialog>
    </Page>
  );
}

function State({ upstream }: { upstream: Upstream }) {
  const { t } = useI18n();
  if (!upstream.is_enabled) return <Tag kind="plain">{t("upstreams.disabled")}</Tag>;
  if (upstream.problem) return <Tag kind="bad">{upstream.problem}</Tag>;
  return upstream.is_in_force ? <Tag kind="good">{t("upstreams.inForce")}</Tag> : <Tag kind="warn">{t("upstreams.notInForce")}</Tag>;
}
