/** Every sentence of the pages of trading servers, in English. */
export { english, subjects, type Subject } from "./english.ts";
