/** Credit at a guarantor: lines, credit for one order, lines that are lent, and what members owe. */
import type { ByDescription } from "./by-description.ts";

export function billsOf({ change, file, list, read }: ByDescription) {
  return {
    /** What is owed on credit lines, the newest bill first; a member's own. */
    list: list("GET /v1/bills"),
    /** With the trades it came of, and what was told. */
    get: read("GET /v1/bills/{number}", "bill", "number"),
    /** The payment slip, as PDF. */
    slip: file("GET /v1/bills/{number}/slip"),
    /** A member asks to pay in parts. */
    askInstalments: change("POST /v1/bills/{number}/instalment-requests", "bill", "number"),
    /** Two operators let it be paid in parts. */
    setInstalments: change("POST /v1/bills/{number}/instalments", "bill", "number"),
    /** Two operators give it up; it can still be paid. */
    writeOff: change("POST /v1/bills/{number}/write-off", "bill", "number"),
  };
}

/** How far members' credit lines go, by their member numbers. */
export function creditLinesOf({ change, read }: ByDescription) {
  return {
    get: read("GET /v1/credit-lines/{number}", "lines", "member"),
    /** Not below what is in use; a limit of 0 closes the line to new trades. Two operators where it gives. */
    set: change("PUT /v1/credit-lines/{number}", "lines", "member"),
  };
}

/** Credit for one order. */
export function creditRequestsOf({ act, change, list, read }: ByDescription) {
  return {
    /** Takes the number of the trade, and the `version` that the buyer has seen. */
    ask: change("POST /v1/trades/{number}/credit-requests", "request", "id"),
    /** What became of those for a trade, the newest first. */
    of: list("GET /v1/trades/{number}/credit-requests"),
    /** Those that wait for operators, the oldest first. */
    waiting: list("GET /v1/credit-requests"),
    /** With what is known of buyer, shop and order. */
    get: read("GET /v1/credit-requests/{id}", "request", "id"),
    grant: act("POST /v1/credit-requests/{id}/grant", "request", "id"),
    refuse: change("POST /v1/credit-requests/{id}/refuse", "request", "id"),
  };
}

/** Lines that a guarantor lends to shops and service providers, who approve members of their own within them. */
export function lentLinesOf({ act, change, list }: ByDescription) {
  return {
    /** Those lent to you; for operators, all. */
    list: list("GET /v1/lent-lines"),
    /** Two operators lend one, under an id of theirs. */
    lend: change("PUT /v1/lent-lines/{id}", "line", "id"),
    /** What members have of it. */
    members: list("GET /v1/lent-lines/{id}/members"),
    /** Its lender gives a member so much of it. */
    give: change("POST /v1/lent-lines/{id}/members", "part", "createdAt"),
    /** The lender makes good what a member owes: two operators, or the clock. */
    call: change("POST /v1/lent-lines/{id}/calls", "called", "line"),
    /** Nothing new comes of it. */
    stop: act("POST /v1/lent-lines/{id}/stop", "line", "id"),
  };
}
