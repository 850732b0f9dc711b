/** The pages of a shop's accounts at its desk, with made-up data. */
import { type ComponentChild, h } from "preact";
import { problem } from "../../../src/core/protocol/protocol.ts";
import type { Frame } from "../../../src/edge/parts/layout.tsx";
import {
  AccountPage,
  EntriesPage,
  placeOfMembers,
  placeOfShops,
  StandingPage,
  type StandingShown,
} from "../../../src/edge/shop-account-views/shop-account-views.ts";
import { id, type SampleTexts } from "./sample-trades.ts";

const frameOf = (texts: SampleTexts): Frame => ({
  face: { name: "Kenshu", lead: "home.institution", money: "accounts", timeZone: "Asia/Tokyo" },
  signedIn: { name: texts.shop, as: "shop" },
});

const createdAt = "2026-11-20T09:00:00Z";

const bankOf = (texts: SampleTexts) => ({
  id: "00000000-0000-7000-8000-00000000000b",
  bankName: texts.shop,
  branchName: texts.person,
  kind: "ordinary" as const,
  number: "0123456",
  holder: texts.person,
  usableFrom: "2026-11-27T09:00:00Z",
});

export function shopAccountPages(texts: SampleTexts): Record<string, ComponentChild> {
  let count = 0;
  const bank = bankOf(texts);
  const payout = { amount: 54_000, by: "owner", reason: null, endedAt: null, file: null } as const;
  const account = {
    frame: frameOf(texts),
    place: placeOfShops(id(5)),
    currency: "JPY",
    posted: 128_400,
    available: 128_400,
    payable: 120_000,
    pays: { least: 100 },
    bank,
    asked: null,
    mayName: true,
    schedule: { every: "week", on: 5, least: 1000, nextOn: "2026-11-27" } as const,
    payouts: [
      { ...payout, id: id(1), state: "waiting", createdAt } as const,
      {
        ...payout,
        id: id(2),
        state: "returned",
        reason: texts.reason,
        createdAt,
        endedAt: createdAt,
      } as const,
      { ...payout, id: id(3), by: "clock", state: "done", createdAt, endedAt: createdAt } as const,
    ],
    next: id(3),
    months: [
      { month: "2026-11", from: "2026-11-01", to: "2026-11-25" },
      { month: "2026-10", from: "2026-10-01", to: "2026-10-31" },
    ],
    now: "2026-11-25T09:00:00Z",
    once: () => `k${(count += 1)}`,
  };
  const none = { bank: null, schedule: null, payouts: [], next: null };
  return {
    ...entriesPages(texts),
    ...standingPages(texts),
    "shop-account": h(AccountPage, account),
    "shop-account-none": h(AccountPage, { ...account, ...none, asked: bank, done: true }),
    "member-payouts": h(AccountPage, {
      ...account,
      frame: { ...account.frame, signedIn: { name: texts.person, as: "member" } },
      place: placeOfMembers(id(5)),
      payable: account.available,
    }),
    "shop-account-not-owner": h(AccountPage, { ...account, mayName: false }),
    "shop-account-dollars": h(AccountPage, { ...account, ...none, currency: "USD", pays: undefined }),
    "shop-account-sure": h(AccountPage, {
      ...account,
      sure: { act: "payout", fields: [["key", "k"]], amount: 120_000, bank },
    }),
    "shop-account-wrong": h(AccountPage, {
      ...account,
      attempt: {
        values: { "bank-holder": texts.goods, "schedule-every": "month" },
        errors: { "bank-holder": () => texts.reason },
        problem: problem("bank_account_named_lately", texts.reason),
      },
    }),
  };
}

function entriesPages(texts: SampleTexts): Record<string, ComponentChild> {
  const entry = { kind: "settle", posted: 54_000, reference: null, tradeNumber: null, at: createdAt };
  return {
    "shop-account-entries": h(EntriesPage, {
      frame: frameOf(texts),
      id: id(5),
      currency: "JPY",
      next: "1_2",
      entries: [
        { ...entry, id: id(1) },
        { ...entry, id: id(2), kind: "transfer", posted: -54_000, reference: texts.reason },
        { ...entry, id: id(3), kind: "transfer", tradeNumber: "48210733951146" },
      ],
    }),
    "shop-account-no-entries": h(EntriesPage, {
      frame: frameOf(texts),
      id: id(5),
      currency: "JPY",
      next: null,
      entries: [],
    }),
  };
}

function guaranteedFrame(texts: SampleTexts): Frame {
  const { face, ...frame } = frameOf(texts);
  return Object.assign(frame, { face: Object.assign(face, { lead: "home.guarantor" }) });
}

function standingPages(texts: SampleTexts): Record<string, ComponentChild> {
  const standing: StandingShown = {
    frame: guaranteedFrame(texts),
    state: "suspended",
    until: "2026-12-27T09:00:00Z",
    frozenLimits: { JPY: 1_000_000 },
    earlyLimits: { JPY: 50_000, USD: 100_000 },
    settleAfter: "P14D",
    word: true,
    paidEarly: "afterShipping",
    paidOutEarly: false,
    set: { reason: texts.reason, at: createdAt },
    notices: [
      { id: id(1), act: "standing.set", trade: null, channel: "desk", at: createdAt },
      { id: id(2), act: undefined, trade: null, channel: "letter", at: createdAt },
      { id: id(3), act: undefined, trade: "10000000000008", channel: "phone", at: createdAt },
    ],
    next: id(3),
  };
  return {
    "shop-standing": h(StandingPage, standing),
    "shop-standing-usual": h(StandingPage, {
      ...standing,
      frozenLimits: {},
      earlyLimits: {},
      settleAfter: null,
      set: null,
      until: null,
      state: "approved",
      notices: [],
      next: null,
    }),
  };
}
