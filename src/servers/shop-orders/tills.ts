/** Where customers pay: the trading servers at which the shop sells, and how often it asks them. */
import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";
import { type Kenshu, kenshu } from "@kenshu/sdk";
import type { Language } from "../../edge/words/words.ts";
import type { Database } from "../../storage/database/database.ts";
import type { Keyring } from "../../storage/keyring/keyring.ts";

/** How quickly things are repeated; all in milliseconds. */
export interface Pace {
  /** Between two rounds of the watcher. */
  roundMs: number;
  /** How long a call may be in one process's hands before another one may send it. More than a client's budget. */
  leaseMs: number;
  /** An order in which a step waits is asked about this often. */
  checkMinMs: number;
  /** Any other open order at most this often, and at least this often however long nothing happened; news come earlier. */
  quietMs: number;
  checkMaxMs: number;
  /** How often a server's list of events is read that tells by webhooks, and one that does not. */
  feedMs: number;
  unheardMs: number;
  /** A settled order, which the buyer may still give back, is asked about this often. */
  coolingMs: number;
}

export const usualPace: Pace = {
  roundMs: 500,
  leaseMs: 15_000,
  checkMinMs: 2_000,
  quietMs: 60_000,
  checkMaxMs: 300_000,
  feedMs: 30_000,
  unheardMs: 2_000,
  coolingMs: 600_000,
};

export interface ShopLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** A name, the same in every language or one for each. */
export type Label = string | Readonly<Record<Language, string>>;

/** A trading server at which this shop sells. */
export interface TillOptions {
  /** Kept with each order, so it stays what it is: `direct` for orders from before there was a choice. */
  id: string;
  /** What customers are asked with. */
  label: Label;
  url: string;
  /** This shop's key there. */
  key: string;
  /** Where browsers reach it, if that is not `url`. */
  publicUrl?: string;
  /** Its id of the carrier that brings the goods, if one takes part. */
  carrier?: string;
  /** Of its log, `name+id+key`: from elsewhere, or of a new epoch. Without them the key that is seen first is kept. */
  logKeys?: string[];
}

/** Where customers can pay: a trading server, which freezes the money itself or has it frozen. */
export interface Till {
  id: string;
  /** What customers are asked with. */
  label: Label;
  /** For the watcher, which has time, and for pages, on which somebody waits. */
  patient: Kenshu;
  hurried: Kenshu;
  /** The page of a trade there. */
  tradeUrl: (number: string) => string;
  /** The page of a trade there on which the shop's people act. */
  deskUrl: (number: string) => string;
  /** Where the shop's people see their money there, and are paid out. */
  moneyUrl: string;
  /** Where they set there what the server knows of the shop. */
  settingsUrl: string;
  /** The page there on which the recipient of a present finds it by its number and the code from the parcel. */
  giftUrl: (number: string) => string;
  /** Origins to which a form of ours may lead on. */
  origins: readonly string[];
  /** The id there of the carrier that brings the goods, if it takes part. */
  carrier: string | undefined;
  logKeys: readonly string[];
  /** The time zone of the server, of whose days the dates there are; UTC as long as it has not been reached. */
  timeZone: () => Promise<string>;
}

/** Where browsers reach a trading server, without a slash at the end. */
export const reachOf = ({ publicUrl, url }: TillOptions): string => (publicUrl ?? url).replace(/\/+$/, "");

/** How long the zone of a server is taken for what it was, and how long one that did not say it is left alone. */
const [zoneHoldsMs, askAgainMs] = [600_000, 10_000];

/** The zone that a server names, remembered for a while. */
function asked(ask: () => ReturnType<Kenshu["server"]>): () => Promise<string> {
  let known = "UTC";
  let until = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const look = async () => {
    const found = await ask();
    const done = found.outcome === "done";
    if (done) known = found.server.timeZone;
    until = performance.now() + (done ? zoneHoldsMs : askAgainMs);
    asking = undefined;
  };
  return async () => {
    if (performance.now() >= until) await (asking ??= look());
    return known;
  };
}

/** Makes the two clients of a till, which differ in how long they wait. */
export function makeTill(options: TillOptions): Till {
  const { id, label, url, key, carrier, logKeys = [] } = options;
  const seen = reachOf(options);
  // A page with two calls has to be done before the lease on them ends.
  const hurried = kenshu({
    url,
    key,
    timeoutMs: 4_000,
    retry: { attempts: 3, budgetMs: 5_000, firstPauseMs: 100 },
  });
  return {
    id,
    label,
    patient: kenshu({ url, key, timeoutMs: 5_000, retry: { attempts: 3, budgetMs: 10_000 } }),
    hurried,
    timeZone: asked(() => hurried.server()),
    tradeUrl: (number) => `${seen}/trades/${number}`,
    deskUrl: (number) => `${seen}/shop/orders/${number}`,
    moneyUrl: `${seen}/shop/money`,
    settingsUrl: `${seen}/shop/settings`,
    giftUrl: (number) => `${seen}/gift?number=${number}`,
    origins: [...new Set([new URL(url).origin, new URL(seen).origin])],
    carrier,
    logKeys,
  };
}

/** What placing orders and following them needs of a shop. */
export interface OrderContext {
  database: Database;
  /** Seals what is known of customers. */
  keyring: Keyring;
  /** One at least; each has its own id. */
  tills: readonly Till[];
  pace: Pace;
  log: ShopLog;
  /** Told of what failed while the shop did something by itself. */
  onError: (error: unknown) => void;
}

/** What a till is called in a language. */
export const labelIn = (label: Label, lang: Language): string =>
  typeof label === "string" ? label : label[lang];

/** Where an order is paid; undefined where that till is not in the configuration any more. */
export function tillOf({ tills }: OrderContext, order: { till: string }): Till | undefined {
  return tills.find(({ id }) => id === order.till);
}

/** SHA-256 of a text. */
export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
