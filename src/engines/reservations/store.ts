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
import type { AccountKind, Hold, HoldState } from "../../storage/ledger/ledger.ts";
import { atOnce, sealStored } from "../../storage/seals/seals.ts";
import { type Confirming, noteConfirming } from "../settlements/settlements.ts";
import type { ToldLine } from "./told-amount-store.ts";

/** Whose hold it is, for which trade, and by whose leave. The hold with the same id has the money. */
export interface Reservation {
  id: string;
  peer: string;
  tradeNumber: string;
  /** Consents: of the payer and of the payee. */
  payer: string;
  payee: string;
  /** The peer is not told what it comes to. */
  private: boolean;
  state: HoldState;
  until: Date;
  /** What the peer has kept for itself as its fee, in minor units. */
  feeTaken: bigint;
  createdAt: Date;
}

/** A reservation with the accounts behind its consents, and with what the shop told of it. */
export interface LocatedReservation extends Reservation {
  payerAccount: string;
  /** The member whose account it is; null where it is nobody's whom this server knows. */
  payerOwner: string | null;
  /** As it was when the reservation was read; under the lock of the consent it is in `Spending`. */
  payerConfirmAbove: bigint | null;
  payeeAccount: string;
  /** What the payee has agreed that the peer keeps for itself; see `Consent`. */
  feeFixed: bigint | null;
  feeBasisPoints: number | null;
  /** When the payee has taken their consent back. */
  payeeRevokedAt: Date | null;
  /** Of a private reservation: the lines as the shop told them. */
  told: ToldLine[] | null;
}

/** Reservations by id, unlocked: `payee`, `state`, `until` and `feeTaken` may change until their holds are locked. */
export function readReservations(client: Client, ids: readonly string[]): Promise<LocatedReservation[]> {
  return client.query<LocatedReservation>(sql`
    select r.id, r.peer, r.trade_number as "tradeNumber", r.payer, r.payee, r.private, r.state, r.until,
      r.fee_taken as "feeTaken", r.created_at as "createdAt", payer.account as "payerAccount",
      case when payer.owner_kind = 'member' then payer.owner end as "payerOwner", payer.confirm_above as "payerConfirmAbove",
      payee.account as "payeeAccount",
      payee.fee_fixed as "feeFixed", payee.fee_basis_points as "feeBasisPoints",
      payee.revoked_at as "payeeRevokedAt", told.lines as told
    from reservations r
      cross join lateral (
        select account, owner_kind, owner, confirm_above from consents where id = r.payer limit 1) payer
      cross join lateral (
        select account, owner, fee_fixed, fee_basis_points, revoked_at from consents where id = r.payee limit 1) payee
      left join lateral (
        select lines from told_amounts where peer = r.peer and trade_number = r.trade_number and shop = payee.owner limit 1) told
        on r.private
    where r.id = any(${uuidArray(ids)}::uuid[])`);
}

/** A consent and a trade for which something is reserved under it. */
export interface OfTrade {
  consent: string;
  tradeNumber: string;
}

/** `settled`: what of it was paid. */
export type ReservedOf = OfTrade & { amount: bigint; settled: bigint };

/** What has been reserved for trades under consents, less what was given back. The consents are locked: no more can come. */
export function readReserved(client: Client, wanted: readonly OfTrade[]): Promise<ReservedOf[]> {
  return client.query<ReservedOf>(sql`
    select wanted.consent, wanted.number as "tradeNumber", sum(h.amount - h.released)::bigint as amount,
      sum(h.settled)::bigint as settled
    from unnest(${uuidArray(wanted.map(({ consent }) => consent))}::uuid[],
      ${textArray(wanted.map(({ tradeNumber }) => tradeNumber))}::text[]) as wanted (consent, number)
      cross join lateral (
        select id from reservations where payer = wanted.consent and trade_number = wanted.number offset 0) r
      cross join lateral (select amount, settled, released from holds where id = r.id limit 1) h
    group by wanted.consent, wanted.number`);
}

/** A reservation of which the peer has kept a fee, by the payee's consent and the trade. */
export interface FeeSoFar extends OfTrade {
  id: string;
  feeTaken: bigint;
  settled: bigint;
}

