import { houseAccount, openHouse } from "../../../src/storage/ledger/ledger.ts";
import { usualTerms } from "../../../src/core/trade/trade.ts";
import assert from "node:assert/strict";
import { type Client, type Database, uuidv7 } from "../../../src/storage/database/database.ts";
import { openIdentity, openServerSecret, tradeLinks } from "../../../src/storage/identity/identity.ts";
import { type Cookies, makeCookies, makeLog, makeServer } from "../../../src/edge/http/http.ts";
import { access, type Context, type Settings } from "../../../src/edge/api/context.ts";
import { registerPartyRoutes } from "../../../src/edge/api/party-routes.ts";
import { registerPeopleRoutes } from "../../../src/edge/api/people-routes.ts";
import { registerRecordRoutes } from "../../../src/edge/api/record-routes.ts";
import { type Demo, seedDemo } from "../../../src/tools/demo/demo.ts";
import { openDesk, registerDeskRoutes } from "../../../src/edge/desk/desk.ts";
import { registerDisclosureRoutes } from "../../../src/edge/disclosures/disclosures.ts";
import { registerSessionRoutes } from "../../../src/edge/api/session-routes.ts";
import { registerTradeReads } from "../../../src/edge/reading/reading.ts";
import { registerTradeRoutes } from "../../../src/edge/api/trade-routes.ts";
import { ownBooks } from "../../../src/engines/rails/rails.ts";
import { findMember } from "../../../src/storage/members/members.ts";
import { openGuests } from "../../../src/edge/guests/guests.ts";
import { type Doorstep, openDoorstep, registerDoorstepRoutes } from "../../../src/edge/doorstep/doorstep.ts";
import { createTrades, type Trades } from "../../../src/engines/trades/trades.ts";
import { freshDatabase } from "./cluster.ts";
import { openPhotos, type Photos, registerPhotoRoutes } from "../../../src/edge/photos/photos.ts";
import { registerLookCall } from "../../../src/edge/queues/queues.ts";
import { testKeyring, testVault } from "./vault.ts";
import { describedActs, openConfirming, type OperatorRules } from "../../../src/edge/operators/operators.ts";
import type { Application } from "../../../src/core/protocol/schemas.ts";
import {
  applicantNoted,
  tellOf,
  openProfiles,
  type Profiles,
  registerProfileRoutes,
} from "../../../src/edge/profiles/profiles.ts";
import type { StepUpAbove } from "../../../src/edge/moments/moments.ts";
import { momentsOf } from "../../../src/edge/host/proofs.ts";
import { registerPasskeys } from "../../../src/edge/passkeys/passkeys.ts";
import { actOf, confirmWithLook } from "./confirming.ts";
import { twoOperators, withSecond } from "./operators.ts";

export type Json = Record<string, unknown>;
/** Headers that say who calls. */
export type Who = Record<string, string>;
export interface Reply {
  status: number;
  body: Json;
  /** The code of a refusal. */
  code: unknown;
  replayed: boolean;
  /** The Set-Cookie header. */
  cookie: string;
}
export type Call = (
  method: "GET" | "POST" | "PUT" | "DELETE",
  url: string,
  who?: Who,
  body?: Json,
) => Promise<Reply>;

export const bearer = (key: unknown): Who => ({ authorization: `Bearer ${String(key)}` });

/** Where people are thought to reach it: under this name passkeys are good. */
const pagesUrl = "https://pay.example";
/** What people see of whose server it is. */
const testFace = { name: "Kenshu", lead: "home.institution", money: "accounts" } as const;

type Ground = Context & { doorstep: Doorstep; photos: Photos; profiles: Profiles };

/** Trades on the server's own books. */
function ownTrades(database: Database): Trades {
  return createTrades({
    rail: ownBooks(),
    database,
    topology: "direct",
    vault: testVault,
    defaults: usualTerms,
    timeZone: "UTC",
    feeAccount: (currency) => houseAccount("fee", currency),
    approveUrl: (number) => `https://pay.example/approve/${number}`,
    sweepEveryMs: 1000,
    onError: (error) => assert.fail(String(error)),
  });
}

