/** Every page with made-up data, for the tests of pages and for looking at. */
import { say } from "../../../src/edge/words/words.ts";
import { type ComponentChild, h } from "preact";
import { type AcceptorRole, type Problem, problem } from "../../../src/core/protocol/protocol.ts";
import { ApprovalPage } from "../../../src/edge/trade-views/approval.tsx";
import { type Attempt, type Face, type Frame, noAttempt } from "../../../src/edge/parts/layout.tsx";
import { DisclosurePage } from "../../../src/edge/member-views/disclosure.tsx";
import { JoinPage, WelcomePage } from "../../../src/edge/member-views/membership.tsx";
import { MethodsPage, TieEndPage } from "../../../src/edge/member-views/ties.tsx";
import { HomePage } from "../../../src/edge/member-views/home-page.tsx";
import { GoOnPage, SignInPage } from "../../../src/edge/member-views/sign-in.tsx";
import { ProblemPage } from "../../../src/edge/parts/problem-page.tsx";
import { NoLinePage, ScanPage } from "../../../src/edge/rounds/round-views.tsx";
import { DeliveriesPage } from "../../../src/edge/trade-views/trade-list.tsx";
import { TradePage } from "../../../src/edge/trade-views/trade-page.tsx";
import { guestPages } from "./sample-guests.ts";
import { underWayPages } from "./sample-goods.ts";
import { paymentPages } from "./sample-payments.ts";

import {
  carrierView,
  id,
  methods,
  partlyAccepted,
  sampleEvents,
  type SampleTexts,
  sampleTrade,
} from "./sample-trades.ts";

export const now = "2026-11-25T09:00:00Z";
export const once = "k1";
const face: Face = {
  name: "Kenshu",
  lead: "home.institution",
  money: "accounts",
  means: ["deposit", "prepaid", "credit"],
  timeZone: "Asia/Tokyo",
};
const stranger: Frame = { face };
export const member = (texts: SampleTexts): Frame => ({
  face,
  signedIn: { name: texts.person, as: "member" },
});
const wrong = (code: Problem["code"], texts: SampleTexts) =>
  problem(code, texts.reason, { trade: "48210733951146" });

export const agreeing = (texts: SampleTexts) => ({
  asked: { kind: "deposit" as const, currency: "JPY" },
  frame: member(texts),
  state: "abc",
  challenge: "c".repeat(43),
  earliest: "2026-12-01",
  usual: "2027-11-22",
  once,
  server: { id: id(16), name: texts.shop, back: "/ties/return?state=abc" },
});

/** A form that was filled in and not taken. */
export function notTaken(texts: SampleTexts): Attempt {
  const values = { name: texts.person, address: texts.shop, reason: texts.reason, token: texts.goods };
  return { values, errors: { name: () => texts.reason }, problem: wrong("invalid_field", texts) };
}

const kept = (texts: SampleTexts) => ({
  to: "/trades/48210733951146/dispute",
  fields: { key: once, reason: texts.reason },
});

export function visitorPages(texts: SampleTexts): Record<string, ComponentChild> {
  return {
    home: h(HomePage, { frame: stranger }),
    "home-member": h(HomePage, { frame: member(texts) }),
    "sign-in": h(SignInPage, { frame: stranger, next: texts.goods }),
    "sign-in-tying": h(SignInPage, { frame: stranger, next: "/tie?peer=1" }),
    "sign-in-ended": h(SignInPage, { frame: stranger, ended: true }),
    "sign-in-kept": h(SignInPage, { frame: stranger, kept: kept(texts) }),
    "go-on": h(GoOnPage, { frame: member(texts), kept: kept(texts), back: "/trades" }),
    "sign-in-failed": h(SignInPage, {
      frame: stranger,
      attempt: { values: { email: texts.person }, errors: {}, problem: problem("sign_in_failed") },
    }),
    join: h(JoinPage, { frame: stranger, once }),
    disclose: h(DisclosurePage, {
      frame: member(texts),
      shop: { id: id(1), name: texts.shop },
      back: "/checkout",
      data: { name: texts.person, address: texts.reason, birthDate: "1990-04-01", email: null, phone: null },
    }),
    disclosed: h(DisclosurePage, {
      frame: member(texts),
      shop: { id: id(1), name: texts.shop },
      back: "/checkout?disclosure=kd_1",
      data: { name: null, address: null, birthDate: null, email: null, phone: null },
      agreed: true,
    }),
    "join-again": h(JoinPage, { frame: stranger, once, attempt: notTaken(texts) }),
    welcome: h(WelcomePage, { frame: member(texts), number: "4821073395", state: "provisional" }),
    problem: h(ProblemPage, {
      frame: stranger,
      problem: { ...wrong("not_found", texts), errors: [{ pointer: "/x", message: texts.reason }] },
    }),
  };
}

