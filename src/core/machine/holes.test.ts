/** Stories in which somebody would have won, as the search (`npm run fairness`) has told them; one line a story. */
import type { Terms } from "../trade/trade.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  outcomeWithGoods,
  plain,
  reserve,
  revise,
  silent,
  type Step,
  type Wait,
} from "../../../test/support/tables/trades.ts";
import {
  answer,
  argue,
  bring,
  contest,
  hand,
  judge,
  refuse,
  sendBack,
  ship,
  stop,
  take,
  withdraw,
} from "../../../test/support/tables/ways.ts";

const under = [reserve, ship("shop", { parcel: "A" }), ship("carrier", { parcel: "A" })];
const arrivesInDispute = [...under, argue("shop"), answer("buyer"), hand("carrier", { parcel: "A", day: 1 })];
const sent = [...under, refuse("wrong"), sendBack("buyer")];
const letGoOn = [
  reserve,
  ship("shop"),
  stop("buyer", { day: 15 }),
  answer("shop", { day: 15 }),
  judge("resume", { day: 15 }),
];
const twoBack = [
  reserve,
  hand("carrier"),
  refuse("wrong", { q: 4 }),
  sendBack("buyer", { q: 4, parcel: "R" }),
  refuse("wrong"),
];

const stories: [name: string, terms: Partial<Terms>, before: (Step | Wait)[], last: Step, comesTo: RegExp][] =
  [
    [
      "a brick comes in a dispute: not decided before it can be looked at",
      plain,
      arrivesInDispute,
      judge("settle", { day: 2 }),
      /^still_running$/,
    ],
    ["and decided then", plain, arrivesInDispute, judge("settle", { day: 8 }), /^settled 0\/1000\/0/],
    [
      "nor where nothing is accepted by silence",
      silent,
      arrivesInDispute,
      judge("settle", { day: 2 }),
      /^still_running$/,
    ],
    [
      "withdrawn, disputed and cancelled: the goods go on",
      plain,
      [reserve, take("buyer"), withdraw(), argue("buyer"), answer("shop")],
      stop("buyer"),
      /^trade_disputed$/,
    ],
    [
      "a bare word that it was sent back does not end the way on which it still is",
      plain,
      [...sent, contest("not_back"), answer("buyer")],
      judge("release"),
      /^still_running$/,
    ],
    [
      "what the carrier brings back is that parcel, and nothing that was never sent",
      plain,
      twoBack,
      bring("carrier", { parcel: "R" }),
      /4 rejected seen back R, 6 rejected seen;/,
    ],
    [
      "a contest of what is missing does not fall on what comes back",
      plain,
      [
        reserve,
        hand("carrier"),
        refuse("wrong", { q: 4 }),
        sendBack("buyer", { q: 4, parcel: "R" }),
        refuse("missing"),
      ],
      contest("no_right", { q: 6 }),
      /4 rejected seen return said R, 6 missing.* contested no_right/,
    ],
    [
      "what was contested as not back is contested anew once it is",
      plain,
      [...twoBack, contest("not_back", { parcel: "R" }), bring("carrier", { parcel: "R" })],
      contest("another_article", { parcel: "R" }),
      /contested another_article/,
    ],
    [
      "a revision does not forget who has disputed",
      plain,
      [reserve, argue("shop"), answer("buyer"), judge("resume"), revise, reserve],
      argue("shop"),
      /^already_disputed$/,
    ],
    [
      "what is late is a dispute once: an operator who lets it go on is not asked again and again",
      plain,
      letGoOn,
      stop("buyer", { day: 16 }),
      /^already_disputed$/,
    ],
    ["the buyer's own dispute is apart from it", plain, letGoOn, argue("buyer", { day: 16 }), /^disputed/],
    [
      "and what never came can still be said",
      plain,
      letGoOn,
      refuse("never_came", { day: 16 }),
      /^rejected .*inspectBy 21/,
    ],
  ];

for (const [name, terms, before, last, comesTo] of stories)
  test(name, () => assert.match(outcomeWithGoods(terms, before, last), comesTo));
