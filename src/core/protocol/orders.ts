/** What an order is made of as it is sent: lines, people, terms; and a proposal made of them. */
import Type, { type Static } from "typebox";
import { kanaForm } from "./forms.ts";
import {
  amountSchema,
  closed,
  currencySchema,
  dateSchema,
  durationSchema,
  idSchema,
  label,
  maximumAmount,
  numberSchema,
  oneOf,
  text,
} from "./shapes.ts";
import { acceptorRoles, coolingOffGoods, lineKinds, operatorChannels } from "./trade.ts";

/** Eight digits that a person reads to another. */
export const codeSchema = Type.String({ pattern: "^[0-9]{8}$", description: "Eight digits" });

const quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** Most lines of a trade. */
const linesMost = 1000;
/** Below zero only where the kind of the line allows it. */
const price = (description: string) =>
  Type.Optional(Type.Integer({ minimum: -maximumAmount, maximum: maximumAmount, description }));
/** What the shop calls a line: any characters, unique in the trade. */
const lineId = Type.Optional(label(1, 64));

/** It has either `unitAmount` or `amount`; in a private trade neither, and only there. */
const lineSchema = closed({
  id: lineId,
  kind: Type.Optional(oneOf(lineKinds)),
  name: text(1, 400),
  quantity,
  unitAmount: price("Minor units of the currency, for each piece"),
  amount: price("Minor units of the currency, for all pieces, after discount and tax"),
  sku: Type.Optional(label(1, 100)),
  /** Shown only. */
  taxRate: Type.Optional(Type.Union([Type.Number({ minimum: 0, maximum: 1000 }), text(1, 20)])),
  image: Type.Optional(Type.String({ format: "web-address", maxLength: 500 })),
});
export const lines = Type.Array(lineSchema, { minItems: 1, maxItems: linesMost });
/** A line is named by its number from 1 on, or by what the shop calls it. */
export const lineQuantities = Type.Array(
  closed({ line: Type.Optional(Type.Integer({ minimum: 1, maximum: linesMost })), id: lineId, quantity }),
  {
    minItems: 1,
    maxItems: linesMost,
  },
);

const trackingSchema = closed({
  carrier: Type.Optional(text(1, 80)),
  number: label(1, 80),
  url: Type.Optional(Type.String({ format: "web-address", maxLength: 500 })),
});
export const tracking = Type.Optional(trackingSchema);
export const evidence = closed({ kind: text(1, 40), reference: text(1, 200) });
/** By what somebody on the phone or at the counter proves who they are. */
export const proofKinds = ["callback", "document", "code"] as const;
export const operatorActSchema = closed(
  {
    channel: oneOf(operatorChannels),
    reference: text(1, 200),
    reason: Type.Optional(text(1, 500)),
    as: Type.Optional(oneOf(acceptorRoles)),
    /** How the caller proved who it is; the reference leads to the operator's own record and says nothing personal. */
    proof: Type.Optional(closed({ kind: oneOf(proofKinds), reference: text(1, 200) })),
  },
  "How a person reached the operator who acts for them; only for operators",
);
export const operator = Type.Optional(operatorActSchema);

export const version = Type.Optional(
  Type.Integer({
    minimum: 1,
    description: "The version of the trade that the caller saw: on another one the move is refused",
  }),
);

export const payment = Type.Union([
  closed({ on: Type.Literal("acceptance") }),
  closed({ on: Type.Literal("date"), date: dateSchema }),
  closed({ on: Type.Literal("collection"), within: Type.Optional(durationSchema) }),
]);
/** When somebody would like it to be paid; what is left out is as the server has it. */
export type PaymentWish = Static<typeof payment>;
export const acceptors = Type.Array(oneOf(acceptorRoles), { minItems: 1, maxItems: 6, uniqueItems: true });
const acceptance = closed({
  by: Type.Optional(acceptors),
  need: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 6 }), oneOf(["any", "all"] as const)])),
  autoAfter: Type.Optional(Type.Union([durationSchema, Type.Null()])),
  deliverWithin: Type.Optional(durationSchema),
  returnWithin: Type.Optional(durationSchema),
  inspectWithin: Type.Optional(durationSchema),
  place: Type.Optional(text(1, 200)),
});
/** A bare duration means that withdrawn goods go back. */
const coolingOff = Type.Union([
  durationSchema,
  closed({ for: durationSchema, goods: oneOf(coolingOffGoods) }),
]);

