import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { fetchDisclosure } from "../disclosures/disclosures.ts";
import { setReturnUrls } from "../../storage/parties/parties.ts";

const made = await pagesServer({ after });
const { context, shop, rich, voucher, browser: stranger, signedIn, proposed, seen, open } = made;
const { database } = context;
const back = "https://shop.example/checkout";
await setReturnUrls(database, shop, [back]);
const page = (wished: string, of = shop) => `/disclose?shop=${of}&return=${encodeURIComponent(wished)}`;

const fetched = (token: string) =>
  database.transaction((client) => fetchDisclosure(context, client, shop, token));

test("a shop sends a member, who ticks what it may read and goes back with what it needs for that", async () => {
  const browser = await signedIn(rich);
  const here = page(`${back}?order=7`);
  const { html } = await browser.get(here);
  for (const shown of ["Aoi Tea", "Hana Sato", "1-1 Chiyoda, Tokyo", rich.email])
    assert.ok(html.includes(shown), shown);
  assert.ok(!html.includes("checked"), "nothing is ticked for the member");
  const none = await browser.send(here, "disclose");
  assert.equal(none.status, 422);
  const agreed = await browser.send(here, "disclose", { name: "yes", birthDate: "yes" });
  assert.equal(agreed.status, 200);
  const link = /<a class="button" href="([^"]+)" id="to-shop"/
    .exec(agreed.html)?.[1]
    ?.replaceAll("&amp;", "&");
  const target = new URL(link ?? "");
  assert.equal(
    `${target.origin}${target.pathname}?order=${target.searchParams.get("order")}`,
    `${back}?order=7`,
  );
  const { secret } = await fetched(target.searchParams.get("disclosure") ?? "");
  assert.deepEqual(secret?.["data"], { name: "Hana Sato", birthDate: "1990-04-01" });
});

test("nobody is led from here to where the shop has not said", async () => {
  const browser = await signedIn(rich);
  for (const wrong of [
    "https://evil.example/checkout",
    "https://shop.example/checkout/../other",
    "https://shop.example.evil.example/checkout",
    "https://shop.example:8443/checkout",
    "https://user@shop.example/other",
    `${back}#x`,
    "javascript:alert(1)",
    "//shop.example/checkout",
    "",
  ]) {
    assert.equal((await browser.get(page(wrong))).status, 422, wrong);
    const posted = await browser.post("/disclose", { shop, return: wrong, name: "yes" });
    assert.equal(posted.status, 422, wrong);
  }
  assert.equal((await browser.get(page(back, rich.methods[0]?.id ?? ""))).status, 404, "no shop");
});

test("who is not signed in signs in first and comes back", async () => {
  const browser = stranger();
  const { to } = await browser.get(page(`${back}?order=8`));
  const signed = await browser.send(to, "sign-in", { email: rich.email, password: rich.password });
  assert.equal(signed.to, page(`${back}?order=8`));
  assert.match((await browser.get(signed.to)).html, /id="disclose"/);
});

const applicant = {
  name: "Late Lee",
  address: "9-9 Kobe",
  birthDate: "1985-05-05",
  email: "late.lee@example.com",
  password: "a password for later",
  currency: "JPY",
};

test("somebody joins only after the trade is proposed, approves it, and the shop sees no more than a number (0092)", async () => {
  const { number, link } = await proposed();
  const browser = stranger();
  const approval = await open(browser, link);
  const { html } = await browser.get(approval);
  const join = /href="(\/join\?next=[^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const mistaken = await browser.send(join, "join", { ...applicant, name: "" });
  assert.ok(mistaken.html.includes('name="next"'), "the way back is not lost by a mistake");
  const joined = await browser.send(join, "join", {
    ...applicant,
    methodKind: "prepaid",
    token: voucher.code,
  });
  assert.deepEqual([joined.status, joined.to], [303, `/welcome?next=${encodeURIComponent(approval)}`]);
  const approved = await browser.send(approval, "approve-form");
  assert.deepEqual([approved.status, approved.to], [303, `/trades/${number}?done=approve`]);
  const trade = await seen(number);
  assert.equal(trade.state, "reserved");
  assert.deepEqual(Object.keys(trade.buyer ?? {}), ["member"]);
  const told = JSON.stringify([trade, await context.trades.events({ kind: "shop", id: shop }, number)]);
  for (const secret of [applicant.name, applicant.address, applicant.birthDate, applicant.email]) {
    assert.ok(!told.includes(secret), secret);
  }
});

test("joining leads nowhere but to this server", async () => {
  for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
    const fields = { ...applicant, email: `x${next.length}@example.com`, methodKind: "none", next };
    assert.equal((await stranger().post("/join", fields)).to, "/welcome?next=%2Ftrades", next);
  }
});
