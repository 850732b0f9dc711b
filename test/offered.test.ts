/**
 * What a page offers, the machine takes. Trades in all kinds of lives are shown to each of their parties; every form that
 * a page holds is filled in as it asks to be, read as the server reads it, and decided.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Terms, Trade } from "../src/core/trade/trade.ts";
import { isRefused, type ActorRole, type TradeView } from "../src/core/protocol/protocol.ts";
import { type Command, decide, nextDeadline, propose } from "../src/core/machine/machine.ts";
import { viewOf } from "../src/engines/trades/view.ts";
import { moveOf } from "../src/edge/pages/trade-forms.ts";
import { render } from "../src/edge/parts/parts.ts";
import { TradePage, type TradePageProps } from "../src/edge/trade-views/trade-page.tsx";
import { actsOffered, type TradeAct } from "../src/edge/trade-views/trade-acts.ts";
import { tellings } from "../src/servers/shop-orders/order-acts.ts";
import type { Order } from "../src/servers/shop-orders/shop-orders.ts";
import { setting, start, type Step } from "./support/tables/random-steps.ts";
import { type Fields, filledIn, formsIn, heldBack, type PageForm } from "./support/wire/forms.ts";
import { staffReads } from "../src/servers/shop-desk/staff-forms.ts";
import { StaffOrderPage, staffActs } from "../src/servers/shop-desk/staff-pages.tsx";

const hour = 3_600_000;
const parties = {
  shop: "shop",
  buyer: "buyer",
  member: 1n,
  carrier: "carrier",
  provider: null,
  currency: "JPY",
};
const topology = { topology: "direct", approveUrl: (number: string) => `/trades/${number}/approve` } as const;
/** Its days begin and end at other instants than those of UTC. */
const timeZone = "Asia/Tokyo";
const frame = { face: { name: "Kenshu", lead: "home.institution", money: "accounts", timeZone } } as const;

/** What the clock owes to a trade up to now. */
function caughtUp(trade: Trade, now: Date, told: Step["told"]): Trade {
  for (let current = trade, turn = 0; turn < 100; turn += 1) {
    const due = nextDeadline(current);
    if (due === undefined || due.move === "erase" || due.at > now) return current;
    const act = { role: "clock", actor: null, now: due.at, id: "hold", told } as const;
    const done = decide(current, { do: due.move }, act);
    if (isRefused(done)) return assert.fail(`The clock could not ${due.move}: ${done.refused}`);
    current = done.next;
  }
  return assert.fail("The trade does not come to rest.");
}

/** The trades of a life, each with the moment at which somebody looks at it. */
function* livesOf(
  terms: Terms,
  steps: readonly Step[],
  took: (taken: Taken) => void = () => undefined,
): Generator<[trade: Trade, now: Date]> {
  let now = new Date(start);
  const act = { role: "shop", actor: null, now, id: "trade" } as const;
  let trade = propose({ number: 18n, ...parties, terms }, act).next;
  for (const { role, as, hours, told, command } of steps) {
    now = new Date(now.getTime() + hours * hour);
    trade = caughtUp(trade, now, told);
    if (hours > 0) yield [trade, now];
    const operator =
      role === "operator"
        ? { channel: "phone" as const, reference: "call 7", ...(as === undefined ? {} : { as }) }
        : undefined;
    const wish = { ...command, ...(operator === undefined ? {} : { operator }) } as Command;
    if (wish.do === "offer/accept") wish.version = trade.progress.offer?.version ?? 0;
    const done = decide(trade, wish, { role, actor: role, now, id: "hold", operator });
    if (isRefused(done)) continue;
    took({ trade, now, role, command: wish });
    trade = done.next;
    yield [trade, now];
  }
}

/** A step of a life that the machine took: who took it, and how the trade stood before. */
interface Taken {
  trade: Trade;
  now: Date;
  role: ActorRole;
  command: Command;
}

/**
 * What buyer or carrier can do where not all goes well: a page offers each of them whenever the machine takes it. Other acts
 * it offers less often: it accepts and rejects nothing that has never left the shop, and makes no offer where all is done.
 */
const remedies: Partial<Record<Command["do"], readonly (TradeAct | "approve")[]>> = {
  "offer/accept": ["accept-offer"],
  answer: ["answer"],
  say: ["say"],
  "send-back": ["send-back"],
  return: ["return"],
  withdraw: ["withdraw"],
  dispute: ["dispute"],
  cancel: ["cancel", "not-come"],
};

