/** The queues, lists and forms of operators, with made-up data. */
import { type ComponentChild, h } from "preact";
import { forms, formNames } from "../../../src/edge/act-forms/act-forms.ts";
import { ActListPage, SecretPage } from "../../../src/edge/act-forms/form-list.tsx";
import { ActFormPage, ActLookPage } from "../../../src/edge/act-forms/form-views.tsx";
import { DecideLookPage, DecidePage } from "../../../src/edge/queue-views/decide.tsx";
import { DisputesPage } from "../../../src/edge/queue-views/disputes.tsx";
import { ListPage, OnePage } from "../../../src/edge/queue-views/listing.tsx";
import { type ActShown, WaitingActPage, WaitingPage } from "../../../src/edge/queue-views/waiting.tsx";
import { type Frame, noAttempt } from "../../../src/edge/parts/layout.tsx";
import { say } from "../../../src/edge/words/words.ts";
import { id, partlyAccepted, sampleEvents, type SampleTexts } from "./sample-trades.ts";

const at = "2026-11-30T03:00:00Z";
const trade = "10000000000008";
const member = "4821073395";

const frameOf = (texts: SampleTexts): Frame => ({
  face: { name: "Kenshu", lead: "home.guarantor", money: "accounts", timeZone: "Asia/Tokyo" },
  signedIn: { name: texts.person, as: "operator" },
});

const shownAct = (texts: SampleTexts, index: number, change: Partial<ActShown> = {}): ActShown => ({
  id: id(70 + index),
  act: "fee.set",
  operator: texts.person,
  mine: false,
  createdAt: at,
  until: at,
  trade: null,
  currency: null,
  amount: null,
  reason: null,
  ...change,
});

function waitingPages(texts: SampleTexts) {
  const frame = frameOf(texts);
  const moving = { act: "trade.resolve", trade, currency: "JPY", amount: 540_000 } as const;
  const shown = {
    frame,
    digest: "0".repeat(64),
    names: { [id(3)]: texts.shop },
    stands: { name: texts.shop, accounts: [{ currency: "JPY", fee: { fixed: 20, basisPoints: 300 } }] },
    body: { id: id(3), wish: { currency: "JPY", fixed: 30, basisPoints: 250, roundTo: "shop" } },
    speeches: [],
    terms: undefined,
    place: undefined,
    sides: undefined,
    confirmedBy: null,
    secret: false,
    asked: false,
    once: "k1",
  };
  return {
    waiting: h(WaitingPage, {
      frame,
      acts: [
        shownAct(texts, 1, { reason: texts.reason }),
        shownAct(texts, 2, { ...moving, mine: true, reason: texts.reason }),
      ],
      next: id(72),
      yours: [{ id: id(73), act: "key.make" }],
      done: "confirmed",
    }),
    "waiting-act": h(WaitingActPage, {
      ...shown,
      act: shownAct(texts, 1, moving),
      sides: { shop: texts.shop, buyer: member },
      speeches: [
        {
          as: "buyer",
          channel: "phone",
          reference: "7",
          proof: { kind: "callback", reference: "9" },
          reason: texts.reason,
        },
      ],
      terms: {
        before: { amount: 1_000, lines: [{ name: texts.goods, quantity: 1, unitAmount: 1_000 }] },
        after: { amount: 540_000, lines: [{ name: texts.goods, quantity: 2, unitAmount: 270_000 }] },
      },
    }),
    "waiting-sealed": h(WaitingActPage, {
      ...shown,
      act: shownAct(texts, 1, { act: "bank-account.name" }),
      place: "closed",
    }),
    "waiting-place": h(WaitingActPage, {
      ...shown,
      act: shownAct(texts, 1, { act: "bank-account.name" }),
      place: { bank: "0001", branch: "001", kind: "ordinary", number: "0123456", holder: texts.person },
    }),
    "waiting-mine": h(WaitingActPage, { ...shown, act: shownAct(texts, 1, { mine: true }), asked: true }),
    "waiting-collect": h(WaitingActPage, {
      ...shown,
      act: shownAct(texts, 1, { mine: true, act: "key.make" }),
      confirmedBy: texts.person,
      secret: true,
    }),
  };
}

