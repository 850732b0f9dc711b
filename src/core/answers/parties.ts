/** What is answered about shops, carriers, providers and operators. */
import Type from "typebox";
import {
  amountSchema,
  basisPointsSchema,
  collectionChannels,
  currencySchema,
  durationSchema,
  fixedFeeSchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  sumSchema,
} from "../protocol/schemas.ts";
import { contactShown, figuresShown } from "./members.ts";

const headFields = {
  id: idSchema,
  name: Type.String(),
  state: oneOf(["applied", "approved", "suspended"] as const),
  contact: contactShown,
  createdAt: instantSchema,
};
const figures = Type.Optional(figuresShown);

const returnAddressSchema = named("ReturnAddress", {
  name: Type.String(),
  address: Type.String({ description: "Lines are parted by line feeds" }),
  phone: Type.Optional(Type.String()),
  since: instantSchema,
});

const shopHead = { kind: Type.Literal("shop"), ...headFields };
export const shopListedSchema = named("ShopListed", shopHead);
export const shopSchema = named("Shop", {
  ...shopHead,
  /** Of a shop that comes for a time: from then on it opens no trades, and its keys have ended. */
  until: Type.Optional(instantSchema),
  accounts: Type.Array(
    open({
      currency: currencySchema,
      account: idSchema,
      fee: named("Fee", {
        fixed: fixedFeeSchema,
        basisPoints: basisPointsSchema,
        roundTo: oneOf(["shop", "fee"] as const),
      }),
    }),
  ),
  returnUrls: Type.Array(Type.String({ format: "web-address" })),
  uniqueReferences: Type.Boolean(),
  returnAddress: orNull(returnAddressSchema, "Where goods are sent back to; null where none is named"),
  figures,
});

export const returnPlaceSchema = named("ReturnPlace", {
  returnAddress: orNull(returnAddressSchema),
  former: Type.Optional(
    Type.Array(returnAddressSchema, { description: "To operators: what was named before, the newest first" }),
  ),
});

const helperHead = {
  kind: oneOf(["carrier", "provider"] as const),
  ...headFields,
  independent: Type.Boolean({ description: "Whether an operator knows it to be independent of the shops" }),
};
export const helperListedSchema = named("HelperListed", helperHead);
export const helperSchema = named("Helper", { ...helperHead, figures }, "A carrier or a service provider.");

const collectorFields = {
  kind: oneOf(["carrier", "collector"] as const, "A carrier takes what is paid at the door"),
  ...headFields,
  independent: Type.Optional(Type.Boolean({ description: "Of a carrier" })),
};
export const collectorHeadSchema = named("CollectorHead", collectorFields);
export const collectorShown = named(
  "Collector",
  {
    ...collectorFields,
    channel: oneOf(collectionChannels),
    fee: orNull(
      named("CollectorFee", {
        fixed: orNull(sumSchema),
        basisPoints: basisPointsSchema,
        borneBy: oneOf(["institution", "payee"] as const),
      }),
      "What it is paid for each collection",
    ),
    accounts: Type.Array(
      open({
        currency: currencySchema,
        account: idSchema,
        owes: orNull(sumSchema, "What it has taken and not handed in"),
        since: orNull(instantSchema, "When it took the oldest of that"),
        limit: orNull(sumSchema, "How much that may be"),
      }),
    ),
  },
  "Whoever takes money for dues.",
);

/** Who said it, when and why; null where nobody has. */
const said = orNull(named("SaidByOperator", { by: idSchema, at: instantSchema, reason: Type.String() }));

export const independenceSchema = named("Independence", { ...helperHead, figures, set: said });

const limits = Type.Record(Type.String(), sumSchema, { description: "By currency" });
export const standingShown = named("Standing", {
  frozenLimits: limits,
  earlyLimits: limits,
  settleAfter: orNull(durationSchema),
  word: Type.Boolean(),
  paidEarly: oneOf(["afterShipping", "always", "never"] as const),
  paidOutEarly: Type.Boolean(),
  set: said,
});

const keyFields = {
  id: idSchema,
  label: orNull(Type.String()),
  createdAt: instantSchema,
  expiresAt: orNull(instantSchema),
};
export const keyShown = named("Key", keyFields);
export const keyMadeSchema = named("KeyMade", {
  ...keyFields,
  key: Type.Optional(Type.String({ description: "In the first answer only" })),
});

export const operatorShown = named("Operator", {
  id: idSchema,
  name: Type.String(),
  state: oneOf(["active", "suspended"] as const),
  madeBy: orNull(idSchema),
  createdAt: instantSchema,
});

export const tieSchema = named("Tie", { institution: idSchema, currency: currencySchema, consent: idSchema });
export const tieListedSchema = named("TieListed", {
  institution: idSchema,
  name: orNull(Type.String()),
  currency: currencySchema,
  consent: idSchema,
});

export const saidSchema = named(
  "Taking",
  {
    id: idSchema,
    tradeNumber: numberSchema,
    amount: amountSchema,
    currency: currencySchema,
    shopName: orNull(Type.String()),
    consent: idSchema,
    peer: idSchema,
    at: instantSchema,
  },
  "What another server has said that somebody took at the door, by their consent",
);

export const listingSchema = named(
  "Listing",
  {
    shop: idSchema,
    name: Type.String(),
    url: Type.String({ format: "web-address" }),
    sentence: Type.String(),
  },
  "A shop on this server's page of shops, and where a member who goes on comes.",
);
