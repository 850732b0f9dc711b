/** The forms in which people say who they are: signing in, becoming a member, and approving as a guest. */
import { say, type Sentence } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { isCurrency, parseMoney, toWire } from "../../core/money/money.ts";
import { type ProblemCode, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import {
  type Application,
  applicationSchema,
  closed,
  enteringGuestSchema,
  type MethodKind,
  methodSchema,
} from "../../core/protocol/schemas.ts";
import type { GuestWish, MethodWish } from "../api/api.ts";
import { makeInspection } from "../http/http.ts";
import { type ProvenAct, proofOf } from "../moments/moments.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import { ProofPage } from "../proof-views/proof-views.ts";
import {
  attemptOf,
  birthDate,
  checked,
  field,
  type Fields,
  filled,
  filledNarrow,
  kanaIn,
  key,
  type Made,
  present,
} from "./form-fields.ts";
import type { PageContext } from "./page-context.ts";
import { fillAddress, postcodeFields } from "../postcodes/postcodes.ts";
import { frameOf, orProblem, sendPage } from "./replies.ts";
import { terms } from "./trade-forms.ts";

/** The form as it is shown again once the button of a postcode was pressed; undefined where it was meant to be sent. */
export function addressFilled(body: Fields): { status: number; attempt: Attempt } | undefined {
  const asked = fillAddress(body);
  if (asked === undefined) return undefined;
  const { fields, unknown } = asked;
  const attempt = attemptOf(fields, unknown ? { errors: { postcode: say("postcode.unknown") } } : {});
  return { status: unknown ? 422 : 200, attempt };
}

const person = {
  name: field(),
  kana: field(),
  address: field(),
  ...postcodeFields,
  birthDate,
  email: field(),
  phone: field(),
};
const methodFields = { methodKind: field(20), token: field() };
export const signInForm = closed({
  email: field(),
  password: field(),
  next: field(800),
  to: field(800),
  typed: field(100_000),
});

export const passkeySignInForm = closed({
  proof: field(16_000),
  next: field(800),
  to: field(800),
  typed: field(100_000),
});

export const joinForm = closed({
  key,
  ...person,
  password: field(),
  next: field(800),
  ...methodFields,
  currency: field(10),
  limit: field(40),
});

/** The address stands already: it was confirmed. */
const { email: _, ...beyondEmail } = person;
export const approveAsGuestForm = closed({ key, ...beyondEmail, ...methodFields, ...terms });
export const guestAddressForm = closed({ key, email: field() });
export const guestCodeForm = closed({ key, code: field(20) });
export const linkForm = closed({ number: field(40) });

const personNames: Record<string, string> = {
  ...Object.fromEntries(
    ["name", "kana", "address", "birthDate", "password"].map((name) => [`/${name}`, name]),
  ),
  "/contact": "email",
  "/contact/email": "email",
  "/contact/phone": "phone",
  "/method/token": "token",
  "/methods/0/token": "token",
  "/method/kind": "methodKind",
  "/methods/0/currency": "currency",
  "/creditLine/currency": "currency",
  "/creditLine/limit": "limit",
};

function personOf(fields: Fields): Record<string, unknown> {
  return present({
    name: filled(fields["name"]),
    kana: kanaIn(fields),
    address: filled(fields["address"]),
    birthDate: filledNarrow(fields["birthDate"]),
    contact: present({ email: filledNarrow(fields["email"]), phone: filledNarrow(fields["phone"]) }),
  });
}

const inspectGuest = makeInspection(enteringGuestSchema);
const inspectAddress = makeInspection(closed({ email: Type.String({ format: "email", maxLength: 254 }) }));

/** The address to which the code goes. */
export function addressOf(fields: Fields): Made<{ email: string }> {
  return checked(inspectAddress, present({ email: filledNarrow(fields["email"]) }), (pointer) =>
    pointer.slice(1),
  );
}

/** The guest that the form describes, reached at the address that was confirmed, and paying in the currency of the trade. */
export function guestOf(fields: Fields, email: string, trade: TradeView): Made<GuestWish> {
  const { currency = "" } = trade;
  const kind = filled(fields["methodKind"]) ?? "prepaid";
  const token = filledNarrow(fields["token"]);
  if (kind === "prepaid" && token === undefined) return { errors: { token: say("mistake.missing") } };
  if (kanaIn(fields) === null) return { errors: { kana: say("mistake.kana") } };
  const method = present({ kind, currency, token });
  return checked(
    inspectGuest,
    { ...personOf({ ...fields, email }), method },
    (pointer) => personNames[pointer],
  );
}

const inspectApplication = makeInspection(applicationSchema);

const inspectMeans = makeInspection(methodSchema);

/** A means of payment of one of these kinds, as a form asks for it. */
export const meansForm = closed({
  key,
  ...methodFields,
  currency: field(10),
  limit: field(40),
  next: field(800),
});

/** The means of payment that such a form wishes for. A code goes with prepaid money only: elsewhere it would be kept in vain. */
export function meansOf(fields: Fields, kinds: readonly MethodKind[]): Made<MethodWish> {
  const kind = kinds.find((one) => one === filled(fields["methodKind"]));
  if (kind === undefined) return { errors: { methodKind: say("mistake.missing") } };
  const currency = (filled(fields["currency"]?.normalize("NFKC")) ?? "").toUpperCase();
  if (!isCurrency(currency)) return { errors: { currency: say("mistake.currency") } };
  const token = kind === "prepaid" ? filledNarrow(fields["token"]) : undefined;
  if (kind === "prepaid" && token === undefined) return { errors: { token: say("mistake.missing") } };
  const limit = kind === "credit" ? limitOf(fields, currency) : undefined;
  if (kind === "credit" && limit === undefined) return { errors: { limit: say("mistake.amount") } };
  return checked(inspectMeans, present({ kind, currency, token, limit }), (pointer) => pointer.slice(1));
}

/** The application that the form makes, with a means of payment of one of these kinds. A sign-in is always made, so an e-mail address and a password are needed. */
export function applicationOf(fields: Fields, kinds: readonly MethodKind[]): Made<Application> {
  const errors: Record<string, Sentence> = {};
  for (const name of ["email", "password"]) {
    if (filled(fields[name]) === undefined) errors[name] = say("mistake.missing");
  }
  if (kanaIn(fields) === null) errors["kana"] = say("mistake.kana");
  if (Object.keys(errors).length > 0) return { errors };
  const made = { ...personOf(fields), password: fields["password"] };
  const kind = filled(fields["methodKind"]) ?? "none";
  if (kind === "none") return checked(inspectApplication, made, (pointer) => personNames[pointer]);
  const means = meansOf(fields, kinds);
  if (!("body" in means)) return means;
  const { currency, limit } = means.body;
  const wish = kind === "credit" ? { creditLine: { currency, limit } } : { methods: [means.body] };
  return checked(inspectApplication, { ...made, ...wish }, (pointer) => personNames[pointer]);
}

function limitOf(fields: Fields, currency: string): number | undefined {
  const limit = parseMoney(fields["limit"] ?? "", currency);
  const isOne = limit !== undefined && limit > 0n && limit <= BigInt(Number.MAX_SAFE_INTEGER);
  return isOne ? toWire(limit) : undefined;
}

/** What is to be proved, and where they go who think better of it. */
interface Proving {
  caller: Caller;
  act: ProvenAct;
  back: string;
  /** To whom the money goes, or who may take it. */
  whom?: string | undefined;
}

/** What says that a proof was not right, or is wanted; anything else is none of it. */
const ofProving: ReadonlySet<ProblemCode> = new Set([
  ...(["proof_required", "passkey_refused", "password_wrong"] as const),
  ...(["sign_in_changed_lately", "too_many_requests", "overloaded"] as const),
]);

/**
 * Where the act of a form takes a proof that the form does not hold: answers with the page that asks for it and sends the same
 * form again. False where nothing stands in the way. It answers no reply, since to wait for one is to have nothing.
 */
export async function askProof(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, act, back, whom }: Proving,
): Promise<boolean> {
  const { moments } = context;
  const { proof, proofPassword, ...rest } = request.body as Fields;
  const needed = await orProblem(() =>
    moments.need(caller, act, proofOf(request, { proof, proofPassword }), rest["key"]),
  );
  if ("value" in needed) return false;
  const { problem } = needed;
  if (!ofProving.has(problem.code)) return refuse(problem.code, problem.detail);
  const isFirst = proof === undefined && proofPassword === undefined;
  const fields = Object.entries(rest).filter((each): each is [string, string] => each[1] !== undefined);
  const [to = ""] = request.url.split("?");
  await sendPage(
    reply,
    ProofPage,
    {
      frame: frameOf(context, caller),
      to,
      fields,
      act,
      back,
      whom,
      wanted: await moments.wanted(caller, act),
      attempt: isFirst ? noAttempt : attemptOf({}, { problem }),
    },
    problem.status,
    back,
  );
  return true;
}
