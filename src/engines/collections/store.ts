/** What is due under trade numbers, what was paid of it, and what went back. */
import {
  beyondAll,
  bigintArray,
  type Client,
  plainArray,
  sql,
  textArray,
  timeArray,
  uuidArray,
} from "../../storage/database/database.ts";
import { sealStored } from "../../storage/seals/seals.ts";
import { ownDues } from "./funding-store.ts";
import type { PaymentChannel } from "../../core/protocol/schemas.ts";

/** What is due under a trade number, in all; amounts in minor units. */
export interface Due {
  id: string;
  tradeNumber: string;
  /** The server that says what is due. */
  peer: string;
  /** Of the trade: what the server said last. */
  version: bigint;
  /** Consents to receive: of who is paid, and of the server's own account for its fee. */
  payee: string;
  feeTo: string | null;
  currency: string;
  amount: bigint;
  fee: bigint;
  paid: bigint;
  feePaid: bigint;
  refunded: bigint;
  /** What waits to be returned to those who paid it. */
  kept: bigint;
  /** Up to how much the server has booked. */
  heard: bigint;
  payBy: Date;
  payableFrom: Date | null;
  shopName: string | null;
  reference: string | null;
  paidAt: Date | null;
  createdAt: Date;
}

/** A due with what stands behind its consents; null where there is no such consent. */
export interface LocatedDue extends Due {
  payeeAccount: string | null;
  payeeRevokedAt: Date | null;
  /** The payee is the server itself. */
  payeeOwn: boolean;
  feeAccount: string | null;
}

/** The dues under these numbers with the accounts behind them, unlocked: all of it may change until they are locked. */
export function readDues(client: Client, numbers: readonly string[]): Promise<LocatedDue[]> {
  return client.query<LocatedDue>(sql`
    select d.id, d.trade_number as "tradeNumber", d.peer, d.version, d.payee, d.fee_to as "feeTo", d.currency, d.amount,
      d.fee, d.paid, d.fee_paid as "feePaid", d.refunded, d.kept, d.heard, d.pay_by as "payBy",
      d.payable_from as "payableFrom", d.shop_name as "shopName", d.reference, d.paid_at as "paidAt",
      d.created_at as "createdAt", coalesce(payee.account, funded.account) as "payeeAccount",
      payee.revoked_at as "payeeRevokedAt", coalesce(payee.own, false) as "payeeOwn",
      own.account as "feeAccount"
    from collections d
      left join lateral (
        select account, revoked_at, own from consents where id = d.payee and peer = d.peer limit 1) payee on true
      left join lateral (
        select account from fundings where id = d.payee and d.peer = ${ownDues}::uuid limit 1) funded on true
      left join lateral (select account from consents where id = d.fee_to and peer = d.peer limit 1) own on true
    where d.trade_number = any(${textArray(numbers)}::text[])`);
}

/** What is still to be paid under a number, and in which currency; undefined where nothing ever was due. */
export async function readOpenDue(
  client: Client,
  number: string,
): Promise<{ currency: string; open: bigint; isOwn: boolean } | undefined> {
  const [row] = await client.query<{ currency: string; open: bigint; isOwn: boolean }>(sql`
    select currency, amount - paid as open, peer = ${ownDues}::uuid as "isOwn" from collections where trade_number = ${number}`);
  return row;
}

/** Locks dues in the order of their numbers, and reads them as they are now. */
export function lockDues(client: Client, numbers: readonly string[]): Promise<Due[]> {
  return client.query<Due>(sql`
    select id, trade_number as "tradeNumber", peer, version, payee, fee_to as "feeTo", currency, amount, fee, paid,
      fee_paid as "feePaid", refunded, kept, heard, pay_by as "payBy", payable_from as "payableFrom",
      shop_name as "shopName", reference, paid_at as "paidAt", created_at as "createdAt"
    from collections where trade_number = any(${textArray(numbers)}::text[]) order by trade_number for update`);
}