/** What a peer has kept as its fee of payments of trades. The payees' consents are locked: no more can be kept. */
export function readFees(client: Client, wanted: readonly OfTrade[]): Promise<FeeSoFar[]> {
  return client.query<FeeSoFar>(sql`
    select r.id, wanted.consent, wanted.number as "tradeNumber", r.fee_taken as "feeTaken", h.settled
    from unnest(${uuidArray(wanted.map(({ consent }) => consent))}::uuid[],
      ${textArray(wanted.map(({ tradeNumber }) => tradeNumber))}::text[]) as wanted (consent, number)
      cross join lateral (
        select id, fee_taken from reservations
        where payee = wanted.consent and trade_number = wanted.number and fee_taken > 0 offset 0) r
      cross join lateral (select settled from holds where id = r.id limit 1) h`);
}

/** What changes of a reservation, and only under the lock of its hold. */
export type Current = Pick<Reservation, "id" | "payee" | "state" | "until" | "feeTaken">;

/** What reservations have come to whose holds are locked: sent behind the locks, it reads what these have waited for. */
export function readCurrent(client: Client, ids: readonly string[]): Promise<Current[]> {
  return client.query<Current>(sql`
    select id, payee, state, until, fee_taken as "feeTaken" from reservations where id = any(${uuidArray(ids)}::uuid[])`);
}

export function insertReservations(client: Client, reservations: readonly Reservation[]): Promise<number> {
  const of = <K extends keyof Reservation>(name: K) => reservations.map((each) => each[name]);
  return client.execute(sql`
    insert into reservations (id, peer, trade_number, payer, payee, private, state, until, fee_taken, created_at)
    select * from unnest(${uuidArray(of("id"))}::uuid[], ${uuidArray(of("peer"))}::uuid[],
      ${plainArray(of("tradeNumber"))}::text[], ${uuidArray(of("payer"))}::uuid[], ${uuidArray(of("payee"))}::uuid[],
      ${of("private")}::boolean[], ${plainArray(of("state"))}::text[],
      ${timeArray(of("until"))}::timestamptz[], ${bigintArray(of("feeTaken"))}::bigint[],
      ${timeArray(of("createdAt"))}::timestamptz[])`);
}

export function updateReservations(client: Client, reservations: readonly Reservation[]): Promise<number> {
  const ids = uuidArray(reservations.map(({ id }) => id));
  return client.execute(sql`
    update reservations set state = new.state, until = new.until, payee = new.payee, fee_taken = new.fee_taken
    from unnest(${ids}::uuid[], ${plainArray(reservations.map(({ state }) => state))}::text[],
      ${timeArray(reservations.map(({ until }) => until))}::timestamptz[],
      ${uuidArray(reservations.map(({ payee }) => payee))}::uuid[],
      ${bigintArray(reservations.map(({ feeTaken }) => feeTaken))}::bigint[]) as new (id, state, until, payee, fee_taken)
    where reservations.id = new.id and reservations.id = any(${ids}::uuid[])`);
}

/** Ids of reservations whose end may have come, oldest first. */
export async function dueReservations(client: Client, limit: number): Promise<string[]> {
  // The clock is read once, in a query of its own: read for each row, it could not bound the search in the index.
  const rows = await client.query<{ id: string }>(sql`
    select id from reservations where state = 'held' and until <= (select kenshu_now())
    order by until limit ${limit}`);
  return rows.map(({ id }) => id);
}

export interface PeerTransfer {
  id: string;
  peer: string;
  tradeNumber: string;
  payer: string;
  payee: string;
  currency: string;
  amount: bigint;
}

export function insertPeerTransfers(
  client: Client,
  transfers: readonly PeerTransfer[],
  at: Date,
): Promise<number> {
  const of = <K extends keyof PeerTransfer>(name: K) => transfers.map((each) => each[name]);
  return client.execute(sql`
    insert into peer_transfers (id, peer, trade_number, payer, payee, currency, amount, at)
    select new.*, ${at} from unnest(${uuidArray(of("id"))}::uuid[], ${uuidArray(of("peer"))}::uuid[],
      ${textArray(of("tradeNumber"))}::text[], ${uuidArray(of("payer"))}::uuid[],
      ${uuidArray(of("payee"))}::uuid[], ${plainArray(of("currency"))}::text[],
      ${bigintArray(of("amount"))}::bigint[]) as new`);
}

