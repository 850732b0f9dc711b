/** The forms that move a trade: which fields each takes, and what call of the protocol it makes of them. */
import { say, type Sentence } from "../words/words.ts";
import Type, { type TSchema } from "typebox";
import { parseMoney, toWire } from "../../core/money/money.ts";
import {
  type ActorRole,
  endOfDay,
  isDay,
  type LotView,
  type Problem,
  type TradeLineView,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { closed, type MoveBody, type MoveName, moveSchemas } from "../../core/protocol/schemas.ts";
import { makeInspection } from "../http/http.ts";
import { acceptableOf, countOf, hasLeft, type Now, openQuantity, unshippedOf } from "../parts/parts.ts";
import {
  acceptableNow,
  actsOffered,
  extensionDays,
  freedBy,
  isAsked,
  isEarly,
  otherAcceptors,
  rejectableOf,
  type TradeAct,
  undividedOf,
  withdrawableOf,
  worthOf,
} from "../trade-views/trade-views.ts";
import {
  checked,
  digitsOf,
  field,
  type Fields,
  filled,
  filledNarrow,
  key,
  type Made,
  present,
  proofFields,
  sayDays,
} from "./form-fields.ts";

/** Quantities come as `quantity-1`, `quantity-2`, ... by the numbers of the lines. */
export const withQuantities = (fields: Record<string, TSchema>) =>
  Type.Unsafe<Fields>({
    type: "object",
    properties: fields,
    patternProperties: { "^quantity-[1-9][0-9]{0,3}$": Type.String({ maxLength: 10 }) },
    additionalProperties: false,
  });

export const reason = field(1000);
export const parcel = field(80);
/** The digests of photos that came with the form before; a browser that brings none may send an empty field. */
export const photos = field(400);

export const actForms: Record<TradeAct, TSchema> = {
  "accept-offer": closed({ key, version: field(20) }),
  answer: closed({ key, statement: field(4000), reference: field() }),
  say: closed({ key, words: field(4000), photo: field(0), photos }),
  "at-door": closed({ key, parcel }),
  ship: closed({ key, parcel }),
  deliver: closed({ key, parcel, reference: field() }),
  accept: withQuantities({
    key,
    all: field(3),
    sure: field(3),
    final: field(3),
    reference: field(),
    code: field(20),
    collected: field(20),
    currency: field(3),
  }),
  "not-come": closed({ key }),
  reject: withQuantities({ key, kind: field(20), reason, photo: field(0), photos }),
  "send-back": closed({ key, parcel }),
  return: closed({ key, parcel, notTaken: field(20), reference: field() }),
  withdraw: withQuantities({ key, reason }),
  offer: closed({ key, pay: field(40), refund: field(40) }),
  refund: closed({ key, amount: field(40), reason }),
  extend: closed({ key, until: field(10), wish: field(3) }),
  dispute: closed({ key, reason }),
  cancel: withQuantities({ key, sure: field(3), reason }),
};

export const terms = {
  version: field(20),
  shown: field(20),
  paymentOn: field(20),
  paymentDate: field(10),
  shopMayAccept: field(3),
  shopWord: field(3),
};

export const approveForm = closed({ key, method: field(40), token: field(), ...terms, ...proofFields });
/** `terms`: the no is said to other terms, of which what was agreed stays. */
export const declineForm = closed({ key, version: field(20), terms: field(3) });
const lastPart = (pointer: string) => pointer.split("/").at(-1);

const inspectMove = Object.fromEntries(
  Object.entries(moveSchemas).map(([name, schema]) => [name, makeInspection(schema)]),
) as Record<MoveName, ReturnType<typeof makeInspection>>;

type Body = Record<string, unknown>;

/** Who has sent a form, of which trade, and when. */
export interface Reader {
  trade: TradeView;
  role: ActorRole;
  now: Now;
}

type Lines = { line: number; quantity: number }[];

/** The lines whose quantity is not nothing; a finding where one is no number or is more than open. */
function quantitiesOf(
  fields: Fields,
  trade: TradeView,
  open: (line: TradeLineView) => number,
  mistake: "mistake.quantity" | "mistake.neverCame" = "mistake.quantity",
): { lines: Lines } | { errors: Record<string, Sentence> } {
  const lines: Lines = [];
  const errors: Record<string, Sentence> = {};
  for (const line of trade.lines) {
    const name = `quantity-${line.line}`;
    const text = filled(fields[name]?.normalize("NFKC")) ?? "0";
    const quantity = /^[0-9]{1,7}$/.test(text) ? Number(text) : Number.NaN;
    if (!(quantity <= open(line))) errors[name] = say(mistake);
    else if (quantity > 0) lines.push({ line: line.line, quantity });
  }
  if (Object.keys(errors).length > 0) return { errors };
  if (lines.length > 0) return { lines };
  const first = trade.lines.find((line) => open(line) > 0);
  return { errors: { [`quantity-${first?.line ?? 1}`]: say("mistake.nothing") } };
}

function evidenceOf(fields: Fields, kind = "receipt"): { kind: string; reference: string } | undefined {
  const reference = filled(fields["reference"]);
  return reference === undefined ? undefined : { kind, reference };
}

const trackingOf = (number: string | undefined) => (number === undefined ? undefined : { number });

/** What the button says that was taken at the door. */
function takenIn({ collected, currency }: Fields): { amount: number; currency: string } | undefined {
  return collected === undefined || currency === undefined
    ? undefined
    : { amount: Number(collected), currency };
}

/** What is accepted: what a code stands for, what has come, or so many of each line. */
function acceptance(fields: Fields, { trade, role }: Reader): Made<Body> {
  if (fields["code"] !== undefined) {
    const code = digitsOf(fields["code"]);
    if (code === undefined) return { errors: { code: say("mistake.code") } };
    const part = someOf(fields, trade, openQuantity);
    return "errors" in part ? part : { body: present({ code, ...part, collected: takenIn(fields) }) };
  }
  const evidence = evidenceOf(fields);
  if (fields["all"] === "yes") {
    const lines = acceptableNow(trade);
    // Several acceptors may have spoken of different parts: what is left is then for the machine to know.
    return { body: present({ lines: trade.acceptance.need > 1 ? undefined : lines, evidence }) };
  }
  const found = quantitiesOf(fields, trade, (line) => acceptableOf(trade, role, line));
  if ("errors" in found) return found;
  return { body: present({ ...found, final: fields["final"] === "yes" ? true : undefined, evidence }) };
}

/** That goods have come. A number that is not known is that of goods that have none yet. Of those without a number beside others, the lines are named. */
function delivery(fields: Fields, { trade: { lots, lines } }: Reader): Made<Body> {
  const evidence = evidenceOf(fields);
  const typed = filledNarrow(fields["parcel"]);
  if (typed !== undefined)
    return lots.length === 0 || lots.some(({ parcel: number }) => (number ?? typed) === typed)
      ? { body: present({ tracking: { number: typed }, evidence }) }
      : { errors: { parcel: say("mistake.parcel") } };
  const bare = (lot: LotView) => lot.at === "shipped" && lot.parcel === undefined;
  if (!lots.some(bare) || lots.every(bare)) return { body: present({ evidence }) };
  const named = lines.flatMap(({ line }) => {
    const quantity = countOf(lots, line, bare);
    return quantity > 0 ? [{ line, quantity }] : [];
  });
  return { body: present({ lines: named, evidence }) };
}

/** So many of each line, where the form asks for quantities; one that asks for none means all there is. */
function someOf(
  fields: Fields,
  trade: TradeView,
  open: (line: TradeLineView) => number,
  mistake: "mistake.quantity" | "mistake.neverCame" = "mistake.quantity",
): { lines?: Lines } | { errors: Record<string, Sentence> } {
  const asks = Object.keys(fields).some((name) => name.startsWith("quantity-"));
  return asks ? quantitiesOf(fields, trade, open, mistake) : {};
}

function rejection(fields: Fields, { trade, now }: Reader): Made<Body> {
  const kind = filled(fields["kind"]);
  const found = someOf(
    fields,
    trade,
    ({ line }) => rejectableOf(trade, line, { kind, now }),
    kind === "never_came" ? "mistake.neverCame" : "mistake.quantity",
  );
  if ("errors" in found) return found;
  return { body: present({ ...found, kind, reason: filled(fields["reason"]), photos: photosIn(fields) }) };
}

const photosIn = (fields: Fields) => filled(fields["photos"])?.split(" ");

function withdrawal(fields: Fields, { trade, now }: Reader): Made<Body> {
  const found = someOf(fields, trade, ({ line }) => withdrawableOf(trade, line, now));
  return "errors" in found ? found : { body: present({ ...found, reason: filled(fields["reason"]) }) };
}

/** Calling off: the whole, or so much of what has not been shipped. */
function cancellation(fields: Fields, { trade }: Reader): Made<Body> {
  const found = someOf(fields, trade, ({ line }) => unshippedOf(trade, line));
  return "errors" in found ? found : { body: present({ ...found, reason: filled(fields["reason"]) }) };
}

function extension(fields: Fields, { trade, role, now }: Reader): Made<Body> {
  const { extensionAsked } = trade;
  const { timeZone = "UTC" } = now;
  if (fields["wish"] === "yes" && extensionAsked != null) return { body: { until: extensionAsked } };
  const day = filledNarrow(fields["until"]);
  if (day === undefined || !isDay(day)) return { errors: { until: say("mistake.date") } };
  const days = role === "buyer" ? extensionDays(trade, now) : undefined;
  if (days !== undefined && (day < days.from || day > days.to))
    return { errors: { until: sayDays("mistake.days", days) } };
  return { body: { until: endOfDay(day, timeZone).toISOString() } };
}

/** An amount that somebody has typed, up to a limit; undefined where it is none. Left empty, it is nothing. */
function amountOf(text: string | undefined, currency: string, most: bigint): number | undefined {
  const amount = text === undefined ? 0n : parseMoney(text, currency);
  return amount === undefined || amount > most ? undefined : toWire(amount);
}

/** Who gets what of all that is frozen and not accepted, and what comes back of what was paid. */
function division(fields: Fields, { trade }: Reader): Made<Body> {
  const { currency, settled, refunded } = trade;
  const rest = undividedOf(trade);
  // Who may not see the price may offer nothing either, and the trade tells them so.
  if (currency === undefined || rest === undefined) return { body: { release: 0, pay: 0 } };
  const pay = amountOf(filled(fields["pay"]), currency, rest);
  if (pay === undefined) return { errors: { pay: say("mistake.offer") } };
  const refund = amountOf(filled(fields["refund"]), currency, BigInt((settled ?? 0) - (refunded ?? 0)));
  if (refund === undefined) return { errors: { refund: say("mistake.offer") } };
  return { body: present({ release: toWire(rest) - pay, pay, refund: refund === 0 ? undefined : refund }) };
}

function refunding(fields: Fields, { trade }: Reader): Made<Body> {
  const why = filled(fields["reason"]);
  const text = filled(fields["amount"]);
  const { currency } = trade;
  if (trade.amount === null) return { body: present({ reason: why, lines: acceptedOf(trade) }) };
  // Somebody who may not see the price may not ask for it back either, and the trade tells them so.
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
function acceptedOf({ lines }: TradeView): Lines {
  return lines.flatMap(({ line, accepted }) => (accepted > 0 ? [{ line, quantity: accepted }] : []));
}

const bodies: Record<TradeAct, (fields: Fields, reader: Reader) => Made<Body>> = {
  "accept-offer": ({ version }) => ({ body: present({ version: versionOf(version) }) }),
  answer: (fields) => ({
    body: present({ statement: filled(fields["statement"]), evidence: evidenceOf(fields) }),
  }),
  say: (fields) => ({ body: present({ words: filled(fields["words"]), photos: photosIn(fields) }) }),
  "at-door": (fields) => ({ body: present({ tracking: trackingOf(filledNarrow(fields["parcel"])) }) }),
  ship: (fields) => ({ body: present({ tracking: trackingOf(filledNarrow(fields["parcel"])) }) }),
  deliver: delivery,
  accept: acceptance,
  "not-come": () => ({ body: {} }),
  reject: rejection,
  "send-back": (fields) => ({ body: present({ tracking: trackingOf(filledNarrow(fields["parcel"])) }) }),
  return: (fields) => ({
    body: present({
      tracking: trackingOf(filledNarrow(fields["parcel"])),
      notTaken: filled(fields["notTaken"]),
      evidence: evidenceOf(fields),
    }),
  }),
  withdraw: withdrawal,
  offer: division,
  refund: refunding,
  extend: extension,
  dispute: (fields) => ({ body: present({ reason: filled(fields["reason"]) }) }),
  cancel: cancellation,
};

function versionOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The move that an act makes: two have names of their own on pages. */
function moveNameOf(act: TradeAct): MoveName {
  if (act === "accept-offer") return "offer/accept";
  return act === "not-come" ? "cancel" : act;
}

/** The call that an act's form makes. */
export function moveOf(act: TradeAct, fields: Fields, reader: Reader): Made<MoveBody> {
  const made = bodies[act](fields, reader);
  if (!("body" in made)) return made;
  const name = moveNameOf(act);
  const body = checked<Body>(inspectMove[name], made.body, nameOfField);
  return "body" in body ? { body: { ...body.body, do: name } as MoveBody } : body;
}

/** What stands in the way, at the number of a parcel where it is not clear which goods are meant. */
export function findingOf(
  problem: Problem,
  fields: Fields,
): { problem: Problem } | { errors: Record<string, Sentence> } {
  const isUnclear = problem.code === "invalid_field" && fields["parcel"] !== undefined;
  return isUnclear ? { errors: { parcel: say("mistake.whichParcel") } } : { problem };
}

/** The field of a form that a part of a call comes from. */
function nameOfField(pointer: string): string | undefined {
  if (pointer.startsWith("/photos")) return "photos";
  return pointer === "/tracking/number" ? "parcel" : lastPart(pointer);
}

const namedIn = (lines: readonly { line?: number; quantity: number }[] | undefined): Lines | undefined =>
  lines?.flatMap(({ line, quantity }) => (line === undefined ? [] : [{ line, quantity }]));

/**
 * What is asked once more before it is done, with the sum that moves by it: goods are accepted that nobody has reported
 * delivered, or the trade is called off. Undefined where nothing is asked, because they were, a code from the door says so,
 * or the answer has been given.
 */
export function askedOnceMore(
  act: TradeAct,
  body: MoveBody,
  { trade, role, now, fields }: Reader & { fields: Fields },
): { amount: bigint | undefined } | undefined {
  if (fields["sure"] === "yes") return undefined;
  if (act === "cancel" && body.do === "cancel") {
    const lines = namedIn(body.lines);
    // What is refused in any case is not asked about.
    const open = actsOffered(trade, role, now).includes("cancel");
    if (!open || (role === "buyer" && lines === undefined && hasLeft(trade))) return undefined;
    return { amount: freedBy(trade, lines) };
  }
  if (body.do !== "accept" || !isAsked(trade, role) || body.code !== undefined) return undefined;
  const lines = namedIn(body.lines) ?? acceptableNow(trade);
  return isEarly(trade, lines) ? { amount: worthOf(trade, lines) } : undefined;
}

const approveNames: Record<string, string> = { "/payment/date": "paymentDate", "/payment": "paymentDate" };

/** The approval that the form makes: how it is paid, when, and who may accept (the shop where that was ticked). */
export function approvalOf(fields: Fields, trade: TradeView): Made<MoveBody> {
  const date = filledNarrow(fields["paymentDate"]);
  const collected = trade.payment?.on === "collection";
  const onDate = fields["paymentOn"] === "date" && !collected;
  if (onDate && date === undefined) return { errors: { paymentDate: say("mistake.date") } };
  const shop = trade.acceptance.by.includes("shop") && fields["shopMayAccept"] === "yes";
  const made = present({
    method: filled(fields["method"]),
    // What is collected has its terms from the shop; the buyer chooses no day.
    payment: collected ? undefined : onDate ? { on: "date", date } : { on: "acceptance" },
    acceptors: [...otherAcceptors(trade), ...(shop ? ["shop"] : [])],
    shopWord: fields["shopWord"] === "yes" ? true : undefined,
    // A form that does not say it has seen the first.
    version: versionOf(filled(fields["version"])) ?? 1,
  });
  const body = checked<Record<string, unknown>>(
    inspectMove.approve,
    made,
    (pointer) => approveNames[pointer],
  );
  return "body" in body ? { body: { ...body.body, do: "approve" } as MoveBody } : body;
}

/**
 * What the buyer's no comes to: the trade is given up, or, where something is reserved, the shop's wish for other terms. It
 * is said to what the page has shown, and to nothing that the trade has become since.
 */
export function noTo({ version: seen, terms }: Fields): MoveBody {
  const version = versionOf(seen) ?? 1;
  return terms === "yes" ? { do: "revise", decline: true, version } : { do: "cancel", version };
}
