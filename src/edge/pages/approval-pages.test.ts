import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";

const { rich, signedIn, proposed, seen, open, shopDoes } = await pagesServer({ after });

test("a day on which it cannot be paid is told at its field, in both languages, with what was chosen", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  const path = await open(browser, link);
  const plain = (await browser.get(path)).html;
  assert.match(plain, /<details class="act" id="terms">/);
  assert.match(plain, /<\/details>.*id="shopMayAccept"/s, "what was ticked at the shop is asked in the open");
  const past = { method: rich.methods[0]?.id ?? "", paymentOn: "date", paymentDate: "2020-01-01" };
  const { status, html } = await browser.send(path, "approve-form", past);
  assert.equal(status, 422);
  assert.match(html, /<details class="act" id="terms" open>/);
  assert.match(html, /id="paymentDate-error">Choose a day from \d+ \w+ \d{4} to/);
  assert.ok(html.includes('value="2020-01-01"') && !html.includes('id="refused"'));
  assert.match(html, /class="by-day">Paid on/);
  browser.cookies.set("language", "ja");
  assert.match(
    (await browser.send(path, "approve-form", past)).html,
    /id="paymentDate-error">\d{4}年.*までの日/,
  );
  await browser.post("/language", { language: "en" });
  assert.equal((await seen(number)).state, "proposed");
});

test("a no is said to what was shown, and to nothing that was agreed meanwhile", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  const path = await open(browser, link);
  const hidden = (html: string) =>
    Object.fromEntries(
      [
        ...(/id="decline-form".*?<\/form>/s.exec(html)?.[0].matchAll(/name="([^"]+)" value="([^"]*)"/g) ??
          []),
      ].map(([, name = "", value = ""]) => [name, value]),
    );
  const stale = hidden((await browser.get(path)).html);
  await browser.send(path, "approve-form");
  const refused = await browser.post(`/trades/${number}/decline`, stale);
  assert.equal(refused.status, 409);
  assert.match(refused.html, /this order had been answered already/);
  assert.match(refused.html, /id="to-trade"/);
  assert.equal((await seen(number)).state, "reserved");
  // Nor is a no to the order a no to other terms, or the other way round.
  await shopDoes(number, { do: "revise", amount: 3601 });
  assert.equal((await browser.post(`/trades/${number}/decline`, { ...stale, key: "b" })).status, 409);
  const fresh = hidden((await browser.get(path)).html);
  assert.equal(fresh["terms"], "yes");
  const twice = await Promise.all([1, 2].map(() => browser.post(`/trades/${number}/decline`, fresh)));
  assert.deepEqual(
    twice.map(({ status }) => status),
    [303, 303],
  );
  assert.deepEqual([(await seen(number)).state, (await seen(number)).frozen], ["reserved", 3600]);
});

test("who approves what costs something else by now is told both amounts", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  const path = await open(browser, link);
  await shopDoes(number, { do: "revise", amount: 4200 });
  const before = { version: "1", shown: "3600", method: rich.methods[0]?.id ?? "" };
  const { status, html } = await browser.post(path, before);
  assert.equal(status, 409);
  assert.match(html, /id="price-changed"[^]*¥3,600[^]*has become[^]*¥4,200/);
  assert.doesNotMatch((await browser.get(path)).html, /id="price-changed"/);
});
