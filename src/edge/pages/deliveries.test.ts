import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Browser, pagesServer } from "../../../test/support/world/pages-server.ts";
import { rawSql } from "../../storage/database/database.ts";
import type { AcceptorRole } from "../../core/protocol/protocol.ts";

const {
  context,
  rich,
  carrier,
  browser: stranger,
  signedIn,
  proposed,
  seen,
  open,
  shopDoes,
  server,
  adminKey,
} = await pagesServer({ after });

const recipient = {
  name: "Grandmother <b>",
  address: "5-5 Gion, Kyoto",
  contact: { phone: "+81 75-000 1111" },
};

/** A trade that the carrier brings, frozen. */
async function reserved(by: AcceptorRole[] = ["buyer", "carrier"]): Promise<string> {
  const { number, link } = await proposed({ carrier: carrier.id, acceptance: { by }, recipient });
  const buyer = await signedIn(rich);
  const { status } = await buyer.send(await open(buyer, link), "approve-form", {
    method: rich.methods[0]?.id ?? "",
  });
  assert.equal(status, 303);
  return number;
}

/** What the page says, without its marks, the numbers of trades, and the sentence under every page. */
const textOf = (html: string): string =>
  html
    .replace(/<footer.*<\/footer>/s, "")
    .replaceAll(/<span class="number".*?<\/span>/g, "")
    .replaceAll(/<[^>]+>/g, " ");

const money = /¥|1,?200|3,?600|[Ff]rozen|[Pp]aid|[Pp]rice/;
const told = (html: string, page: string) => assert.doesNotMatch(textOf(html), money, page);

test("a carrier sees what is to be brought, to whom, and nothing of price or payer", async () => {
  const first = await reserved();
  const { number: foreign } = await proposed();
  const phone = await signedIn(carrier);
  const { html } = await phone.get("/trades");
  assert.match(html, new RegExp(`id="todo".*id="trade-${first}"`, "s"));
  assert.ok(!html.includes(foreign));
  told(html, "list");
  const page = await phone.get(`/trades/${first}`);
  assert.ok(page.html.includes("Grandmother &lt;b>") && page.html.includes("5-5 Gion, Kyoto"));
  assert.ok(page.html.includes('href="tel:+81750001111"'));
  assert.ok(!page.html.includes(rich.number) && !page.html.includes(rich.email));
  told(page.html, "trade");
  const buyer = await signedIn(rich);
  assert.ok(
    !(await buyer.get(`/trades/${first}`)).html.includes("Gion"),
    "the address is for those who bring it",
  );
  assert.equal((await phone.get(`/trades/${foreign}`)).status, 404);
});

test("the number on a parcel leads to its trade, however it is typed", async () => {
  const number = await reserved();
  const phone = await signedIn(carrier);
  const spaced = `${number.slice(0, 4)} ${number.slice(4, 8)}-${number.slice(8)}`;
  const wide = number
    .split("")
    .map((digit) => String.fromCodePoint(0xff10 + Number(digit)))
    .join("");
  for (const typed of [number, spaced, wide]) {
    const { to } = await phone.get(`/trades/find?number=${encodeURIComponent(typed)}`);
    assert.equal(to, `/trades/${number}`, typed);
  }
  const last = (Number(number.at(-1)) + 1) % 10;
  for (const typed of ["", "12", "<b>", `${number.slice(0, -1)}${last}`]) {
    const { status, html } = await phone.get(`/trades/find?number=${encodeURIComponent(typed)}`);
    assert.equal(status, 422, typed);
    assert.ok(html.includes('id="number-error"') && !html.includes("<b>"), typed);
  }
  assert.equal((await stranger().get("/trades/find?number=1")).to, "/signin?next=/trades");
  assert.equal((await (await signedIn(rich)).get("/trades/find?number=1")).status, 422);
});

const lastEvent = async (number: string, type: string) => {
  const found = await context.trades.events({ kind: "carrier", id: carrier.id }, number);
  return found?.items.findLast((event) => event.type === type);
};

