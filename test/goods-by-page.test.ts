/**
 * The stories of goods under way once more, played through the pages: buyer and carrier on those of the trading server, the
 * shop on its staff's, where an institution keeps the trade and where a facilitator does. A press is the form of a page as it
 * stands there; what a page does not offer is refused to those who send it all the same.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { TradeView } from "../src/core/protocol/protocol.ts";
import { buyersPresses, carriersPresses, staffPresses } from "./support/tables/goods-presses.ts";
import { saidInStories } from "./support/tables/goods-said.ts";
import { type GoodsStep, goodsStories, type Who } from "./support/tables/goods-stories.ts";
import { type Fields, saidBy } from "./support/wire/forms.ts";
import { codeIn, guestFields, newestMail } from "./support/wire/guests.ts";
import type { Json } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";
import { comesTo, type Counter, instantOf, openCounters, passOn } from "./support/world/story-counter.ts";
import { type Desk, makeUp, press, refusalOn, restingPage } from "./support/world/story-desk.ts";
import { checkPage, difference, goodsOn, leadOn, wordOn } from "./support/world/story-pages.ts";
import { openStoryShop, type Ordered, staffPassword } from "./support/world/story-shop.ts";
import { type WebPage, WebPerson } from "./support/world/web-person.ts";
import { until } from "./support/world/world.ts";

const pair = await openPair({ after });
const counters = await openCounters(pair);
const shop = await openStoryShop({ after }, counters);
const staff = new WebPerson(shop.url, { page: "/staff/sign-in", words: { password: staffPassword } });
const customer = new WebPerson(shop.url);

/** A browser in which somebody signs in where they are asked to. */
function browserOf({ url }: Counter, { email, password }: { email: string; password: string }): WebPerson {
  return new WebPerson(url, { page: "/signin", words: { email, password } });
}

/** The buyers' and the carriers' browsers stay open from story to story, as browsers do. */
const people = new Map(
  counters.map((counter) => [
    counter,
    { buyer: browserOf(counter, counter.member), carrier: browserOf(counter, counter.carrier) },
  ]),
);

interface Play {
  counter: Counter;
  ordered: Ordered;
  number: string;
  /** Those who have pages. */
  desks: Partial<Record<Who, Desk>>;
}

async function ordered(counter: Counter, terms: Json): Promise<Play> {
  const found = await shop.order(counter, terms);
  const { order } = await found.read();
  const number = order.trade ?? assert.fail(`The order was not taken: ${JSON.stringify(await found.read())}`);
  const { buyer, carrier } = people.get(counter) ?? assert.fail();
  const path = `/trades/${number}`;
  const actionOf = (act: string) => `${path}/${act}`;
  const desks: Play["desks"] = {
    buyer: { person: buyer, path, presses: buyersPresses, actionOf },
    carrier: { person: carrier, path, presses: carriersPresses, actionOf },
    shop: {
      person: staff,
      path: found.staffPage,
      presses: staffPresses,
      actionOf: (act) => `${found.staffPage}/${act}`,
    },
  };
  return { counter, ordered: found, number, desks };
}

/** The buyer approves on the page to which the shop leads. */
async function approved(play: Play): Promise<Play> {
  const { order } = await play.ordered.read();
  const { person } = play.desks.buyer ?? assert.fail();
  const page = await person.open(new URL(order.view?.approveUrl ?? assert.fail()).pathname);
  const form = page.forms.find(({ id }) => id === "approve-form") ?? assert.fail(saidBy(page.html));
  await person.press(form);
  await comesTo(play.counter, play.number, "approved", "reserved 5000/0/0");
  return play;
}

/** A call with what is not known beforehand: an instant, or the version of the offer that stands. */
async function bodyOf({ counter, number }: Play, body: Json): Promise<Json> {
  const filled = { ...body };
  if (typeof body["until"] === "string") filled["until"] = await instantOf(counter, body["until"]);
  if (body["version"] === "of the offer") filled["version"] = (await counter.read(number)).offer?.version;
  return filled;
}

/** Moves that a shop's page does not have, or not any more, and that change nothing for anybody else: a program can make them. */
const byProgram = new Set(["shop revise", "shop extend"]);

