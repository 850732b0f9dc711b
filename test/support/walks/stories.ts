/** What each of the people of a trade goes through, from its beginning to its end, at any of the servers. */
import assert from "node:assert/strict";
import { request, signIn } from "../wire/http.ts";
import type { Person } from "./person.ts";
import {
  buys,
  codeSent,
  comesBack,
  home,
  linkSent,
  looksAtTrade,
  opens,
  orders,
  part,
  paysAtCounter,
  personAt,
  type Scene,
  ships,
  staffOpens,
  state,
  tradeOf,
  voucher,
} from "./place.ts";

/** What was accepted is paid: at a guarantor once the buyer has paid at a counter, elsewhere at once. */
async function isPaid(scene: Scene, buyer: Person, number: string, amount: number): Promise<void> {
  if (scene.place !== "guarantor") {
    await buyer.until(part("settled"), async () => (await buyer.yen(part("settled"))) === amount);
    return;
  }
  await buyer.until("#due");
  assert.equal(await buyer.yen("#due"), amount);
  assert.equal((await buyer.text("#pay-number")).replaceAll(/[^0-9]/g, ""), number);
  await paysAtCounter(scene, number, amount);
  await buyer.until(part("settled"), async () => (await buyer.yen(part("settled"))) === amount);
  assert.ok(!(await buyer.has("#pay")), "nothing more is to be paid");
}

/** Orders three, approves, keeps two, sends one back, and sees exactly the two paid. */
async function buyerWalks(scene: Scene): Promise<void> {
  const buyer = await scene.crowd.somebody();
  const { number, amount } = await buys(scene, buyer, { quantity: 3 });
  await buyer.press("shop order.atInstitution");
  assert.equal(tradeOf(buyer), number);
  assert.deepEqual([await buyer.yen(part("frozen")), await buyer.yen(part("settled"))], [amount, 0]);
  await ships(scene, `B-${number}`);
  await buyer.reload();
  assert.match(await buyer.text("#where"), /B-/);
  await buyer.does("act.arrivedSubmit");
  await buyer.unfold("act.acceptPart");
  await buyer.fill({ "quantity-1": "2" }, "#accept-part");
  await buyer.does("act.acceptPartSubmit");
  await buyer.unfold("act.reject");
  await buyer.fill({ reason: "The lid is broken" }, "#reject-part");
  await buyer.does("act.rejectSubmit");
  await buyer.until('[data-place="toSend"]');
  await buyer.fill({ parcel: "R-1" }, "#send-back-form");
  await buyer.does("act.send-backSubmit");
  const staff = await staffOpens(scene);
  assert.match(await staff.text("#said"), /The lid is broken/);
  await staff.does("shop do.takeBack");
  await buyer.reload();
  assert.equal(await buyer.yen(part("released")), amount / 3);
  await isPaid(scene, buyer, number, (amount / 3) * 2);
}

/** Types who they are, as a guest or as somebody who joins. */
async function introduces(person: Person, form: string, name: string): Promise<void> {
  await person.fill({ name, address: "2-2 Chiyoda, Tokyo", birthDate: "1990-04-01" }, form);
}

/** Pays with a voucher without becoming a member, comes again on another device by the link, and accepts. */
async function guestWalks(scene: Scene): Promise<void> {
  const guest = await scene.crowd.somebody();
  const number = await orders(scene, guest);
  if (scene.place === "guarantor") {
    assert.ok(!(await guest.has("#as-guest")), "credit is for members");
    await guest.press("nav.join");
    assert.match(guest.page.url(), new RegExp(`/join\\?next=.*${number}`));
    return;
  }
  const amount = await guest.yen("#amount");
  await guest.unfold("approve.asGuest");
  await guest.fill({ email: `guest-${number}@example.com` }, "#guest-address-form");
  await guest.press("guest.sendCode");
  await guest.fill({ code: await codeSent(scene, number) }, "#guest-code-form");
  await guest.press("guest.confirm");
  assert.match(await guest.text("#confirmed-email"), new RegExp(`guest-${number}`));
  await introduces(guest, "#guest-form", "Nobody Known");
  await guest.fill({ token: await voucher(scene) }, "#guest-form");
  await guest.press("approve.submit");
  await comesBack(scene, guest);
  await guest.press("shop order.atInstitution");
  const link = await guest.text("#own-link code");
  await ships(scene, `G-${number}`);
  const elsewhere = await scene.crowd.somebody();
  await elsewhere.go(link);
  await elsewhere.until(state("reserved"));
  assert.ok(!(await elsewhere.has("#own-link")), "the link is shown once");
  await elsewhere.does("act.arrivedSubmit");
  await elsewhere.does("act.acceptAll");
  await isPaid(scene, elsewhere, number, amount);
  const stranger = await scene.crowd.somebody();
  await stranger.go(`${scene.demo[scene.place].url}/trades/${number}`);
  assert.match(stranger.page.url(), /\/signin/, "without the link there is nothing to see");
  assert.match(await linkSent(scene, number), /\/guest\/kb_/);
}

