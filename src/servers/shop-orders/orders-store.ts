/** The shop's statements about orders and about what the institution is to be told. */
import { type Client, sql } from "../../storage/database/database.ts";
import type { Language } from "../../edge/words/words.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";
import { placeOf } from "../shop-finding/shop-finding.ts";
import { keepMoves, movesBetween } from "../shop-money/shop-money.ts";

export const callNames = [
  "propose",
  "ship",
  "deliver",
  "accept",
  "return",
  "dispute",
  "answer",
  "say",
  "offer",
  "acceptOffer",
  "cancel",
  "refund",
  "extend",
  "release",
  "claim",
  "revise",
  "advance",
] as const;
export type CallName = (typeof callNames)[number];

export interface Contact {
  email?: string;
  phone?: string;
}

export interface Recipient {
  name: string;
  /** How the name is read, as it was typed. */
  kana?: string;
  address?: string;
  contact?: Contact;
  /** Of a present, as the buyer wrote it. */
  from?: string;
  greeting?: string;
}

/** Whose an order is. */
export interface Customer {
  name: string;
  /** How the name is read; nobody said it of orders of before. */
  kana?: string | undefined;
  address: string;
  email: string | null;
  phone: string | null;
  /** Where somebody else receives the goods. */
  recipient: Recipient | null;
}

export interface OrderLine {
  /** What this shop calls the line; orders of before have none. */
  id: string | null;
  kind: "goods" | "shipping" | "discount";
  name: string;
  quantity: number;
  unitAmount: bigint;
}

/** The key that seals what is known of an order's customer, as it is kept. */
export interface OrderKey {
  id: string;
  kek: Buffer;
  wrapped: Buffer;
}

export interface Order extends OrderKey {
  number: string;
  /** The id of the till at which it is paid. */
  till: string;
  /** The language in which it was placed. */
  language: Language;
  currency: string;
  amount: bigint;
  /** Whose it is, sealed; null where that has been erased. */
  customer: Buffer | null;
  placedAt: Date;
  /** The number of the trade, once the institution has given one. */
  trade: string | null;
  /** The trade as the institution last showed it. */
  view: TradeView | null;
}

/** Something the institution is to be told, or has been. */
export interface Call {
  orderId: string;
  seq: number;
  call: CallName;
  key: string;
  state: "waiting" | "done" | "refused";
  attempts: number;
  code: string | null;
  detail: string | null;
  madeAt: Date;
  /** Who of the staff has pressed, by the name they sign in with; null where it was a customer, or the shop by itself. */
  madeBy: string | null;
}

/** A call in the hands of the process that sends it. */
export interface DueCall extends Call {
  till: string;
  trade: string | null;
  kek: Buffer;
  wrapped: Buffer;
  /** JSON, sent exactly as it was first written; sealed. */
  body: Buffer | null;
  /** Whether an earlier attempt may have done it. */
  inDoubt: boolean;
}

/** Writes an order, unless one with this token or number is there already; then false. */
export async function insertOrder(
  client: Client,
  order: Omit<Order, "placedAt" | "trade" | "view"> & { tokenHash: Buffer },
): Promise<boolean> {
  const { id, number, till, language, tokenHash, currency, amount, kek, wrapped, customer } = order;
  const written = await client.execute(sql`
    insert into orders (id, number, till, language, token_hash, currency, amount, kek, wrapped, customer)
    values (${id}, ${number}, ${till}, ${language}, ${tokenHash}, ${currency}, ${amount}, ${kek}, ${wrapped}, ${customer})
    on conflict do nothing`);
  return written === 1;
}

export async function insertLines(client: Client, order: string, lines: readonly OrderLine[]): Promise<void> {
  await client.execute(sql`
    insert into order_lines (order_id, line, id, kind, name, quantity, unit_amount)
    select ${order}::uuid, n, id, kind, name, quantity, unit_amount
    from unnest(${lines.map(({ id }) => id)}::text[], ${lines.map(({ kind }) => kind)}::text[],
      ${lines.map(({ name }) => name)}::text[], ${lines.map(({ quantity }) => quantity)}::int[],
      ${lines.map(({ unitAmount }) => unitAmount)}::bigint[]) with ordinality
      as given (id, kind, name, quantity, unit_amount, n)`);
}

export async function linesOf(client: Client, order: string): Promise<OrderLine[]> {
  return client.query<OrderLine>(sql`
    select id, kind, name, quantity, unit_amount as "unitAmount" from order_lines
    where order_id = ${order} order by line`);
}

export async function orderByToken(client: Client, tokenHash: Buffer): Promise<Order | undefined> {
  const [order] = await client.query<Order>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view
    from orders where token_hash = ${tokenHash}`);
  return order;
}

export async function orderByNumber(client: Client, number: string): Promise<Order | undefined> {
  const [order] = await client.query<Order>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view
    from orders where number = ${number}`);
  return order;
}

