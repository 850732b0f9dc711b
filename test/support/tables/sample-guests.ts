/** The pages of somebody on the way to being a guest, with made-up data. */
import { type ComponentChild, h } from "preact";
import { type Attempt, type Frame } from "../../../src/edge/parts/layout.tsx";
import { ApprovalPage } from "../../../src/edge/trade-views/approval.tsx";
import type { GuestStep } from "../../../src/edge/trade-views/guest-approval.tsx";
import { LinkPage } from "../../../src/edge/trade-views/own-link.tsx";
import { type SampleTexts, sampleTrade } from "./sample-trades.ts";

const proposed = { frozen: 0, buyer: null };

export function guestPages(
  texts: SampleTexts,
  { frame, attempt }: { frame: Frame; attempt: Attempt },
): Record<string, ComponentChild> {
  const said = { name: texts.reason, address: texts.reason };
  const email = "a@example.com";
  const signIn = "/signin?next=/trades/48210733951146/approve";
  const approval = (guest: GuestStep, tried?: Attempt, more = {}) =>
    h(ApprovalPage, {
      payDays: { from: "2026-11-23", to: "2027-11-23" },
      frame,
      trade: sampleTrade("proposed", texts, { ...proposed, ...more }),
      you: { kind: "stranger", signIn, guest },
      once: "k1",
      ...(tried === undefined ? {} : { attempt: tried }),
    });
  return {
    "approve-stranger": approval({ step: "address" }),
    "approve-without-mails": approval({ step: "closed" }),
    "approve-guest-code": approval(
      { step: "code", email },
      { values: {}, errors: { code: () => texts.reason, email: () => texts.reason } },
    ),
    "approve-guest-again": approval({ step: "form", email, isNamed: true, said }, attempt, {
      payment: { on: "date", date: "2026-12-24" },
    }),
    link: h(LinkPage, {
      frame,
      attempt: { values: { number: "12" }, errors: { number: () => texts.reason } },
    }),
    "link-sent": h(LinkPage, { frame, sent: true }),
  };
}
