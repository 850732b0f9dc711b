import {
  always,
  type Between,
  beyondAll,
  bigintArray,
  byteArray,
  type Client,
  plainArray,
  sql,
  timeArray,
  uuidArray,
  uuidv7,
} from "../../storage/database/database.ts";
import { sealStored } from "../../storage/seals/seals.ts";
import type { AskedSettlement, AskedState } from "./gate.ts";

/** What another server has paid from an account of a member. */
export interface NewSettlement {
  id: string;
  peer: string;
  /** The id that the server has given its instruction. */
  instruction: string;
  reservation: string;
  /** The member. */
  owner: string;
  amount: bigint;
  at: Date;
}

export function insertSettlements(client: Client, settlements: readonly NewSettlement[]): Promise<number> {
  const of = <K extends keyof NewSettlement>(name: K) => settlements.map((each) => each[name]);
  return client.execute(sql`
    insert into settlements (id, peer, instruction, reservation, owner, amount, at)
    select * from unnest(${uuidArray(of("id"))}::uuid[], ${uuidArray(of("peer"))}::uuid[],
      ${uuidArray(of("instruction"))}::uuid[], ${uuidArray(of("reservation"))}::uuid[],
      ${uuidArray(of("owner"))}::uuid[], ${bigintArray(of("amount"))}::bigint[],
      ${timeArray(of("at"))}::timestamptz[])`);
}

/** What the owner has to be asked before it is paid. */
export type NewAsk = NewSettlement & Pick<AskedSettlement, "total" | "digest">;

export function insertAsked(client: Client, asked: readonly NewAsk[]): Promise<number> {
  const of = <K extends keyof NewAsk>(name: K) => asked.map((each) => each[name]);
  return client.execute(sql`
    insert into settlements (id, peer, instruction, reservation, owner, amount, total, digest, at, state)
    select *, 'waiting' from unnest(${uuidArray(of("id"))}::uuid[], ${uuidArray(of("peer"))}::uuid[],
      ${uuidArray(of("instruction"))}::uuid[], ${uuidArray(of("reservation"))}::uuid[],
      ${uuidArray(of("owner"))}::uuid[], ${bigintArray(of("amount"))}::bigint[], ${bigintArray(of("total"))}::bigint[],
      ${byteArray(of("digest"))}::bytea[], ${timeArray(of("at"))}::timestamptz[])`);
}

/** Locks what was asked for reservations, or by these instructions, and not paid, and reads how it stands. */
export function lockAsked(
  client: Client,
  reservations: readonly string[],
  instructions: readonly { caller: string; key: string }[],
): Promise<AskedSettlement[]> {
  return client.query<AskedSettlement>(sql`
    select s.id, s.peer, s.instruction, s.reservation, s.amount, s.total, s.digest, s.state, s.decided_at as "decidedAt",
      least(s.seen_at, (select min(coalesce(m.taken_at, m.at)) from mails m
        where m.settlement = s.id and m.state in ('taken', 'kept'))) as "toldAt"
    from settlements s
    where s.state <> 'paid' and s.id = any(array(
      select id from settlements where reservation = any(${uuidArray(reservations)}::uuid[]) and state <> 'paid'
      union all
      select known.id from unnest(${uuidArray(instructions.map(({ caller }) => caller))}::uuid[],
          ${uuidArray(instructions.map(({ key }) => key))}::uuid[]) as of (peer, instruction)
        cross join lateral (select id from settlements
          where peer = of.peer and instruction = of.instruction and state <> 'paid' offset 0) known))
    order by s.id for update of s`);
}

/** The least that was refused for good of trades, under consents by which reservations of them are paid. */
export function readRefused(
  client: Client,
  wanted: readonly { consent: string; tradeNumber: string }[],
): Promise<{ consent: string; tradeNumber: string; total: bigint }[]> {
  return client.query(sql`
    select wanted.consent, wanted.number as "tradeNumber", min(s.total)::bigint as total
    from unnest(${uuidArray(wanted.map(({ consent }) => consent))}::uuid[],
      ${plainArray(wanted.map(({ tradeNumber }) => tradeNumber))}::text[]) as wanted (consent, number)
      cross join lateral (
        select id from reservations where payer = wanted.consent and trade_number = wanted.number offset 0) r
      cross join lateral (
        select total from settlements where reservation = r.id and state = 'refused' offset 0) s
    group by wanted.consent, wanted.number`);
}

