/** What a party sees of a trade, as schemas: the published description is made of them, and so are the types. */
import Type, { type Static } from "typebox";
import {
  countSchema,
  currencySchema,
  dateSchema,
  durationSchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  signedSchema,
  sumSchema,
} from "./shapes.ts";
import {
  acceptorRoles,
  contestReasons,
  coolingOffGoods,
  lineKinds,
  rejectionKinds,
  takingStates,
  topologies,
  tradeStates,
} from "./trade.ts";

export const sides = ["buyer", "shop"] as const;
export const positive = Type.Integer({ minimum: 1 });
export const isTrue = Type.Literal(true);
export const amountOrNull = orNull(sumSchema);
const instantOrNull = orNull(instantSchema);

export const trackingView = named("Tracking", {
  carrier: Type.Optional(Type.String()),
  number: Type.String(),
  url: Type.Optional(Type.String()),
});
/** By what a parcel is known to the one who carries it. */
export type Tracking = Static<typeof trackingView>;

const coolingOffView = open({ for: durationSchema, goods: oneOf(coolingOffGoods) });
export type CoolingOff = Static<typeof coolingOffView>;

const quantitiesView = Type.Array(open({ line: positive, quantity: positive }));

/** What everybody sees of a line. */
const lineTerms = {
  id: Type.Optional(Type.String({ description: "What the shop calls the line" })),
  kind: Type.Optional(
    oneOf(lineKinds, "Left out: goods. Those who may not see the price are shown goods and services only"),
  ),
  name: Type.String(),
  quantity: positive,
  sku: Type.Optional(Type.String()),
  image: Type.Optional(Type.String({ description: "Where a picture of it is" })),
};
const lineProgress = {
  shipped: countSchema,
  delivered: countSchema,
  accepted: countSchema,
  rejected: countSchema,
  returned: countSchema,
  withdrawn: Type.Integer({ minimum: 0, description: "Accepted goods that the buyer has withdrawn from" }),
  ended: Type.Integer({
    minimum: 0,
    description:
      "Goods that nobody will be paid for, because they were cancelled, never shipped in time or decided so",
  }),
};
/** What a line costs: left out for those who may not see the price. */
const lineMoney = {
  unitAmount: Type.Optional(
    orNull(signedSchema, "The price of each piece; null where this server does not know it"),
  ),
  amount: Type.Optional(
    Type.Integer({ description: "Minor units: the price of all pieces, where the line has none for each" }),
  ),
  taxRate: Type.Optional(Type.Union([Type.Number(), Type.String()])),
};
const worth = Type.Optional(
  Type.Integer({
    description:
      "Minor units: what all pieces are paid with where that is not their price, with their part of what follows them",
  }),
);

const agreedLine = open({ ...lineTerms, ...lineMoney });
/** A line as it was agreed. */
export type AgreedLineView = Static<typeof agreedLine>;

const lineForCarrier = named("TradeLineForCarrier", { line: positive, ...lineTerms, ...lineProgress });
const line = named("TradeLine", { line: positive, ...lineTerms, ...lineMoney, worth, ...lineProgress });
export type TradeLineView = Static<typeof line>;

const lotView = named(
  "Lot",
  {
    line: positive,
    quantity: positive,
    at: oneOf(["shipped", "delivered", "rejected", "withdrawn"] as const),
    kind: Type.Optional(oneOf(rejectionKinds)),
    parcel: Type.Optional(Type.String({ description: "The number of the parcel that brought them" })),
    back: Type.Optional(Type.String({ description: "The number of the parcel that takes them back" })),
    /** What an independent party has seen of the way to the buyer. */
    seen: Type.Optional(oneOf(["picked_up", "delivered"] as const)),
    /**
     * How the way back stands: the sender says so, or an independent party has seen it. What could not be brought to the
     * shop (`undeliverable`) is with the buyer again.
     */
    home: Type.Optional(oneOf(["said", "picked_up", "back", "undeliverable"] as const)),
    /** The shop did not take it at its door, which counts as back. */
    refused: Type.Optional(isTrue),
    received: Type.Optional(isTrue),
    claimed: Type.Optional(isTrue),
    contested: Type.Optional(oneOf(contestReasons)),
  },
  "Goods that have left the shop and are neither paid for nor given back, and what is known of them",
);
export type LotView = Static<typeof lotView>;

const offerView = named("Offer", {
  by: oneOf(sides),
  release: sumSchema,
  pay: sumSchema,
  refund: sumSchema,
  version: positive,
});
export type OfferView = Static<typeof offerView>;

