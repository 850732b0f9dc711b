/**
 * Bank transfers over HTTP and on pages: statements of the bank, what they brought and what became of it, and where what is kept for
 * whoever paid it goes back to.
 */
export { arrivalGauges, openArrivalClock, registerBankTransfers } from "./all-arrivals.ts";
export { payingInSchema, type PayingInView } from "./answers.ts";
export { PayingIn } from "./paying-in-view.tsx";
export { payingInView } from "./telling.ts";
