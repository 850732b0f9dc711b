/** Counts what a pass through the lists has seen, in the transaction of that pass. */
import type { Client } from "../../storage/database/database.ts";
import { type CountedRow, happenedIn, stepOf } from "./kinds.ts";
import { addTallies, addWaits, moveStates, type Tally, type Waits } from "./tally-store.ts";

function talliesOf(rows: readonly CountedRow[]): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { number, ...happened } of rows.flatMap(happenedIn)) {
    const { kind, currency, shop, slot, amount } = happened;
    const key = `${kind} ${currency} ${shop} ${slot}`;
    const tally = tallies.get(key);
    if (tally === undefined) tallies.set(key, { ...happened, numbers: [number] });
    else {
      tally.amount += amount;
      tally.numbers.push(number);
    }
  }
  return [...tallies.values()];
}

function waitsOf(rows: readonly CountedRow[]): Waits[] {
  const waits = new Map<string, Waits>();
  for (const { slot, waited } of rows) {
    if (waited === null) continue;
    const step = stepOf(waited);
    const key = `${slot} ${step}`;
    const known = waits.get(key);
    if (known === undefined) waits.set(key, { slot, step, times: 1 });
    else known.times += 1;
  }
  return [...waits.values()];
}

/**
 * Adds what happened in these rows. `states`: by how many trades each state has grown; `position` is the one that the last of
 * the rows was given in the lists.
 */
export async function tally(
  client: Client,
  rows: readonly CountedRow[],
  states: ReadonlyMap<string, number>,
  position: bigint,
): Promise<void> {
  const tallies = talliesOf(rows);
  const waits = waitsOf(rows);
  await Promise.all([
    tallies.length === 0 ? undefined : addTallies(client, tallies, position),
    waits.length === 0 ? undefined : addWaits(client, waits),
    moveStates(client, states),
  ]);
}
