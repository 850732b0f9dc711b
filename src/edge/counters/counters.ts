/**
 * Collections over HTTP (代金収納): what servers say is due, what is taken at counters and by whom, and the page on which a
 * clerk takes it.
 */
export { registerCounters } from "./all-counters.ts";
export { setCollector } from "./collectors.ts";
export { DueFacts, FindDue } from "./due-views.tsx";
