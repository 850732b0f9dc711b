/** Trades as rows, and what is kept beside them: their events, where their goods go, and to whom. */
import { upgraded } from "../../core/trade/trade.ts";
import {
  bigintArray,
  type Client,
  intArray,
  jsonArray,
  plainArray,
  type Query,
  sql,
  textArray,
  timeArray,
  uuidArray,
  type Value,
} from "../../storage/database/database.ts";
import type { ActorRole } from "../../core/protocol/protocol.ts";
import type { Destination } from "../../core/protocol/schemas.ts";
import type { WrappedKey } from "../../storage/keyring/keyring.ts";
import type { Vault } from "../../storage/members/members.ts";
import type { KeptTrade } from "./kept-trade.ts";

type ColumnType = "bigint" | "int" | "text" | "uuid" | "timestamptz" | "json";
/** What writes a column anew after the trade was entered: nothing, each step, or only what is agreed anew. */
type Changes = "never" | "step" | "agreement";

/** The columns of a trade, once: whatever reads or writes a whole trade is made from this list. */
const columns = {
  number: ["number", "bigint", "never"],
  id: ["id", "uuid", "never"],
  state: ["state", "text", "step"],
  version: ["version", "int", "step"],
  shop: ["shop", "uuid", "agreement"],
  chain: ["chain", "uuid", "agreement"],
  buyer: ["buyer", "uuid", "agreement"],
  member: ["member", "bigint", "agreement"],
  carrier: ["carrier", "uuid", "agreement"],
  provider: ["provider", "uuid", "never"],
  currency: ["currency", "text", "never"],
  amount: ["amount", "bigint", "agreement"],
  frozen: ["frozen", "bigint", "step"],
  settled: ["settled", "bigint", "step"],
  released: ["released", "bigint", "step"],
  refunded: ["refunded", "bigint", "step"],
  method: ["method", "uuid", "agreement"],
  account: ["account", "uuid", "agreement"],
  hold: ["hold", "uuid", "agreement"],
  mandate: ["mandate", "uuid", "agreement"],
  terms: ["terms", "json", "agreement"],
  progress: ["progress", "json", "step"],
  approveBy: ["approve_by", "timestamptz", "agreement"],
  reservedUntil: ["reserved_until", "timestamptz", "step"],
  shipBy: ["ship_by", "timestamptz", "step"],
  acceptBy: ["accept_by", "timestamptz", "step"],
  paymentDate: ["payment_date", "timestamptz", "agreement"],
  coolingOffUntil: ["cooling_off_until", "timestamptz", "step"],
  wakeAt: ["wake_at", "timestamptz", "step"],
  pending: ["pending", "json", "step"],
  createdAt: ["created_at", "timestamptz", "never"],
  updatedAt: ["updated_at", "timestamptz", "step"],
} as const satisfies Record<keyof KeptTrade, readonly [column: string, type: ColumnType, changes: Changes]>;

type Field = keyof typeof columns;
const fields = Object.keys(columns) as Field[];
const nameOf = (field: Field): string => columns[field][0];
const changedBy = (...changes: Changes[]): Field[] =>
  fields.filter((field) => changes.includes(columns[field][2]));

/** A prepared way to read whole trades; `tail` is all that follows the table's name. */
function reading(name: string, tail: string): (...values: Value[]) => Query {
  const selected = fields.map((field) => `${nameOf(field)} as "${field}"`).join(", ");
  const text = `select ${selected} from trades ${tail}`;
  return (...values) => ({ name, text, values });
}

const locked = reading("trades_locked", "where number = any($1::bigint[]) order by number for update");
const one = reading("trades_one", "where number = $1");

/** Trades as rows, and as they are since goods under way are counted. */
async function read(client: Client, query: Query): Promise<KeptTrade[]> {
  return (await client.query<KeptTrade>(query)).map((trade) => upgraded(trade));
}

/** Locks trades in the order of their numbers. */
export function lockTrades(client: Client, numbers: readonly bigint[]): Promise<KeptTrade[]> {
  return read(client, locked(bigintArray(numbers)));
}

