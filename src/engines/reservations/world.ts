import { conflict, type Client, readClock, uuidv7 } from "../../storage/database/database.ts";
import { type Digest, type FirstAnswers, openFirstAnswers } from "../engine/engine.ts";
import { type Books, openBooks, type PayoutLock, readPayoutLocks } from "../../storage/ledger/ledger.ts";
import type { Instruction } from "../../core/protocol/schemas.ts";
import {
  type Current,
  type FeeSoFar,
  type LocatedReservation,
  lockConsents,
  type OfTrade,
  type PaidAccount,
  type PeerAdvance,
  type PeerTransfer,
  readConsents,
  readCurrent,
  readFees,
  readPeerAdvances,
  readReservations,
  readReserved,
  type Spending,
  type StandingConsent,
} from "./store.ts";
import {
  type AskedSettlement,
  lockAsked,
  readRefused,
  type NewAsk,
  type NewSettlement,
  type Silence,
} from "../settlements/settlements.ts";
import { readTold, type Told, type ToldOf } from "./told-amount-store.ts";

/** What comes into a batch: what a peer asks, or the clock's look at one reservation. */
export type Request =
  | { do: "obey"; peer: string; instruction: Instruction; digest: Digest }
  | { do: "wake"; reservation: string };

/** All that a batch knows, locked and read, and all that it has decided so far. */
export interface World {
  now: Date;
  /** The zone whose months are those of limits. */
  timeZone: string;
  reservations: Map<string, LocatedReservation>;
  consents: Map<string, StandingConsent>;
  /** What shops told of trades that are to be reserved. */
  told: readonly Told[];
  /** Of the consents that are locked: what changes of them. */
  spending: Map<string, Spending>;
  /** Reservations of which the peer has kept a fee, by the payee's consent and the trade, as `ofTrade`. */
  fees: Map<string, FeeSoFar[]>;
  /** What peers have paid of their own money into accounts that are locked, and not had back, by `intoAccount`. */
  advanced: Map<string, PeerAdvance>;
  /** What is reserved for a trade under a consent that has a limit for one, by `ofTrade`. */
  reserved: Map<string, bigint>;
  books: Books;
  answers: FirstAnswers;
  newId: () => string;
  /** Ids of reservations that are new, and of those that have changed. */
  inserted: Set<string>;
  updated: Set<string>;
  /** Ids of consents under which more or less has been reserved. */
  spent: Set<string>;
  /** By `intoAccount`: where more or less has been paid in advance. */
  paidInto: Set<string>;
  transfers: PeerTransfer[];
  /** What was paid for a trade under a consent whose owner confirms payments above a sum, by `ofTrade`. */
  settled: Map<string, bigint>;
  /** The least that was refused for good of a trade under a consent, by `ofTrade`. */
  refused: ReadonlyMap<string, bigint>;
  /** Of each reservation: what was asked for, and not paid yet. */
  asked: Map<string, AskedSettlement[]>;
  /** What was paid from the accounts of members, and what these are asked. */
  settlements: {
    paid: NewSettlement[];
    asked: NewAsk[];
    done: { id: string; owner: string }[];
    silences: Silence[];
  };
  /** What was paid and may not be paid out yet, by reservation; only of those for which it may change. */
  locks: Map<string, PayoutLock>;
  /** Reservations whose lock has changed; one that is not in `locks` has ended. */
  relocked: Set<string>;
}

export interface Named {
  reservations: Set<string>;
  /** The ids of reservations that are to be made. */
  made: Set<string>;
  payers: Set<string>;
  /** Consents of those who are paid in advance, or to whom a reservation is assigned. */
  payees: Set<string>;
  /** Reservations of whose payment the peer may keep a part, or give back of its own. */
  shared: Set<string>;
  /** Who is to be paid by reservations that are to be made, and who else is made the payee of one. */
  paid: Map<string, OfTrade>;
  assigned: Map<string, string[]>;
  /** Trades that are to be reserved for what a shop has told. */
  told: ToldOf[];
  /** Trades for which more is to be reserved. */
  trades: OfTrade[];
  consents: Set<string>;
  /** Those of the consents whose accounts money or a hold may move on. */
  moved: Set<string>;
  /** Reservations of whose paid money more or less may be paid out after an instruction. */
  locked: Set<string>;
}

