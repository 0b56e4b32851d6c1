// Lists of the API, page by page.
import { infiniteQueryOptions } from "@tanstack/react-query";

const pageSize = 100;

export interface Paged<T> {
  data: T[];
  total_count: number;
  offset: number;
  has_more: boolean;
}

export interface PageOf {
  limit: number;
  offset: number;
}

/** All rows of a list that match, a page at a time. */
export const pagesOf = <T>(key: readonly unknown[], fetch: (page: PageOf, signal: AbortSignal) => Promise<Paged<T>>) =>
  infiniteQueryOptions({
    queryKey: key,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => fetch({ limit: pageSize, offset: pageParam }, signal),
    getNextPageParam: (page) => (page.has_more ? page.offset + page.data.length : null),
  });

/** A filter without what is not set. */
export function given<T extends Record<string, string | null>>(filter: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as { [K in keyof T]?: string };
}
