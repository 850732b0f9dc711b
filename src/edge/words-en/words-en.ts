/** Every sentence of the pages of trading servers, in English. */
export { english, type Subject } from "./english.ts";
