/** Whole examples, made of what the schemas say, for all of which none was written. */
import { type Json, referredTo } from "./components.ts";

export interface Examples {
  /** An example of what this schema describes; `least`: with the fields only that have to be there. */
  of(schema: Json, least?: boolean): unknown;
}

const id = "0190a0b0-0000-7000-8000-000000000001";

const byFormat: Readonly<Record<string, string>> = {
  "date-time": "2026-12-24T09:30:00.000Z",
  date: "1990-01-31",
  duration: "P7D",
  email: "someone@example.com",
  uri: "https://shop.example/back",
  "uri-reference": "/docs/problems#not_found",
};

/** Texts of which one fits each pattern that is asked for. */
const texts = [
  "some text",
  "JPY",
  "48210733951146",
  "12345678",
  "10",
  id,
  "09:30",
  "604-0001",
  "order-1001",
  "a".repeat(64),
  `${"A".repeat(43)}=`,
  "A".repeat(43),
  `kd_${"0".repeat(40)}`,
];

export function makeExamples(
  schemas: Readonly<Record<string, Json>>,
  whole: Readonly<Record<string, unknown>>,
): Examples {
  function of(schema: Json, least = false): unknown {
    const name = referredTo(schema);
    if (name !== undefined) {
      return whole[name] ?? of(schemas[name] ?? {}, least);
    }
    const [written] = (schema["examples"] ?? []) as unknown[];
    if (written !== undefined) return written;
    if ("const" in schema) return schema["const"];
    if (Array.isArray(schema["enum"])) return schema["enum"][0];
    const [first] = (schema["anyOf"] ?? []) as Json[];
    if (first !== undefined) return of(first, least);
    switch (schema["type"]) {
      case "object":
        return object(schema, least);
      case "array":
        return (schema["items"] as Json | undefined) === undefined
          ? []
          : [of(schema["items"] as Json, least)];
      case "number":
      case "integer":
        return Math.max(Number(schema["minimum"] ?? 0), Math.min(Number(schema["maximum"] ?? 1), 1));
      case "boolean":
        return true;
      case "null":
        return null;
      case "string":
        return text(schema);
      default:
        return {};
    }
  }

  function object(schema: Json, least: boolean): Json {
    const needed = (schema["required"] ?? []) as string[];
    const fields = Object.entries((schema["properties"] ?? {}) as Record<string, Json>)
      .filter(
        ([name], index) => !least || needed.includes(name) || index < Number(schema["minProperties"] ?? 0),
      )
      .map(([name, field]) => [name, of(field, least)]);
    const more = schema["additionalProperties"];
    if (fields.length > 0 || typeof more !== "object" || more === null)
      return Object.fromEntries(fields) as Json;
    return { JPY: of(more as Json, least) };
  }

  return { of };
}

function text(schema: Json): string {
  const format = byFormat[String(schema["format"])];
  if (format !== undefined) return format;
  const { pattern } = schema;
  const form = new RegExp(typeof pattern === "string" ? pattern : "", "u");
  const found = texts.find((each) => form.test(each)) ?? "";
  return found.padEnd(Number(schema["minLength"] ?? 0), "x");
}
