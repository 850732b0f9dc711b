import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  form,
  join,
  type Joined,
  type Json,
  peopleServer,
  type Reply,
  serve,
  signInAs,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { registerGuest } from "./guests.ts";
import { openConfirming } from "../operators/operators.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { dammValid } from "../../core/protocol/protocol.ts";

const { context, demo, call } = await peopleServer({ after });
const { database } = context;
const careful = await serve(
  { after },
  {
    ...context,
    settings: { ...context.settings, approval: "operator" },
    confirming: openConfirming(database, context.settings),
  },
);
const [shop] = demo.shops;
const [rich, poor] = demo.members;
if (shop === undefined || rich === undefined || poor === undefined) throw new Error("No demo.");
const admin = bearer(demo.adminKey);
const atShop = bearer(shop.key);
const signIn = (who: { email: string; password: string }): Promise<Who> => signInAs(call, who);

const joined = (change?: Json): Promise<Joined> => join(context, call, change);

test("an application makes a member with the means of payment asked for", async () => {
  const { number, methods } = await joined({
    methods: [
      { kind: "deposit", currency: "JPY" },
      { kind: "prepaid", currency: "USD" },
    ],
    creditLine: { currency: "JPY", limit: 50_000 },
  });
  assert.ok(dammValid(number) && number.length === 10 && !number.startsWith("0"));
  assert.deepEqual(
    methods.map(({ kind, state, currency }) => [kind, state, currency]),
    [
      ["deposit", "active", "JPY"],
      ["prepaid", "active", "USD"],
      ["credit", "pending", "JPY"],
    ],
  );
});

test("applications that are refused", async () => {
  const cases: [string, unknown, Json][] = [
    ["no address", "invalid_field", { address: undefined }],
    ["an unknown field", "invalid_field", { state: "active" }],
    ["a day that is not", "invalid_field", { birthDate: "1990-02-30" }],
    ["no contact", "invalid_field", { contact: {} }],
    ["a password without an address", "invalid_field", { password: "a long password" }],
    ["a short password", "invalid_field", { password: "short", contact: { email: "a@example.com" } }],
    ["a card number for a name", "card_number_refused", { name: "4111 1111 1111 1111" }],
    [
      "a card number for a token",
      "card_number_refused",
      { methods: [{ kind: "credit", currency: "JPY", token: "4111111111111111" }] },
    ],
    [
      "an account number for a token",
      "invalid_field",
      { methods: [{ kind: "deposit", currency: "JPY", token: "0012-345678" }] },
    ],
    ["a currency that is none", "unknown_currency", { methods: [{ kind: "deposit", currency: "XXQ" }] }],
    ["a currency not kept here", "currency_mismatch", { methods: [{ kind: "deposit", currency: "KWD" }] }],
    ["a limit on money", "invalid_field", { methods: [{ kind: "deposit", currency: "JPY", limit: 5 }] }],
    [
      "a voucher nobody has",
      "not_found",
      { methods: [{ kind: "prepaid", currency: "JPY", token: "kp_nobody" }] },
    ],
  ];
  for (const [name, code, change] of cases) {
    assert.equal((await call("POST", "/v1/members", {}, { ...form, ...change })).code, code, name);
  }
});

test("applying twice with one address looks the same both times", async () => {
  const email = "twice@example.com";
  const shape = ({ status, body }: Reply): unknown => [
    status,
    Object.keys(body),
    body["state"],
    body["methods"],
  ];
  const apply = (password: string): Promise<Reply> =>
    call("POST", "/v1/members", {}, { ...form, contact: { email }, password });
  const [first, second] = [await apply("the first password"), await apply("another password")];
  assert.deepEqual(shape(first), shape(second));
  const numberOf = async (password: string): Promise<unknown> =>
    (await call("GET", "/v1/sessions", await signIn({ email, password }))).body["number"];
  assert.equal(await numberOf("the first password"), first.body["number"]);
  assert.equal(await numberOf("another password"), second.body["number"]);
});

test("where applications are looked at, members wait, also whom an operator enters", async () => {
  const apply = (who: Who): Promise<Reply> =>
    careful("POST", "/v1/members", who, { ...form, creditLine: { currency: "JPY", limit: 900 } });
  assert.equal((await apply(admin)).body["state"], "provisional");
  const { body } = await apply({});
  assert.equal(body["state"], "provisional");
  const url = `/v1/members/${String(body["number"])}/approve`;
  assert.equal((await call("POST", url, {}, {})).code, "not_authenticated");
  assert.equal((await call("POST", url, atShop, {})).code, "not_allowed");
  assert.equal((await call("POST", url, await signIn(rich), {})).code, "not_allowed");
  const approved = await call("POST", url, admin, { creditLimit: 700 });
  assert.deepEqual([approved.status, approved.body["state"]], [200, "active"]);
  const [line] = approved.body["methods"] as Json[];
  assert.deepEqual([line?.["state"], line?.["available"], line?.["wishedLimit"]], ["active", 700, 900]);
  assert.equal(
    (await call("POST", url, admin, { creditLimit: 700 })).code,
    "not_found",
    "no line waits any more",
  );
});

