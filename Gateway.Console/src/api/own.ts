// What belongs to the caller.
import { queryOptions } from "@tanstack/react-query";
import { api, payload } from "./client";
import { pagesOf } from "./pages";

const path = { user_id: "me" };

export const periods = ["day", "week", "month"] as const;
export type Period = (typeof periods)[number];

export const ownStatsQuery = (period: Period) =>
  queryOptions({
    queryKey: ["own", "stats", period],
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/users/{user_id}/usage-stats", { params: { path, query: { period } }, signal })),
  });

export const ownBudgetQuery = queryOptions({
  queryKey: ["own", "budget"],
  queryFn: ({ signal }) => payload(api.GET("/api/v1/users/{user_id}/budget", { params: { path }, signal })),
});

export const keysQuery = (userId: string) =>
  queryOptions({
    queryKey: ["keys", userId],
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/users/{user_id}/api-keys", { params: { path: { user_id: userId } }, signal })),
  });

/** What a month cost the caller. */
export const billQuery = (month: string) =>
  queryOptions({
    queryKey: ["own", "bill", month],
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/users/{user_id}/bill", { params: { path, query: { month } }, signal })).then((answer) => answer.data),
  });

export const ownTransactionsQuery = pagesOf(["transactions", "own"], (page, signal) =>
  payload(api.GET("/api/v1/transactions", { params: { query: page }, signal })).then(({ transactions, ...numbers }) => ({
    ...numbers,
    data: transactions,
  })),
);
