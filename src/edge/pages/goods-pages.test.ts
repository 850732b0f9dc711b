import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Browser, pagesServer } from "../../../test/support/world/pages-server.ts";
import type { Propose } from "../../core/protocol/schemas.ts";

const { rich, carrier, signedIn, proposed, seen, open, shopDoes, carrierDoes, operatorDoes, pass } =
  await pagesServer({
    after,
  });

/** A trade of three pieces, frozen; with its buyer's browser and the path of its page. */
async function reserved(more: Partial<Propose> = {}, fields: Record<string, string> = {}) {
  const { number, link } = await proposed({ acceptance: { by: ["buyer"], autoAfter: "P7D" }, ...more });
  const buyer = await signedIn(rich);
  const approval = await open(buyer, link);
  const form = { method: rich.methods[0]?.id ?? "", ...fields };
  assert.equal((await buyer.send(approval, "approve-form", form)).status, 303);
  return { number, buyer, path: `/trades/${number}` };
}

const parcel = { carrier: "Hayabusa", number: "P-1", url: "https://hayabusa.example/P-1" };
const leadOf = async (buyer: Browser, path: string) =>
  /id="now"[^>]*>([^<]*)</.exec((await buyer.get(path)).html)?.[1] ?? "";
const placesIn = ({ html }: { html: string }) =>
  [...html.matchAll(/data-place="(\w+)"/g)].map(([, place]) => place);
const datesIn = ({ html }: { html: string }) =>
  [...html.matchAll(/data-deadline="(\w+)"/g)].map(([, name]) => name);

