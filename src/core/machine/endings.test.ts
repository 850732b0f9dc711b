/** How trades end, and what an operator, a deadline or a refund does about them: one line a case, as in machine.test.ts. */
import { isRefused } from "../protocol/protocol.ts";
import type { Terms } from "../trade/trade.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  back,
  both,
  by,
  cancel,
  dated,
  deliver,
  dispute,
  expire,
  extend,
  given,
  hurried,
  outcome,
  pay,
  plain,
  refund,
  refundBoth,
  refundLine,
  refundNothing,
  refused,
  reject,
  reserve,
  resolve,
  silence,
  silent,
  type Step,
  take,
  terms,
  two,
  wait,
  type Wait,
} from "../../../test/support/tables/trades.ts";

type Case = [name: string, terms: Partial<Terms>, before: Step[], last: Step | Wait, comesTo: string];

const ends: Case[] = [
  ["cancelled by the buyer before anything", plain, [], cancel("buyer"), "cancelled 0/0/0"],
  ["cancelled while refused", plain, [refused], cancel("shop"), "cancelled 0/0/0"],
  ["cancelled while reserved", plain, [reserve], cancel("buyer"), "cancelled 0/0/1000"],
  ["by the carrier", plain, [reserve], cancel("carrier"), "not_allowed"],
  ["by the buyer after delivery", plain, [reserve, deliver()], cancel("buyer"), "already_shipped"],
  ["by the shop after delivery", plain, [reserve, deliver()], cancel("shop"), "cancelled 0/0/1000"],
  ["by the operator after delivery", plain, [reserve, deliver()], cancel("operator"), "already_shipped"],
  ["what is accepted stays paid", plain, [reserve, accept(7)], cancel("shop"), "settled 0/700/300"],
  [
    "what is to be paid later stays frozen",
    dated,
    [reserve, accept(7)],
    cancel("shop"),
    "accepted 700/0/300",
  ],
  ["four rejected, the rest given up", plain, [reserve, reject(4)], cancel("shop"), "rejected 0/0/1000"],
  ["rejected goods given up", plain, [reserve, reject()], cancel("shop"), "rejected 0/0/1000"],
  [
    "rejected goods given up, others paid",
    plain,
    [reserve, reject(4), accept()],
    cancel("shop"),
    "settled 0/600/400",
  ],
  [
    "rejected goods given up, others paid later",
    dated,
    [reserve, reject(4), accept()],
    cancel("shop"),
    "accepted 600/0/400",
  ],
  ["rejected goods, by the buyer", plain, [reserve, reject()], cancel("buyer"), "already_shipped"],
  ["cancelled twice", plain, [reserve, cancel("buyer")], cancel("buyer"), "already_cancelled"],
  ["cancelled after it was settled", plain, [reserve, accept()], cancel("shop"), "already_settled"],
  ["cancelled while it waits for its date", dated, [reserve, accept()], cancel("shop"), "already_accepted"],
  ["accepted after it was cancelled", plain, [reserve, cancel("shop")], accept(), "already_cancelled"],
  ["nobody approved", plain, [], expire(14), "expired 0/0/0"],
  ["nobody approved after a refusal", plain, [refused], expire(14), "expired 0/0/0"],
  ["the reservation ends", plain, [reserve], expire(30), "expired 0/0/1000"],
  ["not a moment before", plain, [reserve], expire(29.999), "trade_not_open"],
  ["not shipped in time", hurried, [reserve], expire(3), "expired 0/0/1000"],
  ["delivered and nobody spoke", silent, [reserve, deliver()], expire(30), "disputed 1000/0/0"],
  [
    "delivered in part, that part accepted",
    plain,
    [reserve, deliver(3), accept(3)],
    expire(30),
    "settled 0/300/700",
  ],
  ["rejected in part: the rest is released", plain, [reserve, reject(4)], wait(30), "rejected 0/0/1000"],
  ["rejected and never sent back", plain, [reserve, reject()], wait(10), "disputed 1000/0/0"],
  [
    "rejected in part and never sent back",
    plain,
    [reserve, reject(4), accept()],
    wait(10),
    "disputed 400/600/0",
  ],
  ["accepted after it expired", plain, [reserve, expire(30)], accept(1, "buyer", 30), "already_expired"],
  ["by anybody but the clock", plain, [reserve], by("operator", expire(30)), "not_allowed"],
  ["the buyer is silent", plain, [reserve, deliver()], silence(7), "settled 0/1000/0"],
  [
    "not a moment before the end of the clock",
    plain,
    [reserve, deliver()],
    silence(6.999),
    "nothing_to_accept",
  ],
  [
    "silence about a part accepts that part only",
    plain,
    [reserve, deliver(3)],
    silence(7),
    "delivered 700/300/0",
  ],
  ["silence after a rejection", plain, [reserve, deliver(), reject(4)], silence(7), "rejected 400/600/0"],
  ["silence and a payment date", dated, [reserve, deliver()], silence(7), "accepted 1000/0/0"],
  ["silence of a trade without a clock", silent, [reserve, deliver()], silence(29), "nothing_to_accept"],
  ["silence before delivery", plain, [reserve], silence(7), "trade_not_open"],
  ["silence of the second of two", both, [reserve, accept(10)], silence(7), "settled 0/1000/0"],
  ["accepted, to be paid on a date", dated, [reserve], accept(), "accepted 1000/0/0"],
  ["the date has come", dated, [reserve, accept()], pay(20), "settled 0/1000/0"],
  ["the date has not come", dated, [reserve, accept()], pay(19), "trade_not_open"],
  [
    "the date comes while a part is open",
    dated,
    [reserve, deliver(), accept(7)],
    pay(20),
    "delivered 300/700/0",
  ],
  [
    "the date comes while goods are on their way back",
    dated,
    [reserve, reject(4), accept()],
    pay(20),
    "rejected 400/600/0",
  ],
  ["accepted after the date", dated, [reserve, deliver(10, 18)], accept(10, "buyer", 21), "settled 0/1000/0"],
];

