import { type Client, plainArray, sql, timeArray, uuidArray } from "../../storage/database/database.ts";

/** What a shop has been paid early in one currency, over all its trades. Minor units. */
export interface AdvanceAccount {
  shop: string;
  currency: string;
  /** Paid early and still to come back by settlements. */
  outstanding: bigint;
  /** Will not come back so: the shop owes it. */
  owed: bigint;
  /** What of `owed` settlements under way are about to pay: no other takes it, and it is owed until they have. */
  covering: bigint;
  /** Owed once, and paid back from other settlements. */
  covered: bigint;
  /** What of it is owed, and was covered, at each institution: only where a shop had the money can it be had back. */
  debts: ReadonlyMap<string, Debt>;
}

export interface Debt {
  owed: bigint;
  covering: bigint;
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
    select distinct shop, currency from unnest(${uuidArray(names.map(({ shop }) => shop))}::uuid[],
      ${plainArray(names.map(({ currency }) => currency))}::text[]) as new (shop, currency)
    order by shop, currency on conflict do nothing`);
}

/** Locks the accounts of `using`, and those of `shops` that owe something: for most shops there are none. */
export async function lockAdvanceAccounts(
  client: Client,
  using: readonly string[],
  shops: readonly string[],
): Promise<AdvanceAccount[]> {
  const [accounts, debts] = await Promise.all([
    client.query<AccountRow>(sql`
      select shop, currency, outstanding, owed, covering, covered from advance_accounts
      where shop = any(${uuidArray([...new Set([...using, ...shops])])}::uuid[])
        and (owed > 0 or shop = any(${uuidArray(using)}::uuid[]))
      order by shop, currency for update`),
    // Sent behind the locks, it reads what these have waited for.
    readDebts(client, [...new Set([...using, ...shops])]),
  ]);
  return withDebts(accounts, debts);
}

type AccountRow = Omit<AdvanceAccount, "debts">;
type DebtRow = AccountName & Debt & { institution: string };

function readDebts(client: Client, shops: readonly string[]): Promise<DebtRow[]> {
  return client.query<DebtRow>(sql`
    select shop, currency, institution, owed, covering, covered from advance_debts
    where shop = any(${uuidArray(shops)}::uuid[])`);
}

/** What a shop owes where the money of its trades is, without what a settlement is about to pay. Minor units; locks nothing. */
export async function readDebtAt(
  client: Client,
  { shop, currency }: AccountName,
  institution: string,
): Promise<bigint> {
  const [row] = await client.query<{ left: bigint }>(sql`
    select owed - covering as left from advance_debts
    where shop = ${shop} and currency = ${currency} and institution = ${institution}`);
  return row?.left ?? 0n;
}

function withDebts(accounts: readonly AccountRow[], rows: readonly DebtRow[]): AdvanceAccount[] {
  const debts = new Map(
    accounts.map((each) => [accountKey(each.shop, each.currency), new Map<string, Debt>()]),
  );
  for (const { shop, currency, institution, owed, covering, covered } of rows)
    debts.get(accountKey(shop, currency))?.set(institution, { owed, covering, covered });
  return accounts.map((account) => {
    const of = debts.get(accountKey(account.shop, account.currency)) ?? new Map<string, Debt>();
    return { ...account, debts: of };
  });
}

/** Writes accounts that are locked, with their debts. */
export function writeAdvanceAccounts(client: Client, accounts: readonly AdvanceAccount[]): Promise<unknown> {
  const of = <K extends keyof AccountRow>(name: K) => plainArray(accounts.map((each) => each[name]));
  const shops = of("shop");
  const written = client.execute(sql`
    update advance_accounts as old set outstanding = new.outstanding, owed = new.owed, covering = new.covering,
      covered = new.covered
    from unnest(${shops}::uuid[], ${of("currency")}::text[], ${of("outstanding")}::bigint[],
      ${of("owed")}::bigint[], ${of("covering")}::bigint[], ${of("covered")}::bigint[])
      as new (shop, currency, outstanding, owed, covering, covered)
    where old.shop = new.shop and old.currency = new.currency and old.shop = any(${shops}::uuid[])`);
  const debts = accounts.flatMap(({ shop, currency, debts: each }) =>
    [...each].map(([institution, debt]) => ({ shop, currency, institution, ...debt })),
  );
  return debts.length === 0 ? written : Promise.all([written, writeDebts(client, debts)]);
}

function writeDebts(client: Client, debts: readonly DebtRow[]): Promise<number> {
  const of = <K extends keyof DebtRow>(name: K) => plainArray(debts.map((each) => each[name]));
  return client.execute(sql`
    insert into advance_debts (shop, currency, institution, owed, covering, covered)
    select * from unnest(${of("shop")}::uuid[], ${of("currency")}::text[], ${of("institution")}::uuid[],
      ${of("owed")}::bigint[], ${of("covering")}::bigint[], ${of("covered")}::bigint[])
    on conflict (shop, currency, institution) do update set owed = excluded.owed, covering = excluded.covering,
      covered = excluded.covered`);
}

/** One claim that was bought, and what became of it. */
export interface AdvanceRow {
  trade: bigint;
  shop: string;
  currency: string;
  /** Where it was paid, and what it becomes is to be had. */
  institution: string;
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
    insert into advances (trade, shop, currency, institution, amount, price, paid, recovered, owed, at)
    select * from unnest(${of("trade")}::bigint[], ${of("shop")}::uuid[], ${of("currency")}::text[],
      ${of("institution")}::uuid[], ${of("amount")}::bigint[], ${of("price")}::bigint[], ${of("paid")}::bigint[], ${of("recovered")}::bigint[],
      ${of("owed")}::bigint[], ${timeArray(advances.map(({ at }) => at))}::timestamptz[])
    on conflict (trade) do update set recovered = excluded.recovered, owed = excluded.owed`);
}

export async function readAdvanceAccounts(client: Client, shop: string): Promise<AdvanceAccount[]> {
  const [accounts, debts] = await Promise.all([
    client.query<AccountRow>(sql`
      select shop, currency, outstanding, owed, covering, covered from advance_accounts
      where shop = ${shop} order by currency`),
    readDebts(client, [shop]),
  ]);
  return withDebts(accounts, debts);
}

/** A shop's claims that were bought, latest number first; `after` is the number of the last one seen. */
export function listAdvances(
  client: Client,
  shop: string,
  limit: number,
  after?: bigint,
): Promise<AdvanceRow[]> {
  return client.query<AdvanceRow>(sql`
    select trade, shop, currency, institution, amount, price, paid, recovered, owed, at from advances
    where shop = ${shop} and trade < ${after ?? 2n ** 62n} order by trade desc limit ${limit}`);
}
