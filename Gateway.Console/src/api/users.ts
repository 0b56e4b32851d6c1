import { queryOptions } from "@tanstack/react-query";
import { api, payload, raw } from "./client";

const minuteMs = 60_000;

/** One user, for staff. Names change seldom: they are asked for once in a while. */
export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ["users", "one", id],
    staleTime: 5 * minuteMs,
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/admin/users/{id}", { params: { path: { id } }, signal })).then((answer) => answer.data),
  });

/** Users whose email or name has a text in it, for staff. */
export const userSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ["users", "search", search],
    staleTime: minuteMs,
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/admin/users", { params: { query: { ...(search && { search }), limit: 20, offset: 0 } }, signal })).then(
        (answer) => answer.data,
      ),
  });

/** Models that the caller may see, by name. */
export const modelsQuery = queryOptions({
  queryKey: ["models", "public"],
  staleTime: minuteMs,
  queryFn: ({ signal }) => payload(api.GET("/api/v1/models", { signal })).then((answer) => answer.data),
});

/** Names of the models that the caller may call. */
export const callableModelsQuery = queryOptions({
  queryKey: ["models", "callable"],
  staleTime: minuteMs,
  queryFn: async ({ signal }) => {
    const answer = await raw("/v1/models", { signal });
    const { data } = (await answer.json()) as { data: { id: string }[] };
    return [...new Set(data.map((model) => model.id))];
  },
});
