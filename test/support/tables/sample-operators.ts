/** The pages of the desk of operators, with made-up data. */
import { type ComponentChild, h } from "preact";
import { ActPage } from "../../../src/edge/desk-views/act-page.tsx";
import { ReadPage } from "../../../src/edge/desk-views/read-back.tsx";
import { deskOffers } from "../../../src/edge/desk-views/acting.ts";
import { deskLists, DeskPage } from "../../../src/edge/desk-views/desk-page.tsx";
import { FindPage } from "../../../src/edge/desk-views/find-page.tsx";
import { LooksPage } from "../../../src/edge/desk-views/looks-page.tsx";
import { OrderPage, OrderReadPage } from "../../../src/edge/desk-views/order-page.tsx";
import { MemberDeskPage, ShopDeskPage } from "../../../src/edge/desk-views/member-desk.tsx";
import { TradeDeskPage } from "../../../src/edge/desk-views/trade-desk.tsx";
import { problem } from "../../../src/core/protocol/protocol.ts";
import { type Frame, noAttempt } from "../../../src/edge/parts/layout.tsx";
import { say } from "../../../src/edge/words/words.ts";
import { id, sampleTrade, type SampleTexts } from "./sample-trades.ts";

const at = "2026-11-30T03:00:00Z";

/** What several of these pages show. */
function shownIn(texts: SampleTexts) {
  const frame: Frame = {
    face: { name: "Kenshu", lead: "home.institution", money: "accounts", timeZone: "Asia/Tokyo" },
    signedIn: { name: texts.person, as: "operator" },
  };
  const now = { at, timeZone: "Asia/Tokyo" };
  const trade = sampleTrade("delivered", texts);
  const person = {
    number: "4821073395",
    name: texts.person,
    kana: texts.person,
    phone: "＊＊＊678",
    email: "h＊＊＊@e＊＊＊",
  };
  const spoken = {
    channel: "phone",
    reference: texts.goods,
    as: "buyer",
    proof: { kind: "callback", reference: "9" },
  };
  const events = [
    {
      seq: 1,
      type: "trade.accepted" as const,
      at,
      version: 2,
      actor: { role: "operator" as const, id: id(1) },
      data: { operator: { ...spoken, confirmedBy: id(2) } },
    },
  ];
  return { frame, now, trade, person, events };
}

const mail = { seq: 1, to: null, at, state: "waiting", error: null, takenAt: null, again: false } as const;

/** An order that is taken for a caller: asked, and read back. */
function orderPages(texts: SampleTexts) {
  const { frame } = shownIn(texts);
  const number = "4821073395";
  const shown = {
    frame,
    number,
    methods: [{ id: id(11), kind: "deposit" as const, currency: "JPY" }],
    needs: { proof: true },
    attempt: noAttempt,
    once: "k1",
  };
  const read = {
    frame,
    number,
    shop: texts.shop,
    currency: "JPY",
    lines: [{ name: texts.goods, quantity: 3, unitAmount: 1200 }],
    sum: 3600n,
    method: "deposit" as const,
    date: "2026-12-24",
    recipient: { name: texts.person, address: texts.goods },
    fields: { shop: texts.shop, key: "k1" },
    attempt: noAttempt,
  };
  return {
    deskOrder: h(OrderPage, { ...shown, currencies: ["JPY"] }),
    deskOrderWrong: h(OrderPage, {
      ...shown,
      currencies: ["JPY", "USD"],
      attempt: {
        values: { shop: texts.shop, "name-1": texts.goods },
        errors: { shop: say("form.mistake.party"), "price-1": say("mistake.amount") },
      },
    }),
    deskOrderRead: h(OrderReadPage, read),
    deskOrderReserve: h(OrderReadPage, {
      ...read,
      lines: undefined,
      method: undefined,
      date: undefined,
      recipient: undefined,
      attempt: { values: {}, errors: { readBack: say("caller.mistake.readBack") } },
    }),
  };
}

function findingPages(texts: SampleTexts) {
  const { frame, trade, person, now, events } = shownIn(texts);
  return {
    desk: h(DeskPage, {
      frame,
      queues: [
        { name: "disputes", count: 3, most: 100, since: at, late: 1 },
        { name: "bank-transfers", count: 101, most: 100, since: at },
        { name: "collectors", count: null, most: 100, since: null },
      ],
      lists: deskLists,
    }),
    find: h(FindPage, {
      frame,
      attempt: { values: { what: texts.person }, errors: { what: say("find.wrong") } },
    }),
    findAmount: h(FindPage, {
      frame,
      attempt: { values: { amount: "12" }, errors: { day: say("mistake.date") } },
    }),
    found: h(FindPage, {
      frame,
      attempt: noAttempt,
      found: {
        trades: [trade],
        people: [{ person, trades: [trade] }],
        shops: [{ id: id(1), name: texts.shop }],
        more: true,
        behind: true,
        noted: true,
      },
    }),
    tradeDesk: h(TradeDeskPage, {
      mails: [
        { ...mail, id: id(61), reader: "buyer", to: texts.person, state: "taken", takenAt: mail.at },
        { ...mail, id: id(62), reader: "shop", state: "failed", error: "no_address", again: true },
        { ...mail, id: id(63), reader: "recipient", state: "waiting", error: "not_written" },
      ],
      frame,
      trade,
      events,
      now,
      offers: deskOffers(trade, now),
      buyer: person,
      recipient: { ...person, number: null },
      carrier: texts.shop,
      provider: undefined,
      waits: true,
      hasQueue: true,
      once: "k1",
    }),
  };
}

