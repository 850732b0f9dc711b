/** Random lives of a trade, for the model: terms, a purse, and steps by anybody who may, and now and then by anybody at all. */
import {
  agreedPayment,
  checkTerms,
  type Side,
  type TermLine,
  type Terms,
  withWorths,
} from "../../../src/core/trade/trade.ts";
import fc from "fast-check";
import { terms, told } from "./trades.ts";
import {
  type AcceptorRole,
  acceptorRoles,
  type ActorRole,
  actorRoles,
  contestReasons,
} from "../../../src/core/protocol/protocol.ts";
import { type Command, mayMove } from "../../../src/core/machine/machine.ts";

const day = 86_400_000;
export const start = Date.parse("2026-11-22T12:00:00.000Z");

/** A step: who, what, and how long after the one before; whose word an operator passes on, and who was told until then. */
export interface Step {
  role: ActorRole;
  command: Command;
  hours: number;
  as: AcceptorRole | undefined;
  told: Record<Side, Date | null>;
  /** The shop takes its money out first, so that a refund may find nothing. */
  drained: boolean;
}

export interface Setting {
  terms: Terms;
  /** What the buyer has; a reservation may be beyond it. */
  purse: bigint;
  steps: Step[];
}

const quantity = fc.integer({ min: 1, max: 12 });
const line = fc.record({
  name: fc.constantFrom("Tea", "Cup"),
  quantity,
  unitAmount: fc.integer({ min: 1, max: 100 }),
});
const plainGoods = fc.array(line, { minLength: 1, maxLength: 2, size: "max" });
/** Goods with a price for all pieces, which seldom divides evenly, free ones, and what follows them. */
const pricedWhole = fc.record({
  name: fc.constantFrom("Tea", "Cup"),
  quantity,
  amount: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400 })),
});
const following = fc.oneof(
  fc.record({
    name: fc.constant("Sending"),
    quantity: fc.constantFrom(1, 2),
    kind: fc.constantFrom("shipping" as const, "fee" as const, "tax" as const),
    unitAmount: fc.integer({ min: 0, max: 300 }),
  }),
  fc.record({
    name: fc.constant("Less"),
    quantity: fc.constant(1),
    kind: fc.constantFrom("discount" as const, "rounding" as const),
    amount: fc.integer({ min: -200, max: 5 }),
  }),
);
const cart = fc
  .record({
    named: fc.boolean(),
    goods: fc.array(fc.oneof(pricedWhole, pricedWhole, line), { minLength: 1, maxLength: 3, size: "max" }),
    service: fc.boolean(),
    following: fc.array(following, { maxLength: 3 }),
    first: fc.boolean(),
  })
  .map(({ named, goods: priced, service, following: after, first }): TermLine[] => {
    const whole = priced.map((each, index) => ({
      ...each,
      ...(service && index === 0 ? { kind: "service" as const } : {}),
      ...(named ? { id: `line ${index}` } : {}),
    }));
    return first ? [...after, ...whole] : [...whole, ...after];
  })
  .filter((lines) => checkTerms(lines) === undefined)
  .map(withWorths);
const goods: fc.Arbitrary<TermLine[]> = fc.oneof(
  { weight: 3, arbitrary: plainGoods },
  { weight: 2, arbitrary: cart },
);
const some = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 6,
    arbitrary: fc
      .uniqueArray(
        fc.record({ line: fc.constantFrom(0, 0, 0, 1, 1, 2, 3), quantity: fc.integer({ min: 1, max: 3 }) }),
        {
          minLength: 1,
          maxLength: 2,
          selector: ({ line }) => line,
        },
      )
      .map((lines) => ({ lines: lines.map(({ line, quantity }) => ({ line: line + 1, quantity })) })),
  },
);
const payment = fc.constantFrom(
  { on: "acceptance" as const },
  { on: "acceptance" as const },
  ...["2026-11-25", "2026-12-12", "2027-01-15"].map((date) => agreedPayment({ on: "date", date }, "UTC")),
);
const roles = fc.uniqueArray(fc.constantFrom("buyer" as const, "carrier" as const, "shop" as const), {
  minLength: 1,
});

