/** Passkeys by calls: made, signed in with, taken away; and those who have a part of what it takes. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { authenticator } from "../../../test/support/wire/authenticator.ts";
import { letterTo, lettersTo, tokenOf } from "../../../test/support/world/letters.ts";
import {
  bearer,
  type Json,
  peopleServer,
  type Reply,
  trySignIn,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";

const origin = "https://pay.example";
const { context, demo, call } = await peopleServer({ after });
const { profiles, database } = context;
const [shop] = demo.shops;
const [operator] = demo.operators;
if (shop === undefined || operator === undefined) throw new Error("No demo.");

const password = "the first long password";
const post = (path: string, who: Who, body: Json) => call("POST", path, who, body);
const pass = (days: number) =>
  database.execute(rawSql("update test_clock set ahead = ahead + make_interval(days => $1)", [days]));

interface Someone {
  number: string;
  email: string;
  who: Who;
}

async function someone(): Promise<Someone> {
  const email = `${uuidv7()}@example.com`;
  const application = { name: "Aki", address: "Kyoto", birthDate: "1990-01-31", contact: { email } };
  const { body } = await post("/v1/members", {}, { ...application, password });
  const who = await trySignIn(call, email, password);
  assert.ok(who);
  return { number: String(body["number"]), email, who };
}

async function begun(who: Who, proof: Json): Promise<Json> {
  const { status, body } = await post("/v1/passkeys/options", who, proof);
  assert.equal(status, 200, JSON.stringify(body));
  return body["publicKey"] as Json;
}

/** Adds a passkey; answers its authenticator and its id. */
async function added(who: Who, proof: Json = { password }, name = "Phone") {
  const key = authenticator(origin);
  const { status, body } = await post("/v1/passkeys", who, {
    name,
    ...("email" in proof ? { email: proof["email"] } : {}),
    response: key.create(await begun(who, proof)),
  });
  assert.equal(status, 201, JSON.stringify(body));
  return { key, id: String(body["id"]) };
}

const toSignIn = async (): Promise<Json> =>
  (await post("/v1/sessions/passkey/options", {}, {})).body["publicKey"] as Json;
const enter = (response: Json): Promise<Reply> => post("/v1/sessions/passkey", {}, { response });
const whoIs = ({ cookie }: Reply): Who => ({ cookie: cookie.split(";")[0] ?? "" });
const asked = async (who: Who, act: Json): Promise<Json> =>
  (await post("/v1/proofs/options", who, act)).body["publicKey"] as Json;

test("a passkey is made by who shows the password, signs in, and its owner is told", async () => {
  const aki = await someone();
  assert.equal((await post("/v1/passkeys/options", aki.who, {})).code, "proof_required", "a session alone");
  assert.equal((await post("/v1/passkeys/options", aki.who, { password: "wrong" })).code, "password_wrong");
  assert.equal((await post("/v1/passkeys/options", {}, { password })).code, "not_authenticated");
  assert.equal((await post("/v1/passkeys/options", bearer(shop.key), { password })).code, "not_allowed");
  const { key, id } = await added(aki.who);
  await letterTo(profiles, aki.email, "passkey");
  const { items } = (await call("GET", "/v1/passkeys", aki.who)).body as { items: Json[] };
  assert.deepEqual(
    items.map(({ id: known, name, synced, proves, usedAt }) => [known, name, synced, proves, usedAt]),
    [[id, "Phone", false, true, null]],
  );
  const entered = await enter(key.get(await toSignIn()));
  assert.equal(entered.status, 204, JSON.stringify(entered.body));
  const me = await call("GET", "/v1/sessions", whoIs(entered));
  assert.deepEqual([me.body["kind"], me.body["number"]], ["member", aki.number]);
  const changes = (await call("GET", `/v1/members/${aki.number}/changes`, aki.who)).body["items"] as Json[];
  assert.deepEqual(
    changes.map(({ act, field, role }) => [act, field, role]),
    [["changed", "passkey", "self"]],
  );
  assert.ok((await trySignIn(call, aki.email, password)) !== undefined, "the password goes on working");
});

test("what was signed is for here, for this, now, once, and by whoever holds the device", async () => {
  const aki = await someone();
  const { key } = await added(aki.who);
  const other = await someone();
  const refused = async (response: Json, why: string) =>
    assert.equal((await enter(response)).code, "passkey_refused", why);
  await refused(key.get(await toSignIn(), { origin: "https://pay.example.evil.example" }), "another site");
  await refused(key.get(await toSignIn(), { origin: "https://pay.example:8443" }), "a server beside it");
  await refused(key.get(await toSignIn(), { origin: "http://pay.example" }), "in clear");
  await refused(key.get(await toSignIn(), { rpId: "evil.example" }), "another party");
  await refused(key.get(await toSignIn(), { unverified: true }), "nobody was asked for a finger");
  await refused(key.get(await toSignIn(), { type: "webauthn.create" }), "another ceremony");
  await refused(key.get({ ...(await toSignIn()), challenge: "A".repeat(72) }), "a challenge of their own");
  await refused(authenticator(origin).get(await toSignIn()), "a passkey that nobody has registered");
  const forApproval = await asked(aki.who, { act: "passkey.remove", of: uuidv7() });
  await refused(key.get(forApproval), "signed for something else");
  const signed = key.get(await toSignIn());
  const changed = key.get(await toSignIn());
  await refused({ ...signed, response: changed["response"], id: authenticator(origin).credential }, "mixed");
  assert.equal((await enter(signed)).status, 204);
  await refused(signed, "the same again");
  await refused(key.get(await toSignIn(), { counter: 1 }), "it counts back: there is a copy");
  assert.equal((await enter(key.get(await toSignIn()))).status, 204, "the owner's goes on");
  assert.notEqual(other.number, aki.number);
});

