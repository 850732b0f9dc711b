/** The pages on which members let shops freeze without asking, with made-up data. */
import { say } from "../../../src/edge/words/words.ts";
import { type ComponentChild, h } from "preact";
import { type AcceptorRole } from "../../../src/core/protocol/protocol.ts";
import { GivePage } from "../../../src/edge/permissions/new-view.tsx";
import { MandatePage } from "../../../src/edge/permissions/given-view.tsx";
import { MandatesPage } from "../../../src/edge/permissions/list-view.tsx";
import { deposit, id, type SampleTexts } from "./sample-trades.ts";
import { member, notTaken, once } from "./sample-pages.ts";

const sampleMandate = (texts: SampleTexts, revoked: boolean, index: number) => ({
  id: id(7 + index),
  shopName: texts.shop,
  currency: "JPY",
  limit: 30_000,
  used: 12_000,
  until: "2027-03-31T15:00:00Z",
  acceptors: ["buyer", "carrier"] satisfies AcceptorRole[],
  revoked,
});

const one = (texts: SampleTexts, revoked = false) => ({
  frame: member(texts),
  mandate: sampleMandate(texts, revoked, 0),
  createdAt: "2026-07-01T03:00:00Z",
  over: false,
  method: deposit,
  limit: "30000",
  lastDay: "2027-03-31",
  earliest: "2026-07-10",
  latest: "2035-07-10",
  unproven: false,
  once,
});

const giving = (texts: SampleTexts) => ({
  frame: member(texts),
  shops: [
    { id: id(1), name: texts.shop },
    { id: id(2), name: texts.shop },
  ],
  methods: [deposit],
  earliest: "2026-07-10",
  latest: "2035-07-10",
  usual: "2026-10-10",
  signIn: undefined,
  once,
});

export function permissionPages(texts: SampleTexts): Record<string, ComponentChild> {
  return {
    mandates: h(MandatesPage, {
      frame: member(texts),
      next: "x",
      mandates: [false, true].map((revoked, index) => sampleMandate(texts, revoked, index)),
    }),
    "mandates-empty": h(MandatesPage, { frame: member(texts), next: null, mandates: [] }),
    mandate: h(MandatePage, { ...one(texts), done: "given", back: "/back-at-the-shop" }),
    "mandate-less": h(MandatePage, {
      ...one(texts),
      attempt: { values: { limit: "1" }, errors: { limit: say("mandate.lessThanUsed") } },
    }),
    "mandate-unproven": h(MandatePage, { ...one(texts), unproven: true, method: "any" }),
    "mandate-over": h(MandatePage, { ...one(texts, true), over: true, method: "closed" }),
    give: h(GivePage, giving(texts)),
    "give-sign-in": h(GivePage, { ...giving(texts), signIn: "/signin?next=/mandates/new" }),
    "give-no-means": h(GivePage, { ...giving(texts), methods: [] }),
    "give-no-shops": h(GivePage, { ...giving(texts), shops: [] }),
    "give-refused": h(GivePage, {
      ...giving(texts),
      shops: [{ id: id(1), name: texts.shop }],
      back: "/back-at-the-shop",
      attempt: {
        ...notTaken(texts),
        values: { limit: texts.reason, shop: id(1), carrier: "yes" },
        errors: { limit: say("mistake.amount"), until: say("mistake.date") },
      },
    }),
  };
}
