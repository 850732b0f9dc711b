/** A server's own description of its calls, read from its /openapi.json: what is in it is what gets tested. */
import assert from "node:assert/strict";
import { type Json, request } from "./http.ts";

/** The part of JSON Schema that the descriptions use. */
export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  pattern?: string;
  format?: string;
}

export interface Operation {
  /** As it stands in the description, such as `POST /v1/trades/{number}/accept`. */
  name: string;
  method: string;
  path: string;
  access: string[];
  /** Undefined where the call takes no body. */
  body: Schema | undefined;
  /** The body is that of an HTML form. */
  form: boolean;
  /** Answers are pages for people. */
  page: boolean;
  query: { name: string; schema: Schema }[];
}

/** Every call that a running server describes. */
export async function operationsOf(url: string): Promise<Operation[]> {
  const { status, json } = await request(`${url}/openapi.json`, "GET");
  assert.equal(status, 200);
  const paths = json["paths"] as Record<string, Record<string, Json>>;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => operationOf(path, method.toUpperCase(), operation)),
  );
  assert.ok(operations.length > 30, "the description is there");
  return operations;
}

function operationOf(path: string, method: string, operation: Json): Operation {
  const content = ((operation["requestBody"] as Json | undefined)?.["content"] ?? {}) as Record<string, Json>;
  const [type = "", media] = Object.entries(content)[0] ?? [];
  const parameters = (operation["parameters"] ?? []) as { name: string; in: string; schema: Schema }[];
  const responses = (operation["responses"] ?? {}) as Record<string, { content?: Json }>;
  const form = type === "application/x-www-form-urlencoded";
  return {
    name: `${method} ${path}`,
    method,
    path,
    access: operation["x-access"] as string[],
    body: media?.["schema"] as Schema | undefined,
    form,
    page: form || Object.values(responses).some((each) => each.content?.["text/html"] !== undefined),
    query: parameters.filter((each) => each.in === "query"),
  };
}