async function take(play: Play, step: GoodsStep): Promise<void> {
  const { counter, number, desks } = play;
  const said = `${step[0]} ${step[1]}`;
  if (step[0] === "clock") {
    await passOn(counters, step[1]);
    await comesTo(counter, number, said, step[2]);
    return;
  }
  const [who, call, wish, expected] = step;
  const body = await bodyOf(play, wish);
  const desk = desks[who];
  const ways = desk?.presses[call]?.(body) ?? [];
  for (const presses of ways)
    if (desk !== undefined && (await press(desk, presses))) {
      await comesTo(counter, number, said, expected);
      return;
    }
  if (desk !== undefined) {
    const before = await counter.read(number);
    const code = await makeUp(desk, ways.at(-1)?.at(-1) ?? assert.fail(`Nobody knows how to press ${said}.`));
    assert.deepEqual(await counter.read(number), before, said);
    if (who !== "shop") return assert.ok(code === expected || code === "mistakes", `${said}: ${code}`);
  }
  // Who has no page calls, and so does a shop that is a program: its page has refused by itself.
  const reply = await counter.send(who, `/v1/trades/${number}/${call}`, body);
  if (reply.code !== "") return assert.equal(reply.code, expected, said);
  assert.ok(desk === undefined || byProgram.has(said), `${said} is taken, and on no page`);
  await comesTo(counter, number, said, expected);
}

/** Who is told whose word counts, in which words. */
const words = { buyer: "you or the carrier", shop: "the buyer or the carrier" };

interface Seen {
  trade: TradeView;
  buyers: WebPage;
  staffs: WebPage;
  customers: WebPage;
}

/** The goods on a page without what somebody is asked beside them: that is for one side only. */
const told = (page: WebPage): string => goodsOn(page).replace(/(?:; )?(?:wish|offered)$/, "");

/** The trade and the pages on it, once all tell the same: a shop asks a moment later, and another server may still be asked. */
async function agreed({ counter, number, desks, ordered: order }: Play): Promise<Seen> {
  const buyer = desks.buyer ?? assert.fail();
  let differs = "";
  let seen: Seen | undefined;
  await until(
    () => `${order.staffPage}: ${differs}`,
    async () => {
      const trade = await counter.read(number);
      if (trade.pending !== null) return false;
      const buyers = await restingPage(buyer);
      const staffs = await restingPage({ person: staff, path: order.staffPage });
      const customers = await restingPage({ person: customer, path: order.customerPage });
      seen = { trade, buyers, staffs, customers };
      differs = [
        ...[buyers, staffs, customers].map((page) => difference(page, trade)),
        told(staffs) === told(buyers) ? "" : `${told(staffs)}, not ${told(buyers)}`,
      ].join("|");
      return /^\|*$/.test(differs);
    },
  );
  return seen ?? assert.fail();
}

/** All pages tell the trade as it stands. Answers what they say: the sides' own sentences, and the goods. */
async function look(play: Play, word = words.buyer): Promise<string> {
  const { trade, buyers, staffs, customers } = await agreed(play);
  for (const page of [buyers, staffs, customers]) checkPage(page, trade);
  assert.equal(wordOn(buyers), word);
  const goods = goodsOn(buyers);
  const [places = ""] = goods.split("; ");
  if (/\w/.test(places) && trade.lots.length > 0) {
    assert.equal(wordOn(staffs), words.shop);
    assert.equal(wordOn(customers), words.buyer);
  }
  assert.equal(leadOn(customers), leadOn(buyers));
  return `${leadOn(buyers)}/${leadOn(staffs)}${goods === "" ? "" : `: ${goods}`}`;
}

/** Plays a story, and answers what the pages say as it goes on. */
async function play(begun: Play, steps: readonly GoodsStep[]): Promise<string[]> {
  const said: string[] = [];
  for (const step of steps) {
    await take(begun, step);
    const now = await look(begun);
    if (now !== said.at(-1)) said.push(now);
  }
  return said;
}

for (const counter of counters)
  for (const { name, terms = {}, steps } of goodsStories)
    test(`${counter.topology}: ${name}`, async () => {
      const said = await play(await approved(await ordered(counter, terms)), steps);
      assert.deepEqual(said, saidInStories[name]);
    });

