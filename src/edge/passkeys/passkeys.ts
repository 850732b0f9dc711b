/** Passkeys beside passwords: registered, called, taken away, and signed in with; and proofs that programs show with an act. */
export { registerPasskeys } from "./all-passkeys.ts";
