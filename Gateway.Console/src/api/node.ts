// What the gateway's process does at this moment.
import { queryOptions } from "@tanstack/react-query";
import { api, payload, raw } from "./client";

const liveMs = 2_000;

export interface Health {
  status: string;
  version: string;
  checks: { database: string; litellm: string };
}

/** How its parts are; an unhealthy gateway answers 503 with the same body. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  refetchInterval: liveMs * 5,
  queryFn: async ({ signal }) => {
    const answer = await raw("/health", { signal });
    return (await answer.json()) as Health;
  },
});

export const nodeQuery = queryOptions({
  queryKey: ["node"],
  refetchInterval: liveMs,
  queryFn: ({ signal }) => payload(api.GET("/api/v1/admin/node", { signal })).then((answer) => answer.data),
});

export const inFlightQuery = (filter: { user_id?: string; model_id?: string }) =>
  queryOptions({
    queryKey: ["in-flight", filter],
    refetchInterval: liveMs,
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/admin/requests/in-flight", { params: { query: { ...filter, limit: 200, offset: 0 } }, signal })),
  });
