import { Anchor, Text } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, payload } from "../../api/client";
import type { Paged } from "../../api/pages";
import type { Transaction } from "../../api/types";
import { useI18n } from "../../i18n/i18n";
import type { Column } from "../../parts/DataTable";
import { useFormat } from "../../parts/format";
import { useConfirmed } from "../../parts/forms";
import { PagedTable } from "../../parts/PagedTable";
import { RowMenu } from "../../parts/RowMenu";
import { Tag } from "../../parts/Tag";
import { Time } from "../../parts/Time";
import { UserName } from "../../parts/UserName";
import { isAdmin, useUser } from "../../session/session";

const kinds = { completed: "good", pending: "warn", failed: "bad", cancelled: "plain" } as const;
export const statuses = ["completed", "pending", "failed", "cancelled"] as const;
export const transactionTypes = ["deposit", "usage", "refund"] as const;

/** Money that came and went. Admins end what is pending. */
export function TransactionTable({
  query,
  hasUser,
  mayEnd = true,
}: {
  query: UseInfiniteQueryResult<InfiniteData<Paged<Transaction>>>;
  hasUser: boolean;
  mayEnd?: boolean;
}) {
  const { t } = useI18n();
  const format = useFormat();
  const confirmed = useConfirmed();
  const mayChange = isAdmin(useUser()) && mayEnd;
  const end = (transaction: Transaction, status: "completed" | "cancelled") =>
    confirmed({
      title: t(status === "completed" ? "money.completeTitle" : "money.cancelTitle", { value: format.usd(transaction.amount) }),
      text: <Text size="sm">{t(status === "completed" ? "money.completeText" : "money.cancelText")}</Text>,
      confirm: t(status === "completed" ? "money.complete" : "money.cancel"),
      isDangerous: status === "cancelled",
      run: () => payload(api.PATCH("/api/v1/admin/transactions/{id}", { params: { path: { id: transaction.id } }, body: { status } })),
      done: t("common.saved"),
      touches: ["transactions", "users"],
    });
  const columns: Column<Transaction>[] = [
    { id: "time", header: t("calls.time"), cell: (row) => <Time at={row.created_at} /> },
    ...(hasUser
      ? [
          {
            id: "user",
            header: t("calls.user"),
            cell: (row: Transaction) => (
              <Anchor component={Link} size="sm" to={`/console/users/${row.user_id}?tab=money`}>
                <UserName id={row.user_id} />
              </Anchor>
            ),
          },
        ]
      : []),
    { id: "type", header: t("money.type"), cell: (row) => t(`money.type.${transactionTypes.find((type) => type === row.type) ?? "usage"}`) },
    { id: "amount", header: t("money.amount"), isFigure: true, cell: (row) => format.usd(row.amount) },
    {
      id: "status",
      header: t("keys.state"),
      cell: (row) => {
        const status = statuses.find((known) => known === row.status) ?? "pending";
        return <Tag kind={kinds[status]}>{t(`money.status.${status}`)}</Tag>;
      },
    },
    { id: "after", header: t("money.after"), isFigure: true, cell: (row) => (row.balance_after === null ? "–" : format.usd(row.balance_after)) },
    { id: "description", header: t("money.description"), cell: (row) => row.description ?? "–" },
  ];
  if (mayChange) {
    columns.push({
      id: "actions",
      header: t("keys.actionsHeader"),
      isHeaderHidden: true,
      cell: (row) =>
        row.status === "pending" && (
          <RowMenu
            label={t("money.actions", { value: format.usd(row.amount) })}
            items={[
              { label: t("money.complete"), onClick: () => end(row, "completed") },
              { label: t("money.cancel"), onClick: () => end(row, "cancelled") },
            ]}
          />
        ),
    });
  }
  return (
    <PagedTable
      query={query}
      label={t("money.transactions")}
      count={(count) => t("money.count", { count })}
      columns={columns}
      keyOf={(row) => row.id}
      empty={t("money.empty")}
    />
  );
}
