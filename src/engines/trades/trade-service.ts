/**
 * Trades, on whatever server: propose, move, read. Every change goes through one engine, in batches that are
 * committed together; nothing here knows which server it runs in.
 */
import { type Database, pageBy, pageOf } from "../../storage/database/database.ts";
import {
  groupCommit,
  OutcomeUnknownError,
  QueueFullError,
  requestDigest,
  type Sweeper,
  sweeper,
  UnavailableError,
} from "../engine/engine.ts";
import {
  dammValid,
  problem,
  type ProblemCode,
  type TradeEventView,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import type { MoveBody, Propose } from "../../core/protocol/schemas.ts";
import { decideBatch, type Outcome, readerOf } from "./batch.ts";
import {
  dueTrades,
  listAllTrades,
  listTrades,
  readEvents,
  readRecipient,
  readTrade,
  type Recipient,
} from "./store.ts";
import { eventsOf, viewOf } from "./view.ts";
import { makeWaiting, type Waiting } from "./waiting-callers.ts";
import { type Actor, isStorable, type Request, type Rules } from "./world.ts";
import type { Trade } from "../../core/machine/machine.ts";

export interface TradesOptions extends Rules {
  /** Connections whose statements all go by key. */
  database: Database;
  onError: (error: unknown) => void;
  sweepEveryMs: number;
  /** How long a caller waits for another server before they are told how things stand (milliseconds). */
  answerWithinMs?: number;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Trades {
  /** Proposes a trade; reserves it at once where the buyer has agreed. `guest` is a person already registered. */
  propose(actor: Actor, body: Propose, key?: string, guest?: string): Promise<Outcome>;
  /** Moves a trade. `number` is as people write it; a wrong check digit is told apart from a number nobody has. */
  move(actor: Actor, number: string, body: MoveBody, key?: string): Promise<Outcome>;
  /** A store takes an order that `head`, of its chain, has made; whoever calls has made sure that it may. */
  assign(store: Actor, number: bigint, head: string): Promise<Outcome>;
  /** The trade as the actor may see it; undefined where it is not theirs. */
  read(actor: Actor, number: string): Promise<TradeView | undefined>;
  /** The guest whom a trade is for, while they are known; undefined for any other trade. */
  guestOf(number: string): Promise<string | undefined>;
  /** The record in order, after the event numbered `after`. */
  events(
    actor: Actor,
    number: string,
    page?: { limit: number; after?: number | undefined },
  ): Promise<Page<TradeEventView> | undefined>;
  list(actor: Actor, page: { limit: number; after?: string | undefined }): Promise<Page<TradeView>>;
  /** To whom the goods go, for those who bring them and for the buyer, until it is erased. */
  recipient(actor: Actor, number: string): Promise<Omit<Recipient, "trade"> | undefined>;
  /**
   * What another server says of a step that waited for it; `refused` is the code where it said no. Rejects where that
   * could not be written down now: then it has to be told again.
   */
  answered(number: bigint, instruction: string, refused: ProblemCode | undefined): Promise<void>;
  sweeper: Sweeper;
  /** Commands that wait for a batch. */
  waiting(): number;
  /** Ends the sweeper and waits until everything submitted has been answered. */
  close(): Promise<void>;
}

/** Commands in one transaction: more gain little, and the first of them would wait longer. */
const batchMax = 500;
const queueMax = 10_000;
/** Events told at once where nobody asked for fewer; pages show the whole record of any trade that people make. */
const eventsMost = 1000;
const patienceMs = 10_000;
const answerWithinMs = 5_000;
/** How often whoever waits looks for themselves: another process may have had the answer. */
const lookAgainMs = 500;
/** Steps that one move of the clock may set off, one after another, each waiting for an answer. */
const sweepsMost = 10;

export function createTrades(options: TradesOptions): Trades {
  const { database } = options;
  const line = groupCommit<Request, Outcome>({
    database,
    batchMax,
    queueMax,
    patienceMs,
    decide: (client, requests) => decideBatch(options, client, requests),
  });
  const waiting = makeWaiting();
  const commit = async (request: Request): Promise<Outcome> => {
    const outcome = await line.submit(request);
    if (outcome.asked !== undefined) options.rail.committed(outcome.asked);
    if (outcome.completed !== undefined) waiting.over(outcome.completed.number, outcome.completed);
    return outcome;
  };
  const submit = patient(options, waiting, commit);
  const clock = patientSweeper(options, waiting, commit);
  return {
    propose: (actor, body, key, guest) =>
      submit({ do: "propose", actor, body, guest, key, digest: requestDigest("propose", body) }),
    move: (actor, number, body, key) => {
      if (!dammValid(number)) return Promise.resolve(refusal("wrong_check_digit"));
      if (!isStorable(number)) return Promise.resolve(refusal("not_found"));
      const digest = requestDigest("move", number, body);
      return submit({ do: "move", actor, number: BigInt(number), body, key, digest });
    },
    assign: (actor, number, head) =>
      submit({ do: "assign", actor, number, head, key: undefined, digest: requestDigest("assign", head) }),
    read: async (actor, number) => (await find(options, actor, number))?.view,
    events: async (actor, number, { limit, after = 0 } = { limit: eventsMost }) => {
      const found = await find(options, actor, number);
      if (found === undefined) return undefined;
      const rows = await readEvents(database, found.trade.id, after, limit + 1);
      const events = eventsOf(found.trade, rows, found.role).filter(({ seq }) => seq > after);
      return pageBy(
        events,
        limit,
        (event) => event,
        ({ seq }) => String(seq),
      );
    },
    guestOf: async (number) => {
      const trade = await tradeWith(options, number);
      return trade?.terms.guest === true && !trade.progress.erased ? (trade.buyer ?? undefined) : undefined;
    },
    recipient: async (actor, number) => {
      const found = await find(options, actor, number);
      return found && readRecipient(database, options.vault, found.trade.id);
    },
    list: (actor, page) => listFor(options, actor, page),
    answered: async (number, instruction, refused) => {
      await commit({ do: "answered", number, instruction, refused });
    },
    sweeper: clock,
    waiting: () => line.waiting(),
    close: async () => {
      await clock.stop();
      await line.idle();
    },
  };
}

/**
 * Submits a request and waits, for as long as a caller should, until the other server has answered; a request that
 * meets a trade whose earlier step still waits is made again when that is over.
 */
function patient(
  options: TradesOptions,
  waiting: Waiting,
  commit: (request: Request) => Promise<Outcome>,
): (request: Request) => Promise<Outcome> {
  const within = options.answerWithinMs ?? answerWithinMs;
  return async (request) => {
    const end = performance.now() + within;
    // Whether the answer was there before this request came; looking at it again while it changes is no repetition.
    let repeated: boolean | undefined;
    for (;;) {
      let outcome: Outcome;
      try {
        outcome = await commit(request);
      } catch (error) {
        return technical(error, options.onError);
      }
      if (outcome.busy === undefined) repeated ??= outcome.replayed;
      outcome = { ...outcome, replayed: repeated ?? outcome.replayed };
      const number = outcome.waits ?? outcome.busy;
      const left = end - performance.now();
      if (number === undefined || left <= 0) return outcome;
      const asksAgain =
        outcome.busy !== undefined ||
        (request.do !== "wake" && "key" in request && request.key !== undefined);
      const told = await waiting.until(number, asksAgain ? Math.min(left, lookAgainMs) : left);
      if (outcome.busy !== undefined) continue;
      // Another process may have had the answer to this step, and what is over here is somebody else's.
      if (told?.outcome !== undefined && told.instruction === outcome.instruction)
        return { ...told.outcome, replayed: outcome.replayed };
      if (!asksAgain) return outcome;
    }
  };
}

/**
 * A sweeper whose `sweep` also waits for what other servers say of the steps it set off, and then looks again: with
 * the sandbox's clock moved, all that is due has happened when it resolves. Left to itself it waits for nobody.
 */
function patientSweeper(
  options: TradesOptions,
  waiting: Waiting,
  commit: (request: Request) => Promise<Outcome>,
): Sweeper {
  const waits = new Set<Promise<unknown>>();
  const within = options.answerWithinMs ?? answerWithinMs;
  const clock = sweeper({
    due: (limit) => dueTrades(options.database, limit),
    everyMs: options.sweepEveryMs,
    onError: options.onError,
    wake: async (number) => {
      const outcome = await commit({ do: "wake", number }).catch((error: unknown) =>
        technical(error, options.onError),
      );
      if (outcome.waits !== undefined) {
        const wait = waiting.until(outcome.waits, within).finally(() => waits.delete(wait));
        waits.add(wait);
      }
      return outcome.status === 204;
    },
  });
  return {
    ...clock,
    async sweep() {
      let looked = 0;
      for (let turn = 0; turn < sweepsMost; turn += 1) {
        const now = await clock.sweep();
        looked += now;
        await Promise.all(waits);
        if (now === 0) break;
      }
      return looked;
    },
  };
}

/** The trade with a number as people write it; a number that cannot be one has none. */
async function tradeWith({ database }: TradesOptions, number: string): Promise<Trade | undefined> {
  return dammValid(number) && isStorable(number) ? readTrade(database, BigInt(number)) : undefined;
}

async function find(options: TradesOptions, actor: Actor, number: string) {
  const trade = await tradeWith(options, number);
  const role = trade && readerOf(trade, actor);
  if (trade === undefined || role === undefined) return undefined;
  return { trade, role, view: viewOf(trade, role, options) };
}

async function listFor(
  options: TradesOptions,
  actor: Actor,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<TradeView>> {
  const { database } = options;
  if (actor.kind === "recipient") {
    const own = after === undefined ? await find(options, actor, actor.opens ?? "") : undefined;
    return { items: own === undefined ? [] : [own.view], next: null };
  }
  const by = actor.kind === "person" ? "buyer" : actor.kind;
  const trades =
    by === "operator"
      ? await listAllTrades(database, limit + 1, after)
      : await listTrades(database, by, actor.id, limit + 1, after);
  return pageOf(trades, limit, (trade) => viewOf(trade, by, options));
}

function refusal(code: ProblemCode): Outcome {
  const answer = problem(code);
  return { status: answer.status, text: JSON.stringify(answer), replayed: false };
}

/** What a caller is told when it was not the trade that stood in the way. */
function technical(error: unknown, onError: (error: unknown) => void): Outcome {
  if (error instanceof QueueFullError) return refusal("overloaded");
  onError(error);
  if (error instanceof UnavailableError) return refusal("unavailable");
  if (error instanceof OutcomeUnknownError) return refusal("outcome_unknown");
  return refusal("internal_error");
}