export const contactSchema = Type.Object(
  {
    email: Type.Optional(Type.String({ format: "email", maxLength: 254 })),
    phone: Type.Optional(text(3, 40)),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const methodKinds = ["deposit", "credit", "prepaid"] as const;
export type MethodKind = (typeof methodKinds)[number];

export const methodSchema = closed({
  kind: oneOf(methodKinds),
  currency: currencySchema,
  /** A prepaid account is claimed with the code that came with it; other kinds take an outside token. */
  token: Type.Optional(text(4, 200)),
  /** The credit line that is wished for, in minor units. */
  limit: Type.Optional(amountSchema),
});

/** How a name is read. It is kept in full-width katakana. */
export const kanaSchema = Type.String({
  maxLength: 120,
  pattern: kanaForm,
  description: "How the name is read, in hiragana or katakana; kept in full-width katakana",
});

export const personFields = {
  name: text(1, 120),
  kana: Type.Optional(kanaSchema),
  address: text(1, 300),
  birthDate: dateSchema,
  contact: contactSchema,
};
/** What a shop says of its guest: it only fills the form. */
const guest = closed({
  name: personFields.name,
  kana: personFields.kana,
  address: personFields.address,
});
/** How a guest enters on the server's page, with a means of their own. */
export const enteringGuestSchema = closed({ ...personFields, method: methodSchema });

/** What a shop knows of a buyer who may not be known here: it fills the form, proves nothing, and is erased with the answer. */
const buyerHintSchema = Type.Object(
  {
    email: Type.Optional(Type.String({ format: "email", maxLength: 254 })),
    name: Type.Optional(text(1, 120)),
    phone: Type.Optional(text(3, 40)),
    locale: Type.Optional(Type.String({ pattern: "^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$" })),
  },
  { additionalProperties: false, minProperties: 1 },
);

const buyer = Type.Union([closed({ member: numberSchema }), closed({ guest })]);
const recipient = closed({
  name: text(1, 120),
  kana: Type.Optional(kanaSchema),
  address: Type.Optional(text(1, 300)),
  contact: Type.Optional(contactSchema),
  /** Of a present: from whom it is, and a greeting, in the buyer's words. For buyer and recipient alone. */
  from: Type.Optional(text(1, 120)),
  greeting: Type.Optional(text(1, 400)),
});

/** A place on Earth in millionths of a degree. */
export const pointSchema = closed({
  lat: Type.Integer({ minimum: -90_000_000, maximum: 90_000_000 }),
  lng: Type.Integer({ minimum: -180_000_000, maximum: 180_000_000 }),
});
export type Point = Static<typeof pointSchema>;
export const postcodeSchema = Type.String({ pattern: "^[0-9A-Z][0-9A-Z -]{0,11}$" });

/** To where the goods go, so that the nearest store of the shop's chain is asked to serve the order. */
const destinationSchema = Type.Union([closed({ postcode: postcodeSchema }), closed({ at: pointSchema })]);
export type Destination = Static<typeof destinationSchema>;

/** Metadata is searched by `metadata[key]`; a key has nothing in it that is not seen, and no card number. */
export const metadataKeyForm =
  "(?!.*(?:[0-9][ -]?){13})[^\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\[\\]]{1,40}";
export const metadataValueSchema = text(0, 500);
const metadataSchema = Type.Record(Type.String({ pattern: `^${metadataKeyForm}$` }), metadataValueSchema, {
  maxProperties: 20,
  additionalProperties: false,
  description: "What the shop keeps with the trade for its own programs; nothing personal",
});

/** The addresses that a shop registers, and the one of them that a proposal names. */
const returnUrlSchema = Type.String({
  format: "web-address",
  maxLength: 300,
  description: "One of the shop's registered addresses",
});

export const proposeSchema = closed({
  /** A member, or an operator for one: the amount is reserved for the shop, and the order is to follow (paragraph 0074). */
  earmark: Type.Optional(Type.Literal(true)),
  buyer: Type.Optional(buyer),
  buyerHint: Type.Optional(buyerHintSchema),
  shop: Type.Optional(idSchema),
  currency: currencySchema,
  amount: Type.Optional(amountSchema),
  lines: Type.Optional(lines),
  /** This server is to know no amount: the shop tells it to the buyer's institution itself (paragraph 0026). */
  private: Type.Optional(Type.Literal(true)),
  approval: Type.Optional(
    Type.Union([closed({ mandate: idSchema }), closed({ operator: operatorActSchema })]),
  ),
  method: Type.Optional(idSchema),
  payment: Type.Optional(payment),
  approveWithin: Type.Optional(durationSchema),
  reserveFor: Type.Optional(durationSchema),
  extendableTo: Type.Optional(durationSchema),
  shipWithin: Type.Optional(durationSchema),
  coolingOff: Type.Optional(coolingOff),
  acceptance: Type.Optional(acceptance),
  recipient: Type.Optional(recipient),
  carrier: Type.Optional(idSchema),
  provider: Type.Optional(idSchema),
  reference: Type.Optional(label(1, 100)),
  metadata: Type.Optional(metadataSchema),
  returnUrl: Type.Optional(returnUrlSchema),
  route: Type.Optional(destinationSchema),
});
export type Propose = Static<typeof proposeSchema>;
