import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer, type Shown } from "../../../test/support/world/pages-server.ts";
import type { Propose } from "../../core/protocol/schemas.ts";

const { context, shop, rich, carrier, voucher, signedIn, proposed, open, confirmed, browser, seen } =
  await pagesServer({
    after,
  });
const { doorstep, trades, links } = context;
const price = 1234;
/** The price by itself: its digits may stand in a number that is drawn by chance. */
const alone = new RegExp(`(?<![0-9][ -]?)${price}(?![ -]?[0-9])`);
const atShop = { kind: "shop", id: shop } as const;
const [mandate] = Object.values(rich.mandates);

async function reserved(change: Partial<Propose> = {}): Promise<string> {
  const outcome = await trades.propose(atShop, {
    buyer: { member: rich.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 2, unitAmount: price }],
    approval: { mandate: mandate ?? "" },
    carrier: carrier.id,
    ...change,
  });
  if (outcome.how === "refused") assert.fail(outcome.problem.text);
  assert.equal(outcome.status, 201);
  return outcome.view.value.number;
}
const gift = {
  acceptance: { by: ["recipient" as const] },
  recipient: { name: "Aki Sato", address: "2-2 Kyoto" },
};

/** A page as it is read: what a device without a line takes out of a template is not there. */
const read = (html: string) => html.replaceAll(/<template.*?<\/template>/gs, "");

const codeIn = ({ html }: Shown): string | undefined =>
  /id="the-code">([0-9]{4}) ([0-9]{4})</.exec(html)?.slice(1).join("");

test("the carrier is at the door, the buyer asks for the code, and the carrier types it", async () => {
  const number = await reserved();
  const carriers = await signedIn(carrier);
  const buyers = await signedIn(rich);
  assert.ok(
    !(await buyers.get(`/trades/${number}`)).html.includes("door-code-form"),
    "nobody is at the door",
  );
  const early = await buyers.post(`/trades/${number}/door-code`);
  assert.deepEqual([early.status, codeIn(early)], [404, undefined]);
  const reported = await carriers.send(`/trades/${number}`, "at-door-form");
  assert.deepEqual([reported.status, reported.to], [303, `/trades/${number}?done=at-door`]);
  const page = await buyers.get(`/trades/${number}`);
  assert.match(page.html, /<details class="act" id="door-part">/, "folded until it is asked for");
  assert.equal(codeIn(page), undefined);
  assert.match(page.html, /giving it pays/);
  const shown = await buyers.send(`/trades/${number}`, "door-code-form");
  const code = codeIn(shown);
  assert.match(code ?? "", /^[0-9]{8}$/);
  for (const path of [`/trades/${number}`, "/trades"]) {
    assert.ok(!(await carriers.get(path)).html.includes(code ?? "x"), "the carrier does not see it");
  }
  const asCarrier = await carriers.post(`/trades/${number}/door-code`);
  assert.deepEqual([asCarrier.status, codeIn(asCarrier)], [403, undefined]);
  const wrong = await carriers.send(`/trades/${number}`, "by-code-form", { code: "12" });
  assert.equal(wrong.status, 422);
  assert.match(wrong.html, /id="by-code-code-error"/);
  assert.equal((await carriers.send(`/trades/${number}`, "by-code-form", { code: "00000000" })).status, 403);
  const typed = `${code?.slice(0, 4)} ${code?.slice(4)}`;
  const taken = await carriers.send(`/trades/${number}`, "by-code-form", { code: typed });
  assert.deepEqual([taken.status, taken.to], [303, `/trades/${number}?done=accept`]);
  assert.equal((await seen(number)).settled, 2 * price);
});

