/**
 * The keys of the configuration, which never enter the database, and what they protect there: the keys of people, and the
 * server's own secrets, by which it signs, makes links and codes, and knows passwords.
 */
export { decrypt, encrypt, keyBytes, type Keyring, openKeyring, type WrappedKey } from "./wrapping.ts";
export {
  type Box,
  checkSecrets,
  openBox,
  openSecret,
  rewrapSecrets,
} from "./secrets-store.ts";
