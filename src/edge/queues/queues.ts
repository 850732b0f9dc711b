/**
 * What waits for operators, and whom and what they decide about: acts that a second one confirms, disputes, applications,
 * parties, other servers. The same acts as by calls, behind pages.
 */
export { registerQueues } from "./all-queues.ts";
export { registerLookCall } from "./waiting-pages.ts";
