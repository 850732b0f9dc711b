/**
 * The forms of the pages: which fields each takes, and what call of the protocol it makes of them. What is made is
 * checked by the protocol's own schemas, so a page can do nothing that a program could not.
 */
import Type, { type TObject, type TSchema } from "typebox";
import { makeCheck } from "../http/http.ts";
import { isCurrency, parseMoney, toWire } from "../../core/money/money.ts";
import type { Problem, TradeView } from "../../core/protocol/protocol.ts";
import {
  type Application,
  applicationSchema,
  guestSchema,
  idSchema,
  type MoveBody,
  type MoveName,
  moveSchemas,
} from "../../core/protocol/schemas.ts";
import { type Attempt, openQuantity, sentence } from "../parts/parts.ts";
import { otherAcceptors, type TradeAct } from "../trade-views/trade-views.ts";
import type { GuestWish } from "../api/api.ts";

const field = (maxLength = 300) => Type.Optional(Type.String({ maxLength }));
const form = <T extends Record<string, TSchema>>(fields: T): TObject<T> =>
  Type.Object(fields, { additionalProperties: false });

const key = Type.Optional(Type.String({ pattern: "^[\\x21-\\x7e]{1,255}$" }));
const birthDate = field(10);
const person = { name: field(), address: field(), birthDate, email: field(), phone: field() };
const methodFields = { methodKind: field(20), token: field() };
const terms = { version: field(20), paymentOn: field(20), paymentDate: field(10), shopMayAccept: field(3) };

export const signInForm = form({ email: field(), password: field(), next: field(800) });
export const joinForm = form({
  key,
  ...person,
  password: field(),
  next: field(800),
  ...methodFields,
  currency: field(10),
  limit: field(40),
});
export const approveForm = form({ key, birthDate, method: field(40), ...terms });
export const approveAsGuestForm = form({ key, ...person, ...methodFields, ...terms });
export const declineForm = form({ key, birthDate });
export const tieForm = form({ institution: field(40), kind: field(20), currency: field(10) });
const ticked = field(3);
export const discloseForm = form({
  shop: idSchema,
  return: Type.String({ maxLength: 400 }),
  ...{ name: ticked, address: ticked, birthDate: ticked, email: ticked, phone: ticked },
});
export const keyForm = form({ key });
export const emptyForm = form({});

/** The fields of a form, all of them text. */
export type Fields = Partial<Record<string, string>>;

/** Quantities come as `quantity-1`, `quantity-2`, ... by the numbers of the lines. */
const withQuantities = (fields: Record<string, TSchema>) =>
  Type.Unsafe<Fields>({
    type: "object",
    properties: fields,
    patternProperties: { "^quantity-[1-9][0-9]{0,2}$": Type.String({ maxLength: 10 }) },
    additionalProperties: false,
  });

const reason = field(1000);
export const actForms: Record<TradeAct, TSchema> = {
  accept: withQuantities({
    key,
    birthDate,
    all: field(3),
    final: field(3),
    reference: field(),
    code: field(20),
  }),
  reject: withQuantities({ key, birthDate, reason }),
  deliver: form({ key, birthDate, reference: field() }),
  "at-door": form({ key, birthDate }),
  return: form({ key, birthDate, reference: field() }),
  dispute: form({ key, birthDate, reason }),
  cancel: form({ key, birthDate, reason }),
  extend: form({ key, birthDate, until: field(10) }),
  refund: form({ key, birthDate, amount: field(40), reason }),
};

const giftCode = field(20);
/** What the recipient of a gift sends from the pages of the link. */
export const giftForms = {
  accept: withQuantities({ key, giftCode, all: field(3), final: field(3), reference: field() }),
  reject: withQuantities({ key, giftCode, reason }),
} as const;
export const doorCodeForm = form({ key, birthDate });
export const giftDoorCodeForm = form({ key, giftCode });
export const giftForm = form({ number: field(40), giftCode });

/** A call that can be made, or what stands in the way, by the names of the form's fields. */
export type Made<T> = { body: T } | { errors: Record<string, string> } | { problem: Problem };

const say = sentence("en");

/** What somebody has left empty has not been said. */
function filled(text: string | undefined): string | undefined {
  const value = text?.replaceAll("\r\n", "\n").trim();
  return value === "" ? undefined : value;
}

/** The fields of `wish` that hold something. */
function present<T extends Record<string, unknown>>(wish: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)) as never;
}

