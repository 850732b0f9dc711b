/** Trades, events and receipts as parties ask for them over HTTP. */
export { registerTradeReads } from "./trade-reads.ts";