export function insertDues(client: Client, dues: readonly Due[]): Promise<number> {
  const of = <K extends keyof Due>(name: K) => dues.map((each) => each[name]);
  return client.execute(sql`
    insert into collections (id, trade_number, peer, version, payee, fee_to, currency, amount, fee, paid, fee_paid,
      refunded, kept, heard, pay_by, payable_from, shop_name, reference, paid_at, created_at)
    select * from unnest(${uuidArray(of("id"))}::uuid[], ${textArray(of("tradeNumber"))}::text[],
      ${uuidArray(of("peer"))}::uuid[], ${bigintArray(of("version"))}::bigint[], ${uuidArray(of("payee"))}::uuid[],
      ${uuidArray(of("feeTo"))}::uuid[], ${plainArray(of("currency"))}::text[], ${bigintArray(of("amount"))}::bigint[],
      ${bigintArray(of("fee"))}::bigint[], ${bigintArray(of("paid"))}::bigint[], ${bigintArray(of("feePaid"))}::bigint[],
      ${bigintArray(of("refunded"))}::bigint[], ${bigintArray(of("kept"))}::bigint[], ${bigintArray(of("heard"))}::bigint[],
      ${timeArray(of("payBy"))}::timestamptz[], ${timeArray(of("payableFrom"))}::timestamptz[],
      ${textArray(of("shopName"))}::text[], ${textArray(of("reference"))}::text[],
      ${timeArray(of("paidAt"))}::timestamptz[], ${timeArray(of("createdAt"))}::timestamptz[])`);
}

/** Writes dues that this transaction has locked. */
export function updateDues(client: Client, dues: readonly Due[]): Promise<number> {
  const of = <K extends keyof Due>(name: K) => dues.map((each) => each[name]);
  const ids = uuidArray(of("id"));
  return client.execute(sql`
    update collections set version = new.version, payee = new.payee, fee_to = new.fee_to, currency = new.currency,
      amount = new.amount, fee = new.fee, paid = new.paid, fee_paid = new.fee_paid, refunded = new.refunded,
      kept = new.kept, heard = new.heard, pay_by = new.pay_by, payable_from = new.payable_from,
      shop_name = new.shop_name, reference = new.reference, paid_at = new.paid_at
    from unnest(${ids}::uuid[], ${bigintArray(of("version"))}::bigint[], ${uuidArray(of("payee"))}::uuid[],
      ${uuidArray(of("feeTo"))}::uuid[], ${plainArray(of("currency"))}::text[], ${bigintArray(of("amount"))}::bigint[],
      ${bigintArray(of("fee"))}::bigint[], ${bigintArray(of("paid"))}::bigint[], ${bigintArray(of("feePaid"))}::bigint[],
      ${bigintArray(of("refunded"))}::bigint[], ${bigintArray(of("kept"))}::bigint[], ${bigintArray(of("heard"))}::bigint[],
      ${timeArray(of("payBy"))}::timestamptz[], ${timeArray(of("payableFrom"))}::timestamptz[],
      ${textArray(of("shopName"))}::text[], ${textArray(of("reference"))}::text[],
      ${timeArray(of("paidAt"))}::timestamptz[]) as new (id, version, payee, fee_to, currency, amount, fee, paid,
        fee_paid, refunded, kept, heard, pay_by, payable_from, shop_name, reference, paid_at)
    where collections.id = new.id and collections.id = any(${ids}::uuid[])`);
}

/** Whether something was paid of which the server has not heard. */
const isNews = ({ heard, paid }: Due): boolean => heard < paid;

/** Keeps the news as these dues, new ones and changed ones, leave it. */
export function writeNews(
  client: Client,
  inserted: readonly Due[],
  updated: readonly Due[],
): Promise<unknown>[] {
  const news = [...inserted, ...updated].filter(isNews);
  const heard = updated.filter((due) => due.paid > 0n && !isNews(due)).map(({ id }) => id);
  const sent: Promise<unknown>[] = [];
  if (news.length > 0)
    sent.push(
      client.execute(sql`
        insert into payment_news (collection, peer, paid_at)
        select * from unnest(${uuidArray(news.map(({ id }) => id))}::uuid[],
          ${uuidArray(news.map(({ peer }) => peer))}::uuid[],
          ${timeArray(news.map(({ paidAt }) => paidAt))}::timestamptz[])
        on conflict (collection) do update set paid_at = excluded.paid_at
          where payment_news.paid_at <> excluded.paid_at`),
    );
  if (heard.length > 0)
    sent.push(
      client.execute(sql`delete from payment_news where collection = any(${uuidArray(heard)}::uuid[])`),
    );
  return sent;
}

/** What was taken once for a due. `command` and `feeCommand` are those of the ledger. */
export interface DuePayment {
  command: string;
  feeCommand: string | null;
  collection: string;
  collector: string;
  id: string;
  currency: string;
  amount: bigint;
  fee: bigint;
  channel: PaymentChannel;
  reference: string;
  state: "taken" | "kept";
  operator: string | null;
  confirmedBy: string | null;
  reason: string | null;
  /** By which another server has said that it was taken at the door. */
  consent: string | null;
  at: Date;
}

