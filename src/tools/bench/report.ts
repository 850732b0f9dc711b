/** How the figures are shown: to people as a table, to programs as JSON. */
import type { Compared, Read } from "../bench-pages/bench-pages.ts";
import type { Measured } from "./loader.ts";

/** One line of the table. */
export interface Row {
  name: string;
  measured: Measured;
  /** Transactions of TPC-B a second, measured right before and right after: the mean of both. */
  tpcb?: number;
}

/** A comparison within the run, and what is wished for. */
export interface Ratio {
  name: string;
  value: number;
  goal: number;
}

export interface Report {
  machine: string;
  /** Transactions of TPC-B a second, before the first part and after each, and what sent them. */
  baseline: { by: string; rates: number[] } | undefined;
  rows: Row[];
  ratios: Ratio[];
  /** Milliseconds from nothing to a ready world, and to the first settled trade. */
  start: { ready: number; firstTrade: number } | undefined;
  history: { trades: number; bytes: number } | undefined;
  /** Pages of a buyer, by themselves and beside load: requests a second, and what became of them. */
  pages: { perSecond: number; alone: Read; beside: Read } | undefined;
  /** The same of the charts of an operator, and what a comparison of them with the database has found meanwhile. */
  charts: { perSecond: number; alone: Read; beside: Read; compared: Compared } | undefined;
  /** The largest memory of an institution's server, in bytes. */
  rssPeak: number;
  audits: string[];
}

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const tenths = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Columns side by side: the first to the left, the others to the right. */
export function table(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

const heads = ["", "trades/s", "TPC-B", "p50 ms", "p99 ms", "server", "postgres", "load", "RSS MB", "failed"];

/** The rate of a row against the TPC-B beside it. */
const ofTpcb = ({ measured, tpcb }: Row): number | undefined => tpcb && measured.tradesPerSecond / tpcb;

function line(row: Row): string[] {
  const { name, measured } = row;
  const ratio = ofTpcb(row);
  const { tradesPerSecond, seconds, p50, p99, cpuSeconds, spent, failed } = measured;
  const failures = Object.entries(failed).map(([what, count]) => `${count} x ${what}`);
  return [
    name,
    whole.format(tradesPerSecond),
    ratio === undefined ? "-" : fine.format(ratio),
    tenths.format(p50),
    tenths.format(p99),
    fine.format(spent.institutionCpu / seconds),
    spent.postgresCpu === undefined ? "-" : fine.format(spent.postgresCpu / seconds),
    fine.format(cpuSeconds / seconds),
    whole.format(spent.rss / 1e6),
    failures.join(", ") || "0",
  ];
}

/** The report as lines for people. */
export function reportLines(report: Report): string[] {
  const { baseline, rows, start, history, audits } = report;
  const lines = ["", report.machine];
  if (baseline !== undefined) {
    const { by, rates } = baseline;
    lines.push(
      `TPC-B through ${by}, 16 connections, prepared, before and after each part: ${rates.map((rate) => whole.format(rate)).join("; ")} a second`,
    );
  }
  if (rows.length > 0) lines.push("", ...table([heads, ...rows.map(line)]));
  const failure = rows.find(({ measured }) => measured.firstFailure !== "");
  if (failure !== undefined)
    lines.push("", `There were failures; the first of "${failure.name}": ${failure.measured.firstFailure}`);
  if (history !== undefined) {
    lines.push(
      "",
      `History: ${whole.format(history.trades)} trades, ${tenths.format(history.bytes / 1e9)} GB`,
    );
  }
  const goals = allRatios(report).map(({ name, value, goal }) => [
    name,
    fine.format(value),
    `goal ${fine.format(goal)}`,
  ]);
  if (goals.length > 0) lines.push("", ...table(goals));
  lines.push("", ...ownFigures(report, start), ...pageFigures(report), ...chartFigures(report), ...audits);
  return lines;
}

function ownFigures({ rssPeak }: Report, start: Report["start"]): string[] {
  const lines: string[] = [];
  if (start !== undefined) {
    const { ready, firstTrade } = start;
    lines.push(
      `Cold start: ready after ${tenths.format(ready / 1000)} s, first trade settled after ${tenths.format(firstTrade / 1000)} s (goal 8 s)`,
    );
  }
  if (rssPeak > 0)
    lines.push(`Largest memory of the institution's server: ${whole.format(rssPeak / 1e6)} MB (goal 200 MB)`);
  return lines;
}

function readFigures({ p50, p99, failed }: Read): string {
  const wrong = Object.entries(failed).map(([what, count]) => `, ${count} x ${what}`);
  return `p50 ${tenths.format(p50)} ms, p99 ${tenths.format(p99)} ms${wrong.join("")}`;
}

function pageFigures({ pages }: Report): string[] {
  if (pages === undefined) return [];
  const { perSecond, alone, beside } = pages;
  return [
    `Pages of a buyer, ${perSecond} a second, by themselves: ${readFigures(alone)}`,
    `Pages of a buyer, ${perSecond} a second, beside full load: ${readFigures(beside)} (goal p99 200 ms)`,
  ];
}

/** How many of the differences are told. */
const differencesTold = 10;

function chartFigures({ charts }: Report): string[] {
  if (charts === undefined) return [];
  const { perSecond, alone, beside, compared } = charts;
  const { times, wrong } = compared;
  const found =
    wrong.length === 0
      ? "the figures were the database's each time"
      : [`${wrong.length} figures were not the database's:`, ...wrong.slice(0, differencesTold)].join("\n  ");
  return [
    `Charts of an operator, ${perSecond} a second, by themselves: ${readFigures(alone)}`,
    `Charts of an operator, ${perSecond} a second, beside full load: ${readFigures(beside)}`,
    `Charts compared with the database ${times} times, beside full load and after it: ${found}`,
  ];
}

/** The ratios taken while measuring, and those to TPC-B. */
export function allRatios(report: Report): Ratio[] {
  const ratios = [...report.ratios];
  for (const [start, name, goal] of [
    ["single", "one request a step, against TPC-B", 1],
    ["batch", "batch endpoint, against TPC-B", 3],
    ["facilitated", "facilitated, one request a step, against TPC-B", 0.4],
    ["guaranteed", "guaranteed, proposed, accepted and collected, against TPC-B", 0.3],
  ] as const) {
    const found = report.rows.filter((row) => row.name.startsWith(start)).map((row) => ofTpcb(row) ?? 0);
    const value = Math.max(0, ...found);
    if (value > 0) ratios.unshift({ name, value, goal });
  }
  return ratios;
}

/** The report as one JSON object. */
export function reportJson(report: Report): string {
  const rows = report.rows.map((row) => ({
    name: row.name,
    ...row.measured,
    ofTpcb: ofTpcb(row) ?? null,
  }));
  return JSON.stringify({ ...report, rows, ratios: allRatios(report) });
}
