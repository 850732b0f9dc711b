import {
  beyondAll,
  type Client,
  joinedTexts,
  plainArray,
  type Query,
  sql,
  timeArray,
  type Value,
} from "../../storage/database/database.ts";
import type { Vault, WrappedKey } from "../../storage/members/members.ts";
import type { ActorRole } from "../../core/protocol/protocol.ts";
import type { Place } from "../../core/protocol/schemas.ts";
import type { EventRow } from "./view.ts";
import type { Trade } from "../../core/machine/machine.ts";

const columns = `number, id, state, version, shop, chain, buyer, member, carrier, provider, currency, amount, frozen, settled,
  released, refunded, method, account, hold, mandate, terms, progress, approve_by as "approveBy",
  reserved_until as "reservedUntil", ship_by as "shipBy", accept_by as "acceptBy",
  payment_date as "paymentDate", cooling_off_until as "coolingOffUntil", wake_at as "wakeAt",
  pending, created_at as "createdAt", updated_at as "updatedAt"`;

/** A prepared way to read whole trades; `tail` is all that follows the table's name. */
function reading(name: string, tail: string): (...values: Value[]) => Query {
  const text = `select ${columns} from trades ${tail}`;
  return (...values) => ({ name, text, values });
}

const locked = reading("trades_locked", "where number = any($1::bigint[]) order by number for update");
const one = reading("trades_one", "where number = $1");

/** Locks trades in the order of their numbers. */
export function lockTrades(client: Client, numbers: readonly bigint[]): Promise<Trade[]> {
  return client.query<Trade>(locked(plainArray(numbers)));
}

export async function readTrade(client: Client, number: bigint): Promise<Trade | undefined> {
  const [trade] = await client.query<Trade>(one(number));
  return trade;
}

const lists = {
  // Also those that a store of its chain has taken.
  shop: reading(
    "trades_of_shop",
    `where id in ((select id from trades where shop = $1 and id < $2 order by id desc limit $3) union all
      (select id from trades where chain = $1 and id < $2 order by id desc limit $3)) order by id desc limit $3`,
  ),
  buyer: reading("trades_of_buyer", "where buyer = $1 and id < $2 order by id desc limit $3"),
  carrier: reading("trades_of_carrier", "where carrier = $1 and id < $2 order by id desc limit $3"),
  provider: reading("trades_of_provider", "where provider = $1 and id < $2 order by id desc limit $3"),
} as const;
export type ListedBy = keyof typeof lists;

/** A party's trades, newest first; `after` is the id of the last one seen. */
export function listTrades(
  client: Client,
  by: ListedBy,
  party: string,
  limit: number,
  after: string = beyondAll,
): Promise<Trade[]> {
  return client.query<Trade>(lists[by](party, after, limit));
}

const all = reading("trades_all", "where id < $1 order by id desc limit $2");

/** Every trade, newest first: for operators. */
export function listAllTrades(client: Client, limit: number, after: string = beyondAll): Promise<Trade[]> {
  return client.query<Trade>(all(after, limit));
}

/** A trade's record in order, from the row that holds the event after `after`; one row holds one event at least. */
export function readEvents(client: Client, trade: string, after: number, limit: number): Promise<EventRow[]> {
  return client.query<EventRow>(sql`
    select seq, types, at, role, actor, data from trade_events
    where trade = ${trade} and seq + array_length(types, 1) - 1 > ${after} order by seq limit ${limit}`);
}

/** Numbers of trades whose deadline may have come, oldest deadline first. */
export async function dueTrades(client: Client, limit: number): Promise<bigint[]> {
  // The clock is read once, in a query of its own: read for each row, it could not bound the search in the index.
  const rows = await client.query<{ number: bigint }>(sql`
    select number from trades where wake_at <= (select kenshu_now()) and pending is null
    order by wake_at limit ${limit}`);
  return rows.map(({ number }) => number);
}

