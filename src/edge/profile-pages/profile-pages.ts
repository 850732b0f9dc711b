/** The pages on which people change what is known of them and what they sign in with, and come by the links in mails. */
export { registerProfilePages } from "./all-pages.ts";
