/** What runs in the browsers of those who read pages. */
export { pageScript } from "./page-script.ts";
