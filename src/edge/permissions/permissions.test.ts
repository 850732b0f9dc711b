/** A member lets a shop freeze without asking, on pages: given, used by the shop, made less and more, ended. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { rawSql } from "../../storage/database/database.ts";
import { setReturnUrls } from "../../storage/parties/parties.ts";

const world = await pagesServer({ after });
const { context, shop, rich, poor, browser: stranger, signedIn } = world;
const { database } = context;
const back = "https://shop.example/checkout";
await setReturnUrls(database, shop, [back]);
const asShop = `/mandates/new?shop=${shop}&return=${encodeURIComponent(back)}`;
const deposit = rich.methods.find(({ kind }) => kind === "deposit")?.id ?? "";
const [person] = await database.query<{ id: string }>(
  rawSql("select id from people where number = $1", [BigInt(rich.number)]),
);
const hana = person?.id ?? "";

const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const wish = { shop, method: deposit, limit: "５，０００円", until: dayIn(40) };
const older = () =>
  database.execute(rawSql("update sessions set created_at = created_at - interval '16 minutes'"));

/** What the shop may order by the permission now: the code of a refusal, or the state of the trade. */
async function ordered(mandate: string, amount: number): Promise<string> {
  const outcome = await context.trades.propose(
    { kind: "shop", id: shop },
    { currency: "JPY", amount, approval: { mandate } },
  );
  return outcome.how === "refused" ? outcome.problem.value.code : outcome.view.value.state;
}

async function givenBy(opened: Awaited<ReturnType<typeof signedIn>>, more: Record<string, string> = {}) {
  const { status, to, html } = await opened.send("/mandates/new", "give", { ...wish, ...more });
  assert.equal(status, 303, html);
  const [, id = ""] = /^\/mandates\/([0-9a-f-]{36})\?done=given/.exec(to) ?? [];
  return { id, to };
}

test("a permission that was given on the page is one under which the shop orders without asking", async () => {
  const browser = await signedIn(rich);
  const { html: list } = await browser.get("/mandates");
  assert.match(list, /href="\/mandates\/new" id="give-one"/);
  const { html: form } = await browser.get("/mandates/new");
  assert.ok(form.includes("Aoi Tea") && !form.includes('type="checkbox" checked'), "nobody else is ticked");
  const { id, to } = await givenBy(browser);
  const shown = (await browser.get(to)).html;
  assert.match(shown, new RegExp(`id="mandate-number">${id}<`));
  assert.match(shown, /¥5,000/);
  assert.equal(await ordered(id, 2000), "reserved");
  assert.equal(await ordered(id, 3001), "mandate_limit_exceeded");
  assert.match((await browser.get(`/mandates/${id}`)).html, /¥3,000/);
});

test("a second press is the same permission", async () => {
  const browser = await signedIn(rich);
  const fields = { ...wish, key: "a-press-of-mine" };
  const [first, second] = [
    await browser.post("/mandates/new", fields),
    await browser.post("/mandates/new", fields),
  ];
  assert.deepEqual([second.status, second.to], [303, first.to]);
});

test("what cannot be given is told at its field, and gives nothing", async () => {
  const browser = await signedIn(rich);
  const count = async () =>
    (await database.query(rawSql("select id from mandates where person = $1", [hana]))).length;
  const before = await count();
  const cases: [what: string, fields: Record<string, string>, shown: RegExp][] = [
    ["no sum", { limit: "" }, /id="limit-error"/],
    ["no number", { limit: "much" }, /id="limit-error"/],
    ["nothing", { limit: "0" }, /id="limit-error"/],
    ["a part of a yen", { limit: "1.5" }, /id="limit-error"/],
    ["a minus", { limit: "-100" }, /id="limit-error"/],
    ["more than can be kept", { limit: "9".repeat(20) }, /id="limit-error"/],
    ["no day", { until: "" }, /id="until-error"/],
    ["what is no day", { until: "2027-02-30" }, /id="until-error"/],
    ["a day that has gone", { until: dayIn(-2) }, /id="until-error"/],
    ["a day too far away", { until: "2999-01-01" }, /id="until-error"/],
    ["another's means", { method: poor.methods[0]?.id ?? "" }, /href="#method"/],
    ["no means", { method: "" }, /href="#method"/],
    ["no shop", { shop: "" }, /href="#shop"/],
    ["what is no shop", { shop: hana }, /id="refused"/],
  ];
  for (const [what, fields, shown] of cases) {
    const { status, html } = await browser.send("/mandates/new", "give", { ...wish, ...fields });
    assert.ok(status >= 400 && status < 500, `${what}: ${status}`);
    assert.match(html, shown, what);
  }
  assert.equal(await count(), before);
});

