import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { healthQuery, inFlightQuery, nodeQuery } from "../api/node";
import type { CallInFlight } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { DataTable, type Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { useNow } from "../parts/now";
import { Facts, Page, Panel } from "../parts/Page";
import { ModelPicker, UserPicker } from "../parts/pickers";
import { Answer } from "../parts/States";
import { Tag } from "../parts/Tag";
import { Time } from "../parts/Time";
import { UserName } from "../parts/UserName";

const phases = { admitted: "plain", sent: "warn", answering: "good" } as const;
const seconds = 2;

/** Calls that have not ended, with what they hold; and the process that serves them. */
export default function Live() {
  const { t } = useI18n();
  return (
    <Page
      title={t("live.title")}
      actions={
        <Text size="sm" c="dimmed">
          {t("overview.live", { seconds })}
        </Text>
      }
    >
      <Node />
      <InFlight />
    </Page>
  );
}

function Node() {
  const { t } = useI18n();
  const format = useFormat();
  const query = useQuery(nodeQuery);
  const health = useQuery({ ...healthQuery, retry: false });
  return (
    <Panel
      title={t("live.node")}
      side={
        <Tag kind={health.data?.status === "ok" ? "good" : health.error ? "bad" : "plain"}>
          {health.data?.status ?? t(health.error ? "live.unhealthy" : "state.loading")}
        </Tag>
      }
    >
      <Answer query={query}>
        {(node) => (
          <Facts
            rows={[
              [t("keys.name"), node.name],
              [t("live.version"), node.version],
              [t("live.role"), node.role],
              [t("live.database"), `${node.database}${health.data ? ` (${health.data.checks.database})` : ""}`],
              [t("live.upstream"), health.data?.checks.litellm ?? "–"],
              [t("live.started"), <Time key="started" at={node.started_at} />],
              [
                t("live.pays"),
                <Tag key="pays" kind={node.pays_from_budgets ? "good" : node.serves_traffic ? "bad" : "plain"}>
                  {t(node.pays_from_budgets ? "live.paysYes" : node.serves_traffic ? "live.paysNo" : "live.managesOnly")}
                </Tag>,
              ],
              [t("live.calls"), format.whole(node.calls_in_flight)],
              [t("live.holds"), format.whole(node.open_holds)],
              [t("live.held"), format.usd(node.held_cost)],
              [t("live.unwritten"), format.whole(node.unwritten_calls)],
              [t("live.policy"), format.whole(node.policy_revision)],
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}

function InFlight() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const now = useNow();
  const [userId, modelId] = [filters.get("user_id"), filters.get("model_id")];
  const query = useQuery(inFlightQuery({ ...(userId && { user_id: userId }), ...(modelId && { model_id: modelId }) }));
  const columns: Column<CallInFlight>[] = [
    { id: "id", header: t("calls.id"), cell: (call) => <code>{call.id}</code> },
    { id: "since", header: t("live.since"), isFigure: true, cell: (call) => format.ms(Math.max(0, now - Date.parse(call.start_time))) },
    { id: "user", header: t("calls.user"), cell: (call) => <UserName id={call.user_id} /> },
    { id: "model", header: t("calls.model"), cell: (call) => call.model_name },
    {
      id: "phase",
      header: t("keys.state"),
      cell: (call) => {
        const phase = call.phase === "answering" || call.phase === "sent" ? call.phase : "admitted";
        return <Tag kind={phases[phase]}>{t(`live.phase.${phase}`)}</Tag>;
      },
    },
    { id: "upstream", header: t("live.sentTo"), cell: (call) => call.upstream ?? "–" },
    { id: "attempts", header: t("call.attempts"), isFigure: true, cell: (call) => format.whole(call.attempts) },
    { id: "held", header: t("limits.held"), isFigure: true, cell: (call) => format.usd(call.held_cost) },
    {
      id: "holds",
      header: t("live.heldIn"),
      cell: (call) => call.holds.map((hold) => t(`live.scope.${scopeOf(hold.scope)}`)).join(", ") || t("common.none"),
    },
    { id: "api", header: t("call.api"), cell: (call) => `${call.call_type}${call.is_stream ? `, ${t("call.stream")}` : ""}` },
  ];
  return (
    <Panel title={t("live.inFlight")} side={query.data && <Text size="sm">{t("calls.count", { count: query.data.total_count })}</Text>}>
      <Group align="flex-end" gap="sm" role="search" mb="sm">
        <UserPicker value={userId} onChange={(id) => filters.set({ user_id: id })} />
        <ModelPicker value={modelId} onChange={(id) => filters.set({ model_id: id })} />
      </Group>
      <Answer query={query}>
        {({ data }) => <DataTable label={t("live.inFlight")} columns={columns} rows={data} keyOf={(call) => call.id} empty={t("live.nothing")} />}
      </Answer>
    </Panel>
  );
}

const heldIn = ["user", "team", "api_key", "tier", "balance"] as const;
const scopeOf = (scope: string) => heldIn.find((known) => known === scope) ?? "user";
