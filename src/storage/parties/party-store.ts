/** What is kept of one party at a time: for registration and their own pages, off the hot path. */
import { type Client, sql, textArray } from "../database/database.ts";
import type { Fee } from "../../core/money/money.ts";
import type { ShopAccount } from "./store.ts";
import type { PartyKind, PartyLanguage, PartyState } from "./kinds.ts";
import { looksOf } from "./lookalikes.ts";
import { endingsOf, soughtInNames } from "./spoken.ts";

export interface PartyDetails {
  id: string;
  kind: PartyKind;
  name: string;
  state: PartyState;
  email: string | null;
  phone: string | null;
  independent: boolean;
  createdAt: Date;
}

export async function insertParty(
  client: Client,
  party: Omit<PartyDetails, "createdAt" | "independent">,
): Promise<void> {
  await client.execute(sql`
    insert into parties (id, kind, name, looks, state, email, phone, created_at)
    values (${party.id}, ${party.kind}, ${party.name}, ${looksOf(party.name)}::text[], ${party.state}, ${party.email},
      ${party.phone}, kenshu_now())`);
  if (party.kind === "shop") await insertForms(client, party);
}

/** Lets a shop be found by what stands in its name. */
async function insertForms(client: Client, { id, name }: { id: string; name: string }): Promise<void> {
  await client.execute(sql`
    insert into shop_names (form, shop) select form, ${id} from unnest(${textArray(endingsOf(name))}::text[]) as forms (form)
    on conflict do nothing`);
}