test("less holds at once; less than was used is refused, and so is more by a session that is not young", async () => {
  const browser = await signedIn(rich);
  const { id } = await givenBy(browser, { limit: "6000" });
  const one = `/mandates/${id}`;
  assert.equal(await ordered(id, 1000), "reserved");
  await older();
  const until = dayIn(40);
  assert.equal((await browser.send(one, "limits", { limit: "3000", until })).to, `${one}?done=changed`);
  assert.equal(await ordered(id, 2001), "mandate_limit_exceeded");
  const tooLittle = await browser.send(one, "limits", { limit: "999", until });
  assert.equal(tooLittle.status, 402);
  assert.match(tooLittle.html, /id="limit-error"/);
  for (const more of [
    { limit: "3001", until },
    { limit: "3000", until: dayIn(41) },
  ]) {
    const refused = await browser.send(one, "limits", more);
    assert.equal(refused.status, 403, JSON.stringify(more));
    assert.match(refused.html, /id="sign-in-anew"/);
  }
  assert.equal(await ordered(id, 2001), "mandate_limit_exceeded", "nothing has become more");
  const again = await signedIn(rich);
  assert.equal((await again.send(one, "limits", { limit: "9000", until })).to, `${one}?done=changed`);
  assert.equal(await ordered(id, 2001), "reserved");
  assert.equal((await again.send(one, "limits", { limit: "9000", until: dayIn(-2) })).status, 422);
});

test("a session that is not young gives nothing, and is led to sign in and back", async () => {
  const browser = await signedIn(rich);
  await older();
  const { html } = await browser.get(asShop);
  assert.match(html, /id="sign-in-first"/);
  assert.ok(html.includes(`/signin?next=${encodeURIComponent(asShop)}`) && !html.includes('id="give"'));
  assert.equal((await browser.post("/mandates/new", wish)).status, 403);
});

test("who has lately lost a sign-in gives nothing and sets nothing higher, but takes away", async () => {
  const browser = await signedIn(rich);
  const { id } = await givenBy(browser);
  const held = (value: string) =>
    database.execute(rawSql(`update logins set held_until = ${value} where subject = $1`, [hana]));
  await held("kenshu_now() + interval '1 day'");
  const given = await browser.send("/mandates/new", "give", wish);
  assert.equal(given.status, 409);
  assert.match(given.html, /data-code="sign_in_changed_lately"/);
  const set = (limit: string) => browser.send(`/mandates/${id}`, "limits", { limit, until: dayIn(40) });
  assert.equal((await set("5001")).status, 409);
  assert.equal((await set("4999")).status, 303);
  await held("null");
});

test("what has ended is no permission, and can be set to nothing", async () => {
  const browser = await signedIn(rich);
  const { id } = await givenBy(browser);
  assert.equal((await browser.send(`/mandates/${id}`, "end")).to, "/mandates");
  assert.equal(
    (await browser.post(`/mandates/${id}/revoke`)).to,
    "/mandates",
    "a second press is no mistake",
  );
  const { html } = await browser.get(`/mandates/${id}`);
  assert.ok(html.includes('id="over"') && !html.includes('id="limits"') && !html.includes("/revoke"));
  const set = await browser.post(`/mandates/${id}/limits`, { limit: "10", until: dayIn(40) });
  assert.equal(set.status, 402);
  assert.equal(await ordered(id, 1), "mandate_not_valid");
});

test("another's permission is not there", async () => {
  const { id } = await givenBy(await signedIn(rich));
  const other = await signedIn(poor);
  assert.equal((await other.get(`/mandates/${id}`)).status, 404);
  assert.equal((await other.post(`/mandates/${id}/limits`, { limit: "1", until: dayIn(40) })).status, 404);
  await other.post(`/mandates/${id}/revoke`);
  assert.equal(await ordered(id, 1), "reserved");
});

test("a shop sends a member, who goes back with the number of the permission, and nowhere else", async () => {
  const visitor = stranger();
  assert.equal((await visitor.get(asShop)).to, `/signin?next=${encodeURIComponent(asShop)}`);
  const browser = await signedIn(rich);
  const { to } = await browser.send(asShop, "give", { ...wish, carrier: "yes", shopAccepts: "yes" });
  const { html } = await browser.get(to);
  const [, id = ""] = /^\/mandates\/([0-9a-f-]{36})/.exec(to) ?? [];
  assert.ok(html.includes(`href="${back}?mandate=${id}" id="to-shop"`), html);
  const [kept] = await database.query<{ acceptors: string[] }>(
    rawSql("select acceptors from mandates where id = $1", [id]),
  );
  assert.deepEqual(kept?.acceptors, ["buyer", "carrier", "shop"]);
  for (const wrong of ["https://evil.example/checkout", "javascript:alert(1)", `${back}#x`]) {
    const url = `/mandates/new?shop=${shop}&return=${encodeURIComponent(wrong)}`;
    assert.equal((await browser.get(url)).status, 422, wrong);
    assert.equal((await browser.post("/mandates/new", { ...wish, return: wrong })).status, 422, wrong);
    assert.equal(
      (await browser.get(`/mandates/${id}?done=given&return=${encodeURIComponent(wrong)}`)).status,
      422,
    );
  }
});
