/** What operators do with what waits: calls for programs and pages ask for the same acts. */
import { fromWire, toWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  type Arrival,
  assignArrivals,
  bookStatement,
  dismissArrival,
  lookAtStatement,
  readArrivals,
  type StatementWish,
} from "../../engines/arrivals/arrivals.ts";
import { readOpenDue } from "../../engines/collections/collections.ts";
import type { Client } from "../../storage/database/database.ts";
import type { Perform } from "../operators/operators.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { arrivalView, type Room, statementView } from "./telling.ts";

export async function oneArrival(client: Client, id: string): Promise<Arrival> {
  return (await readArrivals(client, [id])).get(id) ?? refuse("not_found");
}

export interface Assigning {
  id: string;
  arrivals: string[];
  number: string;
  reason: string;
  /** What was due when the first operator asked: the second one agrees to this, and to nothing else. */
  due: number;
}

/** A wish with what is due now. */
export async function withDue(client: Client, wish: Omit<Assigning, "due">): Promise<Assigning> {
  return { ...wish, due: toWire((await readOpenDue(client, wish.number))?.open ?? 0n) };
}

const assigning =
  ({ ground }: Pick<Room, "ground">): Perform<Assigning> =>
  async (client, { due, ...wish }, names) => {
    const open = (await readOpenDue(client, wish.number))?.open ?? 0n;
    if (open > 0n && open !== fromWire(due))
      refuse("amount_mismatch", `Due are ${open} by now, and ${due} when this was asked for: ask anew.`);
    const { number, paid } = await assignArrivals(ground, client, wish, names);
    return { status: 201, body: { number, paid: toWire(paid) } };
  };

export interface Dismissing {
  arrival: string;
  reason: string;
}

const dismissing =
  ({ ground }: Pick<Room, "ground">): Perform<Dismissing> =>
  async (client, wish, names) => {
    await dismissArrival(ground, client, wish, names);
    return { status: 200, body: arrivalView(await oneArrival(client, wish.arrival)) };
  };

/** Reads a statement and keeps sealed what it says, for another operator to confirm. */
export function lookAtFile(
  { ground, database, confirming }: Room,
  { bytes, operator, key }: { bytes: Buffer; operator: string; key: string | undefined },
): Promise<StatementWish> {
  // Where one operator is enough nothing was kept, and the key's own answer is found behind this.
  const isRepeated = async () =>
    key !== undefined && (confirming.rules.fourEyes === "off" || (await confirming.hasKept(operator, key)));
  return inTransaction(database, (client) =>
    lookAtStatement(ground, client, { bytes, operator }, isRepeated),
  );
}

const booking =
  ({ ground }: Pick<Room, "ground">): Perform<StatementWish> =>
  async (client, wish, names) => ({
    status: 201,
    body: statementView(await bookStatement(ground, client, wish, names)),
  });

/** How these acts are done, the same for calls and pages. */
export function doingsOf(room: Pick<Room, "ground">) {
  return { book: booking(room), assign: assigning(room), dismiss: dismissing(room) };
}
export type Doings = ReturnType<typeof doingsOf>;
