/** The measurements: what each of them sets up, and what it compares. */
import {
  type Charts,
  onSchedule,
  openCharts,
  openReader,
  type Reader,
  wallClock,
} from "../bench-pages/bench-pages.ts";
import { openLine, postParts, proposal } from "./connection.ts";
import type { Buyer, Job, Loader, Measured } from "./loader.ts";
import type { Options } from "./options.ts";
import type { Report, Row } from "./report.ts";
import { addHistory, addShops, settleDown, sizeOf } from "./stock-store.ts";
import { startWorld, type World } from "./bench-world.ts";

/** What every measurement needs. */
export interface Bench {
  options: Options;
  loader: Loader;
  report: Report;
  /** Told what is being done. */
  tell: (line: string) => void;
}

const loadMembers = {
  institution: "loadMembers",
  facilitator: "facilitatedLoadMembers",
  guarantor: "guaranteedLoadMembers",
} as const;

/** The members for load of a server, as buyers of its first shop. */
function buyersOf({ demo }: World, party: keyof typeof loadMembers = "institution"): Buyer[] {
  const [key] = demo[party].shopKeys;
  if (key === undefined) throw new Error("The demo has no shop.");
  const members = demo[loadMembers[party]];
  return members.flatMap(({ number, currency, mandates }) => {
    const mandate = mandates[key];
    return mandate === undefined ? [] : { key, member: number, mandate, currency };
  });
}

type Wish = Pick<Job, "connections"> & Partial<Job>;

/** Runs load on a world. */
async function measure({ options, loader, report }: Bench, world: World, wish: Wish): Promise<Measured> {
  const { hostname, port } = new URL(world.demo.institution.url);
  const { warmUp, seconds } = options;
  const job = {
    host: hostname,
    port: Number(port),
    batch: 0,
    buyers: buyersOf(world),
    warmUp,
    seconds,
    ...wish,
  };
  const measured = await loader.run(job, world.pid);
  report.rssPeak = Math.max(report.rssPeak, measured.spent.rssPeak);
  return measured;
}

function keep({ report, tell }: Bench, row: Row): void {
  report.rows.push(row);
  tell(`${row.name}: ${Math.round(row.measured.tradesPerSecond)} trades a second`);
}

/** One request for each step of a trade, at growing numbers of connections. */
export async function measureSingle(bench: Bench, world: World): Promise<void> {
  for (const connections of [1, 16, 64, 256]) {
    const measured = await measure(bench, world, { connections });
    keep(bench, { name: `single, ${connections} connection${connections === 1 ? "" : "s"}`, measured });
  }
}

const batches = [
  { connections: 1, batch: 500 },
  { connections: 2, batch: 250 },
  { connections: 4, batch: 100 },
  { connections: 4, batch: 250 },
];

/** The same steps by a facilitator, which asks the institution about each: two servers, two commits more. */
export async function measureFacilitated(bench: Bench, world: World): Promise<void> {
  const { hostname, port } = new URL(world.demo.facilitator.url);
  const buyers = buyersOf(world, "facilitator");
  for (const connections of [1, 16, 64, 256]) {
    const measured = await measure(bench, world, { connections, host: hostname, port: Number(port), buyers });
    keep(bench, { name: `facilitated, ${connections} connection${connections === 1 ? "" : "s"}`, measured });
  }
}

/** The same steps at a guarantor, and the payment at the counter of the institution that collects for it. */
export async function measureGuaranteed(bench: Bench, world: World): Promise<void> {
  const { demo } = world;
  const [guarantor, institution] = [new URL(demo.guarantor.url), new URL(demo.institution.url)];
  const [clerk] = demo.clerks;
  if (clerk === undefined) throw new Error("The demo has no clerk.");
  const counter = { host: institution.hostname, port: Number(institution.port), ...clerk };
  const buyers = buyersOf(world, "guarantor");
  for (const connections of [16, 64, 256]) {
    const at = { host: guarantor.hostname, port: Number(guarantor.port) };
    const measured = await measure(bench, world, { connections, ...at, buyers, counter });
    keep(bench, { name: `guaranteed and collected, ${connections} connections`, measured });
  }
}

export async function measureBatch(bench: Bench, world: World): Promise<void> {
  for (const { connections, batch } of batches) {
    const measured = await measure(bench, world, { connections, batch });
    keep(bench, {
      name: `batch of ${batch}, ${connections} connection${connections === 1 ? "" : "s"}`,
      measured,
    });
  }
}

