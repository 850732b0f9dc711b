/** What a trade asks of its shop next. */
export { type AskingTrade, todoOf } from "./shops-turn.ts";
