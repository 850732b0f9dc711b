/** Passkeys as they are stored, and what was proved already: so that nothing is proved twice. */
export {
  endPasskey,
  endPasskeysOf,
  endYoungPasskeys,
  insertPasskey,
  listPasskeys,
  lockSignIn,
  notePasskeyUse,
  type PasskeyRow,
  passkeyOf,
  passkeysOf,
  renamePasskey,
  standingOf,
} from "./passkey-store.ts";
export { countMoved, realClock, useProof, usedFor } from "./proof-store.ts";