test("a carrier reports the delivery, accepts where it may, and keeps the receipt with it", async () => {
  const number = await reserved();
  const phone = await signedIn(carrier);
  const path = `/trades/${number}`;
  const card = await phone.send(path, "deliver-form", { reference: "4111 1111 1111 1111" });
  assert.equal(card.status, 422);
  assert.match(card.html, /id="deliver-reference-error"/);
  assert.equal((await phone.send(path, "deliver-form", { reference: "P-17" })).to, `${path}?done=deliver`);
  const receipt = { kind: "receipt", reference: "P-17" };
  assert.deepEqual((await lastEvent(number, "trade.delivered"))?.data["evidence"], receipt);
  told((await phone.get(`${path}?done=deliver`)).html, "delivered");
  const { to } = await phone.send(path, "accept-all-form", { reference: "S-1" });
  assert.equal(to, `${path}?done=accept`);
  const { html } = await phone.get(to);
  told(html, "accepted");
  assert.ok(html.includes("The acceptance is noted") && !html.includes("Gion"));
  assert.equal((await seen(number)).state, "settled");
  assert.match((await phone.get("/trades")).html, new RegExp(`id="rest".*id="trade-${number}"`, "s"));
});

test("a carrier who is no acceptor is offered no acceptance, and gets none by asking", async () => {
  const number = await reserved(["buyer"]);
  const phone = await signedIn(carrier);
  const path = `/trades/${number}`;
  assert.ok(!(await phone.get(path)).html.includes('id="accept-all-form"'));
  const refused = await phone.post(`${path}/accept`, { all: "yes" });
  assert.equal(refused.status, 403);
  assert.match(refused.html, /id="refused"/);
  assert.equal((await seen(number)).settled, 0);
});

async function rejectOne(buyer: Browser, path: string): Promise<void> {
  const { status } = await buyer.send(path, "reject-form", {
    "quantity-1": "1",
    reason: "The lid is broken.",
  });
  assert.equal(status, 303);
}

test("a carrier picks up, brings, and takes back what was rejected; the shop has the last word", async () => {
  const number = await reserved();
  const phone = await signedIn(carrier);
  const buyer = await signedIn(rich);
  const path = `/trades/${number}`;
  assert.equal((await phone.send(path, "ship-form", { parcel: "P-1" })).to, `${path}?done=ship`);
  const onTheWay = await phone.get(path);
  assert.match(onTheWay.html, /data-place="carried".*data-parcel="P-1"/s);
  told(onTheWay.html, "shipped");
  const other = await phone.send(path, "deliver-form", { parcel: "P-2" });
  assert.equal(other.status, 422);
  assert.match(other.html, /id="deliver-parcel-error"/);
  assert.equal((await phone.send(path, "deliver-form", { parcel: "P-1" })).to, `${path}?done=deliver`);
  assert.deepEqual(
    (await seen(number)).lots.map(({ at, parcel, seen: by }) => [at, parcel, by]),
    [["delivered", "P-1", "delivered"]],
  );
  assert.ok(!(await phone.get(path)).html.includes('id="return-form"'));
  await rejectOne(buyer, path);
  assert.ok(!(await buyer.get(path)).html.includes('id="return-form"'));
  const waiting = await phone.get(path);
  assert.ok(waiting.html.includes("Picked up, to go back"));
  told(waiting.html, "to go back");
  assert.equal((await phone.send(path, "send-back-form", { parcel: "B-1" })).to, `${path}?done=send-back`);
  const { to } = await phone.send(path, "return-form", { parcel: "B-1", reference: "R-2" });
  assert.equal(to, `${path}?done=return`);
  const trade = await seen(number);
  assert.equal(trade.released, 0, "the carrier's word starts the time in which the shop looks at it");
  assert.equal(trade.lots.find(({ at }) => at === "rejected")?.home, "back");
  const { html } = await phone.get(to);
  told(html, "returned");
  assert.ok(!html.includes('id="return-form"'));
  await shopDoes(number, { do: "return" });
  assert.equal((await seen(number)).released, 1200);
});

test("a carrier's number is that of goods that were sent without one", async () => {
  const number = await reserved();
  await shopDoes(number, { do: "ship" });
  const phone = await signedIn(carrier);
  assert.equal((await phone.send(`/trades/${number}`, "deliver-form", { parcel: "P-5" })).status, 303);
  assert.deepEqual(
    (await seen(number)).lots.map(({ at, parcel }) => [at, parcel]),
    [["delivered", "P-5"]],
  );
});

