import { Anchor, Grid, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { callsQuery } from "../api/calls";
import type { UsageRow } from "../api/types";
import { daysOf, lastDays, usageQuery, type Span } from "../api/usage";
import { useI18n } from "../i18n/i18n";
import { CallTable } from "../parts/CallTable";
import { useFormat } from "../parts/format";
import { useNow } from "../parts/now";
import { LazyChart } from "../parts/LazyChart";
import { Figure, Page, Panel } from "../parts/Page";
import { Answer, Empty } from "../parts/States";
import { isAdmin, useUser } from "../session/session";

const liveSeconds = 5;
const live = { refetchInterval: liveSeconds * 1000 };
// Who spent most in a month changes slowly, and is added up over all users.
const slow = { refetchInterval: 60_000, staleTime: 60_000 };
const hourMs = 3_600_000;
const recentCalls = 100;

const hourOf = (time: number) => new Date(Math.floor(time / hourMs) * hourMs).toISOString().replace(".000", "");

/** The operator's first look: what goes through, what it costs, what fails, how long it takes. */
export default function Overview() {
  const { t } = useI18n();
  const mayBegin = isAdmin(useUser());
  const month = lastDays(30, useNow());
  const days = useQuery({ ...usageQuery("day", month), ...live });
  return (
    <Page
      title={t("overview.title")}
      actions={
        <Text size="sm" c="dimmed">
          {t("overview.live", { seconds: liveSeconds })}
        </Text>
      }
    >
      {mayBegin && days.data?.usage.length === 0 && (
        <Text>
          <Anchor component={Link} to="/console/setup">
            {t("setup.hint")}
          </Anchor>
        </Text>
      )}
      <Answer query={days}>{({ usage }) => <Today days={usage} />}</Answer>
      <Grid>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Hours />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Panel title={t("overview.days")} side={<Link className="link" to="/console/usage">{t("overview.all")}</Link>}>
            <Answer query={days}>{({ usage }) => <Days days={usage} span={month} />}</Answer>
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Top title={t("overview.models")} by="model" span={month} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Top title={t("overview.users")} by="user" span={month} />
        </Grid.Col>
      </Grid>
      <Recent />
    </Page>
  );
}

function Today({ days }: { days: UsageRow[] }) {
  const { t } = useI18n();
  const format = useFormat();
  const [yesterday, today] = daysOf(lastDays(2, useNow())).map((day) => days.find((row) => row.day === day));
  const [calls, failed] = [today?.requests ?? 0, today?.failed_requests ?? 0];
  return (
    <Stack gap="xs" component="section" aria-label={t("overview.today")}>
      <Text size="sm" c="dimmed">
        {t("overview.today")}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        <Figure
          label={t("figure.calls")}
          value={format.whole(calls)}
          note={t("figure.yesterday", { value: format.whole(yesterday?.requests ?? 0) })}
        />
        <Figure
          label={t("figure.spend")}
          value={format.usd(today?.total_cost ?? 0)}
          note={t("figure.yesterday", { value: format.usd(yesterday?.total_cost ?? 0) })}
        />
        <Figure
          label={t("figure.errors")}
          value={format.whole(failed)}
          note={t("figure.failedShare", { value: format.percent(calls === 0 ? 0 : failed / calls) })}
        />
        <Latency />
      </SimpleGrid>
    </Stack>
  );
}

// Of the calls that ended well: how long a refusal takes says nothing about models.
function Latency() {
  const { t } = useI18n();
  const format = useFormat();
  const { data } = useQuery({ ...callsQuery({}, recentCalls), ...live });
  const took = (data?.data ?? [])
    .filter((call) => call.status === "completed")
    .map((call) => Date.parse(call.end_time) - Date.parse(call.start_time))
    .sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  return (
    <Figure
      label={t("figure.latency")}
      value={took.length === 0 ? "–" : format.ms(at(0.5))}
      note={t("figure.latencySlow", { value: format.ms(at(0.95)), count: took.length })}
    />
  );
}

function Hours() {
  const { t } = useI18n();
  const format = useFormat();
  const now = useNow();
  const hours = Array.from({ length: 24 }, (_, index) => hourOf(now - (23 - index) * hourMs));
  const query = useQuery({ ...usageQuery("hour", { from: hours[0] ?? "", to: hourOf(now + hourMs) }), ...live });
  return (
    <Panel title={t("overview.hours")}>
      <Answer query={query}>
        {({ usage }) => (
          <LazyChart
            label={t("overview.hours")}
            format={format.whole}
            series={[
              { name: "calls", label: t("figure.calls"), kind: "main" },
              { name: "failed", label: t("figure.errors"), kind: "bad" },
            ]}
            points={hours.map((hour) => {
              const row = usage.find((u) => u.hour !== null && Date.parse(u.hour) === Date.parse(hour));
              return { at: format.clock(hour), values: { calls: row?.requests ?? 0, failed: row?.failed_requests ?? 0 } };
            })}
          />
        )}
      </Answer>
    </Panel>
  );
}

function Days({ days, span }: { days: UsageRow[]; span: Span }) {
  const { t } = useI18n();
  const format = useFormat();
  return (
    <LazyChart
      label={t("overview.days")}
      format={format.usd}
      series={[{ name: "cost", label: t("figure.spend"), kind: "main" }]}
      points={daysOf(span).map((day) => ({
        at: format.shortDay(day),
        values: { cost: days.find((row) => row.day === day)?.total_cost ?? 0 },
      }))}
    />
  );
}

function Top({ title, by, span }: { title: string; by: "model" | "user"; span: Span }) {
  const { t } = useI18n();
  const format = useFormat();
  const query = useQuery({ ...usageQuery(by, span, {}, 8), ...slow });
  const nameOf = (row: UsageRow) => (by === "model" ? row.model : row.user_email) ?? t("usage.unnamed");
  const idOf = (row: UsageRow) => (by === "model" ? row.model_id : row.user_id) ?? "";
  return (
    <Panel title={title} side={<Link className="link" to={`/console/usage?by=${by}`}>{t("overview.all")}</Link>}>
      <Answer query={query}>
        {({ usage, totals }) =>
          usage.length === 0 ? (
            <Empty>{t("overview.empty")}</Empty>
          ) : (
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">{t(`usage.by.${by}`)}</th>
                  <th scope="col" className="right">
                    {t("figure.calls")}
                  </th>
                  <th scope="col" className="right">
                    {t("figure.spend")}
                  </th>
                  <th scope="col" className="right">
                    {t("figure.share")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {usage.map((row) => (
                  <tr key={idOf(row)}>
                    <td>
                      <Anchor component={Link} size="sm" to={`/console/calls?${by}_id=${encodeURIComponent(idOf(row))}`}>
                        {nameOf(row)}
                      </Anchor>
                    </td>
                    <td className="right">{format.whole(row.requests)}</td>
                    <td className="right">{format.usd(row.total_cost)}</td>
                    <td className="right">{format.percent(totals.total_cost === 0 ? 0 : row.total_cost / totals.total_cost)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
    </Panel>
  );
}

function Recent() {
  const { t } = useI18n();
  const query = useQuery({ ...callsQuery({}, recentCalls), ...live });
  return (
    <Panel title={t("overview.recent")} side={<Link className="link" to="/console/calls">{t("overview.all")}</Link>}>
      <Answer query={query}>{({ data }) => <CallTable label={t("overview.recent")} calls={data.slice(0, 10)} isOperators />}</Answer>
    </Panel>
  );
}
