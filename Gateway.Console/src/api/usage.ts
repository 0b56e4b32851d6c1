// Sums of usage, as the operator's views ask for them.
import { queryOptions } from "@tanstack/react-query";
import { api, payload } from "./client";

export const splits = ["model", "user", "key", "team", "tier", "tag", "end_user"] as const;
export type Split = (typeof splits)[number];

export interface UsageFilter {
  user_id?: string;
  api_key_id?: string;
  model_id?: string;
  team_id?: string;
  tier_id?: string;
  tag?: string;
  end_user?: string;
}

/** What clients say of a call: its sums are by day and user, and go with nothing else. */
export const isLabel = (split: Split) => split === "tag" || split === "end_user";

/** Days or moments, UTC; both are counted. */
export interface Span {
  from: string;
  to: string;
}

const dayMs = 86_400_000;

export const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The last days, today included. */
export function lastDays(count: number, now = Date.now()): Span {
  return { from: dateOf(now - (count - 1) * dayMs), to: dateOf(now) };
}

/** As many days before. */
export function spanBefore(span: Span): Span {
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
  const length = to - from + dayMs;
  return { from: dateOf(from - length), to: dateOf(to - length) };
}

/** Every day of a span. */
export function daysOf(span: Span): string[] {
  const days = [];
  for (let at = Date.parse(span.from); at <= Date.parse(span.to); at += dayMs) days.push(dateOf(at));
  return days;
}

export const usageQuery = (groupBy: string, span: Span, filter: UsageFilter = {}, limit = 200) =>
  queryOptions({
    queryKey: ["usage", groupBy, span, filter, limit],
    queryFn: ({ signal }) => {
      const query = { group_by: groupBy, ...span, ...filter, limit };
      return payload(api.GET("/api/v1/admin/usage", { params: { query }, signal })).then((answer) => answer.data);
    },
  });
