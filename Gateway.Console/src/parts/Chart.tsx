import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useI18n } from "../i18n/i18n";

export interface Series {
  name: string;
  label: string;
  kind: "main" | "past" | "bad";
}

export interface Point {
  at: string;
  values: Record<string, number>;
}

const height = 240;
const axisWidth = 72;
const labelWidth = 80;
const colors = {
  light: { main: "#1971c2", past: "#868e96", bad: "#e03131", text: "#343a40", grid: "#e9ecef" },
  dark: { main: "#4dabf7", past: "#909296", bad: "#ff6b6b", text: "#c9c9c9", grid: "#3b3b3b" },
};

/** Figures over time. What it shows also stands in a table or in figures beside it; readers hear its label. */
export default function Chart({
  label,
  points,
  series,
  format,
}: {
  label: string;
  points: Point[];
  series: Series[];
  format: (value: number) => string;
}) {
  const { t } = useI18n();
  const place = useRef<HTMLDivElement>(null);
  const palette = colors[useComputedColorScheme("light")];
  const time = t("calls.time");
  const content = JSON.stringify([points, series]);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const [points, series] = JSON.parse(content) as [Point[], Series[]];
    const labelAt = (index: number) => points[index]?.at ?? "";
    const axis = { stroke: palette.text, grid: { stroke: palette.grid, width: 1 }, ticks: { stroke: palette.grid, width: 1 } };
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height,
        scales: { x: { time: false }, y: { range: (_, __, top) => [0, top > 0 ? top * 1.05 : 1] } },
        axes: [
          {
            ...axis,
            incrs: [1, 2, 3, 5, 7, 10, 14, 30, 60],
            space: labelWidth,
            values: (_, at) => at.map((index) => (Number.isInteger(index) ? labelAt(index) : "")),
          },
          { ...axis, size: axisWidth, values: (_, at) => at.map(format) },
        ],
        series: [
          { label: time, value: (_, value: number | null) => (value === null ? "–" : labelAt(value)) },
          ...series.map(({ label: name, kind }) => ({
            label: name,
            stroke: palette[kind],
            width: 2,
            ...(kind === "past" ? { dash: [6, 4] } : { fill: `${palette[kind]}22` }),
            points: { show: points.length === 1 },
            value: (_: UPlot, value: number | null) => (value === null ? "–" : format(value)),
          })),
        ],
        cursor: { drag: { x: false, y: false } },
      },
      [points.map((_, index) => index), ...series.map(({ name }) => points.map((point) => point.values[name] ?? 0))],
      element,
    );
    const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    sized.observe(element);
    return () => {
      sized.disconnect();
      plot.destroy();
    };
  }, [content, palette, format, time]);
  return <div ref={place} role="img" aria-label={label} className="chart" />;
}
