/**
 * Whether a server is an institution to others as docs/between-parties.md says: plays a server that has its leave, and
 * another that has not, asks what they may and may not ask, and looks at every answer.
 */
export { type RuleResult, rules, tryRules } from "./suite.ts";
export type { ConformanceConfig } from "./workbench.ts";
export { Broken } from "./message.ts";
