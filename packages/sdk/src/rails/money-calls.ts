/** All of these calls, by their names. */
import type { Client } from "../calling/calling.ts";
import { accountsOf, duesOf, fundingsOf, payoutFilesOf, payoutsOf, transfersOf } from "./accounts.ts";
import { arrivalsOf, bankStatementsOf } from "./banks.ts";
import { byDescription } from "./by-description.ts";
import { billsOf, creditLinesOf, creditRequestsOf, lentLinesOf } from "./credit.ts";

export type MoneyCalls = ReturnType<typeof moneyCalls>;

export function moneyCalls(client: Client) {
  const calls = byDescription(client);
  return {
    ofAccounts: accountsOf(calls),
    /** Money that came in or went out. */
    transfers: transfersOf(calls),
    /** What leaves accounts for banks. */
    payouts: payoutsOf(calls),
    /** Files for the bank. */
    payoutFiles: payoutFilesOf(calls),
    /** Numbers under which money is brought to an account. */
    fundings: fundingsOf(calls),
    /** What is due under a number, for a member who pays it from an account. */
    dues: duesOf(calls),
    /** What the institution's bank says. */
    bankStatements: bankStatementsOf(calls),
    /** Transfers that have come in and wait. */
    arrivals: arrivalsOf(calls),
    /** At a guarantor: what members owe. */
    bills: billsOf(calls),
    /** At a guarantor: how far members' lines go. */
    creditLines: creditLinesOf(calls),
    /** At a guarantor: credit for one order. */
    creditRequests: creditRequestsOf(calls),
    /** At a guarantor: lines that are lent. */
    lentLines: lentLinesOf(calls),
  };
}