const withdrawalRight = named(
  "WithdrawalRight",
  { why: oneOf(["cooling_off", "silence"] as const), until: instantSchema, lines: quantitiesView },
  "Why the buyer can withdraw from goods, and until when",
);
/** Why the buyer can withdraw from goods, and until when: within cooling-off, or where silence has accepted what is wrong. */
export type WithdrawalRight = Static<typeof withdrawalRight>;

const disputeView = named("Dispute", {
  by: oneOf([...sides, "operator", "clock"] as const),
  since: instantSchema,
  asked: Type.Array(oneOf(sides), { description: "Who has still to answer" }),
});

const paymentView = Type.Union([
  open({ on: Type.Literal("acceptance") }),
  open({ on: Type.Literal("date"), date: dateSchema }),
  open({
    on: Type.Literal("collection"),
    /** How long after acceptance the buyer has to pay at a collector. */
    within: durationSchema,
  }),
]);
export type PaymentTerms = Static<typeof paymentView>;

const acceptanceView = named("AcceptanceTerms", {
  by: Type.Array(oneOf(acceptorRoles)),
  need: positive,
  autoAfter: orNull(durationSchema),
  place: orNull(Type.String()),
  /** How long goods may take to the buyer or back, before goods are sent back, and for looking at them there. */
  deliverWithin: durationSchema,
  returnWithin: durationSchema,
  inspectWithin: durationSchema,
  /** The buyer has agreed that the shop's own word of a delivery starts the acceptance clock. */
  shopWord: Type.Optional(isTrue),
});
export type AcceptanceTerms = Static<typeof acceptanceView>;

const revisionView = named(
  "RevisionAsked",
  {
    lines: Type.Array(agreedLine),
    amount: amountOrNull,
    payment: paymentView,
    until: instantSchema,
  },
  "Other terms that the shop has asked for, while what was agreed stands",
);

const earmarkView = named(
  "Earmark",
  {
    state: oneOf(["open", "ordered"] as const),
    objectBy: orNull(
      Type.String({
        format: "instant",
        description: "Until when the order waits for the buyer's look at it",
      }),
    ),
  },
  "An amount that the buyer has reserved before ordering: `open` while the order is to follow",
);

export const guaranteeStates = ["open", "released", "claimed"] as const;

const guaranteeView = named(
  "TradeGuarantee",
  { state: oneOf(guaranteeStates), due: sumSchema, payBy: instantOrNull, claimFrom: instantOrNull },
  "How the guarantee stands: what is to be paid at a collector now, until when the buyer pays at a collector what was accepted, and from when on the shop claims it",
);

const takingView = named(
  "TradeTaking",
  {
    state: oneOf(takingStates, "`asked`: the institution has not said yet what became of it"),
    amount: sumSchema,
    currency: currencySchema,
    code: Type.Optional(Type.String({ description: "Why nothing was booked" })),
  },
  "Money that was taken at the door with an acceptance",
);

const advanceView = named(
  "TradeAdvance",
  { amount: sumSchema, price: sumSchema, paid: sumSchema, recovered: sumSchema, owed: sumSchema },
  "How the shop was paid early",
);

/** What the shop keeps with it, for the shop and operators; an empty object where it keeps nothing. */
export const metadataView = Type.Record(Type.String(), Type.String(), {
  description: "What the shop keeps with it, for its own programs",
});

const confirmed = Type.Optional(Type.Array(countSchema));