export const holder = {
  number: "4821073395",
  waiting: [],
  adds: { kinds: ["deposit", "prepaid", "credit"], currencies: ["JPY", "USD"], once, attempt: noAttempt },
} as const;
const approval = { payDays: { from: "2026-11-23", to: "2027-11-23" }, once };

export function approvalPages(texts: SampleTexts): Record<string, ComponentChild> {
  const proposed = { frozen: 0, buyer: null };
  return {
    approve: h(ApprovalPage, {
      ...approval,
      frame: member(texts),
      trade: sampleTrade("proposed", texts, proposed),
      you: { kind: "member", methods },
    }),
    "approve-refused": h(ApprovalPage, {
      ...approval,
      frame: member(texts),
      trade: sampleTrade("refused", texts, proposed),
      you: { kind: "member", methods },
      attempt: { values: { method: id(3) }, errors: {}, problem: wrong("credit_limit_exceeded", texts) },
    }),
    "approve-no-method": h(ApprovalPage, {
      ...approval,
      frame: member(texts),
      trade: sampleTrade("proposed", texts, proposed),
      you: {
        kind: "member",
        methods: [],
        waiting: [{ id: id(6), kind: "credit", currency: "JPY", state: "pending", wished: 50_000n }],
        looked: true,
      },
    }),
    "approve-short": h(ApprovalPage, {
      ...approval,
      frame: member(texts),
      trade: sampleTrade("proposed", texts, proposed),
      you: { kind: "member", methods: [{ id: id(3), kind: "deposit", currency: "JPY", available: 5n }] },
    }),
    "approve-guest-refused": h(ApprovalPage, {
      ...approval,
      frame: stranger,
      trade: sampleTrade("refused", texts, { ...proposed, buyer: { guest: true } }),
      you: { kind: "guest" },
    }),
    "approve-answered": h(ApprovalPage, {
      ...approval,
      frame: member(texts),
      trade: sampleTrade("reserved", texts),
      you: { kind: "member", methods },
    }),
  };
}

export function tradePages(texts: SampleTexts): Record<string, ComponentChild> {
  return {
    trade: h(TradePage, {
      frame: member(texts),
      now,
      trade: partlyAccepted(texts),
      events: sampleEvents(texts),
      role: "buyer",
      once,
      done: "reject",
    }),
    "trade-reserved": h(TradePage, {
      frame: member(texts),
      now,
      trade: sampleTrade("reserved", texts),
      events: sampleEvents(texts).slice(0, 2),
      role: "buyer",
      once,
    }),
    "trade-pending": h(TradePage, {
      frame: member(texts),
      now,
      trade: sampleTrade("delivered", texts, {
        pending: { step: "accept", since: "2026-11-24T10:30:00Z" },
      }),
      events: sampleEvents(texts).slice(0, 3),
      role: "buyer",
      once,
      done: "accept",
    }),
    "trade-settled": h(TradePage, {
      frame: member(texts),
      now,
      trade: sampleTrade("settled", texts, {
        frozen: 0,
        settled: 13_600,
        deadlines: { ...sampleTrade("settled", texts).deadlines, coolingOffUntil: "2026-12-08T09:00:00Z" },
      }),
      events: sampleEvents(texts),
      role: "buyer",
      once,
    }),
    "trade-guest": h(TradePage, {
      frame: stranger,
      now,
      trade: sampleTrade("delivered", texts, { buyer: { guest: true } }),
      events: sampleEvents(texts).slice(0, 3),
      role: "buyer",
      guest: { link: "https://pay.example/guest/kb_x" },
      recipientLink: "https://pay.example/gift/kg_x",
      once,
      attempt: {
        ...notTaken(texts),
        act: "reject",
        values: { reason: texts.reason, photos: "a".repeat(64) },
        errors: { reason: () => texts.reason, photos: say("mistake.photo") },
      },
    }),
    ...guestPages(texts, { frame: stranger, attempt: notTaken(texts) }),
    ...underWayPages(texts, { frame: member(texts), now, once }),
    ...goodsPages(texts),
  };
}

