import { Button, Group, Select, Stack, Tabs, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { budgetsQuery, rateLimitsQuery, scopes } from "../api/admin";
import { api, payload } from "../api/client";
import type { Budget, RateLimit } from "../api/types";
import { useI18n } from "../i18n/i18n";
import type { Column } from "../parts/DataTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { Dialog, useConfirmed } from "../parts/forms";
import { Page } from "../parts/Page";
import { PagedTable } from "../parts/PagedTable";
import { ModelPicker, TierPicker, UserPicker } from "../parts/pickers";
import { RowMenu } from "../parts/RowMenu";
import { Tag } from "../parts/Tag";
import { TextFilter } from "../parts/TextFilter";
import { Time } from "../parts/Time";
import { isAdmin, useUser } from "../session/session";
import { BudgetForm } from "./limits/BudgetForm";
import { Near } from "./limits/Near";
import { RateLimitForm, windows } from "./limits/RateLimitForm";
import { Spent } from "./limits/Spent";
import { Target } from "./limits/Target";

/** Budgets and rate limits: whose, how far, who is near; for admins also to make, change and delete. */
export default function Limits() {
  const { t } = useI18n();
  const filters = useFilters();
  const mayChange = isAdmin(useUser());
  const tab = mayChange && filters.get("tab") === "rates" ? "rates" : "budgets";
  return (
    <Page
      title={t("limits.title")}
      actions={
        mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => filters.set({ new: "1" })}>
            {t(tab === "rates" ? "limits.createRate" : "limits.createBudget")}
          </Button>
        )
      }
    >
      {mayChange && <Near />}
      {mayChange ? (
        <Tabs value={tab} onChange={(value) => filters.set({ tab: value, scope: null, user_id: null, end_user: null, tier_id: null, model_id: null })} keepMounted={false}>
          <Tabs.List aria-label={t("limits.title")}>
            <Tabs.Tab value="budgets">{t("limits.budgets")}</Tabs.Tab>
            <Tabs.Tab value="rates">{t("limits.rates")}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="budgets" pt="md">
            <Budgets mayChange />
          </Tabs.Panel>
          <Tabs.Panel value="rates" pt="md">
            <Rates />
          </Tabs.Panel>
        </Tabs>
      ) : (
        <Budgets mayChange={false} />
      )}
    </Page>
  );
}

function ScopeFilter() {
  const { t } = useI18n();
  const filters = useFilters();
  return (
    <Select
      label={t("limits.for")}
      placeholder={t("common.all")}
      clearable
      clearButtonProps={{ "aria-label": t("common.clear") }}
      data={scopes.map((value) => ({ value, label: t(`limits.scope.${value}`) }))}
      value={filters.get("scope")}
      onChange={(value) => filters.set({ scope: value })}
    />
  );
}

function Budgets({ mayChange }: { mayChange: boolean }) {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const confirmed = useConfirmed();
  const [edited, setEdited] = useState<Budget | null>(null);
  const query = useInfiniteQuery(budgetsQuery({ scope: filters.get("scope"), user_id: filters.get("user_id"), end_user: filters.get("end_user") }));
  const remove = (budget: Budget) =>
    confirmed({
      title: t("limits.deleteBudgetTitle"),
      text: <Text size="sm">{t("limits.deleteBudgetText", { value: format.usd(budget.max_budget) })}</Text>,
      confirm: t("limits.deleteBudget"),
      run: () => payload(api.DELETE("/api/v1/admin/budgets/{id}", { params: { path: { id: budget.id } } })),
      done: t("limits.budgetDeleted"),
      touches: ["budgets"],
    });
  const columns: Column<Budget>[] = [
    { id: "for", header: t("limits.for"), cell: (budget) => <Target of={budget} endUser={budget.end_user} /> },
    {
      id: "share",
      header: t("limits.spentShare"),
      isFigure: true,
      cell: (budget) => <Spent spent={budget.spent_budget} held={budget.held_budget} cap={budget.max_budget} />,
    },
    { id: "spent", header: t("keys.spent"), isFigure: true, cell: (budget) => format.usd(budget.spent_budget) },
    { id: "held", header: t("limits.held"), isFigure: true, cell: (budget) => format.usd(budget.held_budget) },
    { id: "cap", header: t("limits.cap"), isFigure: true, cell: (budget) => format.usd(budget.max_budget) },
    { id: "period", header: t("keys.period"), cell: (budget) => budget.budget_duration ?? t("common.never") },
    { id: "reset", header: t("limits.reset"), cell: (budget) => (budget.reset_at ? <Time at={budget.reset_at} /> : t("common.never")) },
    { id: "mode", header: t("limits.mode"), cell: (budget) => <Mode mode={budget.mode} /> },
    { id: "source", header: t("limits.source"), cell: (budget) => <span translate="no">{budget.source}</span> },
  ];
  if (mayChange) {
    columns.push({
      id: "actions",
      header: t("keys.actionsHeader"),
      isHeaderHidden: true,
      cell: (budget) => (
        <RowMenu
          label={t("limits.budgetActions", { value: format.usd(budget.max_budget) })}
          items={[
            { label: t("keys.edit"), onClick: () => setEdited(budget) },
            { label: t("common.delete"), onClick: () => remove(budget) },
          ]}
        />
      ),
    });
  }
  const close = () => filters.set({ new: null });
  return (
    <Stack>
      <Group align="flex-end" gap="sm" role="search">
        <ScopeFilter />
        <UserPicker value={filters.get("user_id")} onChange={(id) => filters.set({ user_id: id })} />
        <TextFilter label={t("usage.by.end_user")} name="end_user" placeholder={t("limits.endUserAll")} />
      </Group>
      <PagedTable
        query={query}
        label={t("limits.budgets")}
        count={(count) => t("limits.budgetCount", { count })}
        columns={columns}
        keyOf={(budget) => budget.id}
        empty={t("limits.noBudgets")}
      />
      <Dialog title={t("limits.createBudget")} isOpen={mayChange && filters.get("new") !== null} onClose={close}>
        <BudgetForm {...(filters.get("user_id") !== null && { userId: filters.get("user_id") ?? "" })} onDone={close} />
      </Dialog>
      <Dialog title={t("limits.editBudget")} isOpen={edited !== null} onClose={() => setEdited(null)}>
        {edited && <BudgetForm edited={edited} onDone={() => setEdited(null)} />}
      </Dialog>
    </Stack>
  );
}