const shopCount = 1000;
const usual = 64;

/** All trades at one shop, and the same spread over a thousand; in turns, since the machine may be slower for a while. */
export async function measureHot(bench: Bench, world: World): Promise<void> {
  const [shop] = world.demo.institution.shops;
  if (shop === undefined) throw new Error("The demo has no shop.");
  bench.tell(`Entering ${shopCount} shops …`);
  const many = await addShops(world.databaseUrl, shop.id, buyersOf(world), shopCount);
  await settleDown(world.databaseUrl);
  await compare(bench, {
    name: "one hot shop, against 1,000 shops",
    goal: 0.9,
    one: { name: "one shop, 64 connections", run: () => measure(bench, world, { connections: usual }) },
    other: {
      name: "1,000 shops, 64 connections",
      run: () => measure(bench, world, { connections: usual, buyers: many }),
    },
  });
}

const pagesPerSecond = 50;

/** Somebody who looks at what they have bought, at the institution. */
function openBuyer({ demo }: World): Promise<Reader> {
  const [shopKey] = demo.institution.shopKeys;
  const member = demo.members.find(({ at }) => at === "institution");
  const mandate = shopKey === undefined ? undefined : member?.mandates[shopKey];
  if (shopKey === undefined || member === undefined || mandate === undefined)
    throw new Error("The demo has no buyer.");
  return openReader({ url: demo.institution.url, shopKey, member: { ...member, mandate } });
}

const chartsPerSecond = 2;

/** An operator of the institution before its charts. */
function openOperator({ demo, databaseUrl }: World): Promise<Charts> {
  const operator = demo.operators.find(({ at }) => at === "institution");
  const [member] = demo.loadMembers;
  if (operator === undefined || member === undefined) throw new Error("The demo has no operator.");
  const database = { url: databaseUrl, schema: "institution" };
  return openCharts({ url: demo.institution.url, operator, database, currency: member.currency });
}

/**
 * The pages that a buyer sees, and the charts of an operator, by themselves and while the same server does trades as fast as
 * it can; and whether the charts say what the database says meanwhile.
 */
export async function measurePages(bench: Bench, world: World): Promise<void> {
  const { warmUp, seconds } = bench.options;
  const reader = await openBuyer(world);
  const charts = await openOperator(world);
  try {
    const read = () =>
      onSchedule({ perSecond: pagesPerSecond, warmUp, seconds }, wallClock, (turn) => reader.read(turn));
    const look = () =>
      onSchedule({ perSecond: chartsPerSecond, warmUp, seconds }, wallClock, () => charts.read());
    const [alone, looked] = await Promise.all([read(), look()]);
    const load = measure(bench, world, { connections: usual });
    const [beside, lookedBeside, compared, measured] = await Promise.all([
      read(),
      look(),
      charts.compare(load),
      load,
    ]);
    keep(bench, { name: `beside ${pagesPerSecond} pages a second, 64 connections`, measured });
    bench.report.pages = { perSecond: pagesPerSecond, alone, beside };
    bench.report.charts = { perSecond: chartsPerSecond, alone: looked, beside: lookedBeside, compared };
    bench.tell(`Pages beside it: p99 ${Math.round(beside.p99)} ms`);
    if (compared.wrong.length > 0) process.exitCode = 1;
  } finally {
    reader.close();
    await charts.close();
  }
}

/**
 * What a system does that was just set up, against what it does a minute later: a plan that was made of empty tables shows
 * here. Before both comes the warm-up of every measurement, in which the program's own code is compiled.
 */
export async function measureFresh(bench: Bench): Promise<void> {
  const { fresh, warmUp } = bench.options;
  const world = await startWorld(bench.options.dir);
  try {
    const run = (pause: number, seconds: number) =>
      measure(bench, world, { connections: usual, warmUp: pause, seconds });
    const first = await run(warmUp, fresh);
    keep(bench, { name: `the first ${fresh} seconds, 64 connections`, measured: first });
    const later = await run(5 * fresh, 2 * fresh);
    keep(bench, { name: `from second ${6 * fresh} to ${8 * fresh}, 64 connections`, measured: later });
    bench.report.ratios.push({
      name: "a fresh system, against itself later",
      value: first.tradesPerSecond / later.tradesPerSecond,
      goal: 0.9,
    });
    await auditWorld(bench, world, "The fresh world");
  } finally {
    await world.close();
  }
}

