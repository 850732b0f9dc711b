/**
 * Membership by post: an applicant is told, two operators have a letter made, and its code makes a sign-in, once. Whoever has
 * the letter alone, prints another one, or guesses, gets nothing.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { lettersTo, letterTo } from "../../../test/support/world/letters.ts";
import { picturesOf } from "../../../test/support/world/paper-reader.ts";
import {
  type Json,
  peopleServer,
  type Reply,
  trySignIn,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { addOperator } from "../api/api.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { makeLetter } from "./admissions.ts";

const { context, demo, call } = await peopleServer({ after }, { rules: {} });
const { profiles, database } = context;
context.settings.approval = "operator";

const password = "a password that is long";
const birthDate = "1970-04-01";

async function newOperator(name: string): Promise<{ id: string; who: Who }> {
  const email = `${name}@operators.example`;
  const passwordHash = await context.identity.hashPassword(email, password);
  const made = await addOperator(context, database, { name, email, passwordHash, madeBy: null });
  return { id: String(made.body["id"]), who: (await trySignIn(call, email, password)) ?? {} };
}
const ann = await newOperator("ann");
const bob = await newOperator("bob");

const post = (path: string, who: Who, body: Json) => call("POST", path, who, body);
const confirm = (asked: Reply, who: Who) =>
  post(`/v1/operator-acts/${String(asked.body["act"])}/confirm`, who, {});
const collect = (asked: Reply, who: Who) =>
  post(`/v1/operator-acts/${String(asked.body["act"])}/collect`, who, {});

/** Somebody whom an operator has entered after a call, and two have admitted. */
async function admitted(contact: Json = { phone: "075-123-4567" }): Promise<string> {
  const number = await entered(contact);
  const approved = await confirm(await post(`/v1/members/${number}/approve`, ann.who, {}), bob.who);
  assert.equal(approved.status, 200, JSON.stringify(approved.body));
  return number;
}

async function entered(contact: Json): Promise<string> {
  const application = { name: "髙﨑 德子", address: "岩手県盛岡市", birthDate, contact, language: "ja" };
  const { status, body } = await post("/v1/members", ann.who, application);
  assert.deepEqual([status, body["state"]], [201, "provisional"]);
  return String(body["number"]);
}

/** A code as a letter has it. The letter is a picture, so the test asks where the picture is made. */
async function codeFor(number: string): Promise<string> {
  let drawn = "";
  await database.transaction(async (client) => {
    const { tokens } = profiles;
    const spied = {
      ...profiles,
      tokens: {
        ...tokens,
        admissionOf: (person: string, digits: string) => {
          drawn = digits;
          return tokens.admissionOf(person, digits);
        },
      },
    };
    await makeLetter(spied, client, { number });
  });
  assert.match(drawn, /^\d{12}$/);
  return drawn;
}

const address = () => `${uuidv7()}@example.com`;
const use = (wish: Json) => post("/v1/first-sign-ins", {}, { birthDate, password, ...wish });
const forget = () => database.execute(rawSql("delete from tries"));

test("an applicant who is not admitted yet is told by mail, a few times an hour, and nobody else", async () => {
  const email = address();
  await entered({ email });
  await letterTo(profiles, email, "applied");
  for (let more = 0; more < 5; more += 1) await entered({ email });
  assert.equal((await lettersTo(profiles, email)).length, 3, "not whoever's mailbox is to be filled");
  await entered({ phone: "075-123-4567" });
});

test("two operators have a letter made; whoever asked gets it, once, and the member is told", async () => {
  const email = address();
  const number = await admitted({ email });
  const url = `/v1/members/${number}/letter`;
  const keyed = { ...ann.who, "idempotency-key": uuidv7() };
  const asked = await post(url, keyed, {});
  assert.equal(asked.code, "four_eyes_required");
  assert.equal((await confirm(asked, ann.who)).code, "four_eyes_required", "their own");
  assert.equal((await collect(asked, ann.who)).code, "four_eyes_required", "before anybody has confirmed");
  const confirmed = await confirm(asked, bob.who);
  assert.equal(confirmed.status, 200);
  assert.ok(!("pdf" in confirmed.body), "whoever confirms does not see it");
  assert.equal((await collect(asked, bob.who)).code, "not_found");
  const { status, body } = await collect(asked, ann.who);
  assert.equal(status, 201, JSON.stringify(body));
  const pages = await picturesOf(Buffer.from(String(body["pdf"]), "base64"), 1);
  assert.deepEqual([pages.length, body["missing"], body["number"]], [2, [], number]);
  assert.notEqual(body["until"], null);
  const again = await post(url, keyed, {});
  assert.deepEqual([again.status, "pdf" in again.body], [201, false], "once");
  await letterTo(profiles, email, "admitted");
  const kept = await database.query<{ row: string }>(
    rawSql("select a::text as row from answers a union all select t::text from operator_acts t"),
  );
  assert.ok(!kept.some(({ row }) => row.includes(String(body["pdf"]).slice(0, 200))), "and kept nowhere");
});

test("nobody who is not admitted gets a letter, and who signs in already gets no code", async () => {
  const waiting = await entered({ phone: "075-123-4567" });
  const refused = await confirm(await post(`/v1/members/${waiting}/letter`, ann.who, {}), bob.who);
  assert.equal(refused.status, 200);
  const asked = await post(`/v1/members/${waiting}/letter`, ann.who, {});
  await confirm(asked, bob.who);
  assert.equal((await collect(asked, ann.who)).code, "member_not_approved");
  const [member] = demo.members;
  const other = await post(`/v1/members/${String(member?.number)}/letter`, ann.who, {});
  await confirm(other, bob.who);
  const letter = await collect(other, ann.who);
  assert.deepEqual([letter.status, letter.body["until"]], [201, null]);
  assert.equal((await post(`/v1/members/${waiting}/letter`, {}, {})).status, 401);
});