test("of one assertion sent many times at once, one signs in", async () => {
  const aki = await someone();
  const { key } = await added(aki.who);
  const signed = key.get(await toSignIn());
  const all = await Promise.all(Array.from({ length: 8 }, () => enter(signed)));
  assert.deepEqual(all.map(({ status }) => status).sort(), [204, 403, 403, 403, 403, 403, 403, 403]);
});

test("what was made is registered once, by whom it was begun for", async () => {
  const [aki, thief] = [await someone(), await someone()];
  const key = authenticator(origin);
  const response = key.create(await begun(aki.who, { password }));
  const wish = { name: "Phone", response };
  assert.equal((await post("/v1/passkeys", thief.who, wish)).code, "passkey_refused", "into another's");
  assert.equal((await post("/v1/passkeys", aki.who, wish)).status, 201);
  assert.equal((await post("/v1/passkeys", aki.who, wish)).code, "passkey_refused", "twice");
  const again = key.create(await begun(thief.who, { password }));
  assert.equal(
    (await post("/v1/passkeys", thief.who, { name: "Phone", response: again })).code,
    "already_exists",
  );
  for (const lies of [{ origin: "https://evil.example" }, { rpId: "evil.example" }, { unverified: true }]) {
    const made = authenticator(origin).create(await begun(aki.who, { password }), lies);
    assert.equal(
      (await post("/v1/passkeys", aki.who, { name: "x", response: made })).code,
      "passkey_refused",
    );
  }
});

test("a thief of a session adds none, takes none away, and proves nothing", async () => {
  const aki = await someone();
  const { id } = await added(aki.who);
  assert.equal((await post(`/v1/passkeys/${id}/remove`, aki.who, {})).code, "proof_required");
  assert.equal((await post("/v1/passkeys/options", aki.who, {})).code, "proof_required");
  const act = { act: "trade.approve", of: "1", amount: 5, currency: "JPY" };
  assert.equal((await post("/v1/proofs", aki.who, act)).code, "proof_required");
  assert.equal(
    (await post("/v1/proofs", aki.who, { ...act, password })).code,
    "proof_required",
    "a passkey is there",
  );
  const thief = await someone();
  assert.equal((await post(`/v1/passkeys/${id}/remove`, thief.who, { password })).code, "not_found");
});

test("a passkey added by the password beside another proves nothing for three days; one added by a passkey does", async () => {
  const aki = await someone();
  const { key } = await added(aki.who);
  const { key: young } = await added(aki.who, { password }, "A thief's");
  const act = { act: "trade.approve", of: "1", amount: 5, currency: "JPY" };
  const proved = async (by: typeof key) =>
    post("/v1/proofs", aki.who, { ...act, response: by.get(await asked(aki.who, act)) });
  assert.equal((await proved(young)).code, "sign_in_changed_lately");
  assert.equal((await proved(key)).status, 201);
  const response = key.get(await asked(aki.who, { act: "passkey.add", of: "new" }));
  const { key: third } = await added(aki.who, { response }, "Laptop");
  assert.equal((await proved(third)).status, 201);
  assert.equal((await enter(young.get(await toSignIn()))).status, 204, "it signs in");
  await pass(4);
  assert.equal((await proved(young)).status, 201);
});

test("after a passkey was taken away by the password, the password proves nothing for three days", async () => {
  const aki = await someone();
  const { key, id } = await added(aki.who);
  const act = { act: "trade.approve", of: "1", amount: 5, currency: "JPY" };
  assert.equal((await post(`/v1/passkeys/${id}/remove`, aki.who, { password })).status, 204);
  assert.equal((await lettersTo(profiles, aki.email)).filter(({ kind }) => kind === "passkey").length, 2);
  assert.equal((await enter(key.get(await toSignIn()))).code, "passkey_refused");
  assert.equal((await post("/v1/proofs/options", aki.who, act)).body["by"], "later");
  assert.equal((await post("/v1/proofs", aki.who, { ...act, password })).code, "sign_in_changed_lately");
  const { key: second } = await added(aki.who);
  const signed = second.get(await toSignIn());
  assert.equal((await enter(signed)).status, 204);
  const response = second.get((await asked(aki.who, act)) ?? { challenge: "" });
  assert.notEqual(
    (await post("/v1/proofs", aki.who, { ...act, response })).status,
    201,
    "nor does the next one",
  );
  await pass(4);
  const later = second.get(await asked(aki.who, act));
  assert.equal((await post("/v1/proofs", aki.who, { ...act, response: later })).status, 201);
  // By a passkey it is taken away at once, and the password proves again.
  const { items } = (await call("GET", "/v1/passkeys", aki.who)).body as { items: Json[] };
  const last = String(items[0]?.["id"]);
  const gone = second.get(await asked(aki.who, { act: "passkey.remove", of: last }));
  assert.equal((await post(`/v1/passkeys/${last}/remove`, aki.who, { response: gone })).status, 204);
  assert.equal((await post("/v1/proofs", aki.who, { ...act, password })).status, 201);
});

