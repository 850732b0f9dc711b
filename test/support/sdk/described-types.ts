/**
 * The SDK's types of calls about money, as files: made of what servers describe of these calls, so that nobody writes them by hand.
 * What a call takes beside its address has a name here; what it answers has the name that the description gives it.
 */
type Json = Record<string, unknown>;

interface Operation {
  summary?: string;
  parameters?: { in: string; name: string; description?: string; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}
export interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
}

/** By subject, each call, and what its body is called; null where it takes none. */
const subjects: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  accounts: {
    "GET /v1/accounts/{id}/statement": null,
    "POST /v1/accounts/{id}/pass-on": "PassOnTerms",
    "POST /v1/transfers": "TransferTerms",
    "GET /v1/transfers": null,
    "POST /v1/transfers/{id}/match": "MatchTerms",
    "GET /v1/accounts/{id}/bank-account": null,
    "PUT /v1/accounts/{id}/bank-account": "BankAccountTerms",
    "DELETE /v1/accounts/{id}/bank-account": null,
    "PUT /v1/accounts/{id}/payout-schedule": "PayoutScheduleTerms",
    "DELETE /v1/accounts/{id}/payout-schedule": null,
  },
  payouts: {
    "POST /v1/accounts/{id}/payouts": "PayoutTerms",
    "GET /v1/accounts/{id}/payouts": null,
    "GET /v1/payouts": null,
    "POST /v1/payouts/{id}/cancel": "PayoutCancelTerms",
    "POST /v1/payouts/{id}/return": "PayoutReturnTerms",
    "POST /v1/payout-files": "PayoutFileTerms",
    "GET /v1/payout-files": null,
    "GET /v1/payout-files/{id}": null,
    "GET /v1/payout-files/{id}/content": null,
    "POST /v1/payout-files/{id}/approve": "PayoutFileApproval",
    "POST /v1/payout-files/{id}/drop": null,
    "POST /v1/payout-files/{id}/complete": "PayoutFileEnd",
    "POST /v1/payout-reports": "BankMessage",
  },
  fundings: {
    "POST /v1/accounts/{id}/fundings": "FundingTerms",
    "GET /v1/accounts/{id}/fundings": null,
    "GET /v1/fundings/{number}": null,
    "GET /v1/fundings/{number}/slip": null,
    "GET /v1/dues/{number}": null,
    "POST /v1/accounts/{id}/payments": "PaymentFromAccount",
  },
  arrivals: {
    "POST /v1/bank-statements": "BankStatementFile",
    "GET /v1/bank-statements": null,
    "GET /v1/bank-statements/{id}/arrivals": null,
    "GET /v1/arrivals": null,
    "GET /v1/arrivals/{id}": null,
    "POST /v1/arrivals/assign": "ArrivalAssignment",
    "POST /v1/arrivals/{id}/return": "ArrivalReturn",
    "POST /v1/arrivals/{id}/dismiss": "ArrivalDismissal",
    "GET /v1/return-accounts/{id}": null,
  },
  bills: {
    "GET /v1/bills": null,
    "GET /v1/bills/{number}": null,
    "GET /v1/bills/{number}/slip": null,
    "POST /v1/bills/{number}/instalment-requests": "InstalmentWish",
    "POST /v1/bills/{number}/instalments": "InstalmentTerms",
    "POST /v1/bills/{number}/write-off": "WriteOffTerms",
  },
  credit: {
    "GET /v1/credit-lines/{number}": null,
    "PUT /v1/credit-lines/{number}": "CreditLineTerms",
    "POST /v1/trades/{number}/credit-requests": "CreditWish",
    "GET /v1/trades/{number}/credit-requests": null,
    "GET /v1/credit-requests": null,
    "GET /v1/credit-requests/{id}": null,
    "POST /v1/credit-requests/{id}/grant": null,
    "POST /v1/credit-requests/{id}/refuse": "CreditRefusal",
  },
  lending: {
    "GET /v1/lent-lines": null,
    "PUT /v1/lent-lines/{id}": "LentLineTerms",
    "GET /v1/lent-lines/{id}/members": null,
    "POST /v1/lent-lines/{id}/members": "LentPartTerms",
    "POST /v1/lent-lines/{id}/calls": "LentCallTerms",
    "POST /v1/lent-lines/{id}/stop": null,
  },
};

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const referred = (schema: Json): string | undefined =>
  (schema["$ref"] as string | undefined)?.split("/").at(-1);

/** A comment in lines that one can read. */
function comment(text: unknown): string {
  if (typeof text !== "string") return "";
  const lines: string[] = [];
  for (const word of text.replaceAll("*/", "* /").split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 108) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  const [only = "", ...more] = lines;
  return more.length === 0 ? `/** ${only} */\n` : `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */\n`;
}

/** One file while it is written: which components it names, and which bodies it has spelled out. */
class Writing {
  readonly named = new Set<string>();
  private readonly components: Record<string, Json>;

  constructor(components: Record<string, Json>) {
    this.components = components;
  }

  component(name: string): Json {
    const found = this.components[name];
    if (found === undefined) throw new Error(`No server describes ${name}.`);
    return found;
  }

