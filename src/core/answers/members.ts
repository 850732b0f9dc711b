/** What is answered about members: who they are, how they pay, what they allow. */
import Type from "typebox";
import { acceptorRoles, operatorChannels, personalFields } from "../protocol/protocol.ts";
import {
  countSchema,
  currencySchema,
  dateSchema,
  durationSchema,
  idSchema,
  instantSchema,
  methodKinds,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  sumSchema,
} from "../protocol/schemas.ts";

const memberState = oneOf(["provisional", "active", "suspended"] as const);

export const contactShown = open({
  email: Type.Optional(Type.String({ format: "email" })),
  phone: Type.Optional(Type.String()),
});

/** What went wrong in somebody's trades, for operators. */
export const figuresShown = named("Figures", {
  rejections: countSchema,
  disputesLost: countSchema,
  lateDeliveries: countSchema,
});

const methodFields = {
  id: idSchema,
  kind: oneOf(methodKinds),
  state: oneOf(["active", "pending", "overdue", "closed"] as const),
  currency: currencySchema,
  account: orNull(idSchema),
  wishedLimit: Type.Optional(sumSchema),
};
export const methodShown = named("Method", methodFields, "A means of payment.");
const methodWithMoney = named("MethodWithMoney", {
  ...methodFields,
  available: orNull(Type.Integer({ description: "Minor units; null where no account is kept here" })),
});

export const memberEnteredSchema = named("MemberEntered", {
  number: numberSchema,
  state: memberState,
  methods: Type.Array(methodShown),
});

const memberFields = {
  number: numberSchema,
  state: memberState,
  methods: Type.Array(methodWithMoney),
  createdAt: instantSchema,
};
export const memberStateSchema = named(
  "MemberState",
  memberFields,
  "A member after an operator's act: nothing personal, since the answer is kept for repetitions.",
);
export const memberSchema = named("Member", {
  ...memberFields,
  name: Type.String(),
  kana: Type.Optional(Type.String({ description: "How the name is read, in full-width katakana" })),
  address: Type.String(),
  birthDate: dateSchema,
  contact: contactShown,
  figures: Type.Optional(figuresShown),
  emailAsked: Type.Optional(
    Type.String({ description: "For operators: the address that a second one of them is to confirm" }),
  ),
});

export const forfeitedSchema = named("Forfeited", {
  number: numberSchema,
  forfeited: Type.Array(open({ account: idSchema, currency: currencySchema, amount: sumSchema })),
});

export const voucherSchema = named("Voucher", {
  account: idSchema,
  currency: currencySchema,
  amount: sumSchema,
  code: Type.Optional(Type.String({ description: "In the first answer only" })),
});

export const admissionLetterSchema = named(
  "AdmissionLetter",
  {
    number: numberSchema,
    until: orNull(
      Type.String({
        format: "instant",
        description: "Until when its code can be used; null where the member has a sign-in, and gets no code",
      }),
    ),
    pdf: Type.Optional(
      Type.String({
        contentEncoding: "base64",
        contentMediaType: "application/pdf",
        description: "In the first answer only",
      }),
    ),
    missing: Type.Optional(
      Type.Array(Type.String(), {
        description: "Characters that could not be printed, to be written by hand; in the first answer only",
      }),
    ),
  },
  "A letter to be printed and posted: with the code on it somebody signs in for the first time",
);

export const mandateShown = named("Mandate", {
  id: idSchema,
  shop: idSchema,
  currency: currencySchema,
  limit: sumSchema,
  used: sumSchema,
  until: instantSchema,
  method: orNull(idSchema),
  acceptors: Type.Array(oneOf(acceptorRoles)),
  terms: orNull(
    open({
      reserveFor: Type.Optional(durationSchema),
      autoAfter: Type.Optional(durationSchema),
      deliverWithin: Type.Optional(durationSchema),
      returnWithin: Type.Optional(durationSchema),
      inspectWithin: Type.Optional(durationSchema),
    }),
  ),
  revokedAt: orNull(instantSchema),
  createdAt: instantSchema,
});

export const noticeSchema = named("Notice", {
  id: idSchema,
  trade: orNull(numberSchema),
  types: Type.Array(Type.String(), { description: "The events of the trade that it was" }),
  act: orNull(Type.String()),
  channel: oneOf(operatorChannels),
  at: instantSchema,
});

export const lookupSchema = named("Lookup", {
  id: idSchema,
  operator: idSchema,
  reason: orNull(Type.String()),
  trade: orNull(numberSchema),
  at: instantSchema,
});

export const fieldsChangedSchema = named("FieldsChanged", {
  changed: Type.Array(Type.String(), { description: "The fields that are others now" }),
});
export const codeSentSchema = named("CodeSent", { sent: Type.Literal(true) });
export const resetAskedSchema = named("ResetAsked", { asked: Type.Literal(true) });
export const profileChangeSchema = named(
  "ProfileChange",
  {
    id: idSchema,
    act: oneOf(["asked", "changed", "taken back", "stopped"] as const),
    field: oneOf([
      "password",
      "name",
      "kana",
      "address",
      "email",
      "phone",
      "bank account",
      "passkey",
    ] as const),
    role: oneOf(["self", "mail", "letter", "operator"] as const),
    operator: orNull(idSchema),
    confirmedBy: Type.Optional(orNull(idSchema)),
    at: instantSchema,
  },
  "That something was changed, and by whom; never what it was.",
);

const disclosureFields = {
  id: idSchema,
  shop: idSchema,
  fields: Type.Array(oneOf(personalFields)),
  until: instantSchema,
};
export const disclosureGivenSchema = named("DisclosureGiven", {
  ...disclosureFields,
  token: Type.Optional(Type.String({ description: "In the first answer only" })),
});
export const disclosureShown = named("Disclosure", {
  ...disclosureFields,
  shopName: Type.String(),
  createdAt: instantSchema,
  fetchedAt: orNull(instantSchema),
  revokedAt: orNull(instantSchema),
});
const told = Type.Optional(orNull(Type.String()));
export const disclosedSchema = named("Disclosed", {
  id: idSchema,
  fields: Type.Array(oneOf(personalFields)),
  fetchedAt: instantSchema,
  /** In the first answer only. */
  data: Type.Optional(
    open({ name: told, kana: told, address: told, birthDate: told, email: told, phone: told }),
  ),
});

/** A session of one's own. */
export const openSessionSchema = named("OpenSession", {
  id: idSchema,
  // The kind of browser and of system, by what the browser says.
  place: orNull(Type.String()),
  createdAt: instantSchema,
  seenAt: instantSchema,
  here: Type.Boolean(),
});

/** Who is calling. */
export const callerSchema = Type.Union(
  [
    named("CallingMember", {
      kind: Type.Literal("member"),
      id: idSchema,
      name: orNull(Type.String()),
      number: orNull(numberSchema),
    }),
    named("CallingParty", {
      kind: oneOf(["shop", "carrier", "provider", "collector", "operator", "recipient"] as const),
      id: idSchema,
      name: orNull(Type.String()),
    }),
    named("CallingVisitor", { kind: oneOf(["guest", "invited"] as const), trade: numberSchema }),
  ],
  { title: "Caller" },
);
