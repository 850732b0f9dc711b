/** Those who do business on this server: shops with their accounts and fees, carriers, providers, operators. */
export {
  insertOperator,
  insertParty,
  insertShopAccounts,
  listOperators,
  listParties,
  listShopAccounts,
  lockParty,
  type OperatorRow,
  type PartyDetails,
  readOperator,
  readParty,
  readPartyLanguage,
  readReturnUrls,
  setOperatorState,
  setPartyLanguage,
  setPartyState,
  setReturnUrls,
  setShopFee,
} from "./party-store.ts";
export { type PartyRow, readParties, readShops, type ShopAccount, type ShopRow } from "./store.ts";
export { type OperatorState, type PartyKind, partyKinds, type PartyState } from "./kinds.ts";
