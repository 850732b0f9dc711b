/**
 * The payment institution (支払機関サーバ 30): keeps members and their accounts, freezes and pays. In the
 * direct topology (second embodiment, figures 6 and 7) the trades and their acceptance live here too.
 */
export { consentToCollect, consentToReceive } from "./consents.ts";
export { openPeerAccount } from "./peer-account-routes.ts";
export {
  createInstitution,
  type Institution,
  type InstitutionOptions,
  registerInstitutionPages,
} from "./institution-server.ts";
