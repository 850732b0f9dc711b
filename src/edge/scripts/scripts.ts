/** What runs in the browsers of those who read pages. */
export { pageScript, passkeyScript } from "./page-script.ts";