/** Records that what was asked for is paid now, under the locks. */
export function notePaid(client: Client, ids: readonly string[], at: Date): Promise<number> {
  return client.execute(sql`
    update settlements set state = 'paid', at = ${at}, decided_at = coalesce(decided_at, ${at})
    where id = any(${uuidArray([...ids])}::uuid[])`);
}

/** The owner's silence, which the batch seals with what it has paid. */
export interface Silence {
  id: string;
  settlement: string;
}

export function insertSilences(client: Client, silences: readonly Silence[], at: Date): Promise<number> {
  return client.execute(sql`
    insert into settlement_answers (id, settlement, answer, role, at)
    select id, settlement, 'silent', 'clock', ${at}
    from unnest(${uuidArray(silences.map(({ id }) => id))}::uuid[],
      ${uuidArray(silences.map(({ settlement }) => settlement))}::uuid[]) as new (id, settlement)`);
}

interface Answered {
  answer: "confirmed" | "objected" | "pay" | "refuse";
  role: "holder" | "operator";
  actor: string;
  confirmedBy: string | null;
  at: Date;
}

async function insertAnswer(
  client: Client,
  settlement: string,
  { answer, role, actor, confirmedBy, at }: Answered,
): Promise<void> {
  const id = uuidv7();
  await client.execute(sql`
    insert into settlement_answers (id, settlement, answer, role, actor, confirmed_by, at)
    values (${id}, ${settlement}, ${answer}, ${role}, ${actor}, ${confirmedBy}, ${at})`);
  await sealStored(client, "settlement_answers", [id]);
}

/** The owner's answer to a payment that waits. False where it waits for no answer of theirs any more. */
export async function answerAsOwner(
  client: Client,
  { id, owner, objection, at }: { id: string; owner: string; objection: string | null; at: Date },
): Promise<boolean> {
  const answered = await client.execute(sql`
    update settlements set state = ${objection === null ? "allowed" : "objected"}, objection = ${objection},
      decided_at = ${at}
    where id = ${id} and owner = ${owner} and state = 'waiting'`);
  if (answered === 0) return false;
  const answer = objection === null ? "confirmed" : "objected";
  await insertAnswer(client, id, { answer, role: "holder", actor: owner, confirmedBy: null, at });
  return true;
}

/** What operators decide. False where they have nothing to decide. */
export async function decideAsked(
  client: Client,
  { id, pay, reason, operator, confirmedBy, at }: Decided,
): Promise<boolean> {
  const decided = await client.execute(sql`
    update settlements set state = ${pay ? "allowed" : "refused"}, decision = ${reason}, decided_at = ${at}
    where id = ${id} and (state = 'objected' or (state = 'waiting' and seen_at is null and not exists (
      select from mails m where m.settlement = settlements.id and m.state in ('taken', 'kept'))))`);
  if (decided === 0) return false;
  const answer = pay ? "pay" : "refuse";
  await insertAnswer(client, id, { answer, role: "operator", actor: operator, confirmedBy, at });
  return true;
}

export interface Decided {
  id: string;
  pay: boolean;
  reason: string;
  operator: string;
  confirmedBy: string | null;
  at: Date;
}

/** Notes that the owner has these before them, so that their silence counts. */
export async function noteSeen(client: Client, ids: readonly string[], at: Date): Promise<void> {
  await client.execute(sql`
    update settlements set seen_at = ${at}
    where id in (select id from settlements
        where id = any(${uuidArray([...ids])}::uuid[]) and state = 'waiting' and seen_at is null
        order by id for update)`);
}

/** A settlement as its owner sees it. */
export interface Settlement extends NewSettlement {
  state: AskedState | "paid";
  /** Whether something is still frozen; what waited is over where nothing is. */
  isHeld: boolean;
  toldAt: Date | null;
  /** Why the owner objected, and why operators have decided as they did. */
  objection: string | null;
  decision: string | null;
  tradeNumber: string;
  /** The name of the shop. */
  payee: string;
  currency: string;
  /** What is still frozen for the trade now. */
  frozen: bigint;
}

