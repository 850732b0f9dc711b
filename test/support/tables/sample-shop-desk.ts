/** The pages of a shop's desk on a trading server, with made-up data. */
import { type ComponentChild, h } from "preact";
import { problem } from "../../../src/core/protocol/protocol.ts";
import { type Frame, noAttempt } from "../../../src/edge/parts/layout.tsx";
import { MoneyBehindPage, type MoneyKind, MoneyPage } from "../../../src/edge/shop-desk-views/money-page.tsx";
import { NewOrderPage } from "../../../src/edge/shop-desk-views/new-order-page.tsx";
import { NotePage } from "../../../src/edge/shop-desk-views/note-page.tsx";
import { OrderPage } from "../../../src/edge/shop-desk-views/order-page.tsx";
import { OrdersPage } from "../../../src/edge/shop-desk-views/orders-page.tsx";
import { SettingsPage } from "../../../src/edge/shop-desk-views/settings-page.tsx";
import { sampleActs, teamPages } from "./sample-team.ts";
import { id, sampleEvents, type SampleTexts, sampleTrade } from "./sample-trades.ts";

const now = { at: "2026-11-25T09:00:00Z", timeZone: "Asia/Tokyo" };
const once = "k1";
const counts = { ship: 12, way: 3, look: 100, back: 1, dispute: 2, pay: 0, approve: 7 };
const squares = { path: "M0 0h7v7h-7zM8 8h4v4h-4z", side: 21 };

const frameOf = (texts: SampleTexts, guaranteed = false): Frame => ({
  face: {
    name: "Kenshu",
    lead: guaranteed ? "home.guarantor" : "home.institution",
    money: "accounts",
    payments: true,
    timeZone: "Asia/Tokyo",
  },
  signedIn: { name: texts.shop, as: "shop" },
});

const toOf = (texts: SampleTexts) => ({
  name: texts.person,
  kana: null,
  address: texts.reason,
  phone: "075-000-0000",
});

/** Something of it was sent, came, and was rejected. */
const comingBack = (texts: SampleTexts) =>
  sampleTrade("delivered", texts, {
    lots: [
      { line: 1, quantity: 1, at: "rejected", kind: "wrong", home: "said", back: "4412-9" },
      { line: 2, quantity: 1, at: "delivered", parcel: "4412-8" },
    ],
    parcels: [{ carrier: texts.shop, number: "4412-8", url: "https://track.example/4412-8" }],
  });

/** Its buyer may still look at it. */
const looked = (texts: SampleTexts) =>
  sampleTrade("reserved", texts, { earmark: { state: "ordered", objectBy: "2026-11-26T09:00:00Z" } });

const disputed = (texts: SampleTexts) =>
  sampleTrade("disputed", texts, {
    dispute: { by: "buyer", since: "2026-11-24T09:00:00Z", asked: ["shop"] },
    offer: { by: "buyer", release: 3600, pay: 10_000, refund: 0, version: 3 },
  });

const press: [string, string] = ["key", "k-sure"];

function ordersPages(texts: SampleTexts): Record<string, ComponentChild> {
  const frame = frameOf(texts);
  const orders = [
    sampleTrade("reserved", texts),
    { ...comingBack(texts), number: "10000000000015" },
    sampleTrade("accepted", texts, { number: "10000000000008", reference: null }),
  ];
  const list = { frame, counts, counted: 100, now, next: "1_2", mayPropose: true };
  return {
    "shop-orders": h(OrdersPage, { ...list, todo: "ship", orders }),
    "shop-orders-none": h(OrdersPage, {
      ...list,
      todo: "all",
      orders: [],
      next: null,
      attempt: { values: { number: texts.goods }, errors: { number: () => texts.reason } },
    }),
  };
}

function orderPages(texts: SampleTexts): Record<string, ComponentChild> {
  const frame = frameOf(texts);
  const events = sampleEvents(texts);
  const did = sampleActs(texts).slice(0, 3);
  const order = { frame, events, now, once, early: true, to: toOf(texts), did, may: () => true };
  const reserved = sampleTrade("reserved", texts);
  const terms = {
    agreed: [{ name: texts.goods, quantity: 2, amount: 12_000n }],
    wished: [{ name: texts.goods, quantity: 1, amount: 6000n }],
  };
  return {
    "shop-order": h(OrderPage, { ...order, trade: reserved, done: "ship" }),
    "shop-order-look": h(OrderPage, { ...order, trade: looked(texts) }),
    "shop-order-reader": h(OrderPage, { ...order, did: [], trade: reserved, may: () => false }),
    "shop-order-back": h(OrderPage, { ...order, trade: comingBack(texts) }),
    "shop-order-disputed": h(OrderPage, { ...order, trade: disputed(texts) }),
    "shop-order-proposed": h(OrderPage, {
      ...order,
      to: undefined,
      trade: sampleTrade("proposed", texts, {
        frozen: 0,
        buyer: null,
        approveUrl: "https://pay.example/approve/kt_48210733951146_x",
      }),
    }),
    "shop-order-settled": h(OrderPage, {
      ...order,
      frame: frameOf(texts, true),
      trade: sampleTrade("settled", texts, { frozen: 0, settled: 13_600, fee: 408 }),
      attempt: {
        act: "refund",
        values: { amount: texts.goods, reason: texts.reason },
        errors: { amount: () => texts.reason },
        problem: problem("amount_exceeds_settled", texts.reason),
      },
    }),
    "shop-order-sure": h(OrderPage, {
      ...order,
      trade: reserved,
      sure: {
        act: "cancel",
        fields: [press, ["reason", texts.reason]],
        moves: { free: 13_600, back: 0, paid: 900, later: 0, fee: 30, repaid: 70 },
      },
    }),
    "shop-order-terms": h(OrderPage, {
      ...order,
      trade: reserved,
      sure: {
        act: "revise",
        fields: [press, ["price-1", "1"]],
        moves: { free: 0, back: 0, paid: 0, later: 0, fee: 0, repaid: 0 },
        terms,
      },
    }),
    "shop-order-early": h(OrderPage, {
      ...order,
      trade: reserved,
      sure: { act: "advance", fields: [press], moves: { early: { paid: 13_000, price: 192 } } },
    }),
    "shop-note": h(NotePage, {
      frame,
      trade: reserved,
      to: toOf(texts),
      code: "12345678",
      squares,
      place: "Kenshu",
    }),
  };
}

