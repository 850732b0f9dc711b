/** Those who do business on this server: shops with their accounts and fees, carriers, providers, operators. */
export { type PartyRow, readParties, readShops, type ShopAccount, type ShopRow } from "./store.ts";
export {
  type FeeRoundTo,
  feeRoundings,
  type PartyKind,
  type PartyState,
  partyKinds,
  partyStates,
} from "./words.ts";
