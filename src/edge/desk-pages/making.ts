/** The call that an operator's form makes, by the forms of those for whom they act; and the sum that moves by it. */
import Type from "typebox";
import { fromWire, parseMoney, toWire } from "../../core/money/money.ts";
import type { AcceptorRole, TradeLineView, TradeView } from "../../core/protocol/protocol.ts";
import { type MoveBody, moveSchemas } from "../../core/protocol/schemas.ts";
import { totalOf } from "../../core/trade/trade.ts";
import { callerFields } from "../callers/callers.ts";
import type { DeskAct } from "../desk-views/desk-views.ts";
import { makeInspection } from "../http/http.ts";
import {
  approvalOf,
  checked,
  field,
  type Fields,
  filled,
  key,
  type Made,
  moveOf,
  withQuantities,
} from "../pages/pages.ts";
import type { Now } from "../parts/parts.ts";
import { acceptableNow, freedBy, worthOf } from "../trade-views/trade-views.ts";
import { say, type Sentence } from "../words/words.ts";

/** All that any of these forms asks; what an act does not ask is left out of its page. */
export const actForm = Type.Unsafe<Fields>({
  ...withQuantities({
    ...callerFields,
    key,
    /** The version of the trade that the operator has read from. */
    seen: field(10),
    /** The form has been filled in, and this is what was read back. */
    said: field(3),
    all: field(3),
    final: field(3),
    kind: field(20),
    reason: field(500),
    parcel: field(80),
    reference: field(200),
    statement: field(2000),
    words: field(2000),
    pay: field(40),
    refund: field(40),
    amount: field(40),
    until: field(10),
    method: field(40),
    paymentOn: field(20),
    paymentDate: field(10),
    shopMayAccept: field(3),
    shopWord: field(3),
    version: field(20),
  }),
  patternProperties: { "^(quantity|price)-[1-9][0-9]{0,3}$": Type.String({ maxLength: 40 }) },
});

export interface ActReader {
  trade: TradeView;
  role: AcceptorRole;
  now: Now;
}

const inspectRevise = makeInspection(moveSchemas.revise);

/** What a line would be: so many pieces, at the price that was typed where one was. */
function revised(line: TradeLineView, fields: Fields, currency: string) {
  const { id, kind, name, sku, taxRate, image, quantity, unitAmount, amount } = line;
  const typed = filled(fields[`quantity-${line.line}`]?.normalize("NFKC"));
  const price = filled(fields[`price-${line.line}`]);
  const count = typed === undefined ? quantity : /^[0-9]{1,7}$/.test(typed) ? Number(typed) : undefined;
  const cost = price === undefined ? undefined : parseMoney(price, currency);
  if (count === undefined) return { error: `quantity-${line.line}` };
  if (price !== undefined && cost === undefined) return { error: `price-${line.line}` };
  const each = unitAmount != null;
  // The price of all its pieces says nothing of fewer: it is typed anew.
  if (!each && count !== quantity && cost === undefined) return { error: `price-${line.line}` };
  const now = cost === undefined ? ((each ? unitAmount : amount) ?? 0) : toWire(cost);
  return {
    line: {
      ...(id === undefined ? {} : { id }),
      ...(kind === undefined ? {} : { kind }),
      name,
      quantity: count,
      ...(each ? { unitAmount: now } : { amount: now }),
      ...(sku === undefined ? {} : { sku }),
      ...(taxRate === undefined ? {} : { taxRate }),
      ...(image === undefined ? {} : { image }),
    },
  };
}

function revision(fields: Fields, { trade }: ActReader): Made<MoveBody> {
  const { currency } = trade;
  if (currency === undefined || trade.amount == null) return { errors: { reason: say("mistake.amount") } };
  const made = trade.lines.map((line) => revised(line, fields, currency));
  const errors: Record<string, Sentence> = {};
  for (const one of made)
    if ("error" in one && one.error !== undefined)
      errors[one.error] = say(one.error.startsWith("price") ? "mistake.amount" : "mistake.quantity");
  if (Object.keys(errors).length > 0) return { errors };
  const lines = made.flatMap((one) => ("line" in one && one.line !== undefined ? [one.line] : []));
  const kept = lines.filter(({ quantity }) => quantity > 0);
  const body = checked<Record<string, unknown>>(inspectRevise, { lines: kept }, () => undefined);
  return "body" in body ? { body: { ...body.body, do: "revise" } as MoveBody } : body;
}

/** Quantities that were left empty mean all there is, as a call means it that names no lines. */
function withoutEmpty(act: DeskAct, fields: Fields): Fields {
  const named = Object.entries(fields).filter(([name]) => name.startsWith("quantity-"));
  if (named.some(([, text]) => filled(text) !== undefined)) return fields;
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith("quantity-")));
  return act === "accept" ? { ...rest, all: "yes" } : rest;
}

/** The move that a form means, without who has asked for it. */
export function deskMove(act: DeskAct, fields: Fields, reader: ActReader): Made<MoveBody> {
  switch (act) {
    case "approve":
      return approvalOf(fields, reader.trade);
    case "revise":
      return revision(fields, reader);
    case "advance":
    case "release":
    case "claim":
      return { body: { do: act } };
    default:
      return moveOf(act, withoutEmpty(act, fields), reader);
  }
}

type Pieces = { line: number; quantity: number }[];
const pieces = (lines: readonly { line?: number; quantity: number }[] | undefined): Pieces | undefined =>
  lines?.flatMap(({ line, quantity }) => (line === undefined ? [] : [{ line, quantity }]));

/** What it is worth, in minor units; undefined where that is nothing, or nobody here knows. */
export function sumOf(body: MoveBody, { trade }: ActReader): bigint | undefined {
  const whole = (amount: number | null | undefined) => (amount == null ? undefined : fromWire(amount));
  switch (body.do) {
    case "approve":
      return whole(trade.revisionAsked?.amount ?? trade.amount);
    case "revise":
      return body.lines === undefined ? whole(body.amount) : totalOf(body.lines);
    case "accept":
      return worthOf(trade, pieces(body.lines) ?? acceptableNow(trade));
    case "withdraw":
      return body.lines === undefined ? undefined : worthOf(trade, pieces(body.lines) ?? []);
    case "cancel":
      return freedBy(trade, pieces(body.lines));
    case "refund":
      return whole(body.amount);
    case "offer":
      return whole(body.pay + body.release);
    case "offer/accept":
      return trade.offer == null ? undefined : whole(trade.offer.pay + trade.offer.release);
    case "release":
      return whole(trade.settled);
    case "claim":
      return whole(trade.guarantee?.due);
    case "advance":
      return whole(trade.frozen);
    default:
      return undefined;
  }
}
