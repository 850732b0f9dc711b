/** Where a search through the machine begins: new trades of each kind, and trades in the middle of what takes many steps. */
import type { Terms } from "../../../src/core/trade/trade.ts";
import * as steps from "./trades.ts";
import type { Step } from "./trades.ts";
import * as ways from "./ways.ts";

export const small = { lines: [{ name: "Tea set", quantity: 2, unitAmount: 100 }] };
const cup = { name: "Cup", quantity: 1, unitAmount: 25 };
const chosen = { method: "method", account: "account", mandate: "mandate" };
export const reserve: Step = ["shop", { do: "reserve", chosen, shopAgreed: true }];
/** Of what is worth nothing, somebody may still speak when all money has gone its way. */
const paidBut = [reserve, steps.accept(2)];
export const paidEarly: Step = [
  "shop",
  {
    do: "advance",
    of: "all",
    from: "own",
    into: "own",
    acceptedBasisPoints: 100,
    reservedBasisPoints: 300,
  },
];
const kinds: Partial<Terms>[] = [
  small,
  { ...small, ...steps.dated, ...ways.trusting },
  { ...small, ...steps.silent, ...ways.kept },
  { ...small, ...steps.both, shipWithin: "P3D" },
  { lines: [cup, cup], ...steps.both, extendableTo: "P40D" },
  ways.cart,
  { ...small, ...steps.collected },
  { ...small, ...steps.collected, ...steps.silent, ...ways.kept },
];

const dearer = [reserve, steps.deliver(), ways.refuse("wrong", { q: 1 }), ways.deduct(10, { q: 1 })];
const three = { lines: [{ name: "Tea set", quantity: 3, unitAmount: 100 }] };
const collect = (total: number): Step => ["collector", { do: "collect", total }];
const paidAtCollector: Partial<Terms> = { ...small, ...steps.collected };
const mixed = [reserve, steps.accept(), ways.withdraw({ q: 1 })];