/**
 * Locks and reads what a batch needs, in two rounds: first, unlocked, which consents and accounts stand behind what it
 * names; then consents, holds and accounts, each by id, what reservations are under these locks, the first answers, and
 * last the clock.
 */
export async function openWorld(
  client: Client,
  requests: readonly Request[],
  timeZone: string,
): Promise<World> {
  const named = nameAll(requests);
  const [reservations, consents, told] = await Promise.all([
    named.reservations.size === 0 ? [] : readReservations(client, [...named.reservations]),
    named.consents.size === 0 ? [] : readConsents(client, [...named.consents]),
    named.told.length === 0 ? [] : readTold(client, named.told),
  ]);
  const { locked, accounts, paid } = soughtRows(named, reservations, consents);
  const asked = requests.flatMap((request) =>
    request.do === "obey" ? [{ caller: request.peer, key: request.instruction.id }] : [],
  );
  const ids = reservations.map(({ id }) => id);
  const limited = summedTrades(named, consents, reservations);
  const feesOf = tradesWithFees(named, reservations, consents);
  const [spending, reserved, refused, books, current, fees, advanced, waiting, locks, answers, now] =
    await Promise.all([
      locked.size === 0 ? [] : lockConsents(client, [...locked]),
      limited.length === 0 ? [] : readReserved(client, limited),
      limited.length === 0 ? [] : readRefused(client, limited),
      openBooks(client, {
        holds: [...ids, ...named.made],
        accounts,
        commands: named.made,
      }),
      ids.length === 0 ? [] : readCurrent(client, ids),
      feesOf.length === 0 ? [] : readFees(client, feesOf),
      paid.length === 0 ? [] : readPeerAdvances(client, paid),
      lockAsked(client, ids, asked),
      named.locked.size === 0 ? [] : readPayoutLocks(client, [...named.locked]),
      openFirstAnswers(client, asked, "command_id_reused"),
      readClock(client),
    ]);
  checkConfirming(consents, reservations, byId(spending));
  checkLimits(consents, byId(spending));
  return {
    timeZone,
    now,
    reservations: byId(underLocks(reservations, current)),
    consents: byId(consents),
    told,
    spending: byId(spending),
    fees: byTrade(fees),
    advanced: new Map(advanced.map((each) => [intoAccount(each), each])),
    reserved: new Map(reserved.map((each) => [ofTrade(each), each.amount])),
    books,
    answers,
    newId: uuidv7,
    inserted: new Set(),
    updated: new Set(),
    spent: new Set(),
    paidInto: new Set(),
    transfers: [],
    settled: new Map(reserved.map((each) => [ofTrade(each), each.settled])),
    refused: new Map(refused.map((each) => [ofTrade(each), each.total])),
    asked: byReservation(waiting),
    settlements: { paid: [], asked: [], done: [], silences: [] },
    locks: new Map(locks.map((lock) => [lock.hold, lock])),
    relocked: new Set(),
  };
}

/** The trades of whose payments the peer may keep a fee, with those who are paid and have set a limit to it, each once. */
export function tradesWithFees(
  { shared, paid, assigned }: Named,
  reservations: readonly LocatedReservation[],
  consents: readonly Pick<StandingConsent, "id" | "feeFixed">[],
): OfTrade[] {
  const limited = new Set(consents.flatMap(({ id, feeFixed }) => (feeFixed === null ? [] : [id])));
  const wanted = new Map<string, OfTrade>();
  const want = (of: OfTrade) => wanted.set(ofTrade(of), of);
  const add = (id: string, { consent, tradeNumber }: OfTrade, isLimited: boolean) => {
    if (!shared.has(id)) return;
    if (isLimited) want({ consent, tradeNumber });
    for (const payee of assigned.get(id) ?? []) if (limited.has(payee)) want({ consent: payee, tradeNumber });
  };
  for (const { id, payee, tradeNumber, feeFixed } of reservations)
    add(id, { consent: payee, tradeNumber }, feeFixed !== null);
  for (const [id, of] of paid) add(id, of, limited.has(of.consent));
  return [...wanted.values()];
}

