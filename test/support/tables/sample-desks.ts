/** The pages of counters, operators, shops' credit and bills, with made-up data. */
import { type ComponentChild, h } from "preact";
import { ArrivalsPage } from "../../../src/edge/arrivals/arrival-views.tsx";
import type { WithFacts } from "../../../src/edge/credit/facts.ts";
import { RequestsPage } from "../../../src/edge/credit/request-views.tsx";
import { BillPage, BillsPage, type BillStory } from "../../../src/edge/debts/bill-views.tsx";
import { DebtPage, DebtsPage } from "../../../src/edge/debts/debt-views.tsx";
import { FundingPage, FundPage, PayDuePage } from "../../../src/edge/fundings/funding-views.tsx";
import { LeavePage } from "../../../src/edge/lending/leave-views.tsx";
import { MailboxPage, MailPage } from "../../../src/edge/mail/mailbox-page.tsx";
import { ToldPage } from "../../../src/edge/member-views/private-amounts.tsx";
import { type Frame, noAttempt } from "../../../src/edge/parts/layout.tsx";
import { PayoutsPage } from "../../../src/edge/payouts/payout-views.tsx";
import { GoPage, ShopsPage } from "../../../src/edge/portal/portal-views.tsx";
import { ReservePage } from "../../../src/edge/portal/reserve-views.tsx";
import { GiftPage } from "../../../src/edge/trade-views/trade-list.tsx";
import { TransferPage } from "../../../src/servers/guarantor/transfer-page.tsx";
import { counterPages } from "./sample-counters.ts";
import { guaranteePages } from "./sample-guarantees.ts";
import { id, type SampleTexts } from "./sample-trades.ts";

const at = "2026-11-30T03:00:00Z";
const trade = "10000000000008";
/** Another key for each form, as on the pages. */
const keys = () => {
  let count = 0;
  return () => `k${(count += 1)}`;
};

/** Who has signed in, on a server that has every queue. */
const frameOf = (as: NonNullable<Frame["signedIn"]>["as"], texts: SampleTexts): Frame => ({
  face: {
    name: "Kenshu",
    lead: "home.guarantor",
    money: "accounts",
    queues: [
      "guarantees",
      "credit-requests",
      "debts",
      "collectors",
      "bank-transfers",
      "payout-files",
      "objections",
    ],
    payments: true,
    portal: true,
    timeZone: "Asia/Tokyo",
  },
  signedIn: { name: texts.person, as },
});

const newsKinds = [
  "bill",
  "bill grown",
  "bill soon",
  "bill overdue",
  "instalments",
  "whole due",
  "bill paid",
  "made good",
  "written off",
];

const madeGood = (bill: BillStory): BillStory => ({
  ...bill,
  state: "paid",
  overdue: false,
  owed: 0,
  asked: 0,
});

function billPages(texts: SampleTexts) {
  const parts = [{ by: at, amount: 870 }];
  const bill: BillStory = {
    number: trade,
    member: "4821073395",
    currency: "JPY",
    state: "open",
    amount: 3000,
    fees: 110,
    paid: 500,
    writtenOff: 0,
    owed: 2610,
    asked: 870,
    lineOwed: 5000,
    payBy: at,
    overdue: true,
    payable: true,
    step: 2,
    instalments: null,
    wish: parts,
    madeAt: at,
    trades: [trade],
    news: newsKinds.map((kind) => ({ kind, owed: 100, payBy: at, fee: 110, at })),
  };
  const over = {
    ...bill,
    number: "10000000000019",
    state: "written off",
    overdue: false,
    writtenOff: 5,
  } as const;
  const frame = frameOf("member", texts);
  const person = {
    number: bill.member,
    name: `${texts.person.slice(0, 1)}＊＊＊`,
    kana: null,
    phone: null,
    email: null,
  };
  const debt = { ...bill, person, nextStepAt: at };
  return {
    bills: h(BillsPage, { frame, bills: [bill, over] }),
    bill: h(BillPage, { frame, bill, asked: true, once: "k1" }),
    "bill-made-good": h(BillPage, { frame, bill: madeGood(bill), asked: false, once: "k1" }),
    "bill-not-payable": h(BillPage, {
      frame,
      bill: { ...bill, payable: false, instalments: parts, wish: null },
      asked: false,
      once: "k1",
    }),
    debts: h(DebtsPage, {
      frame: frameOf("operator", texts),
      bills: [debt, { ...debt, number: "10000000000019", nextStepAt: null, person: undefined, wish: null }],
      asked: true,
      once: keys(),
      next: "x",
    }),
    debt: h(DebtPage, {
      frame: frameOf("operator", texts),
      debt: { ...debt, wish: null, instalments: parts },
      trades: bill.trades,
      news: bill.news,
      once: keys(),
    }),
  };
}

function creditPages(texts: SampleTexts) {
  const trades = { trades: 12, open: 3, claimed: 1, disputed: 2 };
  const told = { ...trades, sums: [{ currency: "JPY", frozen: 100, claimed: 20 }], figures: {}, since: at };
  const line = { currency: "JPY", limit: 100, used: 20, held: 3 };
  const request: WithFacts = {
    id: id(1),
    trade,
    version: 2,
    currency: "JPY",
    amount: 3300,
    state: "asked",
    until: at,
    createdAt: at,
    decidedAt: null,
    method: null,
    member: "4821073395",
    by: "operator",
    choice: { acceptors: ["buyer", "carrier"], shopWord: true },
    decidedBy: null,
    confirmedBy: null,
    reason: null,
    facts: {
      buyer: {
        ...told,
        state: "active",
        lines: [
          { ...line, state: "overdue", trade: null },
          { ...line, state: "closed", trade },
        ],
        bills: [{ currency: "JPY", open: 3, givenUp: 0 }],
      },
      shop: { ...told, id: id(2), name: texts.shop, state: "approved" },
      order: {
        state: "proposed",
        version: 3,
        changed: true,
        reference: null,
        lines: [{ name: texts.goods, quantity: 2, amount: 300 }],
      },
    },
  };
  return {
    "credit-requests": h(RequestsPage, {
      frame: frameOf("operator", texts),
      requests: [request],
      next: "x",
      asked: true,
      once: keys(),
    }),
    lender: h(LeavePage, {
      frame: frameOf("member", texts),
      lender: { id: id(1), name: texts.shop },
      stands: false,
      once: "k1",
    }),
    "lender-stands": h(LeavePage, {
      frame: frameOf("member", texts),
      lender: { id: id(1), name: texts.shop },
      stands: true,
      once: "k1",
    }),
  };
}

