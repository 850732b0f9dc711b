/** Shops, people and money on a fresh trading database, for tests of the engine. One small shop fee: 10 percent. */
import { usualTerms } from "../../../src/core/trade/trade.ts";
import assert from "node:assert/strict";
import {
  type Database,
  openDatabase,
  randomDigits,
  rawSql,
  uuidv7,
} from "../../../src/storage/database/database.ts";
import { audit, openAccounts, postOne, readAccounts } from "../../../src/storage/ledger/ledger.ts";
import type { StandLimits } from "../../../src/engines/credit/credit.ts";
import type { AdvanceRules } from "../../../src/engines/advances/advances.ts";
import type { MailUse } from "../../../src/engines/outbox/outbox.ts";
import * as members from "../../../src/storage/members/members.ts";
import * as parties from "../../../src/storage/parties/parties.ts";
import {
  type AcceptorRole,
  dammAppend,
  type Problem,
  type TradeView,
} from "../../../src/core/protocol/protocol.ts";
import type { MoveBody, Propose } from "../../../src/core/protocol/schemas.ts";
import { type Outcome, textOf } from "../../../src/engines/engine/engine.ts";
import { guarantee, ownBooks, remoteInstitution, tieAccounts } from "../../../src/engines/rails/rails.ts";
import {
  type Actor,
  auditKept,
  auditTrades,
  createTrades,
  type Trades,
} from "../../../src/engines/trades/trades.ts";
import { freshDatabase } from "./cluster.ts";
import { type Collector, collectingFor, collectingInstitution } from "./collector.ts";
import { dispatcherOf, institution, type Line } from "./distant.ts";
import { testVault } from "./vault.ts";

export interface Buyer {
  actor: Actor;
  /** The member number; empty for guests. */
  number: string;
  method: string;
  account: string;
}

interface Wealth {
  kind?: members.MethodKind;
  /** What is in the account, or the limit of the credit line. */
  amount?: bigint;
}

const currency = "JPY";

/** What a call came to: the trade, or the problem. */
export const tradeIn = (outcome: Outcome<TradeView>): TradeView =>
  outcome.how === "done" ? outcome.view.value : assert.fail(textOf(outcome));
export const problemIn = (outcome: Outcome<TradeView>): Problem =>
  outcome.how === "refused" ? outcome.problem.value : assert.fail(textOf(outcome));
/** `state frozen/settled/released`, or the code of the refusal. */
export function told(outcome: Outcome<TradeView>): string {
  if (outcome.how === "refused") return problemIn(outcome).code;
  const { state, frozen, settled, released, refunded } = tradeIn(outcome);
  return `${state} ${frozen}/${settled}/${released}${(refunded ?? 0) > 0 ? ` back ${refunded}` : ""}`;
}

/** `line`: the money is at an institution, over a line of this kind; else in the server's own books. */
export const usual: { line: Line | undefined } = { line: undefined };

/** What an early payment costs here: 1 percent of an accepted claim, 3 percent of another; 5,000 yen for each shop. */
const prices = { acceptedBasisPoints: 100, reservedBasisPoints: 300, limitPerShop: { JPY: 5000 } };

interface Setting {
  line: Line | undefined;
  own?: bigint;
  mails?: MailUse;
  collector?: Collector;
  limits?: StandLimits;
}

/**
 * `own`: what is in this server's own account, from which it pays shops early; without it, it does not. `mails`: what
 * becomes of mails; without it none is queued. `collector`: this server is a guarantor, and what is due is paid there.
 */