test("a credit line's limit is an operator's, and is not set below what is in use", async () => {
  const { number, methods, who } = await joined({
    creditLine: { currency: "JPY", limit: 900 },
    methods: [{ kind: "deposit", currency: "JPY" }],
  });
  const [deposit, line] = methods;
  const url = (id: unknown, of = number): string => `/v1/members/${of}/methods/${String(id)}/limit`;
  const cases: [string, unknown, string, Who, Json][] = [
    ["by the member", "not_allowed", url(line?.["id"]), who, { limit: 1_000_000 }],
    ["by nobody", "not_authenticated", url(line?.["id"]), {}, { limit: 1 }],
    ["of a deposit", "not_found", url(deposit?.["id"]), admin, { limit: 1 }],
    ["of another member's line", "not_found", url(line?.["id"], rich.number), admin, { limit: 1 }],
    ["below zero", "invalid_field", url(line?.["id"]), admin, { limit: -1 }],
  ];
  for (const [name, code, at, by, body] of cases)
    assert.equal((await call("POST", at, by, body)).code, code, name);
  assert.equal((await call("POST", url(line?.["id"]), admin, { limit: 500 })).status, 200);
  await database.execute(
    rawSql("update accounts set posted = -400 where id = (select account from methods where id = $1)", [
      String(line?.["id"]),
    ]),
  );
  assert.equal((await call("POST", url(line?.["id"]), admin, { limit: 399 })).code, "credit_limit_exceeded");
  assert.equal((await call("POST", url(line?.["id"]), admin, { limit: 400 })).status, 200);
  assert.equal(
    (await call("DELETE", `/v1/members/${number}`, who)).code,
    "person_has_open_trades",
    "a debt is not forgotten",
  );
  await database.execute(rawSql("update sessions set created_at = created_at - interval '16 minutes'"));
  const stolen = await call("DELETE", `/v1/members/${number}`, who);
  assert.equal(stolen.code, "not_allowed", "a session alone may be a thief's");
});

test("a member is read by the member and by operators", async () => {
  const me = await signIn(rich);
  const url = `/v1/members/${rich.number}`;
  const own = await call("GET", url, me);
  assert.deepEqual([own.status, own.body["name"]], [200, "Hana Sato"]);
  assert.equal((own.body["methods"] as Json[])[0]?.["available"], 1_000_000);
  assert.equal((await call("GET", `${url}?reason=asked`, admin)).status, 200);
  const other = rich.number.slice(0, -1) + String((Number(rich.number.at(-1)) + 1) % 10);
  const cases: [string, unknown, string, Who][] = [
    ["nobody", "not_authenticated", url, {}],
    ["another member", "not_found", url, await signIn(poor)],
    ["a shop", "not_allowed", url, atShop],
    ["an operator who does not say why", "invalid_field", url, admin],
    ["a number that nobody has", "not_found", "/v1/members/1000000018", admin],
    ["a number that is mistyped", "wrong_check_digit", `/v1/members/${other}`, admin],
    ["no number", "invalid_field", "/v1/members/me", admin],
  ];
  for (const [name, code, at, by] of cases) {
    const reply = await call("GET", at, by);
    if (name !== "a number that nobody has" || dammValid("1000000018")) assert.equal(reply.code, code, name);
  }
});

