/** The demo as people meet it: its servers, who signs in where, and what several stories have in common. */
import assert from "node:assert/strict";
import { codeIn, linkIn, newestMail } from "../wire/guests.ts";
import { bearer, confirmBy, request, signIn } from "../wire/http.ts";
import type { Crowd, Person } from "./person.ts";

/** Where an order is agreed: the three servers at which the demo's shop sells. */
export const places = ["institution", "facilitator", "guarantor"] as const;
export type Place = (typeof places)[number];
const tillOf = { institution: "direct", facilitator: "facilitated", guarantor: "guaranteed" } as const;

interface SignIn {
  email: string;
  password: string;
}

/** What the demo says of itself, as far as people walk through it. */
export interface Demo extends Record<Place, { url: string; adminKey: string }> {
  shop: { url: string; staffPassword: string };
  clerks: SignIn[];
  members: (SignIn & { at: Place })[];
  operators: (SignIn & { at: Place })[];
  carriers: (SignIn & { at: Place })[];
  /** Sign-ins at the institution of those whose accounts the facilitator's members have tied. */
  accountHolders: SignIn[];
}

/** One walk: where, and with whom. */
export interface Scene {
  demo: Demo;
  place: Place;
  crowd: Crowd;
}

/** A voucher that is worth more than anything in the shop, as somebody has bought it. */
export async function voucher({ demo }: Scene): Promise<string> {
  const { url, adminKey } = demo.institution;
  const first = bearer(adminKey);
  confirmBy(url, [first, await signIn(url, personAt(demo.operators, "institution", 1))]);
  const wish = { currency: "JPY", amount: 40_000 };
  const { status, text, json } = await request(`${url}/v1/vouchers`, "POST", first, wish);
  assert.equal(status, 201, text);
  return String(json["code"]);
}

export const part = (name: string): string => `[data-part="${name}"]`;
export const state = (name: string): string => `[data-state="${name}"]`;

/** The number of the trade whose page somebody looks at. */
export function tradeOf({ page }: Person): string {
  return /\/trades\/([0-9]{14})/.exec(page.url())?.[1] ?? assert.fail(page.url());
}

/** Signs in on the page that asks for it; who reads another language than is known of them says so. */
export async function signsIn(person: Person, { email, password }: SignIn): Promise<void> {
  await person.fill({ email, password });
  const { page, look } = person;
  const [button] = [person.act("signIn.submit")];
  await Promise.all([page.waitForEvent("load"), person.activates(button)]);
  if ((await page.locator("html").getAttribute("lang")) !== look.lang)
    await person.follow(page.locator(`#language-form [value="${look.lang}"]`));
}

/** Signs in at a server and opens a page there. */
export async function opens({ demo, crowd }: Scene, at: Place, who: SignIn, path: string): Promise<Person> {
  const person = await crowd.somebody();
  await person.go(`${demo[at].url}/signin`);
  await signsIn(person, who);
  await person.go(`${demo[at].url}${path}`);
  return person;
}

export function personAt(those: readonly (SignIn & { at: Place })[], place: Place, index = 0): SignIn {
  return those.filter(({ at }) => at === place)[index] ?? assert.fail(`nobody at ${place}`);
}

/** What somebody types at the checkout. */
export const home = { name: "Hana Sato", address: "1-1 Chiyoda, Tokyo", email: "hana@example.com" };

/** Puts goods into the cart of the shop, orders them, and is led on to where they are paid. */
export async function orders(
  { demo, place }: Scene,
  buyer: Person,
  { quantity = 1, fillIn = async () => undefined }: { quantity?: number; fillIn?: () => Promise<void> } = {},
): Promise<string> {
  await buyer.go(demo.shop.url);
  await buyer.follow(buyer.page.locator('main a[href^="/products/"]').first());
  await buyer.fill({ quantity: String(quantity) });
  await buyer.press("shop goods.add");
  await buyer.press("shop cart.order");
  await buyer.fill(home);
  await fillIn();
  await buyer.choose("till", tillOf[place]);
  await buyer.press("shop checkout.order");
  assert.ok(buyer.page.url().startsWith(demo[place].url), `${buyer.page.url()} is not the ${place}`);
  assert.match(buyer.page.url(), /\/trades\/[0-9]{14}\/approve$/);
  return tradeOf(buyer);
}

/** Who has approved is back at the order's page of the shop, which soon knows it. */
export async function comesBack({ demo, place, crowd }: Scene, buyer: Person): Promise<void> {
  // What somebody has approved in a day adds up, and takes a proof of the moment beyond an amount.
  if ((await buyer.page.locator("#proof-form").count()) > 0) {
    crowd.takesBack(buyer.page.url(), 403);
    await buyer.fill({ proofPassword: personAt(demo.members, place).password }, "#proof-form");
    await buyer.press("proof.byPassword");
  }
  assert.ok(buyer.page.url().startsWith(`${demo.shop.url}/orders/`), await buyer.reads());
  await buyer.until(state("reserved"));
}

/** Orders, approves as a member and comes back; answers the number of the trade and what it costs. */
export async function buys(
  scene: Scene,
  buyer: Person,
  wish: Parameters<typeof orders>[2] = {},
): Promise<{ number: string; amount: number }> {
  const number = await orders(scene, buyer, wish);
  const amount = await buyer.yen("#amount");
  await buyer.press("approve.signIn");
  await signsIn(buyer, personAt(scene.demo.members, scene.place));
  await buyer.press("approve.submit");
  await comesBack(scene, buyer);
  return { number, amount };
}

/** Goes on from the shop's page of the order to its trade. */
export async function looksAtTrade({ demo, place }: Scene, person: Person, number: string): Promise<void> {
  await person.go(`${demo[place].url}/trades/${number}`);
}

/** Opens the newest order as the shop's staff. */
export async function staffOpens({ demo, crowd }: Scene): Promise<Person> {
  const staff = await crowd.somebody();
  await staff.go(`${demo.shop.url}/staff`);
  await staff.fill({ password: demo.shop.staffPassword });
  await staff.press("shop signIn.button");
  await staff.follow(staff.page.locator('main a[href^="/staff/orders/"]').first());
  return staff;
}

/** The staff ship the newest order with the carrier whom the shop has named, and stay on its page. */
export async function ships(scene: Scene, parcel: string): Promise<Person> {
  const staff = await staffOpens(scene);
  await staff.fill({ carrier: "Hayabusa Express", number: parcel }, "#ship-form");
  await staff.does("shop do.ship");
  assert.ok(await staff.has('[data-place="way"]'), await staff.reads());
  return staff;
}

/** A clerk of a store takes what is due under a number. */
export async function paysAtCounter(scene: Scene, number: string, amount: number): Promise<void> {
  const [who] = scene.demo.clerks;
  assert.ok(who !== undefined);
  const clerk = await opens(scene, "institution", who, "/counter");
  await clerk.fill({ number }, "#find-form");
  await clerk.press("counter.find");
  assert.equal(await clerk.yen("#amount-due"), amount);
  await clerk.press("counter.take");
  assert.equal(await clerk.yen("#amount-taken"), amount, await clerk.reads());
}

/** The newest mail to the buyer of a trade, as an operator of the sandbox reads it. */
const mailOf = ({ demo, place }: Scene, number: string): Promise<string> =>
  newestMail(demo[place].url, bearer(demo[place].adminKey), number);

export const codeSent = async (scene: Scene, number: string): Promise<string> =>
  codeIn(await mailOf(scene, number));
export const linkSent = async (scene: Scene, number: string): Promise<string> =>
  linkIn(await mailOf(scene, number));
