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
  prolong,
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
/** Four pieces have come in a parcel. */
const come = [reserve, ship("shop", { q: 4, parcel: "A" }), hand("carrier", { parcel: "A" })];
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
      "a delivery that is reported again is about no other goods",
      plain,
      [...come, take("buyer", { q: 4 }), ship("shop", { q: 6 })],
      hand("carrier", { parcel: "A" }),
      /^delivered 600\/400\/0: 6 shipped;/,
    ],
    [
      "nor with their number, where they have not left",
      plain,
      [...come, take("buyer", { q: 4 })],
      hand("carrier", { parcel: "A", q: 1 }),
      /^quantity_exceeds_open$/,
    ],
    [
      "a parcel that has come takes no other goods",
      plain,
      come,
      ship("shop", { q: 6, parcel: "A" }),
      /^already_shipped$/,
    ],
    [
      "nor is it said to have come once more",
      plain,
      come,
      hand("shop", { q: 6, parcel: "A" }),
      /^already_shipped$/,
    ],
    [
      "nor picked up",
      plain,
      [...come, take("buyer", { q: 4 }), stop("buyer", { q: 5 })],
      ship("carrier", { parcel: "A" }),
      /^already_shipped$/,
    ],
    [
      "a way back that is reported again is about no other goods",
      plain,
      [...twoBack, bring("carrier", { parcel: "R" }), bring("shop", { parcel: "R" }), sendBack("buyer")],
      bring("carrier", { parcel: "R" }),
      /^nothing_to_return$/,
    ],
    [
      "nor is it picked up once more",
      plain,
      [...twoBack, bring("carrier", { parcel: "R" })],
      sendBack("carrier", { parcel: "R" }),
      /^nothing_to_return$/,
    ],
    [
      "goods do not go back in a parcel that is still to come",
      plain,
      [...come, ship("shop", { q: 6, parcel: "B" }), refuse("wrong", { q: 4 })],
      sendBack("buyer", { parcel: "B" }),
      /^invalid_field$/,
    ],
    [
      "they do in the one in which they came",
      plain,
      [...come, refuse("wrong", { q: 4 }), sendBack("buyer", { parcel: "A" })],
      bring("carrier", { parcel: "A" }),
      /4 rejected A seen back A/,
    ],
    [
      "refused at the door, and back in the same parcel",
      plain,
      [reserve, ship("shop", { parcel: "A" }), refuse("wrong")],
      bring("carrier", { parcel: "A" }),
      /10 rejected A back A/,
    ],
    [
      "a revision does not forget who has disputed",
      plain,
      [reserve, argue("shop"), answer("buyer"), judge("resume"), revise, reserve],
      argue("shop"),
      /^already_disputed$/,
    ],
    [
      "nor which operator has acted for a side",
      plain,
      [reserve, prolong("operator", 31, { as: "buyer" }), revise, reserve, argue("buyer"), answer("shop")],
      judge("release"),
      /^not_allowed$/,
    ],
    [
      "and what was ended stays ended",
      plain,
      [reserve, stop("buyer", { q: 3 }), ["buyer", { do: "revise", payment: { on: "acceptance" } }]],
      reserve,
      /^reserved 700\/0\/0/,
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
