// What the gateway wrote down of itself: events and who changed what. For admins.
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, payload } from "./client";

const pageSize = 100;

export interface EventFilter {
  type?: string;
  from?: string;
  to?: string;
}

export interface AuditFilter {
  actor_id?: string;
  entity_type?: string;
  entity_id?: string;
  from?: string;
  to?: string;
}

interface Paged {
  has_more: boolean;
  offset: number;
  data: unknown[];
}

const nextOf = (page: Paged) => (page.has_more ? page.offset + page.data.length : null);

export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ["events", filter],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      payload(api.GET("/api/v1/admin/events", { params: { query: { ...filter, limit: pageSize, offset: pageParam } }, signal })),
    getNextPageParam: nextOf,
  });

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      payload(api.GET("/api/v1/admin/audit-logs", { params: { query: { ...filter, limit: pageSize, offset: pageParam } }, signal })),
    getNextPageParam: nextOf,
  });
