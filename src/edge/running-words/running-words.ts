/** What the pages say about how a server runs, in both languages. */
export { runningEnglish } from "./english.ts";
export { runningJapanese } from "./japanese.ts";
