/**
 * How a form of an operator's act is described: the call that it makes, and its fields. It has no rules of its own: what the
 * call refuses, the form refuses, and how many operators it takes is said by the act.
 */
import type { ActName } from "../operators/operators.ts";
import type { WordKey } from "../words/words.ts";

export type FieldKind =
  | "text" // one line
  | "long" // several lines of text
  | "narrow" // letters, digits and marks: an address of mail, a telephone number
  | "lines" // a list, one in a line
  | "secret" // asked for with the last press, and never shown again
  | "code" // letters, digits and marks that are good for one use: asked for and kept like a secret
  | "number" // a whole number
  | "amount" // money in the currency of the form
  | "currency"
  | "limits" // an amount for each currency, one in a line
  | "days" // a span of days
  | "minutes" // a span of minutes
  | "day" // a calendar day
  | "until" // a calendar day, as the instant at which it begins
  | "choice"
  | "tick" // said, or not said at all
  | "truth" // yes or no
  | "member" // the number of a member
  | "trade" // the number of a trade, or one like it
  | "party" // the id of who does business here, or the name
  | "id";

export interface FieldSpec {
  name: string;
  kind: FieldKind;
  label: WordKey;
  hint?: WordKey;
  /** A part of the address; else where it stands in the body, by its name where this is left out. */
  at?: "path" | `/${string}`;
  /** What the address calls it, where that is not its name. */
  param?: string;
  optional?: true;
  choices?: Readonly<Record<string, WordKey>>;
  /** The longest text. */
  most?: number;
}

/** What is asked for with the last press only, and stands in no page before it. */
export const isAskedLast = ({ kind }: Pick<FieldSpec, "kind">): boolean =>
  kind === "secret" || kind === "code";

/** To what a form belongs, in the list of all. */
export type Group = "members" | "parties" | "money" | "server";

export interface FormSpec {
  group: Group;
  /** The acts it can come to; the first one names it. */
  acts: readonly [ActName, ...ActName[]];
  title?: WordKey;
  method: "POST" | "PUT" | "DELETE";
  path: `/v1/${string}`;
  fields: readonly FieldSpec[];
  /** What is said without being asked for. */
  fixed?: Readonly<Record<string, unknown>>;
  /** The call names what it makes: the form does, so that the same press makes the same thing. */
  names?: true;
  /** Where the call says how somebody reached the operator. */
  speech?: "body" | "query";
  /** What reads how it stands before. */
  now?: `/v1/${string}`;
  /** Where it leads when it is done. */
  after?: string;
}

/** What a form is called: as its act, or by a title of its own. */
export const titleOf = ({ title, acts: [act] }: FormSpec): WordKey => title ?? `deed.${act}`;

// Fields that come again and again.
export const number = (name = "number"): FieldSpec => ({
  name,
  kind: "member",
  label: "field.member",
  at: "path",
});
export const partyId: FieldSpec = { name: "id", kind: "party", label: "field.party", at: "path" };
export const accountId: FieldSpec = { name: "id", kind: "id", label: "field.account", at: "path" };
export const idOf = (label: WordKey, name = "id"): FieldSpec => ({ name, kind: "id", label, at: "path" });
export const why: FieldSpec = { name: "reason", kind: "long", label: "field.reason", most: 500 };
export const currency: FieldSpec = { name: "currency", kind: "currency", label: "field.currency" };
export const amount = (name = "amount", label: WordKey = "field.amount"): FieldSpec => ({
  name,
  kind: "amount",
  label,
});
