/** What members change of themselves, and who, with one thing of theirs in his hands, does not win. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { letterTo, lettersTo, tokenOf } from "../../../test/support/world/letters.ts";
import {
  bearer,
  type Json,
  peopleServer,
  trySignIn,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";

const { context, demo, call } = await peopleServer({ after });
const { profiles, database } = context;
const admin = bearer(demo.adminKey);
const [shop] = demo.shops;
if (shop === undefined) throw new Error("No demo.");

const first = "the first long password";
const second = "the second long password";

interface Someone {
  number: string;
  email: string;
  who: Who;
}

async function someone(): Promise<Someone> {
  const email = `${uuidv7()}@example.com`;
  const application = { name: "Aki", address: "Kyoto", birthDate: "1990-01-31", contact: { email } };
  const { body } = await call("POST", "/v1/members", {}, { ...application, password: first });
  return { number: String(body["number"]), email, who: await signed(email, first) };
}

async function signed(email: string, password: string): Promise<Who> {
  const who = await trySignIn(call, email, password);
  assert.ok(who, `${email} can sign in`);
  return who;
}

const signsIn = async (email: string, password: string): Promise<boolean> =>
  (await trySignIn(call, email, password)) !== undefined;
const put = (who: Who, body: Json) => call("PUT", "/v1/sessions/password", who, body);
const post = (path: string, who: Who, body: Json) => call("POST", path, who, body);
const isThere = async (who: Who): Promise<boolean> => (await call("GET", "/v1/sessions", who)).status === 200;
const changesOf = async ({ number }: Someone, who: Who) => {
  const { items } = (await call("GET", `/v1/members/${number}/changes`, who)).body as { items: Json[] };
  return items.map(({ act, field, role }) => `${String(act)} ${String(field)} ${String(role)}`);
};
const pass = (days: number) =>
  database.execute(rawSql("update test_clock set ahead = ahead + make_interval(days => $1)", [days]));
const newMandate = ({ number }: Someone, who: Who) =>
  post(`/v1/members/${number}/mandates`, who, {
    shop: shop.id,
    currency: "JPY",
    limit: 1000,
    until: new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 19) + "Z",
  });

/** Moves a member to another address, as they do it themselves. */
async function moved(aki: Someone): Promise<string> {
  const email = `${uuidv7()}@example.com`;
  const asked = await post(`/v1/members/${aki.number}/email`, aki.who, { email, password: first });
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  const { code } = await letterTo(profiles, email, "confirm");
  const confirmed = await post(`/v1/members/${aki.number}/email/confirm`, aki.who, { code });
  assert.equal(confirmed.status, 204, JSON.stringify(confirmed.body));
  return email;
}

test("a password is changed by who knows it; every other session ends, and they are told", async () => {
  const aki = await someone();
  const elsewhere = await signed(aki.email, first);
  assert.equal(
    (await put(aki.who, { password: "not the password", newPassword: second })).code,
    "password_wrong",
  );
  assert.equal((await put(aki.who, { password: first, newPassword: "short" })).code, "invalid_field");
  assert.equal((await put(aki.who, { password: first, newPassword: first })).code, "invalid_field");
  assert.equal((await put({}, { password: first, newPassword: second })).code, "not_authenticated");
  assert.equal((await put(aki.who, { password: first, newPassword: second })).status, 204);
  assert.deepEqual([await isThere(aki.who), await isThere(elsewhere)], [true, false]);
  assert.deepEqual([await signsIn(aki.email, first), await signsIn(aki.email, second)], [false, true]);
  await letterTo(profiles, aki.email, "password");
  assert.deepEqual(await changesOf(aki, aki.who), ["changed password self"]);
});

test("a key changes no password, and wrong ones are counted", async () => {
  assert.equal((await put(bearer(shop.key), { password: first, newPassword: second })).code, "not_allowed");
  const aki = await someone();
  const tries: unknown[] = [];
  for (let tried = 0; tried < 21; tried += 1)
    tries.push((await put(aki.who, { password: `wrong ${tried}`, newPassword: second })).code);
  assert.equal(tries.at(-2), "password_wrong");
  assert.equal(tries.at(-1), "too_many_requests");
  assert.equal((await put(aki.who, { password: first, newPassword: second })).code, "too_many_requests");
});