/** For those who bring or receive, and see neither price nor payer; and for operators. */
function goodsPages(texts: SampleTexts): Record<string, ComponentChild> {
  const seen = carrierView(texts);
  const frame: Frame = {
    face,
    signedIn: { name: texts.person, as: "other" },
    round: { tag: "tag", of: "bringer", key: "/round/key" },
  };
  const by: AcceptorRole[] = ["buyer", "carrier", "recipient"];
  const { lots, lines: come } = sampleTrade("delivered", texts);
  const delivered = {
    ...seen,
    state: "delivered" as const,
    acceptance: { ...seen.acceptance, by },
    lots,
    lines: seen.lines.map((line, index) => ({ ...line, delivered: come[index]?.delivered ?? 0 })),
  };
  const [first, ...others] = seen.lines;
  const back = first === undefined ? [] : [{ ...first, delivered: 10, accepted: 7, rejected: 3 }, ...others];
  const shown = { frame, once, now, events: sampleEvents(texts, []) };
  return {
    "trade-operator": h(TradePage, {
      ...shown,
      trade: partlyAccepted(texts),
      events: sampleEvents(texts),
      role: "operator",
    }),
    "trade-carrier": h(TradePage, {
      ...shown,
      trade: seen,
      role: "carrier",
      to: { name: texts.person, kana: texts.person, address: texts.shop, phone: "+81 (3) 1234-5678" },
    }),
    "trade-carrier-accepts": h(TradePage, {
      ...shown,
      trade: delivered,
      role: "carrier",
      done: "deliver",
    }),
    "trade-carrier-back": h(TradePage, {
      ...shown,
      trade: { ...seen, state: "rejected", lines: back },
      role: "carrier",
    }),
    "trade-recipient": h(TradePage, { ...shown, trade: delivered, role: "recipient", done: "reject" }),
    scan: h(ScanPage, { frame }),
    "no-line": h(NoLinePage, { frame: { face, bare: true } }),
    deliveries: h(DeliveriesPage, {
      frame,
      role: "carrier" as const,
      now,
      next: "abc",
      trades: [
        seen,
        delivered,
        ...(["settled", "cancelled", "disputed", "proposed"] as const).map((state, index) => ({
          ...seen,
          state,
          number: `4821073395115${index}`,
        })),
      ].map((trade, index) => ({ ...trade, number: `4821073395125${index}` })),
    }),
    "deliveries-none": h(DeliveriesPage, {
      frame,
      role: "provider" as const,
      now,
      trades: [],
      next: null,
      attempt: { values: { number: texts.goods }, errors: { number: () => texts.reason } },
    }),
  };
}

const tying: Face = { ...face, money: "methods" };

/** The pages of a server whose members' accounts are kept elsewhere. */
export function tiedPages(texts: SampleTexts): Record<string, ComponentChild> {
  const frame = { ...member(texts), face: tying };
  const institutions = [1, 2].map((last) => ({
    id: id(last),
    name: `${texts.shop} ${last}`,
    url: `https://institution${last}.example`,
  }));
  const shown = { frame, institutions, currencies: ["JPY", "USD"] };
  return {
    "methods-none": h(MethodsPage, { ...shown, methods: [], waiting: "48210733951146" }),
    methods: h(MethodsPage, {
      ...shown,
      methods: (["active", "pending", "closed"] as const).map((state, index) => ({
        id: id(3 + index),
        kind: "deposit" as const,
        currency: "JPY",
        state,
        institution: institutions[index] ?? null,
      })),
      done: "tied",
      waiting: "48210733951146",
    }),
    "methods-refused": h(MethodsPage, {
      ...shown,
      methods: [],
      attempt: { ...notTaken(texts), errors: { institution: () => texts.reason } },
    }),
    ...paymentPages(frame, texts, institutions, {
      ...notTaken(texts),
      errors: { institution: () => texts.reason },
    }),
    "tie-refused": h(TieEndPage, { frame, outcome: "refused", again: "/", attempt: notTaken(texts) }),
    "tie-unknown": h(TieEndPage, {
      frame,
      outcome: "unknown",
      again: "/ties/return?state=s&code=c",
      attempt: { values: {}, errors: {} },
    }),
    "join-tying": h(JoinPage, { frame: { face: tying }, once }),
    "approve-tied": h(ApprovalPage, {
      ...approval,
      frame,
      trade: sampleTrade("proposed", texts, { frozen: 0, buyer: null }),
      you: {
        kind: "member",
        methods: [{ id: id(3), kind: "deposit", currency: "JPY", institution: texts.shop }],
      },
    }),
    "approve-untied": h(ApprovalPage, {
      ...approval,
      frame,
      trade: sampleTrade("proposed", texts, { frozen: 0, buyer: null }),
      you: { kind: "member", methods: [] },
    }),
  };
}
