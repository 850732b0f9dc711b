/**
 * An amount that a buyer has reserved for a shop before ordering there (paragraphs 0074 to 0076): the shop puts its order under
 * the number that the buyer shows, once.
 */
export {
  earmarkState,
  hasEarmark,
  lookUntil,
  type NewOrder,
  orderInstead,
  placed,
  seeOrder,
  waitsForLook,
} from "./orders.ts";
