/** Messages that this process has taken on, by endpoint: a few are being sent, the others wait for their turn. */
import type { ClaimedDelivery } from "../../engines/outbox/outbox.ts";

/** Requests that are sent to one receiver at a time: a slow one holds up itself only. */
export const perEndpoint = 4;
/** A request with several messages brings so many bytes at most. */
const bytesTogether = 128 * 1024;
/** Of one receiver no more are taken on while they come to so many bytes. */
export const bytesMost = 512 * 1024;
/** So many more are taken on for a receiver that answers at once: else each message would cost a look into the database. */
const ahead = 28;
/** And so many of all receivers together. They take no place from what is sent, of whomever. */
const aheadMost = 256;
/** Of so many receivers whose messages have all been sent it is known that they answer at once. */
const restingMost = 64;
/** A receiver that takes no longer (milliseconds) answers at once. */
const promptMs = 1000;

interface Waiting {
  delivery: ClaimedDelivery;
  since: number;
}

interface Line {
  /** Requests. */
  sending: number;
  /** Messages; most of the time a request brings one. */
  waiting: Waiting[];
  perRequest: number;
  /** Of all messages that are sent or wait. */
  bytes: number;
  isPrompt: boolean;
}

/**
 * `holdMs`: how long a message may wait here before it has to be given back, since it belongs to this process for a time only.
 * Times are milliseconds of a clock that only grows.
 */
export class Lines {
  private readonly lines = new Map<string, Line>();
  /** Those of receivers for which nothing is left, the latest last. */
  private readonly resting = new Map<string, Line>();
  private readonly holdMs: number;

  constructor(holdMs: number) {
    this.holdMs = holdMs;
  }

  /** All requests that are sent and messages that wait. */
  get size(): number {
    return this.sum(allOf);
  }

  /** How many places of those that are sent are taken: of each receiver no more than it has, however many wait for it. */
  get taken(): number {
    return this.sum((line) => Math.min(perEndpoint, allOf(line)));
  }

  /** How many more may be taken on ahead. */
  get aheadLeft(): number {
    return Math.max(0, aheadMost - (this.size - this.taken));
  }

  /** How many more may be taken on, by endpoint. */
  get room(): Map<string, number> {
    const left = this.aheadLeft;
    return new Map(
      [...this.resting, ...this.lines].map(([endpoint, line]) => {
        const [all, isAhead] = [allOf(line), line.isPrompt && this.holdMs > promptMs];
        const more = isAhead ? Math.min(left, perEndpoint + ahead - Math.max(all, perEndpoint)) : 0;
        if (line.bytes >= bytesMost) return [endpoint, 0];
        const now = (perEndpoint - line.sending) * line.perRequest - line.waiting.length;
        return [endpoint, Math.max(0, now) + Math.max(0, more)];
      }),
    );
  }

  private sum(of: (line: Line) => number): number {
    return [...this.lines.values()].reduce((all, line) => all + of(line), 0);
  }

  add(delivery: ClaimedDelivery, now: number): void {
    const line = this.lines.get(delivery.endpoint) ??
      this.resting.get(delivery.endpoint) ?? {
        sending: 0,
        waiting: [],
        perRequest: 1,
        bytes: 0,
        isPrompt: false,
      };
    this.lines.set(delivery.endpoint, line);
    this.resting.delete(delivery.endpoint);
    line.perRequest = delivery.perRequest;
    line.bytes += bytesOf(delivery);
    line.waiting.push({ delivery, since: now });
  }

  /**
   * The next messages to be sent to an endpoint, which are then being sent, by requests; and those that have waited too long.
   */
  next(endpoint: string, now: number): { send: ClaimedDelivery[][]; stale: ClaimedDelivery[] } {
    const line = this.lines.get(endpoint);
    if (line === undefined) return { send: [], stale: [] };
    const isStale = ({ since }: Waiting) => now - since > Math.max(this.holdMs, promptMs);
    const stale = line.waiting.filter(isStale);
    line.waiting = line.waiting.filter((each) => !isStale(each));
    for (const { delivery } of stale) line.bytes -= bytesOf(delivery);
    const send: ClaimedDelivery[][] = [];
    while (line.waiting.length > 0 && line.sending < perEndpoint) {
      send.push(line.waiting.splice(0, togetherIn(line)).map(deliveryOf));
      line.sending += 1;
    }
    return { send, stale: stale.map(deliveryOf) };
  }

  /** A request with these messages has ended, which took so long. Answers whether nothing waits for that endpoint any more. */
  ended(endpoint: string, tookMs: number, sent: readonly ClaimedDelivery[]): boolean {
    const line = this.lines.get(endpoint);
    if (line === undefined) return true;
    line.sending -= 1;
    for (const delivery of sent) line.bytes -= bytesOf(delivery);
    line.isPrompt = tookMs <= promptMs;
    if (line.waiting.length > 0) return false;
    if (line.sending === 0) this.rest(endpoint, line);
    return true;
  }

  private rest(endpoint: string, line: Line): void {
    this.lines.delete(endpoint);
    if (!line.isPrompt) return;
    this.resting.set(endpoint, line);
    const [longest] = this.resting.keys();
    if (this.resting.size > restingMost && longest !== undefined) this.resting.delete(longest);
  }

  /** Takes away all that waits. */
  clear(): ClaimedDelivery[] {
    return [...this.lines.values()].flatMap((line) => line.waiting.splice(0).map(deliveryOf));
  }
}

/**
 * How many of those that wait come in the next request: no more than go to one address under one secret, and what was refused
 * before alone, since it may be what was wrong.
 */
function togetherIn({ waiting, perRequest }: Line): number {
  const [first] = waiting;
  let bytes = 0;
  const end = waiting.slice(0, perRequest).findIndex(({ delivery }) => {
    bytes += bytesOf(delivery);
    return delivery.attempt > 1 || bytes > bytesTogether || !goesWith(delivery, first?.delivery);
  });
  return end === -1 ? perRequest : Math.max(1, end);
}

/** They were claimed one after the other, and the endpoint may have been changed between them. */
function goesWith(one: ClaimedDelivery, other: ClaimedDelivery = one): boolean {
  const isSame = one.url === other.url && one.wanted === other.wanted;
  return isSame && one.secrets.every((secret, index) => other.secrets[index]?.equals(secret) === true);
}

const bytesOf = ({ payload }: ClaimedDelivery): number => Buffer.byteLength(payload);

const allOf = ({ sending, waiting }: Line): number => sending + waiting.length;
const deliveryOf = ({ delivery }: Waiting): ClaimedDelivery => delivery;