test("the buyer's page follows the goods from the shop to the door, and says whose word counts and what silence does", async () => {
  const { number, buyer, path } = await reserved({ carrier: carrier.id, shipWithin: "P14D" });
  const before = await buyer.get(path);
  assert.deepEqual(placesIn(before), ["unshipped"]);
  assert.deepEqual(datesIn(before), ["shipBy", "reservedUntil"]);
  assert.match(before.html, /id="word">you or the carrier</);
  assert.match(await leadOf(buyer, path), /has not shipped anything yet/);

  await shopDoes(number, { do: "ship", lines: [{ line: 1, quantity: 2 }], tracking: parcel });
  const shipped = await buyer.get(path);
  assert.deepEqual(placesIn(shipped), ["unshipped", "way"]);
  assert.match(
    shipped.html,
    /data-parcel="P-1".*<a href="https:\/\/hayabusa\.example\/P-1" rel="noopener noreferrer" data-follow[=">]/s,
  );
  assert.deepEqual(datesIn(shipped), ["shipBy", "deliverBy", "reservedUntil"]);

  await carrierDoes(number, { do: "ship", tracking: { number: "P-1" } });
  assert.deepEqual(placesIn(await buyer.get(path)), ["unshipped", "carried"]);
  await carrierDoes(number, { do: "at-door" });
  assert.deepEqual(placesIn(await buyer.get(path)), ["unshipped", "door"]);
  await carrierDoes(number, { do: "deliver", tracking: { number: "P-1" } });
  const here = await buyer.get(path);
  assert.deepEqual(placesIn(here), ["unshipped", "here"]);
  assert.ok(datesIn(here).includes("acceptBy") && !datesIn(here).includes("deliverBy"));

  // Accepting everything means what has come, and nothing is asked once more.
  assert.equal((await buyer.send(path, "accept-all-form")).to, `${path}?done=accept`);
  assert.equal((await seen(number)).settled, 2400);
  assert.match(await leadOf(buyer, path), /A part is accepted/);
  const sure = await buyer.send(path, "cancel-form", { "quantity-1": "1" });
  assert.equal(sure.status, 422);
  assert.match(sure.html, /id="sure">Shall this be called off\? <[^>]*>¥1,200</);
  const rest = await buyer.send(path, "cancel-form", { "quantity-1": "1", sure: "yes" });
  assert.equal(rest.to, `${path}?done=cancel`);
  assert.match((await buyer.get(rest.to)).html, /id="done".*is called off/s);
  const { state, settled, released } = await seen(number);
  assert.deepEqual([state, settled, released], ["settled", 2400, 1200]);
});

test("the shop's own word asks the buyer and pays nothing, unless the buyer has ticked that it counts", async () => {
  const { number, link } = await proposed({ acceptance: { by: ["buyer"], autoAfter: "P7D" } });
  const buyer = await signedIn(rich);
  const approval = await open(buyer, link);
  assert.match(
    (await buyer.get(approval)).html,
    /<input type="checkbox" name="shopWord" value="yes" id="shopWord"/,
  );
  await buyer.send(approval, "approve-form", { method: rich.methods[0]?.id ?? "" });
  await shopDoes(number, { do: "deliver" });
  const page = await buyer.get(`/trades/${number}`);
  assert.deepEqual(placesIn(page), ["claimed"]);
  assert.match(page.html, /id="word">you</);
  assert.match(await leadOf(buyer, `/trades/${number}`), /Has it come\?/);
  assert.equal((await seen(number)).deadlines.acceptBy, null);

  const ticked = await reserved({}, { shopWord: "yes" });
  await shopDoes(ticked.number, { do: "deliver" });
  assert.match((await ticked.buyer.get(ticked.path)).html, /id="word">you or the shop</);
  assert.notEqual((await seen(ticked.number)).deadlines.acceptBy, null);

  const { link: carried } = await proposed({ carrier: carrier.id });
  const other = await buyer.get(await open(buyer, carried));
  assert.ok(
    !other.html.includes('id="shopWord"'),
    "an independent carrier brings it: the shop's word does not matter",
  );
});

test("what is wrong, missing or never came: each kind has its way, and what goes back has its parcel", async () => {
  const { number, buyer, path } = await reserved({ carrier: carrier.id });
  await shopDoes(number, { do: "ship", tracking: parcel });
  const early = await buyer.get(path);
  assert.ok(
    early.html.includes('id="reject-kind-missing"') && !early.html.includes("reject-kind-never_came"),
  );
  await carrierDoes(number, { do: "deliver", tracking: { number: "P-1" } });
  assert.ok((await buyer.get(path)).html.includes("reject-kind-never_came"));
  const reason = "The lid is broken.";
  const refused = await buyer.send(path, "reject-form", { "quantity-1": "1", kind: "stolen", reason });
  assert.equal(refused.status, 422);
  for (const kind of ["wrong", "missing", "never_came"]) {
    const { to } = await buyer.send(path, "reject-form", { "quantity-1": "1", kind, reason });
    assert.equal(to, `${path}?done=reject`, kind);
  }
  const rejected = await buyer.get(path);
  assert.deepEqual(placesIn(rejected), ["toSend", "missing", "neverCame"]);
  assert.ok(datesIn(rejected).includes("returnBy") && datesIn(rejected).includes("inspectBy"));
  assert.equal((await buyer.send(path, "send-back-form", { parcel: "B-1" })).to, `${path}?done=send-back`);
  const back = await buyer.get(path);
  assert.deepEqual(placesIn(back), ["missing", "neverCame", "homeward"]);
  assert.match(back.html, /data-parcel="B-1"/);
  await shopDoes(number, {
    do: "dispute",
    reason: "It was used.",
    contest: "used",
    tracking: { number: "B-1" },
  });
  const contested = await buyer.get(path);
  assert.match(contested.html, /data-contested="used".*it was used or damaged/s);
  assert.match(contested.html, /If it says nothing, that counts as agreed/, "of what is missing it does");
});

test("a dispute: the other side answers, offers and takes an offer; each side opens one of its own", async () => {
  const { number, buyer, path } = await reserved();
  await shopDoes(number, { do: "ship" });
  await shopDoes(number, { do: "dispute", reason: "The buyer cannot be reached." });
  const asked = await buyer.get(path);
  assert.match(await leadOf(buyer, path), /asked to answer/);
  assert.ok(datesIn(asked).includes("answerBy") && datesIn(asked).includes("decideBy"));
  assert.match((await buyer.send(path, "answer-form")).html, /id="answer-statement-error"/);
  assert.equal(
    (await buyer.send(path, "answer-form", { statement: "Here I am." })).to,
    `${path}?done=answer`,
  );
  assert.ok(!(await buyer.get(path)).html.includes('id="answer-form"'));
  for (const pay of ["4,000", "-1", "lots"])
    assert.match((await buyer.send(path, "offer-form", { pay })).html, /id="offer-pay-error"/, pay);
  assert.equal((await buyer.send(path, "offer-form", { pay: "600" })).to, `${path}?done=offer`);
  assert.match((await buyer.get(path)).html, /id="offered".*¥600.*¥3,000.*waits for the other side/s);
  const stale = (await seen(number)).offer?.version ?? 0;
  await shopDoes(number, { do: "offer", release: 2600, pay: 1000 });
  const old = await buyer.post(`${path}/accept-offer`, { version: String(stale) });
  assert.equal(old.status, 409);
  assert.match(old.html, /id="refused"/);
  const taken = await buyer.send(path, "accept-offer-form");
  assert.equal(taken.to, `${path}?done=accept-offer`, /id="refused".*?<\/div>/s.exec(taken.html)?.[0]);
  const { state, settled, released } = await seen(number);
  assert.deepEqual([state, settled, released], ["settled", 1000, 2600]);

  const own = await reserved();
  await own.buyer.send(own.path, "dispute-form", { reason: "No." });
  assert.ok(!(await own.buyer.get(own.path)).html.includes('id="dispute-form"'));
});

test("the shop's wish to keep the money frozen is the buyer's to grant", async () => {
  const { number, buyer, path } = await reserved();
  const until = (await seen(number)).deadlines.reservedUntil ?? "";
  const wish = new Date(Date.parse(until) + 20 * 86_400_000).toISOString();
  await shopDoes(number, { do: "extend", until: wish });
  assert.equal((await seen(number)).deadlines.reservedUntil, until);
  assert.match((await buyer.get(path)).html, /id="wish"/);
  assert.equal((await buyer.send(path, "wish-yes-form")).to, `${path}?done=extend`);
  assert.equal((await seen(number)).deadlines.reservedUntil, wish);
  assert.doesNotMatch((await buyer.get(path)).html, /id="wish"/);
});

test("what has left is not cancelled by a press, and what does not come becomes the shop's to answer", async () => {
  const { number, buyer, path } = await reserved();
  await shopDoes(number, { do: "ship", tracking: parcel });
  const whole = await buyer.post(`${path}/cancel`);
  assert.equal(whole.status, 409);
  assert.match(whole.html, /id="refused".*It has left the shop/s);
  assert.doesNotMatch(whole.html, /`lines`/, "programs read that, people do not");
  const early = await buyer.post(`${path}/not-come`);
  assert.equal(early.status, 409);
  assert.ok(!early.html.includes('id="not-come-form"'));
  await pass(15);
  const again = await signedIn(rich);
  const late = await again.get(path);
  assert.deepEqual(placesIn(late), ["late"]);
  assert.match(await leadOf(again, path), /should have come by now/);
  assert.ok(late.html.includes("reject-kind-never_came"));
  assert.equal((await again.send(path, "not-come-form")).to, `${path}?done=not-come`);
  const trade = await seen(number);
  assert.deepEqual([trade.state, trade.dispute?.asked], ["disputed", ["shop"]]);

  await shopDoes(number, { do: "answer", statement: "It stands at the customs." });
  await operatorDoes(number, { do: "resolve", outcome: "resume", reason: "They say so, too." });
  const waiting = (await again.get(path)).html;
  assert.ok(!waiting.includes('id="not-come-form"'), "an operator has looked at it");
  assert.ok(waiting.includes("reject-kind-never_came"));
});