/** An institution's people and parties, seeded, with its trades. */
export async function peopleServer(
  t: { after(release: () => Promise<void>): unknown },
  {
    secureCookies = false,
    loadMembers = 0,
    rules,
    stepUpAbove = {},
  }: {
    secureCookies?: boolean;
    loadMembers?: number;
    rules?: Partial<OperatorRules>;
    stepUpAbove?: StepUpAbove;
  } = {},
): Promise<{ context: Ground; engine: Trades; demo: Demo; call: Call }> {
  const { database } = await freshDatabase(t, "trading");
  const secret = await openServerSecret(database, testKeyring);
  const doorstep = openDoorstep({ database, secret, publicUrl: "" });
  const engine = ownTrades(database);
  const settings: Settings = {
    approval: "none",
    currencies: ["JPY", "USD"],
    fee: { fixed: 0n, basisPoints: 300, roundTo: "shop" },
    ...twoOperators,
    ...rules,
    stepUpAbove,
  };
  const cookies: Cookies = makeCookies(secureCookies ? "https://kenshu.example" : "http://kenshu.example");
  const identity = openIdentity({ database, secret });
  const vault = testVault;
  const house = { name: "Kenshu", timeZone: "UTC", language: "en", creditIn: ["JPY"] } as const;
  const profiles = openProfiles({ database, vault, identity, mails: "kept", publicUrl: "", secret, house });
  const moments = momentsOf({ publicUrl: pagesUrl, settings }, "Kenshu", {
    database,
    identity,
    secret,
    vault,
  });
  const confirming = openConfirming(database, settings);
  const photos = openPhotos({ database, vault, onError: (error) => assert.fail(String(error)) });
  t.after(() => Promise.resolve(photos.close()));
  const desk = openDesk({ database, trades: doorstep.guard(photos.guard(engine)), confirming });
  const context = {
    database,
    identity,
    vault,
    cookies,
    settings,
    links: tradeLinks(secret),
    guests: openGuests({ database, secret, vault, trades: engine, mails: "kept", publicUrl: "" }),
    trades: desk.trades,
    doorstep,
    photos,
    profiles,
    moments,
    confirming,
    noted: (application: Application) => applicantNoted(profiles, application),
    tell: (client: Client, what: "erased" | "return address" | "team", whom: string) =>
      tellOf(profiles, client, what, whom),
    serverNames: ["Kenshu", "Kenshu Facilitator"],
  };
  await openHouse(context.database, context.settings.currencies);
  const demo = await seedDemo(context, { loadMembers });
  if (demo === undefined) throw new Error("A fresh database had a demo in it.");
  const plain = await serve(t, context, secureCookies);
  // A test that says what holds for operators says itself who confirms.
  const call = rules === undefined ? await confirmed(plain, demo) : plain;
  return { context, engine, demo, call };
}

/** Has the other of the demo's operators confirm what waits for it. */
async function confirmed(call: Call, { adminKey, operators }: Demo): Promise<Call> {
  const [, other] = operators;
  assert.ok(other);
  const second = await signInAs(call, other);
  const confirm = [second, bearer(adminKey)].map(
    (by) => (path: string) =>
      confirmWithLook((at, who: Who, body) => call("POST", at, who, body), actOf(path), by),
  );
  return async (method, url, who = {}, body) =>
    withSecond(
      await call(method, url, who, body),
      (answer) => answer.body,
      confirm,
      (path) => call("POST", path, who, {}),
    );
}

/** Serves the routes and gives what calls them, without a network between. */
export async function serve(
  t: { after(release: () => Promise<void>): unknown },
  context: Ground,
  secureCookies = false,
): Promise<Call> {
  const ready = (): Promise<boolean> => Promise.resolve(true);
  const server = await makeServer({
    name: "institution",
    version: "0",
    access,
    acts: describedActs,
    log: makeLog("institution", "silent"),
    ready,
    secureCookies,
  });
  registerPeopleRoutes(server, context);
  registerDisclosureRoutes(server, context);
  registerDeskRoutes(server, context);
  registerRecordRoutes(server, context);
  registerPartyRoutes(server, context);
  registerSessionRoutes(server, context);
  registerProfileRoutes(server, context, context.profiles);
  registerTradeRoutes(server, context);
  registerTradeReads(server, context);
  registerDoorstepRoutes(server, context, context.doorstep);
  registerPasskeys(server, { ...context, face: testFace });
  registerPhotoRoutes(server, context);
  registerLookCall(server, context);
  t.after(() => server.close());
  return async (method, url, who = {}, body) => {
    const headers = { ...who, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const reply = await server.inject({ method, url, headers, ...payload });
    const read = reply.body === "" ? {} : reply.json<Json>();
    return {
      status: reply.statusCode,
      body: read,
      code: read["code"],
      replayed: reply.headers["idempotent-replayed"] === "true",
      cookie: String(reply.headers["set-cookie"] ?? ""),
    };
  };
}

/** The headers of somebody who has signed in; undefined where they could not. */
export async function trySignIn(call: Call, email: string, password: string): Promise<Who | undefined> {
  const reply = await call("POST", "/v1/sessions", {}, { email, password });
  return reply.status === 204 ? { cookie: reply.cookie.split(";")[0] ?? "" } : undefined;
}

/** The same for somebody who must be able to. */
export async function signInAs(call: Call, who: { email: string; password: string }): Promise<Who> {
  const headers = await trySignIn(call, who.email, who.password);
  assert.ok(headers, `${who.email} can sign in`);
  return headers;
}

/** What an application must hold. */
export const form: Json = {
  name: "Aki",
  address: "Kyoto",
  birthDate: "1990-01-31",
  contact: { phone: "075-1" },
};

export interface Joined {
  number: string;
  id: string;
  methods: Json[];
  who: Who;
}

/** A new member who is signed in. */
export async function join(context: Context, call: Call, change: Json = {}): Promise<Joined> {
  const password = "a long password";
  const email = `${uuidv7()}@example.com`;
  const reply = await call("POST", "/v1/members", {}, { ...form, ...change, contact: { email }, password });
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  const number = String(reply.body["number"]);
  const member = await findMember(context.database, BigInt(number));
  const who = await signInAs(call, { email, password });
  return { number, id: member?.id ?? "", methods: reply.body["methods"] as Json[], who };
}
