/** What a trade asks of its shop next. */
export { todoOf } from "./shops-turn.ts";
