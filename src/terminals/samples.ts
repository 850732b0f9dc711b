/** Every page with made-up data, for the tests of this room and for looking at. */
import type {
  AcceptorRole,
  Problem,
  TradeEventView,
  TradeLineView,
  TradeState,
  TradeView,
} from "../protocol/protocol.ts";
import { problem } from "../protocol/protocol.ts";
import { ApprovalPage, type MethodView } from "./approval.tsx";
import { AccountsPage, type AccountView, type EntryView, MandatesPage, StatementPage } from "./holdings.tsx";
import { render } from "./layout.tsx";
import { JoinPage, WelcomePage } from "./membership.tsx";
import { type Attempt, type Face, type Frame, HomePage, ProblemPage, SignInPage } from "./site.tsx";
import { TradePage, TradesPage } from "./trade-page.tsx";

/** What people have typed: names of shops and goods, reasons, references. */
export interface SampleTexts {
  shop: string;
  goods: string;
  reason: string;
  person: string;
}

export const plainTexts: SampleTexts = {
  shop: "Uji Tea House",
  goods: "Tea set, celadon",
  reason: "Two cups have a crack.",
  person: "Sato Hanako",
};

const id = (last: number) => `01939d2e-7c00-7000-8000-00000000000${last}`;

function sampleLines({ goods }: SampleTexts): [TradeLineView, TradeLineView] {
  const open = { delivered: 0, accepted: 0, rejected: 0, returned: 0 };
  return [
    { line: 1, name: goods, quantity: 10, unitAmount: 1200, ...open },
    { line: 2, name: "Delivery", quantity: 1, unitAmount: 1600, ...open },
  ];
}

export function sampleTrade(state: TradeState, texts: SampleTexts, more: Partial<TradeView> = {}): TradeView {
  return {
    number: "48210733951146",
    state,
    topology: "direct",
    shop: id(1),
    shopName: texts.shop,
    reference: texts.goods,
    buyer: { member: "4821073395" },
    currency: "JPY",
    amount: 13_600,
    frozen: 13_600,
    settled: 0,
    released: 0,
    refunded: 0,
    lines: sampleLines(texts),
    payment: { on: "acceptance" },
    acceptance: { by: ["buyer", "shop"], need: 1, autoAfter: "P7D", place: texts.shop },
    carrier: null,
    provider: null,
    deadlines: {
      reservedUntil: "2026-12-24T09:00:00Z",
      approveBy: state === "proposed" ? "2026-11-29T09:00:00Z" : null,
      shipBy: "2026-12-03T09:00:00Z",
      acceptBy: null,
      paymentDate: null,
      coolingOffUntil: null,
    },
    refusal: null,
    pending: null,
    version: 3,
    createdAt: "2026-11-22T09:00:00Z",
    updatedAt: "2026-11-24T10:30:00Z",
    ...more,
  };
}

function partlyAccepted(texts: SampleTexts): TradeView {
  const [first, second] = sampleLines(texts);
  return sampleTrade("delivered", texts, {
    frozen: 4800,
    settled: 7600,
    released: 1200,
    refunded: 600,
    lines: [
      { ...first, delivered: 10, accepted: 5, rejected: 2, returned: 1 },
      { ...second, delivered: 1, accepted: 1 },
    ],
    deadlines: { ...sampleTrade("delivered", texts).deadlines, acceptBy: "2026-12-01T09:00:00Z" },
  });
}

function sampleEvents(texts: SampleTexts): TradeEventView[] {
  const event = (
    seq: number,
    type: TradeEventView["type"],
    role: TradeEventView["actor"]["role"],
    data = {},
  ) => ({
    seq,
    type,
    at: `2026-11-2${seq}T09:00:00Z`,
    actor: { role, id: null },
    data,
  });
  return [
    event(1, "trade.proposed", "shop"),
    event(2, "trade.reserved", "buyer", { amount: 13_600 }),
    event(3, "trade.delivered", "carrier"),
    event(4, "trade.accepted", "buyer"),
    event(5, "trade.settled", "buyer", { amount: 7600 }),
    event(6, "trade.rejected", "buyer", { reason: texts.reason }),
  ];
}

