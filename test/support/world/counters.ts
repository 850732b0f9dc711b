/** An institution with two other servers, and with those who take money for dues: as they meet over HTTP. */
import assert from "node:assert/strict";
import { auditDebts, type BillRules } from "../../../src/engines/debts/debts.ts";
import { createInstitution } from "../../../src/servers/institution/institution.ts";
import { type Database, openDatabase, uuidv7 } from "../../../src/storage/database/database.ts";
import { audit, houseAccount, keptAccountOf, readAccounts } from "../../../src/storage/ledger/ledger.ts";
import { auditSeals } from "../../../src/storage/seals/seals.ts";
import { auditKept, auditTrades } from "../../../src/engines/trades/trades.ts";
import { auditReservations } from "../../../src/engines/reservations/reservations.ts";
import { auditCollections } from "../../../src/engines/collections/collections.ts";
import { auditArrivals } from "../../../src/engines/arrivals/arrivals.ts";
import { auditPayouts } from "../../../src/engines/payouts/payouts.ts";
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import { type Demo, seedInstitution } from "../../../src/tools/demo/demo.ts";
import { bearer, confirmBy, type Headers, type Json, type Reply, request, signIn } from "../wire/http.ts";
import { prepare, startParty } from "../wire/signed-pair.ts";
import { oneOperator, twoOperators } from "./operators.ts";
import { testKey } from "./vault.ts";
import { ownAccounts } from "./world.ts";

const ids = {
  bank: "00000000-0000-4000-8000-000000004030",
  peer: "00000000-0000-4000-8000-000000004040",
  other: "00000000-0000-4000-8000-000000004041",
} as const;

export type Outcome = { status: number; collection?: Json; problem?: Json; replayed?: boolean };
type Party = "peer" | "other";

export interface Counters {
  url: string;
  /** Where its database is, for another process of the institution. */
  place: { url: string; schema: string };
  demo: Demo;
  operator: Headers;
  /** A database connection that may change anything. */
  admin: Database;
  /** What a server tells the institution, one after another in one batch. */
  tell: (instructions: readonly Json[], as?: Party) => Promise<Outcome[]>;
  /** What a server asks of the institution. */
  ask: (path: string, body: Json, as?: Party) => Promise<{ status: number; body: Json }>;
  /** What a server reads. */
  read: (path: string, as?: Party) => Promise<{ status: number; body: Json }>;
  call: (method: string, path: string, who: Headers, body?: Json) => Promise<Reply>;
  /** A due of the peer's for its first shop; `change` says what is otherwise. */
  due: (number: string, amount: number, change?: Json) => Json;
  /** A collector who may hold so much, with the key of its programs and its sign-in. */
  collector: (channel?: string, limit?: number) => Promise<Collector>;
  /** What the accounts hold. */
  balances: (...accounts: string[]) => Promise<string>;
  /** The accounts of the first shop and of the peer, where what is kept for return stands. */
  accounts: { shop: string; own: string; kept: string };
  /** What the books, the log and the dues say that the journal does not. */
  audit: () => Promise<string[]>;
}

export interface Collector {
  id: string;
  account: string;
  key: Headers;
  email: string;
  password: string;
}

let drawn = 1000;
/** A trade number that nobody has had. */
export const newNumber = (): string => dammAppend(`48210733${(drawn += 1)}`);