test("a part is accepted by the code, of what is there; the code stands there for a camera as well", async () => {
  const number = await reserved();
  const carriers = await signedIn(carrier);
  const buyers = await signedIn(rich);
  await carriers.send(`/trades/${number}`, "at-door-form");
  const shown = await buyers.send(`/trades/${number}`, "door-code-form");
  assert.match(
    shown.html,
    /<svg class="squares" id="the-square"[^>]*role="img" aria-label="The code, for a camera"/,
  );
  const code = codeIn(shown) ?? "";
  const tooMany = await carriers.send(`/trades/${number}`, "by-part-form", { code, "quantity-1": "3" });
  assert.equal(tooMany.status, 422);
  assert.match(tooMany.html, /id="by-part-quantity-1-error"/);
  const taken = await carriers.send(`/trades/${number}`, "by-part-form", { code, "quantity-1": "1" });
  assert.deepEqual([taken.status, taken.to], [303, `/trades/${number}?done=accept`]);
  const { settled, frozen } = await seen(number);
  assert.deepEqual([settled, frozen], [price, price]);
});

test("a device is told its key by a session only, and each party another one", async () => {
  const carriers = await signedIn(carrier);
  const told = await carriers.get("/round/key");
  assert.match(told.html, /^[A-Za-z0-9_-]{22} [A-Za-z0-9+/]{43}=$/);
  const [tag = "", key = ""] = told.html.split(" ");
  assert.match((await carriers.get("/trades")).html, new RegExp(`<body data-round="${tag}">`));
  assert.ok(!(await carriers.get("/trades")).html.includes(key));
  const buyers = await signedIn(rich);
  const [theirs = "", theirKey] = (await buyers.get("/round/key")).html.split(" ");
  assert.notEqual(theirs, tag);
  assert.notEqual(theirKey, key);
  assert.match((await buyers.get("/trades")).html, new RegExp(`<body data-round="${theirs}">`));
  assert.equal((await browser().get("/round/key")).status, 401);
  assert.ok(!(await browser().get("/signin")).html.includes("data-round"));
});

test("a guest who is there by their own link is shown the code", async () => {
  const { number, link } = await proposed({ acceptance: { by: ["buyer"] }, carrier: carrier.id });
  const guests = browser();
  const form = await confirmed(guests, link);
  const fields = { name: "Guest", address: "Nara", birthDate: "1980-02-03", phone: "0742-1" };
  const approved = await guests.send(form, "guest-form", {
    ...fields,
    methodKind: "prepaid",
    token: voucher.code,
  });
  assert.equal(approved.status, 303, approved.html.slice(-800));
  assert.equal(
    (await trades.move({ kind: "carrier", id: carrier.id }, number, { do: "at-door" })).status,
    200,
  );
  const shown = await guests.send(`/trades/${number}`, "door-code-form");
  assert.match(codeIn(shown) ?? "", /^[0-9]{8}$/);
});

test("the recipient's link shows without price and payer; with the code of the parcel it accepts", async () => {
  const number = await reserved(gift);
  const link = doorstep.recipientLink(number);
  const code = doorstep.recipientCode(number);
  const recipients = browser();
  const before = await seen(number);
  assert.equal(await open(recipients, link), `/gifts/${number}`);
  assert.equal(recipients.cookies.get("kenshu_gift"), link.slice("/gift/".length));
  const page = await recipients.get(`/gifts/${number}`);
  assert.equal(page.status, 200);
  assert.doesNotMatch(page.html, alone);
  for (const hidden of ["1,234", "2,468", rich.number, "Hana", "JPY", "¥"])
    assert.ok(!page.html.includes(hidden), hidden);
  assert.deepEqual(await seen(number), before, "looking has no effect");
  assert.ok(!read(page.html).includes("accept-all-form"), "nothing is offered before the code is typed");
  for (const giftCode of ["", "1", "00000000"]) {
    const refused = await recipients.send(`/gifts/${number}`, "gift-code-form", { giftCode });
    assert.ok(refused.status === 422 || refused.status === 403, `${giftCode}: ${refused.status}`);
    assert.match(refused.html, /href="#gift-giftCode".*id="gift-giftCode-error"/s);
    assert.equal(recipients.cookies.get("kenshu_gift_code"), undefined);
  }
  const known = await recipients.send(`/gifts/${number}`, "gift-code-form", { giftCode: code });
  assert.deepEqual([known.status, known.to], [303, `/gifts/${number}`]);
  const acts = await recipients.get(`/gifts/${number}`);
  assert.ok(!acts.html.includes('name="giftCode"'), "it is asked for once");
  assert.ok(!acts.html.includes('id="reject-form"'), "nothing has come that could be wrong");
  const come = await recipients.send(`/gifts/${number}`, "deliver-form");
  assert.deepEqual([come.status, come.to], [303, `/gifts/${number}?done=deliver`]);
  const rejected = await recipients.send(`/gifts/${number}`, "reject-form", {
    "quantity-1": "1",
    reason: "broken",
  });
  assert.deepEqual([rejected.status, rejected.to], [303, `/gifts/${number}?done=reject`]);
  const back = await recipients.send(`/gifts/${number}`, "send-back-form", { parcel: "B-1" });
  assert.deepEqual([back.status, back.to], [303, `/gifts/${number}?done=send-back`]);
  assert.equal((await seen(number)).lots.find(({ at }) => at === "rejected")?.back, "B-1");
  const accepted = await recipients.send(`/gifts/${number}`, "accept-all-form");
  assert.deepEqual([accepted.status, accepted.to], [303, `/gifts/${number}?done=accept`]);
  assert.equal((await recipients.get(accepted.to)).status, 200);
  assert.equal((await seen(number)).settled, price);
});

