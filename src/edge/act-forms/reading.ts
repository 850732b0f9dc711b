/** What was typed into such a form, as the call says it, or what is wrong with it, at its field. */
import { isCurrency, parseMoney, toWire } from "../../core/money/money.ts";
import { dammValid, isId, numberTyped } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { findByName, partyKinds } from "../../storage/parties/parties.ts";
import { type Fields, filled, filledNarrow } from "../pages/pages.ts";
import { say, type Sentence } from "../words/words.ts";
import { type FieldSpec, type FormSpec, isAskedLast } from "./specs.ts";

/** A value as a call says it, by the name of its field. What was left empty is not there. */
export type Values = Readonly<Record<string, unknown>>;

export type Read = { values: Values } | { errors: Record<string, Sentence> };

const most = BigInt(Number.MAX_SAFE_INTEGER);
const dayForm = /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;

function moneyIn(text: string, currency: string | undefined): number | undefined {
  if (currency === undefined || !isCurrency(currency)) return undefined;
  const amount = parseMoney(text, currency);
  return amount === undefined || amount > most ? undefined : toWire(amount);
}

const currencyIn = (text: string | undefined): string | undefined => {
  const typed = filledNarrow(text)?.toUpperCase();
  return typed !== undefined && isCurrency(typed) ? typed : undefined;
};

/** `JPY 500,000`, one in a line. */
function limitsIn(text: string): Record<string, number> | undefined {
  const limits: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const [, name = "", rest = ""] = /^([A-Za-z]{3})\s*(.+)$/.exec(line.normalize("NFKC").trim()) ?? [];
    const amount = moneyIn(rest, name.toUpperCase());
    if (amount === undefined) return undefined;
    limits[name.toUpperCase()] = amount;
  }
  return limits;
}

const linesIn = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.normalize("NFKC").trim())
    .filter((line) => line !== "");

type Found = { value: unknown } | { error: Sentence };
const found = (value: unknown, otherwise: Sentence): Found =>
  value === undefined ? { error: otherwise } : { value };

const wholeIn = (text: string, largest: number): number | undefined => {
  const digits = text.normalize("NFKC").replaceAll(/[\s,]/g, "");
  const number = /^-?[0-9]{1,15}$/.test(digits) ? Number(digits) : undefined;
  return number === undefined || number > largest ? undefined : number;
};

function spanIn(text: string, unit: "days" | "minutes"): string | undefined {
  const count = wholeIn(text, 100_000);
  if (count === undefined || count < 0) return undefined;
  return unit === "days" ? `P${count}D` : `PT${count}M`;
}

async function partyIn(client: Client, text: string): Promise<string | undefined> {
  return isId(text) ? text : findByName(client, text, partyKinds);
}

async function valueOf(client: Client, spec: FieldSpec, text: string, fields: Fields): Promise<Found> {
  const narrow = filledNarrow(text) ?? "";
  switch (spec.kind) {
    case "text":
    case "long":
    case "secret":
      return { value: text };
    case "narrow":
    case "code":
      return { value: narrow };
    case "lines":
      return { value: linesIn(text) };
    case "number":
      return found(wholeIn(text, Number.MAX_SAFE_INTEGER), say("form.mistake.number"));
    case "amount":
      return found(moneyIn(text, currencyIn(fields["currency"])), say("mistake.amount"));
    case "currency":
      return found(currencyIn(text), say("mistake.currency"));
    case "limits":
      return found(limitsIn(text), say("form.mistake.limits"));
    case "days":
    case "minutes":
      return found(spanIn(text, spec.kind), say("form.mistake.number"));
    case "day":
      return found(dayForm.test(narrow) ? narrow : undefined, say("mistake.date"));
    case "until":
      return found(dayForm.test(narrow) ? `${narrow}T00:00:00Z` : undefined, say("mistake.date"));
    case "choice":
      return found(
        Object.keys(spec.choices ?? {}).find((one) => one === text),
        say("form.mistake.choice"),
      );
    case "tick":
      return { value: true };
    case "truth":
      return found({ yes: true, no: false }[text], say("form.mistake.choice"));
    case "member":
    case "trade": {
      const digits = numberTyped(text);
      return found(dammValid(digits) ? digits : undefined, say("form.mistake.digits"));
    }
    case "party":
      return found(await partyIn(client, text.trim()), say("form.mistake.party"));
    case "id":
      return found(isId(narrow) ? narrow.toLowerCase() : undefined, say("form.mistake.id"));
  }
}

/** What is secret, which is asked for with the last press. */
export function secretsOf(
  { fields: specs }: FormSpec,
  typed: Fields,
): { values: Values; errors: Record<string, Sentence> } {
  const values: Record<string, string> = {};
  const errors: Record<string, Sentence> = {};
  for (const spec of specs) {
    if (!isAskedLast(spec)) continue;
    const { kind, name } = spec;
    const text = (kind === "code" ? filledNarrow(typed[name]) : typed[name]) ?? "";
    if (text === "") errors[name] = say("mistake.missing");
    else values[name] = text;
  }
  return { values, errors };
}

/** Reads all fields but those that are secret. */
export async function readFields(client: Client, { fields: specs }: FormSpec, typed: Fields): Promise<Read> {
  const values: Record<string, unknown> = {};
  const errors: Record<string, Sentence> = {};
  for (const spec of specs) {
    if (isAskedLast(spec)) continue;
    const text = filled(typed[spec.name]);
    if (text === undefined) {
      if (spec.kind === "lines" && spec.optional === true) values[spec.name] = [];
      else if (spec.optional !== true) errors[spec.name] = say("mistake.missing");
      continue;
    }
    const read = await valueOf(client, spec, text, typed);
    if ("error" in read) errors[spec.name] = read.error;
    else values[spec.name] = read.value;
  }
  return Object.keys(errors).length === 0 ? { values } : { errors };
}

/** Where a field stands in the body; undefined where it stands elsewhere. */
export function pointerOf({ name, at = `/${name}` }: FieldSpec): string | undefined {
  return at === "path" ? undefined : at;
}

function put(body: Record<string, unknown>, pointer: string, value: unknown): void {
  const [, ...steps] = pointer.split("/");
  const last = steps.pop() ?? "";
  let place = body;
  for (const step of steps) {
    place[step] ??= {};
    place = place[step] as Record<string, unknown>;
  }
  place[last] = value;
}

/** The body of the call. */
export function bodyOf({ fields, fixed = {} }: FormSpec, values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = { ...fixed };
  for (const spec of fields) {
    const pointer = pointerOf(spec);
    if (pointer !== undefined && spec.name in values) put(body, pointer, values[spec.name]);
  }
  return body;
}

/** The parts of its address, by what the address calls them. */
export function partsOf({ fields }: FormSpec, values: Values): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const { name, param = name } of fields) {
    const value = values[name];
    if (typeof value === "string") parts[param] = value;
  }
  return parts;
}
