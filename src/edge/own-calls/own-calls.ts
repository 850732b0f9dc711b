/** The calls of this very server that its pages make, as whoever has sent a form: no rule stands in two places. */
export { addressOf, callOwn, fileOwn, listOwn, type OwnAnswer, type OwnCall, secretIn } from "./calling.ts";
