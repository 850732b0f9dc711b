/** The pages of the shop's back office with made-up data: lists, the question before money moves, and the office. */
import { render } from "../../../src/edge/parts/parts.ts";
import type { Language } from "../../../src/edge/words/words.ts";
import { StaffAskPage } from "../../../src/servers/shop-desk/ask-page.tsx";
import { StaffOrdersPage } from "../../../src/servers/shop-desk/list-pages.tsx";
import { StaffSignInPage } from "../../../src/servers/shop-desk/sign-in-page.tsx";
import { staffActs } from "../../../src/servers/shop-desk/staff-pages.tsx";
import { queues } from "../../../src/servers/shop-finding/queues.ts";
import { MoneyPage } from "../../../src/servers/shop-office/money-page.tsx";
import { MovedPage } from "../../../src/servers/shop-office/moved-page.tsx";
import { StaffReturnsPage } from "../../../src/servers/shop-office/returns-page.tsx";
import { ServersPage } from "../../../src/servers/shop-office/servers-page.tsx";
import { TeamPage, type TeamProps } from "../../../src/servers/shop-office/team-page.tsx";
import { moneyKinds } from "../../../src/servers/shop-money/shop-money.ts";
import type { Order } from "../../../src/servers/shop-orders/shop-orders.ts";
import { recordedActs, storeActs } from "../../../src/servers/shop-staff/record-store.ts";
import { shopSay } from "../../../src/servers/shop-words/shop-words.ts";
import { storePages } from "./sample-stores.ts";
import type { SampleTexts } from "./sample-trades.ts";

const at = "2026-11-22T00:00:00.000Z";
const id = "0190a0b0-0000-7000-8000-000000000001";

/** What was typed into a form about each act that asks once more. */
const given = {
  pay: 1_000n,
  refund: 500n,
  amount: 1_200n,
  reason: "R-7",
  terms: [{ line: 1, quantity: 2, unitAmount: 4_000n }],
};

/** Servers are told apart by what they are called. */
const called = ({ shop }: SampleTexts, number: number) => ({
  en: `${shop} ${number}`,
  ja: `${shop} ${number}`,
});

function asked(order: Order, shop: string, reader: object): Record<string, string> {
  const { view } = order;
  if (view === null) return {};
  const frame = { shop, timeZone: "Asia/Tokyo", pieces: 0, staff: true };
  const price = { basisPoints: 150, claim: 20_000n, price: 300n };
  return Object.fromEntries(
    staffActs
      .filter(({ asks }) => asks === true)
      .map((of) => {
        const fields = { key: "k1", version: String(view.version), reason: "R-7" };
        return [
          `staff-ask ${of.path}`,
          render(StaffAskPage, { frame, order, view, of, fields, given, price }, reader),
        ];
      }),
  );
}

const sums = {
  currency: "JPY",
  count: 3,
  amount: 23_400n,
  frozen: 7_800n,
  settled: 15_600n,
  released: 0n,
  refunded: 1_200n,
  fee: 546n,
};

function money(orders: readonly Order[], texts: SampleTexts, reader: object): string {
  const frame = { shop: texts.shop, timeZone: "Asia/Tokyo", pieces: 0, staff: true };
  const balance = {
    id,
    kind: "debit",
    currency: "JPY",
    posted: 120_000,
    held: 0,
    floor: 0,
    available: 110_000,
  };
  const payout = {
    id,
    account: id,
    currency: "JPY",
    amount: 50_000,
    state: "done" as const,
    by: "owner" as const,
    file: null,
    reason: null,
    createdAt: at,
    endedAt: at,
  };
  const fee = { fixed: 30, basisPoints: 250 };
  const account = { id, currency: "JPY", fee, balance, payouts: [payout] };
  const props = {
    frame,
    most: { queue: true, count: 5000 },
    byQueue: queues.slice(0, 7).map((queue) => Object.assign({ queue }, sums)),
    byDay: [
      {
        ...{ day: "2026-11-22", currency: "JPY", fee: 546n },
        ...{ frozen: 23_400n, settled: 15_600n, released: 0n, refunded: 1_200n },
      },
    ],
    tills: [
      {
        till: "one",
        moneyUrl: "https://pay.example/shop/money",
        label: called(texts, 1),
        accounts: [account],
        early: [{ currency: "JPY", outstanding: 3_000, owed: 100 }],
        prices: { acceptedBasisPoints: 100, reservedBasisPoints: 300 },
      },
      {
        till: "other",
        moneyUrl: "https://pay.example/shop/money",
        label: called(texts, 2),
        accounts: [{ ...account, balance: undefined, payouts: [] }],
        early: [],
        prices: null,
      },
      {
        till: "third",
        moneyUrl: "https://pay.example/shop/money",
        label: called(texts, 3),
        accounts: undefined,
        early: [],
        prices: null,
      },
    ],
    ending: orders.slice(1, 2).map((order) => ({ order, due: at })),
    paidBack: orders.slice(3, 4),
    from: "2026-10-22",
    to: "2026-11-22",
  };
  return render(MoneyPage, props, reader);
}

