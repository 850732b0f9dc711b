/** The same on pages, as somebody with a browser without scripts does it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { letterTo } from "../../../test/support/world/letters.ts";
import { type Browser, pagesServer } from "../../../test/support/world/pages-server.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { writeAdmission } from "../../storage/members/members.ts";
import { enter } from "../api/api.ts";

const { context, browser: stranger, signedIn, rich, poor, carrier } = await pagesServer({ after });
const { profiles } = context;
const first = "the first long password";
const second = "the second long password";

async function newMember(): Promise<{ email: string; browser: Browser }> {
  const browser = stranger();
  const email = `${uuidv7()}@example.com`;
  const person = { name: "Aki", address: "Kyoto", birthDate: "1990-01-31", email, password: first };
  const joined = await browser.send("/join", "join", { ...person, methodKind: "none" });
  assert.equal(joined.to, "/welcome", joined.html);
  return { email, browser };
}

const pathOf = (url: string): string => new URL(url, "https://pay.example").pathname;

test("a member changes their data, and reads in their record which field it was", async () => {
  const { browser } = await newMember();
  const fields = { name: "Aki <b>", address: "Kyoto", phone: "075-123-4567" };
  const wrong = await browser.send("/you", "profile-form", { ...fields, password: "wrong" });
  assert.equal(wrong.status, 403);
  assert.ok(wrong.html.includes('data-code="password_wrong"') && !wrong.html.includes("<b>"));
  const empty = await browser.send("/you", "profile-form", { ...fields, phone: "1", password: first });
  assert.match(empty.html, /id="phone-error"/);
  const { status, to } = await browser.send("/you", "profile-form", { ...fields, password: first });
  assert.deepEqual([status, to], [303, "/you?done=profile"]);
  assert.ok((await browser.get(to)).html.includes('value="Aki &lt;b>"'));
  const record = (await browser.get("/record")).html;
  assert.ok(record.includes("Name: changed, by you.") && record.includes("Telephone: changed, by you."));
});

test("a member moves to another address by the code that goes there; the former one takes it back", async () => {
  const { email: former, browser } = await newMember();
  const email = `${uuidv7()}@example.com`;
  assert.ok(!(await browser.get("/you")).html.includes('id="code-form"'));
  const asked = await browser.send("/you", "email-form", { email, password: first });
  assert.equal(asked.to, "/you?done=sent", asked.html);
  const { code = "" } = await letterTo(profiles, email, "confirm");
  const wrong = await browser.send("/you", "code-form", { code: code === "1" ? "2" : "1" });
  assert.equal(wrong.status, 403);
  const coded = await browser.send("/you", "code-form", { code: `${code.slice(0, 4)} ${code.slice(4)}` });
  assert.equal(coded.to, "/you?done=email", coded.html);
  assert.ok((await browser.get("/you")).html.includes(email));

  const { links } = await letterTo(profiles, former, "moved");
  const owner = stranger();
  const path = pathOf(links[0]?.url ?? "");
  // Whatever looks at links in mails changes nothing by it.
  for (let looked = 0; looked < 3; looked += 1)
    assert.equal((await stranger().get(path)).to, "/address-back");
  assert.equal((await owner.get(path)).to, "/address-back");
  const guessed = await owner.send("/address-back", "back-form", { password: "wrong" });
  assert.equal(guessed.status, 403);
  assert.equal(
    (await owner.send("/address-back", "back-form", { password: first })).to,
    "/address-back?done=back",
  );
  assert.equal((await browser.get("/you")).to, "/signin?next=/you", "all sessions have ended");
  await signedIn({ email: former, password: first });
});

test("the former address stops everything without the password", async () => {
  const { email: former, browser } = await newMember();
  const email = `${uuidv7()}@example.com`;
  await browser.send("/you", "email-form", { email, password: first });
  const { code = "" } = await letterTo(profiles, email, "confirm");
  await browser.send("/you", "code-form", { code });
  const owner = stranger();
  await owner.get(pathOf((await letterTo(profiles, former, "moved")).links[0]?.url ?? ""));
  assert.equal((await owner.send("/address-back", "stop-form")).to, "/address-back?done=stopped");
  for (const address of [email, former]) {
    const tried = await stranger().send("/signin", "sign-in", { email: address, password: first });
    assert.equal(tried.status, 401);
  }
});

test("who has forgotten the password is told the same whoever they are, and chooses a new one by the mail", async () => {
  const { email } = await newMember();
  const somebody = stranger();
  assert.ok((await somebody.get("/signin")).html.includes('href="/forgotten"'));
  const nobody = await somebody.send("/forgotten", "forgotten-form", { email: "nobody@example.com" });
  const asked = await somebody.send("/forgotten", "forgotten-form", { email });
  assert.deepEqual([asked.status, asked.to, asked.html], [nobody.status, nobody.to, nobody.html]);
  assert.ok((await somebody.get(asked.to)).html.includes('id="mail-sent"'));
  assert.equal((await somebody.send("/forgotten", "forgotten-form", { email: "no" })).status, 422);
  const { links } = await letterTo(profiles, email, "reset");
  const path = pathOf(links[0]?.url ?? "");
  for (let looked = 0; looked < 3; looked += 1) assert.equal((await stranger().get(path)).to, "/reset");
  const opened = await somebody.get(path);
  assert.equal(opened.to, "/reset");
  assert.equal((await somebody.send("/reset", "reset-form", { password: "short" })).status, 422);
  const guessable = await somebody.send("/reset", "reset-form", { password: "passwordpassword" });
  assert.equal(guessable.status, 422);
  const chosen = await somebody.send("/reset", "reset-form", { password: second });
  assert.equal(chosen.to, "/reset?done=yes", chosen.html);
  await signedIn({ email, password: second });
  const other = stranger();
  await other.get(path);
  assert.equal((await other.send("/reset", "reset-form", { password: first })).status, 404, "once");
});

test("a carrier changes their password on the page; nobody else sees one", async () => {
  const browser = await signedIn(carrier);
  const fields = { email: carrier.email, password: carrier.password, newPassword: second };
  const wrong = await browser.send("/password", "password-form", { ...fields, password: "wrong" });
  assert.equal(wrong.status, 403);
  const { to, html } = await browser.send("/password", "password-form", fields);
  assert.equal(to, "/password?done=yes", html);
  assert.ok((await browser.get(to)).html.includes('id="done"'));
  assert.equal((await stranger().get("/password")).to, "/signin?next=/password");
  assert.equal((await browser.get("/you")).status, 403, "what is known of members");
  await signedIn(rich);
  await signedIn(poor);
});

/** A member without a sign-in, and the code that stands in their letter. */
async function withLetter(birthDate: string): Promise<{ number: string; code: string }> {
  const person = {
    id: uuidv7(),
    name: "Aki",
    kana: null,
    address: "Kyoto",
    birthDate,
    email: null,
    phone: "075-1",
  };
  const { database, vault } = context;
  const number = await enter(database, vault, { ...person, state: "active" });
  const code = "493817205566";
  const codeHash = profiles.tokens.admissionOf(person.id, code);
  await writeAdmission(database, { person: person.id, codeHash, days: 60 });
  return { number: String(number), code };
}