/** Where the search begins: new trades of each kind, and trades in the middle of what takes many steps. */
export const beginnings: [day: number, kind: Partial<Terms>, before: (Step | steps.Wait)[]][] = [
  ...kinds.flatMap((kind): typeof beginnings => [
    [0, kind, []],
    [0, kind, [reserve]],
    [0, kind, [reserve, steps.deliver()]],
    [0, kind, [reserve, ways.ship("shop", { parcel: "A" })]],
  ]),
  [0, { ...small, ...steps.dated, shipWithin: "P3D" }, [reserve, steps.accept(1)]],
  [0, { ...small, ...steps.dated }, [reserve, steps.accept(), ways.withdraw({ q: 1 })]],
  [0, small, [reserve, steps.accept(), ways.withdraw()]],
  [0, small, [...dearer, ways.answer("buyer"), steps.resolve("resume", 0)]],
  [0, { lines: [cup, cup] }, [reserve, steps.deliver(1), ways.stop("shop", { q: 1 })]],
  [0, { ...small, settleAfter: "P2D" }, [reserve, steps.accept(1), steps.wait(2), ways.withdraw({ day: 2 })]],
  [0, { ...small, settleAfter: "P20D" }, [reserve, steps.accept(1), ways.withdraw(), steps.accept(1)]],
  [0, small, [reserve, ways.ship("shop"), steps.wait(14), ways.refuse("never_came", { q: 1, day: 14 })]],
  [10, { lines: [cup, cup] }, [reserve, ways.refuse("wrong", { q: 1 }), steps.wait(10)]],
  [1, { ...three, ...steps.dated }, [...mixed, ways.sendBack("buyer"), ways.withdraw({ q: 1, day: 1 })]],
  [13, { ...three, ...steps.dated }, [...mixed, ways.bring("carrier"), ways.withdraw({ q: 1, day: 13 })]],
  [7, { lines: [cup, cup] }, [reserve, steps.deliver(1), steps.wait(7, { buyer: false, shop: true })]],
  [
    3,
    { ...small, ...ways.kept, settleAfter: "P2D" },
    [reserve, steps.accept(1), steps.wait(2), steps.accept(1, "buyer", 3)],
  ],
  [27, small, [reserve, steps.accept(1), steps.dispute("shop", 27)]],
  [27, { ...small, settleAfter: "P20D" }, [reserve, steps.accept(1, "buyer", 26), steps.dispute("shop", 27)]],
  [10, { ...small, shipWithin: "P12D" }, [reserve, ways.refuse("wrong", { q: 1 }), steps.wait(9.9)]],
  [27, small, [reserve, steps.dispute("shop", 27)]],
  [0, ways.cart, paidBut],
  [0, { ...ways.cart, ...ways.kept }, paidBut],
  [0, { ...ways.cart, shipWithin: "P3D" }, [reserve, ways.stop("shop", { q: 2 })]],
  [0, ways.cart, [...paidBut, ways.ship("shop")]],
  [0, ways.cart, [...paidBut, steps.deliver()]],
  [0, ways.cart, [...paidBut, ways.refuse("wrong", { line: 2, q: 1 })]],
  [0, ways.cart, [...paidBut, ways.take("buyer"), ways.withdraw()]],
  ...(["settle", "release"] as const).map((outcome): (typeof beginnings)[number] => [
    8,
    ways.cart,
    [reserve, ...ways.contestedGift, ways.judge(outcome, { day: 6.5 }), ways.broughtGift],
  ]),
  // The shop was paid early, so its payment waits; the gift that nobody decides about holds it up no longer than the reservation.
  [
    8,
    { ...ways.cart, ...ways.kept, reserveFor: "P10D" },
    [reserve, paidEarly, ...ways.contestedGift, ways.judge("settle", { day: 6.5 }), ways.broughtGift],
  ],
  [27, small, [reserve, ways.refuse("wrong", { q: 1, day: 20 }), ways.sendBack("buyer", { day: 27 })]],
  [0, paidAtCollector, [reserve, steps.accept(1), collect(100)]],
  [0, paidAtCollector, [reserve, steps.accept(), collect(200)]],
  [0, paidAtCollector, [reserve, steps.accept(1), steps.accept(1), collect(100)]],
  [0, paidAtCollector, [reserve, steps.accept(1), collect(100), ways.refuse("wrong", { q: 1 })]],
  [0, paidAtCollector, [reserve, steps.accept(1), ways.refuse("wrong", { q: 1 })]],
  [0, paidAtCollector, [reserve, steps.accept(), ways.withdraw({ q: 1 })]],
  [0, paidAtCollector, [reserve, steps.accept(1), collect(100), steps.dispute()]],
  [10, paidAtCollector, [reserve, steps.accept(), ways.withdraw({ q: 1 }), ways.sendBack("buyer")]],
  [0, { ...paidAtCollector, ...steps.silent, ...ways.kept }, [reserve, steps.accept(), collect(200)]],
  [0, paidAtCollector, [reserve, steps.accept(1), collect(100), ways.withdraw({ q: 1 })]],
  [
    0,
    paidAtCollector,
    [
      reserve,
      steps.accept(1),
      collect(100),
      ways.withdraw({ q: 1 }),
      ways.sendBack("carrier"),
      steps.dispute(),
    ],
  ],
  [10, paidAtCollector, [reserve, steps.accept(1), ways.refuse("wrong", { q: 1 })]],
  [12, paidAtCollector, [reserve, steps.accept(), collect(200), ways.withdraw({ q: 1 })]],
  [12, paidAtCollector, [reserve, steps.accept(), ["shop", { do: "claim" }, 10], ways.withdraw({ q: 1 })]],
  [
    0,
    small,
    [reserve, steps.deliver(), ways.refuse("wrong"), ways.sendBack("buyer"), ways.deduct(10, { q: 1 })],
  ],
];
