// What operators read and decide on: limits, people, catalogue, the gateway itself.
import { queryOptions } from "@tanstack/react-query";
import { api, payload } from "./client";
import { given, pagesOf } from "./pages";

const minuteMs = 60_000;
const byId = (id: string) => ({ params: { path: { id } } });

export const scopes = ["user", "team", "api_key", "tier"] as const;
export type Scope = (typeof scopes)[number];

export const budgetsQuery = (filter: { scope: string | null; user_id: string | null; end_user: string | null }) =>
  pagesOf(["budgets", filter], (page, signal) =>
    payload(api.GET("/api/v1/admin/budgets", { params: { query: { ...page, ...given(filter) } }, signal })),
  );

export const budgetQuery = (id: string) =>
  queryOptions({
    queryKey: ["budgets", "one", id],
    queryFn: ({ signal }) => payload(api.GET("/api/v1/admin/budgets/{id}", { ...byId(id), signal })).then((answer) => answer.data),
  });

export const rateLimitsQuery = (filter: { scope: string | null; tier_id: string | null; model_id: string | null }) =>
  pagesOf(["rate-limits", filter], (page, signal) =>
    payload(
      api.GET("/api/v1/admin/rate-limits", {
        params: { query: { ...page, ...given(filter), scope: filter.scope ?? "all" } as typeof page },
        signal,
      }),
    ),
  );

/** What was said last of budgets that are nearly or wholly spent; for admins. */
export const thresholdsQuery = (type: "budget.exhausted" | "budget.threshold", from: string) =>
  queryOptions({
    queryKey: ["events", "thresholds", type, from],
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/admin/events", { params: { query: { type, from, limit: 100, offset: 0 } }, signal })).then(
        (answer) => answer.data,
      ),
  });

export interface UserFilter {
  search: string | null;
  role: string | null;
  tier_id: string | null;
  is_active: string | null;
  free_tier_status: string | null;
}

export const usersQuery = ({ is_active, ...rest }: UserFilter) =>
  pagesOf(["users", "pages", is_active, rest], (page, signal) =>
    payload(
      api.GET("/api/v1/admin/users", { params: { query: { ...page, ...given(rest), ...(is_active && { is_active: is_active === "true" }) } }, signal }),
    ),
  );

export const tiersQuery = queryOptions({
  queryKey: ["tiers", "public"],
  staleTime: minuteMs,
  queryFn: ({ signal }) => payload(api.GET("/api/v1/tiers", { signal })).then((answer) => answer.data),
});

export const adminTiersQuery = queryOptions({
  queryKey: ["tiers", "admin"],
  queryFn: ({ signal }) => payload(api.GET("/api/v1/admin/tiers", { signal })).then((answer) => answer.data),
});

export const teamsQuery = (search: string | null) =>
  pagesOf(["teams", search], (page, signal) =>
    payload(api.GET("/api/v1/admin/teams", { params: { query: { ...page, ...given({ search }) } }, signal })),
  );

export interface TransactionFilter {
  user_id: string | null;
  type: string | null;
  status: string | null;
  from: string | null;
  to: string | null;
}

export const transactionsQuery = (filter: TransactionFilter) =>
  pagesOf(["transactions", filter], (page, signal) =>
    payload(api.GET("/api/v1/admin/transactions", { params: { query: { ...page, ...given({ ...filter }) } }, signal })),
  );

export const adminModelsQuery = ({ is_enabled, ...rest }: { search: string | null; is_enabled: string | null; mode: string | null }) =>
  pagesOf(["models", "pages", is_enabled, rest], (page, signal) =>
    payload(
      api.GET("/api/v1/admin/models", { params: { query: { ...page, ...given(rest), ...(is_enabled && { is_enabled: is_enabled === "true" }) } }, signal }),
    ),
  );

export const adminModelQuery = (id: string) =>
  queryOptions({
    queryKey: ["models", "one", id],
    queryFn: ({ signal }) => payload(api.GET("/api/v1/admin/models/{id}", { ...byId(id), signal })).then((answer) => answer.data),
  });

export const companiesQuery = queryOptions({
  queryKey: ["companies"],
  staleTime: minuteMs,
  queryFn: ({ signal }) => payload(api.GET("/api/v1/admin/companies", { signal })).then((answer) => answer.data),
});

export const upstreamsQuery = queryOptions({
  queryKey: ["upstreams"],
  queryFn: ({ signal }) => payload(api.GET("/api/v1/admin/upstreams", { signal })).then((answer) => answer.data),
});

export const upstreamQuery = (id: string) =>
  queryOptions({
    queryKey: ["upstreams", id],
    queryFn: ({ signal }) => payload(api.GET("/api/v1/admin/upstreams/{id}", { ...byId(id), signal })).then((answer) => answer.data),
  });

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => payload(api.GET("/api/v1/admin/settings", { params: { query: { limit: 1000, offset: 0 } }, signal })).then((answer) => answer.data),
});

export const deletedQuery = (type: string | null) =>
  pagesOf(["deleted", type], (page, signal) =>
    payload(api.GET("/api/v1/admin/deleted", { params: { query: { ...page, ...given({ type }) } }, signal })),
  );