export async function openMarket(
  t: { after(release: () => Promise<void>): unknown },
  { line, own, mails, collector, limits }: Setting = usual,
) {
  const { database, url, schema } = await freshDatabase(t, "trading");
  const admin = openDatabase({ url, schema });
  const [outside, feeAccount, ownAccount, operator] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const failures: unknown[] = [];
  const running: (() => Promise<void>)[] = [];

  const advances =
    own === undefined ? undefined : { ...prices, from: () => ownAccount, into: () => ownAccount };
  const onError = (error: unknown): void => void failures.push(error);
  const place = { url, schema, feeAccount, line, mails, collector, limits, advances, onError };
  const anotherProcess = (timeZone = "UTC") => {
    const { trades, stop } = startProcess({ ...place, timeZone });
    running.push(stop);
    return trades;
  };
  t.after(async () => {
    for (const stop of running) await stop();
    await admin.close();
  });
  await openHouse(database, { outside, feeAccount, ownAccount }, own);
  await parties.insertOperator(database, { id: operator, name: "Mei Kato", madeBy: null });
  const trades = anotherProcess();
  const paidAt = collector === undefined ? institution : collectingInstitution;
  const shop = await openShop(database, paidAt);
  const carrier = await enterCarrier(database);
  return {
    url,
    schema,
    database,
    admin,
    trades,
    anotherProcess,
    feeAccount,
    ownAccount,
    outside,
    failures,
    shop,
    carrier,
    operator: { kind: "operator", id: operator } satisfies Actor as Actor,
    anotherShop: (place = paidAt) => openShop(database, place),
    buyer: (wealth: Wealth = {}) => enterBuyer(database, outside, wealth),
    guest: (amount = 10_000n) => enterGuest(database, outside, amount),
    mandate: (buyer: Buyer, terms: Partial<MandateTerms> = {}) =>
      giveMandate(database, buyer, { shop: shop.actor.id, ...terms }),
    propose: (trade: Partial<Propose>, key?: string) =>
      trades.propose(shop.actor, { currency, amount: 1000, ...trade }, key),
    move: (actor: Actor, number: string, body: MoveBody, key?: string) =>
      trades.move(actor, number, body, key),
    /** Moves the clock of this database forward by so many hours. */
    pass: (hours: number) =>
      admin.execute(rawSql("update test_clock set ahead = ahead + $1 * interval '1 second'", [hours * 3600])),
    balance: async (account: string) => {
      const [row] = await readAccounts(database, [account]);
      return row === undefined ? "none" : `${row.posted} held ${row.held}`;
    },
    /** Nothing is lost, nothing is made, and every trade is what its hold and its events say. */
    prove: async () => {
      for (const proof of [audit, auditTrades, auditKept])
        assert.deepEqual((await proof(database)).differences, []);
      assert.deepEqual(failures, []);
    },
  };
}

/** The server's own accounts, with money for paying shops early where it does that. */
async function openHouse(
  database: Database,
  { outside, feeAccount, ownAccount }: Record<"outside" | "feeAccount" | "ownAccount", string>,
  own: bigint | undefined,
): Promise<void> {
  await openAccounts(database, [
    { id: outside, kind: "outside", currency, floor: -(2n ** 60n) },
    { id: feeAccount, kind: "fee", currency, floor: 0n },
    { id: ownAccount, kind: "fee", currency, floor: 0n },
  ]);
  const tied = [feeAccount, ownAccount].map((account) => ({ account, institution, consent: account }));
  const collected = { account: feeAccount, institution: collectingInstitution, consent: feeAccount };
  await tieAccounts(database, [...tied, collected]);
  await tieAccounts(database, [
    { account: feeAccount, institution: collectingInstitution, consent: feeAccount },
  ]);
  if (own !== undefined) await pay(database, outside, ownAccount, own);
}

interface Place {
  timeZone: string;
  url: string;
  schema: string;
  feeAccount: string;
  line: Line | undefined;
  mails: MailUse | undefined;
  collector: Collector | undefined;
  limits: StandLimits | undefined;
  advances: AdvanceRules | undefined;
  onError: (error: unknown) => void;
}

/** What one process runs: a pool, a queue and a sweeper of its own, on a database that others use as well. */
function startProcess({
  url,
  schema,
  feeAccount,
  line,
  mails,
  collector,
  limits,
  advances,
  timeZone,
  onError,
}: Place): {
  trades: Trades;
  stop: () => Promise<void>;
} {
  const pool = openDatabase({ url, schema, role: "kenshu_app", keyed: true, max: 3 });
  const trades = createTrades({
    rail: collector !== undefined ? guarantee() : line === undefined ? ownBooks() : remoteInstitution(),
    answerWithinMs: 60_000,
    database: pool,
    topology: collector === undefined ? "direct" : "guaranteed",
    vault: testVault,
    defaults: { ...usualTerms, collectWithin: collector === undefined ? null : "P14D" },
    timeZone,
    feeAccount: () => feeAccount,
    mails,
    limits,
    advances,
    approveUrl: (number) => `https://pay.example/trades/${number}`,
    onError,
    sweepEveryMs: 3_600_000,
  });
  const dispatcher =
    collector === undefined
      ? line && dispatcherOf(pool, line, trades, onError)
      : collectingFor(pool, collector, trades, onError);
  dispatcher?.start();
  const stop = async () => {
    await trades.close();
    await dispatcher?.stop();
    await pool.close();
  };
  return { trades, stop };
}

interface Shop {
  actor: Actor;
  account: string;
}

