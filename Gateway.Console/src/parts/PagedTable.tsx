import { Text } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { Paged } from "../api/pages";
import { DataTable, type Column } from "./DataTable";
import { Failed, Loading } from "./States";

/** The rows of a list: how many there are, and more of them as they come into view. */
export function PagedTable<T>({
  query,
  label,
  count,
  columns,
  keyOf,
  empty,
}: {
  query: UseInfiniteQueryResult<InfiniteData<Paged<T>>>;
  label: string;
  count: (total: number) => string;
  columns: Column<T>[];
  keyOf: (row: T) => string;
  empty: string;
}) {
  if (query.data === undefined) return query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : <Loading />;
  return (
    <>
      <Text size="sm" c="dimmed" role="status">
        {count(query.data.pages[0]?.total_count ?? 0)}
      </Text>
      <DataTable
        label={label}
        columns={columns}
        rows={query.data.pages.flatMap((page) => page.data)}
        keyOf={keyOf}
        empty={empty}
        onEnd={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
      />
    </>
  );
}
