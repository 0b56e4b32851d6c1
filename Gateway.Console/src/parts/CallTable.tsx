import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { Call } from "../api/types";
import { useI18n } from "../i18n/i18n";
import { useFormat } from "./format";
import { DataTable, type Column } from "./DataTable";
import { OutcomeTag } from "./Tag";
import { Time } from "./Time";
import { UserName } from "./UserName";

export const tookMs = (call: Call) => Date.parse(call.end_time) - Date.parse(call.start_time);

/** Calls, each with a link to its page. */
export function CallTable({
  label,
  calls,
  isOperators,
  onEnd,
}: {
  label: string;
  calls: Call[];
  isOperators: boolean;
  onEnd?: (() => void) | undefined;
}) {
  const { t } = useI18n();
  const format = useFormat();
  const columns: Column<Call>[] = [
    {
      id: "time",
      header: t("calls.time"),
      cell: (call) => (
        <Anchor component={Link} size="sm" to={`/console/calls/${call.id}`}>
          <Time at={call.start_time} />
        </Anchor>
      ),
    },
    ...(isOperators ? [{ id: "user", header: t("calls.user"), cell: (call: Call) => <UserName id={call.user_id} /> }] : []),
    { id: "model", header: t("calls.model"), cell: (call) => call.model_name },
    { id: "status", header: t("calls.status"), cell: (call) => <OutcomeTag status={call.status} outcome={call.outcome} /> },
    { id: "tokens", header: t("calls.tokens"), isFigure: true, cell: (call) => format.whole(call.input_tokens + call.output_tokens) },
    { id: "cost", header: t("calls.cost"), isFigure: true, cell: (call) => format.usd(call.total_cost) },
    {
      id: "first",
      header: t("calls.firstByte"),
      isFigure: true,
      cell: (call) => (call.first_byte_at ? format.ms(Date.parse(call.first_byte_at) - Date.parse(call.start_time)) : "–"),
    },
    { id: "took", header: t("calls.took"), isFigure: true, cell: (call) => format.ms(tookMs(call)) },
  ];
  return <DataTable label={label} columns={columns} rows={calls} keyOf={(call) => call.id} empty={t("calls.empty")} onEnd={onEnd} />;
}