/** Gets a present: link from the buyer, code out of the parcel; sees no price, and accepts. */
async function recipientWalks(scene: Scene): Promise<void> {
  const buyer = await scene.crowd.somebody();
  const { number, amount } = await buys(scene, buyer, {
    fillIn: async () => {
      await buyer.choose("receiver", "other");
      const present = { recipientName: "Mei Ito", recipientAddress: "3-3 Minato, Tokyo", from: "Hana & Aki" };
      await buyer.fill(present);
    },
  });
  await buyer.press("shop order.presentLink");
  const link = await buyer.text("#recipient-link");
  const staff = await ships(scene, `P-${number}`);
  const code = await staff.text("#recipient-code");
  const mei = await scene.crowd.somebody();
  await mei.go(link);
  assert.match(await mei.text("#gift-from"), /Hana & Aki/);
  assert.doesNotMatch(await mei.text("body"), /[¥￥]|円|Sato/, "neither price nor payer");
  mei.isRefused(403);
  await mei.fill({ giftCode: "00000000" }, "#gift-code-form");
  await mei.press("gift.goOn");
  assert.ok(await mei.has("#gift-giftCode-error"), "what is wrong with the code stands at its field");
  await mei.fill({ giftCode: code }, "#gift-code-form");
  await mei.does("gift.goOn");
  assert.ok(!(await mei.has('[name="giftCode"]')), "it is asked for once");
  await mei.does("act.arrivedSubmit");
  await mei.does("act.acceptAll");
  await mei.until("#now:not([data-lead])");
  await looksAtTrade(scene, buyer, number);
  await isPaid(scene, buyer, number, amount);
}

/** Joins where they are asked to, and is led back to what they were about. */
async function joins(person: Person, email: string): Promise<void> {
  await introduces(person, "#join", "Nao Kato");
  await person.fill({ email, password: "five words in a row" }, "#join");
  await person.press("join.submit");
  assert.match(await person.text("#member-number"), /[0-9]/, "the number that shops ask for is shown");
}

/** Pays in what is missing at the counter of a store, with the number that the page gives. */
async function paysIn(scene: Scene, person: Person): Promise<void> {
  const missing = await person.yen("#amount");
  const number = /\/fundings\/([0-9]{14})/.exec(person.page.url())?.[1] ?? assert.fail(person.page.url());
  await paysAtCounter(scene, number, missing);
  await person.reload();
  assert.ok(await person.has(state("paid")), await person.reads());
}

/** What somebody without any means does at each server until the order can be approved. */
const findsMeans: Record<Scene["place"], (scene: Scene, person: Person, number: string) => Promise<void>> = {
  institution: async (scene, person) => {
    await person.choose("methodKind", "deposit");
    await person.press("means.submit");
    assert.ok(!(await person.has("#approve")), "nothing is there yet to approve it with");
    await person.press("approve.payIn");
    await person.press("fund.open");
    await paysIn(scene, person);
    await person.press("methods.goOn");
    await person.press("approve.submit");
  },
  facilitator: async (scene, person, number) => {
    await person.press("approve.toMethods");
    await person.choose("kind", "deposit");
    await person.choose("currency", "JPY");
    await person.press("tie.submit");
    assert.ok(person.page.url().startsWith(scene.demo.institution.url), person.page.url());
    await person.press("nav.join");
    await introduces(person, "#join", "Nao Kato");
    await person.choose("methodKind", "deposit");
    await person.fill({ email: `nao-${Date.now()}@example.com`, password: "five words in a row" }, "#join");
    await person.press("join.submit");
    await person.press("methods.goOn");
    person.isRefused(403);
    await person.press("agree.submit");
    // Without a limit for a month it may be any amount, which takes a proof of the moment.
    await person.fill({ proofPassword: "five words in a row" }, "#proof-form");
    await person.press("proof.byPassword");
    assert.ok(person.page.url().startsWith(scene.demo.facilitator.url), person.page.url());
    await person.press("methods.goOn");
    person.isRefused(402);
    await person.press("approve.submit");
    await person.until(state("refused").concat(", #pay-in-there"));
    await person.press("approve.payInAt");
    await person.fill({ amount: "20000" }, "#fund-form");
    await person.press("fund.open");
    await paysIn(scene, person);
    await looksAtTrade(scene, person, number);
    await person.press("act.approve");
    await person.press("approve.submit");
  },
  guarantor: async (scene, person) => {
    await person.press("credit.ask");
    assert.ok(await person.has("#credit-asked"), "what was asked for is shown");
    const operator = personAt(scene.demo.operators, "guarantor");
    const desk = await opens(scene, "guarantor", operator, "/credit-requests");
    await desk.press("credit.grant", "main li:last-child");
    assert.ok(await desk.has("#asked"), "one operator alone grants nothing");
    await confirms(scene);
  },
};

