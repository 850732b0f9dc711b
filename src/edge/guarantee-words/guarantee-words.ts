/** What the pages say about guarantees to those who watch over them, in both languages. */
export { guaranteeEnglish } from "./english.ts";
export { guaranteeJapanese } from "./japanese.ts";
