/** What the desk's forms are read with, and the call of the protocol that each makes; no rules of its own. */
import Type, { type TSchema } from "typebox";
import { parseMoney, toWire } from "../../core/money/money.ts";
import type { TradeLineView, TradeView } from "../../core/protocol/protocol.ts";
import {
  closed,
  guaranteeMoveSchemas,
  type MoveBody,
  type MoveName,
  moveSchemas,
} from "../../core/protocol/schemas.ts";
import { makeInspection } from "../http/http.ts";
import {
  checked,
  field,
  type Fields,
  filled,
  filledNarrow,
  key,
  type Made,
  moveOf,
  present,
} from "../pages/pages.ts";
import { countOf, unshippedOf } from "../parts/parts.ts";
import { callable, type DeskAct } from "../shop-desk-views/shop-desk-views.ts";
import { say, type Sentence } from "../words/words.ts";
import { type Reader, revision } from "./revising.ts";

const common = { key, version: field(20), sure: field(3) };
const pieces = Type.String({ maxLength: 10 });

/** Quantities come as `quantity-1`, `quantity-2`, ..., by the numbers of the lines. */
const withPieces = (fields: Record<string, TSchema>, more: Record<string, TSchema> = {}) =>
  Type.Unsafe<Fields>({
    type: "object",
    properties: { ...common, ...fields },
    patternProperties: { "^quantity-[1-9][0-9]{0,3}$": pieces, ...more },
    additionalProperties: false,
  });
const plain = (fields: Record<string, TSchema> = {}) => closed({ ...common, ...fields });
const reason = field(1000);

export const deskForms: Record<DeskAct, TSchema> = {
  "accept-offer": plain(),
  answer: plain({ statement: field(4000), reference: field() }),
  ship: withPieces({ carrier: field(80), parcel: field(80), url: field(500) }),
  return: withPieces({ deduct: field(40), reason }),
  contest: plain({ contest: field(40), reason }),
  deliver: plain({ reference: field() }),
  accept: plain({ reference: field() }),
  release: plain(),
  claim: plain(),
  say: plain({ words: field(4000), photo: field(0), photos: field(400) }),
  offer: plain({ pay: field(40), refund: field(40) }),
  refund: plain({ amount: field(40), reason }),
  revise: withPieces(
    { reference: field(100) },
    { "^(name|price)-[1-9][0-9]{0,3}$": Type.String({ maxLength: 400 }) },
  ),
  extend: plain({ until: field(10) }),
  advance: plain({ price: field(20) }),
  dispute: plain({ reason }),
  cancel: withPieces({ reason }),
};

/** The move of the protocol that an act makes. */
const moveNames = {
  "accept-offer": "offer/accept",
  contest: "dispute",
} as const satisfies Partial<Record<DeskAct, MoveName>>;

export function moveNameOf(act: DeskAct): MoveName | "release" | "claim" {
  return act === "accept-offer" || act === "contest" ? moveNames[act] : act;
}

type Body = Record<string, unknown>;
type Lines = { line: number; quantity: number }[];

/** The lines of which something is meant; undefined where the form asks for none, or for all there is. */
function piecesOf(
  fields: Fields,
  trade: TradeView,
  open: (line: TradeLineView) => number,
): { lines?: Lines } | { errors: Record<string, Sentence> } {
  const asked = trade.lines.filter(({ line }) => fields[`quantity-${line}`] !== undefined);
  if (asked.length === 0) return {};
  const lines: Lines = [];
  const errors: Record<string, Sentence> = {};
  for (const line of asked) {
    const name = `quantity-${line.line}`;
    const text = filledNarrow(fields[name]) ?? "0";
    const quantity = /^[0-9]{1,7}$/.test(text) ? Number(text) : Number.NaN;
    if (!(quantity <= open(line))) errors[name] = say("mistake.quantity");
    else if (quantity > 0) lines.push({ line: line.line, quantity });
  }
  if (Object.keys(errors).length > 0) return { errors };
  if (lines.length > 0) return { lines };
  return { errors: { [`quantity-${asked[0]?.line ?? 1}`]: say("mistake.shopNothing") } };
}

