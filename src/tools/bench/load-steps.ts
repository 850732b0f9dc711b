/** What a connection of the load does, one trade or one batch after the other. */
import type { RecordableHistogram } from "node:perf_hooks";
import { randomToken, uuidv7 } from "../../storage/database/database.ts";
import { type Line, openLine, postParts, proposal } from "./connection.ts";
import type { Counter, Job } from "./loader.ts";

/** What a job has come to so far. Nothing is counted outside the measured time. */
export interface Tally {
  measuring: boolean;
  stopping: boolean;
  trades: number;
  failed: Record<string, number>;
  firstFailure: string;
  /** In microseconds, of all lines of the job. Only figures made from it go to the process that measures. */
  latencies: RecordableHistogram;
}

const drawKey = () => randomToken(15);

/** Does one trade, or one batch, on a connection, and says when it is over. */
export type Step = (line: Line, next: () => void) => void;

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
export function singleSteps(job: Job, tally: Tally): Step {
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
export function batchSteps(job: Job, tally: Tally): Step {
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

/** How long a payer waits who has come before the word of what is due (milliseconds), and twice as long each time after it. */
const comeAgainMs = 8;

/**
 * One request for each step of a trade at a guarantor, and one for the payment at the counter of an institution, which has to
 * have heard what is due. So each connection pays for the trade that it had accepted before its last one: payers come days
 * later, and those who came too early would measure how the institution sends people away. A trade counts when the money is
 * taken.
 */
export function collectedSteps(job: Job, counter: Counter, tally: Tally): Step {
  const host = `${job.host}:${job.port}`;
  const place = `${counter.host}:${counter.port}`;
  const counters = new Map<Line, Line>();
  const owed = new Map<Line, string>();
  const wishes = job.buyers.map((buyer) => ({
    propose: postParts(host, "/v1/trades", buyer.key, JSON.stringify(proposal(buyer))),
    accept: postParts(host, "/v1/trades/N/accept", buyer.key, "{}"),
  }));
  const pay = (line: Line, number: string, next: () => void, waitMs = comeAgainMs) => {
    const paying = {
      id: uuidv7(),
      amount: 1200,
      currency: "JPY",
      channel: counter.channel,
      reference: "bench",
    };
    const path = `/v1/collections/${number}/payments`;
    const [before, after] = postParts(place, path, counter.key, JSON.stringify(paying));
    const request = before + drawKey() + after;
    const began = performance.now();
    line.send(request, (status, text) => {
      // Not known yet, or nothing due yet: the guarantor's word is on its way.
      if (status === 404 || status === 409)
        return void setTimeout(() => pay(line, number, next, waitMs * 2), waitMs);
      if (tally.measuring)
        tally.latencies.record(Math.max(1, Math.round((performance.now() - began) * 1000)));
      if (status === 201 && tally.measuring) tally.trades += 1;
      if (status !== 201) fail(tally, String(status), text);
      next();
    });
  };
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
        const accepted = tradeStart.exec(answer ?? "")?.[2] === "accepted";
        if (answer !== undefined && !accepted) fail(tally, "not accepted", answer);
        if (!accepted) return next();
        const before = owed.get(line);
        owed.set(line, number);
        if (before === undefined) return next();
        const open = counters.get(line);
        if (open !== undefined) return pay(open, before, next);
        void openLine(counter.host, counter.port).then((opened) => {
          counters.set(line, opened);
          pay(opened, before, next);
        });
      });
    });
  };
}
