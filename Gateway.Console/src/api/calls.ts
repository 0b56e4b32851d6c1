// Calls of the ledger, newest first.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, payload } from "./client";

export interface CallFilter {
  user_id?: string;
  model_id?: string;
  date_from?: string;
  date_to?: string;
  tag?: string;
  end_user?: string;
}

const pageSize = 100;

const everybodys = (query: CallFilter & { limit: number; offset: number }, signal: AbortSignal) =>
  payload(api.GET("/api/v1/admin/requests", { params: { query }, signal })).then((answer) => answer.data);

const own = (query: CallFilter & { limit: number; offset: number }, signal: AbortSignal) =>
  payload(api.GET("/api/v1/requests", { params: { query }, signal })).then((answer) => answer.data);

/** The newest calls of everybody, for staff. */
export const callsQuery = (filter: CallFilter, limit: number) =>
  queryOptions({
    queryKey: ["calls", "newest", filter, limit],
    queryFn: ({ signal }) => everybodys({ ...filter, limit, offset: 0 }, signal),
  });

/** All calls that match, page by page: everybody's, or the caller's own. */
export const callPagesQuery = (of: "everybody" | "own", filter: CallFilter) =>
  infiniteQueryOptions({
    queryKey: ["calls", "pages", of, filter],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => (of === "own" ? own : everybodys)({ ...filter, limit: pageSize, offset: pageParam }, signal),
    getNextPageParam: (page) => (page.has_more ? page.offset + page.data.length : null),
  });

export const callQuery = (id: string) =>
  queryOptions({
    queryKey: ["calls", "one", id],
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/requests/{id}", { params: { path: { id } }, signal })).then((answer) => answer.data),
  });

/** How a call is priced, line by line. */
export const callCostQuery = (id: string) =>
  queryOptions({
    queryKey: ["calls", "cost", id],
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/requests/{id}/cost", { params: { path: { id } }, signal })).then((answer) => answer.data),
  });

const settleMs = 500;
const settleTries = 30;

/** A call of the caller's own that has just ended; null until the ledger has it, which is a moment later. */
export const endedCallQuery = (id: string) =>
  queryOptions({
    queryKey: ["calls", "ended", id],
    queryFn: async ({ signal }) => (await own({ limit: 20, offset: 0 }, signal)).data.find((call) => call.id === id) ?? null,
    refetchInterval: ({ state }) => (state.data || state.dataUpdateCount >= settleTries ? false : settleMs),
  });