/** The order, locked: every process that adds to its calls or moves its mirror holds this lock. */
export async function lockOrder(client: Client, id: string): Promise<Order | undefined> {
  const [order] = await client.query<Order>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view
    from orders where id = ${id} for update`);
  return order;
}

/** Orders, newest first, from before one of them on. */
export async function listOrders(
  client: Client,
  before: string | undefined,
  limit: number,
): Promise<Order[]> {
  return client.query<Order>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view
    from orders where ${before ?? null}::uuid is null or id < ${before ?? null}::uuid order by id desc limit ${limit}`);
}

export async function callsOf(client: Client, order: string): Promise<Call[]> {
  return client.query<Call>(sql`
    select order_id as "orderId", seq, call, key, state, attempts, code, detail, made_at as "madeAt", made_by as "madeBy"
    from outgoing where order_id = ${order} order by seq`);
}

/** The calls of several orders that have no answer yet, as how many each order has. */
export async function waitingCounts(
  client: Client,
  orders: readonly string[],
): Promise<{ orderId: string; count: bigint }[]> {
  return client.query(sql`
    select order_id as "orderId", count(*) as count from outgoing
    where order_id = any(${orders}::uuid[]) and state = 'waiting' group by order_id`);
}

/** Whether a form has been sent before, whatever became of it. */
export async function formIsKnown(client: Client, formHash: Buffer): Promise<boolean> {
  return (await client.query(sql`select 1 from outgoing where form_hash = ${formHash}`)).length > 0;
}

/** Writes a call and answers it. `leaseMs` above zero means that the writer sends it at once. */
export async function insertCall(
  client: Client,
  call: Pick<DueCall, "orderId" | "till" | "seq" | "call" | "key" | "body" | "trade" | "kek" | "wrapped">,
  formHash: Buffer | null,
  leaseMs: number,
  madeBy: string | null = null,
): Promise<DueCall> {
  const [written] = await client.query<Call>(sql`
    insert into outgoing (order_id, seq, call, key, form_hash, sealed_body, attempts, in_doubt, send_at, made_by)
    values (${call.orderId}, ${call.seq}, ${call.call}, ${call.key}, ${formHash}, ${call.body},
      ${leaseMs > 0 ? 1 : 0}, ${leaseMs > 0}, clock_timestamp() + ${leaseMs} * interval '1 millisecond', ${madeBy})
    returning order_id as "orderId", seq, call, key, state, attempts, code, detail, made_at as "madeAt", made_by as "madeBy"`);
  if (written === undefined) throw new Error("A call was written, and the database did not show it.");
  const { till, trade, kek, wrapped, body } = call;
  return { ...written, till, trade, kek, wrapped, body, inDoubt: false };
}

/**
 * Takes calls that are due, of one order or of all, for as long as the lease lasts. A call is not due while an
 * earlier one of its order waits, so what belongs together arrives in order.
 */
export async function claimCalls(
  client: Client,
  order: string | null,
  limit: number,
  leaseMs: number,
): Promise<DueCall[]> {
  return client.query<DueCall>(sql`
    with due as (
      select order_id, seq, in_doubt from outgoing as one
      where state = 'waiting' and send_at <= clock_timestamp()
        and (${order}::uuid is null or order_id = ${order}::uuid)
        and not exists (select 1 from outgoing as earlier
          where earlier.order_id = one.order_id and earlier.seq < one.seq and earlier.state = 'waiting')
      order by send_at limit ${limit} for update skip locked
    )
    update outgoing set attempts = attempts + 1, in_doubt = true,
      send_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from due join orders on orders.id = due.order_id
    where outgoing.order_id = due.order_id and outgoing.seq = due.seq
    returning outgoing.order_id as "orderId", outgoing.seq, call, key, sealed_body as body, outgoing.state, attempts, code, detail,
      made_at as "madeAt", made_by as "madeBy", orders.till, orders.trade, orders.kek, orders.wrapped, due.in_doubt as "inDoubt"`);
}

/** Puts a call that has no answer back, to be sent again later. */
export async function postponeCall(
  client: Client,
  call: Call,
  inDoubt: boolean,
  waitMs: number,
): Promise<void> {
  await client.execute(sql`
    update outgoing set in_doubt = ${inDoubt}, send_at = clock_timestamp() + ${waitMs} * interval '1 millisecond'
    where order_id = ${call.orderId} and seq = ${call.seq} and state = 'waiting'`);
}

/** Writes the answer to a call. The first answer stands. */
export async function answerCall(
  client: Client,
  call: Pick<Call, "orderId" | "seq">,
  state: "done" | "refused",
  code: string | null,
  detail: string | null,
): Promise<void> {
  await client.execute(sql`
    update outgoing set state = ${state}, code = ${code}, detail = ${detail}, answered_at = clock_timestamp()
    where order_id = ${call.orderId} and seq = ${call.seq} and state = 'waiting'`);
}

