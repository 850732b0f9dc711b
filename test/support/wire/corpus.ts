/**
 * Hostile bodies made from a schema. Each is the text that goes over the wire, since much of what is wrong with a number
 * cannot be said by a value. `refused` means that no server may take it; the others it may take, but must not fail on.
 */
import type { Schema } from "./described.ts";
import type { Json } from "./http.ts";

export interface Hostile {
  what: string;
  text: string;
  refused: boolean;
}

/** Values for fields by their names, so that a sample speaks of things that exist. */
export type Known = Readonly<Record<string, unknown>>;

/** One bad value, as JSON text. */
type Bad = readonly [what: string, json: string, refused: boolean];

const notText = `"@@hostile@@"`;
const quoted = (text: string): string => JSON.stringify(text);

/** A body with every field in it, as good as the schema can tell. */
export function sampleOf(schema: Schema, known: Known, name = ""): unknown {
  if (Object.hasOwn(known, name)) return known[name];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf?.[0] !== undefined) return sampleOf(schema.anyOf[0], known, name);
  switch ([schema.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([field, inner]) => [
          field,
          sampleOf(inner, known, field),
        ]),
      );
    case "array":
      return [sampleOf(schema.items ?? {}, known, `${name}[]`)];
    case "integer":
      return Math.max(schema.minimum ?? 1, 1);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return sampleText(schema);
  }
}

/** What the forms of pages need to be taken. `until` is a date to extend to, as YYYY-MM-DD. */
export const pageForms = (until: string): Record<string, Json> => ({
  accept: { all: "yes" },
  reject: { reason: "x" },
  withdraw: { reason: "x" },
  dispute: { reason: "x" },
  answer: { statement: "x" },
  say: { words: "x" },
  offer: { pay: "0" },
  "accept-offer": { version: "1" },
  extend: { until },
  refund: { amount: "1", reason: "x" },
});

/** The smallest body that the schema takes. */
export function leastOf(schema: Schema, known: Known): Json {
  const { properties = {}, required = [] } = schema;
  return Object.fromEntries(
    required.map((field) => {
      const inner = properties[field] ?? {};
      const whole = inner.type !== "object" || Object.hasOwn(known, field);
      return [field, whole ? sampleOf(inner, known, field) : leastOf(inner, known)];
    }),
  );
}

const samples: Readonly<Record<string, string>> = {
  instant: "2031-01-01T00:00:00Z",
  day: "1990-01-31",
  duration: "P7D",
  email: "someone@example.com",
};

function sampleText({ format = "", minLength = 0, pattern }: Schema): string {
  if (pattern?.includes("[0-9a-f]{8}") === true) return "0198aaaa-0000-7000-8000-000000000001";
  if (pattern?.includes("A-Za-z0-9+/") === true) return "A".repeat(minLength);
  if (pattern === "^[0-9]{8}$") return "12345678";
  if (pattern?.endsWith("{43}=$") === true) return `${"A".repeat(43)}=`;
  if (pattern !== undefined) return pattern.includes("A-Z") ? "JPY" : "10";
  return samples[format] ?? "some text".padEnd(minLength, "x");
}

const badNumbers: readonly Bad[] = [
  ["minus one", "-1", true],
  ["minus zero", "-0", true],
  ["a fraction", "1.5", true],
  ["a fraction of nothing", "1.0", true],
  ["an exponent", "1e3", true],
  ["a text", '"5"', true],
  ["2^53", "9007199254740992", true],
  ["2^63", "9223372036854775808", true],
  ["10^30", `1${"0".repeat(30)}`, true],
  ["1e999", "1e999", true],
  ["NaN", "NaN", true],
  ["Infinity", "Infinity", true],
  ["hexadecimal", "0x10", true],
  ["a leading zero", "010", true],
];

const badKinds: readonly Bad[] = [
  ["a list", "[]", true],
  ["a list of one", "[5]", true],
  ["an object", "{}", true],
  ["an object with a prototype", '{"__proto__":{"x":1}}', true],
];

const card = "4111 1111 1111 1111";
const long = 10_000;