/** A way to fill a form in, as somebody would who has read it; of the ways in one group one at least has to be taken. */
function waysToFill(form: PageForm, labels: readonly string[]): Fields[][] {
  const plain: Fields = {};
  const all: Fields = {};
  const numbers = form.controls.filter(({ kind }) => kind === "number");
  for (const { name, max } of numbers) {
    plain[name] = "1";
    all[name] = max ?? "";
  }
  for (const { kind, name, required, min } of form.controls) {
    if (kind === "date") plain[name] = min ?? "";
    if (kind === "textarea" || name === "reason" || name === "statement") plain[name] = "because";
    if (kind === "text" && required && name !== "parcel" && name !== "reason") plain[name] = "1";
    if (name === "giftCode") plain[name] = "12345674";
    // The same terms again are no other terms.
    if (name.startsWith("price-")) plain[name] = "701";
  }
  const day = form.controls.find(({ kind }) => kind === "date");
  const empty = form.controls.find(
    ({ name, required, value }) => name === "parcel" && required && value === "",
  );
  if (empty !== undefined && empty.kind === "text")
    return [[...labels, "of a parcel without a number"].map((parcel) => ({ ...plain, parcel }))];
  const ways: Fields[][] = [[plain], [{ ...plain, ...all }]];
  if (day !== undefined) ways.push([{ ...plain, [day.name]: day.max ?? "" }]);
  for (const { kind, name, value } of form.controls) {
    if (kind !== "radio" && kind !== "checkbox") continue;
    const one = { ...plain, [name]: value };
    const none = Object.fromEntries(numbers.map((each) => [each.name, "0"]));
    ways.push(
      value === "never_came" ? numbers.map((each) => ({ ...one, ...none, [each.name]: "1" })) : [one],
    );
  }
  if (form.controls.some(({ name }) => name === "deduct")) ways.push([{ ...plain, ...all, deduct: "1" }]);
  return ways;
}

type Made = { commands: Command[] } | { wrong: string };
interface Page {
  role: ActorRole;
  view: TradeView;
  html: string;
  read(form: PageForm, fields: Fields): Made;
}

/** What is sent with a code: that is looked at before a step is made of it (`edge/pages/door-pages.test`). */
const seldom = new Set(["by-code-form", "by-part-form", "door-code-form"]);

/** The page of a trading server for one of its parties. */
function tradePage(role: "buyer" | "carrier" | "recipient", trade: Trade, at: string): Page {
  const view = viewOf({ ...trade, pending: null }, role, topology);
  const props: TradePageProps = { frame, trade: view, events: [], role, now: at, once: "once" };
  return {
    role,
    view,
    html: render(TradePage, role === "recipient" ? { ...props, gift: "link", proven: true } : props),
    read: ({ action }, sent) => {
      const fields = Object.fromEntries(Object.entries(sent).filter(([name]) => name !== "giftCode"));
      // That the order is theirs the buyer says to a call of its own.
      if (action.endsWith("/order-seen")) return { commands: [{ do: "revise", seen: true }] };
      const act = action.split("/").at(-1) as TradeAct;
      const made = moveOf(act, fields, { trade: view, role, now: { at, timeZone } });
      return "body" in made ? { commands: [made.body as Command] } : { wrong: JSON.stringify(made) };
    },
  };
}

const callNames: Record<string, string> = { acceptOffer: "offer/accept" };

/** The page of the shop's staff. */
function staffPage(trade: Trade, now: Date): Page {
  const view = viewOf({ ...trade, pending: null }, "shop", topology);
  const order: Order = {
    id: "id",
    number: "1234567897",
    till: "direct",
    language: "en",
    currency: "JPY",
    amount: trade.amount,
    kek: Buffer.alloc(0),
    wrapped: Buffer.alloc(0),
    customer: null,
    placedAt: new Date(start),
    trade: view.number,
    view,
  };
  const shown = { frame: { shop: "Aoi Tea", timeZone, pieces: 0 }, order, lines: [], calls: [], now };
  const more = {
    tradeUrl: undefined,
    once: "once",
    mistaken: {},
    tried: undefined,
    said: [],
    code: undefined,
    customer: undefined,
  };
  return {
    role: "shop",
    view,
    html: render(StaffOrderPage, { ...shown, ...more }),
    read: ({ action }, sent) => {
      const of = staffActs.find(({ path }) => action.endsWith(`/${path}`));
      assert.ok(of !== undefined, action);
      const fields = Object.fromEntries(Object.entries(sent).filter(([, text]) => text !== ""));
      const found = staffReads[of.act](fields, view, timeZone);
      if ("mistaken" in found) return { wrong: Object.keys(found.mistaken).join(" ") };
      const told = tellings[of.act](view, found.given, order);
      return {
        commands: told.map(
          ({ call, body }) => ({ do: callNames[call] ?? call, ...body }) as unknown as Command,
        ),
      };
    },
  };
}

