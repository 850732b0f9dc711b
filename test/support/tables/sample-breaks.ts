/** Breaks between books, with made-up data. */
import { type ComponentChild, h } from "preact";
import { type BreakLine, BreakPage, BreaksPage } from "../../../src/edge/breaks/break-views.tsx";
import { type Frame, noAttempt } from "../../../src/edge/parts/layout.tsx";
import { say } from "../../../src/edge/words/words.ts";
import { id, type SampleTexts } from "./sample-trades.ts";

const at = "2026-11-30T03:00:00Z";

const frameOf = (texts: SampleTexts): Frame => ({
  face: { name: "Kenshu", lead: "home.facilitator", money: "methods", timeZone: "Asia/Tokyo" },
  signedIn: { name: texts.person, as: "operator" },
});

const line = (texts: SampleTexts, index: number, change: Partial<BreakLine> = {}): BreakLine => ({
  id: id(80 + index),
  name: texts.shop,
  party: id(8),
  subject: "10000000000008",
  what: "frozen",
  here: "1000",
  there: "970",
  currency: "JPY",
  difference: -30,
  state: "open",
  firstSeen: at,
  lastSeen: at,
  agreesSince: null,
  ...change,
});

/** What a bank says to have paid, and came back. */
const paid = {
  name: null,
  party: "bank",
  subject: id(9),
  what: "payout",
  here: "0",
  there: "310",
  difference: 310,
};

/** Those pages by name. */
export function breakPages(texts: SampleTexts): Record<string, ComponentChild> {
  const frame = frameOf(texts);
  const sum = {
    subject: null,
    what: "the sum of settled JPY",
    here: "1200000",
    there: "1199960",
    difference: -40,
  };
  const lost = { what: "reservation", here: id(8), there: "none", difference: null };
  const word = { here: "1000", there: "970", difference: -30, confirmedBy: null, at };
  const shown = {
    frame,
    names: { [id(1)]: texts.person, [id(2)]: texts.shop },
    sides: { here: "/desk/trades/10000000000008", there: "/desk/servers/x" },
    once: "k1",
  };
  const found = { ...line(texts, 5), reference: id(9), version: 2, words: [] };
  return {
    breaks: h(BreaksPage, {
      frame,
      groups: [
        { state: "open", items: [line(texts, 1), line(texts, 2, sum), line(texts, 3, lost)], next: id(83) },
        {
          state: "explained",
          items: [line(texts, 4, { name: null, party: "books", agreesSince: at }), line(texts, 6, paid)],
          next: null,
        },
        { state: "closed", items: [], next: null },
      ],
      done: "close",
    }),
    break: h(BreakPage, {
      ...shown,
      found: {
        ...found,
        state: "explained",
        words: [
          { ...word, word: "explained", operator: id(1), reason: texts.reason },
          {
            ...word,
            word: "closed",
            operator: id(1),
            confirmedBy: id(2),
            reason: texts.reason,
            at: "2026-11-30T04:00:00Z",
          },
          { ...word, word: "found again", operator: null, reason: null, at: "2026-11-30T05:00:00Z" },
        ],
      },
      attempt: noAttempt,
    }),
    "break-refused": h(BreakPage, {
      ...shown,
      found,
      attempt: {
        values: { "close-reason": texts.reason },
        errors: { "explain-reason": say("mistake.missing") },
      },
    }),
    "break-closed": h(BreakPage, { ...shown, found: { ...found, state: "closed" }, attempt: noAttempt }),
  };
}
