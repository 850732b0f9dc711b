/** Every sentence of the pages of trading servers, in Japanese. */
export { japanese } from "./japanese.ts";
