/**
 * Money frozen and paid for other servers (支払機関サーバ 30 in the first embodiment): each peer gives instructions, each
 * instruction is obeyed once, as far as the owners of the accounts have agreed. Every change goes through one engine,
 * in batches that are committed together.
 */
import { type Database, pageOf, snapshot } from "../../storage/database/database.ts";
import {
  groupCommit,
  OutcomeUnknownError,
  QueueFullError,
  requestDigest,
  type Sweeper,
  sweeper,
  UnavailableError,
} from "../engine/engine.ts";
import { type HoldState, holdStates } from "../../storage/ledger/ledger.ts";
import type { Instruction, ReservationView } from "../../core/protocol/schemas.ts";
import { decideBatch, type Outcome, refusal } from "./batch.ts";
import { viewOf } from "./instructions.ts";
import { dueReservations, listReservations, readOne, sumReservations, type Total } from "./store.ts";
import type { Request } from "./world.ts";

export interface ReservationsOptions {
  /** Connections whose statements all go by key. */
  database: Database;
  onError: (error: unknown) => void;
  sweepEveryMs: number;
}

/** A peer is another server, by its id; whoever calls has made sure that it is. */
export interface Reservations {
  /**
   * Obeys an instruction, or refuses it; the answer is kept, and the same instruction again gets it. Instructions
   * submitted in one turn are decided in their order. A status of 500 or more is no answer: nothing was kept.
   */
  submit(peer: string, instruction: Instruction): Promise<Outcome>;
  /** A reservation of this peer; undefined where it has none with this id. */
  read(peer: string, id: string): Promise<ReservationView | undefined>;
  /** A peer's reservations, newest first; `after` is the id of the last one seen. */
  list(
    peer: string,
    page: { state?: HoldState | undefined; limit: number; after?: string | undefined },
  ): Promise<{ items: ReservationView[]; next: string | null }>;
  /** What all reservations of a peer come to, per currency, on one snapshot. */
  totals(peer: string): Promise<Total[]>;
  sweeper: Sweeper;
  /** Instructions that wait for a batch. */
  waiting(): number;
  /** Ends the sweeper and waits until everything submitted has been answered. */
  close(): Promise<void>;
}

/** Instructions in one transaction: more gain little, and the first of them would wait longer. */
const batchMax = 500;
const queueMax = 10_000;
const patienceMs = 10_000;

export function createReservations({ database, onError, sweepEveryMs }: ReservationsOptions): Reservations {
  const line = groupCommit<Request, Outcome>({
    database,
    batchMax,
    queueMax,
    patienceMs,
    decide: decideBatch,
  });
  const submit = (request: Request) =>
    line.submit(request).catch((error: unknown) => technical(error, onError));
  const clock = sweeper({
    due: (limit) => dueReservations(database, limit),
    everyMs: sweepEveryMs,
    onError,
    wake: async (reservation) => (await submit({ do: "wake", reservation })).status === 204,
  });
  return {
    submit: (peer, instruction) =>
      submit({ do: "obey", peer, instruction, digest: requestDigest(inOneOrder(instruction)) }),
    read: async (peer, id) => {
      const row = await readOne(database, peer, id);
      return row && viewOf(row);
    },
    list: async (peer, { state, limit, after }) => {
      const states = state === undefined ? holdStates : [state];
      const rows = await listReservations(database, peer, states, limit + 1, after);
      return pageOf(rows, limit, viewOf);
    },
    totals: (peer) => snapshot(database, (client) => sumReservations(client, peer)),
    sweeper: clock,
    waiting: () => line.waiting(),
    close: async () => {
      await clock.stop();
      await line.idle();
    },
  };
}

/** The same fields in another order are the same instruction. */
function inOneOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOneOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, held]) => [name, inOneOrder(held)]);
}

/** What a peer is told when it was not the instruction that stood in the way. */
function technical(error: unknown, onError: (error: unknown) => void): Outcome {
  if (error instanceof QueueFullError) return refusal({ refused: "overloaded" });
  onError(error);
  if (error instanceof UnavailableError) return refusal({ refused: "unavailable" });
  if (error instanceof OutcomeUnknownError) return refusal({ refused: "outcome_unknown" });
  return refusal({ refused: "internal_error" });
}