test("mandates: who gives them, and on what terms", async () => {
  const me = await signIn(rich);
  const [ownMethod] = rich.methods;
  const [otherMethod] = poor.methods;
  const url = `/v1/members/${rich.number}/mandates`;
  const terms: Json = { shop: shop.id, currency: "JPY", limit: 5000, until: "2027-12-24T00:00:00Z" };
  const suspended = await joined();
  assert.equal(
    (await call("POST", `/v1/members/${suspended.number}/suspend`, admin, {})).body["state"],
    "suspended",
  );
  const newcomer = await call("POST", "/v1/shops", {}, { name: "New", contact: { phone: "03-1" } });
  const closed = await call("POST", "/v1/shops", admin, { name: "Closed", contact: { phone: "03-1" } });
  for (const act of ["approve", "suspend"])
    await call("POST", `/v1/shops/${String(closed.body["id"])}/${act}`, admin, {});
  const cases: [string, unknown, Who, Json][] = [
    ["by nobody", "not_authenticated", {}, {}],
    ["by an operator", "not_allowed", admin, {}],
    ["by a shop", "not_allowed", atShop, {}],
    ["by another member", "not_found", await signIn(poor), {}],
    ["for no shop", "not_found", me, { shop: uuidv7() }],
    ["for a carrier", "not_found", me, { shop: demo.carriers[0]?.id }],
    ["for a shop that has only applied", "shop_not_approved", me, { shop: newcomer.body["id"] }],
    ["for a suspended shop", "shop_suspended", me, { shop: closed.body["id"] }],
    ["until yesterday", "date_out_of_range", me, { until: "2020-01-01T00:00:00Z" }],
    ["for ever", "date_out_of_range", me, { until: "2999-01-01T00:00:00Z" }],
    ["over nothing", "invalid_field", me, { limit: 0 }],
    ["over a fraction", "invalid_field", me, { limit: 0.5 }],
    ["with what is used already", "invalid_field", me, { used: 0 }],
    ["with an acceptor that is none", "invalid_field", me, { acceptors: ["clock"] }],
    ["with no acceptor", "invalid_field", me, { acceptors: [] }],
    ["in a currency not kept", "currency_mismatch", me, { currency: "KWD" }],
    [
      "in another currency than its method",
      "currency_mismatch",
      me,
      { currency: "USD", method: ownMethod?.id },
    ],
    ["on another's method", "not_found", me, { method: otherMethod?.id }],
  ];
  for (const [name, code, by, change] of cases) {
    assert.equal((await call("POST", url, by, { ...terms, ...change })).code, code, name);
  }
  const given = await call("POST", url, me, {
    ...terms,
    acceptors: ["buyer", "shop"],
    method: ownMethod?.id,
  });
  assert.deepEqual([given.status, given.body["used"], given.body["acceptors"]], [201, 0, ["buyer", "shop"]]);
  const one = `${url}/${String(given.body["id"])}`;
  assert.equal((await call("DELETE", one, await signIn(poor))).code, "not_found");
  assert.equal((await call("DELETE", one, me)).status, 204);
  const { body } = await call("GET", `${url}?limit=200`, me);
  const mine = (body["items"] as Json[]).find(({ id }) => id === given.body["id"]);
  assert.notEqual(mine?.["revokedAt"], null);
  assert.equal((await call("GET", `${url}?after=x`, me)).code, "invalid_field");
});

test("a voucher is claimed once, however many try at the same time", async () => {
  assert.equal(
    (await call("POST", "/v1/vouchers", await signIn(rich), { currency: "JPY", amount: 1 })).code,
    "not_allowed",
  );
  assert.equal(
    (await call("POST", "/v1/vouchers", admin, { currency: "JPY", amount: 0 })).code,
    "invalid_field",
  );
  const { body } = await call("POST", "/v1/vouchers", admin, { currency: "JPY", amount: 1500 });
  const claim = { kind: "prepaid", currency: "JPY", token: String(body["code"]) };
  const people = await Promise.all([joined(), joined(), joined()]);
  const method = (person: { number: string; who: Who }, wish: Json): Promise<Reply> =>
    call("POST", `/v1/members/${person.number}/methods`, person.who, wish);
  const [person] = people;
  assert.ok(person);
  assert.equal(
    (await method(person, { ...claim, currency: "USD" })).code,
    "currency_mismatch",
    "and it stays free",
  );
  const replies = await Promise.all(people.map((one) => method(one, claim)));
  assert.deepEqual(
    replies.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, 404, 404],
  );
  const winner = people[replies.findIndex(({ status }) => status === 201)];
  assert.ok(winner);
  assert.equal((await method(winner, claim)).code, "already_exists");
  const view = await call("GET", `/v1/members/${winner.number}`, winner.who);
  assert.equal((view.body["methods"] as Json[])[0]?.["available"], 1500);
});

