/** Sample pages of those who take money at counters, and of those who look after them. */
import { type ComponentChild, h } from "preact";
import { CollectorsPage } from "../../../src/edge/counters/collector-views.tsx";
import { CounterPage, ReceiptPage } from "../../../src/edge/counters/counter-views.tsx";
import { type Frame, noAttempt } from "../../../src/edge/parts/layout.tsx";
import { problem } from "../../../src/core/protocol/protocol.ts";
import type { CollectionView } from "../../../src/core/protocol/schemas.ts";
import { CounterDayPage, type DayShown, type TillLine } from "../../../src/edge/counters/day-views.tsx";
import { id, type SampleTexts } from "./sample-trades.ts";

const at = "2026-11-30T03:00:00Z";
const trade = "10000000000008";

/** A counter's day: busy, counted and not, and with nothing. */
function dayPages(frame: Frame, texts: SampleTexts): Record<string, ComponentChild> {
  const line = {
    at,
    amount: 3300n,
    payment: id(1),
    number: trade,
    shopName: texts.shop,
    reference: texts.goods,
  };
  const plain = { payment: null, number: null, shopName: null, reference: null };
  const rows: TillLine[] = [
    { ...line, id: "a", kind: "taken" },
    { ...line, id: "b", kind: "kept", amount: 300n },
    { ...line, id: "c", kind: "returned", amount: -300n, payment: null },
    { ...line, ...plain, id: "d", kind: "fee", amount: -33n },
    { ...line, ...plain, id: "e", kind: "moved", amount: -50_000n },
  ];
  const day: DayShown = {
    frame,
    day: "2026-11-30",
    from: "09:00",
    to: "",
    currency: "JPY",
    currencies: ["JPY", "USD"],
    before: 62_333n,
    after: 15_600n,
    running: true,
    sums: rows.map(({ kind, amount }) => ({ kind, times: 1, amount })),
    more: true,
    rows,
    next: "x",
  };
  const counted = (amount: bigint) =>
    h(CounterDayPage, { ...day, counted: amount, running: false, to: "17:00" });
  return {
    "counter-day": h(CounterDayPage, day),
    "counter-day-even": counted(15_600n),
    "counter-day-short": counted(15_000n),
    "counter-day-over": counted(16_000n),
    "counter-day-none": h(CounterDayPage, {
      ...day,
      currencies: ["JPY"],
      sums: [],
      rows: [],
      more: false,
      next: null,
    }),
  };
}

/** What stands after it was taken: the receipt, and what each owes. */
function afterwards(
  frameOf: (as: "collector" | "operator") => Frame,
  texts: SampleTexts,
): Record<string, ComponentChild> {
  const frame = frameOf("collector");
  const taken = {
    id: id(1),
    tradeNumber: trade,
    state: "kept",
    channel: "konbini",
    amount: 300,
    currency: "JPY",
    reference: texts.goods,
    at,
  } as const;
  return {
    receipt: h(ReceiptPage, {
      frame,
      collector: texts.shop,
      channel: "konbini",
      payment: taken,
      shopName: texts.shop,
    }),
    collectors: h(CollectorsPage, {
      frame: frameOf("operator"),
      collectors: [
        {
          id: id(1),
          name: texts.shop,
          channel: "cash_on_delivery",
          accounts: [{ currency: "JPY", owes: 300, since: at, limit: 300 }],
        },
      ],
      next: "x",
    }),
  };
}

export function counterPages(
  frameOf: (as: "collector" | "operator") => Frame,
  texts: SampleTexts,
): Record<string, ComponentChild> {
  const frame = frameOf("collector");
  const due: CollectionView = {
    tradeNumber: trade,
    state: "open",
    currency: "JPY",
    amount: 3800,
    paid: 500,
    due: 3300,
    refunded: 0,
    version: 1,
    payBy: at,
    payableFrom: null,
    shopName: texts.shop,
    payments: [],
  };
  const changed = { ...noAttempt, problem: problem("nothing_due") };
  return {
    counter: h(CounterPage, { frame, number: trade, collection: due, late: true, once: "k1" }),
    "counter-till": h(CounterPage, {
      frame,
      once: "k1",
      till: [{ currency: "JPY", owes: 15_600, since: at, limit: 500_000 }],
    }),
    "counter-paid": h(CounterPage, {
      frame,
      collection: { ...due, state: "paid" },
      once: "k1",
      attempt: changed,
    }),
    "counter-withdrawn": h(CounterPage, {
      frame,
      collection: { ...due, state: "withdrawn" },
      once: "k1",
    }),
    "counter-other-currency": h(CounterPage, {
      frame,
      number: trade,
      collection: { ...due, currency: "USD" },
      once: "k1",
      till: [{ currency: "JPY", owes: 15_600, since: at, limit: 500_000 }],
    }),
    ...dayPages(frame, texts),
    ...afterwards(frameOf, texts),
  };
}
