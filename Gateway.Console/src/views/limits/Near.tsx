import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { scopes, thresholdsQuery } from "../../api/admin";
import type { HubEvent } from "../../api/types";
import { lastDays } from "../../api/usage";
import { useI18n, type I18n } from "../../i18n/i18n";
import { useFormat } from "../../parts/format";
import { useNow } from "../../parts/now";
import { Panel } from "../../parts/Page";
import { Answer, Empty } from "../../parts/States";
import { Tag } from "../../parts/Tag";
import { Time } from "../../parts/Time";
import { UserName } from "../../parts/UserName";

const days = 31;
const most = 12;

interface Told {
  percent: number;
  max_budget: number;
  spent_budget: number;
  window_start: string;
  budget_id: string;
  mode: string;
}

const toldOf = (event: HubEvent) => event.data as Told;

/** Who came near the cap of a budget, or to it; of each budget what was said last. */
export function Near() {
  const { t } = useI18n();
  const from = lastDays(days, useNow()).from;
  const near = useQuery(thresholdsQuery("budget.threshold", from));
  const spent = useQuery(thresholdsQuery("budget.exhausted", from));
  return (
    <Panel title={t("limits.near")} side={<Link className="link" to="/console/events?type=budget.threshold">{t("nav.events")}</Link>}>
      <Answer query={near}>{(events) => <Answer query={spent}>{(over) => <Rows events={newest([...over, ...events])} />}</Answer>}</Answer>
    </Panel>
  );
}

function newest(events: HubEvent[]): HubEvent[] {
  const seen = new Set<string>();
  return events
    .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
    .filter((event) => {
      const key = `${toldOf(event).budget_id} ${event.scope_id ?? ""}`;
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, most);
}

// Kinds that come later are shown by their own names.
const wordOf = (scope: string | null, t: I18n["t"]) => {
  const known = [...scopes, "end_user" as const].find((name) => name === scope);
  return known ? t(`limits.scope.${known}`) : (scope ?? "");
};

function Rows({ events }: { events: HubEvent[] }) {
  const { t } = useI18n();
  const format = useFormat();
  if (events.length === 0) return <Empty>{t("limits.nobodyNear")}</Empty>;
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t("limits.near")}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("limits.for")}</th>
            <th scope="col">{t("limits.reached")}</th>
            <th scope="col" className="right">
              {t("keys.spent")}
            </th>
            <th scope="col" className="right">
              {t("limits.cap")}
            </th>
            <th scope="col">{t("calls.time")}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => {
            const told = toldOf(event);
            return (
              <tr key={event.id}>
                <td>
                  {event.scope === "user" && event.scope_id ? (
                    <Anchor component={Link} size="sm" to={`/console/users/${event.scope_id}`}>
                      <UserName id={event.scope_id} />
                    </Anchor>
                  ) : (
                    `${wordOf(event.scope, t)} ${event.scope_id ?? ""}`
                  )}
                </td>
                <td>
                  <Tag kind={told.percent >= 100 ? "bad" : "warn"}>{t("limits.percent", { value: told.percent })}</Tag>
                </td>
                <td className="right">{format.usd(told.spent_budget)}</td>
                <td className="right">{format.usd(told.max_budget)}</td>
                <td>
                  <Time at={event.created_at} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
