/** Operators who act for people (cases 42 to 44): a second pair of eyes, the caller's proof, and what people are told. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  join,
  type Json,
  peopleServer,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { addOperator } from "./api.ts";
import { rawSql } from "../../storage/database/database.ts";

// What is said of a proof is a test of its own, at the end.
const rules = { fourEyes: { JPY: 1000n }, requireProof: false };
const { context, demo, call } = await peopleServer({ after }, { rules });
const { database } = context;
const [shop] = demo.shops;
const [rich] = demo.members;
if (shop === undefined || rich === undefined) throw new Error("No demo.");
const atShop = bearer(shop.key);
const first = bearer(demo.adminKey);

async function newOperator(name: string): Promise<{ id: string; who: Who }> {
  const signIn = { email: `${name}@example.com`, password: "a password of an operator" };
  const passwordHash = await context.identity.hashPassword(signIn.email, signIn.password);
  // As on the server's own command line: there are others already, and nobody has to wait for a day.
  const made = await addOperator(context, database, {
    name,
    email: signIn.email,
    passwordHash,
    madeBy: null,
  });
  const id = String(made.body["id"]);
  const session = await call("POST", "/v1/sessions", {}, signIn);
  return { id, who: { cookie: session.cookie.split(";")[0] ?? "" } };
}
const second = await newOperator("second");
const third = await newOperator("third");

const operator = { channel: "phone", reference: "call 7" };

async function trade(amount: number, change: Json = {}): Promise<string> {
  const { status, body } = await call("POST", "/v1/trades", atShop, {
    buyer: { member: rich?.number },
    currency: "JPY",
    amount,
    approval: { mandate: rich?.mandates[shop?.key ?? ""] },
    ...change,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return String(body["number"]);
}

const act = (number: string, name: string, body: Json = {}, who: Who = first) =>
  call("POST", `/v1/trades/${number}/${name}`, who, { operator, ...body });
const confirm = (id: unknown, who: Who) => call("POST", `/v1/operator-acts/${String(id)}/confirm`, who, {});
const stateOf = async (number: string) => (await call("GET", `/v1/trades/${number}`, atShop)).body["state"];

async function waiting(number: string, name: string, body: Json = {}, who: Who = first): Promise<string> {
  const asked = await act(number, name, body, who);
  assert.deepEqual([asked.status, asked.code, asked.body["trade"]], [403, "four_eyes_required", number]);
  return String(asked.body["act"]);
}

async function listed(): Promise<Json[]> {
  return (await call("GET", "/v1/operator-acts", first)).body["items"] as Json[];
}

test("up to the limit one operator is enough, in a currency without one none is", async () => {
  const small = await trade(1000);
  assert.equal((await act(small, "accept")).status, 200);
  assert.deepEqual(await listed(), []);
  assert.equal((await act(small, "accept")).code, "already_accepted", "which is no other money");
});

test("above it another operator confirms exactly what the first one asked, under both names", async () => {
  const number = await trade(1001);
  const id = await waiting(number, "accept", { evidence: { kind: "call", reference: "tape 9" } });
  assert.equal(await stateOf(number), "reserved");
  const [shown] = await listed();
  assert.deepEqual([shown?.["id"], shown?.["trade"], shown?.["amount"]], [id, number, 1001]);
  assert.deepEqual((shown?.["act"] as Json | undefined)?.["evidence"], { kind: "call", reference: "tape 9" });
  const refused: [string, Who, string][] = [
    ["the same operator", first, "four_eyes_required"],
    ["a shop", atShop, "not_allowed"],
    ["nobody", {}, "not_authenticated"],
  ];
  for (const [name, who, code] of refused) assert.equal((await confirm(id, who)).code, code, name);
  assert.equal(await stateOf(number), "reserved");
  const done = await confirm(id, second.who);
  assert.deepEqual([done.status, done.body["state"]], [200, "settled"]);
  const events = async (who: Who) => {
    const { items } = (await call("GET", `/v1/trades/${number}/events`, who)).body as {
      items: { type: string; actor: Json; data: { operator?: Json } }[];
    };
    return items.find(({ type }) => type === "trade.accepted");
  };
  const record = await events(first);
  assert.deepEqual(record?.data.operator, { ...operator, confirmedBy: second.id });
  assert.notEqual(record?.actor["id"], second.id);
  assert.deepEqual((await events(atShop))?.data.operator, operator, "who they are stays among operators");
  assert.deepEqual(await listed(), []);
});

test("confirmed by many at once, it is done once", async () => {
  const number = await trade(5000);
  assert.equal((await call("POST", `/v1/trades/${number}/accept`, atShop, {})).code, "not_an_acceptor");
  await confirm(await waiting(number, "accept"), second.who);
  const id = await waiting(number, "refund", { amount: 900, reason: "scratched" });
  const tries = Array.from({ length: 6 }, (_, index) =>
    confirm(id, index % 2 === 0 ? second.who : third.who),
  );
  const replies = await Promise.all(tries);
  assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200]));
  const { body } = await call("GET", `/v1/trades/${number}`, atShop);
  assert.equal(body["refunded"], 900);
});

test("the key of the first call gives the same waiting act, and then the answer", async () => {
  const number = await trade(2000);
  const keyed: Who = { ...first, "idempotency-key": "once-only" };
  const id = await waiting(number, "accept", {}, keyed);
  assert.equal(await waiting(number, "accept", {}, keyed), id);
  assert.equal((await act(number, "accept", { final: true }, keyed)).code, "idempotency_key_reused");
  assert.equal((await listed()).length, 1);
  assert.equal((await confirm(id, second.who)).status, 200);
  const again = await act(number, "accept", {}, keyed);
  assert.deepEqual([again.status, again.body["state"], again.replayed], [200, "settled", true]);
});

test("small parts, a higher price and an order on the phone are no way round", async () => {
  const lines = [{ name: "Tea", quantity: 20, unitAmount: 100 }];
  const number = await trade(2000, { lines });
  await waiting(number, "accept", { lines: [{ line: 1, quantity: 1 }] });
  const cheap = await trade(900);
  await waiting(cheap, "revise", { amount: 90_000 });
  const order = {
    shop: shop.id,
    buyer: { member: rich.number },
    currency: "JPY",
    amount: 1500,
    approval: { operator },
  };
  const asked = await call("POST", "/v1/trades", first, order);
  assert.deepEqual([asked.code, asked.body["act"]], ["four_eyes_required", undefined]);
  const { approval: _, ...without } = order;
  const { number: proposed, version } = (await call("POST", "/v1/trades", first, without)).body;
  const approved = await confirm(await waiting(String(proposed), "approve", { version }), second.who);
  assert.deepEqual([approved.status, approved.body["state"]], [200, "reserved"]);
  // What takes nothing from anybody needs one operator only.
  assert.equal((await act(String(proposed), "cancel")).status, 200);
});

test("goods that have left are not given up for the shop by one operator alone", async () => {
  const number = await trade(2000);
  assert.equal((await call("POST", `/v1/trades/${number}/ship`, atShop, {})).status, 200);
  const id = await waiting(number, "cancel", { operator: { ...operator, as: "shop" } });
  assert.equal(await stateOf(number), "reserved");
  assert.equal((await confirm(id, second.who)).body["state"], "cancelled");
});

test("what has changed, run out, or come from somebody who is suspended is not confirmed", async () => {
  const number = await trade(2000);
  const changed = await waiting(number, "accept");
  await call("POST", `/v1/trades/${number}/revise`, atShop, { amount: 1500 });
  assert.equal((await confirm(changed, second.who)).code, "trade_changed");
  const from = await waiting(number, "accept", {}, third.who);
  await call("POST", `/v1/operators/${third.id}/suspend`, first, {});
  assert.equal((await confirm(from, second.who)).code, "not_allowed");
  const late = await waiting(number, "accept");
  await database.execute(rawSql("update test_clock set ahead = ahead + interval '25 hours'"));
  assert.equal((await confirm(late, second.who)).code, "not_found");
  assert.deepEqual(await listed(), []);
  assert.equal(await stateOf(number), "reserved");
});

test("the buyer is told of what operators did", async () => {
  const buyer = await join(context, call, { methods: [{ kind: "deposit", currency: "JPY" }] });
  const order = { shop: shop.id, buyer: { member: buyer.number }, currency: "JPY", amount: 10 };
  const number = String((await call("POST", "/v1/trades", atShop, { ...order })).body["number"]);
  await act(number, "cancel", { operator: { channel: "letter", reference: "box 4" } });
  const url = `/v1/members/${buyer.number}/notices`;
  const { items } = (await call("GET", url, buyer.who)).body as { items: Json[] };
  assert.deepEqual(
    items.map(({ trade: of, types, channel }) => [of, types, channel]),
    [[number, ["trade.cancelled"], "letter"]],
  );
  assert.equal((await call("GET", url, await otherMember())).code, "not_found");
  assert.equal((await call("GET", url, atShop)).code, "not_allowed");
  await assert.rejects(database.execute(rawSql("delete from notices")), /permission denied/);
});

const otherMember = async (): Promise<Who> => (await join(context, call)).who;

test("an operator who looks at a member leaves a row, with the reason; others leave none", async () => {
  const member = await join(context, call);
  const url = `/v1/members/${member.number}`;
  assert.equal((await call("GET", `${url}?reason=asked%20about%20order%207`, second.who)).status, 200);
  assert.equal((await call("GET", url, first)).code, "invalid_field", "not without a reason");
  assert.equal((await call("GET", `${url}?reason=a%20call`, first)).body["name"], "Aki");
  assert.equal((await call("GET", url, member.who)).status, 200);
  assert.equal((await call("GET", url, await otherMember())).code, "not_found");
  const { items } = (await call("GET", `${url}/lookups`, member.who)).body as { items: Json[] };
  assert.deepEqual(
    items.map(({ operator: id, reason }) => [id === second.id, reason]),
    [
      [false, "a call"],
      [true, "asked about order 7"],
    ],
  );
  const page = (await call("GET", `${url}/lookups?limit=1`, member.who)).body;
  assert.equal(page["next"], items[0]?.["id"]);
  // What an operator's other acts answer shows nothing of the person.
  for (const name of ["suspend", "resume", "approve"]) {
    const asked = await call("POST", `${url}/${name}`, first, {});
    const { status, body } = name === "suspend" ? asked : await confirm(asked.body["act"], second.who);
    assert.deepEqual([status, body["name"], body["contact"]], [200, undefined, undefined], name);
  }
});

test("nobody but an operator says how a caller proved who it is, and where it is asked for it is not left out", async () => {
  const strict = await peopleServer({ after }, { rules: { fourEyes: "off" } });
  const [at] = strict.demo.shops;
  const [buyer] = strict.demo.members;
  const admin = bearer(strict.demo.adminKey);
  const order = { buyer: { member: buyer?.number }, currency: "JPY", amount: 5, shop: at?.id };
  const post = async (path: string, body: Json) => strict.call("POST", path, admin, body);
  const { body } = await post("/v1/trades", order);
  const url = `/v1/trades/${String(body["number"])}`;
  const proof = { kind: "callback", reference: "call back 3" };
  const missing: [string, string, Json][] = [
    ["an order", "/v1/trades", { ...order, approval: { operator } }],
    ["an approval", `${url}/approve`, { operator, version: body["version"] }],
    ["an approval by nobody", `${url}/approve`, { version: body["version"] }],
    ["an acceptance", `${url}/accept`, { operator }],
  ];
  for (const [name, path, wish] of missing)
    assert.equal((await post(path, wish)).code, "invalid_field", name);
  const { version } = body;
  const wrong = await post(`${url}/approve`, {
    version,
    operator: { ...operator, proof: { kind: "voice", reference: "x" } },
  });
  assert.equal(wrong.code, "invalid_field");
  assert.equal((await post(`${url}/approve`, { version, operator: { ...operator, proof } })).status, 200);
  assert.equal((await post(`${url}/accept`, { operator: { ...operator, proof } })).status, 200);
  const { items } = (await strict.call("GET", `${url}/events`, admin)).body as {
    items: { type: string; data: { operator?: Json } }[];
  };
  assert.deepEqual(items.find(({ type }) => type === "trade.accepted")?.data.operator, {
    ...operator,
    proof,
  });
  const shown = await strict.call("GET", `${url}/events`, bearer(at?.key));
  assert.ok(!JSON.stringify(shown.body).includes("call back 3"), "the proof stays among operators");
});
