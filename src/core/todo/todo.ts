/** What a trade asks of its shop next. */
export { listedAs, todoOf } from "./shops-turn.ts";
