/**
 * Webhooks: sends the messages that were written with a change to the endpoints of their owners. Any number of processes
 * may do so on one database. Every committed message arrives at least once, or ends as failed; then its owner sees it and
 * can have it sent again.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { type Database, uuidv7 } from "../../storage/database/database.ts";
import type { Box } from "../../storage/keyring/keyring.ts";
import {
  type AttemptEnd,
  claimDeliveries,
  type ClaimedDelivery,
  disableEndpoint,
  type FailedAttempt,
  forgetDeliveries,
  giveBackDeliveries,
  noteDelivered,
  noteFailures,
} from "../../engines/outbox/outbox.ts";
import { readHead, readNote } from "../../storage/seals/seals.ts";
import { type Guard, makeGuard, type Reach, type Resolve } from "./guard.ts";
import { bytesMost, Lines, perEndpoint } from "./lines.ts";
import { nextAfter } from "./schedule.ts";
import { type Attempt, makeSender, type ReceiverAnswer, type Sender } from "./send.ts";
import { signedHeaders } from "./signature.ts";

export interface WebhooksOptions extends Reach {
  database: Database;
  /** Seals and opens the secrets of endpoints, each in the place of its endpoint's id. */
  box: Box;
  onError: (error: unknown) => void;
  /** How often waiting messages are looked for without a call of `wake`; 500 ms if not given. */
  pollEveryMs?: number;
  /** The longest attempt; 15 s if not given. */
  timeoutMs?: number;
  /** For how long a message belongs to the process that sends it; longer than an attempt. 30 s if not given. */
  leaseMs?: number;
  /** Finds the addresses of a name; the name servers if not given. */
  resolve?: Resolve;
}

export interface Webhooks {
  guard: Guard;
  box: Box;
  /** Looks for messages now: called after a commit that may have written some. */
  wake: () => void;
  /** Takes on no more, waits for what is being sent, and cuts off what takes too long. */
  close: () => Promise<void>;
}

/** Messages that one process sends at a time. */
const sendingMost = 256;
const closeAfterMs = 5000;
/** Messages that ended are shown for so long. */
const keptDays = 30;
const forgetEveryMs = 3_600_000;
const forgetAtOnce = 5000;

type Running = Required<Omit<WebhooksOptions, "resolve">> & {
  guard: Guard;
  sender: Sender;
  /** What ends each attempt that is under way. */
  cuts: Set<AbortController>;
  /** Records that a message has arrived. */
  delivered: (end: AttemptEnd) => Promise<void>;
};

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const guard = makeGuard(options, options.resolve);
  const running: Running = {
    pollEveryMs: 500,
    timeoutMs: 15_000,
    leaseMs: 30_000,
    ...options,
    guard,
    sender: makeSender(guard),
    cuts: new Set(),
    delivered: gather((ends) => noteDelivered(options.database, ends)),
  };
  const { database, onError, box, sender, cuts } = running;
  const { wake, end } = makeLoop(running);
  const poll = setInterval(wake, running.pollEveryMs);
  const forget = setInterval(() => {
    forgetDeliveries(database, keptDays, forgetAtOnce).catch(onError);
  }, forgetEveryMs);
  wake();
  return {
    guard,
    box,
    wake,
    close: async () => {
      clearInterval(poll);
      clearInterval(forget);
      const cut = setTimeout(() => {
        for (const each of cuts) each.abort();
      }, closeAfterMs);
      await end();
      clearTimeout(cut);
      sender.close();
    },
  };
}

/** How long after messages were claimed others are (milliseconds): what is written meanwhile is claimed together. */
const paceMs = 40;

/** Claims whenever it is woken or a line has run out, and begins what it has claimed. */
function makeLoop(running: Running): { wake: () => void; end: () => Promise<void> } {
  const { database, onError, leaseMs, timeoutMs } = running;
  const lines = new Lines(leaseMs - timeoutMs - closeAfterMs);
  const { track, allEnded } = trackWork();
  const lately = lastNote(database);
  let note: string | undefined;
  let lookedAt = -Infinity;
  let looking: Promise<void> | undefined;
  let woken = false;
  let ended = false;

  async function attempt(endpoint: string, deliveries: readonly ClaimedDelivery[]): Promise<void> {
    const began = performance.now();
    await deliver(running, deliveries, note, track).catch(onError);
    const ranOut = lines.ended(endpoint, performance.now() - began, deliveries);
    if (ranOut || ended) wake();
    else begin(endpoint);
  }

  function begin(endpoint: string): void {
    const { send, stale } = lines.next(endpoint, performance.now());
    if (stale.length > 0) track(giveBackDeliveries(database, stale).catch(onError));
    for (const deliveries of send) track(attempt(endpoint, deliveries));
  }

  const mayClaim = (): boolean => woken && !ended && lines.taken < sendingMost;

  async function look(): Promise<void> {
    while (mayClaim()) {
      // Several ends and commits are one reason to look: after a pause the first is looked for at once.
      await pause(Math.max(0, lookedAt + paceMs - performance.now()));
      if (ended) return;
      woken = false;
      const most = sendingMost - lines.taken + lines.aheadLeft;
      const { room } = lines;
      const claimed = await claimDeliveries(database, { most, perEndpoint, room, bytesMost, leaseMs });
      if (claimed.length === 0) continue;
      note = await lately();
      lookedAt = performance.now();
      for (const delivery of claimed) lines.add(delivery, lookedAt);
      if (ended) return;
      for (const endpoint of new Set(claimed.map((each) => each.endpoint))) begin(endpoint);
    }
  }

  function wake(): void {
    woken = true;
    if (ended || looking !== undefined) return;
    looking = look()
      .catch(onError)
      .finally(() => {
        looking = undefined;
        if (mayClaim()) wake();
      });
  }

  return {
    wake,
    end: async () => {
      ended = true;
      await looking;
      const unsent = lines.clear();
      if (unsent.length > 0) await giveBackDeliveries(database, unsent).catch(onError);
      await allEnded();
    },
  };
}