/** The steps that wait, as texts for `string_to_array`; a trade without one has an empty text, which stands for null. */
function pendingSteps(trades: readonly Trade[]): string {
  return joinedTexts(trades.map(({ pending }) => (pending === null ? "" : JSON.stringify(pending))));
}

export function insertTrades(client: Client, trades: readonly Trade[]): Promise<number> {
  const of = <K extends keyof Trade>(name: K) => trades.map((trade) => trade[name]);
  return client.execute(sql`
    insert into trades (number, id, state, version, shop, buyer, member, carrier, provider, currency, amount, frozen,
      settled, released, refunded, method, account, hold, mandate, terms, progress, approve_by, reserved_until,
      ship_by, accept_by, payment_date, cooling_off_until, wake_at, pending, created_at, updated_at)
    select * from unnest(${plainArray(of("number"))}::bigint[], ${plainArray(of("id"))}::uuid[], ${plainArray(of("state"))}::text[],
      ${plainArray(of("version"))}::int[], ${plainArray(of("shop"))}::uuid[], ${plainArray(of("buyer"))}::uuid[],
      ${plainArray(of("member"))}::bigint[], ${plainArray(of("carrier"))}::uuid[], ${plainArray(of("provider"))}::uuid[],
      ${plainArray(of("currency"))}::text[], ${plainArray(of("amount"))}::bigint[], ${plainArray(of("frozen"))}::bigint[],
      ${plainArray(of("settled"))}::bigint[], ${plainArray(of("released"))}::bigint[], ${plainArray(of("refunded"))}::bigint[],
      ${plainArray(of("method"))}::uuid[], ${plainArray(of("account"))}::uuid[], ${plainArray(of("hold"))}::uuid[],
      ${plainArray(of("mandate"))}::uuid[], string_to_array(${joinedTexts(of("terms").map((terms) => JSON.stringify(terms)))}, chr(31))::json[],
      string_to_array(${joinedTexts(of("progress").map((progress) => JSON.stringify(progress)))}, chr(31))::json[],
      ${timeArray(of("approveBy"))}::timestamptz[], ${timeArray(of("reservedUntil"))}::timestamptz[],
      ${timeArray(of("shipBy"))}::timestamptz[], ${timeArray(of("acceptBy"))}::timestamptz[],
      ${timeArray(of("paymentDate"))}::timestamptz[], ${timeArray(of("coolingOffUntil"))}::timestamptz[],
      ${timeArray(of("wakeAt"))}::timestamptz[], string_to_array(${pendingSteps(trades)}, chr(31), '')::json[],
      ${timeArray(of("createdAt"))}::timestamptz[],
      ${timeArray(of("updatedAt"))}::timestamptz[])`);
}

/** Writes what goods, money and clock have changed; what was agreed is left as it is, and costs nothing. */
export function updateTrades(client: Client, trades: readonly Trade[]): Promise<number> {
  const of = <K extends keyof Trade>(name: K) => trades.map((trade) => trade[name]);
  return client.execute(sql`
    update trades set state = new.state, version = new.version, frozen = new.frozen, settled = new.settled,
      released = new.released, refunded = new.refunded, progress = new.progress, reserved_until = new.reserved_until,
      ship_by = new.ship_by, accept_by = new.accept_by, cooling_off_until = new.cooling_off_until,
      wake_at = new.wake_at, pending = new.pending, updated_at = new.updated_at
    from unnest(${plainArray(of("number"))}::bigint[], ${plainArray(of("state"))}::text[],
      ${plainArray(of("version"))}::int[], ${plainArray(of("frozen"))}::bigint[],
      ${plainArray(of("settled"))}::bigint[], ${plainArray(of("released"))}::bigint[],
      ${plainArray(of("refunded"))}::bigint[],
      string_to_array(${joinedTexts(of("progress").map((progress) => JSON.stringify(progress)))}, chr(31))::json[],
      ${timeArray(of("reservedUntil"))}::timestamptz[], ${timeArray(of("shipBy"))}::timestamptz[],
      ${timeArray(of("acceptBy"))}::timestamptz[], ${timeArray(of("coolingOffUntil"))}::timestamptz[],
      ${timeArray(of("wakeAt"))}::timestamptz[], string_to_array(${pendingSteps(trades)}, chr(31), '')::json[],
      ${timeArray(of("updatedAt"))}::timestamptz[])
      as new (number, state, version, frozen, settled, released, refunded, progress, reserved_until, ship_by,
        accept_by, cooling_off_until, wake_at, pending, updated_at)
    where trades.number = new.number`);
}