/** The institution with two servers that it knows, and the demo's people in it. */
async function openServers(
  t: { after(release: () => Promise<void>): unknown },
  operators: "one" | "two",
  bills: BillRules | undefined,
) {
  const [bank, own, others] = await Promise.all([ids.bank, ids.peer, ids.other].map((id) => prepare(t, id)));
  assert.ok(bank && own && others);
  const { url: databaseUrl, schema } = bank.database;
  const where = { url: databaseUrl, schema, role: "kenshu_app", personalDataKeys: [testKey] };
  const fee = { fixed: 0n, basisPoints: 0, roundTo: "shop" } as const;
  const rules = operators === "one" ? oneOperator : twoOperators;
  const settings = { approval: "none", currencies: ["JPY", "USD"], fee, ...rules } as const;
  const peer = { id: ids.peer, name: "Guarantor", url: own.man.url };
  const demo = await seedInstitution({ ...where, settings, peer, loadMembers: 2 });
  assert.ok(demo?.ties);
  const names = { bankName: "ｹﾝｼﾕｳ", branchName: "ﾎﾝﾃﾝ", holder: "ｹﾝｼﾕｳ" } as const;
  const payer = {
    code: "1234567890",
    bank: "9999",
    branch: "001",
    kind: "current",
    number: "7654321",
  } as const;
  const institution = await createInstitution({
    ...where,
    bankAccounts: ownAccounts.map((own) => ({ ...own, ...names, currency: "JPY" })),
    payouts: { payer: { ...payer, ...names }, least: 1n },
    settings,
    peers: [peer, { id: ids.other, name: "Another", url: others.man.url }],
    publicUrl: bank.man.url,
    version: "0",
    sandbox: true,
    log: "silent",
    ...(bills === undefined ? {} : { bills }),
  });
  t.after(() => institution.close());
  bank.man.target = await institution.server.listen({ port: 0, host: "127.0.0.1" });
  const place = [{ id: ids.bank, name: "Bank", url: bank.man.url }];
  return {
    bank,
    demo,
    databaseUrl,
    schema,
    peer: (await startParty(t, own, place, () => {})).client,
    other: (await startParty(t, others, place, () => {})).client,
  };
}

export async function openCounters(
  t: { after(release: () => Promise<void>): unknown },
  { operators = "one", bills }: { operators?: "one" | "two"; bills?: BillRules } = {},
): Promise<Counters> {
  const { bank, peer: client, other, demo, databaseUrl, schema } = await openServers(t, operators, bills);
  const clients = { peer: client, other };
  assert.ok(demo.ties);
  const admin = openDatabase({ url: databaseUrl, schema });
  t.after(() => admin.close());
  const { url } = bank.man;
  const operator = bearer(demo.adminKey);
  const [, second] = demo.operators;
  assert.ok(second);
  if (operators === "two") confirmBy(url, [operator, await signIn(url, second)]);
  const call = (method: string, path: string, who: Headers, body?: Json) =>
    request(`${url}${path}`, method, who, body);
  const [shop] = demo.ties.shops;
  const receive = String(shop?.receive["JPY"]);
  const fees = String(demo.ties.own["JPY"]?.receive);
  const accountOf = async (consent: string) => {
    const [row] = await admin.query<{ account: string }>({
      text: "select account from consents where id = $1",
      values: [consent],
    });
    return row?.account ?? assert.fail("There is no such consent.");
  };
  const accounts = {
    shop: await accountOf(receive),
    own: await accountOf(fees),
    kept: keptAccountOf("JPY"),
  };
  return {
    url,
    place: { url: databaseUrl, schema },
    demo,
    operator,
    admin,
    accounts,
    call,
    tell: async (instructions, as = "peer") => {
      const path = "/v1/collections/batch";
      const { status, body } = await clients[as].call(ids.bank, "POST", path, { instructions });
      assert.equal(status, 200, JSON.stringify(body));
      return (body as { outcomes: Outcome[] }).outcomes;
    },
    ask: (path, wish, as = "peer") => askBy(clients[as], path, wish),
    read: (path, as = "peer") => readBy(clients[as], path),
    due: (tradeNumber, amount, change = {}) => ({
      do: "due",
      id: uuidv7(),
      tradeNumber,
      version: 1,
      payee: receive,
      currency: "JPY",
      amount,
      fee: { account: fees, amount: Math.floor(amount / 50) },
      payBy: "2031-01-01T00:00:00.000Z",
      shopName: String(shop?.name),
      reference: "order 7",
      ...change,
    }),
    collector: (channel = "konbini", limit = 100_000) => newCollector(call, operator, channel, limit),
    balances: async (...wanted) => {
      const rows = new Map((await readAccounts(admin, wanted)).map((row) => [row.id, row.posted]));
      return wanted.map((id) => rows.get(id) ?? "none").join(" ");
    },
    audit: () => auditAll(admin),
  };
}