function shipping(fields: Fields, { trade }: Reader): Made<Body> {
  const found = piecesOf(fields, trade, ({ line }) => unshippedOf(trade, line));
  if ("errors" in found) return found;
  const [carrier, number, url] = ["carrier", "parcel", "url"].map((name) => filledNarrow(fields[name]));
  if (number === undefined && (carrier !== undefined || url !== undefined))
    return { errors: { parcel: say("mistake.missing") } };
  if (url !== undefined && !/^https?:\/\/[^\s]+$/.test(url))
    return { errors: { url: say("mistake.shopUrl") } };
  const tracking = number === undefined ? undefined : present({ carrier, number, url });
  return { body: present({ ...found, tracking }) };
}

function takingBack(fields: Fields, { trade }: Reader): Made<Body> {
  const comesBack = ({ line }: TradeLineView) =>
    countOf(trade.lots, line, ({ at }) => at === "rejected" || at === "withdrawn");
  const found = piecesOf(fields, trade, comesBack);
  if ("errors" in found) return found;
  const typed = filled(fields["deduct"]);
  if (typed === undefined) return { body: present(found) };
  const amount = parseMoney(typed, trade.currency ?? "JPY");
  const why = filled(fields["reason"]);
  if (amount === undefined || amount === 0n || amount > BigInt(Number.MAX_SAFE_INTEGER))
    return { errors: { deduct: say("mistake.amount") } };
  if (why === undefined) return { errors: { reason: say("mistake.missing") } };
  return { body: present({ ...found, deduct: { amount: toWire(amount), reason: why } }) };
}

function calling(fields: Fields, { trade }: Reader): Made<Body> {
  const found = piecesOf(fields, trade, ({ line }) => callable(trade, line));
  if ("errors" in found) return found;
  const why = filled(fields["reason"]);
  return why === undefined
    ? { errors: { reason: say("mistake.missing") } }
    : { body: present({ ...found, reason: why }) };
}

/** What only the desk's forms say; the others are those of the page of a trade. */
const own: Partial<Record<DeskAct, (fields: Fields, reader: Reader) => Made<Body>>> = {
  ship: shipping,
  return: takingBack,
  contest: (fields) => ({
    body: present({ contest: filled(fields["contest"]), reason: filled(fields["reason"]) }),
  }),
  cancel: calling,
  deliver: ({ reference }) => ({ body: present({ evidence: evidenceIn(reference) }) }),
  accept: ({ reference }) => ({ body: present({ evidence: evidenceIn(reference) }) }),
  revise: revision,
  advance: () => ({ body: {} }),
  release: () => ({ body: {} }),
  claim: () => ({ body: {} }),
};

function evidenceIn(text: string | undefined) {
  const reference = filled(text);
  return reference === undefined ? undefined : { kind: "receipt", reference };
}

const schemas = { ...moveSchemas, ...guaranteeMoveSchemas };
const inspections = Object.fromEntries(
  Object.entries(schemas).map(([name, schema]) => [name, makeInspection(schema)]),
) as Record<keyof typeof schemas, ReturnType<typeof makeInspection>>;

const nameOfField = (pointer: string): string | undefined =>
  pointer.startsWith("/photos")
    ? "photos"
    : pointer === "/tracking/number"
      ? "parcel"
      : pointer.split("/").at(-1);

/** The call that an act's form makes, of the version of the trade that was seen. */
export function deskMoveOf(act: DeskAct, fields: Fields, reader: Reader): Made<MoveBody> {
  const make = own[act];
  const name = moveNameOf(act);
  if (make === undefined) {
    // These two acts have a call of another name, and are named on the page of a trade as they are here.
    if (act === "contest" || act === "release" || act === "claim" || act === "revise" || act === "advance")
      throw new Error(act);
    return seen(moveOf(act, fields, { ...reader, role: "shop" }), fields, act);
  }
  const made = make(fields, reader);
  if (!("body" in made)) return made;
  const body = checked<Body>(inspections[name], made.body, nameOfField);
  return "body" in body ? seen({ body: { ...body.body, do: name } as MoveBody }, fields, act) : body;
}

/** An offer is taken at the version in which it was made; and words are said to a dispute, whatever else was said meanwhile. */
export const unversioned: ReadonlySet<DeskAct> = new Set<DeskAct>(["accept-offer", "answer", "say"]);

function seen(made: Made<MoveBody>, { version = "" }: Fields, act: DeskAct): Made<MoveBody> {
  if (!("body" in made) || unversioned.has(act) || !/^[0-9]{1,9}$/.test(version)) return made;
  return { body: { ...made.body, version: Number(version) } };
}
