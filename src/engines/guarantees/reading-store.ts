/** What is read of where guarantees stand. Each statement is led by an index, however many there are. */
import type { TimedPlace } from "../../core/protocol/protocol.ts";
import type { GuaranteePhase } from "../../core/guarantees/guarantees.ts";
import { type Client, sql } from "../../storage/database/database.ts";

export interface PhaseSum {
  phase: GuaranteePhase;
  currency: string;
  /** How many guarantees. */
  count: number;
  amount: bigint;
  due: bigint;
}

export async function readSums(client: Client): Promise<PhaseSum[]> {
  const rows = await client.query<Omit<PhaseSum, "amount" | "due"> & { amount: string; due: string }>(sql`
    select phase, currency, guarantees::float8 as count, amount::text as amount, due::text as due
    from guarantee_sums where guarantees > 0`);
  return rows.map(({ amount, due, ...row }) => ({ ...row, amount: BigInt(amount), due: BigInt(due) }));
}

export interface Placed {
  number: bigint;
  id: string;
  endsAt: Date;
}

const soonFirst = `select number, id, ends_at as "endsAt" from guarantees
  where phase = $1 and currency = $2 and (ends_at, id) > ($3, $4) order by ends_at, id limit $5`;
const newFirst = `select number, id, ends_at as "endsAt" from guarantees
  where phase = $1 and currency = $2 and (ends_at, id) < ($3, $4) order by ends_at desc, id desc limit $5`;

const past: TimedPlace = { at: new Date(0), id: "00000000-0000-0000-0000-000000000000" };
const future: TimedPlace = {
  at: new Date("9999-12-01T00:00:00Z"),
  id: "ffffffff-ffff-ffff-ffff-ffffffffffff",
};

/** Guarantees of a phase: those that end soon first, of what is over the newest. */
export function listPhase(
  client: Client,
  { phase, currency, limit }: { phase: GuaranteePhase; currency: string; limit: number },
  after: TimedPlace | undefined,
): Promise<Placed[]> {
  const over = phase === "claimed" || phase === "ended";
  const { at, id } = after ?? (over ? future : past);
  return client.query<Placed>({
    name: over ? "guarantees_new_first" : "guarantees_soon_first",
    text: over ? newFirst : soonFirst,
    values: [phase, currency, at, id, limit],
  });
}

/** Trades of which something waits for the collector's answer, by their number: no more than a few do. */
export async function waitingClaims(client: Client, limit: number): Promise<bigint[]> {
  const rows = await client.query<{ number: bigint }>(sql`
    select number from trades where pending is not null and pending ->> 'step' = 'claim' order by number limit ${limit}`);
  return rows.map(({ number }) => number);
}

export interface NearPlaced {
  account: string;
  person: string;
  share: number;
}

/** Lines of which little is left, the fullest first. */
export function listNear(
  client: Client,
  limit: number,
  { share, account }: { share: number; account: string },
): Promise<NearPlaced[]> {
  return client.query<NearPlaced>({
    name: "near_lines",
    text: `select account, person, share from near_lines where (share, account) < ($1, $2)
      order by share desc, account desc limit $3`,
    values: [share, account, limit],
  });
}