const methods: MethodView[] = [
  { id: id(2), kind: "deposit", currency: "JPY", available: 128_400 },
  { id: id(3), kind: "credit", currency: "JPY", available: 50_000 },
  { id: id(4), kind: "prepaid", currency: "JPY", available: 900 },
];

const deposit: AccountView = {
  id: id(5),
  kind: "deposit",
  currency: "JPY",
  posted: 142_000,
  held: 13_600,
  floor: 0,
  available: 128_400,
};
const accounts: AccountView[] = [
  deposit,
  { id: id(6), kind: "credit", currency: "JPY", posted: -10_000, held: 0, floor: -60_000, available: 50_000 },
];

function sampleEntries(texts: SampleTexts): EntryView[] {
  const trade = { trade: "48210733951146", reference: null };
  return [
    { id: "3", at: "2026-11-24T10:30:00Z", kind: "settle", posted: -7600, held: -7600, ...trade },
    { id: "2", at: "2026-11-22T09:00:00Z", kind: "hold", posted: 0, held: 13_600, ...trade },
    {
      id: "1",
      at: "2026-11-20T09:00:00Z",
      kind: "deposit",
      posted: 150_000,
      held: 0,
      trade: null,
      reference: texts.goods,
    },
  ];
}

const once = "k1";
const face: Face = { name: "Kenshu", lead: "Your money is frozen when you order.", money: "accounts" };
const stranger: Frame = { face };
const member = (texts: SampleTexts): Frame => ({
  face,
  signedIn: { name: texts.person, member: true },
  timeZone: "Asia/Tokyo",
});
const wrong = (code: Problem["code"], texts: SampleTexts) =>
  problem(code, texts.reason, { trade: "48210733951146" });

/** A form that was filled in and not taken. */
function notTaken(texts: SampleTexts): Attempt {
  const values = { name: texts.person, address: texts.shop, reason: texts.reason, token: texts.goods };
  return { values, errors: { name: texts.reason }, problem: wrong("invalid_field", texts) };
}

function visitorPages(texts: SampleTexts): Record<string, string> {
  return {
    home: render(HomePage, { frame: stranger }),
    "home-member": render(HomePage, { frame: member(texts) }),
    "sign-in": render(SignInPage, { frame: stranger, next: texts.goods }),
    "sign-in-failed": render(SignInPage, {
      frame: stranger,
      attempt: { values: { email: texts.person }, errors: {}, problem: problem("sign_in_failed") },
    }),
    join: render(JoinPage, { frame: stranger, once }),
    "join-again": render(JoinPage, { frame: stranger, once, attempt: notTaken(texts) }),
    welcome: render(WelcomePage, { frame: member(texts), number: "4821073395", state: "provisional" }),
    problem: render(ProblemPage, {
      frame: stranger,
      problem: { ...wrong("not_found", texts), errors: [{ pointer: "/x", message: texts.reason }] },
    }),
  };
}

function approvalPages(texts: SampleTexts): Record<string, string> {
  const proposed = { frozen: 0, buyer: null };
  return {
    approve: render(ApprovalPage, {
      frame: member(texts),
      trade: sampleTrade("proposed", texts, proposed),
      you: { kind: "member", methods },
      once,
    }),
    "approve-refused": render(ApprovalPage, {
      frame: member(texts),
      trade: sampleTrade("refused", texts, proposed),
      you: { kind: "member", methods },
      once,
      attempt: { values: { method: id(3) }, errors: {}, problem: wrong("credit_limit_exceeded", texts) },
    }),
    "approve-no-method": render(ApprovalPage, {
      frame: member(texts),
      trade: sampleTrade("proposed", texts, proposed),
      you: { kind: "member", methods: [] },
      once,
    }),
    "approve-stranger": render(ApprovalPage, {
      frame: stranger,
      trade: sampleTrade("proposed", texts, proposed),
      you: { kind: "stranger", signIn: "/signin?next=/trades/48210733951146/approve" },
      once,
    }),
    "approve-guest-again": render(ApprovalPage, {
      frame: stranger,
      trade: sampleTrade("proposed", texts, { ...proposed, payment: { on: "date", date: "2026-12-24" } }),
      you: { kind: "stranger", signIn: "/signin" },
      once,
      attempt: notTaken(texts),
    }),
    "approve-guest-refused": render(ApprovalPage, {
      frame: stranger,
      trade: sampleTrade("refused", texts, { ...proposed, buyer: { guest: true } }),
      you: { kind: "guest" },
      once,
    }),
    "approve-answered": render(ApprovalPage, {
      frame: member(texts),
      trade: sampleTrade("reserved", texts),
      you: { kind: "member", methods },
      once,
    }),
  };
}

