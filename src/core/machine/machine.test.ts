/**
 * The trade machine, one line a case: what was done before, who does what, and what it comes to. A trade comes to
 * `state frozen/settled/released`, with what was paid back behind it; a refusal comes to its code.
 */
import type { Terms } from "../trade/trade.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  acceptTwice,
  any,
  back,
  both,
  by,
  dated,
  deliver,
  deliverTwice,
  final,
  outcome,
  payOn,
  phoned,
  plain,
  refused,
  reject,
  reserve,
  reserveForCarrier,
  reserveWithShop,
  revise,
  shopOnly,
  shopOrDesk,
  type Step,
  three,
  two,
  withShop,
} from "../../../test/support/tables/trades.ts";

const revised = [{ name: "Tea set", quantity: 30, unitAmount: 100 }];
const asking: Step = ["shop", { do: "revise", lines: revised, asks: true }];
const declining: Step = ["buyer", { do: "revise", decline: true }];

type Case = [name: string, terms: Partial<Terms>, before: Step[], last: Step, comesTo: string];

const agreement: Case[] = [
  ["a proposal is reserved", plain, [], reserve, "reserved 1000/0/0"],
  ["a refusal leaves it open", plain, [], refused, "refused 0/0/0"],
  ["refused, then reserved", plain, [refused], reserve, "reserved 1000/0/0"],
  ["refused again", plain, [refused], refused, "refused 0/0/0"],
  ["twice", plain, [reserve], reserve, "already_reserved"],
  ["refused, then revised", plain, [refused], revise, "proposed 0/0/0"],
  ["revised while proposed", plain, [], revise, "proposed 0/0/0"],
  [
    "revised while reserved: nothing stays frozen for the old terms",
    plain,
    [reserve],
    revise,
    "proposed 0/0/0",
  ],
  ["a wish for other terms takes nothing away", plain, [reserve], asking, "reserved 1000/0/0"],
  ["nor does one after another", plain, [reserve, asking], asking, "reserved 1000/0/0"],
  ["it ends by itself where it is declined", plain, [reserve, asking], declining, "reserved 1000/0/0"],
  ["there is nothing to decline", plain, [reserve], declining, "no_offer"],
  ["nor once goods have left", plain, [reserve, asking, deliver(1)], declining, "already_shipped"],
  ["of what nobody has reserved a wish is a revision", plain, [], asking, "proposed 0/0/0"],
  ["revised and reserved again", plain, [reserve, revise], reserve, "reserved 500/0/0"],
  ["revised after a delivery", plain, [reserve, deliver(1)], revise, "already_shipped"],
  ["revised after all was accepted", dated, [reserve, accept()], revise, "already_accepted"],
  ["reserved by the carrier", plain, [], by("carrier", reserve), "not_allowed"],
  ["a payment date that is today", payOn("2026-11-22"), [], reserve, "date_out_of_range"],
  ["a payment date in two years", payOn("2028-11-22"), [], reserve, "date_out_of_range"],
];

const goods: Case[] = [
  ["delivery evidence", plain, [reserve], deliver(), "delivered 1000/0/0"],
  ["of a part", plain, [reserve], deliver(3), "delivered 1000/0/0"],
  ["of the rest", plain, [reserve, deliver(3)], deliver(7), "delivered 1000/0/0"],
  ["of more than was ordered", plain, [reserve, deliver(3)], deliver(8), "quantity_exceeds_open"],
  ["of a line that is not there", plain, [reserve], deliver(1, 0, 2), "unknown_line"],
  ["of a line twice", plain, [reserve], deliverTwice, "invalid_field"],
  ["the buyer says: received", plain, [reserve], by("buyer", deliver()), "delivered 1000/0/0"],
  ["before it is reserved", plain, [], deliver(), "trade_not_open"],
  ["after all was accepted", plain, [reserve, accept()], deliver(), "already_accepted"],
  ["accepted whole", plain, [reserve, deliver()], accept(), "settled 0/1000/0"],
  ["accepted before it was reported delivered", plain, [reserve], accept(), "settled 0/1000/0"],
  ["seven of ten", plain, [reserve, deliver()], accept(7), "delivered 300/700/0"],
  ["then the other three", plain, [reserve, deliver(), accept(7)], accept(), "settled 0/1000/0"],
  ["then four more", plain, [reserve, deliver(), accept(7)], accept(4), "quantity_exceeds_open"],
  [
    "seven, and that is all: the other three are there",
    plain,
    [reserve, deliver()],
    final(7),
    "delivered 300/700/0",
  ],
  ["seven, and that is all: two never left", plain, [reserve, deliver(8)], final(7), "delivered 100/700/200"],
  ["seven before delivery, and that is all", plain, [reserve], final(7), "settled 0/700/300"],
  ["again after all is accepted", plain, [reserve, accept()], accept(), "already_accepted"],
  ["a line that is not there", plain, [reserve], accept(1, "buyer", 0, 2), "unknown_line"],
  ["the second line only", two, [reserve], accept(4, "buyer", 0, 2), "delivered 1000/100/0"],
  ["a line twice", two, [reserve], acceptTwice, "invalid_field"],
  ["accepted before it is reserved", plain, [], accept(), "trade_not_open"],
  ["accepted while refused", plain, [refused], accept(), "trade_not_open"],
  ["rejected whole", plain, [reserve, deliver()], reject(), "rejected 1000/0/0"],
  ["rejected before it was reported delivered", plain, [reserve], reject(), "rejected 1000/0/0"],
  ["four rejected, six open", plain, [reserve, deliver()], reject(4), "delivered 1000/0/0"],
  ["four missing before any report", plain, [reserve], reject(4), "delivered 1000/0/0"],
  [
    "four rejected, then six accepted",
    plain,
    [reserve, deliver(), reject(4)],
    accept(),
    "rejected 400/600/0",
  ],
  [
    "six accepted, then four rejected",
    plain,
    [reserve, deliver(), accept(6)],
    reject(4),
    "rejected 400/600/0",
  ],
  ["more rejected than open", plain, [reserve, deliver(), accept(7)], reject(4), "quantity_exceeds_open"],
  ["rejected and then accepted", plain, [reserve, reject()], accept(), "already_rejected"],
  ["rejected twice", plain, [reserve, reject()], reject(), "already_rejected"],
  [
    "rejected goods accepted after all",
    plain,
    [reserve, deliver(), reject(4)],
    accept(7),
    "quantity_exceeds_open",
  ],
  ["rejected goods come back", plain, [reserve, reject()], back(), "rejected 0/0/1000"],
  ["a part of them", plain, [reserve, reject()], back(4), "rejected 600/0/400"],
  ["more than were rejected", plain, [reserve, deliver(), reject(4)], back(5), "quantity_exceeds_open"],
  ["while others are undecided", plain, [reserve, deliver(), reject(4)], back(), "delivered 600/0/400"],
  ["the rest was accepted", plain, [reserve, reject(4), accept()], back(), "settled 0/600/400"],
  ["the rest is to be paid later", dated, [reserve, reject(4), accept()], back(), "accepted 600/0/400"],
  ["returned before anything was rejected", plain, [reserve], back(), "nothing_to_return"],
  ["returned, nothing rejected yet", plain, [reserve, deliver()], back(), "nothing_to_return"],
  ["returned twice", plain, [reserve, reject(), back()], back(), "nothing_to_return"],
  ["returned after it was accepted", plain, [reserve, accept()], back(), "nothing_to_return"],
  ["returned by the buyer", plain, [reserve, reject()], by("buyer", back()), "not_allowed"],
];