export async function readSettlement(client: Client, id: string): Promise<Settlement | undefined> {
  const [row] = await client.query<Settlement>(sql`
    select s.id, s.peer, s.instruction, s.reservation, s.owner, s.amount, s.at, s.state, s.objection, s.decision,
      r.trade_number as "tradeNumber", coalesce(shop.name, '') as payee, h.currency,
      h.amount - h.settled - h.released as frozen, h.state = 'held' as "isHeld",
      least(s.seen_at, (select min(coalesce(m.taken_at, m.at)) from mails m
        where m.settlement = s.id and m.state in ('taken', 'kept'))) as "toldAt"
    from settlements s join reservations r on r.id = s.reservation join holds h on h.id = r.id
      join consents c on c.id = r.payee left join parties shop on shop.id = c.owner
    where s.id = ${id}`);
  return row;
}

/** What was paid from the accounts of a member, newest first; `after` is the id of the last one seen. */
export function listSettlements(
  client: Client,
  owner: string,
  limit: number,
  after: string = beyondAll,
  between: Between = always,
): Promise<Settlement[]> {
  return client.query<Settlement>(sql`
    select s.id, s.peer, s.instruction, s.reservation, s.owner, s.amount, s.at, s.state, s.objection, s.decision,
      r.trade_number as "tradeNumber", coalesce(shop.name, '') as payee, h.currency,
      h.amount - h.settled - h.released as frozen, h.state = 'held' as "isHeld",
      least(s.seen_at, (select min(coalesce(m.taken_at, m.at)) from mails m
        where m.settlement = s.id and m.state in ('taken', 'kept'))) as "toldAt"
    from settlements s join reservations r on r.id = s.reservation join holds h on h.id = r.id
      join consents c on c.id = r.payee left join parties shop on shop.id = c.owner
    where s.owner = ${owner} and s.id < ${after} and s.at > ${between.after} and s.at < ${between.before}
    order by s.id desc limit ${limit}`);
}

/** What operators have to decide, or cannot go on by itself since nobody could be told of it; the oldest first. */
export function listUndecided(
  client: Client,
  limit: number,
  after: string | undefined,
): Promise<Settlement[]> {
  return client.query<Settlement>(sql`
    select s.id, s.peer, s.instruction, s.reservation, s.owner, s.amount, s.at, s.state, s.objection, s.decision,
      r.trade_number as "tradeNumber", coalesce(shop.name, '') as payee, h.currency,
      h.amount - h.settled - h.released as frozen, h.state = 'held' as "isHeld",
      least(s.seen_at, (select min(coalesce(m.taken_at, m.at)) from mails m
        where m.settlement = s.id and m.state in ('taken', 'kept'))) as "toldAt"
    from settlements s join reservations r on r.id = s.reservation join holds h on h.id = r.id
      join consents c on c.id = r.payee left join parties shop on shop.id = c.owner
    where s.state <> 'paid' and (s.state = 'objected' or (s.state = 'waiting' and s.seen_at is null and (
        select m.id from mails m where m.settlement = s.id and m.state in ('waiting', 'taken', 'kept') limit 1) is null))
      and h.state = 'held' and (${after ?? null}::uuid is null or s.id > ${after ?? null}::uuid)
    order by s.id limit ${limit}`);
}

/** How many payments wait for operators: the same that they are shown. */
export async function countUndecided(client: Client): Promise<number> {
  const [row] = await client.query<{ count: number }>(sql`
    select count(*)::int as count from settlements s
    where s.state <> 'paid' and (s.state = 'objected' or (s.state = 'waiting' and s.seen_at is null and (
        select m.id from mails m where m.settlement = s.id and m.state in ('waiting', 'taken', 'kept') limit 1) is null))
      and (select h.state from holds h where h.id = s.reservation) = 'held'`);
  return row?.count ?? 0;
}

/** Above what sum the owner of a consent confirms payments from now on. */
export interface Confirming {
  id: string;
  owner: string;
  confirmAbove: bigint | null;
}

/** Writes down and seals what an owner has said. */
export async function noteConfirming(
  client: Client,
  { id: consent, owner, confirmAbove }: Confirming,
): Promise<void> {
  const id = uuidv7();
  await client.execute(sql`
    insert into confirming_changes (id, consent, owner, confirm_above, at)
    values (${id}, ${consent}, ${owner}, ${confirmAbove}, kenshu_now())`);
  await sealStored(client, "confirming_changes", [id]);
}
