import { Anchor, Button, Group, Stack, Tabs, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { transactionsQuery } from "../api/admin";
import { callPagesQuery } from "../api/calls";
import { api, payload } from "../api/client";
import type { User } from "../api/types";
import { userQuery } from "../api/users";
import { useI18n } from "../i18n/i18n";
import { CallTable } from "../parts/CallTable";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { Dialog, useConfirmed } from "../parts/forms";
import { Facts, Page, Panel } from "../parts/Page";
import { Answer, Failed, Loading } from "../parts/States";
import { Time } from "../parts/Time";
import { isAdmin, useUser } from "../session/session";
import { KeyList } from "./keys/KeyList";
import { BudgetsOf } from "./people/BudgetsOf";
import { MoneyForm } from "./people/MoneyForm";
import { TransactionTable } from "./people/TransactionTable";
import { roleWord } from "./people/roles";
import { UserForm } from "./people/UserForm";
import { UserState } from "./people/UserState";

const tabs = ["keys", "budgets", "calls", "money"] as const;

/** One account: what it is, its keys, budgets, calls and money. */
export default function UserPage() {
  const { t } = useI18n();
  const { id = "" } = useParams();
  const query = useQuery({ ...userQuery(id), staleTime: 0 });
  return (
    <Page
      title={query.data?.email ?? t("users.one")}
      actions={
        <Anchor component={Link} to="/console/users">
          {t("users.back")}
        </Anchor>
      }
    >
      <Answer query={query}>{(user) => <OneUser user={user} />}</Answer>
    </Page>
  );
}

function OneUser({ user }: { user: User }) {
  const { t } = useI18n();
  const format = useFormat();
  const filters = useFilters();
  const navigate = useNavigate();
  const confirmed = useConfirmed();
  const me = useUser();
  const mayChange = isAdmin(me);
  const tab = tabs.find((known) => known === filters.get("tab")) ?? "keys";
  const [dialog, setDialog] = useState<"edit" | "money" | null>(null);
  const path = { params: { path: { id: user.id } } };
  const close = () => setDialog(null);
  const switchTo = (isActive: boolean) =>
    confirmed({
      title: t(isActive ? "users.activateTitle" : "users.deactivateTitle", { name: user.email }),
      text: <Text size="sm">{t(isActive ? "users.activateText" : "users.deactivateText")}</Text>,
      confirm: t(isActive ? "users.activate" : "users.deactivate"),
      isDangerous: !isActive,
      run: () => payload(api.PATCH("/api/v1/admin/users/{id}", { ...path, body: { is_active: isActive } })),
      done: t(isActive ? "users.activated" : "users.deactivated", { name: user.email }),
      touches: ["users"],
    });
  const approve = (isApproved: boolean) =>
    confirmed({
      title: t(isApproved ? "users.approveTitle" : "users.rejectTitle", { name: user.email }),
      text: <Text size="sm">{t(isApproved ? "users.approveText" : "users.rejectText")}</Text>,
      confirm: t(isApproved ? "users.approve" : "users.reject"),
      isDangerous: !isApproved,
      run: () => payload(api.POST("/api/v1/admin/users/{id}/approve", { ...path, body: { approved: isApproved } })),
      done: t("common.saved"),
      touches: ["users"],
    });
  const remove = () =>
    confirmed({
      title: t("users.deleteTitle", { name: user.email }),
      text: <Text size="sm">{t("users.deleteText")}</Text>,
      confirm: t("users.delete"),
      run: async () => {
        await payload(api.DELETE("/api/v1/admin/users/{id}", path));
        modals.closeAll();
        void navigate("/console/users");
      },
      done: t("users.deleted", { name: user.email }),
      touches: [],
    });
  return (
    <Stack>
      <Panel title={t("app.account")} side={<UserState user={user} />}>
        <Stack>
          <Facts
            rows={[
              [t("keys.name"), user.name ?? t("common.none")],
              [t("users.username"), user.username],
              [t("users.role"), roleWord(user.role, t)],
              [t("own.tier"), user.tier.name],
              [t("teams.team"), user.team_id ?? t("common.none")],
              [t("own.balance"), format.usd(user.balance)],
              [t("users.billing"), user.billing_mode ?? t("users.billing.gateway")],
              [t("users.totalSpent"), format.usd(user.user_spending.total_spent)],
              [
                t("users.monthlyTokens"),
                user.user_limit.monthly_token_limit === null ? t("common.noLimit") : format.whole(user.user_limit.monthly_token_limit),
              ],
              [t("users.lastLogin"), user.last_login_at ? <Time key="login" at={user.last_login_at} /> : t("common.never")],
              [t("keys.created"), <Time key="created" at={user.created_at} />],
              [t("audit.entity_id"), user.id],
            ]}
          />
          <Group gap="xs">
            {mayChange && (
              <>
                <Button variant="default" onClick={() => setDialog("edit")}>
                  {t("users.edit")}
                </Button>
                <Button variant="default" onClick={() => setDialog("money")}>
                  {t("money.title")}
                </Button>
                {user.free_tier_status === "pending" && (
                  <>
                    <Button variant="default" onClick={() => approve(true)}>
                      {t("users.approve")}
                    </Button>
                    <Button variant="default" onClick={() => approve(false)}>
                      {t("users.reject")}
                    </Button>
                  </>
                )}
                {user.id !== me.id && (
                  <>
                    <Button variant="default" onClick={() => switchTo(!user.is_active)}>
                      {t(user.is_active ? "users.deactivate" : "users.activate")}
                    </Button>
                    <Button variant="default" onClick={remove}>
                      {t("users.delete")}
                    </Button>
                  </>
                )}
              </>
            )}
            <Button variant="default" component={Link} to={`/console/usage?by=model&user_id=${user.id}`}>
              {t("nav.usage")}
            </Button>
          </Group>
        </Stack>
      </Panel>
      <Tabs value={tab} onChange={(value) => filters.set({ tab: value })} keepMounted={false}>
        <Tabs.List aria-label={user.email}>
          <Tabs.Tab value="keys">{t("keys.title")}</Tabs.Tab>
          <Tabs.Tab value="budgets">{t("limits.budgets")}</Tabs.Tab>
          <Tabs.Tab value="calls">{t("calls.title")}</Tabs.Tab>
          <Tabs.Tab value="money">{t("money.transactions")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="keys" pt="md">
          <KeyList userId={user.id} mayChange={mayChange} />
        </Tabs.Panel>
        <Tabs.Panel value="budgets" pt="md">
          <BudgetsOf userId={user.id} />
        </Tabs.Panel>
        <Tabs.Panel value="calls" pt="md">
          <CallsOf userId={user.id} />
        </Tabs.Panel>
        <Tabs.Panel value="money" pt="md">
          <MoneyOf userId={user.id} />
        </Tabs.Panel>
      </Tabs>
      <Dialog title={t("users.editTitle", { name: user.email })} isOpen={dialog === "edit"} onClose={close}>
        <UserForm user={user} onDone={close} />
      </Dialog>
      <Dialog title={t("money.titleOf", { name: user.email })} isOpen={dialog === "money"} onClose={close}>
        <MoneyForm userId={user.id} name={user.email} onDone={close} />
      </Dialog>
    </Stack>
  );
}

function CallsOf({ userId }: { userId: string }) {
  const { t } = useI18n();
  const query = useInfiniteQuery(callPagesQuery("everybody", { user_id: userId }));
  if (query.data === undefined) return query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : <Loading />;
  return (
    <CallTable
      label={t("calls.title")}
      calls={query.data.pages.flatMap((page) => page.data)}
      isOperators={false}
      onEnd={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
    />
  );
}

function MoneyOf({ userId }: { userId: string }) {
  const query = useInfiniteQuery(transactionsQuery({ user_id: userId, type: null, status: null, from: null, to: null }));
  return <TransactionTable query={query} hasUser={false} />;
}
