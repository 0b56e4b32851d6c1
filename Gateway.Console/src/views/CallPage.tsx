import { Anchor, Grid, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { callCostQuery, callQuery } from "../api/calls";
import type { Call } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { useFormat } from "../parts/format";
import { Facts, Page, Panel } from "../parts/Page";
import { Answer, Empty } from "../parts/States";
import { OutcomeTag } from "../parts/Tag";
import { Time } from "../parts/Time";
import { UserName } from "../parts/UserName";
import { isStaff, useUser } from "../session/session";

/** One call: what happened when, what it used, what it cost. */
export default function CallPage() {
  const { t } = useI18n();
  const { id = "" } = useParams();
  const isOperators = isStaff(useUser());
  const query = useQuery(callQuery(id));
  return (
    <Page
      title={t("call.title")}
      actions={
        <Anchor component={Link} to={isOperators ? "/console/calls" : "/console/my-calls"}>
          {t("call.back")}
        </Anchor>
      }
    >
      <Answer query={query}>
        {(call) => (
          <Grid>
            <Grid.Col span={{ base: 12, lg: 6 }}>
              <Timeline call={call} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 6 }}>
              <MoneyOf call={call} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 6 }}>
              <Arithmetic id={call.id} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 6 }}>
              <FactsOf call={call} isOperators={isOperators} />
            </Grid.Col>
          </Grid>
        )}
      </Answer>
    </Page>
  );
}

function Timeline({ call }: { call: Call }) {
  const { t } = useI18n();
  const format = useFormat();
  const after = (at: string) => t("call.after", { value: format.ms(Date.parse(at) - Date.parse(call.start_time)) });
  return (
    <Panel title={t("call.timeline")} side={<OutcomeTag status={call.status} outcome={call.outcome} />}>
      <ol className="timeline">
        <li>
          <Text fw={600}>{t("call.admitted")}</Text>
          <Text size="sm">
            <Time at={call.start_time} />
          </Text>
          {call.held_cost > 0 && <Text size="sm">{t("call.held", { value: format.usdExact(call.held_cost) })}</Text>}
        </li>
        <li>
          <Text fw={600}>{t(call.first_byte_at ? "call.firstByte" : "call.noFirstByte")}</Text>
          {call.first_byte_at && <Text size="sm">{after(call.first_byte_at)}</Text>}
        </li>
        <li>
          <Text fw={600}>{t("call.ended", { value: format.usdExact(call.total_cost) })}</Text>
          <Text size="sm">
            <Time at={call.end_time} />, {after(call.end_time)}
          </Text>
        </li>
      </ol>
    </Panel>
  );
}

function MoneyOf({ call }: { call: Call }) {
  const { t } = useI18n();
  const format = useFormat();
  const lines: [string, number | null][] = [
    [t("call.prompt"), call.input_cost],
    [t("call.answer"), call.output_cost],
    [t("call.total"), call.total_cost],
    [t("call.upstream"), call.upstream_cost],
    [t("call.heldCost"), call.held_cost],
  ];
  return (
    <Panel title={t("call.money")}>
      <table className="plain">
        <tbody>
          {lines.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="right">{value === null ? t("common.none") : format.usdExact(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Arithmetic({ id }: { id: string }) {
  const { t } = useI18n();
  const format = useFormat();
  const query = useQuery(callCostQuery(id));
  return (
    <Panel title={t("call.arithmetic")}>
      <Answer query={query}>
        {(cost) =>
          cost.lines.length === 0 ? (
            <Empty>{t("call.noTokens")}</Empty>
          ) : (
            <>
              <div className="table-scroll" tabIndex={0} role="group" aria-label={t("call.arithmetic")}>
                <table className="plain">
                  <thead>
                    <tr>
                      <th scope="col">{t("call.class")}</th>
                      <th scope="col" className="right">
                        {t("call.count")}
                      </th>
                      <th scope="col" className="right">
                        {t("call.rate")}
                      </th>
                      <th scope="col" className="right">
                        {t("call.rateCost")}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {cost.lines.map((line) => (
                      <tr key={line.name}>
                        <td>
                          {line.name}
                          {line.is_stand_in && ` (${t("call.standIn")})`}
                        </td>
                        <td className="right">{format.whole(line.count)}</td>
                        <td className="right">{line.price === null ? t("call.noPrice") : `× ${format.usdExact(line.price)}`}</td>
                        <td className="right">{format.usdExact(cost.is_free ? 0 : line.cost)}</td>
                      </tr>
                    ))}
                  </tbody>
                  <tfoot>
                    <tr>
                      <th scope="row" colSpan={3}>
                        {t("call.sum")}
                      </th>
                      <td className="right">{format.usdExact(cost.lines_cost)}</td>
                    </tr>
                    <tr>
                      <th scope="row" colSpan={3}>
                        {t("call.total")}
                      </th>
                      <td className="right">{format.usdExact(cost.total_cost)}</td>
                    </tr>
                  </tfoot>
                </table>
              </div>
              <Text size="sm" mt="xs">
                {t(cost.is_free ? "call.isFree" : cost.is_exact ? "call.isExact" : "call.isNotExact")}
              </Text>
            </>
          )
        }
      </Answer>
    </Panel>
  );
}

function FactsOf({ call, isOperators }: { call: Call; isOperators: boolean }) {
  const { t } = useI18n();
  const yesNo = (is: boolean) => t(is ? "common.yes" : "common.no");
  return (
    <Panel title={t("call.facts")}>
      <Facts
        rows={[
          [t("calls.id"), call.id],
          ...(isOperators
            ? [[t("call.user"), <UserName key="user" id={call.user_id} />] satisfies [string, React.ReactNode]]
            : []),
          [t("call.model"), call.model_name],
          [t("call.provider"), call.provider ?? t("common.none")],
          [t("calls.key"), call.api_key_id ?? t("calls.accessToken")],
          [t("usage.by.end_user"), call.end_user ?? t("common.none")],
          [t("call.tags"), call.tags.join(", ") || t("common.none")],
          [t("call.api"), <span key="api" translate="no">{call.call_type}</span>],
          [t("call.httpStatus"), call.http_status],
          [t("call.stream"), yesNo(call.is_stream)],
          [t("call.attempts"), call.attempts],
          [t("call.serviceTier"), call.service_tier],
          [t("call.source"), <span key="source" translate="no">{call.usage_source}</span>],
          [t("call.cache"), yesNo(call.cache_hit)],
          [t("call.externalId"), call.external_request_id ?? t("common.none")],
          [t("call.clientId"), call.client_request_id ?? t("common.none")],
        ]}
      />
    </Panel>
  );
}