/** Has never been here: joins on the way from an order, finds a means to pay it, and gets the goods. */
async function newcomerWalks(scene: Scene): Promise<void> {
  const person = await scene.crowd.somebody();
  const number = await orders(scene, person);
  const amount = await person.yen("#amount");
  await person.press("nav.join");
  await joins(person, `nao-${number}@example.com`);
  await person.press("methods.goOn");
  assert.equal(tradeOf(person), number, "back at the order");
  await findsMeans[scene.place](scene, person, number);
  await looksAtTrade(scene, person, number);
  await person.until(state("reserved"));
  await ships(scene, `N-${number}`);
  await person.reload();
  await person.does("act.arrivedSubmit");
  await person.does("act.acceptAll");
  await isPaid(scene, person, number, amount);
}

/** A second operator confirms what was asked for: that is done by calls. */
async function confirms({ demo: { guarantor, operators } }: Scene): Promise<void> {
  const who = await signIn(guarantor.url, personAt(operators, "guarantor", 1));
  const { json } = await request(`${guarantor.url}/v1/operator-acts`, "GET", who);
  for (const { id } of json["items"] as { id: string }[]) {
    const confirmed = await request(`${guarantor.url}/v1/operator-acts/${id}/confirm`, "POST", who, {});
    assert.equal(confirmed.status, 200, confirmed.text);
  }
}

/** Finds the order by its number, picks it up, is at the door, and types what they are given. */
async function carrierWalks(scene: Scene): Promise<void> {
  const { demo, place, crowd } = scene;
  const buyer = await crowd.somebody();
  const { number, amount } = await buys(scene, buyer);
  const carrier = await opens(scene, place, personAt(demo.carriers, place), "/trades");
  assert.ok(await carrier.has(`#trade-${number}`), "it is in the list of whom the shop has named");
  await carrier.fill({ number: number.replaceAll(/(.{4})/g, "$1 ") }, "#find-form");
  await carrier.press("deliveries.findSubmit");
  assert.match(await carrier.text("#addressee"), new RegExp(home.name));
  assert.doesNotMatch(await carrier.text("body"), /[¥￥]|円/, "whoever brings it sees no price");
  await ships(scene, `C-${number}`);
  await carrier.reload();
  await carrier.does("act.shipSubmit");
  await carrier.does("door.atDoor");
  await looksAtTrade(scene, buyer, number);
  await buyer.unfold("door.title");
  await buyer.press("door.show");
  const code = (await buyer.text("#the-code")).replaceAll(/[^0-9]/g, "");
  const [act, form] =
    place === "guarantor"
      ? (["taking.submit", "#taken-form"] as const)
      : (["door.byCode", "#by-code-form"] as const);
  carrier.isRefused(403);
  carrier.isRefused(422);
  await carrier.fill({ code: code === "11111111" ? "22222222" : "11111111" }, form);
  // A carrier's page may send by itself and stay where it is.
  await carrier.act(act).click();
  await carrier.page.locator("#refused").waitFor();
  const advice = await carrier.text("#refused");
  assert.doesNotMatch(advice, carrier.part("problem.code"), "who mistypes a code need not call anybody");
  await carrier.fill({ code }, form);
  await carrier.does(act);
  await looksAtTrade(scene, buyer, number);
  await buyer.until(part("settled"), async () => (await buyer.yen(part("settled"))) === amount);
}

/** The people of a trade, and what each goes through. */
export const stories = {
  buyer: buyerWalks,
  guest: guestWalks,
  recipient: recipientWalks,
  "new member": newcomerWalks,
  carrier: carrierWalks,
} as const satisfies Record<string, (scene: Scene) => Promise<void>>;
