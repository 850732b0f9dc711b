/** Sample pages of those at a guarantor who watch over its guarantees: with each phase, each deadline, and nothing. */
import { type ComponentChild, h } from "preact";
import { type GuaranteePhase, guaranteePhases } from "../../../src/core/guarantees/guarantees.ts";
import { todos } from "../../../src/core/protocol/protocol.ts";
import {
  BookPage,
  type BookShown,
  type GuaranteeShown,
  NearLinesPage,
  type NearShown,
  PhasePage,
} from "../../../src/edge/guarantee-views/guarantee-views.ts";
import type { Frame } from "../../../src/edge/parts/parts.ts";
import type { SampleTexts } from "./sample-trades.ts";

const at = "2027-03-01T15:00:00Z";
const numbers = ["48210733951129", "10000000000008", "10000000000019", "20000000000005", "30000000000001"];

/** What is shown of a buyer, and a guarantee of theirs: open, and late. */
function shownOf(texts: SampleTexts) {
  const buyer = {
    number: "4821073395",
    name: `${texts.person.slice(0, 1)}＊＊＊`,
    kana: null,
    phone: "＊＊＊678",
    email: "h＊＊＊@e＊＊＊",
  };
  const plain = {
    number: numbers[0] ?? "",
    shopName: texts.shop,
    phase: "open",
    currency: "JPY",
    amount: 48_000n,
    due: 0n,
    endsAt: at,
    late: false,
    asks: null,
    claimFrom: null,
    clockFrom: null,
    buyer,
    waits: null,
    owes: undefined,
    acts: [],
  } as const satisfies GuaranteeShown;
  const late: GuaranteeShown = {
    ...plain,
    phase: "due",
    due: 12_000n,
    late: true,
    claimFrom: at,
    clockFrom: at,
    acts: ["claim"],
  };
  const line: NearShown = {
    person: buyer,
    currency: "JPY",
    limit: 100_000n,
    owed: 60_000n,
    held: 31_000n,
    available: 9000n,
    share: 91,
  };
  const full: NearShown = { ...line, currency: "USD", available: 0n, share: 100 };
  return { buyer, plain, late, lines: [line, full] };
}
type Shown = ReturnType<typeof shownOf>;

function bookOf({ buyer, late, lines }: Shown): Omit<BookShown, "frame"> {
  const bill = {
    number: numbers[3] ?? "",
    member: buyer.number,
    currency: "JPY",
    owed: 3600n,
    payBy: at,
    overdue: true,
    step: 1,
    nextStepAt: at,
  };
  return {
    currencies: ["JPY", "USD"],
    sums: guaranteePhases.map((phase, index) => ({
      phase,
      currency: "JPY",
      count: 1_204_000 >> (index * 3),
      amount: 48_000_000n,
      due: phase === "due" ? 12_000_000n : 0n,
    })),
    next: [late],
    claims: [
      { ...late, number: numbers[1] ?? "", waits: "claim", acts: [] },
      { ...late, number: numbers[2] ?? "", waits: "cancel", acts: [], buyer: undefined },
    ],
    lines,
    nearFrom: 80,
    bills: [bill, { ...bill, number: numbers[4] ?? "", member: null, overdue: false, nextStepAt: null }],
  };
}

/** Guarantees by where they stand. */
function itemsOf({ plain, late }: Shown, texts: SampleTexts): Record<GuaranteePhase, GuaranteeShown[]> {
  const [, one = "", other = "", bill = ""] = numbers;
  return {
    open: todos.map((asks, index) => ({ ...plain, number: `4821073395112${index}`, asks, acts: ["extend"] })),
    due: [late, { ...late, number: one, late: false, acts: [] }],
    collected: [{ ...plain, phase: "collected", acts: ["release"] }],
    claimed: [
      { ...plain, phase: "claimed", owes: { who: "member", bill, owed: 3600n, due: at } },
      { ...plain, number: one, phase: "claimed", owes: { who: "lender", name: texts.shop } },
      { ...plain, number: other, phase: "claimed", owes: { who: "nobody" } },
    ],
    earmarked: [{ ...plain, phase: "earmarked" }],
    ended: [],
  };
}

export function guaranteePages(frame: Frame, texts: SampleTexts): Record<string, ComponentChild> {
  const shown = shownOf(texts);
  const book = bookOf(shown);
  const items = itemsOf(shown, texts);
  const none = { ...book, sums: [], next: [], claims: [], lines: [], bills: [] };
  const list = { frame, currency: "JPY", currencies: ["JPY", "USD"] };
  return {
    guarantees: h(BookPage, { frame, ...book }),
    "guarantees-none": h(BookPage, { frame, ...none }),
    "near-lines": h(NearLinesPage, { frame, lines: shown.lines, nearFrom: 80, next: "x" }),
    "near-lines-none": h(NearLinesPage, { frame, lines: [], nearFrom: 80, next: null }),
    ...Object.fromEntries(
      guaranteePhases.map((phase) => [
        `guarantees-${phase}`,
        h(PhasePage, { ...list, phase, items: items[phase], next: phase === "due" ? "x" : null }),
      ]),
    ),
  };
}
