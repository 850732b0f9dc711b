/**
 * What a batch at a facilitator reads of what is committed: no more than the statements of production lock and read, by
 * the same rules, so that a decision which needs a row that nobody has locked shows itself here too.
 */
import { type FirstAnswer, type FirstAnswers, firstAnswers } from "../../../src/engines/engine/engine.ts";
import { accountKey, type AdvanceAccount } from "../../../src/engines/advances/advances.ts";
import { openOnConsents, type OpenRail, type RemoteAccount } from "../../../src/engines/rails/rails.ts";
import type { Side } from "../../../src/core/trade/trade.ts";
import type { KeptTrade } from "../../../src/engines/steps/kept-trade.ts";
import { type Rules, shopsOf, type World } from "../../../src/engines/steps/world.ts";
import { soughtAdvances } from "../../../src/engines/steps/trade-advances.ts";
import {
  accountsOf,
  isAgreement,
  payeesOf,
  seek,
  type Sought,
  takersOf,
  touchedMandates,
} from "../../../src/engines/steps/world-reading.ts";
import { answerKey } from "./sent-outcome.ts";
import type { Request } from "../../../src/engines/steps/world.ts";
import type { MandateRow, MethodRow, PersonRow } from "../../../src/storage/members/members.ts";
import type { PartyRow, ShopRow } from "../../../src/storage/parties/parties.ts";

/** The tables of a facilitator. */
export interface Tables {
  readonly trades: ReadonlyMap<bigint, KeptTrade>;
  readonly answers: ReadonlyMap<string, FirstAnswer>;
  readonly mandates: ReadonlyMap<string, MandateRow>;
  readonly advances: ReadonlyMap<string, AdvanceAccount>;
  readonly shops: ReadonlyMap<string, ShopRow>;
  readonly parties: Map<string, PartyRow>;
  readonly people: Map<string, PersonRow>;
  readonly members: Map<bigint, PersonRow>;
  readonly methods: Map<string, MethodRow[]>;
  /** Consents of institutions by what this server calls the account. */
  readonly ties: ReadonlyMap<string, readonly RemoteAccount[]>;
  /** Who has been told of what they have to act on in a trade. */
  readonly toldSince: (trade: bigint, now: Date) => Record<Side, Date | null>;
}

/** Ids as production draws them: each once. */
export interface Ids {
  newId: () => string;
  newNumber: () => bigint;
  /** Opens the rail on what it may touch; without it, on the consents of institutions. */
  openRail?: (places: readonly RemoteAccount[], sought: RailRows) => OpenRail;
}

/** The rows of its own books that a rail reads for a batch. */
export interface RailRows {
  accounts: ReadonlySet<string>;
  holds: readonly string[];
}

/** Copies of what the batch names, as a transaction that locks them reads them. */
export function readWorld(
  tables: Tables,
  rules: Rules,
  requests: readonly Request[],
  now: Date,
  ids: Ids,
): World {
  const sought = seek(requests);
  const trades = [...sought.trades].flatMap((number) => tables.trades.get(number) ?? []);
  const shops = readShops(tables, sought, requests, trades);
  const accounts = soughtAccounts(tables, rules, sought, trades);
  const payees = [...payeesOf(rules, [...shops.values()]), ...takersOf(requests, trades)];
  const places = [...accounts, ...payees].flatMap((account) => tables.ties.get(account) ?? []);
  const holds = trades.flatMap(({ hold }) => hold ?? []);
  // Written out: literals made of spread objects are several times slower, and this is made thousands of times.
  return {
    now,
    trades: new Map(trades.map((trade) => [trade.number, trade])),
    mandates: readMandates(tables, sought, touchedMandates(requests, trades, now)),
    answers: readAnswers(tables, sought),
    shops,
    parties: tables.parties,
    people: tables.people,
    members: tables.members,
    methods: tables.methods,
    rail: ids.openRail?.(places, { accounts, holds }) ?? openOnConsents(places, ids.newId),
    newId: ids.newId,
    newNumber: ids.newNumber,
    inserted: new Set(),
    updated: new Set(),
    agreed: new Set(),
    events: [],
    recipients: [],
    guestForms: [],
    answeredTrades: new Set(),
    routes: [],
    references: new Map(),
    takenReferences: [],
    usedMandates: new Set(),
    answered: new Set(),
    disputed: new Map(),
    endpoints: [],
    mails: undefined,
    forgottenPeople: new Set(),
    forgottenTrades: new Set(),
    limited: new Map(),
    told: new Map(trades.map(({ number }) => [number, tables.toldSince(number, now)])),
    advances: rules.advances && {
      rules: rules.advances,
      accounts: readAdvances(tables, requests, trades),
      used: new Set(),
    },
  };
}

function readShops(
  { shops }: Tables,
  sought: Sought,
  requests: readonly Request[],
  trades: readonly KeptTrade[],
): Map<string, ShopRow> {
  const agreeing = new Set(requests.filter(isAgreement).map(({ number }) => number));
  const agreed = trades.filter(({ number }) => agreeing.has(number));
  const named = new Set([...sought.shops, ...shopsOf(agreed)]);
  const read = new Map<string, ShopRow>();
  for (const id of named) {
    const shop = shops.get(id);
    if (shop !== undefined) read.set(id, shop);
  }
  return read;
}

function soughtAccounts(
  { methods, mandates, members }: Tables,
  rules: Rules,
  sought: Sought,
  trades: readonly KeptTrade[],
): Set<string> {
  const payers = new Set(sought.people);
  for (const { buyer } of trades) if (buyer !== null) payers.add(buyer);
  for (const number of sought.memberNumbers) payers.add(members.get(number)?.id ?? "");
  for (const id of sought.mandates) payers.add(mandates.get(id)?.person ?? "");
  const own = [...payers].flatMap((person) => methods.get(person) ?? []);
  return accountsOf(rules, trades, own);
}

function readMandates(
  { mandates }: Tables,
  sought: Sought,
  touched: readonly string[],
): Map<string, MandateRow> {
  const read = new Map<string, MandateRow>();
  for (const id of [...sought.mandates, ...touched]) {
    const mandate = mandates.get(id);
    if (mandate !== undefined) read.set(id, { ...mandate });
  }
  return read;
}

function readAnswers({ answers }: Tables, { keys }: Sought): FirstAnswers {
  const read = keys.flatMap(({ caller, key }) => answers.get(answerKey(caller, key)) ?? []);
  return firstAnswers(read, "idempotency_key_reused");
}

function readAdvances(
  { advances }: Tables,
  requests: readonly Request[],
  trades: readonly KeptTrade[],
): Map<string, AdvanceAccount> {
  const { opened, using, owing } = soughtAdvances(requests, trades);
  const read = new Map<string, AdvanceAccount>();
  if (trades.length === 0) return read;
  for (const { shop, currency } of opened) {
    const key = accountKey(shop, currency);
    read.set(key, { shop, currency, outstanding: 0n, owed: 0n, covering: 0n, covered: 0n, debts: new Map() });
  }
  for (const account of advances.values()) {
    const { shop, owed } = account;
    if (using.includes(shop) || (owed > 0n && owing.includes(shop)))
      read.set(accountKey(shop, account.currency), account);
  }
  return read;
}
