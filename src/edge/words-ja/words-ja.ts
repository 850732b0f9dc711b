/** Every sentence of the pages of trading servers, in Japanese, and what refusals are called. */
export { japanese } from "./japanese.ts";
export { problems } from "./problems.ts";
