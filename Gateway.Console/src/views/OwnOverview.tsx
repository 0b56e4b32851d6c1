import { Grid, Progress, SegmentedControl, SimpleGrid, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { callPagesQuery } from "../api/calls";
import { ownBudgetQuery, ownStatsQuery, periods, type Period } from "../api/own";
import type { OwnBudget } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { CallTable } from "../parts/CallTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { LazyChart } from "../parts/LazyChart";
import { Facts, Figure, Page, Panel } from "../parts/Page";
import { Answer, Empty } from "../parts/States";
import { Time } from "../parts/Time";
import { useUser } from "../session/session";

const newest = 10;

/** What the caller used and may still use. */
export default function OwnOverview() {
  const { t } = useI18n();
  const format = useFormat();
  const user = useUser();
  const filters = useFilters();
  const period: Period = periods.find((known) => known === filters.get("period")) ?? "month";
  const stats = useQuery(ownStatsQuery(period));
  const budget = useQuery(ownBudgetQuery);
  const calls = useInfiniteQuery(callPagesQuery("own", {}));
  return (
    <Page
      title={t("own.title")}
      actions={
        <SegmentedControl
          aria-label={t("own.period")}
          value={period}
          onChange={(value) => filters.set({ period: value })}
          data={periods.map((value) => ({ value, label: t(`own.period.${value}`) }))}
        />
      }
    >
      <Answer query={stats}>
        {(used) => (
          <Stack gap="md">
            <SimpleGrid cols={{ base: 1, xs: 3 }}>
              <Figure label={t("figure.calls")} value={format.whole(used.request_count)} />
              <Figure label={t("figure.spend")} value={format.usd(used.total_cost)} />
              <Figure label={t("figure.tokens")} value={format.whole(used.total_tokens)} />
            </SimpleGrid>
            <Grid>
              <Grid.Col span={{ base: 12, lg: 6 }}>
                <Panel title={t("own.days")}>
                  <LazyChart
                    label={t("own.days")}
                    format={format.usd}
                    series={[{ name: "cost", label: t("figure.spend"), kind: "main" }]}
                    points={used.by_day.map((day) => ({ at: format.shortDay(day.date), values: { cost: day.cost } }))}
                  />
                </Panel>
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 6 }}>
                <Panel title={t("own.models")}>
                  {used.by_model.length === 0 ? (
                    <Empty>{t("usage.empty")}</Empty>
                  ) : (
                    <table className="plain">
                      <thead>
                        <tr>
                          <th scope="col">{t("calls.model")}</th>
                          <th scope="col" className="right">
                            {t("figure.calls")}
                          </th>
                          <th scope="col" className="right">
                            {t("figure.tokens")}
                          </th>
                          <th scope="col" className="right">
                            {t("figure.spend")}
                          </th>
                        </tr>
                      </thead>
                      <tbody>
                        {used.by_model.map((row) => (
                          <tr key={row.model}>
                            <td>{row.model}</td>
                            <td className="right">{format.whole(row.requests)}</td>
                            <td className="right">{format.whole(row.tokens)}</td>
                            <td className="right">{format.usd(row.cost)}</td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  )}
                </Panel>
              </Grid.Col>
            </Grid>
          </Stack>
        )}
      </Answer>
      <Panel title={t("own.budget")}>
        <Answer query={budget}>{(own) => <BudgetOf budget={own} />}</Answer>
      </Panel>
      <Panel title={t("app.account")}>
        <Facts
          rows={[
            [t("signIn.email"), user.email],
            [t("own.tier"), user.tier.name],
            [t("own.balance"), format.usd(user.balance)],
          ]}
        />
      </Panel>
      <Panel title={t("overview.recent")} side={<Link className="link" to="/console/my-calls">{t("overview.all")}</Link>}>
        {calls.data && (
          <CallTable label={t("overview.recent")} calls={calls.data.pages.flatMap((page) => page.data).slice(0, newest)} isOperators={false} />
        )}
      </Panel>
    </Page>
  );
}

function BudgetOf({ budget }: { budget: OwnBudget }) {
  const { t } = useI18n();
  const format = useFormat();
  if (budget.monthly_limit === null) {
    return (
      <Text>
        {format.usd(budget.current_spending)}, {t("own.budgetFree")}
      </Text>
    );
  }
  const share = budget.monthly_limit === 0 ? 1 : budget.current_spending / budget.monthly_limit;
  const words = t("own.budgetOf", { spent: format.usd(budget.current_spending), limit: format.usd(budget.monthly_limit) });
  return (
    <Stack gap="xs">
      <Text>{words}</Text>
      <Progress.Root size="lg">
        <Progress.Section value={Math.min(100, share * 100)} color={share >= 0.9 ? "red.8" : "blue.8"} aria-label={words} />
      </Progress.Root>
      {budget.reset_at && (
        <Text size="sm" c="dimmed">
          {t("own.reset", { when: "" })}
          <Time at={budget.reset_at} />
        </Text>
      )}
    </Stack>
  );
}