interface Side {
  name: string;
  run: () => Promise<Measured>;
}

/** Measures two things in turns and notes the one against the other. */
async function compare(
  bench: Bench,
  what: { name: string; goal: number; one: Side; other: Side },
): Promise<void> {
  const sums = { one: 0, other: 0 };
  for (let turn = 0; turn < bench.options.turns; turn += 1) {
    for (const side of ["other", "one"] as const) {
      const measured = await what[side].run();
      sums[side] += measured.tradesPerSecond;
      keep(bench, { name: what[side].name, measured });
    }
  }
  bench.report.ratios.push({ name: what.name, value: sums.one / sums.other, goal: what.goal });
}

/** How many real trades the history consists of copies of. */
const modelCount = 200;

/** A world with a long history beside an empty one. */
export async function measureHistory(bench: Bench): Promise<void> {
  const { options, tell, report } = bench;
  const worlds: World[] = [];
  try {
    for (const _ of ["empty", "old"]) worlds.push(await startWorld(options.dir));
    const [empty, old] = worlds;
    if (empty === undefined || old === undefined) throw new Error("Two worlds are needed.");
    const numbers: string[] = [];
    for (const buyer of buyersOf(old).slice(0, modelCount)) numbers.push(await tradeOnce(old, buyer));
    const began = performance.now();
    let told = 0;
    await addHistory(old.databaseUrl, numbers, options.history, (done) => {
      if (done * 10 < told + options.history && done < options.history) return;
      told = done * 10;
      tell(
        `History: ${done} of ${options.history} trades after ${Math.round((performance.now() - began) / 1000)} s`,
      );
    });
    for (const world of worlds) await settleDown(world.databaseUrl);
    const size = await sizeOf(old.databaseUrl);
    report.history = { trades: Number(size.trades), bytes: Number(size.bytes) };
    await compare(bench, {
      name: `a history of ${options.history} trades, against none`,
      goal: 0.9,
      one: { name: "long history, 64 connections", run: () => measure(bench, old, { connections: usual }) },
      other: { name: "no history, 64 connections", run: () => measure(bench, empty, { connections: usual }) },
    });
    await auditWorld(bench, old, "The world with the long history");
    await auditWorld(bench, empty, "The world beside it");
  } finally {
    for (const world of worlds) await world.close();
  }
}

/** From an empty folder to the first trade that is settled. */
export async function measureStart(bench: Bench): Promise<void> {
  const began = performance.now();
  const world = await startWorld(bench.options.dir);
  try {
    const [buyer] = buyersOf(world);
    if (buyer === undefined) throw new Error("There is nobody to buy.");
    await tradeOnce(world, buyer);
    bench.report.start = { ready: world.startedIn, firstTrade: performance.now() - began };
    bench.tell(`Cold start: first trade after ${Math.round(bench.report.start.firstTrade)} ms`);
  } finally {
    await world.close();
  }
}

/** Proposes and accepts one trade, and answers its number. */
async function tradeOnce({ demo }: World, buyer: Buyer): Promise<string> {
  const { hostname, port, host } = new URL(demo.institution.url);
  const line = await openLine(hostname, Number(port));
  try {
    const post = (path: string, key: string, body: object) =>
      new Promise<{ number: string; state: string }>((done, failed) => {
        const [before, after] = postParts(host, path, buyer.key, JSON.stringify(body));
        line.send(before + key + after, (status, text) => {
          if (status >= 200 && status < 300) done(JSON.parse(text) as { number: string; state: string });
          else failed(new Error(`A trade was answered with ${status}: ${text}`));
        });
      });
    const { number } = await post("/v1/trades", `propose-${buyer.mandate}`, proposal(buyer));
    const { state } = await post(`/v1/trades/${number}/accept`, `accept-${buyer.mandate}`, {});
    if (state !== "settled") throw new Error(`Trade ${number} is ${state} after its acceptance.`);
    return number;
  } finally {
    line.close();
  }
}

/** Lets the program prove a world's books; the benchmark of books that do not agree is worth nothing. */
export async function auditWorld({ report, tell }: Bench, world: World, name: string): Promise<void> {
  tell(`Auditing: ${name} …`);
  const began = performance.now();
  const { agree, says } = await world.audit();
  report.audits.push(`${name}, audited in ${Math.round((performance.now() - began) / 1000)} s: ${says}`);
  if (!agree) process.exitCode = 1;
}