test("the recipient gives a code at the door, after that of the parcel", async () => {
  const number = await reserved(gift);
  const recipients = browser();
  await open(recipients, doorstep.recipientLink(number));
  assert.equal(
    (await trades.move({ kind: "carrier", id: carrier.id }, number, { do: "at-door" })).status,
    200,
  );
  const bare = await recipients.post(`/gifts/${number}/door-code`, { giftCode: "00000000" });
  assert.deepEqual([bare.status, codeIn(bare)], [403, undefined]);
  const giftCode = doorstep.recipientCode(number);
  await recipients.send(`/gifts/${number}`, "gift-code-form", { giftCode });
  const shown = await recipients.send(`/gifts/${number}`, "door-code-form");
  const carriers = await signedIn(carrier);
  const taken = await carriers.send(`/trades/${number}`, "by-code-form", { code: codeIn(shown) ?? "" });
  assert.equal(taken.status, 303);
  assert.equal((await seen(number)).settled, 2 * price);
});

test("who has no link sees a present by number and code, and cannot act; other links open nothing", async () => {
  const number = await reserved(gift);
  const someone = browser();
  const code = doorstep.recipientCode(number);
  const shown = await someone.send("/gift", "gift-form", { number, giftCode: code });
  assert.equal(shown.status, 200);
  assert.match(shown.html, /id="look-only"/);
  assert.ok(!shown.html.includes("accept-all-form") && !alone.test(shown.html));
  assert.equal((await someone.get(`/gifts/${number}`)).to, "/gift");
  for (const act of ["deliver", "accept", "reject", "send-back", "door-code", "code"]) {
    const acted = await someone.post(`/gifts/${number}/${act}`, { giftCode: code });
    assert.deepEqual([acted.status, acted.to], [303, "/gift"], act);
  }
  for (const fields of [
    { number, giftCode: "00000000" },
    { number: "1", giftCode: code },
    { number, giftCode: "" },
  ]) {
    const refused = await someone.send("/gift", "gift-form", fields);
    assert.ok(refused.status === 403 || refused.status === 422, JSON.stringify(fields));
  }
  for (const link of [`/gift/${links.tokenFor(number)}`, `${doorstep.recipientLink(number)}0`])
    assert.equal((await someone.get(link)).status, 404);
  const buyersLink = `/approve/${doorstep.recipientLink(number).slice("/gift/".length)}`;
  assert.equal((await someone.get(buyersLink)).status, 404, "nor is it a link of the buyer's");
  const other = await reserved(gift);
  await open(someone, doorstep.recipientLink(other));
  assert.equal((await someone.get(`/gifts/${number}`)).to, "/gift");
  assert.equal((await seen(number)).settled, 0);
});

