/** Whether an answer is one that the server's own description has: its status, its fields, its headers, its code. */
import { createRequire } from "node:module";
import type { ValidateFunction } from "ajv/dist/2020.js";

type Json = Record<string, unknown>;

export interface Answer {
  method: string;
  /** As the router has it: `/v1/trades/:number`. */
  url: string;
  status: number;
  type: string;
  headers: readonly string[];
  body: string;
}

/** What is wrong with an answer, a sentence each. */
export type Judge = (answer: Answer) => string[];

/** Headers of which the description says where they stand. */
const told = /^(location|idempotent-replayed|retry-after|www-authenticate|set-cookie|ratelimit-.*)$/;

/** A description whose objects have no field but those that it names. Published, it is open to fields of later days. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== "object" || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
  const isShape = inner["type"] === "object" && "properties" in inner && !("additionalProperties" in inner);
  return isShape ? { ...inner, additionalProperties: false } : inner;
}

const escaped = (part: string): string =>
  encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

/** Addresses that stand apart from the calls, and answer JSON: the last is asked by the script of the pages. */
const apart = new Set(["/healthz", "/readyz", "/openapi.json", "/postcodes/:postcode"]);

/** Most checks are made use of a few times: they are to be made quickly. */
const quick = { validateSchema: false, code: { optimize: false } } as const;

/** A check of JSON Schema 2020. It is loaded where something is checked, which is after most tests have ended. */
function makeAjv() {
  const load = createRequire(import.meta.url);
  const { Ajv2020 } = load("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
  const formats = load("ajv-formats") as typeof import("ajv-formats");
  const ajv = new Ajv2020({ ...quick, strict: false, allErrors: true });
  formats.default(ajv);
  return ajv;
}

/** What does not fit the schema at a place of a description. */
function fitting(description: Json): (place: string, body: string) => string[] {
  const ajv = makeAjv();
  ajv.addSchema({ ...(closed(description) as Json), $id: "of:server" });
  const checks = new Map<string, ValidateFunction>();
  const checkOf = (place: string): ValidateFunction => {
    const known = checks.get(place);
    if (known !== undefined) return known;
    const made = ajv.compile({ $ref: `of:server#${place}` });
    checks.set(place, made);
    return made;
  };
  return (place, body) => {
    const check = checkOf(place);
    if (check(JSON.parse(body))) return [];
    return (check.errors ?? []).map(({ instancePath, message, params }) => {
      const field = (params as { additionalProperty?: string }).additionalProperty;
      return `${instancePath}${field === undefined ? "" : `/${field}`} ${message ?? ""}`;
    });
  };
}

/** What is wrong with a message to a webhook, by the description of the server that has sent it. */
export function judgeMessages(description: Json): (body: string) => string[] {
  const errorsIn = fitting(description);
  return (body) => {
    const { type } = JSON.parse(body) as { type: string };
    const place = `/webhooks/${escaped(type)}/post/requestBody/content/${escaped("application/json")}/schema`;
    return errorsIn(place, body).map((error) => `${type}: ${error}`);
  };
}

export function judgeBy(description: Json): Judge {
  const errorsIn = fitting(description);
  const shared = ((description["components"] as Json)["responses"] ?? {}) as Record<string, Json>;
  const paths = description["paths"] as Record<string, Record<string, { responses: Record<string, Json> }>>;

  return ({ method, url, status, type, headers, body }) => {
    const path = url.replaceAll(/:([A-Za-z0-9_]+)/g, "{$1}");
    const written = paths[path]?.[method.toLowerCase()]?.responses[String(status)];
    const reference = written?.["$ref"];
    const name = typeof reference === "string" ? (reference.split("/").at(-1) ?? "") : "";
    const response = shared[name] ?? written;
    if (paths[path]?.[method.toLowerCase()] === undefined)
      return type.includes("json") && status < 400 && !apart.has(url)
        ? ["is no call of the description"]
        : [];
    if (response === undefined)
      return [`the status ${status} is not in the description: ${body.slice(0, 300)}`];
    const named = Object.keys((response["headers"] ?? {}) as Json).map((name) => name.toLowerCase());
    const unnamed = headers.filter((name) => told.test(name) && !named.includes(name));
    const found = unnamed.map((name) => `the header ${name} is not in the description`);
    const content = response["content"] as Json | undefined;
    const [media = ""] = type.split(";");
    if (content === undefined)
      return body === "" ? found : [...found, "answers what is not in the description"];
    if (content[media] === undefined) return [...found, `${media} is not in the description`];
    const from =
      name === ""
        ? `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}`
        : `/components/responses/${name}`;
    const place = `${from}/content/${escaped(media)}/schema`;
    if (media.endsWith("json")) found.push(...errorsIn(place, body));
    if (media === "application/problem+json") {
      const { code } = JSON.parse(body) as { code: string };
      const codes = response["x-codes"] as string[];
      if (!codes.includes(code)) found.push(`the code ${code} is not in the description`);
    }
    return found;
  };
}

/** What a server in a test has told, under a name of its own. */
export type Note = { of: string } & ({ description: string } | { answer: Answer });

/** All that is not as the server which has answered it describes it, each once. */
export function judgeAll(notes: readonly Note[]): string[] {
  const byText = new Map<string, Judge>();
  const judgeOf = (text: string): Judge => {
    const description = JSON.parse(text) as Json & { tags: object[] };
    // What is made for one test of a part of a server describes nothing.
    if (description.tags.length === 0) return () => [];
    // Servers that differ by their address alone share the checks.
    const alike = JSON.stringify({ ...description, servers: [], info: undefined });
    const known = byText.get(alike) ?? judgeBy(description);
    byText.set(alike, known);
    return known;
  };
  const judges = new Map<string, Judge>();
  for (const each of notes) if ("description" in each) judges.set(each.of, judgeOf(each.description));
  const wrong = new Set<string>();
  for (const each of notes) {
    if (!("answer" in each)) continue;
    const { method, url, status } = each.answer;
    for (const found of judges.get(each.of)?.(each.answer) ?? [])
      wrong.add(`${method} ${url} ${status}: ${found}`);
  }
  return [...wrong];
}
