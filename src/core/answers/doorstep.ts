/** What is answered at the door. */
import Type from "typebox";
import { currencySchema, idSchema, instantSchema, named, orNull, sumSchema } from "../protocol/schemas.ts";

export const doorCodeSchema = named("DoorCode", {
  code: Type.String({ pattern: "^[0-9]{8}$" }),
  until: instantSchema,
  for: idSchema,
  warning: Type.String(),
});

export const recipientLinkSchema = named(
  "RecipientLink",
  {
    link: orNull(Type.String({ format: "uri-reference" })),
    code: orNull(Type.String({ pattern: "^[0-9]{8}$" })),
  },
  "The buyer reads the link, the shop the code.",
);

export const recipientSessionSchema = named("RecipientSession", {
  token: Type.String({ description: "For `Authorization: Bearer`" }),
  expiresAt: instantSchema,
});

export const toTakeSchema = named(
  "ToTake",
  { amount: sumSchema, currency: currencySchema, institution: idSchema },
  "What a carrier at the door takes with an acceptance, and where it owes that until it is handed in",
);
