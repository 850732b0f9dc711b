/** Who plays in the search: the world beside the trade, its honest people and its cheats, and the terms they trade on. */
export { carry } from "./carrier.ts";
export { cheatingBuyer } from "./cheating-buyer.ts";
export { cheatingShop } from "./cheating-shop.ts";
export { honestBuyer } from "./honest-buyer.ts";
export { honestShop } from "./honest-shop.ts";
export { keyOf } from "./key.ts";
export { operator } from "./operator.ts";
export { type Party, plain, type Setting, usual } from "./setting.ts";
export { firstState, isHeld, type Machine, type State } from "./state.ts";
export { moveClock, type Turn } from "./turn.ts";