  type(schema: Json): string {
    const name = referred(schema);
    if (name !== undefined) {
      this.named.add(name);
      return `${name}View`;
    }
    if ("const" in schema) return JSON.stringify(schema["const"]);
    if (Array.isArray(schema["enum"])) return schema["enum"].map((one) => JSON.stringify(one)).join(" | ");
    if (Array.isArray(schema["anyOf"])) return schema["anyOf"].map((one: Json) => this.type(one)).join(" | ");
    const { type } = schema;
    if (type === "array") return `(${this.type(schema["items"] as Json)})[]`;
    if (type === "object") return this.object(schema);
    if (type === "integer" || type === "number") return "number";
    if (type === "string" || type === "boolean" || type === "null") return type;
    throw new Error(`No type for ${JSON.stringify(schema)}.`);
  }

  object(schema: Json): string {
    const { properties, additionalProperties, required = [] } = schema;
    if (!isJson(properties))
      return `Record<string, ${isJson(additionalProperties) ? this.type(additionalProperties) : "unknown"}>`;
    const fields = Object.entries(properties as Record<string, Json>).map(([name, inner]) => {
      const optional = (required as string[]).includes(name) ? "" : "?";
      return `${comment(inner["description"])}${name}${optional}: ${this.type(inner)};\n`;
    });
    return `{\n${fields.join("")}}`;
  }

  /** What a schema is as an interface of its own. */
  declared(name: string, schema: Json): string {
    const shape = this.type(schema);
    const head = comment(schema["description"]);
    return shape.startsWith("{")
      ? `${head}export interface ${name} ${shape}\n`
      : `${head}export type ${name} = ${shape};\n`;
  }
}

/** The answer of a call that was done: a view, a list's items, a file, or nothing. */
function answerOf(writing: Writing, { responses }: Operation): string {
  const [, done] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  const content = done?.content;
  if (content === undefined) return "nothing: true;\n";
  const json = content["application/json"];
  if (json === undefined) return "file: true;\n";
  const name = referred(json.schema);
  const schema = name === undefined ? json.schema : writing.component(name);
  const { items, next } = (schema["properties"] ?? {}) as Record<string, Json | undefined>;
  if (items !== undefined && next !== undefined) return `item: ${writing.type(items["items"] as Json)};\n`;
  return `answer: ${writing.type(json.schema)};\n`;
}

/** A call as an entry of its subject's interface, with the declaration of its body. */
function callOf(writing: Writing, name: string, operation: Operation, body: string | null) {
  // Where to stand in a list is the same for all lists, and the client's own business.
  const query = (operation.parameters ?? []).filter(
    (one) => one.in === "query" && one.name !== "limit" && one.name !== "after",
  );
  const asked = query.map(
    ({ name: word, description, schema }) => `${comment(description)}${word}?: ${writing.type(schema)};\n`,
  );
  const sent = operation.requestBody?.content["application/json"]?.schema;
  const shape = sent === undefined ? undefined : writing.component(referred(sent) ?? "");
  const isBare = Object.keys((shape?.["properties"] as Json | undefined) ?? {}).length === 0;
  if (isBare !== (body === null)) throw new Error(`${name}: a body with fields has a name, and no other.`);
  const needed = ((shape?.["required"] as string[] | undefined) ?? []).length > 0;
  const parts = [
    ...(body === null ? [] : [`${needed ? "body" : "wish"}: ${body};\n`]),
    ...(asked.length === 0 ? [] : [`query: {\n${asked.join("")}};\n`]),
    answerOf(writing, operation),
  ];
  return {
    entry: `${comment(operation.summary)}${JSON.stringify(name)}: {\n${parts.join("")}};\n`,
    declared: body === null || shape === undefined ? "" : writing.declared(body, shape),
  };
}

const titleOf = (subject: string): string => `${subject.charAt(0).toUpperCase()}${subject.slice(1)}Described`;

/** The files of the room, by their names, before they are formatted. */
export function describedFiles(descriptions: readonly Description[]): Map<string, string> {
  const components: Record<string, Json> = {};
  for (const { components: own } of descriptions) Object.assign(components, own.schemas);
  const find = (name: string): Operation => {
    const [method = "", path = ""] = name.split(" ");
    for (const { paths } of descriptions) {
      const operation = paths[path]?.[method.toLowerCase()];
      if (operation !== undefined) return operation;
    }
    throw new Error(`No server describes ${name}.`);
  };
  const files = new Map<string, string>();
  const placed = new Map<string, string>();
  const made =
    "Made of what servers describe of their calls by test/support/sdk/described-types.ts; not written by hand.";
  for (const [subject, calls] of Object.entries(subjects)) {
    const writing = new Writing(components);
    const written = Object.entries(calls).map(([name, body]) => callOf(writing, name, find(name), body));
    const parts = written.map(({ declared }) => declared);
    const elsewhere = new Map<string, string[]>();
    for (const name of writing.named) {
      const place = placed.get(name);
      if (place === undefined) {
        placed.set(name, subject);
        parts.push(writing.declared(`${name}View`, writing.component(name)));
      } else if (place !== subject) elsewhere.set(place, [...(elsewhere.get(place) ?? []), `${name}View`]);
    }
    const imports = [...elsewhere].map(
      ([place, names]) => `import type { ${names.toSorted().join(", ")} } from "./${place}.ts";\n`,
    );
    const entries = written.map(({ entry }) => entry).join("");
    const calling = `/** What is taken and answered, call by call. */\nexport interface ${titleOf(subject)} {\n${entries}}\n`;
    files.set(`${subject}.ts`, [`/** ${made} */\n${imports.join("")}`, ...parts, calling].join("\n"));
  }
  const names = Object.keys(subjects);
  files.set(
    "described.ts",
    `/** Calls about money as servers describe them. ${made} */\n${names.map((name) => `export type * from "./${name}.ts";\n`).join("")}`,
  );
  return files;
}