/** Texts that go wrong somewhere. A field that has no form to keep may take some of them. */
const badTexts: readonly Bad[] = [
  ["a number", "5", true],
  ["10,000 characters", quoted("x".repeat(long)), true],
  ["NUL", '"a\\u0000b"', true],
  ["a control character", '"a\\u001bb"', true],
  ["a lone surrogate", '"a\\ud800b"', true],
  ["a lone low surrogate", '"a\\udc00"', true],
  ["not a character", '"a\\uffffb"', true],
  ["a card number", quoted(card), true],
  ["a card number without gaps", quoted(card.replaceAll(" ", "")), true],
  ["right to left", '"\\u202eabc\\u202c"', false],
  ["invisible", '"a\\u200bb\\ufeffc"', false],
  ["combined", quoted("Z\u0351\u036b\u0343".repeat(8)), false],
  ["an emoji", quoted("👩‍👩‍👧‍👦"), false],
  ["markup", quoted("<script>alert(1)</script>\"'&"), false],
  ["SQL", quoted("'; drop table trades; --"), false],
  ["a template", quoted("${process.env} {{7*7}} %s %n"), false],
];

const badForms: Readonly<Record<string, readonly string[]>> = {
  instant: ["2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00+09:00", "2026-01-01", "now"],
  day: ["2026-02-30", "0000-01-01", "20260101", "2026-1-1"],
  duration: ["P", "7D", "P-7D", "P1.5D", "PT", "P7", "p7d"],
  email: ["a", "@", "a@b", "a@b@c.com", "a b@c.com", "a@c.com\r\nBcc: x@y.z"],
};

const edges: Readonly<Record<string, readonly string[]>> = {
  instant: ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "1970-01-01T00:00:00Z"],
  day: ["0001-01-01", "9999-12-31"],
  duration: ["PT1S", "PT0S", "P0D", "P9999Y", "P999999999D", "PT99999999999S", `P${"9".repeat(60)}D`],
  email: [`${"a".repeat(64)}@example.com`, "a+b'c@example.com"],
};

const badPatterns: readonly string[] = [
  "",
  " ",
  "jpy",
  "JPYX",
  "JP",
  "¥",
  "-1",
  "1e3",
  "../..",
  "%00",
  "١٢٣",
];

/** What is put in the place of one value. */
function badFor(schema: Schema): readonly Bad[] {
  if (schema.anyOf !== undefined) return forUnion(schema.anyOf);
  const [type] = [schema.type].flat();
  if (type === "integer") return [...badNumbers, ...badKinds, ...nothing, ...integerEdges(schema)];
  if (type === "boolean") {
    return [["a number", "1", true], ["a text", '"true"', true], ...badKinds, ...nothing];
  }
  if (type === "array") return [["an object", "{}", true], ["a text", '"x"', true], ...nothing];
  if (type === "object") return [["a list", "[]", true], ["a text", '"x"', true], ...nothing];
  if (type !== "string" && schema.enum === undefined && schema.const === undefined) return [];
  return [...textsFor(schema), ...badKinds, ...nothing];
}

const nothing: readonly Bad[] = [["null", "null", true]];

function integerEdges({ minimum, maximum }: Schema): readonly Bad[] {
  return [
    ["zero", "0", (minimum ?? 0) > 0],
    ["the least", String(minimum ?? 0), false],
    ["the most", String(maximum ?? Number.MAX_SAFE_INTEGER), false],
  ];
}

/** What no branch of a choice between plain values takes. */
function forUnion(branches: readonly Schema[]): readonly Bad[] {
  const none = branches.some(({ type }) => type === "null") ? [] : nothing;
  if (branches.some(({ type }) => type === "object")) return [["a text", '"x"', true], ...none];
  return [...badKinds, ["minus one", "-1", true], ["a word", '"zzz"', true], ...none];
}

function textsFor(schema: Schema): readonly Bad[] {
  const { format = "", minLength = 0, maxLength, pattern } = schema;
  const closed = schema.enum !== undefined || schema.const !== undefined;
  // A password is text of any kind; what it holds is nobody's business.
  const free = format === "" && pattern === undefined && !closed;
  const texts = badTexts.map(([what, json, refused]): Bad => {
    const ownKind = json === "5" || (what.includes("10,000") && maxLength !== undefined);
    return [what, json, free ? ownKind : refused || format !== "text"];
  });
  const forms = (badForms[format] ?? []).map((text): Bad => ["a bad form", quoted(text), true]);
  const patterns = pattern === undefined && !closed ? [] : badPatterns;
  return [
    ...texts,
    ...forms,
    ...patterns.map((text): Bad => [`"${text}"`, quoted(text), true]),
    ...(edges[format] ?? []).map((text): Bad => ["an edge", quoted(text), false]),
    ...(minLength > 0 ? ([["nothing", '""', true]] as const) : []),
    ...(format === "text" && maxLength !== undefined
      ? ([
          ["the longest", quoted("字".repeat(maxLength)), false],
          ["too long by one", quoted("字".repeat(maxLength + 1)), true],
        ] as const)
      : []),
  ];
}