export async function readTrade(client: Client, number: bigint): Promise<KeptTrade | undefined> {
  const [trade] = await read(client, one(number));
  return trade;
}

const several = reading("trades_several", "where number = any($1::bigint[])");

export function readTrades(client: Client, numbers: readonly bigint[]): Promise<KeptTrade[]> {
  return read(client, several(bigintArray(numbers)));
}

const lists = {
  // Also those that a store of its chain has taken; not those of which it learns from the buyer, as long as it has to.
  shop: reading(
    "trades_of_shop",
    `where id in ((select id from trades where shop = $1 and id < $2 and (terms -> 'earmark') is null
      order by id desc limit $3) union all
      (select id from trades where chain = $1 and id < $2 order by id desc limit $3)) order by id desc limit $3`,
  ),
  buyer: reading("trades_of_buyer", "where buyer = $1 and id < $2 order by id desc limit $3"),
  carrier: reading("trades_of_carrier", "where carrier = $1 and id < $2 order by id desc limit $3"),
  provider: reading("trades_of_provider", "where provider = $1 and id < $2 order by id desc limit $3"),
} as const;
export type ListedBy = keyof typeof lists;

const beyondAll = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** A party's trades, newest first; `after` is the id of the last one seen. */
export function listTrades(
  client: Client,
  by: ListedBy,
  party: string,
  limit: number,
  after: string = beyondAll,
): Promise<KeptTrade[]> {
  return read(client, lists[by](party, after, limit));
}

const all = reading("trades_all", "where id < $1 order by id desc limit $2");

/** Every trade, newest first: for operators. */
export function listAllTrades(
  client: Client,
  limit: number,
  after: string = beyondAll,
): Promise<KeptTrade[]> {
  return read(client, all(after, limit));
}

/** Numbers of trades whose deadline may have come, oldest deadline first. */
export async function dueTrades(client: Client, limit: number): Promise<bigint[]> {
  // The clock is read once, in a query of its own: read for each row, it could not bound the search in the index.
  const rows = await client.query<{ number: bigint }>(sql`
    select number from trades where wake_at <= (select kenshu_now()) and pending is null
    order by wake_at limit ${limit}`);
  return rows.map(({ number }) => number);
}

export interface TradeFigures {
  /** Per currency: trades that a deadline can still move, and what is frozen for them. */
  open: { currency: string; trades: number; frozen: bigint }[];
  dueWithinADay: number;
  /** For how many seconds the deadline that waits the longest has been over. */
  behind: number;
}

/** The version of each of these trades, and the step of it that waits, if one does. */
export function readStandings(
  client: Client,
  numbers: readonly string[],
): Promise<{ number: string; version: number; pending: unknown }[]> {
  return client.query(sql`
    select number::text, version, pending from trades where number = any(${plainArray(numbers)}::bigint[])`);
}

/** How trades stand, for metrics, but for those whose amounts this server does not know: by the index of those that a deadline can still move. */
export async function readTradeFigures(client: Client): Promise<TradeFigures> {
  const open = await client.query<TradeFigures["open"][number]>(sql`
    select currency, count(*)::int as trades, coalesce(sum(frozen), 0)::bigint as frozen
    from trades where wake_at is not null and frozen > 0 and terms ->> 'private' is distinct from 'true' group by currency order by currency`);
  const [due] = await client.query<{ soon: number; behind: number }>(sql`
    select (select count(*)::int from trades where wake_at <= (select kenshu_now() + interval '1 day')) as soon,
      coalesce((select greatest(0, extract(epoch from (select kenshu_now()) - wake_at))::float8
        from trades where wake_at is not null and pending is null order by wake_at limit 1), 0) as behind`);
  return { open, dueWithinADay: due?.soon ?? 0, behind: due?.behind ?? 0 };
}

const arrays: Readonly<Record<ColumnType, (values: never[]) => Value>> = {
  bigint: bigintArray,
  int: intArray,
  json: (values: unknown[]) =>
    jsonArray(values.map((value) => (value === null ? null : JSON.stringify(value)))),
  text: plainArray,
  timestamptz: timeArray,
  uuid: uuidArray,
};

