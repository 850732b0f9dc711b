/**
 * Bank transfers over HTTP and on pages: statements of the bank, what they brought and what became of it, and where what is kept for
 * whoever paid it goes back to.
 */
export { arrivalGauges, openArrivalClock, registerBankTransfers } from "./all-arrivals.ts";
export { payingInSchema } from "./answers.ts";
export { payingInView } from "./telling.ts";