export type HeldRow = Hold & Pick<Reservation, "tradeNumber" | "private">;

/** A peer's reservation with its hold. */
export async function readOne(client: Client, peer: string, id: string): Promise<HeldRow | undefined> {
  const [row] = await client.query<HeldRow>(sql`
    select h.id, h.account, h.currency, h.amount, h.settled, h.released, h.refunded, h.state, h.until,
      r.trade_number as "tradeNumber", r.private
    from reservations r join holds h on h.id = r.id where r.id = ${id} and r.peer = ${peer}`);
  return row;
}

/** A peer's reservations in these states, newest first; `after` is the id of the last one seen. */
export function listReservations(
  client: Client,
  peer: string,
  states: readonly HoldState[],
  limit: number,
  after: string = beyondAll,
): Promise<HeldRow[]> {
  // One search in the index for each state, so that a page costs a page however long the history is.
  return client.query<HeldRow>(sql`
    select h.id, h.account, h.currency, h.amount, h.settled, h.released, h.refunded, h.state, h.until,
      found.trade_number as "tradeNumber", found.private
    from unnest(${[...states]}::text[]) as wanted (state) cross join lateral (
      select id, trade_number, private from reservations
      where peer = ${peer} and reservations.state = wanted.state and id < ${after}
      order by id desc limit ${limit}) found
    cross join lateral (
      select id, account, currency, amount, settled, released, refunded, state, until from holds
      where holds.id = found.id offset 0) h
    order by h.id desc limit ${limit}`);
}

/** Of these holds and commands of the ledger, those with which a server has said a number. */
export function numbersSaid(client: Client, ids: string[]): Promise<{ id: string; number: string }[]> {
  return client.query<{ id: string; number: string }>(sql`
    select wanted.id, said.number from unnest(${uuidArray(ids)}::uuid[]) as wanted (id) cross join lateral (
      select trade_number as number from reservations where id = wanted.id
      union all select trade_number from peer_transfers where id = wanted.id limit 1) said`);
}

export interface Total {
  currency: string;
  frozen: bigint;
  settled: bigint;
  released: bigint;
  refunded: bigint;
}

/** What the reservations of a peer come to whose amounts it is told, per currency, summed up from the holds themselves. */
export function sumReservations(client: Client, peer: string): Promise<Total[]> {
  return client.query<Total>(sql`
    select h.currency, sum(h.amount - h.settled - h.released) as frozen, sum(h.settled) as settled,
      sum(h.released) as released, sum(h.refunded) as refunded
    from reservations r join holds h on h.id = r.id where r.peer = ${peer} and not r.private
    group by h.currency order by h.currency`);
}

export type ConsentPurpose = "pay" | "receive" | "collect";
/** Who gave it: a person, a shop, the peer itself for its own account, one who takes money at doors, or a bearer of a voucher's code. */
export type ConsentOwner = "member" | "shop" | "peer" | "collector" | "bearer";

/** The leave of an account's owner that a peer may use it (paragraph 0046). Amounts are minor units. */
export interface Consent {
  id: string;
  peer: string;
  account: string;
  purpose: ConsentPurpose;
  own: boolean;
  ownerKind: ConsentOwner;
  owner: string | null;
  currency: string;
  limitPerTrade: bigint | null;
  limitPerMonth: bigint | null;
  /** Of who is paid: what the peer may keep for itself of a payment, a sum and hundredths of a percent. Null: anything. */
  feeFixed: bigint | null;
  feeBasisPoints: number | null;
  /** To collect: how much may be said on a day to have been taken. */
  limitPerDay?: bigint | null;
  /** Above how much, paid for one trade, the owner confirms a payment. Null: none. */
  confirmAbove: bigint | null;
  /** From when on, and until before when, `spent` was reserved: a month by the clocks of the server. */
  monthFrom: Date | null;
  monthUntil: Date | null;
  spent: bigint;
  until: Date | null;
  revokedAt: Date | null;
}

