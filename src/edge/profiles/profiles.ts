/**
 * What is known of people and what they sign in with, changed by themselves, by whoever reads their mail, or by operators
 * with proof: so that neither a thief of a session, nor of a mailbox, nor an operator takes over somebody's sign-in alone.
 */
export { tellOf } from "./letters.ts";
export { firstSignInSchema, refusalsOfFirst } from "./admission-routes.ts";
export { applicantNoted, signInFirst } from "./admissions.ts";
export { confirmEmail, takeBackEmail, wishEmail } from "./emails.ts";
export { type House, lasting, openProfiles, type Profiles, writeLetter } from "./footing.ts";
export { letterNow } from "./letters.ts";
export { changeOwn, changePassword, eraseOwn, knownEmail, provenLogin } from "./own-changes.ts";
export { askReset, refuseWithoutMails, resetPassword } from "./resets.ts";
export { registerProfileRoutes } from "./link-routes.ts";
export { whoSignsIn } from "./routes.ts";