/** Work that nobody waits for before the end. */
function trackWork(): { track: (work: Promise<void>) => void; allEnded: () => Promise<void> } {
  const running = new Set<Promise<void>>();
  return {
    track: (work) => {
      const tracked = work.finally(() => running.delete(tracked));
      running.add(tracked);
    },
    allEnded: async () => {
      // An attempt that ends has something to record.
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** What is sent with messages need not be newer than this. */
const noteMs = 1000;

/** What this server's log signed lately: whoever gets it with a message can hold the log to it for ever. */
function lastNote(database: Database): () => Promise<string | undefined> {
  let note: string | undefined;
  let readAt = -Infinity;
  return async () => {
    if (performance.now() - readAt < noteMs) return note;
    readAt = performance.now();
    const head = await readHead(database);
    note = head && (await readNote(database, head));
    return note;
  };
}

/** How long what has arrived waits for others (milliseconds) before it is recorded with them. */
const gatherMs = 40;

/** Does for all that wait together what would cost as much for each of them; those that come meanwhile are next. */
function gather<Item>(work: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let waiting: Item[] = [];
  let next: Promise<void> | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const take = (): Promise<void> => {
    const items = waiting;
    waiting = [];
    next = undefined;
    return work(items);
  };
  return (item) => {
    waiting.push(item);
    if (next === undefined) {
      next = Promise.all([running, pause(gatherMs)]).then(take);
      running = next.catch(() => {});
    }
    return next;
  };
}

/**
 * One attempt to bring messages to their endpoint, and what follows from it for each. That they arrived is recorded `later`,
 * with others: the next request need not wait for it.
 */
async function deliver(
  running: Running,
  deliveries: readonly ClaimedDelivery[],
  note: string | undefined,
  later: (work: Promise<void>) => void,
): Promise<void> {
  const { database, delivered, onError } = running;
  const [first] = deliveries;
  if (first === undefined) return;
  const { endpoint, sentAt, wanted } = first;
  if (!wanted) {
    const error = "endpoint_ended";
    await noteFailures(
      database,
      deliveries.map(({ id, attempt }) => ({ id, attempt, status: null, error, againInSeconds: null })),
    );
    return;
  }
  const answer = await sendInTime(running, requestOf(running, first, deliveries, note));
  const failed: FailedAttempt[] = [];
  let isGone = false;
  for (const { id, attempt } of deliveries) {
    const end = { id, attempt, ...ending(answer) };
    const next = nextAfter(attempt, answer, sentAt);
    if (next.do === "done") later(delivered(end).catch(onError));
    else failed.push({ ...end, againInSeconds: next.do === "again" ? next.inSeconds : null });
    isGone ||= next.do === "give up" && next.gone;
  }
  if (isGone) await disableEndpoint(database, endpoint);
  if (failed.length > 0) await noteFailures(database, failed);
}

/** A message as it is, under its id; several as one, under an id of its own, each of them with its id in it. */
function requestOf(
  { box }: Running,
  { endpoint, url, secrets, id, payload, sentAt }: ClaimedDelivery,
  deliveries: readonly ClaimedDelivery[],
  note: string | undefined,
): Attempt {
  const isOne = deliveries.length === 1;
  const body = isOne ? payload : together(deliveries, sentAt);
  const open = (sealed: Buffer) => box.open(endpoint, sealed);
  const headers = {
    ...signedHeaders(isOne ? id : uuidv7(), sentAt, body, secrets.map(open)),
    ...(note === undefined ? {} : { "kenshu-checkpoint": Buffer.from(note).toString("base64") }),
  };
  return { url, headers, body };
}

/** Payloads are objects in JSON, and stay the bytes that they are. */
function together(deliveries: readonly ClaimedDelivery[], at: Date): string {
  const messages = deliveries.map(({ id, payload }) => `{"id":"${id}",${payload.slice(1)}`);
  return `{"type":"webhook.messages","timestamp":"${at.toISOString()}","data":{"messages":[${messages.join(",")}]}}`;
}

async function sendInTime({ sender, timeoutMs, cuts }: Running, attempt: Attempt): Promise<ReceiverAnswer> {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), timeoutMs);
  cuts.add(cut);
  try {
    return await sender.send(attempt, cut.signal);
  } finally {
    clearTimeout(timer);
    cuts.delete(cut);
  }
}

function ending(answer: ReceiverAnswer): { status: number | null; error: string | null } {
  return "status" in answer ? { status: answer.status, error: null } : { status: null, error: answer.error };
}
