/** What the calls about the people of a shop answer. */
import Type from "typebox";
import { idSchema, instantSchema, oneOf, orNull } from "../../core/protocol/schemas.ts";
import { shopRoles } from "../../storage/identity/identity.ts";
import { shopActNames } from "../roles/roles.ts";

export const roleSchema = oneOf(
  shopRoles,
  "`owner`: all; `money`: also refunds, offers, paying early, payouts and statements; `orders`: ships, answers, extends, calls off; `reader`: reads orders",
);

export const personSchema = Type.Object({
  id: idSchema,
  name: Type.String({ description: "An operator sees the first letters" }),
  email: Type.String({ description: "An operator sees the first letters" }),
  role: roleSchema,
  state: oneOf(["invited", "active"] as const, "`invited`: they have chosen no password yet"),
  createdAt: instantSchema,
});

export const invitedSchema = Type.Object({
  id: idSchema,
  role: roleSchema,
  state: Type.Literal("invited"),
});

export const shopActSchema = Type.Object({
  id: idSchema,
  by: orNull(
    Type.Object(
      { person: idSchema, name: Type.String() },
      { description: "Null where it was the shop's own sign-in" },
    ),
  ),
  act: oneOf(shopActNames),
  about: orNull(Type.String({ description: "The trade number or the id to which it was done" })),
  done: Type.Boolean({ description: "False where the server stopped before it was answered" }),
  at: instantSchema,
});

export const resetSentSchema = Type.Object({ sent: Type.Boolean() });
