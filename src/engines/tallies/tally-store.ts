/** Figures as rows: each pass adds what it has seen. Whoever calls lets one transaction at a time do so. */
import {
  bigintArray,
  type Client,
  plainArray,
  sql,
  textArray,
  timeArray,
  uuidArray,
} from "../../storage/database/database.ts";
import { type Happened, slotSeconds } from "./kinds.ts";

export type Tally = Omit<Happened, "number"> & { numbers: bigint[] };

const timesOf = (slots: readonly { slot: number }[]) =>
  timeArray(slots.map(({ slot }) => new Date(slot * slotSeconds * 1000)));

export async function addTallies(client: Client, tallies: readonly Tally[], position: bigint): Promise<void> {
  const slots = timesOf(tallies);
  const kinds = textArray(tallies.map(({ kind }) => kind));
  const currencies = textArray(tallies.map(({ currency }) => currency));
  const shops = uuidArray(tallies.map(({ shop }) => shop));
  await client.execute(sql`
    insert into tallies (slot, kind, currency, shop, times, amount)
    select * from unnest(${slots}::timestamptz[], ${kinds}::text[], ${currencies}::text[], ${shops}::uuid[],
      ${bigintArray(tallies.map(({ numbers }) => numbers.length))}::bigint[],
      ${plainArray(tallies.map(({ amount }) => amount))}::numeric[])
    on conflict (slot, kind, currency, shop)
      do update set times = tallies.times + excluded.times, amount = tallies.amount + excluded.amount`);
  await client.execute(sql`
    insert into tallied_trades (slot, kind, currency, shop, position, numbers)
    select slot, kind, currency, shop, ${position}, numbers::bigint[]
    from unnest(${slots}::timestamptz[], ${kinds}::text[], ${currencies}::text[], ${shops}::uuid[],
      ${textArray(tallies.map(({ numbers }) => `{${numbers.join(",")}}`))}::text[])
      as new (slot, kind, currency, shop, numbers)`);
}

export interface Waits {
  slot: number;
  step: number;
  times: number;
}

export async function addWaits(client: Client, waits: readonly Waits[]): Promise<void> {
  await client.execute(sql`
    insert into tallied_waits (slot, step, times)
    select * from unnest(${timesOf(waits)}::timestamptz[],
      ${plainArray(waits.map(({ step }) => step))}::smallint[], ${bigintArray(waits.map(({ times }) => times))}::bigint[])
    on conflict (slot, step) do update set times = tallied_waits.times + excluded.times`);
}

/** Moves trades from where they stood to where they stand. */
export async function moveStates(client: Client, changes: ReadonlyMap<string, number>): Promise<void> {
  const moved = [...changes].filter(([, trades]) => trades !== 0);
  if (moved.length === 0) return;
  await client.execute(sql`
    insert into trade_states (state, trades)
    select * from unnest(${textArray(moved.map(([state]) => state))}::text[],
      ${bigintArray(moved.map(([, trades]) => trades))}::bigint[])
    on conflict (state) do update set trades = trade_states.trades + excluded.trades`);
}
