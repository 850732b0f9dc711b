/** What operators do with what waits: calls for programs and pages ask for the same acts. */
import { toWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  type Arrival,
  assignArrivals,
  dismissArrival,
  readArrivals,
} from "../../engines/arrivals/arrivals.ts";
import type { Client } from "../../storage/database/database.ts";
import type { Perform } from "../operators/operators.ts";
import { arrivalView, type Room } from "./telling.ts";

export async function oneArrival(client: Client, id: string): Promise<Arrival> {
  return (await readArrivals(client, [id])).get(id) ?? refuse("not_found");
}

export interface Assigning {
  id: string;
  arrivals: string[];
  number: string;
  reason: string;
}

export const assigning =
  ({ ground }: Pick<Room, "ground">): Perform<Assigning> =>
  async (client, wish, names) => {
    const { number, paid } = await assignArrivals(ground, client, wish, names);
    return { status: 201, body: { number, paid: toWire(paid) } };
  };

export interface Dismissing {
  arrival: string;
  reason: string;
}

export const dismissing =
  ({ ground }: Pick<Room, "ground">): Perform<Dismissing> =>
  async (client, wish, names) => {
    await dismissArrival(ground, client, wish, names);
    return { status: 200, body: arrivalView(await oneArrival(client, wish.arrival)) };
  };
