/** What shop and buyer agree on: a proposal, its approval, revisions, and the reservation that follows (S501-S506). */
export { earmark } from "./earmarking.ts";
export { approveTrade } from "./approval.ts";
export { assignTrade } from "./assignment.ts";
export { proposeTrade } from "./proposal.ts";
export { reviseTrade } from "./revision.ts";
