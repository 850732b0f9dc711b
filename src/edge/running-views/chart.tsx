/**
 * A chart of bars, drawn by the server. The drawing says by its label what is highest and what is last; its words stand
 * beside it as text, so that they keep their size on a phone, and a table below has each figure with the way to what is
 * behind it.
 */
import type { ComponentChildren } from "preact";
import { useWords } from "../parts/parts.ts";

export interface Bar {
  /** What it is of: a day, or a minute. */
  name: string;
  /** One value, or a smaller one inside of a larger one. */
  values: readonly [number] | readonly [outer: number, inner: number];
}

interface ChartProps {
  title: string;
  bars: readonly Bar[];
  /** A value as people read it, for the axis and for the label. */
  write: (value: number) => string;
  /** In what the axis counts, by the highest value; in ones where it is left out. */
  unitOf?: (highest: number) => number;
  /** What the two values of a bar are, where there are two. */
  legend?: readonly [outer: string, inner: string];
  /** The table of all figures. */
  children: ComponentChildren;
}

const height = 100;
const step = 10;

/** The next round number whose half is whole, too: 2, 4, 6 or 10 with zeros, of what the axis counts in. */
function roundUp(value: number, unit: number): number {
  const counted = value / unit;
  if (counted <= 2) return 2 * unit;
  const ten = 10 ** Math.floor(Math.log10(counted));
  const factor = [1, 2, 4, 6, 10].find((each) => each * ten >= counted) ?? 10;
  return factor * ten * unit;
}

function Column({ index, values, top }: { index: number; values: readonly number[]; top: number }) {
  const [outer = 0, inner] = values;
  const tall = (value: number) => Math.max((value / top) * height, value > 0 ? 1 : 0);
  const left = index * step;
  return (
    <>
      {outer > 0 ? (
        <rect
          class={inner === undefined ? "bar-one" : "bar-outer"}
          x={left + 1}
          y={height - tall(outer)}
          width={step - 2}
          height={tall(outer)}
        />
      ) : null}
      {inner !== undefined && inner > 0 ? (
        <rect class="bar-one" x={left + 3} y={height - tall(inner)} width={step - 6} height={tall(inner)} />
      ) : null}
    </>
  );
}

function Lines({ width }: { width: number }) {
  return (
    <>
      {[0, height / 2, height].map((y) => (
        <line key={y} class="chart-line" x1={0} x2={width} y1={y} y2={y} vector-effect="non-scaling-stroke" />
      ))}
    </>
  );
}

function labelOf(
  { title, bars, write }: Pick<ChartProps, "title" | "bars" | "write">,
  say: ReturnType<typeof useWords>,
): string {
  const last = bars.at(-1);
  const highest = bars.reduce<Bar | undefined>(
    (best, bar) => (best === undefined || bar.values[0] > best.values[0] ? bar : best),
    undefined,
  );
  if (last === undefined || highest === undefined || highest.values[0] === 0)
    return say("running.chartNone", { title });
  return say("running.chart", {
    title,
    most: write(highest.values[0]),
    when: highest.name,
    last: write(last.values[0]),
    end: last.name,
  });
}

function Legend({ legend }: { legend: readonly [string, string] }) {
  const [outer, inner] = legend;
  return (
    <p class="small soft row">
      {[
        ["bar-outer", outer],
        ["bar-one", inner],
      ].map(([look, text]) => (
        <span key={look} class="chart-key">
          <svg viewBox="0 0 10 10" width="14" height="14" aria-hidden="true" focusable="false">
            <rect class={look} x="1" y="1" width="8" height="8" />
          </svg>
          {text}
        </span>
      ))}
    </p>
  );
}

export function Chart({ title, bars, write, unitOf = () => 1, legend, children }: ChartProps) {
  const say = useWords();
  const width = Math.max(bars.length, 1) * step;
  const highest = Math.max(0, ...bars.map(({ values }) => values[0]));
  const top = roundUp(highest, unitOf(highest));
  const heading = (
    <figcaption>
      <h3>{title}</h3>
    </figcaption>
  );
  // An axis without a bar says nothing: a sentence does.
  if (highest === 0)
    return (
      <figure class="chart">
        {heading}
        <p class="soft">{say("running.nothing")}</p>
      </figure>
    );
  return (
    <figure class="chart">
      {heading}
      {legend === undefined ? null : <Legend legend={legend} />}
      <div class="chart-plot">
        <p class="chart-scale" aria-hidden="true">
          <span>{write(top)}</span>
          <span>{write(top / 2)}</span>
          <span>{write(0)}</span>
        </p>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={labelOf({ title, bars, write }, say)}
        >
          <Lines width={width} />
          {bars.map(({ name, values }, index) => (
            <Column key={name} index={index} values={values} top={top} />
          ))}
        </svg>
        <p class="chart-ends" aria-hidden="true">
          <span>{bars[0]?.name}</span>
          <span>{bars.at(-1)?.name}</span>
        </p>
      </div>
      <details class="act">
        <summary>{say("running.table", { title })}</summary>
        {children}
      </details>
    </figure>
  );
}