test("a guest who still knows a code that a member has claimed finds nothing on it", async () => {
  const { body } = await call("POST", "/v1/vouchers", admin, { currency: "JPY", amount: 5000 });
  const method = { kind: "prepaid" as const, currency: "JPY", token: String(body["code"]) };
  const shop = bearer(demo.shopKeys[0] ?? "");
  const wish = {
    name: "G",
    address: "A",
    birthDate: "1980-01-01",
    contact: { email: "g@example.com" },
    method,
  };
  await assert.rejects(registerGuest(context, "unborn", { ...wish, birthDate: "2999-01-01" }, "k"), {
    name: "Refusal",
  });
  const approvedBy = async (contact: string) => {
    const { number } = (await call("POST", "/v1/trades", shop, { currency: "JPY", amount: 3330 })).body;
    const id = await registerGuest(context, contact, wish, "k");
    assert.equal(await registerGuest(context, contact, wish, "k"), id, "the same one again");
    const approve = () =>
      context.trades.move({ kind: "person", id, opens: String(number) }, String(number), { do: "approve" });
    return { number: String(number), approve };
  };
  const [before, held] = [await approvedBy("one"), await approvedBy("two")];
  assert.equal((await held.approve()).status, 200);
  const member = await joined();
  const claim = () => call("POST", `/v1/members/${member.number}/methods`, member.who, method);
  assert.equal((await claim()).code, "method_not_usable", "while the guest's money is frozen");
  assert.equal((await call("POST", `/v1/trades/${held.number}/cancel`, shop, {})).status, 200);
  assert.equal((await claim()).status, 201);
  const late = await before.approve();
  assert.equal(late.how === "refused" && late.problem.value.code, "account_closed");
  const { body: view } = await call("GET", `/v1/members/${member.number}`, member.who);
  assert.equal((view["methods"] as Json[])[0]?.["available"], 5000);
});

test("a member approves the terms that they saw, and no others", async () => {
  const me = await join(context, call, { methods: [{ kind: "deposit", currency: "JPY" }] });
  const shop = bearer(demo.shopKeys[0]);
  const propose = await call("POST", "/v1/trades", shop, {
    currency: "JPY",
    amount: 1000,
    buyer: { member: me.number },
  });
  const url = `/v1/trades/${String(propose.body["number"])}`;
  const { version } = (await call("GET", url, me.who)).body;
  const dearer = await call("POST", `${url}/revise`, shop, { amount: 90_000 });
  assert.equal(dearer.status, 200);
  const blind = await call("POST", `${url}/approve`, me.who, {});
  assert.deepEqual([blind.status, blind.code], [422, "invalid_field"]);
  assert.deepEqual(
    (blind.body["errors"] as { pointer: string }[]).map(({ pointer }) => pointer),
    ["/version"],
  );
  assert.equal((await call("POST", `${url}/approve`, me.who, { version })).code, "trade_changed");
  const nobody = { version: 2, acceptors: ["recipient"] };
  assert.equal((await call("POST", `${url}/approve`, me.who, nobody)).code, "invalid_field");
  assert.equal((await call("GET", url, me.who)).body["frozen"], 0);
});

test("a move is done to the trade that its caller saw, and to no other", async () => {
  const made = await call("POST", "/v1/trades", atShop, {
    currency: "JPY",
    lines: [{ name: "Tea", quantity: 2, unitAmount: 100 }],
    approval: { mandate: rich.mandates[shop.key] },
  });
  const url = `/v1/trades/${String(made.body["number"])}`;
  const seen = Number(made.body["version"]);
  const line = { lines: [{ line: 1, quantity: 1 }] };
  // The customer of a shop asks it to cancel, and meanwhile goods leave.
  assert.equal((await call("POST", `${url}/ship`, atShop, { ...line, version: seen })).status, 200);
  assert.equal((await call("POST", `${url}/cancel`, atShop, { version: seen })).code, "trade_changed");
  const bodies: Record<string, Json> = {
    revise: { lines: [{ name: "Tea", quantity: 1, unitAmount: 100 }] },
    reject: { reason: "x" },
    withdraw: { reason: "x" },
    dispute: { reason: "x" },
    answer: { statement: "x" },
    offer: { release: 200, pay: 0 },
    extend: { until: "2030-01-01T00:00:00Z" },
    refund: { amount: 1, reason: "x" },
  };
  const moves = [
    "ship",
    "deliver",
    "accept",
    "return",
    "cancel",
    "advance",
    "send-back",
    ...Object.keys(bodies),
  ];
  const buyer = await signIn(rich);
  const answers = await Promise.all(
    moves.flatMap((move) =>
      [atShop, buyer].map((who) => call("POST", `${url}/${move}`, who, { ...bodies[move], version: seen })),
    ),
  );
  assert.deepEqual(new Set(answers.map(({ code }) => code)), new Set(["trade_changed", "not_allowed"]));
  const taken = await call("POST", `${url}/offer/accept`, buyer, { version: seen });
  assert.equal(taken.code, "trade_not_open", "an offer is named by its own version, and there is none");
  const now = (await call("GET", url, atShop)).body;
  assert.deepEqual([now["frozen"], now["version"]], [200, seen + 1]);
  const batch = { commands: [{ do: "cancel", number: now["number"], version: seen }] };
  const { outcomes } = (await call("POST", "/v1/trades/batch", atShop, batch)).body as { outcomes: Json[] };
  assert.equal((outcomes[0]?.["problem"] as Json | undefined)?.["code"], "trade_changed");
  assert.equal((await call("POST", `${url}/cancel`, atShop, { version: seen + 1 })).status, 200);
});
