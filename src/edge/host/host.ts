/**
 * The wiring that every trading server has: its database, who is calling, trades with the server's means of payment, the
 * calls and pages of members, parties and trades, signed messages, the sandbox's clock, and an orderly end. A party adds
 * what only it has.
 */
export { checkKeys, rewrapAll } from "./keys.ts";
export type { HostOptions } from "./host-options.ts";
export { engineGauges } from "./gauges.ts";
export { mailUseOf } from "./mails.ts";
export { fromOutside, type Outside } from "./outside.ts";
export {
  type Host,
  openHost,
  sweepEveryMs,
} from "./trading-server.ts";