/** Writes trades in which something was agreed anew: approved, revised, refused. */
export function updateAgreements(client: Client, trades: readonly Trade[]): Promise<number> {
  const of = <K extends keyof Trade>(name: K) => trades.map((trade) => trade[name]);
  return client.execute(sql`
    update trades set state = new.state, version = new.version, shop = new.shop, chain = new.chain,
      buyer = new.buyer, member = new.member,
      amount = new.amount, frozen = new.frozen, settled = new.settled, released = new.released,
      refunded = new.refunded, method = new.method, account = new.account, hold = new.hold, mandate = new.mandate,
      terms = new.terms, progress = new.progress, approve_by = new.approve_by, reserved_until = new.reserved_until,
      ship_by = new.ship_by, accept_by = new.accept_by, payment_date = new.payment_date,
      cooling_off_until = new.cooling_off_until, wake_at = new.wake_at, pending = new.pending,
      updated_at = new.updated_at
    from unnest(${plainArray(of("number"))}::bigint[], ${plainArray(of("state"))}::text[],
      ${plainArray(of("version"))}::int[], ${plainArray(of("shop"))}::uuid[], ${plainArray(of("chain"))}::uuid[],
      ${plainArray(of("buyer"))}::uuid[], ${plainArray(of("member"))}::bigint[],
      ${plainArray(of("amount"))}::bigint[], ${plainArray(of("frozen"))}::bigint[],
      ${plainArray(of("settled"))}::bigint[], ${plainArray(of("released"))}::bigint[],
      ${plainArray(of("refunded"))}::bigint[], ${plainArray(of("method"))}::uuid[],
      ${plainArray(of("account"))}::uuid[], ${plainArray(of("hold"))}::uuid[], ${plainArray(of("mandate"))}::uuid[],
      string_to_array(${joinedTexts(of("terms").map((terms) => JSON.stringify(terms)))}, chr(31))::json[],
      string_to_array(${joinedTexts(of("progress").map((progress) => JSON.stringify(progress)))}, chr(31))::json[],
      ${timeArray(of("approveBy"))}::timestamptz[], ${timeArray(of("reservedUntil"))}::timestamptz[],
      ${timeArray(of("shipBy"))}::timestamptz[], ${timeArray(of("acceptBy"))}::timestamptz[],
      ${timeArray(of("paymentDate"))}::timestamptz[], ${timeArray(of("coolingOffUntil"))}::timestamptz[],
      ${timeArray(of("wakeAt"))}::timestamptz[], string_to_array(${pendingSteps(trades)}, chr(31), '')::json[],
      ${timeArray(of("updatedAt"))}::timestamptz[])
      as new (number, state, version, shop, chain, buyer, member, amount, frozen, settled, released, refunded, method, account,
        hold, mandate, terms, progress, approve_by, reserved_until, ship_by, accept_by, payment_date,
        cooling_off_until, wake_at, pending, updated_at)
    where trades.number = new.number`);
}

export interface NewEvents {
  number: bigint;
  trade: string;
  seq: number;
  types: string[];
  at: Date;
  role: ActorRole;
  actor: string | null;
  data: Record<string, unknown>[];
}

