/** What operators do about somebody's sign-in: with proof, never alone where it gives anything, and never seeing a link. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { letterTo, lettersTo, tokenOf } from "../../../test/support/world/letters.ts";
import { confirmWithLook } from "../../../test/support/world/confirming.ts";
import { spoken } from "../../../test/support/world/operators.ts";
import {
  bearer,
  type Json,
  peopleServer,
  type Reply,
  trySignIn,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { addOperator } from "../api/api.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";

const { context, demo, call } = await peopleServer({ after }, { rules: {} });
const { profiles, database } = context;
const admin = bearer(demo.adminKey);

const first = "the first long password";
const second = "the second long password";

async function newOperator(name: string): Promise<{ id: string; email: string; who: Who }> {
  const email = `${name}@operators.example`;
  const passwordHash = await context.identity.hashPassword(email, first);
  const made = await addOperator(context, database, { name, email, passwordHash, madeBy: null });
  return { id: String(made.body["id"]), email, who: (await trySignIn(call, email, first)) ?? {} };
}
const ann = await newOperator("ann");
const bob = await newOperator("bob");
const cleo = await newOperator("cleo");

async function someone(): Promise<{ number: string; email: string }> {
  const email = `${uuidv7()}@example.com`;
  const application = { name: "Aki", address: "Kyoto", birthDate: "1990-01-31", contact: { email } };
  const { body } = await call("POST", "/v1/members", {}, { ...application, password: first });
  return { number: String(body["number"]), email };
}

const post = (path: string, who: Who, body: Json) => call("POST", path, who, body);
const confirm = (asked: Reply, who: Who) => confirmWithLook(post, String(asked.body["act"]), who);
const use = (token: string) => post("/v1/password-resets/use", {}, { token, password: second });

test("an operator with proof has a mail sent, and learns nothing of it", async () => {
  const { number, email } = await someone();
  const url = `/v1/members/${number}/password-reset`;
  assert.equal((await post(url, ann.who, {})).code, "invalid_field", "no proof");
  const sent = await post(url, ann.who, { operator: spoken });
  assert.deepEqual([sent.status, sent.body], [202, { sent: true }]);
  const token = tokenOf(await letterTo(profiles, email, "reset"));
  assert.equal((await use(token)).status, 204);
  const who = await trySignIn(call, email, second);
  assert.ok(who);
  const { items } = (await call("GET", `/v1/members/${number}/changes`, who)).body as { items: Json[] };
  const [changed, asked] = items;
  assert.deepEqual([changed?.["role"], asked?.["act"], asked?.["operator"]], ["mail", "asked", ann.id]);
  const notices = (await call("GET", `/v1/members/${number}/notices`, who)).body["items"] as Json[];
  assert.equal(notices[0]?.["act"], "member.reset");
});

test("an operator puts name, address and telephone right, with proof, and the member reads it", async () => {
  const { number, email } = await someone();
  const url = `/v1/members/${number}/profile`;
  assert.equal((await post(url, ann.who, { name: "Aki Mori" })).code, "invalid_field", "no proof");
  const known = { name: "Aki Mori", operator: spoken, password: first };
  assert.equal((await post(url, ann.who, known)).code, "not_allowed", "no operator knows a password");
  const done = await post(url, ann.who, { name: "Aki Mori", operator: spoken });
  assert.deepEqual(done.body, { changed: ["name"] });
  await letterTo(profiles, email, "profile");
  const who = (await trySignIn(call, email, first)) ?? {};
  assert.equal((await call("GET", `/v1/members/${number}`, who)).body["name"], "Aki Mori");
  const own = { name: "Aki", password: first, operator: spoken };
  assert.equal((await post(url, who, own)).code, "not_allowed", "a member speaks for nobody");
});

test("an operator alone gives nobody another address; two do, with proof, and the former one is told", async () => {
  const { number, email } = await someone();
  const url = `/v1/members/${number}/email`;
  const wished = `${uuidv7()}@example.com`;
  assert.equal((await post(url, ann.who, { email: wished })).code, "invalid_field", "no proof");
  const keyed = { ...ann.who, "idempotency-key": "wished" };
  const asked = await post(url, keyed, { email: wished, operator: spoken });
  assert.equal(asked.code, "four_eyes_required", JSON.stringify(asked.body));
  const again = await post(url, keyed, { email: wished, operator: spoken });
  assert.equal(again.body["act"], asked.body["act"], "the same wish");
  assert.equal((await confirm(asked, ann.who)).code, "four_eyes_required", "their own");
  assert.deepEqual(await lettersTo(profiles, wished), []);
  assert.ok(await trySignIn(call, email, first), "nothing has changed");
  const kept = await database.query<{ row: string }>(rawSql("select t::text as row from operator_acts t"));
  assert.ok(!kept.some(({ row }) => row.includes(wished)), "what waits holds nothing personal");
  const read = await call("GET", `/v1/members/${number}?reason=confirming`, bob.who);
  assert.equal(read.body["emailAsked"], wished, "the second one sees which");
  const moved = await confirm(asked, bob.who);
  assert.equal(moved.status, 200, JSON.stringify(moved.body));
  assert.equal(await trySignIn(call, email, first), undefined);
  assert.equal(await trySignIn(call, wished, first), undefined, "no password is known there");
  assert.equal((await use(tokenOf(await letterTo(profiles, wished, "reset")))).status, 204);
  assert.ok(await trySignIn(call, wished, second));
  const back = tokenOf(await letterTo(profiles, email, "moved"));
  const taken = await post("/v1/email-changes/take-back", {}, { token: back, password: first });
  assert.equal(taken.status, 204, "the member takes it back from two operators");
  assert.ok(await trySignIn(call, email, first));
  assert.equal(await trySignIn(call, wished, second), undefined);
});

test("two operators do not take away the time in which the former address can speak", async () => {
  const { number } = await someone();
  const url = `/v1/members/${number}/email`;
  const wish = () => ({ email: `${uuidv7()}@example.com`, operator: spoken });
  await confirm(await post(url, ann.who, wish()), bob.who);
  assert.equal((await post(url, ann.who, wish())).code, "sign_in_changed_lately");
});

test("a member without a sign-in gets one by two operators", async () => {
  const application = { name: "Aki", address: "Kyoto", birthDate: "1990-01-31", contact: { phone: "075-1" } };
  const { body } = await call("POST", "/v1/members", {}, application);
  const number = String(body["number"]);
  const reset = await post(`/v1/members/${number}/password-reset`, ann.who, { operator: spoken });
  assert.equal(reset.code, "not_allowed", "there is no address");
  const email = `${uuidv7()}@example.com`;
  await confirm(await post(`/v1/members/${number}/email`, ann.who, { email, operator: spoken }), bob.who);
  assert.equal((await use(tokenOf(await letterTo(profiles, email, "reset")))).status, 204);
  assert.ok(await trySignIn(call, email, second));
});

test("what a member asks for themselves overtakes what operators are about to do", async () => {
  const { number, email } = await someone();
  const who = (await trySignIn(call, email, first)) ?? {};
  const url = `/v1/members/${number}/email`;
  const asked = await post(url, ann.who, { email: `${uuidv7()}@example.com`, operator: spoken });
  const own = `${uuidv7()}@example.com`;
  assert.equal((await post(url, who, { email: own, password: first })).status, 202);
  assert.equal((await confirm(asked, bob.who)).code, "not_found");
});

test("an operator's password is reset by mail when two others let it be", async () => {
  await post("/v1/password-resets", {}, { email: cleo.email });
  assert.deepEqual(await lettersTo(profiles, cleo.email), [], "a mailbox alone");
  const url = `/v1/operators/${cleo.id}/password-reset`;
  assert.equal((await post(url, cleo.who, {})).code, "not_allowed", "their own");
  const asked = await post(url, ann.who, {});
  assert.equal(asked.code, "four_eyes_required", "one other");
  assert.equal((await confirm(asked, cleo.who)).code, "not_allowed", "their own");
  const byTwo = await confirm(await post(url, ann.who, {}), bob.who);
  assert.equal(byTwo.status, 204, JSON.stringify(byTwo.body));
  await post("/v1/password-resets", {}, { email: cleo.email });
  const token = tokenOf(await letterTo(profiles, cleo.email, "reset"));
  assert.equal((await use(token)).status, 204);
  assert.ok(await trySignIn(call, cleo.email, second));
  await post("/v1/password-resets", {}, { email: cleo.email });
  const links = (await lettersTo(profiles, cleo.email)).filter(({ kind }) => kind === "reset");
  assert.deepEqual(links, [], "once");
  assert.equal(
    (await post(`/v1/operators/${uuidv7()}/password-reset`, admin, {})).code,
    "four_eyes_required",
  );
});
