/** What the people of a shop may do, by their roles, at the one place where it is found out who calls. */
export { readActs, shownAct } from "./acts.ts";
export { type ShopActName, shopActNames, ruleOfCall } from "./by-call.ts";
export { endJudged, judgeRole, mayCall } from "./judging.ts";