for (const counter of counters)
  test(`${counter.topology}: terms under which silence would pay at once are not even proposed`, async () => {
    const mandate = counter.member.mandates[counter.shopKey];
    const hurried = { approval: { mandate }, acceptance: { by: ["buyer"], autoAfter: "PT1S" } };
    const { staffPage, customerPage } = await shop.order(counter, hurried);
    assert.equal(refusalOn(await staff.open(staffPage)), "date_out_of_range");
    assert.match(saidBy((await customer.open(customerPage)).html), /This order did not come about/);
  });

/** Steps of the buyer's that somebody else takes in their place. */
const inPlace = (name: string) => goodsStories.find((story) => story.name === name) ?? assert.fail(name);

/** The recipient has the link from the buyer and the code from the parcel. */
async function recipientDesk({ counter, number }: Play): Promise<Desk> {
  const path = `/v1/trades/${number}/recipient-link`;
  const { code } = (await counter.get("shop", path)).json;
  const { link } = (await counter.get("buyer", path)).json;
  const person = new WebPerson(counter.url);
  const page = await person.open(String(link));
  assert.doesNotMatch(saidBy(page.html), /¥|1,000/, "a present has no price");
  const form = page.forms.find(({ id }) => id === "gift-code-form") ?? assert.fail(saidBy(page.html));
  await person.press(form, { giftCode: String(code) });
  return {
    person,
    path: `/gifts/${number}`,
    presses: buyersPresses,
    actionOf: (act) => `/gifts/${number}/${act}`,
  };
}

for (const counter of counters)
  test(`${counter.topology}: the recipient of a present acts in the buyer's place`, async () => {
    const { name, steps } = inPlace("the shop never confirms what was sent back");
    const gift = {
      recipient: { name: "Aki Sato", address: "2-2 Kyoto" },
      acceptance: { by: ["recipient"], autoAfter: "P7D" },
    };
    const begun = await approved(await ordered(counter, gift));
    const reader = begun.desks.buyer ?? assert.fail();
    begun.desks.buyer = await recipientDesk(begun);
    for (const step of steps) await take(begun, step);
    begun.desks.buyer = reader;
    assert.equal(await look(begun, "you, the recipient or the carrier"), saidInStories[name]?.at(-1));
  });

/** A guest opens the link of the order, confirms an address, and says who they are and how they pay. */
async function guestDesk({ counter, ordered: order, number }: Play, token: string): Promise<Desk> {
  const person = new WebPerson(counter.url);
  const { order: placed } = await order.read();
  let page = await person.open(new URL(placed.view?.approveUrl ?? assert.fail()).pathname);
  const fill = async (id: string, words: Fields) => {
    const form = page.forms.find((each) => each.id === id) ?? assert.fail(saidBy(page.html));
    page = await person.press(form, words);
  };
  await fill("guest-address-form", { email: `guest-of-${counter.topology}@example.jp` });
  await fill("guest-code-form", { code: codeIn(await newestMail(counter.url, counter.operator, number)) });
  // There is one means for guests, which nobody has to choose.
  const { methodKind: _, ...known } = guestFields;
  await fill("guest-form", { ...known, token });
  await comesTo(counter, number, "approved by a guest", "reserved 5000/0/0");
  const path = `/trades/${number}`;
  return { person, path, presses: buyersPresses, actionOf: (act) => `${path}/${act}` };
}

for (const [index, counter] of counters.entries())
  test(`${counter.topology}: a guest who has confirmed an address`, async () => {
    const { name, steps } = inPlace("the shop says delivered, and sent nothing");
    const voucher = pair.institution.demo.vouchers.at(-1 - index) ?? assert.fail();
    const begun = await ordered(counter, { buyer: undefined });
    begun.desks.buyer = await guestDesk(begun, voucher.code);
    const told = await play(begun, steps.slice(0, -1));
    assert.deepEqual(told, saidInStories[name]?.slice(0, -1));
    for (const last of steps.slice(-1)) await take(begun, last);
    // With the end of the trade the guest is forgotten, and the link opens nothing.
    assert.match((await begun.desks.buyer.person.open(begun.desks.buyer.path)).path, /^\/signin/);
    const { staffPage } = begun.ordered;
    await until("the staff see it", async () => leadOn(await staff.open(staffPage)) === "rejected");
  });