/** Lets one transaction at a time admit parties, so that of two names that look alike one is seen by the other. */
export async function lockNames(client: Client): Promise<void> {
  await client.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('names of ' || current_schema(), 0))`,
  );
}

/**
 * The name of a party, other than this one, that this name looks like. Who has only applied has no name yet: else a stranger
 * could keep others from theirs.
 */
export async function findLookAlike(client: Client, name: string, but: string): Promise<string | undefined> {
  const [row] = await client.query<{ name: string }>(sql`
    select name from parties where looks && ${looksOf(name)}::text[] and state <> 'applied' and id <> ${but}
    order by id limit 1`);
  return row?.name;
}

/** The id of the one approved party of these kinds whose name looks like this one; undefined where there is none, or several. */
export async function findByName(
  client: Client,
  name: string,
  kinds: readonly PartyKind[],
): Promise<string | undefined> {
  const rows = await client.query<{ id: string }>(sql`
    select id from parties where looks && ${looksOf(name)}::text[] and state = 'approved'
      and kind = any(${[...kinds]}::text[]) order by id limit 2`);
  return rows.length === 1 ? rows[0]?.id : undefined;
}

/** Of one shop a text may begin several endings: so many rows are read for each shop that is shown. */
const endingsEach = 8;
const lastSign = "\u{10ffff}";

/**
 * Shops in whose names a text stands, first those whose names end with it: at the same cost, however many shops there are. Those
 * that nobody has admitted are left out, and `more` is said where there may be others.
 */
export async function searchShops(
  client: Client,
  text: string,
  limit: number,
): Promise<{ found: { id: string; name: string }[]; more: boolean }> {
  const sought = soughtInNames(text);
  if (sought === undefined) return { found: [], more: false };
  const { form, isIn } = sought;
  const rowsMost = (limit + 1) * endingsEach;
  const rows = await client.query<{ id: string; name: string; state: string }>(sql`
    select p.id, p.name, p.state from (select form, shop from shop_names where form >= ${form} and form < ${form + lastSign}
        order by form, shop limit ${rowsMost}) f
      cross join lateral (select id, name, state from parties where id = f.shop limit 1) p
    order by f.form, f.shop`);
  const admitted = rows.filter(({ name, state }) => state !== "applied" && isIn(name));
  const shops = [...new Map(admitted.map(({ id, name }) => [id, { id, name }])).values()];
  return { found: shops.slice(0, limit), more: shops.length > limit || rows.length === rowsMost };
}

/** Keeps what the names look like, and by what shops are found, of those that were entered before that was kept. */
export async function keepLooks(client: Client): Promise<void> {
  const rows = await client.query<{ id: string; name: string }>(
    sql`select id, name from parties where looks is null`,
  );
  for (const { id, name } of rows)
    await client.execute(sql`update parties set looks = ${looksOf(name)}::text[] where id = ${id}`);
  const shops = await client.query<{ id: string; name: string }>(sql`
    select id, name from parties where kind = 'shop' and not exists (select from shop_names where shop = parties.id)`);
  for (const shop of shops) await insertForms(client, shop);
}

/** A party; a shop whose stay is over is as one that is suspended. */
export async function readParty(
  client: Client,
  kind: PartyKind,
  id: string,
): Promise<PartyDetails | undefined> {
  const [row] = await client.query<PartyDetails>(sql`
    select id, kind, name, case when state = 'approved' and (select until from stays where shop = parties.id) <= (select kenshu_now())
        then 'suspended' else state end as state,
      email, phone, independent, created_at as "createdAt"
    from parties where id = ${id} and kind = ${kind}`);
  return row;
}

/** Locks a party against every other change of its state, accounts or keys and returns it as it is now. */
export async function lockParty(
  client: Client,
  kind: PartyKind,
  id: string,
): Promise<PartyDetails | undefined> {
  const [row] = await client.query<PartyDetails>(sql`
    select id, kind, name, state, email, phone, independent, created_at as "createdAt"
    from parties where id = ${id} and kind = ${kind} for update`);
  return row;
}

/** In which language a party is written to; null where it has said none. */
export async function readPartyLanguage(client: Client, id: string): Promise<PartyLanguage | null> {
  const [row] = await client.query<{ language: PartyLanguage | null }>(
    sql`select language from parties where id = ${id}`,
  );
  return row?.language ?? null;
}

/** Remembers in which language a party is written to. */
export async function setPartyLanguage(client: Client, id: string, language: PartyLanguage): Promise<void> {
  await client.execute(sql`
    update parties set language = ${language} where id = ${id} and language is distinct from ${language}`);
}

const firstId = "00000000-0000-0000-0000-000000000000";

/** Parties of a kind in the order in which they came, those after `after` (an id). */
export function listParties(
  client: Client,
  kind: PartyKind,
  limit: number,
  after: string = firstId,
): Promise<PartyDetails[]> {
  return client.query<PartyDetails>(sql`
    select id, kind, name, state, email, phone, independent, created_at as "createdAt"
    from parties where kind = ${kind} and id > ${after} order by id limit ${limit}`);
}

/** Parties of any kind who wait to be approved, the oldest first; `after` is the id of the last one seen. */
export function listPartiesApplied(
  client: Client,
  limit: number,
  after: string = firstId,
): Promise<PartyDetails[]> {
  return client.query<PartyDetails>(sql`
    select id, kind, name, state, email, phone, independent, created_at as "createdAt"
    from parties where state = 'applied' and id > ${after} order by id limit ${limit}`);
}

export async function setPartyState(client: Client, id: string, state: PartyState): Promise<void> {
  await client.execute(sql`update parties set state = ${state} where id = ${id}`);
}

/** A shop's accounts with their fees, by currency. */
export function listShopAccounts(client: Client, shop: string): Promise<ShopAccount[]> {
  return client.query<ShopAccount>(sql`
    select currency, account, fee_fixed as "feeFixed", fee_basis_points as "feeBasisPoints",
      fee_round_to as "feeRoundTo"
    from shop_accounts where shop = ${shop} order by currency`);
}

/** The shop whose account this is; undefined for an account of anybody else. */
export async function readShopOfAccount(client: Client, account: string): Promise<string | undefined> {
  const [row] = await client.query<{ shop: string }>(sql`
    select shop from shop_accounts where account = ${account}`);
  return row?.shop;
}

/** Enters accounts for currencies in which the shop has none yet. */
export async function insertShopAccounts(
  client: Client,
  shop: string,
  accounts: { currency: string; account: string }[],
  fee: Fee,
): Promise<void> {
  await client.execute(sql`
    insert into shop_accounts (shop, currency, account, fee_fixed, fee_basis_points, fee_round_to)
    select ${shop}, new.currency, new.account, ${fee.fixed}, ${fee.basisPoints}, ${fee.roundTo}
    from unnest(${accounts.map(({ currency }) => currency)}::text[],
      ${accounts.map(({ account }) => account)}::uuid[]) as new(currency, account)
    on conflict (shop, currency) do nothing`);
}

/** Shops that have been approved and have no account in one of these currencies. */
export async function shopsWithoutAccount(client: Client, currencies: readonly string[]): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    select p.id from parties p
    where p.kind = 'shop' and p.state <> 'applied' and ${currencies.length} > (
      select count(*) from shop_accounts a where a.shop = p.id and a.currency = any(${[...currencies]}::text[]))
    order by p.id`);
  return rows.map(({ id }) => id);
}

/** Sets the fee on trades reserved from now on; false where the shop has no account in the currency. */
export async function setShopFee(client: Client, shop: string, currency: string, fee: Fee): Promise<boolean> {
  const touched = await client.execute(sql`
    update shop_accounts
    set fee_fixed = ${fee.fixed}, fee_basis_points = ${fee.basisPoints}, fee_round_to = ${fee.roundTo}
    where shop = ${shop} and currency = ${currency}`);
  return touched === 1;
}

/** The addresses to which a shop may have members sent back. */
export async function readReturnUrls(client: Client, shop: string): Promise<string[]> {
  const [row] = await client.query<{ urls: string[] }>(sql`
    select return_urls as urls from parties where id = ${shop} and kind = 'shop'`);
  return row?.urls ?? [];
}

export async function setReturnUrls(client: Client, shop: string, urls: readonly string[]): Promise<void> {
  await client.execute(sql`update parties set return_urls = ${[...urls]}::text[] where id = ${shop}`);
}

/** Until when a shop that comes for a time opens trades; undefined of one that stays. */
export async function readStay(client: Client, shop: string): Promise<Date | undefined> {
  const [row] = await client.query<{ until: Date }>(sql`select until from stays where shop = ${shop}`);
  return row?.until;
}

export async function insertStay(client: Client, shop: string, until: Date): Promise<void> {
  await client.execute(sql`insert into stays (shop, until) values (${shop}, ${until})`);
}