function Mode({ mode }: { mode: string }) {
  const { t } = useI18n();
  return mode === "shadow" ? <Tag kind="plain">{t("limits.mode.shadow")}</Tag> : <Tag kind="good">{t("limits.mode.enforce")}</Tag>;
}

function Rates() {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const confirmed = useConfirmed();
  const [edited, setEdited] = useState<RateLimit | null>(null);
  const query = useInfiniteQuery(
    rateLimitsQuery({ scope: filters.get("scope"), tier_id: filters.get("tier_id"), model_id: filters.get("model_id") }),
  );
  const remove = (limit: RateLimit) =>
    confirmed({
      title: t("limits.deleteRateTitle"),
      text: <Text size="sm">{t("limits.deleteRateText")}</Text>,
      confirm: t("limits.deleteRate"),
      run: () => payload(api.DELETE("/api/v1/admin/rate-limits/{id}", { params: { path: { id: limit.id } } })),
      done: t("limits.rateDeleted"),
      touches: ["rate-limits"],
    });
  const columns: Column<RateLimit>[] = [
    { id: "for", header: t("limits.for"), cell: (limit) => <Target of={limit} /> },
    ...windows.map((name) => ({
      id: name,
      header: t(`limits.${name}`),
      isFigure: true,
      cell: (limit: RateLimit) => (limit[name] > 0 ? format.whole(limit[name]) : "–"),
    })),
    { id: "mode", header: t("limits.mode"), cell: (limit) => <Mode mode={limit.mode} /> },
    {
      id: "actions",
      header: t("keys.actionsHeader"),
      isHeaderHidden: true,
      cell: (limit) => (
        <RowMenu
          label={t("limits.rateActions", { id: limit.id })}
          items={[
            { label: t("keys.edit"), onClick: () => setEdited(limit) },
            { label: t("common.delete"), onClick: () => remove(limit) },
          ]}
        />
      ),
    },
  ];
  const close = () => filters.set({ new: null });
  return (
    <Stack>
      <Group align="flex-end" gap="sm" role="search">
        <ScopeFilter />
        <TierPicker value={filters.get("tier_id")} onChange={(id) => filters.set({ tier_id: id })} />
        <ModelPicker value={filters.get("model_id")} onChange={(id) => filters.set({ model_id: id })} />
      </Group>
      <PagedTable
        query={query}
        label={t("limits.rates")}
        count={(count) => t("limits.rateCount", { count })}
        columns={columns}
        keyOf={(limit) => limit.id}
        empty={t("limits.noRates")}
      />
      <Dialog title={t("limits.createRate")} isOpen={filters.get("new") !== null} onClose={close}>
        <RateLimitForm onDone={close} />
      </Dialog>
      <Dialog title={t("limits.editRate")} isOpen={edited !== null} onClose={() => setEdited(null)}>
        {edited && <RateLimitForm edited={edited} onDone={() => setEdited(null)} />}
      </Dialog>
    </Stack>
  );
}