/** Every place of a sample with everything that is wrong there. */
export function hostileBodies(schema: Schema, known: Known): Hostile[] {
  const found: Hostile[] = [];
  visit(schema, known, "", "", (where, bad, wrap) => {
    for (const [what, json, refused] of bad) {
      found.push({ what: `${where || "the body"}: ${what}`, text: wrap(json), refused });
    }
  });
  return found;
}

type Report = (where: string, bad: readonly Bad[], wrap: (json: string) => string) => void;

function visit(schema: Schema, known: Known, where: string, name: string, report: Report): void {
  if (where !== "") report(where, badFor(schema), (json) => json);
  const mayBeNull = schema.anyOf?.some((branch) => branch.type === "null") === true;
  for (const branch of schema.anyOf ?? []) {
    // A wrong value of a plain branch may be a right one of another, and so may null.
    if (branch.type === "object")
      visit(branch, known, `${where}?`, name, (place, bad, wrap) => {
        const isWhole = mayBeNull && place === `${where}?`;
        report(place, isWhole ? bad.filter(([what]) => what !== "null") : bad, wrap);
      });
  }
  const [type] = [schema.type].flat();
  if (type === "array" && schema.items !== undefined) {
    visit(schema.items, known, `${where}[]`, `${name}[]`, (place, bad, wrap) =>
      report(place, bad, (json) => `[${wrap(json)}]`),
    );
  }
  if (type !== "object") return;
  const sample = sampleOf({ ...schema }, {}, "") as Json;
  for (const field of Object.keys(sample))
    sample[field] = sampleOf(schema.properties?.[field] ?? {}, known, field);
  visitFields(schema, sample, known, where, report);
}

function visitFields(schema: Schema, sample: Json, known: Known, where: string, report: Report): void {
  const put = (field: string) => (json: string) =>
    JSON.stringify({ ...sample, [field]: "@@hostile@@" }).replace(notText, () => json);
  for (const [field, inner] of Object.entries(schema.properties ?? {})) {
    visit(inner, known, `${where}/${field}`, field, (place, bad, wrap) =>
      report(place, bad, (json) => put(field)(wrap(json))),
    );
  }
  for (const field of schema.required ?? []) {
    const { [field]: _, ...rest } = sample;
    report(`${where}/${field}`, [["missing", "", true]], () => JSON.stringify(rest));
  }
  for (const field of ["zzz", "__proto__", "constructor", "prototype", "toString"]) {
    const more = JSON.stringify({ ...sample, "@@name@@": { admin: true } });
    report(`${where}/${field}`, [["unknown", "", true]], () => more.replace("@@name@@", field));
  }
}

const depth = 10_000;

/** Bodies that are wrong whatever the call is. */
export const brokenBodies: readonly { what: string; body: string | Uint8Array }[] = [
  { what: "cut", body: '{"a":' },
  { what: "a list", body: "[]" },
  { what: "null", body: "null" },
  { what: "a number", body: "5" },
  { what: "a text", body: '"x"' },
  { what: "more than one", body: "{}{}" },
  { what: "JavaScript", body: "{a:1}" },
  { what: "a byte order mark", body: "\ufeff{}" },
  { what: "a field twice", body: '{"a":1,"a":2}' },
  { what: "deep lists", body: `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}` },
  { what: "deep objects", body: `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}` },
  { what: "deep and open", body: "[".repeat(60_000) },
  { what: "a raw control character", body: '{"a":"\u0001"}' },
  {
    what: "bytes that are not UTF-8",
    body: Uint8Array.of(0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d),
  },
  { what: "an overlong slash", body: Uint8Array.of(0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d) },
  { what: "UTF-16", body: new Uint8Array(Buffer.from("{}", "utf16le")) },
  { what: "zeros", body: new Uint8Array(1000) },
];
