/** Sample pages of what other servers pay from a member's accounts, and of what waits for somebody. */
import { type ComponentChild, h } from "preact";
import {
  ObjectionsPage,
  SettlementsPage,
  type SettlementView,
} from "../../../src/edge/member-views/settlements.tsx";
import { type Frame } from "../../../src/edge/parts/parts.ts";
import { id, type SampleTexts } from "./sample-trades.ts";

function sample(texts: SampleTexts, index: number, change: Partial<SettlementView>): SettlementView {
  return {
    id: id(70 + index),
    serverName: texts.shop,
    payee: texts.shop,
    tradeNumber: "48210733951146",
    currency: "JPY",
    amount: 1200,
    frozen: 300,
    at: "2027-03-01T15:00:00Z",
    state: "paid",
    isHeld: true,
    silentAt: null,
    objection: null,
    decision: null,
    ...change,
  };
}

export function settlementPages(frame: Frame, texts: SampleTexts): Record<string, ComponentChild> {
  const { reason } = texts;
  const changes: Partial<SettlementView>[] = [
    { state: "waiting", silentAt: "2027-03-04T15:00:00Z" },
    { state: "waiting" },
    { state: "waiting", isHeld: false },
    { state: "objected", objection: reason },
    { state: "allowed", objection: reason, decision: reason },
    { state: "refused", objection: reason, decision: reason },
    {},
  ];
  const settlements = changes.map((change, index) => sample(texts, index, change));
  const objections = [
    { ...sample(texts, 1, { state: "objected", objection: reason }), untold: false, once: id(90) },
    { ...sample(texts, 2, { state: "waiting" }), untold: true, once: id(91) },
  ];
  return {
    settlements: h(SettlementsPage, { frame, settlements, next: "x" }),
    "settlements-empty": h(SettlementsPage, { frame, settlements: [], next: null }),
    objections: h(ObjectionsPage, { frame, objections, next: "x", asked: true }),
    "objections-empty": h(ObjectionsPage, { frame, objections: [], next: null }),
  };
}