/** Whether the owner may take part in anything new. */
export type Standing = "good" | "member" | "shop" | "collector" | "line";

export interface StandingConsent extends Consent {
  /** `member`, `shop` or `collector`: whose state does not allow anything new; `line`: a credit line that is stopped, or closed. */
  standing: Standing;
}

/** Consents with what their owners are allowed, by id; unlocked: what they say of accounts never changes. */
export function readConsents(client: Client, ids: readonly string[]): Promise<StandingConsent[]> {
  return client.query<StandingConsent>(sql`
    select c.id, c.peer, c.account, c.purpose, c.own, c.owner_kind as "ownerKind", c.owner, c.currency,
      c.limit_trade as "limitPerTrade", c.limit_month as "limitPerMonth", c.fee_fixed as "feeFixed",
      c.fee_basis_points as "feeBasisPoints", c.confirm_above as "confirmAbove", c.month_from as "monthFrom",
      c.month_until as "monthUntil", c.spent, c.until, c.limit_day as "limitPerDay", c.revoked_at as "revokedAt",
      case
        when c.owner_kind = 'member' and (select state from people where id = c.owner) <> 'active' then 'member'
        when c.owner_kind = 'shop' and ((select state from parties where id = c.owner) <> 'approved'
          or (select until from stays where shop = c.owner) <= (select kenshu_now())) then 'shop'
        when c.owner_kind = 'collector' and (select state from parties where id = c.owner) <> 'approved' then 'collector'
        when c.purpose = 'pay' and (
          select true from methods where account = c.account and state in ('overdue', 'closed') limit 1) then 'line'
        else 'good' end as standing
    from consents c where c.id = any(${uuidArray(ids)}::uuid[])`);
}

/** What changes of a consent. */
export type Spending = Month &
  Pick<Consent, "id" | "limitPerTrade" | "limitPerMonth" | "confirmAbove" | "until" | "revokedAt">;

/** What counts of a limit for a month. */
export type Month = Pick<Consent, "monthFrom" | "monthUntil" | "spent">;

/** Locks consents in the order of their ids, and reads what changes of them. */
export function lockConsents(client: Client, ids: readonly string[]): Promise<Spending[]> {
  return client.query<Spending>(sql`
    select id, limit_trade as "limitPerTrade", limit_month as "limitPerMonth", month_from as "monthFrom",
      month_until as "monthUntil", spent, confirm_above as "confirmAbove", until, revoked_at as "revokedAt"
    from consents where id = any(${uuidArray(ids)}::uuid[]) order by id for update`);
}

/** Writes what has been reserved under consents that this transaction has locked. */
export function writeSpending(client: Client, changed: readonly Spending[]): Promise<number> {
  const ids = uuidArray(changed.map(({ id }) => id));
  return client.execute(sql`
    update consents set month_from = new.month_from, month_until = new.month_until, spent = new.spent
    from unnest(${ids}::uuid[], ${timeArray(changed.map(({ monthFrom }) => monthFrom))}::timestamptz[],
      ${timeArray(changed.map(({ monthUntil }) => monthUntil))}::timestamptz[],
      ${bigintArray(changed.map(({ spent }) => spent))}::bigint[]) as new (id, month_from, month_until, spent)
    where consents.id = new.id and consents.id = any(${ids}::uuid[])`);
}

/** An account into which a peer may pay, under whatever consents. */
export interface PaidAccount {
  peer: string;
  account: string;
}

/** What a peer has paid an account of its own money, and has not had back: over all consents, also those taken back. */
export interface PeerAdvance extends PaidAccount {
  amount: bigint;
}