/** Checks what was made, and tells findings under the names of the fields that `nameOf` finds for their pointers. */
function checked<T>(
  check: (value: unknown) => Problem | undefined,
  body: unknown,
  nameOf: (pointer: string) => string | undefined,
): Made<T> {
  const refused = check(body);
  if (refused === undefined) return { body: body as T };
  const errors: Record<string, string> = {};
  for (const { pointer, message } of refused.errors ?? []) {
    const name = nameOf(pointer);
    if (name === undefined) return { problem: refused };
    errors[name] ??= message === "is missing" ? say("mistake.missing") : say("mistake.other", { message });
  }
  return Object.keys(errors).length === 0 ? { problem: refused } : { errors };
}

const lastPart = (pointer: string) => pointer.split("/").at(-1);

const checkMove = Object.fromEntries(
  Object.entries(moveSchemas).map(([name, schema]) => [name, makeCheck(schema)]),
) as Record<MoveName, ReturnType<typeof makeCheck>>;

/** The lines whose quantity is not nothing; a finding where one is no number or is more than open. */
function quantitiesOf(
  fields: Fields,
  trade: TradeView,
): { lines: { line: number; quantity: number }[] } | { errors: Record<string, string> } {
  const lines: { line: number; quantity: number }[] = [];
  const errors: Record<string, string> = {};
  for (const line of trade.lines) {
    const name = `quantity-${line.line}`;
    const text = filled(fields[name]?.normalize("NFKC")) ?? "0";
    const quantity = /^[0-9]{1,7}$/.test(text) ? Number(text) : Number.NaN;
    if (!(quantity <= openQuantity(line))) errors[name] = say("mistake.quantity");
    else if (quantity > 0) lines.push({ line: line.line, quantity });
  }
  if (Object.keys(errors).length > 0) return { errors };
  if (lines.length > 0) return { lines };
  const first = trade.lines.find((line) => openQuantity(line) > 0);
  return { errors: { [`quantity-${first?.line ?? 1}`]: say("mistake.nothing") } };
}

/** The eight digits of a code, however they were grouped and typed. */
export function digitsOf(typed: string | undefined): string | undefined {
  const digits = typed?.normalize("NFKC").replaceAll(/[\s-]/g, "");
  return digits !== undefined && /^[0-9]{8}$/.test(digits) ? digits : undefined;
}

function bodyOf(act: TradeAct, fields: Fields, trade: TradeView): Made<Record<string, unknown>> {
  const why = filled(fields["reason"]);
  const receipt = filled(fields["reference"]);
  const evidence = receipt === undefined ? undefined : { kind: "receipt", reference: receipt };
  if (act === "accept" && fields["code"] !== undefined) {
    const code = digitsOf(fields["code"]);
    return code === undefined ? { errors: { code: say("mistake.code") } } : { body: { code } };
  }
  if (act === "accept" && fields["all"] === "yes") return { body: present({ evidence }) };
  if (act === "accept" || act === "reject") {
    const found = quantitiesOf(fields, trade);
    if ("errors" in found) return found;
    const final = act === "accept" && fields["final"] === "yes" ? true : undefined;
    return { body: present({ ...found, final, evidence, reason: why }) };
  }
  if (act === "extend") {
    const day = filled(fields["until"]);
    return day === undefined
      ? { errors: { until: say("mistake.date") } }
      : { body: { until: `${day}T23:59:59Z` } };
  }
  if (act !== "refund") return { body: present({ reason: why, evidence }) };
  const text = filled(fields["amount"]);
  const { currency } = trade;
  if (trade.amount === null) return { body: present({ reason: why, lines: acceptedOf(trade) }) };
  // Whoever may not see the price may not ask for it back either, and is told so by the trade.
  if (currency === undefined) return { body: present({ reason: why }) };
  if (text === undefined) {
    const left = (trade.settled ?? 0) - (trade.refunded ?? 0);
    return { body: present({ reason: why, amount: left > 0 ? left : undefined }) };
  }
  const amount = parseMoney(text, currency);
  const wrong = amount === undefined || amount === 0n || amount > BigInt(Number.MAX_SAFE_INTEGER);
  return wrong
    ? { errors: { amount: say("mistake.amount") } }
    : { body: present({ reason: why, amount: toWire(amount) }) };
}

/** What a refund of everything names where nobody here knows amounts. */
function acceptedOf({ lines }: TradeView): { line: number; quantity: number }[] {
  return lines.flatMap(({ line, accepted }) => (accepted > 0 ? [{ line, quantity: accepted }] : []));
}

/** The call that an act's form makes. */
export function moveOf(act: TradeAct, fields: Fields, trade: TradeView): Made<MoveBody> {
  const made = bodyOf(act, fields, trade);
  if (!("body" in made)) return made;
  const body = checked<Record<string, unknown>>(checkMove[act], made.body, lastPart);
  return "body" in body ? { body: { ...body.body, do: act } as MoveBody } : body;
}