test("whoever is in between a sign-in and a change of the password gets no session", async () => {
  const aki = await someone();
  const [entered, changed] = await Promise.all([
    trySignIn(call, aki.email, first),
    put(aki.who, { password: first, newPassword: second }),
  ]);
  assert.equal(changed.status, 204);
  assert.ok(entered === undefined || !(await isThere(entered)));
});

test("name, address and telephone: a session alone changes nothing; each change stands without what it was", async () => {
  const aki = await someone();
  const url = `/v1/members/${aki.number}/profile`;
  const change = { name: "Aki Mori", phone: "075-123-4567" };
  assert.equal((await post(url, aki.who, change)).code, "invalid_field", "the thief of a session");
  assert.equal((await post(url, aki.who, { ...change, password: "wrong" })).code, "password_wrong");
  assert.equal(
    (await post(url, aki.who, { ...change, birthDate: "1991-01-01", password: first })).code,
    "invalid_field",
  );
  const other = await someone();
  assert.equal((await post(url, other.who, { ...change, password: first })).code, "not_found");
  const done = await post(url, aki.who, { ...change, address: "Kyoto", password: first });
  assert.deepEqual(done.body, { changed: ["name", "phone"] });
  const read = await call("GET", `/v1/members/${aki.number}`, aki.who);
  assert.deepEqual(
    [read.body["name"], read.body["contact"]],
    ["Aki Mori", { email: aki.email, phone: change.phone }],
  );
  assert.deepEqual(await changesOf(aki, aki.who), ["changed phone self", "changed name self"]);
  await letterTo(profiles, aki.email, "profile");
  const rows = await database.query<{ row: string }>(
    rawSql("select t::text as row from profile_changes t union all select t::text from letters t"),
  );
  const text = rows.map(({ row }) => row).join();
  for (const value of [aki.email, change.phone, "Aki Mori"]) assert.ok(!text.includes(value), value);
});

test("a new address counts when its code was typed, and the former one is told", async () => {
  const aki = await someone();
  const elsewhere = await signed(aki.email, first);
  const email = `${uuidv7()}@example.com`;
  const url = `/v1/members/${aki.number}/email`;
  assert.equal((await post(url, aki.who, { email })).code, "invalid_field", "the thief of a session");
  assert.equal((await post(url, aki.who, { email, password: "wrong" })).code, "password_wrong");
  assert.equal((await post(url, aki.who, { email: aki.email, password: first })).code, "invalid_field");
  assert.equal((await post(url, aki.who, { email, password: first })).status, 202);
  assert.ok(!(await signsIn(email, first)), "not before it is proven");
  const { code = "" } = await letterTo(profiles, email, "confirm");
  const wrong = code === "00000000" ? "00000001" : "00000000";
  for (let tried = 0; tried < 5; tried += 1)
    assert.equal((await post(`${url}/confirm`, aki.who, { code: wrong })).code, "email_code_invalid");
  assert.equal((await post(`${url}/confirm`, aki.who, { code })).code, "too_many_requests");
  assert.equal((await post(url, aki.who, { email, password: first })).status, 202);
  const again = await letterTo(profiles, email, "confirm");
  assert.notEqual(again.code, code);
  const other = await someone();
  assert.equal((await post(`${url}/confirm`, other.who, { code: again.code })).code, "not_found");
  assert.equal((await post(`${url}/confirm`, aki.who, { code: again.code })).status, 204);
  assert.equal((await post(`${url}/confirm`, aki.who, { code: again.code })).code, "email_code_invalid");
  assert.deepEqual([await isThere(aki.who), await isThere(elsewhere)], [true, false]);
  assert.deepEqual([await signsIn(aki.email, first), await signsIn(email, first)], [false, true]);
  await letterTo(profiles, aki.email, "moved");
  assert.equal((await changesOf(aki, aki.who))[0], "changed email self");
});

test("a code is over after a quarter of an hour, and with the password under which it was asked for", async () => {
  const aki = await someone();
  const email = `${uuidv7()}@example.com`;
  const url = `/v1/members/${aki.number}/email`;
  await post(url, aki.who, { email, password: first });
  const { code } = await letterTo(profiles, email, "confirm");
  await put(aki.who, { password: first, newPassword: second });
  assert.equal((await post(`${url}/confirm`, aki.who, { code })).code, "email_code_invalid");
  const late = await post(url, aki.who, { email, password: second });
  assert.equal(late.code, "sign_in_changed_lately", "three days after another password");
  await pass(4);
  const who = await signed(aki.email, second);
  assert.equal((await post(url, who, { email, password: second })).status, 202);
  const next = await letterTo(profiles, email, "confirm");
  await database.execute(rawSql("update test_clock set ahead = ahead + interval '16 minutes'"));
  assert.equal((await post(`${url}/confirm`, who, { code: next.code })).code, "email_code_invalid");
});

