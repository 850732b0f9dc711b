import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { problem, refuse } from "../../core/protocol/protocol.ts";
import type { TieOutcome, Ties, TieWish } from "./pages.ts";

const bank = "01939d2e-7c00-7000-8000-000000000001";
const post = "01939d2e-7c00-7000-8000-000000000002";
const begun: { person: string; wish: TieWish }[] = [];
const ended: { person: string; state: string; code: string }[] = [];
let outcome: TieOutcome = { outcome: "tied" };

/** A facilitator's own part: every account is at the bank, and a tie ends as `outcome` says. */
const ties: Ties = {
  institutions: [
    { id: bank, name: "Bank <b>", url: "http://127.0.0.1:1/" },
    { id: post, name: "Post", url: "http://127.0.0.1:2/" },
  ],
  institutionsOf: async (methods) => new Map(methods.map(({ id }) => [id, bank])),
  amountAt: () => [],
  startTie: async (person, wish) => {
    if (wish.currency === "USD") refuse("currency_mismatch");
    begun.push({ person, wish });
    return `http://127.0.0.1:1/tie?peer=me&state=s${begun.length}`;
  },
  finishTie: async (person, state, code) => {
    ended.push({ person, state, code });
    return outcome;
  },
};

const { rich, carrier, browser: stranger, signedIn, proposed, open } = await pagesServer({ after }, ties);

test("what is tied is shown with where it is, and money is found under it everywhere", async () => {
  const browser = await signedIn(rich);
  const { html } = await browser.get("/methods");
  assert.ok(html.includes(`data-method="${rich.methods[0]?.id}"`) && html.includes("Bank &lt;b>"));
  assert.ok(html.includes('<a href="/methods" aria-current="page">'));
  assert.ok(!html.includes('href="/accounts"'));
  assert.equal((await browser.get("/accounts")).status, 404);
  assert.ok((await browser.get("/welcome")).html.includes('id="to-methods"'));
  assert.ok(!(await stranger().get("/join")).html.includes('name="methodKind"'));
});

test("tying leads to the institution and comes back once the member has agreed there", async () => {
  const browser = await signedIn(rich);
  const fields = { institution: post, kind: "prepaid", currency: "JPY" };
  const { status, to } = await browser.send("/methods", "tie", fields);
  assert.deepEqual([status, to], [303, `http://127.0.0.1:1/tie?peer=me&state=s${begun.length}`]);
  assert.deepEqual(begun.at(-1)?.wish, fields);
  outcome = { outcome: "tied" };
  assert.equal((await browser.get("/ties/return?state=s1&code=c_1-x")).to, "/methods?done=tied");
  assert.deepEqual(ended.at(-1), { person: begun.at(-1)?.person, state: "s1", code: "c_1-x" });
  assert.ok((await browser.get("/methods?done=tied")).html.includes('id="done"'));
});

test("a wish that cannot be is shown again, and begins nothing", async () => {
  const browser = await signedIn(rich);
  const before = begun.length;
  for (const [fields, error] of [
    [{ institution: rich.methods[0]?.id ?? "", kind: "deposit", currency: "JPY" }, "#institution"],
    [{ institution: bank, kind: "card", currency: "JPY" }, "#kind"],
    [{ institution: bank, kind: "deposit", currency: "XXX" }, "#currency"],
  ] as const) {
    const { status, html } = await browser.post("/ties", fields);
    assert.equal(status, 422);
    assert.ok(html.includes(`href="${error}"`), error);
  }
  const refused = await browser.post("/ties", { institution: bank, kind: "credit", currency: "USD" });
  assert.equal(refused.status, 422);
  assert.match(refused.html, /id="refused".*id="kind-credit" checked/s);
  assert.equal(begun.length, before);
});

test("what was not tied is said, and what is not known can be asked again", async () => {
  const browser = await signedIn(rich);
  const before = ended.length;
  const without = await browser.get("/ties/return?state=s1&error=declined");
  assert.equal(without.status, 200);
  assert.ok(without.html.includes("Nothing was tied") && ended.length === before);
  outcome = { outcome: "unknown" };
  const unknown = await browser.get("/ties/return?state=s1&code=c1");
  assert.equal(unknown.status, 202);
  assert.match(unknown.html, /href="\/ties\/return\?state=s1&amp;code=c1" id="tie-again"/);
  outcome = { outcome: "refused", problem: problem("not_found", "This has been used.") };
  const used = await browser.get("/ties/return?state=s1&code=c1");
  assert.equal(used.status, 404);
  assert.match(used.html, /id="refused".*This has been used\./s);
});

test("where the institution names another kind, nobody is asked to read out a code that is not there", async () => {
  const browser = await signedIn(rich);
  outcome = {
    outcome: "refused",
    problem: problem("consent_not_valid", "The institution names another kind."),
  };
  const { html } = await browser.get("/ties/return?state=s1&code=c1");
  assert.match(html, /id="refused".*The institution names another kind\./s);
  assert.doesNotMatch(html, /code below/);
});

test("only the member ties: others are sent to sign in, or refused, and nobody is asked", async () => {
  const before = [begun.length, ended.length];
  const visitor = stranger();
  assert.equal((await visitor.get("/methods")).to, "/signin?next=/methods");
  const { to } = await visitor.get("/ties/return?state=s1&code=c1");
  assert.equal(to, "/signin?next=%2Fties%2Freturn%3Fstate%3Ds1%26code%3Dc1");
  const fields = { email: rich.email, password: rich.password };
  outcome = { outcome: "tied" };
  assert.equal((await visitor.send(to, "sign-in", fields)).to, "/ties/return?state=s1&code=c1");
  assert.equal((await stranger().post("/ties", { institution: bank })).status, 401);
  const driver = await signedIn(carrier);
  for (const path of ["/methods", "/ties/return?state=s1&code=c1"])
    assert.equal((await driver.get(path)).status, 403, path);
  assert.equal((await driver.post("/ties", { institution: bank })).status, 403);
  const member = await signedIn(rich);
  const crossSite = { "sec-fetch-site": "cross-site" };
  assert.equal((await member.post("/ties", { institution: bank }, crossSite)).status, 403);
  assert.equal((await member.get("/ties/return?state=s1&code=%3Cb%3E")).status, 422);
  assert.deepEqual([begun.length, ended.length], before);
});

test("a trade that waits is one press away, and is approved with what is tied", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  const path = await open(browser, link);
  assert.ok((await browser.get("/methods")).html.includes(`href="/trades/${number}/approve"`));
  const { html } = await browser.get(path);
  assert.ok(html.includes("At <bdi>Bank &lt;b></bdi>") && !html.includes("</span> free"));
  const { to } = await browser.send(path, "approve-form", { method: rich.methods[0]?.id ?? "" });
  assert.equal(to, `/trades/${number}?done=approve`);
  assert.ok(!(await browser.get("/methods")).html.includes('id="to-approve"'));
});
