/** Failures that no caller is told of: those of what a server does by itself. */
import { errorCode, isTransient } from "../../storage/database/database.ts";
import type { Gauges } from "./metrics.ts";

/** Milliseconds between two looks whether a database that was away is back. */
const lookAgainMs = 1000;

interface FailureLog {
  error(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  info(facts: object, message: string): void;
}

/**
 * Writes failures into the log. Of a database that cannot be used it says so once, and once that it can be again: `isBack`
 * resolves where it can. Everything that runs by itself meets the same outage many times a second.
 */
export function failureLog(log: FailureLog, isBack: () => Promise<unknown>): (error: unknown) => void {
  let away = false;

  async function lookAgain(): Promise<void> {
    try {
      await isBack();
    } catch {
      setTimeout(() => void lookAgain(), lookAgainMs).unref();
      return;
    }
    away = false;
    log.info({}, "the database can be used again");
  }

  return (error) => {
    const outage = [error, error instanceof Error ? error.cause : undefined].find(isTransient);
    if (outage === undefined) {
      log.error({ err: error }, "failed");
      return;
    }
    if (away) return;
    away = true;
    const message = outage instanceof Error ? outage.message : "";
    log.error({ code: errorCode(outage), message }, "the database cannot be used");
    setTimeout(() => void lookAgain(), lookAgainMs).unref();
  };
}

/** Another server that this one asks. */
export interface Contact {
  id: string;
  name: string;
}

/** Which other servers could not be reached when they were last asked. */
export interface Contacts {
  /** Notes how it went to ask for something of this kind; `trouble` says what stood in the way, without it nothing did. */
  note(contact: Contact, kind: string, trouble?: string): void;
  isLost(contact: Contact): boolean;
  /** The same for Prometheus, of these. */
  gauges(contacts: readonly Contact[]): Gauges;
}

const longestTrouble = 500;

/**
 * Keeps what is known of other servers, and writes into the log once that one was lost, why, and once that it is found:
 * whatever waits for it is tried many times meanwhile. A server is found when all that failed has been done again.
 */
export function contactLog(log: FailureLog): Contacts {
  const failing = new Map<string, Set<string>>();
  const isLost = ({ id }: Contact): boolean => (failing.get(id)?.size ?? 0) > 0;
  return {
    note: ({ id, name }, kind, trouble) => {
      const kinds = failing.get(id) ?? new Set();
      failing.set(id, kinds);
      const wasLost = kinds.size > 0;
      if (trouble === undefined) kinds.delete(kind);
      else kinds.add(kind);
      const party = { id, name };
      if (trouble !== undefined && !wasLost)
        log.warn({ party, reason: trouble.slice(0, longestTrouble) }, "another server cannot be reached");
      if (trouble === undefined && wasLost && kinds.size === 0)
        log.info({ party }, "the other server can be reached again");
    },
    isLost,
    gauges: (contacts) => ({
      help: { kenshu_party_lost: "Whether another server could not be reached when it was last asked." },
      read: async () =>
        Object.fromEntries(
          contacts.map((each) => [`kenshu_party_lost{party="${each.id}"}`, isLost(each) ? 1 : 0]),
        ),
    }),
  };
}

/** What an error and its causes say, in a line: `fetch` keeps what hindered it a cause deep. */
export function reasonOf(error: unknown): string {
  const said: string[] = [];
  for (let each = error; each instanceof Error && said.length < 4; each = each.cause)
    said.push(each.message === "" ? (errorCode(each) ?? each.name) : each.message);
  return said.join(": ");
}