test("the thief of a password moves the address: the owner takes it back with mailbox and password", async () => {
  const aki = await someone();
  const thief = await moved(aki);
  const robbed = await newMandate(aki, aki.who);
  assert.equal(robbed.code, "sign_in_changed_lately", "no right by the new address");
  const method = { kind: "deposit", currency: "JPY" };
  const url = `/v1/members/${aki.number}`;
  assert.equal((await post(`${url}/methods`, aki.who, method)).code, "sign_in_changed_lately");
  assert.equal((await call("DELETE", url, aki.who)).code, "sign_in_changed_lately", "nor erased");
  const third = { email: `${uuidv7()}@example.com`, password: first };
  assert.equal((await post(`${url}/email`, aki.who, third)).code, "sign_in_changed_lately", "nor moved on");
  await put(aki.who, { password: first, newPassword: "a password of the thief" });
  const token = tokenOf(await letterTo(profiles, aki.email, "moved"));
  const takeBack = (password: string) => post("/v1/email-changes/take-back", {}, { token, password });
  assert.equal((await takeBack("a password of the thief")).code, "password_wrong", "that is not of before");
  assert.equal((await takeBack(first)).status, 204);
  assert.ok(!(await isThere(aki.who)), "all sessions have ended");
  assert.deepEqual(
    [
      await signsIn(aki.email, first),
      await signsIn(thief, "a password of the thief"),
      await signsIn(thief, first),
    ],
    [true, false, false],
  );
  assert.equal((await takeBack(first)).code, "not_found", "once");
  const who = await signed(aki.email, first);
  assert.equal((await changesOf(aki, who))[0], "taken back email mail");
  assert.equal((await newMandate(aki, who)).status, 201);
});

test("the thief of the former mailbox alone gets nothing: it stops, and two operators settle it with proof", async () => {
  const aki = await someone();
  const email = await moved(aki);
  const token = tokenOf(await letterTo(profiles, aki.email, "moved"));
  for (let tried = 0; tried < 10; tried += 1)
    await post("/v1/email-changes/take-back", {}, { token, password: `a guess ${tried}` });
  const late = await post("/v1/email-changes/take-back", {}, { token, password: "one more" });
  assert.equal(late.code, "too_many_requests");
  await post("/v1/password-resets", {}, { email: aki.email });
  assert.ok(!(await lettersTo(profiles, aki.email)).some(({ kind }) => kind === "reset"), "no reset there");
  assert.ok(await signsIn(email, first));
  assert.equal((await post("/v1/email-changes/take-back", {}, { token })).status, 204);
  assert.deepEqual([await signsIn(email, first), await signsIn(aki.email, first)], [false, false]);
  assert.ok(!(await isThere(aki.who)));
  await post("/v1/password-resets", {}, { email });
  assert.ok(!(await lettersTo(profiles, email)).some(({ kind }) => kind === "reset"), "stopped for both");

  const operator = { channel: "counter", reference: "x", proof: { kind: "document", reference: "passport" } };
  const settled = await post(`/v1/members/${aki.number}/email`, admin, { email, operator });
  assert.equal(settled.status, 200, JSON.stringify(settled.body));
  const reset = tokenOf(await letterTo(profiles, email, "reset"));
  assert.equal((await post("/v1/password-resets/use", {}, { token: reset, password: second })).status, 204);
  assert.ok(await signsIn(email, second));
  assert.equal((await post("/v1/email-changes/take-back", {}, { token })).code, "not_found", "it is settled");
});

test("a change stands after three days", async () => {
  const aki = await someone();
  const email = await moved(aki);
  const token = tokenOf(await letterTo(profiles, aki.email, "moved"));
  await pass(4);
  assert.equal((await post("/v1/email-changes/take-back", {}, { token, password: first })).code, "not_found");
  const who = await signed(email, first);
  assert.equal((await newMandate(aki, who)).status, 201);
});
