import { VisuallyHidden } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactNode } from "react";
import { Empty } from "./States";

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Figures stand right, so that their places are one below the other. */
  isFigure?: boolean;
  width?: number;
  /** The header is for readers only: what stands below speaks for itself. */
  isHeaderHidden?: boolean;
}

const rowHeight = 44;
const most = 560;

/**
 * A table of any length: only the rows that can be seen are drawn. `onEnd` is called when the last of them comes into view.
 */
export function DataTable<T>({
  label,
  columns,
  rows,
  keyOf,
  empty,
  onEnd,
}: {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
  empty: string;
  onEnd?: (() => void) | undefined;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called while drawing and not kept
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - 1) onEnd();
  }, [last, rows.length, onEnd]);
  if (rows.length === 0) return <Empty>{empty}</Empty>;
  const above = shown[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <div ref={scroller} className="table-scroll" style={{ maxHeight: most }} tabIndex={0} role="group" aria-label={label}>
      <table className="table" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={column.isFigure ? "right" : undefined} style={{ minWidth: column.width }}>
                {column.isHeaderHidden ? <VisuallyHidden>{column.header}</VisuallyHidden> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Spacer height={above} columns={columns.length} />}
          {shown.map((item) => {
            const row = rows[item.index];
            return (
              row !== undefined && (
                <tr key={item.key} aria-rowindex={item.index + 2} style={{ height: rowHeight }}>
                  {columns.map((column) => (
                    <td key={column.id} className={column.isFigure ? "right" : undefined}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          {below > 0 && <Spacer height={below} columns={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden="true">
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
