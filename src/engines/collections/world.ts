import { conflict, type Client, idFrom, readClock, uuidv7 } from "../../storage/database/database.ts";
import {
  type Books,
  type Command,
  openBooks,
  type PayoutLock,
  readPayoutLocks,
} from "../../storage/ledger/ledger.ts";
import type { CollectionInstruction, PaymentChannel } from "../../core/protocol/schemas.ts";
import type { Refused } from "../../core/protocol/protocol.ts";
import { type Digest, type FirstAnswers, openFirstAnswers, problemOfLedger } from "../engine/engine.ts";
import {
  type Collecting,
  lockCollecting,
  readConsents,
  type StandingConsent,
} from "../reservations/reservations.ts";
import { type Collector, readCollectors } from "./collector-store.ts";
import {
  type Due,
  type DuePayment,
  type DueReturn,
  type LocatedDue,
  lockDues,
  type PaidFee,
  readDues,
  readPayments,
} from "./store.ts";

/** Who has taken money: a collector by its own word, or by that of an operator. */
export interface Taker {
  collector: string;
  operator: string | null;
  confirmedBy: string | null;
  reason: string | null;
  /** By whose consent another server says it. */
  consent?: string;
  /**
   * Where the money stands already, where that is no collector's till: the account of what has arrived at the bank, or a member's
   * own. `collector` only names it then.
   */
  account?: string;
}

/** Who takes what has arrived at the institution's own bank: it owes nothing for it. */
export const bankTransfers = idFrom("taker of bank transfers");

/** What was taken, in minor units. */
export interface PaymentWish {
  id: string;
  amount: bigint;
  currency: string;
  channel: PaymentChannel;
  reference: string;
  /** It is in the till already. */
  taken: boolean;
}

/** What is to go back to those who paid, from what is kept for return. */
export interface ReturnWish {
  id: string;
  amount: bigint;
  currency: string;
  /** Where it goes: the account of whoever hands it over. */
  account: string;
  reference: string;
  operator: string;
  confirmedBy: string | null;
}

/** What comes into a batch. */
export type Request =
  | { do: "obey"; peer: string; instruction: CollectionInstruction; digest: Digest }
  | {
      do: "pay";
      number: string;
      taker: Taker;
      payment: PaymentWish;
      /** Of the call; the payment's own id is another. */
      key: string | undefined;
      /** Whether whoever is refused hands the money back; else it is with this server, and may be tried again. */
      isHandedBack: boolean;
      digest: Digest;
    }
  | { do: "return"; number: string; wish: ReturnWish };

/** The institution's own accounts, by currency. */
export interface CollectionHouse {
  /** Where what waits to be returned is kept. */
  kept: (currency: string) => string;
  /** From where it pays those who collect. */
  costs: (currency: string) => string;
  /** Where what is paid for its own bills comes in. */
  bills: (currency: string) => string;
  /** The day of an instant here, YYYY-MM-DD. */
  today: (at: Date) => string;
}

/** All that a batch knows, locked and read, and all that it has decided so far. */
export interface World {
  now: Date;
  /** By trade number. */
  dues: Map<string, LocatedDue>;
  consents: ReadonlyMap<string, StandingConsent>;
  /** Consents to collect by which something is said to be taken, as they are under their locks, and those of them used. */
  collecting: Map<string, Collecting>;
  taking: Set<string>;
  collectors: ReadonlyMap<string, Collector>;
  /** Of each due, by its id: what was taken, the newest last. */
  payments: Map<string, DuePayment[]>;
  books: Books;
  answers: FirstAnswers;
  newId: () => string;
  house: CollectionHouse;
  /** Trade numbers of dues that are new, and of those that have changed. */
  inserted: Set<string>;
  updated: Set<string>;
  taken: DuePayment[];
  returned: DueReturn[];
  fees: PaidFee[];
  /** What was paid and may not be paid out yet, by due; only of those of this batch. */
  locks: Map<string, PayoutLock>;
  /** Dues whose lock has changed; one that is not in `locks` has ended. */
  relocked: Set<string>;
}

/** Where the money of a payment is. */
export function tillOf(taker: Taker, currency: string): string {
  return taker.account ?? accountOfCollector(taker.collector, currency);
}

/** The account of a collector in a currency: what it has taken and not handed in stands on it below zero. */
export function accountOfCollector(collector: string, currency: string): string {
  return idFrom(`account of collector ${collector} in ${currency}`);
}

