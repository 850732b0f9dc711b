/** What is answered about chains and the orders that they offer to their stores. */
import Type from "typebox";
import {
  countSchema,
  currencySchema,
  durationSchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  sumSchema,
  timeZoneSchema,
  tradeSchema,
} from "../protocol/schemas.ts";

const minuteOfDay = Type.String({
  pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$",
  description: "HH:MM by the clocks of `timeZone`",
});

const storeFields = {
  store: idSchema,
  state: oneOf(["invited", "agreed"] as const),
  agreedAt: orNull(instantSchema),
  at: orNull(open({ lat: Type.Integer(), lng: Type.Integer() })),
  postcodes: Type.Array(Type.String()),
  hours: orNull(open({ opens: minuteOfDay, closes: minuteOfDay, timeZone: timeZoneSchema })),
  capacity: orNull(countSchema),
};
export const storeSchema = named("Store", storeFields);
export const storeInChainSchema = named("StoreInChain", { chain: idSchema, ...storeFields });

export const waitSchema = named("ThinkingTime", { offerFor: durationSchema });
export const storesSchema = named("Stores", {
  offerFor: durationSchema,
  items: Type.Array(storeSchema),
  next: orNull(Type.String()),
});

const offerFields = {
  id: idSchema,
  trade: numberSchema,
  chain: idSchema,
  store: idSchema,
  state: oneOf(["offered", "taken", "declined", "lapsed", "withdrawn"] as const),
  until: instantSchema,
  offeredAt: instantSchema,
  answeredAt: orNull(instantSchema),
};
export const orderOfferSchema = named("OrderOffer", offerFields);
export const orderOfferListedSchema = named("OrderOfferListed", {
  ...offerFields,
  /** While it is open: what is asked for. */
  order: Type.Optional(
    orNull(
      open({
        currency: currencySchema,
        amount: orNull(sumSchema),
        lines: tradeSchema.properties.lines,
        shipBy: orNull(instantSchema),
        reservedUntil: orNull(instantSchema),
      }),
    ),
  ),
});