async function openShop(database: Database, place: string): Promise<Shop> {
  const [id, account] = [uuidv7(), uuidv7()];
  const kind = "shop" as const;
  await parties.insertParty(database, {
    id,
    kind,
    name: "Aoi Tea",
    state: "approved",
    email: null,
    phone: null,
  });
  await openAccounts(database, [{ id: account, kind, currency, floor: 0n }]);
  await tieAccounts(database, [{ account, institution: place, consent: account }]);
  const fee = { fixed: 0n, basisPoints: 1000, roundTo: "shop" as const };
  await parties.insertShopAccounts(database, id, [{ currency, account }], fee);
  return { actor: { kind, id }, account };
}

async function enterCarrier(database: Database): Promise<Actor> {
  const [id, kind] = [uuidv7(), "carrier" as const];
  await parties.insertParty(database, {
    id,
    kind,
    name: "Hayabusa",
    state: "approved",
    email: null,
    phone: null,
  });
  return { kind, id };
}

async function openFunded(
  database: Database,
  outside: string,
  { kind = "deposit", amount = 10_000n }: Wealth,
) {
  const account = uuidv7();
  await openAccounts(database, [{ id: account, kind, currency, floor: kind === "credit" ? -amount : 0n }]);
  await tieAccounts(database, [{ account, institution, consent: account }]);
  if (kind === "credit" || amount === 0n) return account;
  await pay(database, outside, account, amount);
  return account;
}

async function pay(database: Database, from: string, to: string, amount: bigint): Promise<void> {
  const paid = { do: "transfer" as const, id: uuidv7(), from, to, currency, amount };
  assert.ok("done" in (await database.transaction((client) => postOne(client, paid))));
}

const personal = {
  name: "Hana Sato",
  kana: null,
  address: "1-1 Chiyoda, Tokyo",
  birthDate: "1990-04-01",
  email: "hana@example.com",
  phone: null,
};

async function enterBuyer(database: Database, outside: string, wealth: Wealth): Promise<Buyer> {
  const [person, method] = [uuidv7(), uuidv7()];
  const number = dammAppend(`1${randomDigits(8)}`);
  const account = await openFunded(database, outside, wealth);
  await members.insertMember(database, testVault, {
    id: person,
    number: BigInt(number),
    state: "active",
    ...personal,
  });
  await members.insertMethod(database, {
    id: method,
    person,
    kind: wealth.kind ?? "deposit",
    currency,
    account,
    state: "active",
    token: null,
    wishedLimit: null,
  });
  return { actor: { kind: "person", id: person }, number, method, account };
}

async function enterGuest(database: Database, outside: string, amount: bigint): Promise<Buyer> {
  const [person, method] = [uuidv7(), uuidv7()];
  const account = await openFunded(database, outside, { amount });
  const chosen = {
    id: method,
    kind: "prepaid" as const,
    currency,
    account,
    state: "active" as const,
    token: null,
  };
  // What they do not spend stays with the code, also when they are forgotten.
  await members.insertVouchers(database, [{ code: uuidv7(), account, currency }]);
  await members.insertGuests(database, testVault, [{ id: person, ...personal, method: chosen }], new Date());
  return { actor: { kind: "person", id: person }, number: "", method, account };
}

interface MandateTerms {
  shop: string;
  limit: bigint;
  until: Date;
  method: string | null;
  acceptors: AcceptorRole[];
  terms: Record<string, string>;
}

async function giveMandate(
  database: Database,
  buyer: Buyer,
  terms: Partial<MandateTerms> & { shop: string },
) {
  const { limit = 100_000n, until = new Date("2099-01-01T00:00:00Z"), method = null } = terms;
  const id = uuidv7();
  const given = { id, person: buyer.actor.id, shop: terms.shop, currency, limit, until, method };
  await members.insertMandates(
    database,
    [given],
    terms.acceptors ?? ["buyer", "carrier", "shop"],
    terms.terms ?? null,
  );
  return id;
}

type Market = Awaited<ReturnType<typeof openMarket>>;

/**
 * A market on own books, and one for each of these lines to an institution, with the names for their tests. All are open
 * before the first test begins: when those that are known are over, node ends what is still being opened.
 */
export async function openMarkets(
  t: Parameters<typeof openMarket>[0],
  lines: readonly ("good" | "bad")[],
  setting: Omit<Setting, "line"> = {},
): Promise<{ name: string; line: Line | undefined; market: Market }[]> {
  const markets: { name: string; line: Line | undefined; market: Market }[] = [];
  for (const line of [undefined, ...lines]) {
    const name = line === undefined ? "own books" : `an institution, ${line} line`;
    markets.push({ name, line, market: await openMarket(t, { ...setting, line }) });
  }
  return markets;
}
