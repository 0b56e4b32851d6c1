import { Skeleton } from "@mantine/core";
import { lazy, Suspense, type ComponentProps } from "react";
import type { Point, Series } from "./Chart";

export type { Point, Series };

const Chart = lazy(() => import("./Chart"));

/** {@link Chart}, fetched when the first one is shown. */
export function LazyChart(props: ComponentProps<typeof Chart>) {
  return (
    <Suspense fallback={<Skeleton h={240} />}>
      <Chart {...props} />
    </Suspense>
  );
}