const approveNames: Record<string, string> = { "/payment/date": "paymentDate", "/payment": "paymentDate" };

/** The approval that the form makes: how it is paid, when, and who may accept (the shop where that was ticked). */
export function approvalOf(fields: Fields, trade: TradeView): Made<MoveBody> {
  const date = filled(fields["paymentDate"]);
  const onDate = fields["paymentOn"] === "date";
  if (onDate && date === undefined) return { errors: { paymentDate: say("mistake.date") } };
  const shop = trade.acceptance.by.includes("shop") && fields["shopMayAccept"] === "yes";
  const version = filled(fields["version"]);
  const made = present({
    method: filled(fields["method"]),
    payment: onDate ? { on: "date", date } : { on: "acceptance" },
    acceptors: [...otherAcceptors(trade), ...(shop ? ["shop"] : [])],
    version: version !== undefined && /^[0-9]{1,9}$/.test(version) ? Number(version) : undefined,
  });
  const body = checked<Record<string, unknown>>(checkMove.approve, made, (pointer) => approveNames[pointer]);
  return "body" in body ? { body: { ...body.body, do: "approve" } as MoveBody } : body;
}

const personNames: Record<string, string> = {
  ...Object.fromEntries(["name", "address", "birthDate", "password"].map((name) => [`/${name}`, name])),
  ...{ "/contact": "email", "/contact/email": "email", "/contact/phone": "phone" },
  ...{ "/method/token": "token", "/methods/0/token": "token", "/method/kind": "methodKind" },
  ...{ "/methods/0/currency": "currency", "/creditLine/currency": "currency", "/creditLine/limit": "limit" },
};

function personOf(fields: Fields): Record<string, unknown> {
  return present({
    name: filled(fields["name"]),
    address: filled(fields["address"]),
    birthDate: filled(fields["birthDate"]),
    contact: present({ email: filled(fields["email"]), phone: filled(fields["phone"]) }),
  });
}

const checkGuest = makeCheck(guestSchema);

/** The guest that the form describes, paying in the currency of the trade. */
export function guestOf(fields: Fields, trade: TradeView): Made<GuestWish> {
  const { currency = "" } = trade;
  const kind = filled(fields["methodKind"]) ?? "prepaid";
  const token = filled(fields["token"]);
  if (kind === "prepaid" && token === undefined) return { errors: { token: say("mistake.missing") } };
  const method = present({ kind, currency, token });
  return checked(checkGuest, { ...personOf(fields), method }, (pointer) => personNames[pointer]);
}

const checkApplication = makeCheck(applicationSchema);

/** The application that the form makes. A sign-in is always made, so an e-mail address and a password are needed. */
export function applicationOf(fields: Fields): Made<Application> {
  const errors: Record<string, string> = {};
  for (const name of ["email", "password"]) {
    if (filled(fields[name]) === undefined) errors[name] = say("mistake.missing");
  }
  if (Object.keys(errors).length > 0) return { errors };
  const made = { ...personOf(fields), password: fields["password"] };
  const kind = filled(fields["methodKind"]) ?? "none";
  if (kind === "none") return checked(checkApplication, made, (pointer) => personNames[pointer]);
  const currency = (filled(fields["currency"]) ?? "").toUpperCase();
  if (!isCurrency(currency)) return { errors: { currency: say("mistake.currency") } };
  const token = filled(fields["token"]);
  const wish =
    kind === "credit" ? creditLineOf(fields, currency) : { methods: [present({ kind, currency, token })] };
  if (wish === undefined) return { errors: { limit: say("mistake.amount") } };
  return checked(checkApplication, { ...made, ...wish }, (pointer) => personNames[pointer]);
}

function creditLineOf(fields: Fields, currency: string): Record<string, unknown> | undefined {
  const limit = parseMoney(fields["limit"] ?? "", currency);
  if (limit === undefined || limit === 0n || limit > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return { creditLine: { currency, limit: toWire(limit) } };
}

const secret = new Set(["code", "giftCode", "password", "key", "version"]);

/** What the form shows again, with what was wrong. */
export function attemptOf(
  fields: Fields,
  wrong: { errors?: Record<string, string>; problem?: Problem },
): Attempt {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && !secret.has(name)) values[name] = value;
  }
  return {
    values,
    errors: wrong.errors ?? {},
    ...(wrong.problem === undefined ? {} : { problem: wrong.problem }),
  };
}
