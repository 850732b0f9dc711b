/** Those who do business on this server: shops with their accounts, fees and standing, carriers, providers, operators. */
export {
  findByName,
  findLookAlike,
  insertParty,
  insertShopAccounts,
  shopsWithoutAccount,
  keepLooks,
  listParties,
  listPartiesApplied,
  listShopAccounts,
  lockNames,
  lockParty,
  type PartyDetails,
  readParty,
  readPartyLanguage,
  insertStay,
  readReturnUrls,
  readStay,
  readShopOfAccount,
  searchShops,
  setPartyLanguage,
  setPartyState,
  setReturnUrls,
  setShopFee,
} from "./party-store.ts";
export {
  countOperatorsAlone,
  insertOperator,
  listOperators,
  lockOperators,
  type OperatorRow,
  readOperator,
  readOperators,
  setOperatorState,
} from "./operator-store.ts";
export {
  insertTaken,
  readTaken,
  readUniqueReferences,
  setUniqueReferences,
  type TakenReference,
} from "./reference-store.ts";
export { evened } from "./spoken.ts";
export { isDisguised, isUnseen, looksOf } from "./lookalikes.ts";
export { type PartyRow, readParties, readShops, type ShopAccount, type ShopRow } from "./store.ts";
export {
  type FigureKind,
  type OperatorState,
  type PartyKind,
  partyKinds,
  type PartyState,
  tradingKinds,
} from "./kinds.ts";
export {
  insertPartyAct,
  lockFrozenLimits,
  type PartyAct,
  readPaidOutEarly,
  readPartyAct,
  readStanding,
  setIndependence,
  writeStanding,
} from "./standing-store.ts";
export { paidEarlyFrom, type Standing, usualStanding } from "./standing.ts";
export {
  addReturnAddress,
  listReturnAddresses,
  readReturnAddress,
  shownAddress,
} from "./return-address-store.ts";
export { addFigures, type Figure, readFigures } from "./figures-store.ts";
