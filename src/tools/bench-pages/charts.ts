/** An operator who looks at how a server runs while it trades, and whether what the charts say is what the database says. */
import { setTimeout as pause } from "node:timers/promises";
import { openDatabase } from "../../storage/database/database.ts";
import { openBrowser } from "./browser.ts";
import { countFigures, type Figures } from "./counted-store.ts";
import { readPage } from "./reader.ts";

export interface ChartsPlace {
  url: string;
  operator: { email: string; password: string };
  /** Where the figures are counted. */
  database: { url: string; schema: string };
  currency: string;
}

export interface Charts {
  /** Loads the page; answers what was wrong with it, or undefined. */
  read(): Promise<string | undefined>;
  /** Compares while `running` has not ended, and once more when it has: then all has to be equal. */
  compare(running: Promise<unknown>): Promise<Compared>;
  close(): Promise<void>;
}

export interface Compared {
  /** How often the page was compared with the database. */
  times: number;
  /** What was not the same, a sentence each. */
  wrong: string[];
}

const path = "/running";
const betweenLooks = 1000;

const digits = (cell: string): bigint =>
  BigInt(cell.replaceAll(/<[^>]*>/g, "").replaceAll(/[^0-9]/g, "") || "0");

/** The figures that stand on the page. */
function figuresOn(html: string, currency: string): Figures {
  const rows = [...html.matchAll(/<tr([^>]*)>(.*?)<\/tr>/gs)].map(([, marks = "", row = ""]) => {
    const cells = [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = ""]) => cell);
    return { state: /data-state="([a-z_]+)"/.exec(marks)?.[1], row, cells };
  });
  const states: Figures["states"] = {};
  for (const { state, cells } of rows)
    if (state !== undefined) states[state] = Number(digits(cells[0] ?? ""));
  const sumOf = (kind: string): bigint =>
    rows
      .filter(({ row }) => row.includes(`?kind=${kind}&amp;currency=${currency}&amp;day=`))
      .reduce((sum, { cells }) => sum + digits(cells[1] ?? ""), 0n);
  return { states, settled: sumOf("settled"), frozen: sumOf("frozen") };
}

/** What only grows while trades are done and nobody takes anything back. */
const growing = ({ states, settled, frozen }: Figures): Record<string, bigint> => ({
  "settled trades": BigInt(states["settled"] ?? 0),
  "settled money": settled,
  "frozen money": frozen,
});

/** What a page says that was not so at any moment between two counts. The page waits for all that was committed before. */
export function notBetween(before: Figures, shown: Figures, after: Figures): string[] {
  const [least, most] = [growing(before), growing(after)];
  return Object.entries(growing(shown)).flatMap(([name, value]) =>
    value >= (least[name] ?? 0n) && value <= (most[name] ?? 0n)
      ? []
      : [`${name}: ${value} on the page, ${least[name]} counted before and ${most[name]} after`],
  );
}

/** What a page says that is not what was counted while nothing moved. */
export function notEqual(shown: Figures, counted: Figures): string[] {
  const names = new Set([...Object.keys(shown.states), ...Object.keys(counted.states)]);
  const states = [...names].flatMap((state) => {
    const [page, database] = [shown.states[state] ?? 0, counted.states[state] ?? 0];
    return page === database ? [] : [`${state}: ${page} on the page, ${database} counted at the end`];
  });
  const money = (["settled", "frozen"] as const).flatMap((kind) =>
    shown[kind] === counted[kind]
      ? []
      : [`${kind}: ${shown[kind]} on the page, ${counted[kind]} counted at the end`],
  );
  return [...states, ...money];
}

export async function openCharts({ url, operator, database: where, currency }: ChartsPlace): Promise<Charts> {
  const browser = await openBrowser(url, operator);
  const database = openDatabase({ ...where, max: 1 });
  const shown = async (): Promise<Figures> => figuresOn((await browser.load(path)).text, currency);
  const compare = async (running: Promise<unknown>): Promise<Compared> => {
    let runs = true;
    const ended = running.finally(() => {
      runs = false;
    });
    const compared: Compared = { times: 0, wrong: [] };
    while (runs) {
      const before = await countFigures(database);
      const page = await shown();
      compared.wrong.push(...notBetween(before, page, await countFigures(database)));
      compared.times += 1;
      await Promise.race([ended, pause(betweenLooks)]);
    }
    await ended;
    compared.wrong.push(...notEqual(await shown(), await countFigures(database)));
    compared.times += 1;
    return compared;
  };
  return {
    read: () => readPage(browser, { path, holds: 'data-state="settled"' }),
    compare,
    close: async () => {
      browser.close();
      await database.close();
    },
  };
}