test("a new password by mail gives no passkey for three days, and ends the young ones", async () => {
  const aki = await someone();
  const { key: old } = await added(aki.who);
  await pass(4);
  const { key: young } = await added(aki.who, { password }, "A thief's");
  await post("/v1/password-resets", {}, { email: aki.email });
  const token = tokenOf(await letterTo(profiles, aki.email, "reset"));
  const chosen = "another long password";
  assert.equal((await post("/v1/password-resets/use", {}, { token, password: chosen })).status, 204);
  const who = await trySignIn(call, aki.email, chosen);
  assert.ok(who);
  assert.equal(
    (await post("/v1/passkeys/options", who, { password: chosen })).code,
    "sign_in_changed_lately",
  );
  assert.equal((await enter(young.get(await toSignIn()))).code, "passkey_refused");
  assert.equal((await enter(old.get(await toSignIn()))).status, 204, "the owner's own goes on");
});

test("the stop by the former address stops passkeys, too", async () => {
  const aki = await someone();
  const { key } = await added(aki.who);
  await database.execute(
    rawSql(
      "update logins set closed_at = kenshu_now() where subject = (select id from people where number = $1)",
      [BigInt(aki.number)],
    ),
  );
  assert.equal((await enter(key.get(await toSignIn()))).code, "passkey_refused");
});

test("who is erased has no passkeys, and the row says nothing of them", async () => {
  const aki = await someone();
  const { key } = await added(aki.who);
  const erased = await call("DELETE", `/v1/members/${aki.number}`, aki.who);
  assert.equal(erased.status, 204, JSON.stringify(erased.body));
  assert.equal((await enter(key.get(await toSignIn()))).code, "passkey_refused");
  const rows = await database.query(
    rawSql(
      `select credential, public_key, name, transports from passkeys
       where ended_by = 'erased' and subject not in (select subject from logins)`,
    ),
  );
  assert.deepEqual(rows, [{ credential: null, public_key: null, name: null, transports: "" }]);
});

test("operators, shops' people and carriers have passkeys; operators say their address", async () => {
  const by = await trySignIn(call, operator.email, operator.password);
  const [carrier] = demo.carriers;
  assert.ok(by && carrier);
  const proof = { password: operator.password };
  assert.equal((await post("/v1/passkeys/options", by, proof)).code, "invalid_field");
  assert.equal(
    (await post("/v1/passkeys/options", by, { ...proof, email: "x@example.com" })).code,
    "invalid_field",
  );
  const { key } = await added(by, { ...proof, email: operator.email });
  const entered = await enter(key.get(await toSignIn()));
  assert.equal((await call("GET", "/v1/sessions", whoIs(entered))).body["kind"], "operator");
  await letterTo(profiles, operator.email, "passkey");
  const driver = await trySignIn(call, carrier.email, carrier.password);
  assert.ok(driver);
  const { key: theirs } = await added(driver, { password: carrier.password });
  assert.equal((await enter(theirs.get(await toSignIn()))).status, 204);
});

test("what a passkey is called is sealed, and the owner of the database puts none in its place", async () => {
  const aki = await someone();
  const { id } = await added(aki.who, { password }, "Aki's secret phone");
  const [row] = await database.query<{ name: Buffer }>(
    rawSql("select name from passkeys where id = $1", [id]),
  );
  assert.ok(row !== undefined && !row.name.toString("latin1").includes("secret"));
  assert.equal((await call("PUT", `/v1/passkeys/${id}`, aki.who, { name: "Her phone" })).status, 204);
  const { items } = (await call("GET", "/v1/passkeys", aki.who)).body as { items: Json[] };
  assert.equal(items[0]?.["name"], "Her phone");
  await assert.rejects(
    database.execute(rawSql("update passkeys set public_key = '\\x00' where id = $1", [id])),
    /key_as_registered/,
  );
  const noted = await database.query(
    rawSql("select nth from rights where relation = 'passkeys' and key = $1", [id]),
  );
  assert.equal(noted.length, 1);
});

test("tries are counted by where they come from", async () => {
  const replies: unknown[] = [];
  for (let tried = 0; tried < 101; tried += 1)
    replies.push(
      (await enter(authenticator(origin).get({ challenge: "A".repeat(72), rpId: "pay.example" }))).code,
    );
  assert.ok(replies.includes("too_many_requests"));
});