const care: Case[] = [
  ["disputed before delivery", plain, [reserve], dispute("shop"), "disputed 1000/0/0"],
  ["disputed after delivery", plain, [reserve, deliver()], dispute(), "disputed 1000/0/0"],
  [
    "disputed while it waits for its date: it is owed",
    dated,
    [reserve, accept()],
    dispute(),
    "already_accepted",
  ],
  ["disputed about rejected goods", plain, [reserve, reject()], dispute("shop"), "disputed 1000/0/0"],
  ["disputed twice", plain, [reserve, dispute()], dispute(), "trade_disputed"],
  ["disputed by the carrier", plain, [reserve], dispute("carrier"), "not_allowed"],
  ["disputed before it is reserved", plain, [], dispute(), "trade_not_open"],
  ["disputed after it was settled", plain, [reserve, accept()], dispute(), "already_settled"],
  ["disputed after all came back", plain, [reserve, reject(), back()], dispute(), "already_rejected"],
  ["accepted in a dispute", plain, [reserve, dispute()], accept(), "settled 0/1000/0"],
  ["a part accepted in a dispute", plain, [reserve, dispute()], accept(4), "disputed 600/400/0"],
  ["rejected in a dispute", plain, [reserve, deliver(), dispute()], reject(4), "disputed 1000/0/0"],
  ["given up by the shop in a dispute", plain, [reserve, dispute()], cancel("shop"), "cancelled 0/0/1000"],
  ["cancelled by the buyer in a dispute", plain, [reserve, dispute()], cancel("buyer"), "trade_disputed"],
  ["the end of the reservation, in a dispute", plain, [reserve, dispute()], wait(30), "expired 0/0/1000"],
  [
    "it releases what never left, and nothing else",
    plain,
    [reserve, deliver(4), dispute()],
    wait(30),
    "disputed 400/0/600",
  ],
  ["the payment date, in a dispute", dated, [reserve, accept(4), dispute()], pay(20), "trade_disputed"],
  ["all to the shop", plain, [reserve, dispute()], resolve("settle"), "settled 0/1000/0"],
  [
    "all that is left to the shop",
    plain,
    [reserve, deliver(), reject(4), back(1), dispute()],
    resolve("settle", 11),
    "settled 0/900/100",
  ],
  [
    "all that is decided: rejected goods still have time to come back",
    plain,
    [reserve, deliver(), reject(4), back(1), dispute()],
    resolve("settle", 7),
    "rejected 300/600/100",
  ],
  ["all back", plain, [reserve, deliver(), dispute()], resolve("release", 7), "cancelled 0/0/1000"],
  [
    "all back but what was paid",
    plain,
    [reserve, accept(7), dispute()],
    resolve("release"),
    "settled 0/700/300",
  ],
  ["divided", plain, [reserve, deliver(), dispute()], resolve("split", 7, 250), "settled 0/250/750"],
  ["divided without an amount", plain, [reserve, dispute()], resolve("split"), "invalid_field"],
  [
    "more to the shop than there is",
    plain,
    [reserve, accept(7), dispute()],
    resolve("split", 7, 301),
    "amount_exceeds_hold",
  ],
  ["released with an amount", plain, [reserve, dispute()], resolve("release", 7, 1), "invalid_field"],
  ["on with it, reserved", plain, [reserve, dispute()], resolve("resume"), "reserved 1000/0/0"],
  [
    "on with it, delivered",
    plain,
    [reserve, deliver(), dispute()],
    resolve("resume", 7),
    "delivered 1000/0/0",
  ],
  ["on with it, rejected", plain, [reserve, reject(), dispute()], resolve("resume", 7), "rejected 1000/0/0"],
  [
    "on with it, its date later",
    dated,
    [reserve, accept(4), dispute()],
    resolve("resume", 25),
    "delivered 1000/0/0",
  ],
  [
    "on with it, when its time had run out",
    silent,
    [reserve, deliver(), expire(30)],
    resolve("resume", 31),
    "extension_refused",
  ],
  [
    "its time had run out: all to the shop",
    silent,
    [reserve, deliver(), expire(30)],
    resolve("settle", 37),
    "settled 0/1000/0",
  ],
  ["resolved by the shop", plain, [reserve, dispute()], by("shop", resolve("settle")), "not_allowed"],
  ["resolved, where there is no dispute", plain, [reserve], resolve("settle"), "trade_not_open"],
  ["the reservation is moved", plain, [reserve], extend(40, "shop"), "reserved 1000/0/0"],
  ["to an earlier day", plain, [reserve], extend(29), "extension_refused"],
  ["to the same instant", plain, [reserve], extend(30), "extension_refused"],
  ["beyond a year", plain, [reserve], extend(367, "operator"), "extension_refused"],
  ["the buyer moves the clock", plain, [reserve, deliver()], extend(14), "delivered 1000/0/0"],
  ["by more than 14 days", plain, [reserve, deliver()], extend(22), "extension_refused"],
  ["a second time", plain, [reserve, deliver(), extend(8)], extend(9), "extension_refused"],
  [
    "the shop moves it as often as it likes",
    plain,
    [reserve, deliver(), extend(8), extend(9, "shop")],
    extend(90, "shop"),
    "delivered 1000/0/0",
  ],
  [
    "the clock that the buyer moved has not run out",
    plain,
    [reserve, deliver(3), extend(20), deliver(7, 10)],
    silence(17),
    "nothing_to_accept",
  ],
  ["of rejected goods", plain, [reserve, reject()], extend(40), "extension_refused"],
  ["of what has ended", plain, [reserve, reject(), back()], extend(40), "already_rejected"],
  ["of what waits for its date", dated, [reserve, accept()], extend(40), "extension_refused"],
  ["before there is a reservation", plain, [], extend(40), "trade_not_open"],
  ["refunded whole", plain, [reserve, accept()], refund(1000), "settled 0/1000/0 back 1000"],
  [
    "refunded in part, twice",
    plain,
    [reserve, accept(), refund(400)],
    refund(600),
    "settled 0/1000/0 back 1000",
  ],
  ["more than was settled", plain, [reserve, accept(), refund(400)], refund(601), "amount_exceeds_settled"],
  ["before anything was settled", plain, [reserve], refund(1), "amount_exceeds_settled"],
  ["while it waits for its date", dated, [reserve, accept()], refund(1), "amount_exceeds_settled"],
  [
    "of a part, while the rest is open",
    plain,
    [reserve, accept(7)],
    refund(700),
    "delivered 300/700/0 back 700",
  ],
  [
    "of a part, while others come back",
    plain,
    [reserve, reject(4), accept()],
    refund(100),
    "rejected 400/600/0 back 100",
  ],
  [
    "of a part, in a dispute",
    plain,
    [reserve, accept(7), dispute()],
    refund(100),
    "disputed 300/700/0 back 100",
  ],
  ["by line", two, [reserve, accept(7)], refundLine(2), "delivered 400/700/0 back 200"],
  [
    "more of a line than was accepted",
    two,
    [reserve, accept(7), refundLine(2)],
    refundLine(6),
    "quantity_exceeds_open",
  ],
  ["of a line that is not there", plain, [reserve, accept()], refundLine(1, 2), "unknown_line"],
  ["without amount or lines", plain, [reserve, accept()], refundNothing, "invalid_field"],
  ["with both", plain, [reserve, accept()], refundBoth, "invalid_field"],
  ["by the buyer", plain, [reserve, accept()], refund(1000, "buyer"), "not_allowed"],
  [
    "by the shop, whenever",
    plain,
    [reserve, accept()],
    refund(1000, "shop", 300),
    "settled 0/1000/0 back 1000",
  ],
  ["by the carrier", plain, [reserve, accept()], refund(1, "carrier"), "not_allowed"],
  ["of a cancelled trade", plain, [reserve, cancel("shop")], refund(1), "already_cancelled"],
];

