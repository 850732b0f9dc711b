/** Examples that belong together: a first trade as it is proposed, as it is answered, and as its carrier sees it. */
import type { Static } from "typebox";
import type { tradeForCarrierSchema, tradeSchema } from "../protocol/schemas.ts";
import type { Propose } from "../protocol/schemas.ts";
import { exampleCarts } from "./carts.ts";

const shop = "0190a0b0-0000-7000-8000-000000000010";
const carrier = "0190a0b0-0000-7000-8000-000000000020";

const propose: Propose = {
  buyer: { member: "4821073395" },
  currency: "JPY",
  lines: [{ name: "Tea set", quantity: 3, unitAmount: 1200 }],
  acceptance: { by: ["buyer"], need: 1, autoAfter: "P7D", place: "home" },
  carrier,
  reference: "A-1001",
};

const line = {
  line: 1,
  name: "Tea set",
  quantity: 3,
  shipped: 0,
  delivered: 0,
  accepted: 0,
  rejected: 0,
  returned: 0,
  withdrawn: 0,
  ended: 0,
};

const forCarrier: Static<typeof tradeForCarrierSchema> = {
  number: "48210733951146",
  state: "reserved",
  topology: "direct",
  shop,
  shopName: "Aoi Tea",
  reference: "A-1001",
  lines: [line],
  acceptance: {
    by: ["buyer"],
    need: 1,
    autoAfter: "P7D",
    place: "home",
    deliverWithin: "P14D",
    returnWithin: "P10D",
    inspectWithin: "P5D",
  },
  independent: ["carrier"],
  lots: [],
  parcels: [],
  dispute: null,
  carrier,
  provider: null,
  deadlines: {
    approveBy: null,
    reservedUntil: "2026-12-31T09:30:00.000Z",
    shipBy: null,
    deliverBy: null,
    acceptBy: null,
    returnBy: null,
    inspectBy: null,
    answerBy: null,
    decideBy: null,
    paymentDate: null,
    coolingOffUntil: null,
    payBy: null,
    claimFrom: null,
  },
  refusal: null,
  pending: null,
  version: 2,
  createdAt: "2026-12-01T09:30:00.000Z",
  updatedAt: "2026-12-01T09:30:00.000Z",
};

const trade: Static<typeof tradeSchema> = {
  ...forCarrier,
  lines: [{ ...line, unitAmount: 1200 }],
  buyer: { member: "4821073395" },
  currency: "JPY",
  amount: 3600,
  frozen: 3600,
  settled: 0,
  released: 0,
  refunded: 0,
  payment: { on: "acceptance" },
  coolingOff: null,
  offer: null,
  withdrawable: [],
  refundDue: 0,
  extensionAsked: null,
  revisionAsked: null,
  unshippedUntil: null,
  extendedByBuyer: false,
  disputedBy: [],
  approveUrl: null,
  returnUrl: null,
  metadata: { order: "1001" },
  fee: 0,
  advance: null,
};

/** By the names under which the schemas are published. */
export const wholeExamples: Readonly<Record<string, unknown>> = {
  PostV1TradesBody: propose,
  PostV1TradesBatchBody: {
    commands: [
      { do: "propose", key: "A-1001", trade: propose },
      { do: "ship", key: "A-1000-1", number: "48210733951146", lines: [{ line: 1, quantity: 1 }] },
    ],
  },
  PostV1TradesNumberAcceptBody: { lines: [{ line: 1, quantity: 2 }], version: 3 },
  PostV1TradesNumberShipBody: {
    lines: [{ line: 1, quantity: 2 }],
    tracking: { carrier: "Kuro Express", number: "4401-2233" },
    version: 2,
  },
  PostV1TradesNumberRefundBody: { total: 1200, reason: "One cup was chipped" },
  PostV1ReservationsBatchBody: {
    instructions: [
      {
        do: "release",
        id: "0190a0b0-0000-7000-8000-000000000031",
        reservation: "0190a0b0-0000-7000-8000-000000000030",
      },
    ],
  },
  Trade: trade,
  TradeForCarrier: forCarrier,
  Problem: {
    type: "/docs/problems#quantity_exceeds_open",
    title: "The quantity is more than is still open on the line",
    status: 409,
    detail: "Line 1 has 3 open, not 4.",
    code: "quantity_exceeds_open",
    transient: false,
    trade: "48210733951146",
  },
};

/** By the same names, more of them, each under a name of its own with what it shows. */
export const moreExamples: Readonly<
  Record<string, Readonly<Record<string, { summary: string; value: unknown }>>>
> = {
  PostV1TradesBody: Object.fromEntries(
    Object.entries(exampleCarts).map(([key, { name, ...cart }]) => [
      key,
      { summary: name, value: { ...cart, reference: `order-${key}` } satisfies Propose },
    ]),
  ),
};
