/** What operators have said of parties: who is independent, and how far each shop may go. */
import { type Client, sql, uuidArray, uuidv7 } from "../database/database.ts";
import { sealStored } from "../seals/seals.ts";
import { type Standing, usualStanding } from "./standing.ts";

type Limits = "frozenLimits" | "earlyLimits";
type StandingRow = Omit<Standing, Limits> & { [name in Limits]: Standing[name] | null };

/** The standing of a shop; the usual one where nobody has set another. */
export async function readStanding(client: Client, shop: string): Promise<Standing> {
  const [row] = await client.query<StandingRow>(sql`
    select frozen_limits as "frozenLimits", settle_after as "settleAfter", word, paid_early as "paidEarly",
      early_limits as "earlyLimits", paid_out_early as "paidOutEarly"
    from standings where shop = ${shop}`);
  if (row === undefined) return usualStanding;
  return { ...row, frozenLimits: row.frozenLimits ?? {}, earlyLimits: row.earlyLimits ?? {} };
}

/** Replaces a shop's standing. A batch that reserves for the shop under the limit before has ended when this resolves. */
export async function writeStanding(client: Client, shop: string, standing: Standing): Promise<void> {
  const { frozenLimits, settleAfter, word, paidEarly, earlyLimits, paidOutEarly } = standing;
  const limits = orNull(frozenLimits);
  await client.execute(sql`
    insert into standings (shop, frozen_limits, settle_after, word, paid_early, early_limits, paid_out_early)
    values (${shop}, ${limits}::json, ${settleAfter}, ${word}, ${paidEarly},
      ${orNull(earlyLimits)}::json, ${paidOutEarly})
    on conflict (shop) do update set frozen_limits = excluded.frozen_limits, settle_after = excluded.settle_after,
      word = excluded.word, paid_early = excluded.paid_early, early_limits = excluded.early_limits,
      paid_out_early = excluded.paid_out_early`);
}

const orNull = (limits: Readonly<Record<string, number>>): string | null =>
  Object.keys(limits).length === 0 ? null : JSON.stringify(limits);

/** How much may be frozen for a shop at a time, by currency. */
export interface FrozenLimits {
  shop: string;
  limits: Standing["frozenLimits"];
}

/** Locks the limits of those of these shops that have one, in the order of their ids. */
export function lockFrozenLimits(client: Client, shops: readonly string[]): Promise<FrozenLimits[]> {
  return client.query<FrozenLimits>(sql`
    select shop, frozen_limits as limits from standings
    where shop = any(${uuidArray(shops)}::uuid[]) and frozen_limits is not null order by shop for update`);
}

/** Those of these shops that are paid out early. */
export async function readPaidOutEarly(client: Client, shops: readonly string[]): Promise<string[]> {
  const rows = await client.query<{ shop: string }>(sql`
    select shop from standings where shop = any(${uuidArray(shops)}::uuid[]) and paid_out_early`);
  return rows.map(({ shop }) => shop);
}

/** Marks a carrier or provider as independent of the shops, or no longer. */
export async function setIndependence(client: Client, party: string, independent: boolean): Promise<void> {
  await client.execute(sql`update parties set independent = ${independent} where id = ${party}`);
}

export type PartyActKind = "independence" | "standing" | "look_alike";

/** What an operator said of a party, why and when. */
export interface PartyAct {
  operator: string;
  reason: string;
  at: Date;
}

/** Records that an operator has said something of a party. */
export async function insertPartyAct(
  client: Client,
  act: { party: string; kind: PartyActKind; value: unknown; reason: string; operator: string },
): Promise<void> {
  const { party, kind, value, reason, operator } = act;
  const id = uuidv7();
  await client.execute(sql`
    insert into party_acts (id, party, kind, value, reason, operator, at)
    values (${id}, ${party}, ${kind}, ${JSON.stringify(value)}::json, ${reason}, ${operator}, kenshu_now())`);
  await sealStored(client, "party_acts", [id]);
}

/** The last of what operators said of this kind about a party. */
export async function readPartyAct(
  client: Client,
  party: string,
  kind: PartyActKind,
): Promise<PartyAct | undefined> {
  const [row] = await client.query<PartyAct>(sql`
    select operator, reason, at from party_acts
    where party = ${party} and kind = ${kind} order by id desc limit 1`);
  return row;
}