/** A column of many trades as one value. */
function columnOf(trades: readonly KeptTrade[], field: Field): Value {
  return arrays[columns[field][1]](trades.map((trade) => trade[field]) as never[]);
}

/** The rows of some columns in a statement, whose values `columnOf` makes in the same order. */
function rowsOf(written: readonly Field[]): string {
  const arrays = written.map((field, index) => `$${index + 1}::${columns[field][1]}[]`);
  return `unnest(${arrays.join(", ")})`;
}

/** A prepared way to write columns of trades. */
function writing(
  name: string,
  written: readonly Field[],
  textOf: (columns: string[], rows: string) => string,
): (trades: readonly KeptTrade[]) => Query {
  const text = textOf(written.map(nameOf), rowsOf(written));
  return (trades) => ({ name, text, values: written.map((field) => columnOf(trades, field)) });
}

function updating(name: string, changes: readonly Field[]): (trades: readonly KeptTrade[]) => Query {
  return writing(name, ["number", ...changes], (written, rows) => {
    const set = changes.map((field) => `${nameOf(field)} = new.${nameOf(field)}`).join(", ");
    return `update trades set ${set} from ${rows} as new (${written.join(", ")})
      where trades.number = new.number and trades.number = any($1)`;
  });
}

const inserted = writing(
  "trades_insert",
  fields,
  (written, rows) => `insert into trades (${written.join(", ")}) select * from ${rows}`,
);
const stepped = updating("trades_step", changedBy("step"));
const agreed = updating("trades_agreement", changedBy("step", "agreement"));

export function insertTrades(client: Client, trades: readonly KeptTrade[]): Promise<number> {
  return client.execute(inserted(trades));
}

/** Writes what goods, money and clock have changed; what was agreed is left as it is, and costs nothing. */
export function updateTrades(client: Client, trades: readonly KeptTrade[]): Promise<number> {
  return client.execute(stepped(trades));
}

/** Writes trades in which something was agreed anew: approved, revised, refused. */
export function updateAgreements(client: Client, trades: readonly KeptTrade[]): Promise<number> {
  return client.execute(agreed(trades));
}

/**
 * Whether a person has a trade that has not ended: one that waits for somebody, holds money, or can still be undone
 * within cooling-off.
 */
export async function hasOpenTrades(client: Client, person: string): Promise<boolean> {
  const [row] = await client.query<{ open: boolean }>(sql`
    select exists (
      select from trades where buyer = ${person} and (frozen > 0
        or json_array_length(progress -> 'lots') > 0 or progress -> 'refundDue' is not null
        or state in ('proposed', 'reserved', 'delivered', 'accepted', 'disputed')
        or (settled > refunded and cooling_off_until > kenshu_now()))) as open`);
  return row?.open ?? false;
}

/**
 * Whether a trade waits for another means of its buyer's, since what they named had too little. It is locked: until this
 * transaction ends, no approval of it is decided.
 */
export async function waitsForMeans(client: Client, number: bigint): Promise<boolean> {
  const [row] = await client.query<{ waits: boolean }>(sql`
    select state = 'refused' and pending is null as waits from trades where number = ${number} for update`);
  return row?.waits ?? false;
}