function byTrade(fees: readonly FeeSoFar[]): Map<string, FeeSoFar[]> {
  const found = new Map<string, FeeSoFar[]>();
  for (const fee of fees) found.set(ofTrade(fee), [...(found.get(ofTrade(fee)) ?? []), fee]);
  return found;
}

/** Trades whose reservations are summed up: under consents that have a limit for one, or a sum to be confirmed; each once. */
function summedTrades(
  { trades }: Named,
  consents: readonly Pick<StandingConsent, "id" | "limitPerTrade" | "confirmAbove">[],
  reservations: readonly LocatedReservation[],
): OfTrade[] {
  const limited = new Set(
    consents.flatMap(({ id, limitPerTrade, confirmAbove }) =>
      limitPerTrade === null && confirmAbove === null ? [] : [id],
    ),
  );
  const confirmed = reservations.flatMap(({ payer, tradeNumber, payerConfirmAbove }) =>
    payerConfirmAbove === null ? [] : [{ consent: payer, tradeNumber }],
  );
  const sought = [...trades.filter(({ consent }) => limited.has(consent)), ...confirmed];
  return [...new Map(sought.map((each) => [ofTrade(each), each])).values()];
}

function byReservation(waiting: readonly AskedSettlement[]): Map<string, AskedSettlement[]> {
  const found = new Map<string, AskedSettlement[]>();
  for (const each of waiting) found.set(each.reservation, [...(found.get(each.reservation) ?? []), each]);
  return found;
}

/** Where an owner has begun to confirm payments while a batch was read, what was paid is not known: it is run again. */
function checkConfirming(
  consents: readonly StandingConsent[],
  reservations: readonly LocatedReservation[],
  locked: ReadonlyMap<string, Spending>,
): void {
  const unknown = [
    ...consents.flatMap(({ id, confirmAbove }) => (confirmAbove === null ? [id] : [])),
    ...reservations.flatMap(({ payer, payerConfirmAbove }) => (payerConfirmAbove === null ? [payer] : [])),
  ];
  if (unknown.some((id) => (locked.get(id)?.confirmAbove ?? null) !== null))
    throw conflict("A sum to be confirmed was set meanwhile.");
}

/** Where an owner has set another limit while a batch was read, what of it is used is not known, or not needed: it is run again. */
function checkLimits(consents: readonly StandingConsent[], locked: ReadonlyMap<string, Spending>): void {
  const isMoved = ({ id, limitPerTrade, limitPerMonth }: StandingConsent) => {
    const now = locked.get(id);
    return now !== undefined && (now.limitPerTrade !== limitPerTrade || now.limitPerMonth !== limitPerMonth);
  };
  if (consents.some(isMoved)) throw conflict("A limit was changed meanwhile.");
}

/** By what a trade under a consent is found. */
export function ofTrade({ consent, tradeNumber }: OfTrade): string {
  return `${consent} ${tradeNumber}`;
}

/** By what is found what a peer has paid into an account. */
export function intoAccount({ peer, account }: PaidAccount): string {
  return `${peer} ${account}`;
}

/**
 * Reservations as they are under the locks. Where another payee has been assigned meanwhile, its account is not among what
 * is locked: the batch is run again.
 */
function underLocks(
  reservations: readonly LocatedReservation[],
  current: readonly Current[],
): LocatedReservation[] {
  const now = byId(current);
  return reservations.map((reservation) => {
    const { payee, state, until, feeTaken } = now.get(reservation.id) ?? reservation;
    if (payee !== reservation.payee) throw conflict("Another payee was assigned meanwhile.");
    return { ...reservation, state, until, feeTaken };
  });
}