export function insertEvents(client: Client, events: readonly NewEvents[]): Promise<number> {
  return client.execute(sql`
    insert into trade_events (trade, seq, types, at, role, actor, data)
    select trade, seq, string_to_array(types, ' '), at, role, actor, data
    from unnest(${plainArray(events.map(({ trade }) => trade))}::uuid[], ${plainArray(events.map(({ seq }) => seq))}::int[],
      string_to_array(${joinedTexts(events.map(({ types }) => types.join(" ")))}, chr(31)), ${timeArray(events.map(({ at }) => at))}::timestamptz[],
      ${plainArray(events.map(({ role }) => role))}::text[], ${plainArray(events.map(({ actor }) => actor))}::uuid[],
      string_to_array(${joinedTexts(events.map(({ data }) => JSON.stringify(data)))}, chr(31))::json[])
      as new (trade, seq, types, at, role, actor, data)`);
}

/** Where the goods of an order go that a store is to be found for. */
export interface Route {
  trade: bigint;
  head: string;
  place: Place;
}

/** Keeps where orders go, for those who find the stores; they forget it when there is one. */
export function insertRoutes(client: Client, routes: readonly Route[], at: Date): Promise<number> {
  const points = routes.map(({ place }) => ("at" in place ? place.at : null));
  return client.execute(sql`
    insert into routes (trade, head, postcode, latitude, longitude, due_at)
    select new.*, ${at} from unnest(${routes.map(({ trade }) => trade)}::bigint[],
      ${routes.map(({ head }) => head)}::uuid[],
      ${routes.map(({ place }) => ("postcode" in place ? place.postcode : null))}::text[],
      ${points.map((point) => point?.lat ?? null)}::int[], ${points.map((point) => point?.lng ?? null)}::int[]) as new`);
}

export interface Recipient {
  trade: string;
  name: string;
  address: string | null;
  email: string | null;
  phone: string | null;
}

/** Keeps recipients, each sealed under a key of its own that goes by the id of the trade. */
export function insertRecipients(
  client: Client,
  vault: Vault,
  recipients: readonly Recipient[],
): Promise<number> {
  const rows = recipients.map(({ trade, ...data }) => ({
    trade,
    ...vault.seal("trade_recipients", trade, data),
  }));
  return client.execute(sql`
    with locked as (
      insert into personal_keys (subject, kek, wrapped)
      select * from unnest(${rows.map(({ trade }) => trade)}::uuid[], ${rows.map(({ key }) => key.kek)}::bytea[],
        ${rows.map(({ key }) => key.wrapped)}::bytea[]))
    insert into trade_recipients (trade, name, address, email, phone)
    select * from unnest(${rows.map(({ trade }) => trade)}::uuid[], ${rows.map(({ sealed }) => sealed.name)}::bytea[],
      ${rows.map(({ sealed }) => sealed.address)}::bytea[], ${rows.map(({ sealed }) => sealed.email)}::bytea[],
      ${rows.map(({ sealed }) => sealed.phone)}::bytea[])`);
}

export function eraseRecipients(client: Client, trades: readonly string[]): Promise<number> {
  return client.execute(sql`
    with unlocked as (delete from personal_keys where subject = any(${[...trades]}::uuid[]))
    delete from trade_recipients where trade = any(${[...trades]}::uuid[])`);
}

type SealedRecipient = WrappedKey & Record<"name" | "address" | "email" | "phone", Buffer | null>;

export async function readRecipient(
  client: Client,
  vault: Vault,
  trade: string,
): Promise<Omit<Recipient, "trade"> | undefined> {
  const [row] = await client.query<SealedRecipient>(sql`
    select k.kek, k.wrapped, r.name, r.address, r.email, r.phone
    from trade_recipients r join personal_keys k on k.subject = r.trade where r.trade = ${trade}`);
  if (row === undefined) return undefined;
  const { kek, wrapped, ...sealed } = row;
  const { name, ...rest } = vault.open("trade_recipients", trade, { kek, wrapped }, sealed);
  return { ...rest, name: name ?? "" };
}
