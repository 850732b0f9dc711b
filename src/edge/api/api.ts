/**
 * What every trading server has in common over HTTP: members, parties, sign-ins, trades, and the sandbox's clock.
 * A server adds its own means of payment and its own pages.
 */
export {
  access,
  actorAmong,
  actorOf,
  answerOnce,
  callerAmong,
  callerOf,
  checkCurrency,
  type Context,
  type Elsewhere,
  type Ground,
  invitedTo,
  isUnknown,
  linkedTrade,
  heedKey,
  memberFor,
  memberNumber,
  operatorAct,
  outcomeInBatch,
  pageLength,
  betweenWish,
  pageWish,
  partyFor,
  refuseWhileHeld,
  sendOutcome,
  type Settings,
  wireOrNull,
} from "./context.ts";
export { eraseStrayGuests, type GuestWish, nameAnotherCode, registerGuest } from "./guests.ts";
export { changeMandate, endMandate, giveMandate } from "./mandates.ts";
export { ofReserving, parties, refusalsOfMove } from "./move-calls.ts";
export { addOperator, applyAsParty, openMissingAccounts, partyHead } from "./parties.ts";
export { registerPartyRoutes } from "./party-routes.ts";
export {
  addMethod,
  applyAsMember,
  enter,
  eraseMember,
  issueVoucher,
  limitSaid,
  lockKnown,
  type MethodWish,
  payIn,
  setLimit,
} from "./people.ts";
export { registerPeopleRoutes } from "./people-routes.ts";
export { registerSandboxRoutes } from "./sandbox-routes.ts";
export {
  isProven,
  keepLanguage,
  noteLanguage,
  placeOf,
  refuseUnproven,
  registerSessionRoutes,
  signIn,
  signInByPasskey,
  signOut,
  wasSignedIn,
  wasSignedInAs,
} from "./session-routes.ts";
export { approvingAct, registerTradeRoutes, reservingAct } from "./trade-routes.ts";
export { noteTradeLook, registerRecordRoutes } from "./record-routes.ts";
