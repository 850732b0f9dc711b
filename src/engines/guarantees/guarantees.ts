/**
 * Where each guarantee stands, how many and for how much, and of which lines little is left: for those at a guarantor who watch
 * over them. Entered after the commit, in the pass of the feed.
 */
export { lookAgain, nearFrom, noteGuarantees, noteLines } from "./keeping.ts";
export {
  claimsThatWait,
  type GuaranteeSeen,
  listGuarantees,
  listNearLines,
  type NearSeen,
} from "./reading.ts";
export { type PhaseSum, readSums } from "./reading-store.ts";