async function askBy(
  client: Awaited<ReturnType<typeof startParty>>["client"],
  path: string,
  wish: Json,
): Promise<{ status: number; body: Json }> {
  const { status, body } = await client.call(ids.bank, "POST", path, wish);
  return { status, body: body ?? {} };
}

async function readBy(
  client: Awaited<ReturnType<typeof startParty>>["client"],
  path: string,
): Promise<{ status: number; body: Json }> {
  const { status, body } = await client.call(ids.bank, "GET", path);
  return { status, body: body ?? {} };
}

async function newCollector(
  call: Counters["call"],
  operator: Headers,
  channel: string,
  limit: number,
): Promise<Collector> {
  const id = uuidv7();
  const [email, password] = [`${id}@example.com`, `a clerk's ${id}`];
  const wish = { name: `Stores ${id}`, channel, limits: { JPY: limit }, contact: { email }, password };
  const made = await call("PUT", `/v1/collectors/${id}`, operator, wish);
  assert.equal(made.status, 200, made.text);
  const [account] = made.json["accounts"] as { account: string }[];
  const keyed = await call("POST", `/v1/collectors/${id}/keys`, operator, {});
  assert.equal(keyed.status, 201, keyed.text);
  const key = bearer(String(keyed.json["key"]));
  return { id, account: account?.account ?? "", key, email, password };
}

async function auditAll(admin: Database): Promise<string[]> {
  const found = [
    await audit(admin),
    await auditTrades(admin),
    await auditKept(admin),
    await auditReservations(admin),
    await auditCollections(admin, keptAccountOf),
    await auditArrivals(admin, { house: houseAccount }),
    await auditPayouts(admin, { house: houseAccount }),
    await auditDebts(admin),
    await auditSeals(admin),
  ];
  return found.flatMap(({ differences }) =>
    differences.map(
      ({ what, field, id, recorded, computed }) => `${what} ${field} ${id}: ${recorded} for ${computed}`,
    ),
  );
}

/** What an outcome says of money: state, due of amount, paid, refunded and kept; or the code of the refusal. */
export function said({ collection, problem }: Outcome): string {
  if (collection === undefined) return String(problem?.["code"]);
  const { state, amount, due: open, paid, refunded, kept } = collection;
  return `${String(state)} ${String(open)}/${String(amount)} ${String(paid)}-${String(refunded)} kept ${String(kept)}`;
}

/** The same due in its next version, with less of it and no fee. */
export const lower = (told: Json, amount: number, change: object = {}): Json => ({
  ...told,
  id: uuidv7(),
  version: 2,
  amount,
  fee: { ...(told["fee"] as object), amount: 0 },
  ...change,
});

/** What a payment came to: its state, or the code of the refusal. */
export async function codeOf(paying: Promise<Reply>): Promise<string> {
  const { status, code, json } = await paying;
  return status === 201 ? String(json["state"]) : code;
}

/** How one collector takes money, and how others do. */
export function tillOf({ call, tell, due }: Counters, store: Collector) {
  return {
    pay: (number: string, amount: number, change: object = {}, who = store.key) =>
      call("POST", `/v1/collections/${number}/payments`, who, {
        id: uuidv7(),
        amount,
        currency: "JPY",
        channel: "konbini",
        reference: "receipt 1",
        ...change,
      }),
    /** A number under which so much is due. */
    opened: async (amount = 1000, change: object = {}): Promise<{ number: string; told: Json }> => {
      const number = newNumber();
      const told = due(number, amount, { ...change });
      const [outcome] = await tell([told]);
      assert.equal(outcome?.status, 200, JSON.stringify(outcome));
      return { number, told };
    },
  };
}
