/** The forms that move a trade: which fields each takes, and what call of the protocol it makes of them. */
import Type, { type TSchema } from "typebox";
import { parseMoney, toWire } from "../../core/money/money.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";
import { closed, type MoveBody, type MoveName, moveSchemas } from "../../core/protocol/schemas.ts";
import { makeInspection } from "../http/http.ts";
import { openQuantity } from "../parts/parts.ts";
import { otherAcceptors, type TradeAct } from "../trade-views/trade-views.ts";
import {
  birthDate,
  checked,
  field,
  type Fields,
  filled,
  key,
  type Made,
  present,
  say,
} from "./form-fields.ts";

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
  deliver: closed({ key, birthDate, reference: field() }),
  "at-door": closed({ key, birthDate }),
  return: closed({ key, birthDate, reference: field() }),
  dispute: closed({ key, birthDate, reason }),
  cancel: closed({ key, birthDate, reason }),
  extend: closed({ key, birthDate, until: field(10) }),
  refund: closed({ key, birthDate, amount: field(40), reason }),
};

const giftCode = field(20);

/** What the recipient of a gift sends from the pages of the link. */
export const giftForms = {
  accept: withQuantities({ key, giftCode, all: field(3), final: field(3), reference: field() }),
  reject: withQuantities({ key, giftCode, reason }),
} as const;

export const doorCodeForm = closed({ key, birthDate });
export const giftDoorCodeForm = closed({ key, giftCode });
export const giftForm = closed({ number: field(40), giftCode });

export const terms = {
  version: field(20),
  paymentOn: field(20),
  paymentDate: field(10),
  shopMayAccept: field(3),
};

export const approveForm = closed({ key, birthDate, method: field(40), ...terms });
export const declineForm = closed({ key, birthDate });
const lastPart = (pointer: string) => pointer.split("/").at(-1);

const inspectMove = Object.fromEntries(
  Object.entries(moveSchemas).map(([name, schema]) => [name, makeInspection(schema)]),
) as Record<MoveName, ReturnType<typeof makeInspection>>;

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
function acceptedOf({ lines }: TradeView): { line: number; quantity: number }[] {
  return lines.flatMap(({ line, accepted }) => (accepted > 0 ? [{ line, quantity: accepted }] : []));
}

/** The call that an act's form makes. */
export function moveOf(act: TradeAct, fields: Fields, trade: TradeView): Made<MoveBody> {
  const made = bodyOf(act, fields, trade);
  if (!("body" in made)) return made;
  const body = checked<Record<string, unknown>>(inspectMove[act], made.body, lastPart);
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
  const body = checked<Record<string, unknown>>(
    inspectMove.approve,
    made,
    (pointer) => approveNames[pointer],
  );
  return "body" in body ? { body: { ...body.body, do: "approve" } as MoveBody } : body;
}
