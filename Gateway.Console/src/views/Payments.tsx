import { Button, Group, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { transactionsQuery } from "../api/admin";
import { userQuery } from "../api/users";
import { useI18n } from "../i18n/i18n";
import { useFilters } from "../parts/filters";
import { Dialog } from "../parts/forms";
import { Page } from "../parts/Page";
import { UserPicker } from "../parts/pickers";
import { isAdmin, useUser } from "../session/session";
import { MoneyForm } from "./people/MoneyForm";
import { statuses, TransactionTable, transactionTypes } from "./people/TransactionTable";

/** Deposits, refunds and charges of prepaid balances, of everybody. */
export default function Payments() {
  const { t } = useI18n();
  const filters = useFilters();
  const mayChange = isAdmin(useUser());
  const userId = filters.get("user_id");
  const { data: user } = useQuery({ ...userQuery(userId ?? ""), enabled: userId !== null });
  const query = useInfiniteQuery(
    transactionsQuery({ user_id: userId, type: filters.get("type"), status: filters.get("status"), from: filters.get("from"), to: filters.get("to") }),
  );
  const close = () => filters.set({ new: null });
  return (
    <Page
      title={t("money.transactions")}
      actions={
        mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => filters.set({ new: "1" })}>
            {t("money.title")}
          </Button>
        )
      }
    >
      <Group align="flex-end" gap="sm" role="search">
        <UserPicker value={userId} onChange={(id) => filters.set({ user_id: id })} />
        <Select
          label={t("money.type")}
          placeholder={t("common.all")}
          clearable
          clearButtonProps={{ "aria-label": t("common.clear") }}
          data={transactionTypes.map((value) => ({ value, label: t(`money.type.${value}`) }))}
          value={filters.get("type")}
          onChange={(value) => filters.set({ type: value })}
        />
        <Select
          label={t("keys.state")}
          placeholder={t("common.all")}
          clearable
          clearButtonProps={{ "aria-label": t("common.clear") }}
          data={statuses.map((value) => ({ value, label: t(`money.status.${value}`) }))}
          value={filters.get("status")}
          onChange={(value) => filters.set({ status: value })}
        />
        <TextInput type="date" label={`${t("common.from")} (UTC)`} value={filters.get("from") ?? ""} onChange={(event) => filters.set({ from: event.currentTarget.value })} />
        <TextInput type="date" label={`${t("common.to")} (UTC)`} value={filters.get("to") ?? ""} onChange={(event) => filters.set({ to: event.currentTarget.value })} />
      </Group>
      <TransactionTable query={query} hasUser />
      <Dialog title={t("money.title")} isOpen={mayChange && filters.get("new") !== null} onClose={close}>
        {user ? (
          <MoneyForm userId={user.id} name={user.email} onDone={close} />
        ) : (
          <UserPicker value={userId} onChange={(id) => filters.set({ user_id: id })} placeholder={t("limits.choose")} isRequired />
        )}
      </Dialog>
    </Page>
  );
}
