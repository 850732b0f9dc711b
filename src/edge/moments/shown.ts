/** Where a request holds a proof: a call in a header, a form in its fields. */
import type { FastifyRequest } from "fastify";
import { makeInspection } from "../http/http.ts";
import type { Shown } from "./proving.ts";
import { type Assertion, assertionSchema } from "./schemas.ts";

const proofHeader = "kenshu-proof";
const inspect = makeInspection(assertionSchema);

/** A form has its fields, a call its header; what is neither is no proof. */
export function proofOf(request: FastifyRequest, fields?: Readonly<Record<string, unknown>>): Shown {
  const header = request.headers[proofHeader];
  const { proof, proofPassword: password } = fields ?? {};
  return {
    ...(typeof header === "string" ? { token: header } : {}),
    ...(typeof password === "string" && password !== "" ? { password } : {}),
    ...(typeof proof === "string" && proof !== "" ? asserted(proof) : {}),
  };
}

function asserted(text: string): Pick<Shown, "response"> {
  try {
    const response: unknown = JSON.parse(text);
    return inspect(response) === undefined ? { response: response as Assertion } : {};
  } catch {
    return {};
  }
}