/** What peers have paid accounts in advance. The accounts are locked: sent behind the locks, it reads what these have waited for. */
export function readPeerAdvances(client: Client, wanted: readonly PaidAccount[]): Promise<PeerAdvance[]> {
  return client.query<PeerAdvance>(sql`
    select wanted.peer, wanted.account, paid.amount
    from unnest(${uuidArray(wanted.map(({ peer }) => peer))}::uuid[],
      ${uuidArray(wanted.map(({ account }) => account))}::uuid[]) as wanted (peer, account)
      cross join lateral (
        select amount from peer_advances where peer = wanted.peer and account = wanted.account limit 1) paid`);
}

/** Writes what peers have paid in advance into accounts that this transaction has locked. */
export function writePeerAdvances(client: Client, changed: readonly PeerAdvance[]): Promise<number> {
  return client.execute(sql`
    insert into peer_advances (peer, account, amount)
    select * from unnest(${uuidArray(changed.map(({ peer }) => peer))}::uuid[],
      ${uuidArray(changed.map(({ account }) => account))}::uuid[],
      ${bigintArray(changed.map(({ amount }) => amount))}::bigint[])
    on conflict (peer, account) do update set amount = excluded.amount`);
}

export type NewConsent = Omit<Consent, keyof Month | "revokedAt" | "confirmAbove"> & {
  confirmAbove?: bigint | null;
};

/** Enters consents. One that is there already stays as it is. */
export function insertConsents(client: Client, consents: readonly NewConsent[]): Promise<void> {
  const of = <K extends keyof NewConsent>(name: K) => consents.map((consent) => consent[name]);
  return atOnce(client, async (inside) => {
    const entered = await inside.query<Confirming>(sql`
    insert into consents (id, peer, account, purpose, own, owner_kind, owner, currency, limit_trade, limit_month,
      fee_fixed, fee_basis_points, until, confirm_above, limit_day, created_at)
    select new.*, kenshu_now()
    from unnest(${of("id")}::uuid[], ${of("peer")}::uuid[], ${of("account")}::uuid[], ${of("purpose")}::text[],
      ${of("own")}::boolean[], ${of("ownerKind")}::text[], ${of("owner")}::uuid[], ${of("currency")}::text[],
      ${of("limitPerTrade")}::bigint[], ${of("limitPerMonth")}::bigint[], ${of("feeFixed")}::bigint[],
      ${of("feeBasisPoints")}::integer[], ${of("until")}::timestamptz[],
      ${consents.map(({ confirmAbove = null }) => confirmAbove)}::bigint[],
      ${consents.map(({ limitPerDay = null }) => limitPerDay)}::bigint[]) as new
    on conflict (id) do nothing
    returning id, owner, confirm_above as "confirmAbove"`);
    const ids = entered.map(({ id }) => id);
    await sealStored(inside, "consents", ids);
    for (const one of entered) if (one.confirmAbove !== null) await noteConfirming(inside, one);
  });
}

/** What a consent is to its owner. */
export interface OwnedConsent extends Consent {
  /** What the peer has paid into the account of its own money, and has not had back. */
  advanced: bigint;
  kind: AccountKind;
  createdAt: Date;
  /** What was spent counts in the month of this instant. */
  readAt: Date;
}

/** The consents of an owner, newest first; `after` is the id of the last one seen. */
export function listConsents(
  client: Client,
  owner: string,
  limit: number,
  after = beyondAll,
): Promise<OwnedConsent[]> {
  return client.query<OwnedConsent>(sql`
    select c.id, c.peer, c.account, c.purpose, c.own, c.owner_kind as "ownerKind", c.owner, c.currency,
      c.limit_trade as "limitPerTrade", c.limit_month as "limitPerMonth", c.fee_fixed as "feeFixed",
      c.fee_basis_points as "feeBasisPoints", c.confirm_above as "confirmAbove",
      c.month_from as "monthFrom", c.month_until as "monthUntil",
      c.limit_day as "limitPerDay", coalesce((select amount from peer_advances where peer = c.peer and account = c.account limit 1), 0) as advanced,
      c.spent, c.until, kenshu_now() as "readAt",
      c.revoked_at as "revokedAt", a.kind, c.created_at as "createdAt"
    from consents c join accounts a on a.id = c.account
    where c.owner = ${owner} and c.id < ${after} order by c.id desc limit ${limit}`);
}
