/** Ways on which people once came to an end before their story had one, walked to the other side. */
import assert from "node:assert/strict";
import {
  buys,
  codeSent,
  comesBack,
  linkSent,
  looksAtTrade,
  opens,
  orders,
  part,
  paysAtCounter,
  personAt,
  type Scene,
  ships,
  signsIn,
  staffOpens,
  state,
  tradeOf,
  voucher,
} from "./place.ts";

const mainButtons = "main button.button:not(.quiet):not(.stop):visible";

/** Before anything came, accepting is no main act, names the sum when it is asked once more, and the rest can be shipped. */
export async function acceptsEarly(scene: Scene): Promise<void> {
  const buyer = await scene.crowd.somebody();
  const { number, amount } = await buys(scene, buyer, { quantity: 2 });
  await looksAtTrade(scene, buyer, number);
  const main = await buyer.page.locator(mainButtons).evaluateAll((all) => all.map(({ id }) => id));
  assert.deepEqual(
    main.filter((id) => id.startsWith("accept")),
    [],
  );
  buyer.isRefused(422);
  await buyer.unfold("act.acceptEarly");
  await buyer.press("act.acceptEarly", "#accept-early");
  assert.equal(await buyer.yen("#sure"), amount, await buyer.text("#sure"));
  assert.equal(await buyer.yen(part("frozen")), amount, "one press pays nothing");
  await looksAtTrade(scene, buyer, number);
  await buyer.unfold("act.acceptPart");
  await buyer.fill({ "quantity-1": "1" }, "#accept-part");
  await buyer.press("act.acceptPartSubmit");
  await buyer.does("act.sureSubmit");
  const staff = await ships(scene, `E-${number}`);
  assert.ok(await staff.has('[data-place="way"]'), "what is left was shipped all the same");
  await buyer.reload();
  await buyer.does("act.arrivedSubmit");
  await buyer.does("act.acceptAll");
  await buyer.until(part("settled"), async () => (await buyer.yen(part("settled"))) === amount);
}

/** Two orders in one browser, and a browser that knows nothing: each leads back to the trade. */
export async function guestComesBack(scene: Scene): Promise<void> {
  const guest = await scene.crowd.somebody();
  const numbers: string[] = [];
  for (const _ of ["first", "second"]) {
    const number = await orders(scene, guest);
    numbers.push(number);
    await guest.unfold("approve.asGuest");
    await guest.fill({ email: `two-${number}@example.com` }, "#guest-address-form");
    await guest.press("guest.sendCode");
    await guest.fill({ code: await codeSent(scene, number) }, "#guest-code-form");
    await guest.press("guest.confirm");
    const who = { name: "Ai Mori", address: "2-2 Chiyoda, Tokyo", birthDate: "1990-04-01" };
    await guest.fill({ ...who, token: await voucher(scene) }, "#guest-form");
    await guest.press("approve.submit");
    await comesBack(scene, guest);
  }
  for (const number of numbers) {
    await looksAtTrade(scene, guest, number);
    assert.ok(await guest.has(state("reserved")), "a second order hides no first one");
  }
  const [number = ""] = numbers;
  const elsewhere = await scene.crowd.somebody();
  await looksAtTrade(scene, elsewhere, number);
  await elsewhere.press("signIn.guestLink");
  assert.equal((await elsewhere.page.inputValue('[name="number"]')).replaceAll(" ", ""), number);
  await elsewhere.press("guest.sendLink");
  await elsewhere.go(await linkSent(scene, number));
  assert.ok(await elsewhere.has(state("reserved")), await elsewhere.reads());
}

/** Too little money: the sum that is missing, the way to bring it, and back; or another order with the same goods. */
export async function isShort(scene: Scene): Promise<void> {
  const ken = await scene.crowd.somebody();
  const number = await orders(scene, ken);
  const amount = await ken.yen("#amount");
  await ken.press("approve.signIn");
  await signsIn(ken, personAt(scene.demo.members, scene.place, 1));
  assert.ok(!(await ken.has("#approve")), "no button that cannot work");
  const missing = amount - 500;
  assert.equal(await ken.yen("#short strong"), missing);
  await ken.press("approve.payIn");
  assert.equal(await ken.page.inputValue('[name="amount"]'), String(missing));
  await ken.press("fund.open");
  const funding = /\/fundings\/([0-9]{14})/.exec(ken.page.url())?.[1] ?? assert.fail(ken.page.url());
  await paysAtCounter(scene, funding, missing);
  await ken.reload();
  await ken.press("methods.goOn");
  assert.equal(tradeOf(ken), number);
  await ken.press("approve.submit");
  await comesBack(scene, ken);
  await orders(scene, ken, { quantity: 2 });
  await ken.go(`${scene.demo.shop.url}/orders`);
  await ken.follow(ken.page.locator('main a[href^="/orders/"]').first());
  await ken.press("shop order.change");
  assert.equal(
    await ken.page.inputValue('main input[name="quantity"]'),
    "2",
    "the goods are in the cart again",
  );
}