/** Gives up the calls that wait behind a proposal that came to nothing. */
export async function dropWaitingCalls(client: Client, order: string, code: string): Promise<void> {
  await client.execute(sql`
    update outgoing set state = 'refused', code = ${code}, answered_at = clock_timestamp()
    where order_id = ${order} and state = 'waiting'`);
}

/** Notes the number of a trade that the institution has told apart from the trade itself. */
export async function noteTrade(client: Client, order: string, trade: string): Promise<void> {
  await client.execute(sql`
    update orders set trade = ${trade}, check_at = clock_timestamp() where id = ${order} and trade is null`);
}

/**
 * Copies what the till shows, unless something newer is there; that a step waits changes no version. It is asked again
 * after an eighth of the time for which nothing has changed, within the bounds; never again where they are null. What moved since
 * the last look is written down with it: whoever calls does so in a transaction.
 */
export async function mirrorTrade(
  client: Client,
  order: string,
  view: TradeView,
  again: { minMs: number; maxMs: number } | null,
): Promise<void> {
  const { minMs, maxMs } = again ?? { minMs: 0, maxMs: 0 };
  const { queue, due, todo } = placeOf(view, await clockOf(client));
  // What time alone brings into another list is looked at when that time has come.
  const turns = queue === "waiting" && view.state === "reserved" ? due : null;
  const [seen] = await client.query<{ before: TradeView | null; currency: string }>(sql`
    with before as materialized (select id, view, currency from orders
      where id = ${order} and (version is null or version <= ${view.version}) for update)
    update orders set trade = ${view.number},
      state = ${view.state}, view = ${JSON.stringify(view)}::jsonb, queue = ${queue}, todo = ${todo},
      due_at = coalesce(${due}::timestamptz, '9999-12-31T00:00:00Z'),
      changed_at = case when version < ${view.version} or version is null then clock_timestamp() else changed_at end,
      version = greatest(version, ${view.version}),
      check_at = case when heard > ${view.version} then clock_timestamp() when ${again === null}::boolean then null
        else least(${turns}::timestamptz, clock_timestamp() + least(${maxMs} * interval '1 millisecond', greatest(
          ${minMs} * interval '1 millisecond',
          case when version < ${view.version} or version is null then interval '0'
            else (clock_timestamp() - changed_at) / 8 end))) end
    from before where orders.id = before.id
    returning before.view as before, before.currency`);
  if (seen === undefined) return;
  const { version, updatedAt: at } = view;
  await keepMoves(
    client,
    { id: order, currency: seen.currency, version, at },
    movesBetween(seen.before, view),
  );
}

/** A trade of which something was heard, and the version that it has had since. */
export interface Heard {
  trade: string;
  version: number;
}

/** Has orders asked about at once whose trades are said to be newer than what is known of them. Answers how many. */
export async function hearOf(client: Client, till: string, heard: readonly Heard[]): Promise<number> {
  return client.execute(sql`
    with newer as materialized (
      select orders.id, new.version
      from unnest(${heard.map(({ trade }) => trade)}::text[], ${heard.map(({ version }) => version)}::int[])
        as new (trade, version)
      join orders on orders.till = ${till} and orders.trade = new.trade
      where new.version > coalesce(greatest(orders.version, orders.heard), 0)
      order by orders.id for update of orders)
    update orders set heard = newer.version, check_at = clock_timestamp() from newer where orders.id = newer.id`);
}

/** Takes orders that are to be asked about, for as long as the lease lasts. */
export async function claimChecks(
  client: Client,
  limit: number,
  leaseMs: number,
): Promise<{ id: string; till: string; trade: string }[]> {
  return client.query(sql`
    update orders set check_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where id in (select id from orders where check_at <= clock_timestamp() and trade is not null
      order by check_at limit ${limit} for update skip locked)
    returning id, till, trade`);
}

/** Takes one order, unless it has been asked about within the last `freshMs` or is of no more interest. */
export async function claimCheck(
  client: Client,
  id: string,
  freshMs: number,
  leaseMs: number,
): Promise<boolean> {
  const claimed = await client.execute(sql`
    update orders set check_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond',
      asked_at = clock_timestamp()
    where id = ${id} and trade is not null and check_at is not null
      and (asked_at is null or asked_at < clock_timestamp() - ${freshMs} * interval '1 millisecond')`);
  return claimed === 1;
}

/** The database's time. */
export async function clockOf(client: Client): Promise<Date> {
  const [row] = await client.query<{ now: Date }>(sql`select clock_timestamp() as now`);
  if (row === undefined) throw new Error("The database did not say what time it is.");
  return row.now;
}
