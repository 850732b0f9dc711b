/**
 * Money leaves for banks: where to, said by owners; payouts and statements of accounts; files for the bank, which two
 * operators approve, and what the bank says of them.
 */
export { openPayoutClock, payoutGauges, registerPayoutCalls } from "./payout-calls.ts";