test("what is refused at the door goes back as rejected", async () => {
  const number = await reserved();
  await shopDoes(number, { do: "ship", tracking: { number: "P-9" } });
  const phone = await signedIn(carrier);
  const path = `/trades/${number}`;
  assert.match((await phone.get(path)).html, /id="ship-parcel"[^>]*value="P-9"/, "its number is known");
  assert.match((await phone.get(path)).html, /Refused at the door/);
  await phone.send(path, "ship-form", { parcel: "P-9" });
  assert.equal((await phone.send(path, "send-back-form", { parcel: "P-9" })).status, 303);
  const [lot] = (await seen(number)).lots;
  assert.deepEqual([lot?.at, lot?.home], ["rejected", "picked_up"]);
});

/** A parcel of rejected goods that the carrier has picked up. */
async function pickedUp() {
  const number = await reserved();
  const phone = await signedIn(carrier);
  const buyer = await signedIn(rich);
  const path = `/trades/${number}`;
  assert.equal((await phone.send(path, "deliver-form", { parcel: "P-1" })).status, 303);
  await rejectOne(buyer, path);
  assert.equal((await phone.send(path, "send-back-form", { parcel: "B-1" })).status, 303);
  return { number, phone, buyer, path };
}

test("a parcel that the shop does not take at its door counts as back, and the pages say so", async () => {
  const { number, phone, buyer, path } = await pickedUp();
  assert.equal((await phone.send(path, "return-form", { parcel: "B-1", notTaken: "refused" })).status, 303);
  const lot = (await seen(number)).lots.find(({ at }) => at === "rejected");
  assert.deepEqual([lot?.home, lot?.refused], ["back", true]);
  assert.match((await buyer.get(path)).html, /data-place="notTaken"/);
});

test("a parcel that cannot be brought to the shop is a dispute, and nobody is offered to send it again", async () => {
  const { number, phone, buyer, path } = await pickedUp();
  assert.equal(
    (await phone.send(path, "return-form", { parcel: "B-1", notTaken: "undeliverable" })).status,
    303,
  );
  const trade = await seen(number);
  assert.deepEqual([trade.state, trade.dispute?.by], ["disputed", "clock"]);
  const { html } = await buyer.get(path);
  assert.match(html, /data-place="astray"/);
  assert.ok(!html.includes('id="send-back-form"'));
});

/** A provider with a sign-in, whom two operators have admitted. */
async function newProvider(): Promise<{ id: string; email: string; password: string }> {
  const email = "ryokan@example.com";
  const password = "a long password";
  const headers = { authorization: `Bearer ${adminKey}` };
  const payload = { name: "Ryokan Gion", contact: { email }, password };
  const reply = await server.inject({ method: "POST", url: "/v1/providers", headers, payload });
  const { id } = reply.json<{ id: string }>();
  await context.database.execute(rawSql("update parties set state = 'approved' where id = $1", [id]));
  return { id, email, password };
}

test("a provider is spoken to of services, has one main button, and takes a code", async () => {
  const provider = await newProvider();
  const by: AcceptorRole[] = ["buyer", "provider"];
  const { number, link } = await proposed({ provider: provider.id, acceptance: { by }, recipient });
  const buyer = await signedIn(rich);
  const approved = await buyer.send(await open(buyer, link), "approve-form", {
    method: rich.methods[0]?.id ?? "",
  });
  assert.equal(approved.status, 303, approved.html);
  const person = await signedIn(provider);
  const path = `/trades/${number}`;
  const mains = ({ html }: { html: string }) =>
    [...html.matchAll(/<button([^>]*)>/g)].flatMap(([, text = ""]) =>
      /class="button(?: wide-button)?"/.test(text) ? [/id="([a-z-]+)"/.exec(text)?.[1]] : [],
    );
  const first = await person.get(path);
  assert.match(textOf(first.html), /you can do it, or hand it over.*I am with the customer.*It is done/s);
  assert.doesNotMatch(textOf(first.html), /I am at the door|Picked up|has been delivered/);
  told(first.html, "provider");
  assert.deepEqual(mains(first), ["at-door"]);
  assert.equal((await person.send(path, "at-door-form")).status, 303);
  assert.deepEqual(mains(await person.get(path)), ["by-code"]);
  const shown = await buyer.send(path, "door-code-form");
  const code = /id="the-code">([0-9]{4}) ([0-9]{4})</.exec(shown.html)?.slice(1).join("") ?? "";
  const taken = await person.send(path, "by-code-form", { code });
  assert.deepEqual([taken.status, taken.to], [303, `${path}?done=accept`]);
  assert.equal((await seen(number)).state, "settled");
  assert.match(textOf((await person.get("/trades")).html), /Services/);
});