function peoplePages(texts: SampleTexts) {
  const { frame, trade, person } = shownIn(texts);
  const member = {
    frame,
    number: "4821073395",
    person,
    state: "active" as const,
    since: at,
    methods: [{ id: id(3), kind: "deposit" as const, state: "active", currency: "JPY", available: 300 }],
    trades: [trade],
    next: "x",
    acts: [{ id: id(4), trade: trade.number, channel: "phone" as const, at }],
    looks: [{ id: id(5), reason: texts.reason, at }],
    left: 3,
    once: "k1",
  };
  const look = {
    id: id(5),
    operator: texts.person,
    reason: texts.reason,
    member: "4821073395",
    trade: null,
    at,
  };
  return {
    memberDesk: h(MemberDeskPage, member),
    memberShown: h(MemberDeskPage, {
      ...member,
      revealed: {
        name: texts.person,
        kana: null,
        address: texts.shop,
        birthDate: "1990-01-31",
        email: null,
        phone: "075-1",
      },
    }),
    shopDesk: h(ShopDeskPage, { frame, id: id(1), name: texts.shop, trades: [trade], next: null }),
    looks: h(LooksPage, {
      frame,
      looks: [
        { ...look, search: null },
        { ...look, id: id(6), search: "name", member: null },
        { ...look, id: id(7), search: null, trade: trade.number },
      ],
      operators: [{ id: id(1), name: texts.person, today: 3 }],
      attempt: { values: { day: "x" }, errors: { day: say("mistake.date") } },
      more: "/desk/looks?before=x",
    }),
  };
}

function actPages(texts: SampleTexts) {
  const { frame, trade } = shownIn(texts);
  const needs = { proof: true, as: ["buyer", "recipient"] as const };
  const act = { frame, trade, needs, methods: [{ id: id(3), kind: "deposit" as const }], once: "k1" };
  const lines = [{ line: 1, name: texts.goods, open: 10 }];
  const wrong = {
    values: { reason: texts.reason },
    errors: { "channel-phone": say("caller.mistake.channel") },
  };
  return {
    actReject: h(ActPage, { ...act, act: "reject", lines, attempt: wrong }),
    actApprove: h(ActPage, { ...act, act: "approve", lines: [], attempt: noAttempt }),
    actRevise: h(ActPage, {
      ...act,
      act: "revise",
      lines: [],
      attempt: { ...noAttempt, problem: problem("trade_changed") },
    }),
    actOffer: h(ActPage, { ...act, act: "offer", lines: [], attempt: noAttempt }),
    actRefund: h(ActPage, { ...act, act: "refund", lines: [], attempt: noAttempt }),
    actExtend: h(ActPage, { ...act, act: "extend", lines: [], attempt: noAttempt }),
    actAnswer: h(ActPage, { ...act, act: "answer", lines: [], attempt: noAttempt }),
    readBack: h(ReadPage, {
      frame,
      trade,
      act: "reject",
      role: "buyer",
      body: { do: "reject", kind: "wrong", reason: texts.reason, lines: [{ line: 1, quantity: 2 }] },
      sum: 2400n,
      moves: { settled: 1200, released: 1200, refunded: 300, later: 0, advance: { paid: 900, price: 9 } },
      methods: [],
      fields: { key: "k1", reason: texts.reason },
      attempt: { values: {}, errors: { readBack: say("caller.mistake.readBack") } },
    }),
    readApproval: h(ReadPage, {
      frame,
      trade,
      act: "approve",
      role: "buyer",
      body: {
        do: "approve",
        method: id(3),
        payment: { on: "acceptance" },
        acceptors: ["buyer", "shop"],
        shopWord: true,
      },
      sum: 13_600n,
      methods: [{ id: id(3), kind: "credit" }],
      fields: { key: "k1" },
      attempt: noAttempt,
    }),
  };
}

/** Those pages by name. */
export const operatorPages = (texts: SampleTexts): Record<string, ComponentChild> => ({
  ...orderPages(texts),
  ...findingPages(texts),
  ...peoplePages(texts),
  ...actPages(texts),
});
