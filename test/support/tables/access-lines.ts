/** What a line of the table of access says: who calls, and what each is answered. */
import type { Reply } from "../wire/http.ts";

export const callers = [
  "own", // the shop of the trade
  "other", // another shop
  "suspended", // a shop that has been suspended, of other trades
  "carrier", // of the trade
  "carrier2",
  "provider", // of the trade, and not among its acceptors
  "buyer",
  "member2",
  "guest", // of another trade, by their own link
  "invited", // who has opened the link to approve another trade
  "operator", // signed in
  "admin", // an operator's key
  "nobody",
  "revoked", // a key of the trade's shop that was revoked
] as const;
export type CallerName = (typeof callers)[number];

/**
 * `yes`: whatever else may be wrong, it is not the caller. `idle`: answered, and nothing happens. `signin`: a page sends
 * the caller to sign in. The numbers are the statuses of refusals: 401 not known, 403 not for this kind of caller, 404
 * there is no such thing for this one.
 */
export type Verdict = "yes" | "idle" | "signin" | 401 | 403 | 404;
export type Line = Readonly<Record<CallerName, Verdict>>;

type Wish = Partial<Record<"yes" | "idle" | "signin" | 401 | 403 | 404, readonly CallerName[]>>;

/** Those of whom nothing is known. */
export const unknown = ["nobody", "revoked", "invited"] as const;

/** A line of the table: what the rest gets, and those named. Unless named, those of whom nothing is known are told so. */
export function line(rest: Verdict, wish: Wish = {}): Line {
  const cells = new Map<CallerName, Verdict>(callers.map((name) => [name, rest]));
  for (const name of unknown) cells.set(name, 401);
  for (const verdict of ["yes", "idle", "signin", 401, 403, 404] as const) {
    for (const name of wish[verdict] ?? []) cells.set(name, verdict);
  }
  return Object.fromEntries(cells) as Line;
}

/** What an answer says about the caller. */
export function verdictOf({ status, headers: given }: Reply): Verdict | undefined {
  if (given.get("location")?.startsWith("/signin") === true) return "signin";
  if (status === 401 || status === 403 || status === 404) return status;
  return status < 500 ? "yes" : undefined;
}
