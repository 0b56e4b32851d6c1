import { Anchor, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { budgetsQuery } from "../../api/admin";
import type { Budget } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import type { Column } from "../../parts/DataTable";
import { useFormat } from "../../parts/format";
import { PagedTable } from "../../parts/PagedTable";
import { Time } from "../../parts/Time";
import { Spent } from "../limits/Spent";

/** The budgets of one user. */
export function BudgetsOf({ userId }: { userId: string }) {
  const { t } = useI18n();
  const format = useFormat();
  const query = useInfiniteQuery(budgetsQuery({ scope: null, end_user: null, user_id: userId }));
  const columns: Column<Budget>[] = [
    { id: "cap", header: t("limits.cap"), isFigure: true, cell: (budget) => format.usd(budget.max_budget) },
    { id: "spent", header: t("keys.spent"), isFigure: true, cell: (budget) => format.usd(budget.spent_budget) },
    {
      id: "share",
      header: t("limits.spentShare"),
      isFigure: true,
      cell: (budget) => <Spent spent={budget.spent_budget} held={budget.held_budget} cap={budget.max_budget} />,
    },
    { id: "period", header: t("keys.period"), cell: (budget) => budget.budget_duration ?? t("common.never") },
    { id: "reset", header: t("limits.reset"), cell: (budget) => (budget.reset_at ? <Time at={budget.reset_at} /> : t("common.never")) },
    { id: "source", header: t("limits.source"), cell: (budget) => budget.source },
  ];
  return (
    <Stack>
      <PagedTable
        query={query}
        label={t("limits.budgets")}
        count={(count) => t("limits.budgetCount", { count })}
        columns={columns}
        keyOf={(budget) => budget.id}
        empty={t("users.noBudgets")}
      />
      <Anchor component={Link} to={`/console/limits?user_id=${userId}`}>
        {t("users.toLimits")}
      </Anchor>
    </Stack>
  );
}