export interface Named {
  numbers: Set<string>;
  consents: Set<string>;
  /** Those of them by which somebody has taken something at the door. */
  taking: Set<string>;
  collectors: Set<string>;
  accounts: Set<string>;
}

/** What the requests of a batch name themselves. */
export function nameAll(requests: readonly Request[], house: CollectionHouse): Named {
  const named: Named = {
    numbers: new Set(),
    consents: new Set(),
    taking: new Set(),
    collectors: new Set(),
    accounts: new Set(),
  };
  for (const request of requests) {
    if (request.do === "obey") nameInstruction(named, request.instruction);
    else namePayment(named, request, house);
  }
  return named;
}

/** All payments would wait for the one account of what is kept, so that it is locked only where something may be. */
function namePayment(
  { numbers, accounts, collectors }: Named,
  request: Exclude<Request, { do: "obey" }>,
  house: CollectionHouse,
): void {
  numbers.add(request.number);
  if (request.do === "return") {
    accounts.add(request.wish.account);
    accounts.add(house.kept(request.wish.currency));
    return;
  }
  const { taker, payment } = request;
  if (taker.account === undefined) collectors.add(taker.collector);
  accounts.add(tillOf(taker, payment.currency));
  if (payment.taken) accounts.add(house.kept(payment.currency));
}

function nameInstruction({ numbers, consents, taking }: Named, instruction: CollectionInstruction): void {
  numbers.add(instruction.tradeNumber);
  if (instruction.do === "due") {
    consents.add(instruction.payee);
    if (instruction.fee !== undefined) consents.add(instruction.fee.account);
    if (instruction.taken !== undefined) {
      consents.add(instruction.taken.consent);
      taking.add(instruction.taken.consent);
    }
  }
  if (instruction.do === "reimburse") for (const { account } of instruction.sources) consents.add(account);
}

const givesBack = (request: Request): boolean =>
  request.do === "obey" && request.instruction.do === "reimburse";
/** Whether it says that somebody has taken money at the door. */
const isTaken = (request: Request): boolean =>
  request.do === "obey" && request.instruction.do === "due" && request.instruction.taken !== undefined;
/** Whether money may move, so that accounts are locked. */
const movesMoney = (request: Request): boolean =>
  request.do !== "obey" || givesBack(request) || isTaken(request);

/**
 * Locks and reads what a batch needs, in two rounds: first, unlocked, which accounts stand behind what it names; then dues by
 * their numbers and accounts by their ids, what was paid of these dues, the first answers, and last the clock.
 */
export async function openWorld(
  client: Client,
  requests: readonly Request[],
  house: CollectionHouse,
): Promise<World> {
  const named = nameAll(requests, house);
  const numbers = [...named.numbers];
  const [located, consents, takers] = await Promise.all([
    readDues(client, numbers),
    named.consents.size === 0 ? [] : readConsents(client, [...named.consents]),
    named.collectors.size === 0 ? [] : readCollectors(client, [...named.collectors]),
  ]);
  const atDoors = consents.flatMap(({ id, owner }) =>
    named.taking.has(id) && owner !== null ? [owner] : [],
  );
  const others = atDoors.length === 0 ? [] : await readCollectors(client, [...new Set(atDoors)]);
  const collectors = [...takers, ...others];
  const ids = located.map(({ id }) => id);
  const accounts = soughtAccounts(requests, named, { located, consents, collectors, house });
  const [locked, collecting, books, payments, locks, answers, now] = await Promise.all([
    lockDues(client, numbers),
    named.taking.size === 0 ? [] : lockCollecting(client, [...named.taking]),
    openBooks(client, { holds: [], accounts }),
    ids.length === 0 ? [] : readPayments(client, ids),
    ids.length === 0 ? [] : readPayoutLocks(client, ids),
    openFirstAnswers(client, requests.flatMap(keysOf), "command_id_reused"),
    readClock(client),
  ]);
  return {
    now,
    dues: underLocks(located, locked),
    consents: new Map(consents.map((each) => [each.id, each])),
    collecting: new Map(collecting.map((each) => [each.id, each])),
    taking: new Set(),
    collectors: new Map(collectors.map((each) => [each.id, each])),
    payments: byDue(payments),
    books,
    answers,
    newId: uuidv7,
    house,
    inserted: new Set(),
    updated: new Set(),
    taken: [],
    returned: [],
    fees: [],
    locks: new Map(locks.map((lock) => [lock.hold, lock])),
    relocked: new Set(),
  };
}