test("the code makes a sign-in once; for three days it gives no right", async () => {
  const number = await admitted();
  const code = await codeFor(number);
  const emails = [address(), address()];
  // As it stands on the letter, and as a Japanese keyboard writes it.
  const typed = code
    .replace(/^(.{4})(.{4})/, "$1 $2-")
    .replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  const both = await Promise.all(emails.map((each) => use({ number, code: typed, email: each })));
  const statuses = both.map(({ status }) => status).toSorted((a, b) => a - b);
  assert.deepEqual(statuses, [204, 403], "of two at once, one");
  const email = emails[both.findIndex(({ status }) => status === 204)] ?? "";
  assert.equal((await use({ number, code, email })).code, "admission_code_invalid", "once");
  const who = await trySignIn(call, email, password);
  assert.ok(who);
  await letterTo(profiles, email, "joined");
  assert.deepEqual((await call("GET", `/v1/members/${number}`, who)).body["contact"], {
    email,
    phone: "075-123-4567",
  });
  const [shop] = demo.shops;
  const terms = { shop: shop?.id, currency: "JPY", limit: 5, until: "2031-01-01T00:00:00Z" };
  const mandate = await post(`/v1/members/${number}/mandates`, who, terms);
  assert.equal(mandate.code, "sign_in_changed_lately");
  const { items } = (await call("GET", `/v1/members/${number}/changes`, who)).body as { items: Json[] };
  assert.deepEqual(
    items.map(({ field, role }) => [field, role]),
    [
      ["password", "letter"],
      ["email", "letter"],
    ],
  );
});

test("a letter out of the mailbox is nothing without what the applicant has told", async () => {
  const email = address();
  const number = await admitted({ email });
  const code = await codeFor(number);
  const wrong: [string, Json][] = [
    ["the date of birth", { email, birthDate: "1970-04-02" }],
    ["the address that was told", { email: address() }],
    ["another number", { email, number: await admitted() }],
    ["the code", { email, code: "000000000000" }],
  ];
  for (const [name, wish] of wrong) {
    const { status, code: said } = await use({ number, code, ...wish });
    assert.deepEqual([status, said], [403, "admission_code_invalid"], name);
  }
  assert.equal((await use({ number, code, email, password: "password1234" })).code, "invalid_field");
  assert.equal((await use({ number: "4821073396", code, email })).code, "wrong_check_digit");
  assert.equal((await use({ number, code, email: email.toUpperCase() })).status, 204);
  assert.ok(await trySignIn(call, email, password));
});

test("another letter makes the first one void, and sixty days do", async () => {
  await forget();
  const number = await admitted();
  const first = await codeFor(number);
  const second = await codeFor(number);
  const email = address();
  assert.equal((await use({ number, code: first, email })).code, "admission_code_invalid");
  await database.execute(rawSql("update test_clock set ahead = ahead + interval '61 days'"));
  assert.equal((await use({ number, code: second, email })).code, "admission_code_invalid");
  await database.execute(rawSql("update test_clock set ahead = ahead - interval '61 days'"));
  assert.equal((await use({ number, code: second, email })).status, 204);
});

test("who guesses is stopped, and stops nobody who comes from elsewhere", async () => {
  await forget();
  const number = await admitted();
  const code = await codeFor(number);
  const email = address();
  const guesses = Array.from({ length: 8 }, (_, nth) => use({ number, code: `00000000000${nth}`, email }));
  const codes = (await Promise.all(guesses))
    .map((reply) => String(reply.code))
    .toSorted((a, b) => a.localeCompare(b));
  assert.deepEqual(codes, [
    ...Array.from({ length: 5 }, () => "admission_code_invalid"),
    ...Array.from({ length: 3 }, () => "too_many_requests"),
  ]);
  assert.equal((await use({ number, code, email })).code, "too_many_requests", "from there");
  const other = await admitted();
  const right = { number: other, code: await codeFor(other), email: address() };
  assert.equal((await use(right)).status, 204, "another number");
  await database.execute(rawSql("update test_clock set ahead = ahead + interval '16 minutes'"));
  assert.equal((await use({ number, code, email })).status, 204);
});

test("who is erased is told so by a mail to the address that is forgotten with them", async () => {
  const email = address();
  const number = await admitted({ email });
  const how = "channel=phone&reference=1&proof=callback&proofReference=2";
  const wish = await call("DELETE", `/v1/members/${number}?${how}`, ann.who);
  const kinds = async () => (await lettersTo(profiles, email)).map(({ kind }) => kind);
  assert.ok(!(await kinds()).includes("erased"), "not while it waits for a second operator");
  assert.equal((await confirm(wish, bob.who)).status, 204);
  assert.deepEqual(await kinds(), ["erased"], "and what was to be told before is told no more");
});

test("an erased member's code is gone, and a copy of the database holds none", async () => {
  const number = await admitted();
  const code = await codeFor(number);
  const rows = await database.query<{ row: string }>(rawSql("select a::text as row from admissions a"));
  assert.ok(rows.length > 0 && !rows.some(({ row }) => row.includes(code)));
  const how = "channel=phone&reference=1&proof=callback&proofReference=2";
  const erased = await confirm(await call("DELETE", `/v1/members/${number}?${how}`, ann.who), bob.who);
  assert.equal(erased.status, 204, JSON.stringify(erased.body));
  const left = await database.query(
    rawSql("select from admissions where person = (select id from people where number = $1)", [
      BigInt(number),
    ]),
  );
  assert.deepEqual(left, []);
  assert.equal((await use({ number, code, email: address() })).code, "admission_code_invalid");
});
