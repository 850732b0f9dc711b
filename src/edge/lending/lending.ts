/**
 * Credit lines that are lent (paragraph 0081): to a shop or an intermediary, who approves members of its own within them, sees
 * those and nobody else, and makes good what they do not pay.
 */
export { openLending } from "./open-lending.ts";