/** Consents and accounts that a batch may change, and of payees' accounts those of which it may change what was paid in advance. */
export function soughtRows(
  named: Named,
  reservations: readonly LocatedReservation[],
  consents: readonly StandingConsent[],
): { locked: Set<string>; accounts: Set<string>; paid: PaidAccount[] } {
  const locked = new Set([...named.payers, ...named.payees, ...reservations.map(({ payer }) => payer)]);
  for (const { id, payee } of reservations) if (named.shared.has(id)) locked.add(payee);
  // Into the payee of a new reservation nothing is paid yet, unless the batch goes on with it at once.
  const goesOn = [...named.reservations].some((id) => named.made.has(id));
  if (goesOn && named.shared.size > 0) for (const consent of named.consents) locked.add(consent);
  const touched = goesOn ? consents : consents.filter(({ id }) => named.moved.has(id));
  const accounts = new Set([
    ...touched.map(({ account }) => account),
    ...reservations.flatMap(({ payerAccount, payeeAccount }) => [payerAccount, payeeAccount]),
  ]);
  return { locked, accounts, paid: paidAccounts(locked, reservations, consents) };
}

/** The accounts of those who are paid under consents that are locked, each once for a peer. */
function paidAccounts(
  locked: ReadonlySet<string>,
  reservations: readonly LocatedReservation[],
  consents: readonly StandingConsent[],
): PaidAccount[] {
  const found = new Map<string, PaidAccount>();
  const add = (to: PaidAccount) => found.set(intoAccount(to), to);
  for (const { id, peer, account, purpose, own } of consents)
    if (locked.has(id) && purpose === "receive" && !own) add({ peer, account });
  for (const { peer, payee, payeeAccount } of reservations)
    if (locked.has(payee)) add({ peer, account: payeeAccount });
  return [...found.values()];
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

export function nameAll(requests: readonly Request[]): Named {
  const named: Named = {
    reservations: new Set(),
    made: new Set(),
    payers: new Set(),
    payees: new Set(),
    shared: new Set(),
    paid: new Map(),
    assigned: new Map(),
    told: [],
    trades: [],
    consents: new Set(),
    moved: new Set(),
    locked: new Set(),
  };
  for (const request of requests) {
    if (request.do === "wake") named.reservations.add(request.reservation);
    else name(named, request.peer, request.instruction);
  }
  return named;
}

function name(named: Named, peer: string, instruction: Instruction): void {
  const moved: string[] = [];
  switch (instruction.do) {
    case "reserve":
      named.made.add(instruction.id);
      named.payers.add(instruction.account);
      named.trades.push({ consent: instruction.account, tradeNumber: instruction.tradeNumber });
      named.consents.add(instruction.payee);
      named.paid.set(instruction.id, { consent: instruction.payee, tradeNumber: instruction.tradeNumber });
      moved.push(instruction.account);
      if (instruction.quantities !== undefined)
        named.told.push({ peer, tradeNumber: instruction.tradeNumber });
      if (instruction.replaces !== undefined) named.reservations.add(instruction.replaces);
      break;
    case "transfer":
      named.payees.add(instruction.to);
      moved.push(instruction.from, instruction.to);
      break;
    default:
      named.reservations.add(instruction.reservation);
      if (instruction.do === "refund" || "payableFrom" in instruction)
        named.locked.add(instruction.reservation);
      if (instruction.do === "assign") {
        named.payees.add(instruction.payee);
        const before = named.assigned.get(instruction.reservation) ?? [];
        named.assigned.set(instruction.reservation, [...before, instruction.payee]);
        moved.push(instruction.payee);
      }
      if (instruction.do === "settle") share(named, moved, instruction.reservation, instruction.splits);
      if (instruction.do === "refund") share(named, moved, instruction.reservation, instruction.sources);
  }
  for (const consent of moved) {
    named.consents.add(consent);
    named.moved.add(consent);
  }
}

function share(
  named: Named,
  moved: string[],
  reservation: string,
  shares: readonly { account: string }[] | undefined,
): void {
  if (shares === undefined) return;
  named.shared.add(reservation);
  for (const { account } of shares) moved.push(account);
}
