/** What every trading server is told. */
import { type House } from "../profiles/profiles.ts";
import type { Defaults } from "../../core/trade/trade.ts";
import type { Settings } from "../api/api.ts";
import type { LogLevel } from "../http/http.ts";
import type { SmtpOptions } from "../mail/mail.ts";
import type { KeySource } from "../signing/signing.ts";
import type { PersonLanguage } from "../../storage/members/members.ts";

export interface HostOptions {
  /** A migrated database and the schema in it. */
  url: string;
  schema: string;
  /** The role that may not change what has been recorded. */
  role: string;
  /** Where people, shops and other servers reach this one, without a slash at the end. */
  publicUrl: string;
  version: string;
  settings: Settings;
  /** What proposals leave out, and within what bounds they set it; left out, what is usual. */
  terms?: Defaults;
  /**
   * Keys of 32 bytes that wrap those of people, and the server's own secrets: the first from now on, the others as long
   * as they are needed.
   */
  personalDataKeys: readonly Buffer[];
  /** Keys by which it signs that are not its own to make; without them it keeps its own in the database. */
  signBy?: Exclude<KeySource, { kind: "kept" }> | undefined;
  /** How long it goes on as before, told to stop, after it has said that it is not ready; in milliseconds. */
  noticeMs?: number;
  sandbox: boolean;
  log: LogLevel;
  trustedProxies?: string[];
  /** Origins of sites whose scripts may call with a key. */
  browserOrigins?: readonly string[];
  /** Origins of which pages show the pictures that shops name with their lines; the server itself fetches none. */
  imagesFrom?: readonly string[];
  /** Receivers of webhooks inside the network, as `host:port`; all others have to be public. */
  webhooksMayReach?: string[];
  /** How mails are sent, and the language of those who have said none; without it a sandbox shows what it would send. */
  smtp?: (SmtpOptions & { language?: PersonLanguage }) | undefined;
}

/** There is credit where accounts are kept. */
export function houseOf({ settings, smtp }: HostOptions, name: string, elsewhere: boolean): House {
  const { timeZone, currencies } = settings;
  return { name, timeZone, language: smtp?.language ?? "en", creditIn: elsewhere ? [] : currencies };
}