const acceptors: Case[] = [
  ["the shop, when not agreed", plain, [reserve, deliver()], accept(1, "shop"), "not_an_acceptor"],
  ["the carrier, when not named", plain, [reserve, deliver()], accept(1, "carrier"), "not_an_acceptor"],
  ["the clock", plain, [reserve, deliver()], by("clock", accept()), "not_allowed"],
  ["a stranger rejects", plain, [reserve, deliver()], reject(1, "provider"), "not_an_acceptor"],
  ["the shop that the buyer did not agree to", withShop, [reserve], accept(1, "shop"), "not_an_acceptor"],
  [
    "the shop that the buyer agreed to",
    withShop,
    [reserveWithShop],
    accept(1, "shop"),
    "delivered 900/100/0",
  ],
  ["the one the buyer chose", plain, [reserveForCarrier], accept(undefined, "carrier"), "settled 0/1000/0"],
  ["no longer the buyer, who chose another", plain, [reserveForCarrier], accept(), "not_an_acceptor"],
  ["only the shop was proposed: then the buyer", shopOnly, [reserve], accept(), "settled 0/1000/0"],
  ["any of two", any, [reserve], accept(10, "carrier"), "settled 0/1000/0"],
  ["one of two needed", both, [reserve], accept(10), "delivered 1000/0/0"],
  ["both of two", both, [reserve, accept(10)], accept(10, "carrier"), "settled 0/1000/0"],
  ["the same one twice", both, [reserve, accept(10)], accept(), "already_accepted"],
  ["both agree on six", both, [reserve, accept(10)], accept(6, "carrier"), "delivered 400/600/0"],
  ["one is final", both, [reserve, accept(10)], final(6, "carrier"), "delivered 400/600/0"],
  ["both are final", both, [reserve, final(6)], final(6, "carrier"), "settled 0/600/400"],
  [
    "both are final and agree on nothing: what never left is released",
    { ...two, ...both },
    [reserve, final(9)],
    final(4, "carrier", 2),
    "delivered 1000/0/100",
  ],
  [
    "two of three, whichever",
    three,
    [reserve, accept(4, "provider")],
    accept(7, "carrier"),
    "delivered 600/400/0",
  ],
  [
    "the third adds what the first had",
    three,
    [reserve, accept(4, "provider"), accept(7, "carrier")],
    accept(),
    "delivered 300/700/0",
  ],
  ["one of two is enough to reject", both, [reserve, accept(10)], reject(4, "carrier"), "delivered 1000/0/0"],
  [
    "and the rejected part is accepted by nobody",
    both,
    [reserve, accept(10), reject(4, "carrier")],
    accept(7, "carrier"),
    "quantity_exceeds_open",
  ],
  [
    "the rest of it is",
    both,
    [reserve, accept(10), reject(4, "carrier")],
    accept(undefined, "carrier"),
    "rejected 400/600/0",
  ],
  ["the operator for the buyer", plain, [reserve, deliver()], phoned(), "settled 0/1000/0"],
  ["the operator as one who is none", plain, [reserve], phoned("carrier"), "not_an_acceptor"],
  ["the operator for one of two", both, [reserve, accept()], phoned("carrier"), "settled 0/1000/0"],
  [
    "the operator by name, before the shop",
    shopOrDesk,
    [reserveWithShop],
    by("operator", accept()),
    "settled 0/1000/0",
  ],
];

const tables = { agreement, goods, acceptors };
for (const [title, cases] of Object.entries(tables)) {
  test(`${title}: one line a case`, async (t) => {
    for (const [name, change, before, last, expected] of cases) {
      await t.test(name, () => assert.equal(outcome(change, before, last), expected));
    }
  });
}