function tradePages(texts: SampleTexts): Record<string, string> {
  return {
    trade: render(TradePage, {
      frame: member(texts),
      trade: partlyAccepted(texts),
      events: sampleEvents(texts),
      role: "buyer",
      once,
      done: "reject",
    }),
    "trade-reserved": render(TradePage, {
      frame: member(texts),
      trade: sampleTrade("reserved", texts),
      events: sampleEvents(texts).slice(0, 2),
      role: "buyer",
      once,
    }),
    "trade-settled": render(TradePage, {
      frame: member(texts),
      trade: sampleTrade("settled", texts, {
        frozen: 0,
        settled: 13_600,
        deadlines: { ...sampleTrade("settled", texts).deadlines, coolingOffUntil: "2026-12-08T09:00:00Z" },
      }),
      events: sampleEvents(texts),
      role: "buyer",
      once,
    }),
    "trade-guest": render(TradePage, {
      frame: stranger,
      trade: sampleTrade("delivered", texts, { buyer: { guest: true } }),
      events: sampleEvents(texts).slice(0, 3),
      role: "buyer",
      guest: true,
      once,
      attempt: {
        ...notTaken(texts),
        act: "reject",
        errors: { reason: texts.reason, birthDate: texts.reason },
      },
    }),
    "trade-carrier": render(TradePage, {
      frame: member(texts),
      trade: carrierView(texts),
      events: sampleEvents(texts).slice(0, 2),
      role: "carrier",
      once,
    }),
  };
}

function memberPages(texts: SampleTexts): Record<string, string> {
  return {
    trades: render(TradesPage, {
      frame: member(texts),
      trades: [
        partlyAccepted(texts),
        ...(
          [
            "proposed",
            "refused",
            "reserved",
            "accepted",
            "settled",
            "cancelled",
            "rejected",
            "expired",
            "disputed",
          ] as const
        ).map((state, index) => sampleTrade(state, texts, { number: `4821073395115${index}` })),
      ],
      next: "abc",
    }),
    "trades-empty": render(TradesPage, { frame: member(texts), trades: [], next: null }),
    accounts: render(AccountsPage, { frame: member(texts), accounts }),
    "accounts-empty": render(AccountsPage, { frame: member(texts), accounts: [] }),
    statement: render(StatementPage, {
      frame: member(texts),
      account: deposit,
      entries: sampleEntries(texts),
      next: "x",
    }),
    mandates: render(MandatesPage, {
      frame: member(texts),
      once,
      next: "x",
      mandates: [false, true].map((revoked, index) => ({
        id: id(7 + index),
        shopName: texts.shop,
        currency: "JPY",
        limit: 30_000,
        used: 12_000,
        until: "2027-03-31T15:00:00Z",
        acceptors: ["buyer", "carrier"] satisfies AcceptorRole[],
        revoked,
      })),
    }),
  };
}

/** All pages by name, as text. `texts` stand wherever a person's words are shown. */
export function samplePages(texts: SampleTexts): Record<string, string> {
  return { ...visitorPages(texts), ...approvalPages(texts), ...tradePages(texts), ...memberPages(texts) };
}

/** A carrier sees neither the price nor who pays. */
function carrierView(texts: SampleTexts): TradeView {
  const seen = sampleTrade("reserved", texts);
  const hidden = [
    "buyer",
    "currency",
    "amount",
    "frozen",
    "settled",
    "released",
    "refunded",
    "payment",
  ] as const;
  for (const field of hidden) delete seen[field];
  for (const line of seen.lines) delete line.unitAmount;
  return { ...seen, acceptance: { ...seen.acceptance, by: ["buyer", "carrier"] } };
}
