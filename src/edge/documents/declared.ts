/** What the documents are made of: the routes as they were declared, and what is said of the server as a whole. */
import type { TSchema } from "typebox";
import type { ProblemCode } from "../../core/protocol/protocol.ts";

/**
 * For each status the schema of the JSON that is answered, or null where there is nothing to read; what is no JSON says so
 * (`contentMediaType`). `acts`: and what all those calls answer that take a second operator, who confirms them here.
 */
export type Answers = Readonly<Record<number, TSchema | null>> & {
  readonly acts?: Readonly<Record<number, TSchema | null>>;
};

/** A code, with a status where it is answered by another than its own. */
export type DeclaredRefusal = ProblemCode | readonly [ProblemCode, status: number];

/** One route as it was declared, kept for the published description. One that says what it answers is a call of programs. */
export interface DeclaredRoute {
  methods: readonly string[];
  url: string;
  access: readonly string[];
  page: boolean;
  form: boolean;
  acts: readonly string[];
  refusals: readonly DeclaredRefusal[];
  /** How often it may be called is counted, by address. */
  limited: boolean;
  /** It sets a cookie, or takes it away. */
  cookie: boolean;
  /** Its body is plain text. */
  text: boolean;
  schema: {
    summary?: string | undefined;
    description?: string | undefined;
    tags?: readonly string[] | undefined;
    body?: unknown;
    querystring?: unknown;
    params?: unknown;
    answers?: Answers | undefined;
  };
}

/** Whether a call looks at its Idempotency-Key: every POST, and what operators ask for by whatever method. */
export const takesKey = ({ methods, acts }: Pick<DeclaredRoute, "methods" | "acts">): boolean =>
  methods.includes("POST") ||
  (acts.length > 0 && methods.some((method) => method === "PUT" || method === "DELETE"));

/** A step of the first thing that somebody does with the server. */
export interface FirstStep {
  says: string;
  /** A command for a shell. */
  call: string;
}

/** What the description says of the server as a whole. */
export interface Described {
  name: string;
  version: string;
  description: string;
  /** Who may call: each word of the server's access list with a sentence. */
  access: Readonly<Record<string, string>>;
  /** What operators do: each act with how many of them it takes. */
  acts: Readonly<Record<string, string>>;
  /** Of these, those that may have to wait for a second operator; all of them where it is not told. */
  confirmed?: readonly string[];
  /** Where it is reached; its own root where that is not told. */
  url: string;
  /** By which of the schemes those are known whom each word means; a word that is not here needs none. */
  knownBy: Readonly<Record<string, readonly string[]>>;
  /** OpenAPI security schemes. */
  schemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The parts into which the calls are divided, in the order in which one reads them. */
  tags: readonly { name: string; description: string }[];
  /** Messages that it sends: of each kind the schema of its body. */
  messages: Readonly<Record<string, TSchema>>;
  firstSteps: readonly FirstStep[];
  /** Whole examples by the names of what they are examples of; of the rest one is made. */
  examples: Readonly<Record<string, unknown>>;
  /** By the same names, more of them, each under a name of its own with what it shows. */
  moreExamples: Readonly<Record<string, Readonly<Record<string, { summary: string; value: unknown }>>>>;
}

/**
 * The field by which what a POST makes is read again: `number`, where `GET <its address>/:number` is for some of the same
 * callers.
 */
export function fieldOfMade(
  routes: readonly DeclaredRoute[],
  { methods, url, access }: Pick<DeclaredRoute, "methods" | "url" | "access">,
): string | undefined {
  if (!methods.includes("POST")) return undefined;
  const item = routes.find(
    (route) =>
      route.methods.includes("GET") &&
      route.url.startsWith(`${url}/:`) &&
      !route.url.slice(url.length + 2).includes("/") &&
      route.access.some((word) => access.includes(word)),
  );
  return item?.url.slice(url.length + 2);
}

/** The calls among the routes, those first that one reads first. */
export function callsOf(
  routes: readonly DeclaredRoute[],
  { tags }: Pick<Described, "tags">,
): readonly DeclaredRoute[] {
  const placeOf = (route: DeclaredRoute) => {
    const place = tags.findIndex(({ name }) => name === route.schema.tags?.[0]);
    return place < 0 ? tags.length : place;
  };
  return routes
    .filter(({ schema }) => schema.answers !== undefined)
    .map((route) => ({ ...route, methods: route.methods.filter((method) => method !== "HEAD") }))
    .filter(({ methods }) => methods.length > 0)
    .toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** An address of the router as OpenAPI writes it. */
export function openPath(url: string): string {
  return url.replaceAll(/:([A-Za-z0-9_]+)/g, "{$1}");
}

/** What a call is named by programs: `postV1TradesNumberAccept`. */
export function operationId(method: string, url: string): string {
  const words = url.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join(
    "",
  );
}