function byDue(payments: readonly DuePayment[]): Map<string, DuePayment[]> {
  const found = new Map<string, DuePayment[]>();
  for (const payment of payments)
    found.set(payment.collection, [...(found.get(payment.collection) ?? []), payment]);
  return found;
}

/** The first answers that a request may get again. */
export function keysOf(request: Request): { caller: string; key: string }[] {
  if (request.do === "return") return [];
  if (request.do === "obey" && request.instruction.do === "heard") return [];
  if (request.do === "obey") return [{ caller: request.peer, key: request.instruction.id }];
  const { key, taker, payment, isHandedBack } = request;
  const { collector: caller } = taker;
  const keys = [payment.id, ...(key === undefined ? [] : [key])];
  if (isHandedBack) keys.push(refusedKey(payment));
  return keys.map((each) => ({ caller, key: each }));
}

/** By what the refusal of a payment is kept: its own id is free for other content. */
export const refusedKey = ({ id }: PaymentWish): string => `refused ${id}`;

/** Accounts that the batch may change: those of dues as they stand, and those that a due of this batch may get. */
export function soughtAccounts(
  requests: readonly Request[],
  named: Named,
  {
    located,
    consents,
    collectors,
    house,
  }: {
    located: readonly LocatedDue[];
    consents: readonly StandingConsent[];
    collectors: readonly Collector[];
    house: CollectionHouse;
  },
): Set<string> {
  if (!requests.some(movesMoney)) return new Set();
  const accounts = new Set(named.accounts);
  if (requests.some(givesBack)) for (const { currency } of located) accounts.add(house.kept(currency));
  const ownBill = located.some(({ payeeAccount, currency }) => payeeAccount === house.bills(currency));
  // Of the payment's currency: its due may be made in the same batch.
  if (collectors.some(({ feeBorneBy }) => feeBorneBy === "institution" || (feeBorneBy !== null && ownBill)))
    for (const request of requests) {
      const currency = currencyTaken(request);
      if (currency !== undefined) accounts.add(house.costs(currency));
    }
  for (const { account } of consents) accounts.add(account);
  for (const { payeeAccount, feeAccount } of located) {
    if (payeeAccount !== null) accounts.add(payeeAccount);
    if (feeAccount !== null) accounts.add(feeAccount);
  }
  return accounts;
}

/** In which currency a request says that money was taken, at a counter or at the door. */
function currencyTaken(request: Request): string | undefined {
  if (request.do === "pay") return request.payment.currency;
  return isTaken(request) && request.do === "obey" && request.instruction.do === "due"
    ? request.instruction.currency
    : undefined;
}

/**
 * Dues as they are under the locks. Where one has appeared meanwhile, or is for other accounts, its accounts are not among
 * what is locked: the batch is run again.
 */
function underLocks(located: readonly LocatedDue[], locked: readonly Due[]): Map<string, LocatedDue> {
  const before = new Map(located.map((due) => [due.id, due]));
  const dues = new Map<string, LocatedDue>();
  for (const due of locked) {
    const was = before.get(due.id);
    if (was === undefined || was.payee !== due.payee || was.feeTo !== due.feeTo)
      throw conflict("A due was written meanwhile.");
    const { payeeAccount, payeeRevokedAt, payeeOwn, feeAccount } = was;
    dues.set(due.tradeNumber, { payeeAccount, payeeRevokedAt, payeeOwn, feeAccount, ...due });
  }
  return dues;
}

/** Writes down how a due stands now. */
export function change(world: World, due: LocatedDue, changes: Partial<Omit<LocatedDue, "id">>): LocatedDue {
  const changed = { ...due, ...changes };
  world.dues.set(due.tradeNumber, changed);
  if (!world.inserted.has(due.tradeNumber)) world.updated.add(due.tradeNumber);
  return changed;
}

/** Posts commands to the books, or none of them. */
export function postAll(world: World, commands: readonly Command[]): Refused | undefined {
  const mark = world.books.mark();
  for (const command of commands) {
    const posted = world.books.post(command, world.now);
    if (!("refused" in posted)) continue;
    world.books.rollback(mark);
    return { refused: problemOfLedger[posted.refused] };
  }
  return undefined;
}
