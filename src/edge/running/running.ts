/** How a server runs, for its operators: figures of its business and of itself, each with the trades behind it. */
export { registerRunning } from "./running-pages.ts";
