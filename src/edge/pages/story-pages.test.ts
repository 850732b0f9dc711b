/** What the page of a trade says on the way to the end of its story, and that it says nothing else. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { problem } from "../../core/protocol/protocol.ts";
import type { Propose } from "../../core/protocol/schemas.ts";
import { setReturnUrls } from "../../storage/parties/parties.ts";
import { detailOf, render, Steps } from "../parts/parts.ts";
import { TradePage } from "../trade-views/trade-views.ts";

const world = await pagesServer({ after });
const { context, shop, rich, carrier, signedIn, proposed, seen, open, shopDoes, carrierDoes } = world;

/** A trade of three pieces, frozen; with its buyer's browser and the path of its page. */
async function reserved(more: Partial<Propose> = {}, fields: Record<string, string> = {}) {
  const { number, link } = await proposed({ acceptance: { by: ["buyer"], autoAfter: "P7D" }, ...more });
  const buyer = await signedIn(rich);
  const approval = await open(buyer, link);
  const form = { method: rich.methods[0]?.id ?? "", ...fields };
  assert.equal((await buyer.send(approval, "approve-form", form)).status, 303);
  const path = `/trades/${number}`;
  const shown = async () => (await buyer.get(path)).html;
  return { number, buyer, path, shown };
}

const stepsIn = (html: string) =>
  [...html.matchAll(/<li( class="done")?( aria-current="step")?>(\w+)</g)].map(([, done, next, name]) =>
    done !== undefined ? `${name} done` : next !== undefined ? `${name} next` : `${name}`,
  );

test("nothing is agreed while a trade waits for its approval, and the next step is said", async () => {
  assert.deepEqual(stepsIn(render(Steps, { state: "proposed" })), [
    "Agreed next",
    "Frozen",
    "Delivered",
    "Accepted",
    "Paid",
  ]);
  const { shown } = await reserved();
  assert.deepEqual(stepsIn(await shown()), [
    "Agreed done",
    "Frozen done",
    "Delivered next",
    "Accepted",
    "Paid",
  ]);
  assert.match(await shown(), /Delivered<span class="hidden">: <\/span><span class="next">next</);
});

test("the buyer's page leads back to the shop, where it has said a place", async () => {
  const without = await reserved();
  assert.doesNotMatch(await without.shown(), /id="to-shop"/);
  const place = "https://shop.example/back";
  await setReturnUrls(context.database, shop, [place]);
  const { number, shown } = await reserved({ returnUrl: place });
  const link = `${place}?trade=${number}&amp;state=reserved`;
  assert.ok((await shown()).includes(`id="to-shop" href="${link}"`), await shown());
});

test("with a day of payment nothing is said to be paid before it", async () => {
  const [row] = await context.database.query<{ day: string }>({
    text: "select to_char(kenshu_now() + interval '5 days', 'YYYY-MM-DD') as day",
    values: [],
  });
  const when = { paymentOn: "date", paymentDate: row?.day ?? "" };
  const { buyer, path } = await reserved({}, when);
  const { to } = await buyer.send(path, "accept-all-form", { sure: "yes" });
  const { html } = await buyer.get(to);
  assert.match(html, /id="done".*What you accepted is paid on the day that was agreed\./s);
  assert.match(html, /<dt>When it is paid<\/dt>/);
});

test("an offer that is taken is no decision, and money that came back was given by no buyer", async () => {
  const { number, buyer, path, shown } = await reserved({
    coolingOff: { for: "P14D", goods: "return" },
  });
  await shopDoes(number, { do: "ship" });
  await buyer.send(path, "accept-all-form", { sure: "yes" });
  await buyer.send(path, "withdraw-form", { "quantity-1": "3", reason: "Too small." });
  await shopDoes(number, { do: "offer", release: 0, pay: 0, refund: 3600 });
  assert.equal((await buyer.send(path, "accept-offer-form")).status, 303);
  const trade = await seen(number);
  assert.deepEqual([trade.settled, trade.refunded], [3600, 3600]);
  const html = await shown();
  assert.match(html, /You took the other side's offer\./);
  assert.match(html, /Money came back to the buyer\./);
  assert.doesNotMatch(html, /(?:You|The buyer) (?:decided the dispute|gave money back)/);
  assert.match(html, /id="now" data-lead="paidBack"/);
  assert.match(html, /class="badge tone-calm" data-state="settled".*Paid back/s);
});

test("a day too late for more time is a mistake at its field, which names the days there are", async () => {
  const { number, buyer, path } = await reserved({ carrier: carrier.id });
  await carrierDoes(number, { do: "deliver" });
  const { deadlines } = await seen(number);
  const late = new Date(Date.parse(deadlines.acceptBy ?? "") + 30 * 86_400_000).toISOString().slice(0, 10);
  const refused = await buyer.send(path, "extend-form", { until: late });
  assert.equal(refused.status, 422);
  assert.match(
    refused.html,
    /id="extend-until-error"[^>]*>Choose a day from \d+ \w+ \d{4} to \d+ \w+ \d{4}\./,
  );
  assert.doesNotMatch(refused.html, /366 days|id="refused"/);
  const last = /max="([^"]+)"/.exec(refused.html.split('id="extend-until"')[1] ?? "")?.[1] ?? "";
  assert.equal((await buyer.send(path, "extend-form", { until: last })).status, 303);
});

