/**
 * Schemas as they are published: those with a name of their own stand among the components and are referred to, and the
 * formats by which this server checks are said in the words of the standard.
 */

export type Json = Record<string, unknown>;

const noCards = "No control characters, and no card numbers";

/** What each format of ours is to readers who do not know it. */
const formats: Readonly<Record<string, Json>> = {
  text: { pattern: "\\S" },
  label: { pattern: "\\S" },
  instant: { format: "date-time", pattern: "Z$" },
  day: { format: "date" },
  "time-zone": { pattern: "^[A-Za-z]", examples: ["Asia/Tokyo"] },
  "web-address": { format: "uri", pattern: "^[Hh][Tt][Tt][Pp][Ss]?://" },
};

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export interface Components {
  /** The schema as it is published: itself, or a reference to it. */
  readonly refer: (schema: unknown) => Json;
  /** The same, under this name. */
  readonly name: (title: string, schema: unknown) => Json;
  readonly schemas: Readonly<Record<string, Json>>;
}

export function makeComponents(): Components {
  const schemas: Record<string, Json> = {};
  /** Where each schema stands that has been published: a trade is answered by many calls. */
  const placed = new Map<unknown, Json>();

  function name(title: string, schema: unknown): Json {
    const { title: _, ...body } = published(schema);
    const text = JSON.stringify(body);
    const known = schemas[title];
    if (known !== undefined && JSON.stringify(known) !== text)
      throw new Error(`Two different schemas are called ${title}.`);
    schemas[title] = body;
    return { $ref: `#/components/schemas/${title}` };
  }

  function refer(schema: unknown): Json {
    const title = isObject(schema) ? schema["title"] : undefined;
    if (typeof title !== "string") return published(schema);
    const place = placed.get(schema) ?? name(title, schema);
    placed.set(schema, place);
    return place;
  }

  function published(schema: unknown): Json {
    if (!isObject(schema)) throw new Error("A schema is an object.");
    if (isObject(schema["described"])) return refer(schema["described"]);
    const out: Json = {};
    for (const [key, value] of Object.entries(schema)) {
      if (key === "properties" && isObject(value)) out[key] = mapped(value);
      else if (key === "items" || (key === "additionalProperties" && isObject(value)))
        out[key] = refer(value);
      else if (key === "patternProperties" && isObject(value)) Object.assign(out, record(value));
      // What has no other fields than those of its pattern says so by the form of their names.
      else if (key === "additionalProperties" && isObject(schema["patternProperties"])) continue;
      else if (key === "anyOf" && Array.isArray(value)) out[key] = value.map(refer);
      else if (key === "format" && typeof value === "string")
        Object.assign(out, formats[value] ?? { format: value });
      else if (!key.startsWith("~")) out[key] = value;
    }
    if (schema["format"] === "text") out["description"] = described(schema["description"]);
    return out;
  }

  const mapped = (properties: Json): Json =>
    Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, refer(value)]));

  /** Fields whose names are data, such as currencies. */
  function record(patterns: Json): Json {
    const [[pattern, value] = ["", {}], ...more] = Object.entries(patterns);
    if (more.length > 0) throw new Error("A record has one kind of names.");
    const named = pattern === "" || pattern === "^.*$" ? {} : { propertyNames: { pattern } };
    return { ...named, additionalProperties: refer(value) };
  }

  return { refer, name, schemas };
}

const described = (text: unknown): string => (typeof text === "string" ? `${text}. ${noCards}` : noCards);

/** The name of what a schema or an answer refers to; undefined where it is written out. */
export function referredTo(part: Json): string | undefined {
  const { $ref } = part;
  return typeof $ref === "string" ? $ref.split("/").at(-1) : undefined;
}
