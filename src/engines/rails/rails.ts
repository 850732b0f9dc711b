/**
 * The means of payment of a trading server, as the trade engine uses it. A trading server is members, trades and one of
 * these; what differs between servers is behind this interface and nowhere else (ARCHITECTURE.md).
 */
export { guarantee, openOnGuarantee, takingAccount } from "./guarantee.ts";
export { type MoneyEffect, type OpenRail, type Rail } from "./rail.ts";
export { openOnConsents, remoteInstitution } from "./remote-institution.ts";
export { ownBooks } from "./own-books.ts";
export { readRemoteAccounts, readTied, type RemoteAccount, tieAccounts } from "./remote-account-store.ts";
