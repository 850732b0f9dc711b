import type { Instruction, ReservationView } from "../../core/protocol/schemas.ts";
import { type Database, pageOf, snapshot } from "../../storage/database/database.ts";
import { type HoldState, holdStates } from "../../storage/ledger/ledger.ts";
import { type BatchCounts, digestOf, openEngine, type Sweeper, technicalOutcome } from "../engine/engine.ts";
import { type Answer, decideBatch, type InstructionOutcome } from "./batch.ts";
import { viewOf } from "./instructions.ts";
import { dueReservations, listReservations, readOne, sumReservations, type Total } from "./store.ts";
import type { Request } from "./world.ts";
import type { MailUse } from "../outbox/outbox.ts";

export interface ReservationsOptions {
  /** Connections whose statements all go by key. */
  database: Database;
  onError: (error: unknown) => void;
  sweepEveryMs: number;
  /** What becomes of the mails that tell members what was paid from their accounts. */
  mails: MailUse;
  /** IANA name of the zone whose months those of limits are. */
  timeZone: string;
}

/** A peer is another server, by its id; the caller has made sure that it is. */
export interface Reservations {
  /**
   * Obeys an instruction, or refuses it; the answer is kept, and the same instruction again gets it. Instructions
   * submitted in one turn are decided in their order. A status of 500 or more is no answer: nothing was kept.
   */
  submit(peer: string, instruction: Instruction): Promise<InstructionOutcome>;
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
  waiting: () => number;
  counts: Readonly<BatchCounts>;
  /** Ends the sweeper and waits until everything submitted has been answered. */
  close(): Promise<void>;
}

export function createReservations({
  database,
  onError,
  sweepEveryMs,
  mails,
  timeZone,
}: ReservationsOptions): Reservations {
  const { submit, ...engine } = openEngine<Request, Answer, string>({
    database,
    decide: (client, requests) => decideBatch(client, requests, { mails, timeZone }),
    due: (limit) => dueReservations(database, limit),
    look: (reservation) => ({ do: "wake", reservation }),
    sweepEveryMs,
    onError,
  });
  return {
    ...engine,
    submit: async (peer, instruction) => {
      try {
        const outcome = await submit({ do: "obey", peer, instruction, digest: digestOf(instruction) });
        if (outcome === undefined) throw new Error("An instruction has an outcome.");
        return outcome;
      } catch (error) {
        return technicalOutcome(error, onError);
      }
    },
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
  };
}