function disputePages(texts: SampleTexts) {
  const frame = frameOf(texts);
  const disputed = { ...partlyAccepted(texts), state: "disputed" } as const;
  const line = { openedAt: at, openedBy: "buyer", answerBy: at, decideBy: at, shop: texts.shop } as const;
  const events = sampleEvents(texts);
  return {
    disputes: h(DisputesPage, {
      frame,
      disputes: [
        { ...line, trade, late: true },
        { ...line, trade: "10000000000015", late: false },
      ],
      next: "1_2",
      done: true,
    }),
    dispute: h(DecidePage, {
      frame,
      trade: disputed,
      events,
      seen: events.slice(0, 2),
      open: [{ line: 1, quantity: 6 }],
      early: ["settle"],
      attempt: { values: { reason: texts.reason }, errors: { outcome: say("form.mistake.choice") } },
      once: "k1",
    }),
    "dispute-look": h(DecideLookPage, {
      frame,
      trade: disputed,
      verdict: {
        outcome: "split",
        goods: [{ line: 1, quantity: 2 }],
        whole: false,
        settled: 3000,
        later: 0,
        released: 2400,
        refunded: 100,
        reason: texts.reason,
      },
      typed: { outcome: "split", reason: texts.reason },
      once: "k1",
    }),
  };
}

function formPages(texts: SampleTexts) {
  const frame = frameOf(texts);
  const fee = { name: "shop-fee", spec: forms["shop-fee"] };
  const reset = { name: "member-correct", spec: forms["member-correct"] };
  return {
    acts: h(ActListPage, { frame, forms: formNames.map((name) => ({ name, spec: forms[name] })) }),
    "act-form": h(ActFormPage, {
      frame,
      ...fee,
      attempt: { values: { id: texts.shop }, errors: { currency: say("mistake.currency") } },
      once: "k1",
      needs: { proof: false },
      done: false,
    }),
    "act-spoken": h(ActFormPage, {
      frame,
      ...reset,
      attempt: noAttempt,
      once: "k1",
      needs: { proof: true },
      done: true,
    }),
    "act-look": h(ActLookPage, {
      frame,
      ...fee,
      values: { id: id(3), currency: "JPY", fixed: 30, basisPoints: 250, roundTo: "shop" },
      stands: { name: texts.shop, createdAt: at },
      names: { [id(3)]: texts.shop },
      attempt: noAttempt,
      once: "k1",
      takes: "two",
    }),
    "act-read-back": h(ActLookPage, {
      frame,
      ...reset,
      values: { number: member, name: texts.person },
      stands: undefined,
      names: {},
      attempt: { values: {}, errors: { readBack: say("caller.mistake.readBack") } },
      once: "k1",
      takes: "one",
    }),
    secret: h(SecretPage, { frame, act: "key.make", secret: { name: "key", value: "0123456789" } }),
  };
}

function listPages(texts: SampleTexts) {
  const frame = frameOf(texts);
  const approve = { word: "deed.party.approve", href: "/desk/acts/party-approve" } as const;
  const letIn = { word: "deed.member.approve", href: "/desk/acts/member-approve" } as const;
  const facts = { createdAt: at, contact: { email: null, phone: null } };
  return {
    applications: h(ListPage, {
      frame,
      title: "applications.title",
      lead: "applications.lead",
      done: true,
      acts: [{ word: "deed.party.add", href: "/desk/acts/party-add" }],
      groups: [
        {
          title: "applications.members",
          empty: "applications.empty",
          items: [
            {
              id: member,
              title: member,
              numbered: true,
              missing: ["applications.missing.email", "applications.missing.signIn"],
              facts: { createdAt: at, creditLine: [{ currency: "JPY", limitWished: 300_000 }] },
              acts: [letIn],
            },
          ],
          more: { word: "applications.more", href: "/desk/applications?members=x" },
        },
        {
          title: "applications.parties",
          empty: "applications.empty",
          items: [{ id: id(5), title: texts.shop, href: "/x", missing: [], facts, acts: [approve] }],
        },
      ],
      names: {},
    }),
    party: h(OnePage, {
      frame,
      kind: "parties.title.shops",
      name: texts.shop,
      back: "/desk/parties/shops",
      state: "parties.state.approved",
      done: false,
      sections: [
        { title: "parties.known", facts },
        { title: "parties.keys", facts: undefined, empty: "parties.noKeys" },
      ],
      acts: [approve],
      names: {},
    }),
  };
}

/** Those pages by name. */
export const queuePages = (texts: SampleTexts): Record<string, ComponentChild> => ({
  ...waitingPages(texts),
  ...disputePages(texts),
  ...formPages(texts),
  ...listPages(texts),
});
