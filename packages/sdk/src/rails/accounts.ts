/** Accounts and what comes into them and leaves: statements, transfers, accounts at banks, payouts, numbers to pay in under. */
import type { ByDescription } from "./by-description.ts";

/** What is done with one account; the rest of `accounts`. */
export function accountsOf({ change, file, read, remove }: ByDescription) {
  return {
    /** The statement of whole days as a file: camt.053, or CSV. */
    statement: file("GET /v1/accounts/{id}/statement"),
    /** Where it is paid out to, and when by itself. */
    bankAccount: read("GET /v1/accounts/{id}/bank-account", "payingOut", "account"),
    /** Names the account at a bank to which it is paid out: by its owner with the password, or by two operators. */
    nameBankAccount: change("PUT /v1/accounts/{id}/bank-account", "payingOut", "account"),
    takeAwayBankAccount: remove("DELETE /v1/accounts/{id}/bank-account"),
    setPayoutSchedule: change("PUT /v1/accounts/{id}/payout-schedule", "schedule", "nextOn"),
    removePayoutSchedule: remove("DELETE /v1/accounts/{id}/payout-schedule"),
    /** Gives what came to rest on an account that was left to whom it was left: two operators. */
    passOn: change("POST /v1/accounts/{id}/pass-on", "passedOn", "account"),
  };
}

export function transfersOf({ change, list }: ByDescription) {
  return {
    /** Books money that came in or went out. The same `id` with the same fields gets the same answer. */
    book: change("POST /v1/transfers", "transfer", "id"),
    /** Those whose other side nobody has seen yet, the oldest first. */
    unmatched: list("GET /v1/transfers"),
    match: change("POST /v1/transfers/{id}/match", "transfer", "id"),
  };
}

export function payoutsOf({ change, list }: ByDescription) {
  return {
    /** Pays out of an account to where its owner has named. The same `id` with the same fields gets the same answer. */
    ask: change("POST /v1/accounts/{id}/payouts", "payout", "id"),
    /** Those of an account, the newest first. */
    of: list("GET /v1/accounts/{id}/payouts"),
    /** Those that wait for a file, the oldest first: for operators. */
    waiting: list("GET /v1/payouts"),
    cancel: change("POST /v1/payouts/{id}/cancel", "payout", "id"),
    /** The bank could not pay it: it is its owner's again. Two operators. */
    return: change("POST /v1/payouts/{id}/return", "payout", "id"),
  };
}

/** Files for the bank: for operators and what carries the files. */
export function payoutFilesOf({ act, change, file, list, read }: ByDescription) {
  return {
    /** Gathers what waits, for a day on which banks are open. */
    gather: change("POST /v1/payout-files", "file", "id"),
    list: list("GET /v1/payout-files"),
    get: read("GET /v1/payout-files/{id}", "file", "id"),
    /** `digest` is that of what was looked at. */
    approve: change("POST /v1/payout-files/{id}/approve", "file", "id"),
    drop: act("POST /v1/payout-files/{id}/drop", "file", "id"),
    /** The bytes for the bank; that you have taken them is written down. */
    content: file("GET /v1/payout-files/{id}/content"),
    complete: change("POST /v1/payout-files/{id}/complete", "file", "id"),
    /** Books what the bank says in a pain.002 or a camt.053, once for its bytes. */
    report: change("POST /v1/payout-reports", "report", "digest"),
  };
}

/** Numbers under which money is brought to an account. */
export function fundingsOf({ change, file, list, read }: ByDescription) {
  return {
    open: change("POST /v1/accounts/{id}/fundings", "funding", "number"),
    /** Those of an account, the newest first. */
    of: list("GET /v1/accounts/{id}/fundings"),
    get: read("GET /v1/fundings/{number}", "funding", "number"),
    /** The payment slip, as PDF. */
    slip: file("GET /v1/fundings/{number}/slip"),
  };
}

/** What is due under a number, for a member who pays it from an account. */
export function duesOf({ change, read }: ByDescription) {
  return {
    get: read("GET /v1/dues/{number}", "due", "tradeNumber"),
    /** Takes the account, and exactly what is due. The same `id` again gets the same answer. */
    pay: change("POST /v1/accounts/{id}/payments", "payment", "id"),
  };
}
