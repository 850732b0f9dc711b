/** A forgotten password: a link that works once, for whoever reads the mail, and tells nobody who signs in here. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { letterTo, lettersTo, tokenOf } from "../../../test/support/world/letters.ts";
import {
  join,
  type Json,
  peopleServer,
  signInAs,
  trySignIn,
} from "../../../test/support/world/people-server.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";

const { context, demo, call } = await peopleServer({ after });
const { profiles, database } = context;

const first = "the first long password";
const second = "the second long password";
const post = (path: string, body: Json) => call("POST", path, {}, body);
const ask = (email: string) => post("/v1/password-resets", { email });
const use = (token: string, password = second) => post("/v1/password-resets/use", { token, password });
const signsIn = async (email: string, password: string): Promise<boolean> =>
  (await trySignIn(call, email, password)) !== undefined;

async function someone(): Promise<{ number: string; email: string }> {
  const email = `${uuidv7()}@example.com`;
  const application = { name: "Aki", address: "Kyoto", birthDate: "1990-01-31", contact: { email } };
  const { body } = await post("/v1/members", { ...application, password: first });
  return { number: String(body["number"]), email };
}

async function linkFor(email: string): Promise<string> {
  assert.equal((await ask(email)).status, 202);
  return tokenOf(await letterTo(profiles, email, "reset"));
}

test("the answer and the work are the same whether or not somebody signs in with the address", async () => {
  const { email } = await someone();
  const written = async (address: string) => {
    const { status, body } = await ask(address);
    const rows = await database.query<{ rows: string }>(
      rawSql(`select (select count(*) from letters) || ' ' || (select count(*) from mails where letter is not null)
        || ' ' || (select count(*) from personal_keys) as rows`),
    );
    return { status, body, rows: (rows[0]?.rows ?? "").split(" ").map(Number) };
  };
  const start = await written("nobody1@example.com");
  const known = await written(email);
  const unknown = await written("nobody2@example.com");
  assert.deepEqual([known.status, known.body], [unknown.status, unknown.body]);
  const grown = (a: typeof start, b: typeof start) => b.rows.map((count, at) => count - (a.rows[at] ?? 0));
  assert.deepEqual(grown(start, known), grown(known, unknown), "as many rows each");
  assert.equal((await lettersTo(profiles, email)).length, 1);
  assert.deepEqual(await lettersTo(profiles, "nobody2@example.com"), [], "and no mail to who is nobody's");
});

test("the link works once, ends all sessions, and gives no right for three days", async () => {
  const { number, email } = await someone();
  const who = await signInAs(call, { email, password: first });
  const token = await linkFor(email);
  assert.equal((await use(token, "short")).code, "invalid_field");
  assert.equal((await use(`${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`)).code, "not_found");
  assert.equal((await use("kw_nothing")).code, "not_found");
  const used = await Promise.all([use(token), use(token, "yet another long password")]);
  assert.deepEqual(
    used.map(({ status }) => status).toSorted((a, b) => a - b),
    [204, 404],
    "of two at once, one",
  );
  assert.equal((await call("GET", "/v1/sessions", who)).status, 401);
  assert.ok(!(await signsIn(email, first)));
  assert.equal((await use(token, "and one more long password")).code, "not_found");
  const password = (await signsIn(email, second)) ? second : "yet another long password";
  const again = await signInAs(call, { email, password });
  await letterTo(profiles, email, "password");
  const [shop] = demo.shops;
  const terms = { shop: shop?.id, currency: "JPY", limit: 5, until: "2031-01-01T00:00:00Z" };
  const mandate = () => call("POST", `/v1/members/${number}/mandates`, again, terms);
  assert.equal((await mandate()).code, "sign_in_changed_lately", "the thief of a mailbox");
  const email2 = { email: `${uuidv7()}@example.com`, password };
  const moved = await call("POST", `/v1/members/${number}/email`, again, email2);
  assert.equal(moved.code, "sign_in_changed_lately", "nor does he take the address away");
  await database.execute(rawSql("update test_clock set ahead = ahead + interval '4 days'"));
  assert.equal((await mandate()).status, 201);
  const { body } = await call("GET", `/v1/members/${number}/changes`, again);
  assert.deepEqual(
    (body["items"] as Json[]).map(({ act, role }) => [act, role]),
    [["changed", "mail"]],
  );
});

test("a link ends with its hour, with another password, and with another address", async () => {
  const late = await someone();
  const token = await linkFor(late.email);
  await database.execute(rawSql("update test_clock set ahead = ahead + interval '61 minutes'"));
  assert.equal((await use(token)).code, "not_found");
  const changed = await someone();
  const link = await linkFor(changed.email);
  const who = await signInAs(call, { email: changed.email, password: first });
  const put = await call("PUT", "/v1/sessions/password", who, { password: first, newPassword: second });
  assert.equal(put.status, 204);
  assert.equal((await use(link, "yet another long password")).code, "not_found");
});

test("a mandate and open trades outlive a new password", async () => {
  const aki = await join(context, call);
  const [shop] = demo.shops;
  const terms = { shop: shop?.id, currency: "JPY", limit: 5, until: "2031-01-01T00:00:00Z" };
  const { body } = await call("POST", `/v1/members/${aki.number}/mandates`, aki.who, terms);
  const { contact } = (await call("GET", `/v1/members/${aki.number}`, aki.who)).body;
  const { email } = contact as { email: string };
  assert.equal((await use(await linkFor(email))).status, 204);
  const who = await signInAs(call, { email, password: second });
  const { items } = (await call("GET", `/v1/members/${aki.number}/mandates`, who)).body as { items: Json[] };
  assert.deepEqual(
    items.map(({ id, revokedAt }) => [id, revokedAt]),
    [[body["id"], null]],
  );
});

test("an address gets three mails in an hour, and whoever asks is told the same", async () => {
  const { email } = await someone();
  for (let asked = 0; asked < 6; asked += 1) assert.equal((await ask(email)).status, 202);
  assert.equal((await lettersTo(profiles, email)).length, 3);
});

test("one address with two sign-ins gets a link for each", async () => {
  const { email } = await someone();
  const application = { name: "Emi", address: "Nara", birthDate: "1990-01-31", contact: { email } };
  await post("/v1/members", { ...application, password: "a password of Emi's" });
  await ask(email);
  const mail = await letterTo(profiles, email, "reset");
  assert.equal(mail.links.length, 2);
  assert.equal((await use(tokenOf(mail, 1))).status, 204);
  assert.deepEqual([await signsIn(email, first), await signsIn(email, "a password of Emi's")], [true, false]);
  assert.equal((await use(tokenOf(mail, 0), "yet another long password")).status, 204);
});

test("a carrier who signs in has a password reset, and changes it", async () => {
  const [carrier] = demo.carriers;
  assert.ok(carrier);
  const token = await linkFor(carrier.email);
  assert.equal((await use(token)).status, 204);
  const who = await signInAs(call, { email: carrier.email, password: second });
  const changed = await call("PUT", "/v1/sessions/password", who, {
    password: second,
    newPassword: carrier.password,
  });
  assert.equal(changed.status, 204, JSON.stringify(changed.body));
});

test("a mailbox alone resets no operator's password; they change it by the one they have", async () => {
  const [one] = demo.operators;
  assert.ok(one);
  await ask(one.email);
  assert.deepEqual(await lettersTo(profiles, one.email), []);
  const own = await signInAs(call, one);
  const unsaid = await call("PUT", "/v1/sessions/password", own, {
    password: one.password,
    newPassword: second,
  });
  assert.equal(unsaid.code, "invalid_field", "where an operator signs in is kept nowhere");
  const wish = { email: one.email, password: one.password, newPassword: second };
  const changed = await call("PUT", "/v1/sessions/password", own, wish);
  assert.equal(changed.status, 204, JSON.stringify(changed.body));
  await letterTo(profiles, one.email, "password");
  assert.ok(await signsIn(one.email, second));
});
