/**
 * Whatever a caller says, an operator of each server stands before the trade after three steps: a step is a press that leads to
 * another page, or that opens what is folded. That no search takes longer where there is more to find is shown by plans.test.ts.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Locator } from "playwright-core";
import { dayAt } from "../src/core/protocol/protocol.ts";
import { launchBrowser } from "./browser.ts";
import { deskLooks, wordsOf } from "./support/walks/looks.ts";
import { Crowd, type Person } from "./support/walks/person.ts";
import { type Demo, opens, personAt, type Place, places } from "./support/walks/place.ts";
import { request } from "./support/wire/http.ts";
import { startDemo } from "./support/world/running-demo.ts";

type Keys = Demo & { [place in Place]: { shopKeys: string[] } };
/** What is told of the demo's members besides how they sign in. */
type Member = Demo["members"][number] & { number: string; mandates: Record<string, string> };

let world: Awaited<ReturnType<typeof startDemo<Keys>>>;
let browser: Browser;

before(async () => {
  browser = await launchBrowser();
  world = await startDemo<Keys>();
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

interface Order {
  number: string;
  member: string;
  reference: string;
  shop: string;
  day: string;
}

/** A trade at a server, of 12,345, for a member, to be brought to somebody else. */
async function orderedAt(place: Place): Promise<Order> {
  const { url, shopKeys } = world.demo[place];
  const [key = ""] = shopKeys;
  const member = (world.demo.members as Member[]).find(
    ({ at, mandates }) => at === place && mandates[key] !== undefined,
  );
  assert.ok(member);
  const reference = `Aoi-${place}-7`;
  const { status, text, json } = await request(
    `${url}/v1/trades`,
    "POST",
    { authorization: `Bearer ${key}` },
    {
      buyer: { member: member.number },
      currency: "JPY",
      amount: 12_345,
      approval: { mandate: member.mandates[key] },
      acceptance: { by: ["buyer", "recipient"] },
      recipient: {
        name: "髙橋　花子",
        kana: "タカハシ　ハナコ",
        contact: { phone: "090-1234-5678", email: "hanako.takahashi@example.com" },
      },
      reference,
    },
  );
  assert.ok(status < 300, text);
  const at = Date.parse(String(json["createdAt"]));
  return {
    number: String(json["number"]),
    member: member.number,
    reference,
    shop: String(json["shopName"]),
    day: dayAt(at, "Asia/Tokyo"),
  };
}

/** What is typed, and on what the operator presses until the trade is there. */
interface Way {
  says: string;
  typed: (order: Order) => Readonly<Record<string, string>>;
}

const said = (says: string, what: (order: Order) => string): Way => ({
  says,
  typed: (order) => ({ what: what(order) }),
});

const ways: readonly Way[] = [
  said("the trade number", ({ number }) => number),
  said("the trade number in groups, in full width", ({ number }) =>
    number
      .replaceAll(/(.{4})/g, "$1 ")
      .replaceAll(/[0-9]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
  ),
  said("the member number", ({ member }) => member),
  said("a telephone number", () => "090 1234 5678"),
  said("a telephone number from abroad, in full width", () => "＋８１　９０－１２３４－５６７８"),
  said("an address of mail", () => "Hanako.Takahashi@example.com"),
  said("a whole name", () => "高橋花子"),
  said("a family name in another writing", () => "髙橋"),
  said("its reading", () => "たかはし はなこ"),
  said("its reading in half width", () => "ﾀｶﾊｼ ﾊﾅｺ"),
  said("the order number of the shop", ({ reference }) => reference),
  said("the name of the shop", ({ shop }) => shop),
  { says: "amount and day", typed: ({ day }) => ({ amount: "12,345", day }) },
];

const stepsMost = 3;

/** How many steps it takes from the desk to the trade. */
async function stepsTo(operator: Person, desk: string, order: Order, { typed }: Way): Promise<number> {
  const { page } = operator;
  const isThere = () => page.url().endsWith(`/desk/trades/${order.number}`);
  let steps = 0;
  const step = async (control: Locator): Promise<void> => {
    await operator.follow(control);
    steps += 1;
  };
  await operator.go(desk);
  const words = typed(order);
  if (words["what"] === undefined) {
    await operator.activates(page.locator("#by-amount > summary"));
    steps += 1;
  }
  await operator.fill(words);
  await step(page.locator(words["what"] === undefined ? "#find-amount" : "#find"));
  while (!isThere() && steps <= stepsMost) {
    const trade = page.locator(`main a[href="/desk/trades/${order.number}"]`).first();
    const shop = page.locator("main [data-shop]").first();
    const next = (await trade.count()) > 0 ? trade : shop;
    assert.equal(await next.count(), 1, `${page.url()}: ${await operator.reads()}`);
    await step(next);
  }
  return steps;
}

for (const [turn, look] of deskLooks.entries()) {
  const place = places[turn % places.length] ?? "institution";
  test(`three steps from what a caller says at the ${place}: ${wordsOf(look)}`, async () => {
    const order = await orderedAt(place);
    const crowd = new Crowd(browser, look);
    const scene = { demo: world.demo, place, crowd };
    const operator = await opens(scene, place, personAt(world.demo.operators, place, 1), "/desk");
    for (const way of ways) {
      const steps = await stepsTo(operator, `${world.demo[place].url}/desk`, order, way);
      assert.ok(steps <= stepsMost, `${way.says}: ${steps} steps`);
    }
    await crowd.leave();
    assert.deepEqual(crowd.wrong, []);
  });
}
