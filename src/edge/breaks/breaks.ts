/** Breaks over HTTP and on pages: where the books of two sides do not agree, and what operators say of it. */
export { registerBreaks } from "./all-breaks.ts";
export { watchBooks } from "./watching.ts";