const whys = [
  "unknown",
  "ambiguous",
  "too_little",
  "too_much",
  "nothing_due",
  "currency",
  "refused",
  "uncertain",
  "taken_back",
  "came_back",
] as const;

function bankPages(texts: SampleTexts) {
  const frame = frameOf("operator", texts);
  const arrivals = whys.map((why, index) => ({
    id: id(index),
    reference: "123",
    day: "2026-12-01",
    currency: "JPY",
    amount: 300,
    rest: 100,
    why,
    number: trade,
    takenBack: why === "taken_back",
    bookedAt: at,
  }));
  const files = (["made", "approved", "sent", "done", "dropped"] as const).map((state, index) => ({
    id: id(index),
    number: String(index),
    payOn: "2026-12-01",
    count: 3,
    currency: "JPY",
    total: 5000,
    digest: "0".repeat(64),
    state,
    madeAt: at,
  }));
  const told = { remitter: texts.person, text: texts.reason, from: texts.shop };
  return {
    "bank-transfers": h(ArrivalsPage, {
      frame,
      statements: [
        {
          id: id(1),
          form: "notice",
          digest: "0".repeat(64),
          firstDay: "2026-11-24",
          lastDay: "2026-11-25",
          count: 12,
          known: 3,
          bookedAt: at,
        },
      ],
      attempt: { values: {}, errors: { file: () => texts.reason } },
      most: 4,
      arrivals,
      next: "x",
      opened: { id: id(0), told, due: 100, together: 200 },
      asked: true,
      once: keys(),
    }),
    "payout-files": h(PayoutsPage, {
      frame,
      waiting: 3,
      contradicted: 1,
      attempt: { values: {}, errors: { file: () => texts.reason } },
      most: 4,
      nextDay: "2026-12-01",
      files,
      next: "x",
      asked: true,
      once: keys(),
    }),
  };
}

function moneyPages(texts: SampleTexts) {
  const frame = frameOf("member", texts);
  const account = { id: id(1), kind: "deposit", currency: "JPY", available: 5000n } as const;
  const payingIn = {
    bank: "0001",
    bankName: texts.shop,
    branch: "001",
    branchName: texts.shop,
    kind: "ordinary",
    number: "1234567",
    holder: texts.person,
    virtual: false,
    reference: "0000000008",
  } as const;
  const due = { tradeNumber: trade, currency: "JPY", due: 3300, shopName: texts.shop, payBy: at };
  return {
    fund: h(FundPage, { frame, accounts: [account], next: "/trades", once: "k1", attempt: noAttempt }),
    funding: h(FundingPage, {
      frame,
      next: "/trades",
      funding: { number: trade, currency: "JPY", amount: 300, state: "open", until: at, payingIn },
    }),
    "pay-due": h(PayDuePage, {
      frame,
      accounts: [account],
      number: trade,
      due,
      paid: true,
      once: "k1",
      attempt: noAttempt,
    }),
    transfer: h(TransferPage, {
      frame,
      number: trade,
      due: { currency: "JPY", amount: 300, payBy: at },
      payingIn: { ...payingIn, virtual: true },
    }),
    told: h(ToldPage, {
      frame,
      trade,
      server: texts.shop,
      reserved: false,
      told: [{ shop: texts.shop, currency: "JPY", amount: 300n, lines: [{ quantity: 2, unitAmount: 100 }] }],
    }),
  };
}

function orderingPages(texts: SampleTexts) {
  const frame = frameOf("member", texts);
  const shop = { id: id(1), name: texts.shop };
  const listing = { shop: id(1), name: texts.shop, sentence: texts.reason, url: "https://192.0.2.1/" };
  const mail = { id: id(1), trade, at, reader: "debtor" } as const;
  return {
    shops: h(ShopsPage, { frame, shops: [listing], next: "x", isMember: true }),
    go: h(GoPage, {
      frame,
      shop,
      place: "192.0.2.1",
      data: { name: texts.person, address: texts.shop, birthDate: null, email: null, phone: null },
    }),
    reserve: h(ReservePage, {
      frame,
      shop,
      methods: [{ id: id(1), kind: "deposit", currency: "JPY", available: 300 }],
      once: "k1",
    }),
    gift: h(GiftPage, { frame }),
    mails: h(MailboxPage, { frame, mails: [{ ...mail, subject: null }], older: "/x" }),
    mail: h(MailPage, { frame, to: null, at, subject: texts.goods, text: texts.reason }),
  };
}

/** Those pages by name. */
export const deskPages = (texts: SampleTexts): Record<string, ComponentChild> => ({
  ...counterPages((as) => frameOf(as, texts), texts),
  ...billPages(texts),
  ...guaranteePages(frameOf("operator", texts), texts),
  ...creditPages(texts),
  ...bankPages(texts),
  ...moneyPages(texts),
  ...orderingPages(texts),
});