/** An account of a kind that is not there: nothing is agreed to, both servers know it, and nobody asks for a code. */
export async function tiesAnother(scene: Scene): Promise<void> {
  const { demo } = scene;
  const hana = await opens(scene, "facilitator", personAt(demo.members, "facilitator"), "/methods");
  await hana.choose("kind", "credit");
  await hana.choose("currency", "JPY");
  await hana.press("tie.submit");
  const [holder] = demo.accountHolders;
  assert.ok(holder !== undefined);
  await signsIn(hana, holder);
  assert.ok(await hana.has("#asked-for"), "what was asked for is said");
  assert.ok(!(await hana.has("#agree-submit")), "no other kind is offered in its place");
  await hana.press("agree.back");
  assert.ok(hana.page.url().startsWith(demo.facilitator.url), hana.page.url());
  assert.match(await hana.text("h1"), hana.named("tie.refused"));
  await hana.press("methods.title");
  assert.ok(await hana.has("#tie"), "still signed in, and it can be begun again");
}

/** After a rejection: where to, in which parcel, until when, and what follows; the shop can say that it is not so. */
export async function sendsBack(scene: Scene): Promise<void> {
  const buyer = await scene.crowd.somebody();
  const { number, amount } = await buys(scene, buyer);
  await ships(scene, `S-${number}`);
  await looksAtTrade(scene, buyer, number);
  await buyer.does("act.arrivedSubmit");
  await buyer.unfold("act.reject");
  await buyer.fill({ reason: "Broken <b>lid</b>" }, "#reject-part");
  await buyer.does("act.rejectSubmit");
  await buyer.until('[data-place="toSend"]');
  assert.match(await buyer.text("#return-to"), /Aoi Tea, returns\n.*[0-9]{3}-[0-9]{4}/, "where to");
  assert.ok(await buyer.has("#to-label"), "a label to print");
  assert.match(await buyer.text("#silence"), /[0-9]/, "until when, and what silence means");
  await buyer.fill({ parcel: "R-7" }, "#send-back-form");
  await buyer.does("act.send-backSubmit");
  assert.match(await buyer.text("#where"), /R-7/);
  const contests = await staffOpens(scene);
  assert.match(await contests.text("#said"), /Broken <b>lid<\/b>/);
  await contests.unfold("shop act.contest");
  await contests.choose("contest", "another_article");
  await contests.fill({ reason: "It is not ours" }, "#contest-form");
  await contests.does("shop do.contest");
  await buyer.until(part("frozen"), async () => /It is not ours/.test(await buyer.reads()));
  assert.equal(await buyer.yen(part("frozen")), amount, "nothing moves meanwhile");
}

/** A day on which it is paid: a wrong one is said at its field; goods go back from the page; calling off is asked once more. */
export async function paysOnADay(scene: Scene): Promise<void> {
  const buyer = await scene.crowd.somebody();
  const number = await orders(scene, buyer);
  const amount = await buyer.yen("#amount");
  await buyer.press("approve.signIn");
  await signsIn(buyer, personAt(scene.demo.members, scene.place));
  const day = buyer.page.locator("#paymentDate");
  const [first, last] = [await day.getAttribute("min"), await day.getAttribute("max")];
  await buyer.page.click("#terms > summary");
  await buyer.choose("paymentOn", "date");
  await day.evaluate((field) => field.removeAttribute("min"));
  await day.fill("2020-01-31");
  buyer.isRefused(422);
  await buyer.press("approve.submit");
  assert.ok(await buyer.has("#terms[open] #paymentDate-error"), "open, where the mistake is");
  await day.fill(first ?? "");
  assert.ok(first !== null && last !== null && first < last);
  await buyer.press("approve.submit");
  await comesBack(scene, buyer);
  await ships(scene, `D-${number}`);
  await looksAtTrade(scene, buyer, number);
  await buyer.does("act.arrivedSubmit");
  await buyer.does("act.acceptAll");
  assert.equal(await buyer.yen(part("frozen")), amount, "accepted, and paid on the day");
  await buyer.unfold("act.withdraw");
  await buyer.fill({ reason: "I like the other one better" }, "#withdraw-part");
  await buyer.does("act.withdrawSubmit");
  await buyer.until('[data-place="withdrawn"]');
  const other = await buys(scene, await scene.crowd.somebody());
  await looksAtTrade(scene, buyer, other.number);
  await buyer.unfold("act.cancel");
  await buyer.press("act.cancelSubmit");
  assert.equal(await buyer.yen("#sure"), other.amount);
  assert.equal(await buyer.yen(part("frozen")), other.amount, "one press calls nothing off");
  await buyer.does("act.sureCancelSubmit");
  await buyer.until(state("cancelled"));
}

/** Two servers on one host: who signs in at one stays signed in at the other. */
export async function signsInTwice(scene: Scene): Promise<void> {
  const { demo } = scene;
  const hana = await opens(scene, "facilitator", personAt(demo.members, "facilitator"), "/trades");
  for (const at of ["institution", "guarantor"] as const) {
    await hana.go(`${demo[at].url}/signin`);
    await signsIn(hana, personAt(demo.members, at));
  }
  for (const at of ["facilitator", "institution", "guarantor"] as const) {
    await hana.go(`${demo[at].url}/trades`);
    assert.ok(await hana.has("#sign-out"), at);
  }
  await hana.follow(hana.page.locator("#sign-out"));
  await hana.go(`${demo.institution.url}/trades`);
  assert.ok(await hana.has("#sign-out"), "and signing out of one is that");
}
