/** The pages of members with made-up data. */
import { say } from "../../../src/edge/words/words.ts";
import { type ComponentChild, h } from "preact";
import { AccountsPage, StatementPage } from "../../../src/edge/member-views/accounts.tsx";
import { AgreePage, ConsentsPage } from "../../../src/edge/member-views/consents.tsx";
import { TradesPage } from "../../../src/edge/trade-views/trade-list.tsx";
import { permissionPages } from "./sample-permissions.ts";
import { lentPages } from "./sample-lent.ts";
import { runningPages } from "./sample-running.ts";
import { passkeyPages } from "./sample-passkeys.ts";
import { profilePages } from "./sample-profiles.ts";
import { recordPages } from "./sample-records.ts";
import { settlementPages } from "./sample-settlements.ts";

import {
  accounts,
  deposit,
  id,
  partlyAccepted,
  sampleEntries,
  type SampleTexts,
  sampleTrade,
} from "./sample-trades.ts";

import { agreeing, holder, member, notTaken, now } from "./sample-pages.ts";

function sampleConsent(texts: SampleTexts, revoked: boolean, index: number) {
  return {
    id: id(17 + index),
    serverName: texts.shop,
    kind: "deposit" as const,
    currency: "JPY",
    revoked,
    limitPerTrade: revoked ? null : 3000,
    limitPerMonth: revoked ? null : 9000,
    spentThisMonth: 40,
    until: revoked ? null : "2027-03-31T15:00:00Z",
    confirmAbove: revoked ? null : "2000",
    wrong: revoked ? texts.reason : undefined,
    limits: revoked ? undefined : { limitPerTrade: "3000", limitPerMonth: "9000", until: "2027-03-31" },
    attempt: revoked ? undefined : { values: {}, errors: { limitPerMonth: say("consent.lessThanSpent") } },
  };
}

function ownPages(texts: SampleTexts): Record<string, ComponentChild> {
  return {
    ...settlementPages(member(texts), texts),
    ...lentPages(member(texts), texts),
    ...runningPages(member(texts), texts),
    "consents-empty": h(ConsentsPage, { frame: member(texts), consents: [], next: null }),
    ...recordPages(member(texts), texts, now),
    ...profilePages(member(texts), texts, notTaken(texts)),
    ...permissionPages(texts),
    ...passkeyPages(member(texts), texts, notTaken(texts)),
  };
}

export function memberPages(texts: SampleTexts): Record<string, ComponentChild> {
  return {
    trades: h(TradesPage, {
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
    "trades-empty": h(TradesPage, { frame: member(texts), trades: [], next: null }),
    accounts: h(AccountsPage, { frame: member(texts), accounts, ...holder }),
    "accounts-empty": h(AccountsPage, {
      frame: member(texts),
      accounts: [],
      ...holder,
      waiting: [{ id: id(6), kind: "credit", currency: "JPY", state: "pending", wished: 50_000n }],
      adds: { ...holder.adds, next: "/trades" },
    }),
    statement: h(StatementPage, {
      frame: member(texts),
      account: deposit,
      entries: sampleEntries(texts),
      next: "x",
    }),
    agree: h(AgreePage, { ...agreeing(texts), methods: [deposit] }),
    "agree-none": h(AgreePage, { ...agreeing(texts), methods: [] }),
    "agree-refused": h(AgreePage, {
      ...agreeing(texts),
      methods: [deposit],
      attempt: {
        values: { limitPerTrade: texts.reason },
        errors: { limitPerTrade: say("mistake.amount") },
      },
    }),
    consents: h(ConsentsPage, {
      frame: member(texts),
      next: "x",
      consents: [false, true].map((revoked, index) => sampleConsent(texts, revoked, index)),
    }),
    ...ownPages(texts),
  };
}
