/** Who is calling: API keys of parties, sign-ins of people; and the links that open one trade. */
export {
  attemptsWindowMs,
  contactCookie,
  type Credentials,
  deviceCookie,
  guestCookie,
  type Identity,
  type IdentityOptions,
  issueKey,
  issueRecipientSession,
  linkCookie,
  networkOf,
  type Opened,
  openIdentity,
  type RecipientSession,
  rotateKeys,
  sessionCookie,
  sessionLifetimeMs,
  type SignedIn,
} from "./identification.ts";
export {
  type GuestLinks,
  guestTokens,
  openGuestLinks,
  withGuestToken,
  withoutGuest,
} from "./guest-links.ts";
export { makePresence, type Presence } from "./presence.ts";
export { isSameAddress, isSamePhone, normalEmail } from "./own-hand.ts";
export {
  endKeysAt,
  allowReset,
  closeLogins,
  deleteOtherSessions as endOtherSessions,
  deleteSessionsOf as endSessionsOf,
  endSession,
  isYoungSession,
  listSessions,
  isHeld,
  type KeyRow,
  listKeys,
  type LoginRow,
  loginsAt,
  loginsOf,
  moveLogin,
  openServerSecret,
  readLogin,
  revokeKey,
  setPassword,
} from "./store.ts";
export { contactPrefix, hashBytes, makeSecret, prefixOf, secretHash } from "./secrets.ts";
export { makeSeal, type Seal, type TradeLinks, tradeLinks } from "./trade-links.ts";
export {
  type Caller,
  type CallerKind,
  type KeyOwnerKind,
  type LoginKind,
  nobody,
  type ShopRole,
  shopRoles,
  signerOf,
} from "./callers.ts";