/** How many payments of a due are told. */
const paymentsTold = 100;

/** The newest payments of these dues, the oldest of them first. */
export function readPayments(client: Client, dues: readonly string[]): Promise<DuePayment[]> {
  return client.query<DuePayment>(sql`
    select p.command, p.fee_command as "feeCommand", p.collection, p.collector, p.id, p.currency, p.amount, p.fee,
      p.channel, p.reference, p.state, p.operator, p.confirmed_by as "confirmedBy", p.reason, p.consent, p.at
    from unnest(${uuidArray(dues)}::uuid[]) as wanted (id) cross join lateral (
      select * from collection_payments where collection = wanted.id order by command desc limit ${paymentsTold}) p
    order by p.command`);
}

export function insertPayments(client: Client, payments: readonly DuePayment[]): Promise<number> {
  const of = <K extends keyof DuePayment>(name: K) => payments.map((each) => each[name]);
  return client.execute(sql`
    insert into collection_payments (command, fee_command, collection, collector, id, currency, amount, fee, channel,
      reference, state, operator, confirmed_by, reason, consent, at)
    select * from unnest(${uuidArray(of("command"))}::uuid[], ${uuidArray(of("feeCommand"))}::uuid[],
      ${uuidArray(of("collection"))}::uuid[], ${uuidArray(of("collector"))}::uuid[], ${uuidArray(of("id"))}::uuid[],
      ${plainArray(of("currency"))}::text[], ${bigintArray(of("amount"))}::bigint[], ${bigintArray(of("fee"))}::bigint[],
      ${plainArray(of("channel"))}::text[], ${textArray(of("reference"))}::text[], ${plainArray(of("state"))}::text[],
      ${uuidArray(of("operator"))}::uuid[], ${uuidArray(of("confirmedBy"))}::uuid[], ${textArray(of("reason"))}::text[],
      ${uuidArray(of("consent"))}::uuid[], ${timeArray(of("at"))}::timestamptz[])`);
}

/** What other servers have said that somebody took at the door, with under which number and which of them; the newest first. */
export interface Said extends DuePayment {
  tradeNumber: string;
  peer: string;
  shopName: string | null;
}

/** `after`: the command of the last one seen. */
export function listSaid(
  client: Client,
  collector: string,
  limit: number,
  after: string = beyondAll,
): Promise<Said[]> {
  return client.query<Said>(sql`
    select p.command, p.fee_command as "feeCommand", p.collection, p.collector, p.id, p.currency, p.amount, p.fee,
      p.channel, p.reference, p.state, p.operator, p.confirmed_by as "confirmedBy", p.reason, p.consent, p.at,
      d.trade_number as "tradeNumber", d.peer, d.shop_name as "shopName"
    from collection_payments p cross join lateral (
      select trade_number, peer, shop_name from collections where id = p.collection limit 1) d
    where p.collector = ${collector} and p.consent is not null and p.command < ${after}
    order by p.command desc limit ${limit}`);
}

/** What a collector was paid for a payment; `command` and `payment` are those of the ledger. */
export interface PaidFee {
  command: string;
  payment: string;
  collection: string;
  collector: string;
  borneBy: "institution" | "payee";
  account: string;
  currency: string;
  amount: bigint;
  at: Date;
}

export function insertFees(client: Client, fees: readonly PaidFee[]): Promise<number> {
  const of = <K extends keyof PaidFee>(name: K) => fees.map((each) => each[name]);
  return client.execute(sql`
    insert into collection_fees (command, payment, collection, collector, borne_by, account, currency, amount, at)
    select * from unnest(${uuidArray(of("command"))}::uuid[], ${uuidArray(of("payment"))}::uuid[],
      ${uuidArray(of("collection"))}::uuid[], ${uuidArray(of("collector"))}::uuid[],
      ${plainArray(of("borneBy"))}::text[], ${uuidArray(of("account"))}::uuid[], ${plainArray(of("currency"))}::text[],
      ${bigintArray(of("amount"))}::bigint[], ${timeArray(of("at"))}::timestamptz[])`);
}

/** What went back of what was paid; `account` is where it came from, or whither it was returned. */
export interface DueReturn {
  command: string;
  collection: string;
  kind: "reimburse" | "return" | "back";
  account: string;
  currency: string;
  amount: bigint;
  reference: string | null;
  operator: string | null;
  confirmedBy: string | null;
  at: Date;
}

