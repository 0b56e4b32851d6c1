// What belongs to the caller.
import { queryOptions } from "@tanstack/react-query";
import { api, payload } from "./client";

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
