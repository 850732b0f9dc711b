/** Payouts at the desk of a shop: where to, how much, taken back, by itself, entries and statements; the calls of the API behind forms. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bank } from "./support/world/payouts.ts";
import { type Fields, filledIn, formsIn, type PageForm, saidBy } from "./support/wire/forms.ts";
import { type Headers, type Json, type Reply, request, signIn } from "./support/wire/http.ts";
import { clerkAt } from "./support/world/shop-clerk.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld(
  { after },
  { durable: false, sandbox: true, operators: "one", stepUpAbove: { JPY: 5000 } },
);
const { url } = world;
const stage = await setStage(world);
const get = async (path: string, as = stage.admin): Promise<Json> =>
  (await request(`${url}${path}`, "GET", as)).json;
const nishi = { name: "Nishi", contact: { email: "nishi@example.com" }, password: "leaves in the west wind" };
const shop = await stage.post("/v1/shops", stage.admin, nishi);
const who = await signIn(url, { email: nishi.contact.email, password: nishi.password });
const clerk = clerkAt(url, who);
const accounts = (await get(`/v1/shops/${String(shop["id"])}`))["accounts"] as Json[];
const account = String(accounts.find(({ currency }) => currency === "JPY")?.["account"]);
const here = `/shop/accounts/${account}`;
const posted = async () => Number((await get(`/v1/accounts/${account}`))["posted"]);
const done = (reply: Reply) =>
  assert.deepEqual(
    [reply.status, reply.headers.get("location")],
    [303, `${here}?done=yes`],
    saidBy(reply.text),
  );

const typed = { ...bank, number: "０１２３４５６", holder: "ニシ シヨウテン" };

test("the account at a bank is named with the password, and what is wrong stands at its field", async () => {
  assert.match(await clerk.reads("/shop/money"), /Payouts, entries, statements/);
  assert.match(await clerk.reads(here), /None has been named/);
  const wrong = await clerk.press(here, "bank-form", { ...typed, password: "not it at all" });
  assert.equal(wrong.status, 422);
  assert.match(saidBy(wrong.text), /not the password/);
  assert.match(wrong.text, /value="ニシ シヨウテン"/, "what was typed stays typed");
  assert.doesNotMatch(wrong.text, /not it at all/);
  const nowhere = await clerk.press(here, "bank-form", { ...typed, bank: "9999", password: nishi.password });
  assert.equal(nowhere.status, 422);
  assert.match(nowhere.text, /id="bank-bank-error"/);
  done(await clerk.press(here, "bank-form", { ...typed, password: nishi.password }));
  assert.match(await clerk.reads(here), /0123456/);
  const { bankAccount: first } = await get(`/v1/accounts/${account}/bank-account`, who);
  done(await clerk.press(here, "bank-form", { ...typed, password: nishi.password }));
  const { bankAccount: second } = await get(`/v1/accounts/${account}/bank-account`, who);
  assert.deepEqual(second, first, "the same named twice is named once, and waits no longer");
  assert.match(await clerk.reads(here), /nothing is paid out to it before/);
});

/** Sends a form as a browser does. */
function send(form: PageForm, typed: Fields) {
  const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
  const fields = new URLSearchParams(filledIn(form, typed)).toString();
  return request(`${url}${form.action}`, "POST", headers, fields);
}

/** Paid by two members: what one moves in a day by a session alone has its bound. */
async function earned(amount: number): Promise<void> {
  for (const [member, as] of [
    [stage.ids.member, stage.buyer],
    [stage.ids.otherMember, stage.otherMember],
  ] as const)
    await bought(amount, member, as);
}

async function bought(amount: number, member: string, as: Headers): Promise<void> {
  const buyer = { member };
  const order = await stage.post("/v1/trades", who, { buyer, currency: "JPY", amount });
  const at = `/v1/trades/${String(order["number"])}`;
  await stage.post(`${at}/approve`, as, { version: 1 });
  await stage.post(`${at}/ship`, who, {});
  await stage.post(`${at}/deliver`, as, {});
  await stage.post(`${at}/accept`, as, {});
}

test("a payout names its sum, leaves once for two presses, and comes back when it is taken back", async () => {
  await earned(4500);
  const early = await clerk.agree(here, "payout-form", { amount: "1,000" }, /¥1,000 leaves your account/);
  assert.equal(early.status, 409, "the bank account was named lately");
  await stage.post("/v1/test-clock/advance", stage.admin, { by: "P15D" });
  const much = await clerk.press(here, "payout-form", { amount: "1,000,000" });
  assert.equal(much.status, 422);
  assert.match(much.text, /id="payout-amount-error"/);
  const before = await posted();
  const question = await clerk.press(here, "payout-form", { amount: "1,000" });
  assert.equal(await posted(), before, "nothing was done yet");
  const yes = formsIn(question.text).find(({ id }) => id === "sure-payout-form") ?? assert.fail();
  const press = () => send(yes, {});
  done(await press());
  done(await press());
  assert.equal(await posted(), before - 1000);
  const form = formsIn((await clerk.look(here)).text).find(({ id }) => id.startsWith("cancel-"));
  done(await clerk.agree(here, form?.id ?? assert.fail(), {}, /¥1,000 comes back/));
  assert.equal(await posted(), before);
  assert.match(await clerk.reads(here), /Taken back/);
});