function proposingPages(texts: SampleTexts): Record<string, ComponentChild> {
  const frame = frameOf(texts);
  return {
    "shop-new": h(NewOrderPage, { frame, currencies: ["JPY", "USD"], once }),
    "shop-new-again": h(NewOrderPage, {
      frame,
      currencies: ["JPY"],
      once,
      attempt: { ...noAttempt, values: { "name-1": texts.goods }, errors: { "price-1": () => texts.reason } },
    }),
  };
}

function moneyPages(texts: SampleTexts): Record<string, ComponentChild> {
  const sum = { currency: "JPY", count: 12, frozen: 128_400n, settled: 7600n, refunded: 0n };
  const money = {
    frame: frameOf(texts),
    open: [
      { ...sum, todo: "ship" as const },
      { ...sum, todo: "dispute" as const, count: 1 },
    ],
    more: true,
    days: [
      {
        day: "2026-11-24",
        currency: "JPY",
        frozen: 81_000n,
        settled: 54_000n,
        released: 0n,
        refunded: 1200n,
        fee: 1620n,
      },
    ],
    refunds: [{ number: "10000000000008", at: now.at, currency: "JPY", amount: 1200n }],
    moreRefunds: true,
    most: 10_000,
    from: "2026-11-12",
    to: "2026-11-25",
    expiring: [sampleTrade("reserved", texts)],
    accounts: [
      { currency: "JPY", account: id(5), posted: 128_400n, fixed: 0n, basisPoints: 300 },
      { currency: "USD", fixed: 30n, basisPoints: 250 },
    ],
    now,
  };
  const line = {
    number: "10000000000008",
    state: "settled" as const,
    currency: "JPY",
    amount: 54_000n,
    updatedAt: new Date(now.at),
  };
  return {
    "shop-money": h(MoneyPage, money),
    ...Object.fromEntries(
      (["frozen", "settled", "released", "refunded"] as const satisfies MoneyKind[]).map((kind, index) => [
        `shop-money-behind ${kind}`,
        h(MoneyBehindPage, {
          frame: frameOf(texts),
          sought: { kind, currency: "JPY", day: "2026-11-24" },
          trades: index === 0 ? [] : [line, { ...line, amount: null }],
          next: index === 1 ? "1_2_3" : null,
        }),
      ]),
    ),
    "shop-money-none": h(MoneyPage, { ...money, open: [], days: [], expiring: [], more: false }),
  };
}

function settingsPages(texts: SampleTexts): Record<string, ComponentChild> {
  let count = 0;
  const at = "2026-11-20T09:00:00Z";
  const settings = {
    frame: frameOf(texts),
    once: () => `k${(count += 1)}`,
    keys: [
      { id: id(1), label: texts.person, createdAt: at, expiresAt: null },
      { id: id(2), label: null, createdAt: at, expiresAt: now.at },
    ],
    hooks: [{ id: id(3), url: "https://shop.example/hooks", types: ["*"], state: "active" }],
    deliveries: [
      { id: id(4), type: "trade.accepted", number: null, state: "failed", attempts: 9, createdAt: at },
    ],
    returnAddress: { name: texts.shop, address: texts.reason, phone: null },
    returnUrls: ["https://shop.example/back"],
    unique: true,
    listing: { url: "https://shop.example/back", sentence: texts.reason },
    stores: [{ store: id(5), name: texts.shop, postcodes: ["604"], agreedAt: null }],
    offerFor: "30",
    chains: [{ chain: id(6), name: texts.shop, agreedAt: null }],
    offers: [{ id: id(7), number: "10000000000008", until: now.at }],
  };
  const errors = { "add-hook-url": () => texts.reason };
  return {
    "shop-settings": h(SettingsPage, settings),
    "shop-settings-key": h(SettingsPage, {
      ...settings,
      secret: { what: "key", value: "ks_0123456789abcdef" },
    }),
    "shop-settings-unproven": h(SettingsPage, { ...settings, unproven: true }),
    "shop-settings-sure": h(SettingsPage, {
      ...settings,
      sure: {
        act: "drop-hook",
        question: "dropSure",
        of: id(3),
        called: "https://shop.example/hooks",
        key: "k",
      },
      attempt: { values: { "add-hook-url": texts.goods }, errors },
    }),
  };
}

export const shopDeskPages = (texts: SampleTexts): Record<string, ComponentChild> => ({
  ...ordersPages(texts),
  ...orderPages(texts),
  ...proposingPages(texts),
  ...moneyPages(texts),
  ...settingsPages(texts),
  ...teamPages(texts, frameOf(texts)),
});
