/** Sample pages of lines that are lent: for operators, and for those to whom they are lent. */
import { type ComponentChild, h } from "preact";
import { type LineShown, LinesPage, type PartShown } from "../../../src/edge/lending/line-views.tsx";
import { LinePage } from "../../../src/edge/lending/part-views.tsx";
import { type Frame, noAttempt } from "../../../src/edge/parts/parts.ts";
import { id, type SampleTexts } from "./sample-trades.ts";

const at = "2027-03-01T15:00:00Z";

function sampleLine(texts: SampleTexts, index: number, change: Partial<LineShown> = {}): LineShown {
  return {
    id: id(40 + index),
    lender: id(50 + index),
    lenderName: texts.shop,
    currency: "JPY",
    limit: 2_000_000,
    given: 450_000,
    used: 120_000,
    held: 36_000,
    owes: 0,
    paidIn: 0,
    stoppedAt: null,
    createdAt: at,
    ...change,
  };
}

const parts: PartShown[] = [
  {
    member: "4821073395",
    state: "open",
    limit: 300_000,
    used: 120_000,
    held: 36_000,
    owingSince: at,
    callFrom: at,
    createdAt: at,
  },
  {
    member: "4821073487",
    state: "open",
    limit: 150_000,
    used: 0,
    held: 0,
    owingSince: null,
    callFrom: null,
    createdAt: at,
  },
  {
    member: null,
    state: "called",
    limit: 0,
    used: 0,
    held: 0,
    owingSince: null,
    callFrom: null,
    createdAt: at,
  },
];

export function lentPages({ face }: Frame, texts: SampleTexts): Record<string, ComponentChild> {
  const lending = { ...face, queues: ["lent-lines"], lends: true } as const;
  const staff: Frame = { face: lending, signedIn: { name: texts.person, as: "operator" } };
  const lender: Frame = { face: lending, signedIn: { name: texts.shop, as: "provider" } };
  const lines = [
    sampleLine(texts, 1),
    sampleLine(texts, 2, { owes: 80_000, paidIn: 0, stoppedAt: at }),
    sampleLine(texts, 3, { paidIn: 40_000, currency: "USD" }),
  ];
  const [line = sampleLine(texts, 1)] = lines;
  const reason = () => texts.reason;
  let forms = 0;
  const once = () => `k${(forms += 1)}`;
  const values = { lender: texts.shop, currency: "yen", limit: texts.reason, member: texts.reason };
  const attempt = {
    values,
    errors: { lender: reason, currency: reason, limit: reason },
  };
  const ofPart = { values, errors: { member: reason, limit: reason } };
  const seen = { frame: staff, operator: true, asked: true, once, attempt: noAttempt };
  const own = { ...seen, frame: lender, operator: false, asked: false };
  return {
    "lent-lines": h(LinesPage, { ...seen, lines, next: "x" }),
    "lent-lines-none": h(LinesPage, { ...seen, lines: [], next: null }),
    "lent-lines-wrong": h(LinesPage, { ...seen, lines, next: null, attempt }),
    "lent-lines-own": h(LinesPage, { ...own, lines, next: "x" }),
    "lent-lines-own-none": h(LinesPage, { ...own, lines: [], next: null }),
    "lent-line": h(LinePage, { ...seen, line, parts, next: "x" }),
    "lent-line-own": h(LinePage, { ...own, line, parts, next: null }),
    "lent-line-own-wrong": h(LinePage, { ...own, line, parts: [], next: null, attempt: ofPart }),
  };
}
