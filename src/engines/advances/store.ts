import { type Client, plainArray, sql, timeArray } from "../../storage/database/database.ts";

/** What a shop has been paid early in one currency, over all its trades. Minor units. */
export interface AdvanceAccount {
  shop: string;
  currency: string;
  /** Paid early and still to come back by settlements. */
  outstanding: bigint;
  /** Will not come back so: the shop owes it. */
  owed: bigint;
  /** Owed once, and paid back from other settlements. */
  covered: bigint;
}

export interface AccountName {
  shop: string;
  currency: string;
}

/** The name as one text. */
export const accountKey = (shop: string, currency: string): string => `${shop} ${currency}`;

/** Makes the accounts of shops that ask for their first advance; those that are there stay as they are. */
export function openAdvanceAccounts(client: Client, names: readonly AccountName[]): Promise<number> {
  return client.execute(sql`
    insert into advance_accounts (shop, currency)
    select distinct shop, currency from unnest(${plainArray(names.map(({ shop }) => shop))}::uuid[],
      ${plainArray(names.map(({ currency }) => currency))}::text[]) as new (shop, currency)
    order by shop, currency on conflict do nothing`);
}

/** Locks the accounts of `using`, and those of `shops` that owe something: for most shops there are none. */
export function lockAdvanceAccounts(
  client: Client,
  using: readonly string[],
  shops: readonly string[],
): Promise<AdvanceAccount[]> {
  return client.query<AdvanceAccount>(sql`
    select shop, currency, outstanding, owed, covered from advance_accounts
    where shop = any(${plainArray(using)}::uuid[]) or (shop = any(${plainArray(shops)}::uuid[]) and owed > 0)
    order by shop, currency for update`);
}

export function writeAdvanceAccounts(client: Client, accounts: readonly AdvanceAccount[]): Promise<number> {
  const of = <K extends keyof AdvanceAccount>(name: K) => plainArray(accounts.map((each) => each[name]));
  return client.execute(sql`
    update advance_accounts as old set outstanding = new.outstanding, owed = new.owed, covered = new.covered
    from unnest(${of("shop")}::uuid[], ${of("currency")}::text[], ${of("outstanding")}::bigint[],
      ${of("owed")}::bigint[], ${of("covered")}::bigint[]) as new (shop, currency, outstanding, owed, covered)
    where old.shop = new.shop and old.currency = new.currency`);
}

/** One claim that was bought, and what became of it. */
export interface AdvanceRow {
  trade: bigint;
  shop: string;
  currency: string;
  amount: bigint;
  price: bigint;
  paid: bigint;
  recovered: bigint;
  owed: bigint;
  at: Date;
}

/** Writes claims as they stand now; of one that is known only what has come back or is owed changes. */
export function writeAdvances(client: Client, advances: readonly AdvanceRow[]): Promise<number> {
  const of = <K extends keyof Omit<AdvanceRow, "at">>(name: K) =>
    plainArray(advances.map((each) => each[name]));
  return client.execute(sql`
    insert into advances (trade, shop, currency, amount, price, paid, recovered, owed, at)
    select * from unnest(${of("trade")}::bigint[], ${of("shop")}::uuid[], ${of("currency")}::text[],
      ${of("amount")}::bigint[], ${of("price")}::bigint[], ${of("paid")}::bigint[], ${of("recovered")}::bigint[],
      ${of("owed")}::bigint[], ${timeArray(advances.map(({ at }) => at))}::timestamptz[])
    on conflict (trade) do update set recovered = excluded.recovered, owed = excluded.owed`);
}

export function readAdvanceAccounts(client: Client, shop: string): Promise<AdvanceAccount[]> {
  return client.query<AdvanceAccount>(sql`
    select shop, currency, outstanding, owed, covered from advance_accounts
    where shop = ${shop} order by currency`);
}

/** A shop's claims that were bought, latest number first; `after` is the number of the last one seen. */
export function listAdvances(
  client: Client,
  shop: string,
  limit: number,
  after?: bigint,
): Promise<AdvanceRow[]> {
  return client.query<AdvanceRow>(sql`
    select trade, shop, currency, amount, price, paid, recovered, owed, at from advances
    where shop = ${shop} and trade < ${after ?? 2n ** 62n} order by trade desc limit ${limit}`);
}
