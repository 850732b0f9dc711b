/**
 * What holds for operators: the list of their acts with what each does, and the rules that follow. What gives rights or
 * moves money beyond a sum waits until another operator has confirmed exactly that; what is done in somebody's name says
 * how they proved who they are; who reads a person's data says why.
 */
export {
  actNames,
  type ActName,
  confirmedActs,
  describedActs,
  effectOf,
  isSpoken,
  moveActs,
  takes,
  isSecret,
} from "./acts.ts";
export { mayMoveAlone } from "./alone.ts";
export {
  type Asking,
  type Confirming,
  openConfirming,
  pairRefused,
  type Perform,
} from "./confirming.ts";
export { mayShowOpened, noteLook } from "./looking.ts";
export { type Sealed, sealedIn } from "./sealed.ts";
export { type OperatorRules, usualLookupsPerDay } from "./rules.ts";
export { type Speech, speechFrom, speechQuery, unspoken } from "./speech.ts";
export { type KeptAct, noteActLook } from "./store.ts";
