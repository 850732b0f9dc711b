/** The page on which it is said where a shop is paid, with made-up data. */
import { type ComponentChild, h } from "preact";
import { PaymentsPage } from "../../../src/edge/member-views/payments.tsx";
import { type Attempt, type Frame } from "../../../src/edge/parts/layout.tsx";
import { id, type SampleTexts } from "./sample-trades.ts";

export function paymentPages(
  frame: Frame,
  texts: SampleTexts,
  institutions: readonly { id: string; name: string; url: string }[],
  attempt: Attempt,
): Record<string, ComponentChild> {
  const shown = { frame, shop: { id: id(1), name: texts.shop }, institutions: [...institutions], once: "k1" };
  return {
    payments: h(PaymentsPage, {
      ...shown,
      ties: institutions.map((place) => ({ institution: place.id, name: place.name, currency: "JPY" })),
      spoken: true,
      done: "kept",
      attempt,
    }),
    "payments-none": h(PaymentsPage, {
      ...shown,
      ties: [],
      spoken: false,
      attempt: { values: {}, errors: {} },
    }),
  };
}