const someTerms: fc.Arbitrary<Terms> = fc
  .record({
    lines: goods,
    payment,
    by: roles,
    need: fc.integer({ min: 1, max: 3 }),
    autoAfter: fc.constantFrom("P7D", "P7D", null),
    shipWithin: fc.constantFrom(null, null, "P3D"),
    coolingOff: fc.constantFrom(
      null,
      { for: "P14D", goods: "return" as const },
      { for: "P3D", goods: "keep" as const },
    ),
    independent: fc.constantFrom<Terms["independent"][]>(["carrier"], []),
    shopWord: fc.constantFrom({}, {}, { shopWord: true as const }),
    late: fc.constantFrom({}, {}, { settleAfter: "P2D" }),
    earmark: fc.constantFrom({}, {}, {}, {}, {}, { earmark: true as const }),
    extendableTo: fc.constantFrom(null, "P60D"),
    fee: fc.record({
      fixed: fc.integer({ min: 0, max: 50 }),
      basisPoints: fc.integer({ min: 0, max: 10_000 }),
      roundTo: fc.constantFrom("shop" as const, "fee" as const),
    }),
  })
  .map(({ by, need, autoAfter, shopWord, late, earmark, ...rest }) => {
    const acceptance = { by, need: Math.min(need, by.length), autoAfter, ...shopWord };
    return { ...terms, ...rest, ...late, ...earmark, acceptance: { ...terms.acceptance, ...acceptance } };
  });

const reason = fc.constant("because");
const chosen = fc
  .constantFrom(null, "mandate")
  .map((mandate) => ({ method: "method", account: "buyer", mandate }));

const reserve = fc.record({ do: fc.constant("reserve" as const), chosen, shopAgreed: fc.boolean() });
const accept = fc
  .tuple(some, fc.boolean())
  .map(([lines, final]) => ({ do: "accept" as const, ...lines, final }));
const parcel = fc.constantFrom({}, {}, { tracking: { number: "A" } }, { tracking: { number: "B" } });
const moving = (name: "ship" | "deliver" | "send-back" | "return") =>
  fc.tuple(some, parcel).map(([lines, named]) => ({ do: name, ...lines, ...named }));
const rejectable = fc.constantFrom(
  "wrong" as const,
  "wrong" as const,
  "missing" as const,
  "never_came" as const,
);
const reject = fc
  .tuple(some, rejectable)
  .map(([lines, kind]) => ({ do: "reject" as const, ...lines, kind, reason: "because" }));
const deduct = fc.tuple(some, fc.integer({ min: 1, max: 60 })).map(([lines, amount]) => ({
  do: "return" as const,
  ...lines,
  deduct: { amount, reason: "because" },
}));
const withdraw = some.map((lines) => ({ do: "withdraw" as const, ...lines, reason: "because" }));
const contest = fc
  .tuple(some, fc.constantFrom(...contestReasons))
  .map(([lines, reason]) => ({ do: "dispute" as const, ...lines, contest: reason, reason: "because" }));
const answer = fc.constant<Command>({ do: "answer", statement: "because" });
const add = fc.constant<Command>({ do: "say", words: "because" });
/** What is released is a share of what is frozen, in percent; the trade says how much that is. */
const offer = fc
  .record({ release: fc.integer({ min: 0, max: 100 }), refund: fc.constantFrom(0, 0, 20) })
  .map(({ release, refund }) => ({ do: "offer" as const, release, pay: 0, refund }));
const agree = fc.constant<Command>({ do: "offer/accept", version: 0 });
const refund = fc.oneof(
  fc.record({ do: fc.constant("refund" as const), amount: fc.integer({ min: 1, max: 400 }), reason }),
  some.map((lines) => ({
    do: "refund" as const,
    lines: [{ line: 1, quantity: 1 }],
    ...lines,
    reason: "because",
  })),
);
const resolve = fc.oneof(
  fc.record({
    do: fc.constant("resolve" as const),
    outcome: fc.constantFrom("settle" as const, "release" as const, "resume" as const, "return" as const),
    reason,
  }),
  fc.tuple(some, fc.constantFrom("settle" as const, "release" as const)).map(([lines, outcome]) => ({
    do: "resolve" as const,
    outcome,
    ...lines,
    reason: "because",
  })),
  fc.record({
    do: fc.constant("resolve" as const),
    outcome: fc.constant("split" as const),
    amount: fc.integer({ min: 1, max: 900 }),
    reason,
  }),
);
const extend = fc
  .integer({ min: 0, max: 400 })
  .map((days) => ({ do: "extend" as const, until: new Date(start + days * day).toISOString() }));
