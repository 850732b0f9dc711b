/** What a shop's people read at the desk of a trading server, in English and Japanese. */
export { shopDeskEnglish, shopDeskJapanese, shopDeskSubjects } from "./all-words.ts";