export function insertReturns(client: Client, returns: readonly DueReturn[]): Promise<number> {
  const of = <K extends keyof DueReturn>(name: K) => returns.map((each) => each[name]);
  return client.execute(sql`
    insert into collection_returns (command, collection, kind, account, currency, amount, reference, operator,
      confirmed_by, at)
    select * from unnest(${uuidArray(of("command"))}::uuid[], ${uuidArray(of("collection"))}::uuid[],
      ${plainArray(of("kind"))}::text[], ${uuidArray(of("account"))}::uuid[], ${plainArray(of("currency"))}::text[],
      ${bigintArray(of("amount"))}::bigint[], ${textArray(of("reference"))}::text[],
      ${uuidArray(of("operator"))}::uuid[], ${uuidArray(of("confirmedBy"))}::uuid[],
      ${timeArray(of("at"))}::timestamptz[])`);
}

/** Locks the dues of which these payouts return what was kept, in the order of their numbers. */
export async function lockReturned(client: Client, payouts: readonly string[]): Promise<void> {
  await client.query(sql`
    select trade_number from collections where id = any(array(
      select collection from collection_returns where command = any(${uuidArray(payouts)}::uuid[]) and kind = 'return'))
    order by trade_number for update`);
}

/**
 * A payout by which something kept was returned came back: `command` brought it. It is kept again, under the number from which it
 * went. False where the payout was none of such a return.
 */
export async function keepAgain(
  client: Client,
  { payout, command, amount, account }: { payout: string; command: string; amount: bigint; account: string },
): Promise<boolean> {
  const written = await client.execute(sql`
    insert into collection_returns (command, collection, kind, account, currency, amount, reference, operator, confirmed_by, at)
    select ${command}, collection, 'back', ${account}, currency, ${amount}, ${payout}, null, null, (select kenshu_now())
    from collection_returns where command = ${payout} and kind = 'return'`);
  if (written === 0) return false;
  await client.execute(sql`
    update collections set kept = kept + ${amount}
    where id = (select collection from collection_returns where command = ${command})`);
  await sealStored(client, "collection_returns", [command]);
  return true;
}

/**
 * Of these commands of the ledger, those that moved what was due under a number: a payment, the part of it that is a server's fee,
 * what its collector was paid, and what went back.
 */
export function numbersPaid(client: Client, ids: string[]): Promise<{ id: string; number: string }[]> {
  return client.query<{ id: string; number: string }>(sql`
    select wanted.id, d.trade_number as number from unnest(${uuidArray(ids)}::uuid[]) as wanted (id) cross join lateral (
      select collection from collection_payments where command = wanted.id
      union all select collection from collection_payments where fee_command = wanted.id
      union all select collection from collection_returns where command = wanted.id
      union all select collection from collection_fees where command = wanted.id limit 1) p
    cross join lateral (select trade_number from collections where id = p.collection limit 1) d`);
}

/** Numbers of the dues of a server whose payments it has not booked, the oldest payment first; behind the due `after`. */
export async function unheardNumbers(
  client: Client,
  peer: string,
  limit: number,
  after: string | undefined,
): Promise<string[]> {
  const rows = await client.query<{ number: string }>(sql`
    select d.number from payment_news n
      cross join lateral (select trade_number as number from collections where id = n.collection limit 1) d
    where n.peer = ${peer} and (${after ?? null}::uuid is null or (n.paid_at, n.collection)
      > (select paid_at, id from collections where id = ${after ?? null} and peer = ${peer}))
    order by n.paid_at, n.collection limit ${limit}`);
  return rows.map(({ number }) => number);
}

/** Numbers of all dues of a server, newest first; `after` is the id of the last one seen. */
export async function numbersOf(
  client: Client,
  peer: string,
  limit: number,
  after: string = beyondAll,
): Promise<string[]> {
  const rows = await client.query<{ number: string }>(sql`
    select trade_number as number from collections where peer = ${peer} and id < ${after}
    order by id desc limit ${limit}`);
  return rows.map(({ number }) => number);
}

export interface DueTotal {
  currency: string;
  due: bigint;
  paid: bigint;
  refunded: bigint;
  kept: bigint;
}

/** What all dues of a server come to, per currency. */
export function sumDues(client: Client, peer: string): Promise<DueTotal[]> {
  return client.query<DueTotal>(sql`
    select currency, sum(amount - paid) as due, sum(paid) as paid, sum(refunded) as refunded, sum(kept) as kept
    from collections where peer = ${peer} group by currency order by currency`);
}
