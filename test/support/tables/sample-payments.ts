/** The page on which it is said where a shop is paid, with made-up data. */
import { PaymentsPage } from "../../../src/edge/member-views/payments.tsx";
import type { Attempt, Frame } from "../../../src/edge/parts/layout.tsx";
import { id, type SampleTexts } from "./sample-trades.ts";
import { render } from "./sample-reader.ts";

export function paymentPages(
  frame: Frame,
  texts: SampleTexts,
  institutions: readonly { id: string; name: string; url: string }[],
  attempt: Attempt,
): Record<string, string> {
  const shown = { frame, shop: { id: id(1), name: texts.shop }, institutions: [...institutions], once: "k1" };
  return {
    payments: render(PaymentsPage, {
      ...shown,
      ties: institutions.map((place) => ({ institution: place.id, name: place.name, currency: "JPY" })),
      spoken: true,
      done: "kept",
      attempt,
    }),
    "payments-none": render(PaymentsPage, {
      ...shown,
      ties: [],
      spoken: false,
      attempt: { values: {}, errors: {} },
    }),
  };
}