/** What everybody who has to do with a trade sees of it, but for its lines. */
const forEverybody = {
  number: numberSchema,
  state: oneOf(tradeStates),
  topology: oneOf(topologies),
  shop: idSchema,
  shopName: Type.String(),
  /** The head of the chain that took the order, where a store of it serves it. */
  chain: Type.Optional(idSchema),
  reference: orNull(Type.String()),
  acceptance: acceptanceView,
  independent: Type.Array(oneOf(["carrier", "provider"] as const), {
    description: "Whose word of a delivery or a return counts beside the recipient's",
  }),
  /** Where several acceptors are needed: the quantity on each line, in their order, that each of them has confirmed. */
  confirmed: Type.Optional(
    open({
      buyer: confirmed,
      recipient: confirmed,
      carrier: confirmed,
      provider: confirmed,
      shop: confirmed,
      operator: confirmed,
    }),
  ),
  lots: Type.Array(lotView),
  parcels: Type.Array(trackingView),
  dispute: orNull(disputeView),
  carrier: orNull(idSchema),
  provider: orNull(idSchema),
  deadlines: named("Deadlines", {
    approveBy: instantOrNull,
    reservedUntil: instantOrNull,
    shipBy: instantOrNull,
    deliverBy: instantOrNull,
    acceptBy: instantOrNull,
    returnBy: instantOrNull,
    inspectBy: instantOrNull,
    answerBy: instantOrNull,
    decideBy: instantOrNull,
    paymentDate: instantOrNull,
    coolingOffUntil: instantOrNull,
    payBy: instantOrNull,
    claimFrom: instantOrNull,
  }),
  refusal: orNull(Type.String({ description: "Why the reservation was refused: the code of a problem" })),
  /**
   * A step that is decided and waits until the payment institution has answered; the trade is as it was before it.
   * `awaits`: the institution has asked the owner of the account to confirm the payment there.
   */
  pending: orNull(
    named("PendingStep", {
      step: Type.String(),
      since: instantSchema,
      awaits: Type.Optional(Type.Literal("account_holder")),
    }),
  ),
  version: positive,
  createdAt: instantSchema,
  updatedAt: instantSchema,
  earmark: Type.Optional(earmarkView),
  /** What the carrier has said last to have taken at the door; for that carrier, and those who have to do with the money. */
  taking: Type.Optional(takingView),
};

/** What those see as well who have to do with the money: shop, buyer, operators. */
const forPayers = {
  buyer: orNull(Type.Union([open({ member: numberSchema }), open({ guest: isTrue })])),
  currency: currencySchema,
  amount: amountOrNull,
  frozen: amountOrNull,
  settled: amountOrNull,
  released: amountOrNull,
  refunded: amountOrNull,
  payment: paymentView,
  coolingOff: orNull(coolingOffView),
  /** The offer that the other side can take; null also where the trade has gone on since it was made. */
  offer: orNull(offerView),
  withdrawable: Type.Array(withdrawalRight, {
    description: "What the buyer can withdraw from. The first whose time is not over counts",
  }),
  /** On trades of a guarantor only, once they are reserved. */
  guarantee: Type.Optional(guaranteeView),
  /** On trades only that the buyer has reserved before ordering. */
  /** Minor units that are to go back to the buyer as soon as the shop's account has them. */
  refundDue: amountOrNull,
  /** Until when the shop would like the money to stay frozen; the buyer answers by extending. */
  extensionAsked: instantOrNull,
  /** What the shop would like instead of what is reserved; the buyer answers by approving, or keeps what was agreed. */
  revisionAsked: orNull(revisionView),
  returnUrl: orNull(Type.String({ description: "Where the buyer goes back to after the approval page" })),
  /** Where goods or a dispute keep the money frozen for longer: until when what has not left the shop is reserved. */
  unshippedUntil: instantOrNull,
  /** Whether the buyer has moved the acceptance clock, which they do once. */
  extendedByBuyer: Type.Boolean(),
  /** Which disputes were opened that are opened once: each side's own, and the buyer's about what is late. */
  disputedBy: Type.Array(oneOf([...sides, "late"] as const)),
  approveUrl: orNull(Type.String({ format: "web-address" })),
};

/** What is between the shop and this server, and none of the buyer's business. */
const forShops = {
  fee: Type.Optional(amountOrNull),
  advance: Type.Optional(orNull(advanceView)),
  metadata: Type.Optional(metadataView),
};

export const tradeSchema = named(
  "Trade",
  { ...forEverybody, lines: Type.Array(line), ...forPayers, ...forShops },
  "A trade as its shop, its buyer and operators see it. In a private trade this server knows no amount, and all of them are null. The buyer sees neither `fee` nor `advance` nor `metadata`.",
);
export const tradeForCarrierSchema = named(
  "TradeForCarrier",
  { ...forEverybody, lines: Type.Array(lineForCarrier) },
  "A trade as those see it who carry, serve or receive: neither price nor payer.",
);
/** For calls of which it depends on the caller. */
export const tradeSeenSchema = Type.Union([tradeSchema, tradeForCarrierSchema]);

/**
 * A trade as a party sees it; fields that this party may not see are left out. In a private trade this server knows no
 * amount, and all of them are null.
 */
export type TradeView = Omit<Static<typeof tradeForCarrierSchema>, "lines"> & {
  lines: TradeLineView[];
} & Partial<Omit<Static<typeof tradeSchema>, keyof typeof forEverybody | "lines">>;
