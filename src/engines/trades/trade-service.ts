/** The trades of a server: every change goes through one engine, and who has to wait for another server waits here. */
import { dammValid, type ProblemCode, type Refused, type TradeView } from "../../core/protocol/protocol.ts";
import type { Database } from "../../storage/database/database.ts";
import {
  type BatchCounts,
  digestOf,
  type Engine,
  openEngine,
  type Outcome,
  refusal,
  type Sweeper,
  technicalOutcome,
} from "../engine/engine.ts";
import { createFeed, type Feed } from "../feed/feed.ts";
import type { WaitingInstruction } from "../outbox/outbox.ts";
import { decideBatch, type Listener } from "./batch.ts";
import {
  type Actor,
  type Asked,
  type CollectionWord,
  dueTrades,
  isStorable,
  type Notice,
  type Request,
  type Rules,
} from "../steps/steps.ts";
import type { Answer, EndedWait } from "./unasked.ts";
import type { TradeCalls } from "./trade-calls.ts";
import { readingsOf } from "./trade-readings.ts";

export interface TradesOptions extends Rules {
  /** Connections whose statements all go by key. */
  database: Database;
  onError: (error: unknown) => void;
  sweepEveryMs: number;
  /** How long a caller waits for another server before they are told how things stand (milliseconds). */
  answerWithinMs?: number;
}

export interface Trades extends TradeCalls<"nowhere"> {
  /** A store takes an order that `head`, of its chain, has made; the caller has made sure that it may. */
  assign(store: Actor, number: bigint, head: string): Promise<Outcome<TradeView>>;
  /**
   * What another server says of what it was asked; `refused` is the code where it said no, and a collection stands as it says.
   * Rejects where that could not be written down now: then it has to be told again.
   */
  answered(
    number: bigint,
    instruction: string,
    refused: ProblemCode | undefined,
    collection?: CollectionWord,
  ): Promise<void>;
  /**
   * The institution at which a trade is paid says what was paid in all. Answers why it is not booked: `trade_busy` is to be said again soon.
   */
  collected(number: bigint, notice: Notice): Promise<Refused | undefined>;
  /** Another server says that a step waits for the owner of the account, whom it has asked. */
  awaited(number: bigint, instruction: string): Promise<void>;
  /** Tells what other servers are asked to do, once that is committed. Without a listener it is found after a lease. */
  onAsked(listener: (instructions: readonly WaitingInstruction[]) => void): void;
  /** Tells that messages for others may have been written, once they are committed. Without a listener they are found a moment later. */
  onTold(listener: () => void): void;
  sweeper: Sweeper;
  /** Puts what was committed into the lists that parties read. */
  lists: Feed;
  /** Requests that wait for a batch. */
  waiting: () => number;
  counts: Readonly<BatchCounts>;
  /** Events that this process has written, by their type. */
  written: ReadonlyMap<string, number>;
  /** Ends the sweeper and waits until everything submitted has been answered. */
  close(): Promise<void>;
}

const answerWithinMs = 5_000;
/** How often waiting callers look for themselves: another process may have had the answer. */
const lookAgainMs = 500;
/**
 * Milliseconds between two turns of the lists where nobody reads them. Readers have them brought up to date; the steps of a
 * trade that come soon one after another are then entered at once.
 */
const listEveryMs = 5_000;
/** Steps that one move of the clock may set off, one after another, each waiting for an answer. */
const sweepsMost = 10;

/** Who is told of what a batch has committed, and what is counted of it. */
function committedWork(callers: WaitingCallers) {
  const askers: ((instructions: readonly WaitingInstruction[]) => void)[] = [];
  const tellers: (() => void)[] = [];
  const written = new Map<string, number>();
  const listener: Listener = {
    asked: (instructions) => askers.forEach((ask) => ask(instructions)),
    told: () => tellers.forEach((tell) => tell()),
    wrote: (types) => {
      for (const type of types) written.set(type, (written.get(type) ?? 0) + 1);
    },
    ended: (wait) => callers.over(wait),
  };
  return { askers, tellers, written, listener };
}

