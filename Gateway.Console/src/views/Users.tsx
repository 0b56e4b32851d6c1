import { Anchor, Button, Group, Select } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { usersQuery } from "../api/admin";
import type { User } from "../api/types";
import { useI18n } from "../i18n/i18n";
import type { Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { Dialog } from "../parts/forms";
import { Page } from "../parts/Page";
import { PagedTable } from "../parts/PagedTable";
import { TierPicker } from "../parts/pickers";
import { SearchField } from "../parts/SearchField";
import { Time } from "../parts/Time";
import { isAdmin, useUser } from "../session/session";
import { NewUserForm } from "./people/NewUserForm";
import { UserState } from "./people/UserState";
import { roles } from "./people/roles";

/** Everybody who has an account: searched and filtered by the API. */
export default function Users() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const navigate = useNavigate();
  const mayChange = isAdmin(useUser());
  const query = useInfiniteQuery({
    ...usersQuery({
      search: filters.get("search"),
      role: filters.get("role"),
      tier_id: filters.get("tier_id"),
      is_active: filters.get("is_active"),
      free_tier_status: filters.get("free_tier_status"),
    }),
    placeholderData: keepPreviousData,
  });
  const columns: Column<User>[] = [
    {
      id: "email",
      header: t("signIn.email"),
      cell: (user) => (
        <Anchor component={Link} size="sm" to={`/console/users/${user.id}`}>
          {user.email}
        </Anchor>
      ),
    },
    { id: "name", header: t("keys.name"), cell: (user) => <span translate="no">{user.name ?? user.username}</span> },
    { id: "role", header: t("users.role"), cell: (user) => t(`users.role.${roles.find((role) => role === user.role) ?? "customer"}`) },
    { id: "state", header: t("keys.state"), cell: (user) => <UserState user={user} /> },
    { id: "tier", header: t("own.tier"), cell: (user) => <span translate="no">{user.tier.name}</span> },
    { id: "balance", header: t("own.balance"), isFigure: true, cell: (user) => format.usd(user.balance) },
    { id: "spent", header: t("keys.spent"), isFigure: true, cell: (user) => format.usd(user.user_spending.total_spent) },
    { id: "login", header: t("users.lastLogin"), cell: (user) => (user.last_login_at ? <Time at={user.last_login_at} /> : t("common.never")) },
    { id: "created", header: t("keys.created"), cell: (user) => <Time at={user.created_at} /> },
  ];
  return (
    <Page
      title={t("users.title")}
      actions={
        mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => filters.set({ new: "1" })}>
            {t("users.create")}
          </Button>
        )
      }
    >
      <Group align="flex-end" gap="sm" role="search">
        <SearchField label={t("users.search")} placeholder={t("users.searchHint")} />
        <Select
          label={t("users.role")}
          placeholder={t("common.all")}
          clearable
          clearButtonProps={{ "aria-label": t("common.clear") }}
          data={roles.map((value) => ({ value, label: t(`users.role.${value}`) }))}
          value={filters.get("role")}
          onChange={(value) => filters.set({ role: value })}
        />
        <TierPicker value={filters.get("tier_id")} onChange={(id) => filters.set({ tier_id: id })} />
        <Select
          label={t("keys.state")}
          placeholder={t("common.all")}
          clearable
          clearButtonProps={{ "aria-label": t("common.clear") }}
          data={[
            { value: "true", label: t("keys.active") },
            { value: "false", label: t("keys.inactive") },
          ]}
          value={filters.get("is_active")}
          onChange={(value) => filters.set({ is_active: value })}
        />
        {filters.isAny && (
          <Button variant="default" onClick={filters.clear}>
            {t("common.clear")}
          </Button>
        )}
      </Group>
      <PagedTable
        query={query}
        label={t("users.title")}
        count={(count) => t("users.count", { count })}
        columns={columns}
        keyOf={(user) => user.id}
        empty={t("users.empty")}
      />
      <Dialog title={t("users.create")} isOpen={mayChange && filters.get("new") !== null} onClose={() => filters.set({ new: null })}>
        <NewUserForm onDone={(user) => void navigate(`/console/users/${user.id}`)} />
      </Dialog>
    </Page>
  );
}
