/** How each call may be refused: what it declares, and what comes with what it takes and whom it lets in. */
import { idForm, type ProblemCode, problemCodes, problemEntry } from "../../core/protocol/protocol.ts";
import { type DeclaredRoute, type Described, takesKey } from "./declared.ts";

type Server = Pick<Described, "confirmed">;

/** Every code that a call may answer, with the statuses under which it does. */
export function refusalsOf(
  routes: readonly DeclaredRoute[],
  route: DeclaredRoute,
  server: Server,
): Map<ProblemCode, number[]> {
  const found = new Map<ProblemCode, Set<number>>();
  const add = (code: ProblemCode, status = problemEntry(code).status) =>
    found.set(code, (found.get(code) ?? new Set()).add(status));
  for (const code of comesWith(route, server)) add(code);
  // Who confirms an act gets the answer of the call by which it was asked for.
  const declared = route.schema.answers?.acts === undefined ? [route] : [route, ...routes.filter(isAct)];
  for (const refusal of declared.flatMap(({ refusals }) => refusals))
    if (typeof refusal === "string") add(refusal);
    else add(...refusal);
  return new Map(
    problemCodes.flatMap((code) => {
      const statuses = found.get(code);
      return statuses === undefined ? [] : [[code, [...statuses]] as const];
    }),
  );
}

/** A call by which operators change something. */
export const isAct = ({ acts, schema }: DeclaredRoute): boolean =>
  acts.length > 0 && schema.answers !== undefined && schema.answers.acts === undefined;

function comesWith(route: DeclaredRoute, { confirmed }: Server): ProblemCode[] {
  const { access, acts, methods, limited, schema } = route;
  const { body, querystring, params } = schema;
  const codes: ProblemCode[] = ["malformed_request", "unavailable", "overloaded", "internal_error"];
  if (!access.includes("anyone")) codes.push("not_authenticated", "not_allowed");
  if (access.includes("server")) codes.push("signature_invalid");
  if (methods.some((method) => method !== "GET" && method !== "HEAD"))
    codes.push(
      "unsupported_media_type",
      "body_too_large",
      "cross_site_request",
      "request_timeout",
      "outcome_unknown",
    );
  if (takesKey(route)) codes.push("idempotency_key_invalid", "idempotency_key_reused");
  if (body !== undefined || querystring !== undefined || params !== undefined) codes.push("invalid_field");
  // Free text is looked at for card numbers.
  if (JSON.stringify([body, querystring]).includes('"format":"text"')) codes.push("card_number_refused");
  // What is named by an id may not be there.
  if (params !== undefined || JSON.stringify([body]).includes(idForm)) codes.push("not_found");
  if (limited) codes.push("too_many_requests");
  if (acts.some((act) => confirmed?.includes(act) ?? true)) codes.push("four_eyes_required", "not_allowed");
  return codes;
}
