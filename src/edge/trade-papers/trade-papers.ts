/** What people print of a trade, and where its goods go back to. */
export { registerTradePapers } from "./all-papers.ts";