/** What stands in the way of a form that is sent as it is filled in; undefined where it is taken. */
function hindered(page: Page, form: PageForm, words: Fields, trade: Trade, now: Date): string | undefined {
  const fields = filledIn(form, words);
  const held = heldBack(form, fields);
  if (held !== undefined) return held;
  const made = page.read(form, fields);
  if ("wrong" in made) return made.wrong;
  let current = trade;
  for (const command of made.commands) {
    const { role } = page;
    const done = decide(current, command, { role, actor: role, now, id: "hold" });
    if (isRefused(done)) return `${command.do}: ${done.refused} ${done.detail ?? ""}`;
    current = done.next;
  }
  return undefined;
}

/** How many forms were sent, by page and form. */
type Sent = Map<string, number>;

function send(page: Page, trade: Trade, now: Date, sent: Sent): void {
  const labels = page.view.lots.flatMap(({ parcel, back }) => back ?? parcel ?? []);
  for (const form of formsIn(page.html).filter(({ id }) => !seldom.has(id))) {
    for (const group of waysToFill(form, labels)) {
      const hindrances = group.map((words) => hindered(page, form, words, trade, now));
      const name = `${page.role} ${form.id}`;
      sent.set(name, (sent.get(name) ?? 0) + 1);
      if (hindrances.length === 0 || hindrances.includes(undefined)) continue;
      const { progress, terms, state } = trade;
      const story = { words: group, state, progress, acceptance: terms.acceptance, lines: terms.lines, now };
      assert.fail(`${name}: ${hindrances.join("; ")}\n${JSON.stringify(story)}`);
    }
  }
}

const lives = fc.record({
  life: setting,
  /** A server that knows no amounts; somebody else who receives the goods. */
  hidden: fc.integer({ min: 0, max: 7 }).map((die) => die === 0),
  gift: fc.boolean(),
});

test("every form on a page is one that the machine takes", () => {
  const sent: Sent = new Map();
  fc.assert(
    fc.property(lives, ({ life: { terms, steps }, hidden, gift }) => {
      const { acceptance } = terms;
      const by = gift ? [...acceptance.by, "recipient" as const] : acceptance.by;
      // A private trade has goods alone, and no amounts of whole lines.
      const plain = terms.lines.map(({ name, quantity }) => ({ name, quantity, unitAmount: 1 }));
      const agreed: Terms = {
        ...terms,
        acceptance: { ...acceptance, by },
        ...(hidden
          ? { private: true, lines: plain, fee: { fixed: 0, basisPoints: 0, roundTo: "shop" } }
          : {}),
      };
      for (const [trade, now] of livesOf(agreed, steps)) {
        const at = now.toISOString();
        send(tradePage("buyer", trade, at), trade, now, sent);
        send(tradePage("carrier", trade, at), trade, now, sent);
        if (gift) send(tradePage("recipient", trade, at), trade, now, sent);
        send(staffPage(trade, now), trade, now, sent);
      }
    }),
    { numRuns: 60 },
  );
  // The seldom ones need luck; of so many lives most forms are in some.
  assert.ok(sent.size >= 20, [...sent.keys()].join(", "));
});

test("what the machine takes of a buyer or a carrier who needs a remedy is on their page", () => {
  const taken = new Set<string>();
  const check = ({ trade, now, role, command }: Taken) => {
    const acts = remedies[command.do];
    if (acts === undefined || (role !== "buyer" && role !== "carrier")) return;
    const view = viewOf({ ...trade, pending: null }, role, topology);
    const offered = actsOffered(view, role, { at: now.toISOString(), timeZone });
    const story = JSON.stringify({ command, state: trade.state, progress: trade.progress });
    assert.ok(
      acts.some((act) => offered.includes(act)),
      `${role}: ${story}`,
    );
    taken.add(`${role} ${command.do}`);
  };
  fc.assert(
    fc.property(setting, ({ terms, steps }) => {
      Array.from(livesOf(terms, steps, check));
    }),
    { numRuns: 3000 },
  );
  assert.ok(taken.size >= 6, [...taken].join(", "));
});
