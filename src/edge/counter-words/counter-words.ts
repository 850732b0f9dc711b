/** What a counter's day says to whoever takes money there, in both languages. */
export { counterEnglish } from "./english.ts";
export { counterJapanese } from "./japanese.ts";