function servers(texts: SampleTexts, reader: object): string {
  const frame = { shop: texts.shop, timeZone: "Asia/Tokyo", pieces: 0, staff: true };
  const missed = (["failed", "waiting"] as const).map((state) => ({
    id: `${id}-${state}`,
    type: "trade.settled",
    number: "48210733951146",
    state,
    attempts: 9,
    lastStatus: state === "failed" ? 500 : null,
    createdAt: at,
  }));
  const key = { id, label: null, createdAt: "2025-01-02T00:00:00.000Z", expiresAt: at };
  return render(
    ServersPage,
    {
      frame,
      tills: [
        { till: "one", label: called(texts, 1), keys: [key], missed },
        {
          till: "other",
          label: called(texts, 2),
          keys: [{ ...key, id: "x", expiresAt: null, createdAt: at }],
          missed: [],
        },
        { till: "third", label: called(texts, 3), keys: undefined, missed: [] },
      ],
      hearings: [{ till: "one", lastAt: new Date(at), today: 12, reads: true }],
      now: new Date(at),
      once: "k1",
      resent: { till: "one", sent: 3, failed: 1 },
    },
    reader,
  );
}

const ofStores = (said: string) =>
  Object.fromEntries(storeActs.map((act) => [act, said])) as Record<(typeof storeActs)[number], string>;

function team(texts: SampleTexts, lang: Language): Record<string, string> {
  const reader = { lang, back: "/" };
  const staffed = { shop: texts.shop, timeZone: "Asia/Tokyo", pieces: 0, staff: true };
  const member = {
    id,
    signIn: "kei",
    name: texts.person,
    role: "clerk" as const,
    madeAt: new Date(at),
    endedAt: null,
  };
  const left = {
    ...member,
    id: "0190a0b0-0000-7000-8000-000000000002",
    signIn: "rin",
    endedAt: new Date(at),
  };
  const wrong = { password: shopSay("mistake.memberPassword") };
  const said = {
    add: "clerk",
    role: "manager",
    password: null,
    end: null,
    returns: texts.person,
    ...ofStores(texts.person),
  };
  const record = recordedActs.map((act, index) => ({
    id: `0190a0b0-0000-7000-8000-0000000001${10 + index}`,
    madeAt: new Date(at),
    madeBy: "rin",
    act,
    whom: said[act] === texts.person ? null : "kei",
    said: said[act],
  }));
  const plain = {
    frame: staffed,
    members: [member],
    self: null,
    once: "k1",
    mistaken: {},
    typed: {},
    record: [],
    older: null,
  };
  const shown = (more: Partial<TeamProps>) => render(TeamPage, { ...plain, ...more }, reader);
  return {
    "staff-team": shown({ members: [member, left], done: "added", record, older: id }),
    "staff-team-again": shown({
      self: id,
      mistaken: wrong,
      typed: { name: texts.person, signIn: "mei", role: "manager" },
    }),
    "staff-team-own": shown({
      mistaken: { ownPassword: shopSay("mistake.tries") },
      tried: { id, act: "role" },
    }),
  };
}

/** The back office by the names of its pages. */
export function officePages(
  orders: readonly Order[],
  texts: SampleTexts,
  lang: Language,
): Record<string, string> {
  const reader = { lang, back: "/" };
  const frame = { shop: texts.shop, timeZone: "Asia/Tokyo", pieces: 2 };
  const staffed = { ...frame, staff: true };
  const label = { en: texts.shop, ja: texts.shop };
  const counts = {
    queues: queues.slice(0, 7).map((queue, index) => ({ queue, count: index * 400 })),
    todo: 7,
    today: 2,
  };
  const rewritten = [{ till: label, since: new Date(at), why: "rewritten" }];
  const listed = orders.map((order) => ({ order, waiting: true, due: at }));
  const list = { frame: staffed, orders: listed, next: "before=x", rewritten, counts };
  const quiet = { queues: [], todo: 0, today: 0 };
  return {
    "staff-sign-in": render(StaffSignInPage, { frame }, reader),
    "staff-sign-in-kept": render(
      StaffSignInPage,
      { frame, again: "{}", mistaken: shopSay("mistake.password") },
      reader,
    ),
    "staff-orders": render(StaffOrdersPage, list, reader),
    "staff-queue": render(StaffOrdersPage, { ...list, rewritten: [], show: "ship" }, reader),
    "staff-to-do": render(StaffOrdersPage, { ...list, rewritten: [], show: "todo" }, reader),
    "staff-nothing": render(
      StaffOrdersPage,
      { ...list, orders: [], next: null, rewritten: [], counts: quiet, show: "back" },
      reader,
    ),
    "staff-search": render(
      StaffOrdersPage,
      { ...list, orders: [], next: null, rewritten: [], asked: { text: "%", short: true } },
      reader,
    ),
    "staff-found": render(
      StaffOrdersPage,
      {
        ...list,
        next: { q: texts.person, before: id },
        rewritten: [],
        asked: { text: texts.person, short: false },
      },
      reader,
    ),
    ...(orders[1] === undefined ? {} : asked(orders[1], texts.shop, reader)),
    "staff-money": money(orders, texts, reader),
    ...Object.fromEntries(
      moneyKinds.map((kind, index) => [
        `staff-money-day ${kind}`,
        render(
          MovedPage,
          {
            frame: staffed,
            sought: { kind, currency: "JPY", day: "2026-11-22" },
            moves: index === 0 ? [] : [{ number: "1234567897", amount: 15_600n, at }],
            next: index === 1 ? `1_${id}` : null,
          },
          reader,
        ),
      ]),
    ),
    "staff-servers": servers(texts, reader),
    ...team(texts, lang),
    ...storePages(texts, lang),
    "staff-returns": render(
      StaffReturnsPage,
      {
        frame: staffed,
        typed: { name: texts.person, address: "", phone: "" },
        mistaken: { address: shopSay("mistake.returns") },
        told: [{ till: label, taken: true }],
      },
      reader,
    ),
  };
}