test("a scan keeps the name of the carrier and where a parcel is followed", async () => {
  const { number, shown } = await reserved({ carrier: carrier.id });
  const url = "https://hayabusa.example/P-1";
  await shopDoes(number, { do: "ship", tracking: { carrier: "Hayabusa Express", number: "P-1", url } });
  await carrierDoes(number, { do: "ship", tracking: { number: "P-1" } });
  assert.match(await shown(), /Hayabusa Express<\/bdi>, parcel <bdi>P-1.*hayabusa\.example\/P-1/s);
  // Another carrier is not followed at the first one's address.
  await carrierDoes(number, { do: "deliver", tracking: { number: "P-1", carrier: "Tsubame" } });
  assert.deepEqual((await seen(number)).parcels, [{ number: "P-1", carrier: "Tsubame" }]);
});

test("who has rejected a part is told of both: what to look at, and what to send back", async () => {
  const { number, buyer, path, shown } = await reserved({ carrier: carrier.id });
  await carrierDoes(number, { do: "deliver" });
  await buyer.send(path, "reject-form", { "quantity-1": "1", kind: "wrong", reason: "Broken." });
  assert.match(
    await shown(),
    /id="now" data-lead="partlyRejected">A part was rejected and has to be sent back\./,
  );
});

test("no refusal tells people of minor units", () => {
  for (const code of ["amount_exceeds_settled", "amount_mismatch"] as const)
    assert.equal(detailOf(problem(code, "16800 was settled and not yet refunded."), "en"), undefined);
});

test("in a dispute each side adds words, reads the other's with who and when, and nobody else does", async () => {
  const { number, buyer, path, shown } = await reserved({ carrier: carrier.id });
  await shopDoes(number, { do: "ship" });
  assert.doesNotMatch(await shown(), /id="say-form"|id="said"/);
  assert.equal((await buyer.post(`${path}/say`, { words: "Hello." })).status, 409);
  await buyer.send(path, "dispute-form", { reason: "The box is wet." });
  const before = await seen(number);
  assert.equal((await buyer.send(path, "say-form", { words: "" })).status, 422);
  assert.equal((await buyer.send(path, "say-form", { words: "x".repeat(2001) })).status, 422);
  const added = await buyer.send(path, "say-form", { words: "And <b>torn</b>.\nLook at it." });
  assert.equal(added.to, `${path}?done=say`);
  await shopDoes(number, { do: "say", words: "Which side of it?" });
  const html = await shown();
  assert.match(
    html,
    /id="said".*The box is wet\..*data-said="trade\.said".*You.*And &lt;b>torn&lt;\/b>\.\nLook at it\..*<time .*The shop.*Which side of it\?/s,
  );
  const { deadlines, dispute } = await seen(number);
  assert.deepEqual([deadlines, dispute], [before.deadlines, before.dispute], "nobody has answered by that");
  const events = await context.trades.events({ kind: "carrier", id: carrier.id }, number);
  const said = events?.items.filter(({ type }) => type === "trade.said") ?? [];
  assert.equal(said.length, 2);
  assert.ok(
    !JSON.stringify(said).includes("torn"),
    "who carries it reads that something was said, and not what",
  );
});

test("where a guarantor stands for the buyer, no page says that money is frozen", async () => {
  const { number } = await reserved();
  const [trade, record] = await Promise.all([
    seen(number),
    context.trades.events({ kind: "shop", id: shop }, number),
  ]);
  const face = { name: "Kenshu", lead: "home.guarantor", money: "accounts" } as const;
  const shown = {
    frame: { face },
    trade,
    role: "buyer",
    events: record?.items ?? [],
    now: trade.updatedAt,
    once: "once",
  } as const;
  for (const [lang, stands, frozen] of [
    ["en", /Guaranteed<.*The guarantor stands for it\./s, /frozen/i],
    ["ja", /保証中<.*信用保証機関が代金を保証しています。/s, /凍結/],
  ] as const) {
    const html = render(TradePage, shown, { lang });
    assert.match(html, stands);
    assert.doesNotMatch(html.replaceAll(/<[^>]*>/g, " "), frozen);
  }
});
