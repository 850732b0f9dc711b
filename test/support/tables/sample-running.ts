/** Sample pages of how a server runs: with much, and with nothing. */
import { type ComponentChild, h } from "preact";
import { tradeStates } from "../../../src/core/protocol/protocol.ts";
import type { Frame } from "../../../src/edge/parts/parts.ts";
import {
  BehindPage,
  type DayPoint,
  RunningPage,
  type RunningProps,
} from "../../../src/edge/running-views/running-views.ts";
import { id, type SampleTexts } from "./sample-trades.ts";

const at = "2027-03-01T15:00:00Z";
const days = Array.from({ length: 30 }, (_, index) =>
  new Date(Date.UTC(2027, 0, 31 + index)).toISOString().slice(0, 10),
);
const points = (amount: number): DayPoint[] =>
  days.map((day, index) => ({
    day,
    times: amount === 0 ? 0 : (index * 7) % 12,
    amount: amount * ((index * 7) % 12),
  }));

const busy = (texts: SampleTexts): Omit<RunningProps, "frame"> => ({
  now: at,
  days: [days[0] ?? "", days.at(-1) ?? ""],
  states: tradeStates.map((state, index) => ({ state, trades: index === 5 ? 1_204_000 : index * 90 })),
  money: [
    { currency: "JPY", kinds: ["frozen", "settled", "refunded"] as const, unit: 123_456 },
    { currency: "USD", kinds: ["frozen", "settled", "refunded"] as const, unit: 0 },
  ].map(({ currency, kinds, unit }) => ({
    currency,
    series: kinds.map((kind, index) => ({ kind, points: points(unit * (3 - index)) })),
  })),
  ranOut: points(1),
  waits: days.map((day, index) => ({
    day,
    half: index % 5 === 0 ? 0 : 40_000 + index * 900,
    most: index % 5 === 0 ? 0 : 300_000 + index * 2000,
    times: index % 5 === 0 ? 0 : index,
  })),
  shops: [
    { shop: id(1), name: texts.shop, rejected: 12, disputed: 3 },
    { shop: id(2), name: texts.goods, rejected: 0, disputed: 1 },
  ],
  shopsLeft: 3,
  waiting: [
    { what: "instructions", count: 3, seconds: 31, at: "/running/trades?waiting=yes" },
    { what: "webhooks", count: 1200, seconds: 90_000 },
    { what: "mails", count: 0, seconds: 0 },
    { what: "log", count: 1, seconds: 2 },
    { what: "disputes", count: 2, seconds: null, at: "/running/trades?state=disputed" },
    { what: "payouts", count: 4, seconds: 400_000, at: "/payout-files" },
    { what: "arrivals", count: 1, seconds: 60, at: "/bank-transfers" },
    { what: "objections", count: 1, seconds: null, at: "/objections" },
    { what: "bills", count: 9, seconds: 2_000_000, at: "/debts" },
    { what: "transfers", count: 0, seconds: 0 },
    { what: "breaks", count: 0, seconds: 4000 },
    { what: "unreachable", count: 0, seconds: null },
    { what: "stopped", count: 1, seconds: null },
  ],
  lost: 1,
  halted: true,
  minutes: [
    { answers: 1300, half: 3.2, most: 48 },
    { answers: 0, half: null, most: null },
    { answers: 12, half: 4, most: 9.5 },
  ],
  process: {
    memory: 143_000_000,
    eventLoop: 0.0123,
    deadlines: 0.4,
    queue: 12,
    inUse: 4,
    waitedFor: 0,
  },
});

export function runningPages({ face }: Frame, texts: SampleTexts): Record<string, ComponentChild> {
  const frame: Frame = { face, signedIn: { name: texts.person, as: "operator" } };
  const full = busy(texts);
  const none: Omit<RunningProps, "frame"> = {
    ...full,
    states: full.states.map(({ state }) => ({ state, trades: 0 })),
    money: [],
    ranOut: points(0),
    waits: [],
    shops: [],
    shopsLeft: 0,
    lost: 0,
    halted: false,
  };
  const trade = {
    number: "48210733951129",
    state: "settled",
    shopName: texts.shop,
    currency: "JPY",
    amount: 1200,
    updatedAt: at,
  } as const;
  const trades = [trade, { ...trade, state: "disputed", amount: null } as const];
  const day = days[7] ?? "";
  return {
    running: h(RunningPage, { frame, ...full }),
    "running-none": h(RunningPage, { frame, ...none }),
    "running-day": h(BehindPage, {
      frame,
      sought: { kind: "settled", currency: "JPY", day },
      shopName: null,
      trades,
      next: "x",
    }),
    "running-shop": h(BehindPage, {
      frame,
      sought: { kind: "disputed", shop: id(1) },
      shopName: texts.shop,
      trades,
      next: null,
    }),
    "running-state": h(BehindPage, {
      frame,
      sought: { state: "reserved" },
      shopName: null,
      trades: [],
      next: null,
    }),
    "running-waiting": h(BehindPage, { frame, sought: {}, shopName: null, trades, next: null }),
    ...Object.fromEntries(
      (["frozen", "accepted", "refunded", "rejected", "ran_out"] as const).map((kind) => [
        `running-${kind}`,
        h(BehindPage, { frame, sought: { kind }, shopName: null, trades: [], next: null }),
      ]),
    ),
  };
}
