/** What the parts of the shop share. */
import { createHash } from "node:crypto";
import type { Kenshu } from "@kenshu/sdk";
import type { Database } from "../../storage/database/database.ts";
import type { Cookies } from "../../edge/http/http.ts";

/** How quickly things are repeated; all in milliseconds. */
export interface Pace {
  /** Between two rounds of the watcher. */
  roundMs: number;
  /** How long a call may be in one process's hands before another one may send it. More than a client's budget. */
  leaseMs: number;
  /** An open order is asked about at most this often, and at least this often however long nothing happened. */
  checkMinMs: number;
  checkMaxMs: number;
  /** A settled order, which the buyer may still give back, is asked about this often. */
  coolingMs: number;
}

export const usualPace: Pace = {
  roundMs: 500,
  leaseMs: 15_000,
  checkMinMs: 2_000,
  checkMaxMs: 300_000,
  coolingMs: 600_000,
};

export interface ShopLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Where customers can pay: a trading server, which freezes the money itself or has it frozen. */
export interface Till {
  id: string;
  /** What customers are asked with. */
  label: string;
  /** For the watcher, which has time, and for pages, on which somebody waits. */
  patient: Kenshu;
  hurried: Kenshu;
  /** The page of a trade there. */
  tradeUrl: (number: string) => string;
  /** Origins to which a form of ours may lead on. */
  origins: readonly string[];
  /** The id there of the carrier that brings the goods, if it takes part. */
  carrier: string | undefined;
}

export interface Shop {
  name: string;
  /** IANA name of the zone in which times are told. */
  timeZone: string;
  database: Database;
  /** One at least; each has its own id. */
  tills: readonly Till[];
  pace: Pace;
  log: ShopLog;
  cookies: Cookies;
  /** SHA-256 of the staff's password; what was typed is compared with it in constant time. */
  staffPassword: Buffer;
}

/** Where an order is paid; undefined where that till is not in the configuration any more. */
export function tillOf({ tills }: Shop, order: { till: string }): Till | undefined {
  return tills.find(({ id }) => id === order.till);
}

export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