test("who has a letter makes a sign-in by its code; neither code nor password comes back on a page", async () => {
  const { number, code } = await withLetter("1990-01-31");
  const person = stranger();
  assert.ok((await person.get("/signin")).html.includes('href="/first-sign-in"'));
  const email = `${uuidv7()}@example.com`;
  const spaced = `${number.slice(0, 4)} ${number.slice(4)}`;
  const typed = { number: spaced, code, birthDate: "1990-01-30", email, password: first };
  const wrong = await person.send("/first-sign-in", "first-form", typed);
  assert.equal(wrong.status, 403);
  assert.ok(wrong.html.includes('data-code="admission_code_invalid"'), wrong.html);
  assert.ok(wrong.html.includes(email) && !wrong.html.includes(code) && !wrong.html.includes(first));
  const short = await person.send("/first-sign-in", "first-form", { ...typed, password: "short" });
  assert.match(short.html, /id="password-error"/);
  const made = await person.send("/first-sign-in", "first-form", { ...typed, birthDate: "1990-01-31" });
  assert.equal(made.to, "/first-sign-in?done=yes", made.html);
  assert.ok((await person.get(made.to)).html.includes('id="to-sign-in"'));
  const signed = await person.send("/signin", "sign-in", { email, password: first });
  assert.equal(signed.to, "/trades", signed.html);
  assert.ok(
    (await person.get("/record")).html.includes("Password: changed, by the code in a letter to you."),
  );
});