export function createTrades(options: TradesOptions): Trades {
  const { database, onError, sweepEveryMs } = options;
  const callers = waitingCallers();
  const within = options.answerWithinMs ?? answerWithinMs;
  const { askers, tellers, written, listener } = committedWork(callers);
  const waits = new Set<Promise<unknown>>();
  const engine = openEngine<Request, Answer, bigint>({
    database,
    decide: (client, requests) => decideBatch(options, listener, client, requests),
    due: (limit) => dueTrades(database, limit),
    look: (number) => ({ do: "wake", number }),
    looked: ({ waits: number }) => {
      if (number === undefined) return;
      const wait = callers.until(number, within).finally(() => waits.delete(wait));
      waits.add(wait);
    },
    sweepEveryMs,
    onError,
  });
  const lists = createFeed({ database, everyMs: listEveryMs, onError });
  const submit = patient({ engine, callers, within, onError });
  return {
    checked: "nowhere",
    ...readingsOf(options, lists),
    propose: (actor, body, key) =>
      submit({ do: "propose", actor, body, key, digest: digestOf("propose", body) }),
    move: async (actor, number, body, key) => {
      if (!dammValid(number)) return refusal({ refused: "wrong_check_digit" });
      if (!isStorable(number)) return refusal({ refused: "not_found" });
      const digest = digestOf("move", number, body);
      return submit({ do: "move", actor, number: BigInt(number), body, key, digest });
    },
    hindered: async (number, who, length = "PT1H") => {
      const end = performance.now() + within;
      for (;;) {
        const { busy } = await engine.submit({ do: "hindered", number: BigInt(number), who, for: length });
        const left = end - performance.now();
        if (busy === undefined || left <= 0) return;
        await callers.until(busy, Math.min(left, lookAgainMs));
      }
    },
    assign: (actor, number, head) =>
      submit({ do: "assign", actor, number, head, key: undefined, digest: digestOf("assign", head) }),
    answered: async (number, instruction, refused, collection) => {
      await engine.submit({ do: "answered", number, instruction, refused, collection });
    },
    collected: async (number, notice) => {
      const { collected: refused } = await engine.submit({ do: "collected", number, ...notice });
      return refused;
    },
    awaited: async (number, instruction) => {
      await engine.submit({ do: "awaited", number, instruction });
    },
    onAsked: (listener) => void askers.push(listener),
    onTold: (listener) => void tellers.push(listener),
    sweeper: { ...engine.sweeper, sweep: () => sweepOut(engine.sweeper, waits) },
    lists,
    waiting: engine.waiting,
    counts: engine.counts,
    written,
    close: async () => {
      try {
        await engine.close();
      } finally {
        await lists.stop();
      }
    },
  };
}

/**
 * Submits a request and waits, for as long as a caller should, until the other server has answered; a request that
 * meets a trade whose earlier step still waits is made again when that is over.
 */
function patient({
  engine,
  callers,
  within,
  onError,
}: {
  engine: Engine<Request, Answer>;
  callers: WaitingCallers;
  within: number;
  onError: (error: unknown) => void;
}): (request: Asked) => Promise<Outcome<TradeView>> {
  return async (request) => {
    const end = performance.now() + within;
    // Whether the answer was there before this request came; looking at it again while it changes is no repetition.
    let repeated: boolean | undefined;
    for (;;) {
      const answer = await engine
        .submit(request)
        .catch((error: unknown): Answer => ({ outcome: technicalOutcome(error, onError) }));
      if (answer.outcome === undefined) throw new Error("What a caller asks for has an outcome.");
      if (answer.busy === undefined) repeated ??= answer.outcome.replayed;
      const outcome =
        repeated === undefined || repeated === answer.outcome.replayed
          ? answer.outcome
          : { ...answer.outcome, replayed: repeated };
      const number = answer.waits ?? answer.busy;
      const left = end - performance.now();
      if (number === undefined || left <= 0) return outcome;
      const asksAgain = answer.busy !== undefined || request.key !== undefined;
      const ended = await callers.until(number, asksAgain ? Math.min(left, lookAgainMs) : left);
      if (answer.busy !== undefined) continue;
      // Another process may have had the answer to this step, and what is over here is another caller's.
      if (ended?.outcome !== undefined && ended.instruction === answer.instruction)
        return { ...ended.outcome, replayed: outcome.replayed };
      if (!asksAgain) return outcome;
    }
  };
}

/**
 * Sweeps, waits for what other servers say of the steps that this set off, and sweeps again: with the sandbox's clock
 * moved, all that is due has happened when it resolves. The sweeper that is left to itself waits for nobody.
 */
async function sweepOut(sweeper: Sweeper, waits: ReadonlySet<Promise<unknown>>): Promise<number> {
  let looked = 0;
  for (let turn = 0; turn < sweepsMost; turn += 1) {
    const now = await sweeper.sweep();
    looked += now;
    await Promise.all(waits);
    if (now === 0) break;
  }
  return looked;
}

/**
 * Callers who wait for what another server says. What is right does not depend on it: a caller who is not told looks again
 * when the time is up.
 */
interface WaitingCallers {
  /** Resolves when a wait of this trade is over, or after `milliseconds` with nothing. */
  until(number: bigint, milliseconds: number): Promise<EndedWait | undefined>;
  /** Tells all who wait for this trade. */
  over(ended: EndedWait): void;
}

type Tell = (ended: EndedWait) => void;

function waitingCallers(): WaitingCallers {
  const callers = new Map<bigint, Set<Tell>>();
  return {
    until: (number, milliseconds) =>
      new Promise((resolve) => {
        const those = callers.get(number) ?? new Set<Tell>();
        callers.set(number, those);
        const leave = () => {
          clearTimeout(timer);
          those.delete(tell);
          if (those.size === 0) callers.delete(number);
        };
        const tell: Tell = (ended) => {
          leave();
          resolve(ended);
        };
        const timer = setTimeout(() => {
          leave();
          resolve(undefined);
        }, milliseconds);
        those.add(tell);
      }),
    over: (ended) => {
      for (const tell of callers.get(ended.number) ?? []) tell(ended);
    },
  };
}