test("what is much takes the password as well, asked for after the sum was named; one press or two pay out once", async () => {
  const before = await posted();
  const asked = await clerk.agree(here, "payout-form", { amount: "6,000" }, /¥6,000 leaves/);
  assert.equal(asked.status, 403);
  assert.match(saidBy(asked.text), /¥6,000/);
  const proof = formsIn(asked.text).find(({ id }) => id === "proof-form") ?? assert.fail(saidBy(asked.text));
  const prove = (proofPassword: string) => send(proof, { proofPassword });
  assert.equal((await prove("not it at all")).status, 403);
  assert.equal(await posted(), before, "nothing was done yet");
  done(await prove(nishi.password));
  done(await prove(nishi.password));
  assert.equal(await posted(), before - 6000);
});

test("it is paid out by itself on days that are said, until that is ended", async () => {
  const wrong = await clerk.press(here, "schedule-form", { every: "month", day: "32", least: "1000" });
  assert.equal(wrong.status, 422);
  done(await clerk.press(here, "schedule-form", { every: "week", weekday: "5", least: "1,000" }));
  assert.match(await clerk.reads(here), /Each week, on Friday/);
  const { schedule } = await get(`/v1/accounts/${account}/bank-account`, who);
  assert.deepEqual([(schedule as Json)["on"], (schedule as Json)["least"]], [5, 1000]);
  done(await clerk.press(here, "end-schedule-form"));
  assert.match(await clerk.reads(here), /You are paid out when you ask for it/);
});

test("entries are read, and statements are files of a month, in both forms", async () => {
  const entries = await clerk.reads(`${here}/entries`);
  assert.match(entries, /Payment for an order ¥4,365/);
  const page = (await clerk.look(here)).text;
  const [csv, camt] = ["csv", "camt"].map(
    (form) => new RegExp(`href="([^"]+)" id="${form}-`).exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "",
  );
  const table = await request(`${url}${csv}`, "GET", who);
  assert.equal(table.status, 200);
  assert.match(table.headers.get("content-disposition") ?? "", /^attachment; filename="statement-.*csv"$/);
  assert.match((await request(`${url}${camt}`, "GET", who)).text, /camt\.053\.001\.08/);
  const wrong = await request(`${url}${here}/statement?from=2026-01-01&to=2029-01-01&form=csv`, "GET", who);
  assert.equal(wrong.status, 422);
  assert.match(saidBy(wrong.text), /Up to 366 days/);
});

test("taking the account at a bank away names what comes back; another shop's account is not there", async () => {
  done(await clerk.agree(here, "payout-form", { amount: "2,000" }, /¥2,000/));
  const before = await posted();
  done(await clerk.agree(here, "end-bank-form", {}, /¥8,000 that waits .* comes back/));
  assert.equal(await posted(), before + 8000);
  assert.match(await clerk.reads(here), /None has been named/);
  const other = clerkAt(url, stage.shop);
  await assert.rejects(other.look(here), /404/);
  const headers = { ...stage.shop, "content-type": "application/x-www-form-urlencoded", origin: url };
  for (const [act, fields] of [
    ["payout", "amount=1"],
    ["end-bank", "sure=yes"],
    ["bank", "bank=0001"],
  ] as const)
    assert.equal((await request(`${url}${here}/${act}`, "POST", headers, fields)).status, 404, act);
});

test("a yes to taking one account at a bank away takes no other away that was named meanwhile", async () => {
  done(await clerk.press(here, "bank-form", { ...typed, password: nishi.password }));
  const form = formsIn((await clerk.look(here)).text).find(({ id }) => id === "end-bank-form");
  const kept = { ...filledIn(form ?? assert.fail("no form"), {}), sure: "yes" };
  done(await clerk.press(here, "bank-form", { ...typed, number: "7654321", password: nishi.password }));
  const late = await request(
    `${url}${here}/end-bank`,
    "POST",
    { ...who, "content-type": "application/x-www-form-urlencoded", origin: url },
    new URLSearchParams(kept).toString(),
  );
  assert.equal(late.status, 409, late.text);
  assert.match(saidBy(late.text), /Another account at a bank is named by now/);
  assert.match(await clerk.reads(here), /7654321/);
});

test("how far the shop may go and why, and what operators did for it, stand on a page", async () => {
  assert.match(await clerk.reads("/shop/standing"), /All of it is as usual/);
  const far = { frozenLimits: { JPY: 50_000 }, settleAfter: "P2D", reason: "Young, and sells dear goods" };
  const path = `/v1/shops/${String(shop["id"])}/standing`;
  assert.equal((await request(`${url}${path}`, "PUT", stage.admin, far)).status, 200);
  const said = await clerk.reads("/shop/standing");
  assert.match(said, /¥50,000/);
  assert.match(said, /Young, and sells dear goods/);
  assert.match(said, /Set how far a shop may go/);
});
