/** What arrives at the institution's bank: statements, and transfers that wait for operators. */
import type { ByDescription } from "./by-description.ts";

export function bankStatementsOf({ change, list }: ByDescription) {
  return {
    /** Books a file of the bank, as a whole or not at all, and each entry of it once, in however many files it comes. */
    book: change("POST /v1/bank-statements", "statement", "id"),
    list: list("GET /v1/bank-statements"),
    /** What one of them brought. */
    arrivals: list("GET /v1/bank-statements/{id}/arrivals"),
  };
}

export function arrivalsOf({ change, list, read }: ByDescription) {
  return {
    /** Transfers that pay nothing by themselves, the oldest first. */
    waiting: list("GET /v1/arrivals"),
    /** With who has sent it: say the `reason` for which you look. */
    get: read("GET /v1/arrivals/{id}", "arrival", "id"),
    /** Pays what is due under a number with transfers that wait. */
    assign: change("POST /v1/arrivals/assign", "assigned", "number"),
    /** Gives it back to whoever sent it. */
    return: change("POST /v1/arrivals/{id}/return", "arrival", "id"),
    /** It was nobody's payment. */
    dismiss: change("POST /v1/arrivals/{id}/dismiss", "arrival", "id"),
    /** Where an act that waits would have money go back to; say the `reason`. */
    returnAccount: read("GET /v1/return-accounts/{id}", "account", "id"),
  };
}