/** Guests of whom no trade speaks a day after they were entered: what they came for was refused. */
export async function strayGuests(client: Client): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    select p.id from people p
    where p.kind = 'guest' and p.state = 'active' and p.created_at < (select kenshu_now() - interval '1 day')
      and not exists (select from trades t where t.buyer = p.id)
    order by p.id limit 500`);
  return rows.map(({ id }) => id);
}

/** The trades of a buyer whose money these holds freeze, by hold. */
export async function readTradesOfHolds(
  client: Client,
  buyer: string,
  holds: string[],
): Promise<Map<string, string>> {
  if (holds.length === 0) return new Map();
  const rows = await client.query<{ hold: string; number: bigint }>(sql`
    select hold, number from trades where buyer = ${buyer} and hold = any(${holds}::uuid[])`);
  return new Map(rows.map(({ hold, number }) => [hold, String(number)]));
}

/** One row of the record as numbered events. */
export interface EventRow {
  seq: number;
  types: string[];
  at: Date;
  role: ActorRole;
  actor: string | null;
  data: Record<string, unknown>[] | null;
  /** The batch that it is sealed in; null where it was written before anything was. */
  batch: string | null;
}

/** A trade's record in order, from the row that holds the event after `after`; one row holds one event at least. */
export function readEvents(client: Client, trade: string, after: number, limit: number): Promise<EventRow[]> {
  return client.query<EventRow>(sql`
    select seq, types, at, role, actor, data, batch from trade_events
    where trade = ${trade} and seq + array_length(types, 1) - 1 > ${after} order by seq limit ${limit}`);
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

/** Enters events, which the batch that they are sealed in holds. */
export function insertEvents(client: Client, events: readonly NewEvents[], batch: string): Promise<number> {
  return client.execute(sql`
    insert into trade_events (trade, seq, types, at, role, actor, data, batch)
    select trade, seq, string_to_array(types, ' '), at, role, actor, data, ${batch}::uuid
    from unnest(${uuidArray(events.map(({ trade }) => trade))}::uuid[], ${intArray(events.map(({ seq }) => seq))}::int[],
      ${textArray(events.map(({ types }) => types.join(" ")))}::text[], ${timeArray(events.map(({ at }) => at))}::timestamptz[],
      ${plainArray(events.map(({ role }) => role))}::text[], ${uuidArray(events.map(({ actor }) => actor))}::uuid[],
      ${jsonArray(events.map(({ data }) => JSON.stringify(data)))}::json[])
      as new (trade, seq, types, at, role, actor, data)`);
}

/** Where the goods of an order go that a store is to be found for. */
export interface Route {
  trade: bigint;
  head: string;
  place: Destination;
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
  /** How the name is read. */
  kana: string | null;
  address: string | null;
  email: string | null;
  phone: string | null;
  /** Of a present, in the buyer's words: for buyer, shop and recipient alone. */
  giver: string | null;
  greeting: string | null;
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
    insert into trade_recipients (trade, name, kana, address, email, phone, giver, greeting)
    select * from unnest(${rows.map(({ trade }) => trade)}::uuid[], ${rows.map(({ sealed }) => sealed.name)}::bytea[],
      ${rows.map(({ sealed }) => sealed.kana)}::bytea[], ${rows.map(({ sealed }) => sealed.address)}::bytea[], ${rows.map(({ sealed }) => sealed.email)}::bytea[],
      ${rows.map(({ sealed }) => sealed.phone)}::bytea[], ${rows.map(({ sealed }) => sealed.giver)}::bytea[],
      ${rows.map(({ sealed }) => sealed.greeting)}::bytea[])`);
}

/** Erases what hangs on trades: their recipients, and what shops have said of their guests. */
export function eraseRecipients(client: Client, trades: readonly string[]): Promise<number> {
  return client.execute(sql`
    with unlocked as (delete from personal_keys where subject = any(${[...trades]}::uuid[]))
    delete from trade_recipients where trade = any(${[...trades]}::uuid[])`);
}

type SealedRecipient = WrappedKey & Record<Exclude<keyof Recipient, "trade">, Buffer | null>;

export async function readRecipient(
  client: Client,
  vault: Vault,
  trade: string,
): Promise<Omit<Recipient, "trade"> | undefined> {
  const [row] = await client.query<SealedRecipient>(sql`
    select k.kek, k.wrapped, r.name, r.kana, r.address, r.email, r.phone, r.giver, r.greeting
    from trade_recipients r join personal_keys k on k.subject = r.trade where r.trade = ${trade}`);
  if (row === undefined) return undefined;
  const { kek, wrapped, ...sealed } = row;
  const { name, ...rest } = vault.open("trade_recipients", trade, { kek, wrapped }, sealed);
  return { ...rest, name: name ?? "" };
}
