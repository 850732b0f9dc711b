/**
 * Sends commands to the institution from outside and keeps a journal of them that no crash reaches: what was meant, and
 * whether it ended `ok`, `refused` or `unknown`. What has no answer is sent again with the same key until it has one,
 * except for a few that are left unknown on purpose.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { TradeView } from "../../../src/core/protocol/protocol.ts";
import type { Chance } from "../sim/chance.ts";
import { bearer, type Headers, type Json, type Reply, request } from "../wire/http.ts";

export interface Command {
  /** The last part of the address: propose, accept, transfer … */
  op: string;
  path: string;
  who: Headers;
  body: Json;
}

export interface Entry extends Command {
  key: string;
  /** `intent` until the first answer; `unknown` where the driver gave up without one. */
  outcome: "intent" | "ok" | "refused" | "unknown";
  /** How often it was sent, and how many of these got no answer that says anything. */
  sent: number;
  lost: number;
  status: number;
  code: string;
  replayed: boolean;
  json: Json;
}

/** What a trade has to be, by everything that was acknowledged. */
export interface KnownTrade {
  number: string;
  reference: string;
  member: string;
  state: TradeView["state"];
  money: Money;
  version: number;
  /** The same after a command whose outcome the driver does not know. */
  perhaps?: { state: TradeView["state"]; money: Money };
}

export interface Money {
  amount: number;
  frozen: number;
  settled: number;
  released: number;
  refunded: number;
}

export interface Driver {
  journal: Entry[];
  trades: KnownTrade[];
  /** Proposals without an answer: zero or one trade each. */
  lostProposals: { reference: string; member: string; amount: number }[];
  /** Money that came in or went out, by account. */
  transfers: { id: string; account: string; amount: number; certain: boolean }[];
  /** What an answer said that could not be true by the answers before it. */
  surprises: string[];
  /** Answers so far. */
  answered(): number;
  /** Gives a command a key and sends it until it is answered. Undefined where it was left unknown. */
  send(command: Command, options?: { key?: string; mustEnd?: boolean }): Promise<Entry>;
  isOver: () => boolean;
  readonly chance: Chance;
  readonly shop: Headers;
  readonly admin: Headers;
  readonly url: string;
}

/** Answers that say that nothing was done and that the same may be asked again. */
export const nothingDone: ReadonlySet<string> = new Set(["unavailable", "overloaded", "trade_busy"]);

export function makeDriver(options: {
  url: string;
  shopKey: string;
  adminKey: string;
  chance: Chance;
  /** In a hundred: how many commands are left unknown when their first attempt gets no answer. */
  givesUp: number;
  /** True when the test is over, whatever came of it: then nobody waits for an answer any more. */
  isOver: () => boolean;
  /** How long to wait for an answer, in milliseconds. */
  timeoutMs?: number;
}): Driver {
  const { url, chance, givesUp, isOver, timeoutMs } = options;
  const journal: Entry[] = [];
  let answered = 0;
  const send: Driver["send"] = async (command, { key = randomUUID(), mustEnd = false } = {}) => {
    const entry: Entry = {
      ...command,
      key,
      outcome: "intent",
      sent: 0,
      lost: 0,
      status: 0,
      code: "",
      replayed: false,
      json: {},
    };
    journal.push(entry);
    const patient = mustEnd || !chance.percent(givesUp);
    while (entry.outcome === "intent" && !isOver()) {
      entry.sent += 1;
      const reply = await sendOnce(url, entry, timeoutMs);
      note(entry, reply);
      if (entry.outcome !== "intent") break;
      if (!patient) {
        // Told each time that nothing was done, the driver may rely on it.
        entry.outcome = entry.lost === 0 ? "refused" : "unknown";
        return entry;
      }
      await pause(chance.int(5, 40));
    }
    answered += 1;
    return entry;
  };
  return {
    journal,
    chance,
    url,
    send,
    isOver,
    trades: [],
    lostProposals: [],
    transfers: [],
    surprises: [],
    answered: () => answered,
    shop: bearer(options.shopKey),
    admin: bearer(options.adminKey),
  };
}

async function sendOnce(
  url: string,
  { path, who, key, body }: Entry,
  timeoutMs: number | undefined,
): Promise<Reply | undefined> {
  try {
    return await request(`${url}${path}`, "POST", { ...who, "idempotency-key": key }, body, timeoutMs);
  } catch {
    return undefined;
  }
}

function note(entry: Entry, reply: Reply | undefined): void {
  // 202: it was taken on, and how it will end is not known yet.
  if (reply === undefined || reply.status === 202 || (reply.status >= 500 && !nothingDone.has(reply.code))) {
    entry.lost += 1;
    entry.status = reply?.status ?? 0;
    entry.code = reply?.code ?? "";
    return;
  }
  const { status, code, json } = reply;
  Object.assign(entry, { status, code, json, replayed: reply.headers.get("idempotent-replayed") === "true" });
  if (nothingDone.has(code)) return;
  entry.outcome = status < 300 ? "ok" : "refused";
}
