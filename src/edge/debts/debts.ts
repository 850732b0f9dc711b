/** Bills for what members owe on credit lines: calls, pages, and what operators watch. */
export { debtGauges, registerDebts } from "./all-debts.ts";
export { billRulesOf, billsTrouble, claimBillsSchema, monthlyBillsSchema } from "./bill-config.ts";
