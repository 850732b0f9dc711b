/** How much a server stands for: limits that operators set, and what it has come to stand for on a day. */
import { bigintArray, type Client, plainArray, sql, uuidArray } from "../../storage/database/database.ts";

export type StandKind = "member" | "shop";

export interface StandLimit {
  subject: string;
  kind: StandKind;
  currency: string;
  most: bigint;
}

export interface DayRow {
  shop: string;
  currency: string;
  amount: bigint;
}

/** The limits that operators have set for these members and shops. */
export function readStandLimits(client: Client, subjects: readonly string[]): Promise<StandLimit[]> {
  return client.query<StandLimit>(sql`
    select subject, kind, currency, most from stand_limits where subject = any(${uuidArray(subjects)}::uuid[])`);
}

/** A shop that may reserve in a currency, with what the server's configuration lets it; null where that says nothing. */
export interface MayStand {
  shop: string;
  currency: string;
  usual: bigint | null;
}

/**
 * Locks what was stood for on a day for those of these shops that have a limit; nothing is there for others. Two statements,
 * sent before the first wait: a row that another transaction has just made is seen by the second.
 */
export async function lockDays(client: Client, day: string, shops: readonly MayStand[]): Promise<DayRow[]> {
  const [ids, currencies] = [
    uuidArray(shops.map(({ shop }) => shop)),
    plainArray(shops.map(({ currency }) => currency)),
  ];
  const usual = bigintArray(shops.map((each) => each.usual));
  const [, rows] = await Promise.all([
    client.execute(sql`
      insert into stood_for (shop, currency, day, most)
      select w.shop, w.currency, ${day}::date, coalesce(l.most, w.usual)
      from unnest(${ids}::uuid[], ${currencies}::text[], ${usual}::bigint[]) as w (shop, currency, usual)
      left join lateral (
        select most from stand_limits where subject = w.shop and currency = w.currency limit 1) as l on true
      where coalesce(l.most, w.usual) is not null
      order by w.shop, w.currency
      on conflict (shop, currency, day) do nothing`),
    client.query<DayRow>(sql`
      select shop, currency, amount from stood_for
      where shop = any(${ids}::uuid[]) and currency = any(${currencies}::text[]) and day = ${day}::date
      order by shop, currency for update`),
  ]);
  return rows;
}

/** Writes what this transaction, which holds the rows, has come to stand for. */
export async function writeDays(
  client: Client,
  day: string,
  rows: readonly (DayRow & { most: bigint })[],
): Promise<void> {
  await client.execute(sql`
    update stood_for set amount = new.amount, most = new.most
    from unnest(${uuidArray(rows.map(({ shop }) => shop))}::uuid[],
      ${plainArray(rows.map(({ currency }) => currency))}::text[],
      ${bigintArray(rows.map(({ amount }) => amount))}::bigint[],
      ${bigintArray(rows.map(({ most }) => most))}::bigint[]) as new (shop, currency, amount, most)
    where stood_for.shop = new.shop and stood_for.currency = new.currency and stood_for.day = ${day}::date`);
}

export interface SetLimit extends StandLimit {
  reason: string;
  setBy: string;
  confirmedBy: string | null;
}

export async function writeStandLimit(client: Client, limit: SetLimit): Promise<void> {
  const { subject, kind, currency, most, reason, setBy, confirmedBy } = limit;
  await client.execute(sql`
    insert into stand_limits (subject, kind, currency, most, reason, set_by, confirmed_by, at)
    values (${subject}, ${kind}, ${currency}, ${most}, ${reason}, ${setBy}, ${confirmedBy}, (select kenshu_now()))
    on conflict (subject, currency) do update set most = excluded.most, reason = excluded.reason,
      set_by = excluded.set_by, confirmed_by = excluded.confirmed_by, at = excluded.at`);
}

export interface KnownLimit extends SetLimit {
  at: Date;
}

/** The limits of one member or shop, with who set them and why. */
export function listStandLimits(client: Client, subject: string): Promise<KnownLimit[]> {
  return client.query<KnownLimit>(sql`
    select subject, kind, currency, most, reason, set_by as "setBy", confirmed_by as "confirmedBy", at
    from stand_limits where subject = ${subject} order by currency limit 100`);
}

/** What was stood for anew for a shop on a day. */
export function readDay(client: Client, shop: string, day: string): Promise<DayRow[]> {
  return client.query<DayRow>(sql`
    select shop, currency, amount from stood_for where shop = ${shop} and day = ${day}::date order by currency limit 200`);
}
