/** What a party is told of what happened to a trade, as schemas. */
import Type, { type Static } from "typebox";
import {
  countSchema,
  durationSchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
} from "./shapes.ts";
import {
  acceptorRoles,
  actorRoles,
  contestReasons,
  coolingOffGoods,
  notTakenReasons,
  operatorChannels,
  rejectionKinds,
  tradeEventTypes,
} from "./trade.ts";
import { amountOrNull, isTrue, metadataView, positive, sides, trackingView } from "./trade-view.ts";

const spoken = open({
  channel: oneOf(operatorChannels),
  reference: Type.String(),
  reason: Type.Optional(Type.String()),
  as: Type.Optional(oneOf(acceptorRoles)),
  proof: Type.Optional(open({ kind: Type.String(), reference: Type.String() })),
  confirmedBy: Type.Optional(idSchema),
});
/** Pieces of lines, with what the shop calls those. */
const piecesView = Type.Array(open({ line: positive, quantity: positive, id: Type.Optional(Type.String()) }));
const some = Type.Optional(piecesView);
const someAmount = Type.Optional(amountOrNull);
const when = Type.Optional(instantSchema);
const who = Type.Optional(oneOf(actorRoles));
const words = Type.Optional(Type.String());

/** What an event tells beside its kind. Which of these it has depends on the kind, and on who reads it. */
const eventData = named("TradeEventData", {
  by: Type.Optional(oneOf([...actorRoles, "offer"] as const)),
  lines: Type.Optional(Type.Union([piecesView, countSchema])),
  accepted: some,
  shop: some,
  buyer: some,
  amount: someAmount,
  released: someAmount,
  settled: someAmount,
  fee: someAmount,
  /** With an acceptance: what the carrier says to have taken in cash. */
  cash: someAmount,
  recovered: someAmount,
  covered: someAmount,
  price: someAmount,
  paid: someAmount,
  release: someAmount,
  pay: someAmount,
  refund: someAmount,
  reason: words,
  statement: words,
  words,
  code: words,
  kind: Type.Optional(oneOf(rejectionKinds)),
  /** Digests of the photos that were put to it, for those who may see them. */
  photos: Type.Optional(Type.Array(Type.String())),
  contest: Type.Optional(oneOf(contestReasons)),
  notTaken: Type.Optional(oneOf(notTakenReasons)),
  goods: Type.Optional(oneOf(coolingOffGoods)),
  outcome: words,
  lost: who,
  silent: Type.Optional(Type.Array(oneOf(sides))),
  deadline: words,
  /** How long before the deadline; left out where it is over. */
  before: Type.Optional(durationSchema),
  /** How long ago it was over, where that is told once more. */
  after: Type.Optional(durationSchema),
  at: when,
  until: when,
  late: Type.Optional(isTrue),
  final: Type.Optional(Type.Boolean()),
  arrived: Type.Optional(isTrue),
  claimed: Type.Optional(isTrue),
  collected: Type.Optional(isTrue),
  lapsed: Type.Optional(isTrue),
  on: words,
  version: Type.Optional(positive),
  chain: Type.Optional(idSchema),
  store: Type.Optional(idSchema),
  tracking: Type.Optional(trackingView),
  evidence: Type.Optional(open({ kind: Type.String(), reference: Type.String() })),
  claimedAt: when,
  operator: Type.Optional(spoken),
  instruction: Type.Optional(idSchema),
  answeredAt: when,
});

const eventFields = {
  seq: Type.Integer({ minimum: 1, description: "Events of a trade are numbered without gaps" }),
  type: oneOf(tradeEventTypes),
  at: instantSchema,
  version: Type.Integer({
    minimum: 1,
    description: "That of the trade after the step of which this event is a part",
  }),
  actor: open({ role: oneOf(actorRoles), id: orNull(idSchema) }),
  data: Type.Unsafe<Record<string, unknown>>(eventData),
};
export const tradeEventSchema = named("TradeEvent", eventFields);
export type TradeEventView = Static<typeof tradeEventSchema>;

export const fedEventSchema = named(
  "FedEvent",
  {
    position: Type.String({ description: "Where it stands: what comes after it is read by `after`" }),
    trade: numberSchema,
    reference: orNull(Type.String()),
    /** For the shop only. */
    metadata: Type.Optional(metadataView),
    ...eventFields,
  },
  "An event among those of all trades of a party.",
);
export type FedEventView = Static<typeof fedEventSchema>;
