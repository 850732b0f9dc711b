/** How often somebody has been wrong, counted where all processes of a server see it. */
export { openTries, type Tries } from "./counting.ts";
