import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";
import Format from "typebox/format";
import { Settings } from "typebox/system";
import {
  type FieldError,
  holdsCardNumber,
  isDay,
  isPlainText,
  isTimeZone,
  parseDuration,
  type Problem,
  problem,
} from "../../core/protocol/protocol.ts";

const shortestCardNumber = 13;
const mostFindings = 8;

function isInstant(text: string): boolean {
  const parts = /^(.{10})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?Z$/.exec(text);
  if (parts === null) return false;
  const [day, hour, minute, second] = [parts[1] ?? "", Number(parts[2]), Number(parts[3]), Number(parts[4])];
  return isDay(day) && hour <= 23 && minute <= 59 && second <= 59;
}

/** Before the @ no quotes, backslashes or comments (RFC 5322): they write one mailbox in many ways, and nobody has such an address. */
const emailForm = /^[\w!#$%&'*+/=?^`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

function isWebAddress(text: string): boolean {
  return isPlainText(text) && /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** Whatever is said with it, a name or a reason of blanks alone says nothing. */
const isNoBlank = (text: string): boolean => text === "" || text.trim() !== "";

/** What each format takes, and what is said where a text is not of it. */
const formats: Readonly<Record<string, readonly [takes: (text: string) => boolean, says: string]>> = {
  text: [
    (text) =>
      isPlainText(text) && isNoBlank(text) && (text.length < shortestCardNumber || !holdsCardNumber(text)),
    "has to be text without control characters, and not of blanks alone",
  ],
  label: [
    (text) => isPlainText(text) && isNoBlank(text),
    "has to be text without control characters, and not of blanks alone",
  ],
  instant: [isInstant, "has to be an instant in UTC, such as 2026-12-24T09:30:00Z"],
  day: [isDay, "has to be a day of the calendar, such as 2026-12-24"],
  "time-zone": [isTimeZone, "has to be the IANA name of a time zone, such as Asia/Tokyo"],
  duration: [(text) => parseDuration(text) !== undefined, "has to be an ISO 8601 duration, such as P7D"],
  "web-address": [isWebAddress, "has to be an address that begins with https:// or http://"],
  email: [(text) => emailForm.test(text), "has to be an e-mail address"],
};

// The registry of formats and the settings belong to typebox and are the same for the whole process.
for (const [name, [takes]] of Object.entries(formats)) Format.Set(name, takes);
Settings.Set({ maxErrors: 32 });

const kinds: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

function kind(type: string | string[]): string {
  return [type]
    .flat()
    .map((one) => kinds[one] ?? one)
    .join(" or ");
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A finding with what kind of fault it is, for code that acts on it; `message` is for people only. */
export interface Finding extends FieldError {
  fault: "missing" | "wrong";
}

const wrong = (pointer: string, message: string): Finding => ({ pointer, message, fault: "wrong" });

/** One error of typebox in plain words; several where it names several fields. */
function words(error: TLocalizedValidationError): Finding[] {
  const pointer = error.instancePath;
  const say = (message: string): Finding[] => [wrong(pointer, message)];
  switch (error.keyword) {
    case "required":
      return error.params.requiredProperties.map((name) => ({
        pointer: `${pointer}/${escaped(name)}`,
        message: "is missing",
        fault: "missing",
      }));
    case "additionalProperties":
      return error.params.additionalProperties.map((name) =>
        wrong(`${pointer}/${escaped(name)}`, "is not a field that is known here"),
      );
    case "boolean":
      return say("is not a field that is known here");
    case "type":
      return say(`has to be ${kind(error.params.type)}`);
    case "const":
      return say(`has to be ${JSON.stringify(error.params.allowedValue)}`);
    case "enum":
      return say(`has to be one of ${error.params.allowedValues.map(String).join(", ")}`);
    case "format":
      return say(formats[error.params.format]?.[1] ?? "does not have the right form");
    case "minimum":
      return say(`has to be at least ${error.params.limit}`);
    case "maximum":
      return say(`has to be at most ${error.params.limit}`);
    case "minLength":
      return say(`has to have at least ${error.params.limit} characters`);
    case "maxLength":
      return say(`has to have at most ${error.params.limit} characters`);
    case "minItems":
      return say(`has to hold at least ${error.params.limit} items`);
    case "maxItems":
      return say(`has to hold at most ${error.params.limit} items`);
    case "minProperties":
      return say("has to hold at least one field");
    case "uniqueItems":
      return say("must not hold the same item twice");
    default:
      return say("does not have the right form");
  }
}

/** True where an error says that a branch of a choice was not meant at all, rather than filled in wrongly. */
function isOtherBranch(error: TLocalizedValidationError, choice: TLocalizedValidationError): boolean {
  const below = error.instancePath.slice(choice.instancePath.length);
  if (below === "") return true;
  return (error.keyword === "const" || error.keyword === "boolean") && below.lastIndexOf("/") === 0;
}

/**
 * The findings in plain words. Where a field may have several forms, only the one that was evidently
 * meant is reported on; typebox reports on all of them.
 */
function findings(errors: readonly TLocalizedValidationError[]): Finding[] {
  const choice = errors
    .filter((error) => error.keyword === "anyOf")
    .sort((a, b) => a.schemaPath.length - b.schemaPath.length)[0];
  if (choice === undefined) return errors.flatMap(words);
  const prefix = `${choice.schemaPath}/anyOf/`;
  const outside = errors.filter((error) => error !== choice && !error.schemaPath.startsWith(prefix));
  const branches = new Map<string, TLocalizedValidationError[]>();
  for (const error of errors) {
    if (!error.schemaPath.startsWith(prefix)) continue;
    const branch = error.schemaPath.slice(prefix.length).split("/", 1)[0] ?? "";
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  const meant = [...branches.values()].find(
    (branch) => !branch.some((error) => isOtherBranch(error, choice)),
  );
  const inside =
    meant === undefined
      ? [wrong(choice.instancePath, "has none of the forms that it may have")]
      : findings(meant);
  return [...findings(outside), ...inside];
}

function valueAt(value: unknown, pointer: string): unknown {
  let held = value;
  for (const part of pointer.split("/").slice(1)) {
    if (typeof held !== "object" || held === null) return undefined;
    held = (held as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return held;
}

/** Why a value is not taken: the problem for the caller, and the same findings for code. */
export interface Rejection {
  problem: Problem;
  findings: readonly Finding[];
}

/** On the wire a finding has its pointer and its message, and nothing else. */
function rejection(
  code: "card_number_refused" | "invalid_field",
  detail: string | undefined,
  found: Finding[],
): Rejection {
  const errors = found.map(({ pointer, message }) => ({ pointer, message }));
  return { problem: problem(code, detail, { errors }), findings: found };
}

function rejectionOf(value: unknown, errors: readonly TLocalizedValidationError[], where: string): Rejection {
  const cards = errors.filter((error) => {
    if (error.keyword !== "format" || error.params.format !== "text") return false;
    const held = valueAt(value, error.instancePath);
    return typeof held === "string" && holdsCardNumber(held);
  });
  if (cards.length > 0) {
    const found = cards.map((error) => wrong(error.instancePath, "looks like a card number"));
    return rejection("card_number_refused", undefined, found);
  }
  const seen = new Map<string, Finding>();
  for (const finding of findings(errors)) {
    if (!seen.has(finding.pointer)) seen.set(finding.pointer, finding);
  }
  const found = [...seen.values()].slice(0, mostFindings);
  const first = found[0];
  const name =
    first === undefined || first.pointer === "" ? `The ${where}` : `${first.pointer} in the ${where}`;
  return rejection("invalid_field", `${name} ${first?.message ?? "is not acceptable"}.`, found);
}

/**
 * Compiles a schema into a check, which answers undefined or why a value is not taken, with JSON pointers
 * into the value. `where` names the value in the sentence. Make each once, at start: it is compiled when it is first used,
 * since most of a server's several hundred never are.
 */
export function makeInspection(schema: TSchema, where = "body"): (value: unknown) => Rejection | undefined {
  let made: ReturnType<typeof Compile> | undefined;
  return (value) => {
    made ??= Compile(schema);
    const compiled = made;
    if (compiled.Check(value)) return undefined;
    return rejectionOf(value, compiled.Errors(value), where);
  };
}

/** The same for those who only pass the problem on. */
export function makeCheck(schema: TSchema, where = "body"): (value: unknown) => Problem | undefined {
  const inspect = makeInspection(schema, where);
  return (value) => inspect(value)?.problem;
}

/** What an item of a batch asks to be done; anything can stand there. */
export const wordOf = (item: unknown): unknown =>
  typeof item === "object" && item !== null && "do" in item ? item.do : undefined;

/** Checks instructions of a batch, each by the schema of its word in `do`. Make it once, at start. */
export function makeInstructionCheck(
  schemas: Readonly<Record<string, TSchema>>,
): (item: unknown) => Problem | undefined {
  const checks = new Map<unknown, ReturnType<typeof makeCheck>>(
    Object.entries(schemas).map(([word, schema]) => [word, makeCheck(schema, "instruction")]),
  );
  return (item) => {
    const check = checks.get(wordOf(item));
    return check === undefined
      ? problem("invalid_field", "`do` is not an instruction of a batch.")
      : check(item);
  };
}
