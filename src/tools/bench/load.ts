/** The process that makes load: it takes one job after the other from the process that measures. */
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { randomToken } from "../../storage/database/database.ts";
import { type Line, openLine, postParts, proposal } from "./connection.ts";
import type { Job, Loaded } from "./loader.ts";

/** What a job has come to so far. Nothing is counted outside the measured time. */
interface Tally {
  measuring: boolean;
  stopping: boolean;
  trades: number;
  failed: Record<string, number>;
  firstFailure: string;
  /** In microseconds, of all lines of the job. Only figures made from it go to the process that measures. */
  latencies: RecordableHistogram;
}

const drawKey = () => randomToken(15);

/** Starts the next request of a connection, or ends it. */
type Step = (line: Line, next: () => void) => void;

/** Sends a request, notes how long the answer took, and answers its body where it succeeded. */
function timed(tally: Tally, line: Line, request: string, then: (text: string | undefined) => void): void {
  const began = performance.now();
  line.send(request, (status, text) => {
    // A histogram takes whole numbers from 1 on.
    if (tally.measuring) tally.latencies.record(Math.max(1, Math.round((performance.now() - began) * 1000)));
    const fine = status >= 200 && status < 300;
    if (!fine) fail(tally, String(status), text);
    then(fine ? text : undefined);
  });
}

function fail(tally: Tally, what: string, text: string): void {
  tally.failed[what] = (tally.failed[what] ?? 0) + 1;
  if (tally.firstFailure === "") tally.firstFailure = text.slice(0, 500);
}

const tradeStart = /^\{"number":"([0-9]+)","state":"([a-z]+)"/;

/** One request for each step of a trade. */
function singleSteps(job: Job, tally: Tally): Step {
  const host = `${job.host}:${job.port}`;
  const wishes = job.buyers.map((buyer) => ({
    propose: postParts(host, "/v1/trades", buyer.key, JSON.stringify(proposal(buyer))),
    accept: postParts(host, "/v1/trades/N/accept", buyer.key, "{}"),
  }));
  let turn = 0;
  return (line, next) => {
    const wish = wishes[turn % wishes.length];
    turn += 1;
    if (wish === undefined) throw new Error("There is nobody to buy.");
    const [before, after] = wish.propose;
    timed(tally, line, before + drawKey() + after, (text) => {
      const [, number, state] = tradeStart.exec(text ?? "") ?? [];
      if (text !== undefined && state !== "reserved") fail(tally, "not reserved", text);
      if (number === undefined) return next();
      const [head, tail] = wish.accept;
      timed(tally, line, head.replace("/N/", `/${number}/`) + drawKey() + tail, (answer) => {
        const settled = tradeStart.exec(answer ?? "")?.[2] === "settled";
        if (settled && tally.measuring) tally.trades += 1;
        if (answer !== undefined && !settled) fail(tally, "not settled", answer);
        next();
      });
    });
  };
}

const outcomeStart =
  /\{"status":([0-9]{3}),"(?:trade|problem)":\{(?:"number":"([0-9]+)","state":"([a-z]+)")?/g;

/** Proposes `job.batch` trades in one request, and accepts them in the next. */
function batchSteps(job: Job, tally: Tally): Step {
  const host = `${job.host}:${job.port}`;
  const key = job.buyers[0]?.key ?? "";
  const proposals = job.buyers.map((buyer) => JSON.stringify(proposal(buyer)));
  let turn = 0;
  const post = (commands: string[]) => {
    const [before, after] = postParts(host, "/v1/trades/batch", key, `{"commands":[${commands.join()}]}`);
    return before + drawKey() + after;
  };
  const proposed = () => {
    turn += 1;
    return `{"do":"propose","key":"${drawKey()}","trade":${proposals[turn % proposals.length]}}`;
  };
  const take = (text: string, wanted: string, each: (number: string) => void) => {
    for (const [, status = "", number, state = ""] of text.matchAll(outcomeStart)) {
      if (number !== undefined && state === wanted) each(number);
      else fail(tally, status.startsWith("2") ? `not ${wanted}` : status, text);
    }
  };
  return (line, next) => {
    timed(tally, line, post(Array.from({ length: job.batch }, proposed)), (text) => {
      const commands: string[] = [];
      take(text ?? "", "reserved", (number) => {
        commands.push(`{"do":"accept","key":"${drawKey()}","number":"${number}"}`);
      });
      if (commands.length === 0) return next();
      timed(tally, line, post(commands), (answer) => {
        take(answer ?? "", "settled", () => {
          if (tally.measuring) tally.trades += 1;
        });
        next();
      });
    });
  };
}

async function work(job: Job): Promise<Loaded> {
  const latencies = createHistogram();
  const tally: Tally = {
    measuring: false,
    stopping: false,
    trades: 0,
    failed: {},
    firstFailure: "",
    latencies,
  };
  const step = job.batch === 0 ? singleSteps(job, tally) : batchSteps(job, tally);
  const lines = await Promise.all(
    Array.from({ length: job.connections }, () => openLine(job.host, job.port)),
  );
  const ended = Promise.all(lines.map((line) => untilStopped(tally, line, step)));
  await pause(job.warmUp * 1000);
  process.send?.({ now: "measuring" });
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  tally.measuring = true;
  await pause(job.seconds * 1000);
  tally.measuring = false;
  const seconds = (performance.now() - began) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  process.send?.({ now: "measured" });
  tally.stopping = true;
  await ended;
  for (const line of lines) line.close();
  return {
    trades: tally.trades,
    seconds,
    requests: latencies.count,
    p50: latencies.percentile(50) / 1000,
    p99: latencies.percentile(99) / 1000,
    failed: tally.failed,
    firstFailure: tally.firstFailure,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
}

/** One step after the other; what has begun when the time is over is brought to its end. */
function untilStopped(tally: Tally, line: Line, step: Step): Promise<void> {
  return new Promise((ended) => {
    const next = () => (tally.stopping || tally.failed["0"] !== undefined ? ended() : step(line, next));
    next();
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((over) => {
    setTimeout(over, milliseconds);
  });
}

process.on("message", (job: Job) => {
  work(job).then(
    (loaded) => process.send?.({ loaded }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