const tables = { ends, care };
for (const [title, cases] of Object.entries(tables)) {
  test(`${title}: one line a case`, async (t) => {
    for (const [name, change, before, last, expected] of cases) {
      await t.test(name, () => assert.equal(outcome(change, before, last), expected));
    }
  });
}

/** Each step with what its refund takes: from the shop, from the fee. */
type Giving = [
  name: string,
  fee: Partial<Terms["fee"]>,
  before: Step[],
  refund: Step,
  fromShop: bigint,
  fromFee: bigint,
];

const givings: Giving[] = [
  ["all of it, the fee with it", {}, [reserve, accept()], refund(1000), 900n, 100n],
  ["a part", {}, [reserve, accept()], refund(500), 450n, 50n],
  [
    "the last part takes what is left of the fee",
    {},
    [reserve, accept(), refund(333)],
    refund(667),
    600n,
    67n,
  ],
  ["too little for a share", {}, [reserve, accept()], refund(9), 9n, 0n],
  ["without a fee", { basisPoints: 0 }, [reserve, accept()], refund(500), 500n, 0n],
  ["all was fee", { basisPoints: 10_000 }, [reserve, accept()], refund(500), 0n, 500n],
  [
    "between two payments, more fee than later",
    { fixed: 50, basisPoints: 0 },
    [reserve, accept(1), refund(50), accept()],
    refund(10),
    10n,
    0n,
  ],
  [
    "then what is left",
    { fixed: 50, basisPoints: 0 },
    [reserve, accept(1), refund(50), accept(), refund(10)],
    refund(940),
    915n,
    25n,
  ],
];

test("a refund takes the fee's share with it, and never more than it pays back", async (t) => {
  for (const [name, fee, before, last, fromShop, fromFee] of givings) {
    await t.test(name, () => {
      const result = take(given({ fee: { ...terms.fee, ...fee } }, before), last);
      const effect = "effects" in result ? result.effects[0] : undefined;
      const sources = effect?.do === "refund" ? effect.sources : [];
      const expected = [
        { account: "shop", amount: fromShop },
        { account: "fee", amount: fromFee },
      ];
      assert.deepEqual(
        sources,
        expected.filter(({ amount }) => amount > 0n),
      );
    });
  }
});

test("a gift that was not shipped in time does not end without a word", () => {
  const withGift = { ...hurried, lines: [...terms.lines, { name: "Cloth", quantity: 1, unitAmount: 0 }] };
  const before = given(withGift, [reserve, ["shop", { do: "ship", lines: [{ line: 1, quantity: 10 }] }]]);
  const ended = take(before, expire(3));
  assert.ok(!isRefused(ended));
  assert.deepEqual([ended.next.state, ended.next.progress.lines[1]?.ended], ["reserved", 1]);
  assert.deepEqual(ended.events, [{ type: "trade.expired", data: { released: 0 } }]);
});
