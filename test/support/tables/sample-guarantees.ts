/** Sample pages of those at a guarantor who watch over its guarantees: with each phase, each deadline, and nothing. */
import { type ComponentChild, h } from "preact";
import { guaranteePhases } from "../../../src/core/guarantees/guarantees.ts";
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

export function guaranteePages(frame: Frame, texts: SampleTexts): Record<string, ComponentChild> {
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
  const claims: GuaranteeShown[] = [
    { ...late, number: numbers[1] ?? "", waits: "claim", acts: [] },
    { ...late, number: numbers[2] ?? "", waits: "cancel", acts: [], buyer: undefined },
  ];
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
  const bill = {
    number: numbers[3] ?? "",
    name: buyer.name,
    currency: "JPY",
    owed: 3600n,
    payBy: at,
    overdue: true,
    step: 1,
    nextStepAt: at,
  };
  const book: Omit<BookShown, "frame"> = {
    currencies: ["JPY", "USD"],
    sums: guaranteePhases.map((phase, index) => ({
      phase,
      currency: "JPY",
      count: 1_204_000 >> (index * 3),
      amount: 48_000_000n,
      due: phase === "due" ? 12_000_000n : 0n,
    })),
    next: [late],
    claims,
    lines: [line, full],
    nearFrom: 80,
    bills: [bill, { ...bill, number: numbers[4] ?? "", name: null, overdue: false, nextStepAt: null }],
  };
  const none = { ...book, sums: [], next: [], claims: [], lines: [], bills: [] };
  const list = { frame, currency: "JPY", currencies: ["JPY", "USD"] };
  const of: Record<string, GuaranteeShown[]> = {
    open: todos.map((asks, index) => ({ ...plain, number: `4821073395112${index}`, asks, acts: ["extend"] })),
    due: [late, { ...late, number: numbers[1] ?? "", late: false, acts: [] }],
    collected: [{ ...plain, phase: "collected", acts: ["release"] }],
    claimed: [
      { ...plain, phase: "claimed", owes: { who: "member", bill: numbers[3] ?? "", owed: 3600n, due: at } },
      { ...plain, number: numbers[1] ?? "", phase: "claimed", owes: { who: "lender", name: texts.shop } },
      { ...plain, number: numbers[2] ?? "", phase: "claimed", owes: { who: "nobody" } },
    ],
    earmarked: [{ ...plain, phase: "earmarked" }],
    ended: [],
  };
  return {
    guarantees: h(BookPage, { frame, ...book }),
    "guarantees-none": h(BookPage, { frame, ...none }),
    "near-lines": h(NearLinesPage, { frame, lines: [line, full], nearFrom: 80, next: "x" }),
    "near-lines-none": h(NearLinesPage, { frame, lines: [], nearFrom: 80, next: null }),
    ...Object.fromEntries(
      guaranteePhases.map((phase) => [
        `guarantees-${phase}`,
        h(PhasePage, { ...list, phase, items: of[phase] ?? [], next: phase === "due" ? "x" : null }),
      ]),
    ),
  };
}