test("a present is said to be one, and from whom; nobody else is told, and no way leads elsewhere", async () => {
  const number = await reserved({
    ...gift,
    recipient: { ...gift.recipient, from: "Hana <b>", greeting: "Happy birthday!" },
  });
  const recipients = browser();
  await open(recipients, doorstep.recipientLink(number));
  const page = await recipients.get(`/gifts/${number}`);
  assert.match(page.html, /<h1>A present for you<\/h1>.*id="gift-from".*Hana &lt;b>.*Happy birthday!/s);
  for (const missing of ["/join", "/signin", "proposed the trade", "data-live"])
    assert.ok(!page.html.includes(missing), missing);
  const byCode = await browser().send("/gift", "gift-form", {
    number,
    giftCode: doorstep.recipientCode(number),
  });
  assert.match(byCode.html, /id="gift-from".*Hana &lt;b>/s);
  const buyers = await signedIn(rich);
  const own = await buyers.get(`/trades/${number}`);
  assert.match(own.html, /id="present-for".*Aki Sato.*Hana &lt;b>.*Happy birthday!/s);
  assert.match(own.html, /data-share="[^"]*\/gift\/kg_/);
  const carriers = await signedIn(carrier);
  const brought = await carriers.get(`/trades/${number}`);
  for (const hidden of ["Hana", "Happy birthday"]) assert.ok(!brought.html.includes(hidden), hidden);
  const known = await trades.recipient({ kind: "carrier", id: carrier.id }, number);
  assert.deepEqual([known?.name, known?.giver, known?.greeting], ["Aki Sato", null, null]);
});

test("before anything has come, a recipient is asked once more, and who brings it has one main button", async () => {
  const number = await reserved(gift);
  const recipients = browser();
  await open(recipients, doorstep.recipientLink(number));
  await recipients.send(`/gifts/${number}`, "gift-code-form", { giftCode: doorstep.recipientCode(number) });
  const page = await recipients.get(`/gifts/${number}`);
  assert.match(page.html, /<details class="act" id="accept-early">/, "folded away");
  const asked = await recipients.send(`/gifts/${number}`, "accept-all-form");
  assert.equal(asked.status, 422);
  assert.match(asked.html, /id="sure"/);
  assert.doesNotMatch(asked.html, alone);
  assert.equal((await seen(number)).settled, 0, "one press pays nothing");
  const mains = ({ html }: Shown) =>
    [
      ...html.matchAll(
        /<button[^>]*class="button(?: wide-button)?"[^>]*id="([a-z-]+)"|id="([a-z-]+)"[^>]*class="button(?: wide-button)?"/g,
      ),
    ].map(([, one, other]) => one ?? other);
  const carriers = await signedIn(carrier);
  const path = `/trades/${number}`;
  assert.deepEqual(mains(await carriers.get(path)), ["ship"]);
  await carriers.send(path, "ship-form", { parcel: "P-1" });
  assert.deepEqual(mains(await carriers.get(path)), ["at-door"]);
  await carriers.send(path, "at-door-form", { parcel: "P-1" });
  assert.deepEqual(mains(await carriers.get(path)), ["by-code"]);
  const again = await recipients.get(`/gifts/${number}`);
  const shown = await recipients.send(`/gifts/${number}`, "accept-all-form", { sure: "yes" });
  assert.deepEqual([again.status, shown.status], [200, 303]);
  assert.equal((await seen(number)).settled, 2 * price);
});

test("the proof that a code was typed is of one trade, and ends", async () => {
  const [one, other] = [await reserved(gift), await reserved(gift)];
  const now = new Date("2030-01-01T00:00:00Z");
  const proof = doorstep.proofOf(one, now);
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  assert.ok(doorstep.isProof(proof, one, later(29)));
  assert.ok(!doorstep.isProof(proof, one, later(31)));
  assert.ok(!doorstep.isProof(proof, other, now));
  assert.ok(!doorstep.isProof(proof.replace(/_[0-9]{10}_/, "_9999999999_"), one, now));
  const someone = browser();
  someone.cookies.set("kenshu_gift_code", doorstep.proofOf(one, new Date()));
  const acted = await someone.post(`/gifts/${one}/accept`, { all: "yes", sure: "yes" });
  assert.deepEqual([acted.status, acted.to], [303, "/gift"], "without the link it opens nothing");
});