/** Where an earmark waits for it, lines with an order are the order. */
const order = fc.constantFrom(undefined, {}, { carrier: "carrier", independent: true as const });
const revise = fc
  .record({ lines: goods, payment, order }, { requiredKeys: [] })
  .map((revision) => ({ do: "revise" as const, ...revision }));
const cancel = some.map((lines) => ({ do: "cancel" as const, ...lines }));
const dispute = fc.constant<Command>({ do: "dispute", reason: "because" });

const hinder = fc.oneof(
  fc
    .constantFrom("buyer" as const, "recipient" as const)
    .map((who) => ({ do: "hinder" as const, who, for: "PT1H" })),
  fc
    .record({
      days: fc.integer({ min: 0, max: 40 }),
      own: fc.boolean(),
      refused: fc.boolean(),
      onlyOwed: fc.boolean(),
    })
    .map(({ days, ...how }) => ({
      do: "hinder" as const,
      who: "holder" as const,
      since: new Date(start + days * day).toISOString(),
      ...how,
    })),
);

const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: reserve },
  { weight: 8, arbitrary: accept },
  { weight: 4, arbitrary: moving("ship") },
  { weight: 6, arbitrary: moving("deliver") },
  { weight: 6, arbitrary: reject },
  { weight: 4, arbitrary: moving("send-back") },
  { weight: 4, arbitrary: moving("return") },
  { weight: 1, arbitrary: deduct },
  { weight: 4, arbitrary: withdraw },
  { weight: 3, arbitrary: fc.oneof(contest, answer, add, dispute) },
  { weight: 2, arbitrary: offer },
  { weight: 2, arbitrary: agree },
  { weight: 3, arbitrary: refund },
  { weight: 4, arbitrary: resolve },
  { weight: 2, arbitrary: extend },
  { weight: 1, arbitrary: hinder },
  { weight: 1, arbitrary: revise },
  { weight: 2, arbitrary: cancel },
);

/** Where a guarantor stands for the buyer: what was paid in all, the one who plays the institution knows. */
const guaranteedCommands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 48, arbitrary: commands },
  { weight: 10, arbitrary: fc.constant<Command>({ do: "collect", total: 0 }) },
  { weight: 4, arbitrary: fc.constant<Command>({ do: "release" }) },
  { weight: 6, arbitrary: fc.constant<Command>({ do: "claim" }) },
);

/** Mostly somebody who may, now and then anybody at all. */
const stepOf = (command: Command): fc.Arbitrary<Step> =>
  fc.record({
    command: fc.constant(command),
    role: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...mayMove[command.do]) },
      { weight: 1, arbitrary: fc.constantFrom(...actorRoles) },
    ),
    hours: fc.oneof(
      { weight: 40, arbitrary: fc.constant(0) },
      { weight: 10, arbitrary: fc.integer({ min: 1, max: 200 }) },
      { weight: 2, arbitrary: fc.integer({ min: 201, max: 900 }) },
    ),
    as: fc.constantFrom(undefined, ...acceptorRoles),
    told: fc.constantFrom(
      told({ buyer: true, shop: true }),
      told({ buyer: true, shop: true }),
      told({ buyer: false, shop: true }),
      told({ buyer: true, shop: false }),
      told({ buyer: 20, shop: 10 }),
    ),
    drained: fc.integer({ min: 0, max: 19 }).map((die) => die === 0),
  });

/** Most lives begin with a reservation that has a chance. */
const begun: Step = {
  role: "operator",
  command: {
    do: "reserve",
    chosen: { method: "method", account: "buyer", mandate: "mandate" },
    shopAgreed: true,
  },
  hours: 0,
  as: undefined,
  told: told({ buyer: true, shop: true }),
  drained: false,
};

const settingOf = (terms: fc.Arbitrary<Terms>, said: fc.Arbitrary<Command>): fc.Arbitrary<Setting> =>
  fc.record({
    terms,
    purse: fc.bigInt({ min: 500n, max: 6000n }),
    steps: fc
      .tuple(
        fc.integer({ min: 0, max: 9 }),
        fc.array(said.chain(stepOf), { minLength: 1, maxLength: 39, size: "max" }),
      )
      .map(([die, more]) => (die === 0 ? more : [begun, ...more])),
  });

export const setting = settingOf(someTerms, commands);
const collection = { on: "collection" as const, within: "P3D" };
/** The same at a guarantor. */
export const guaranteedSetting = settingOf(
  someTerms.map((terms) => ({ ...terms, payment: collection })),
  guaranteedCommands,
);
