/** Messages that this process has taken on, by endpoint: a few are being sent, the others wait for their turn. */
import type { ClaimedDelivery } from "../../engines/outbox/outbox.ts";

/** Messages that are sent to one receiver at a time: a slow one holds up itself only. */
export const perEndpoint = 4;
/** So many more are taken on for a receiver that answers at once: else each message would cost a look into the database. */
const ahead = 28;
/** And so many of all receivers together. They take no place from what is sent, of whomever. */
const aheadMost = 256;
/** A receiver that takes no longer (milliseconds) answers at once. */
const promptMs = 1000;

interface Waiting {
  delivery: ClaimedDelivery;
  since: number;
}

interface Line {
  sending: number;
  waiting: Waiting[];
  isPrompt: boolean;
}

/**
 * `holdMs`: how long a message may wait here before it has to be given back, since it belongs to this process for a time only.
 * Times are milliseconds of a clock that only grows.
 */
export class Lines {
  private readonly lines = new Map<string, Line>();
  private readonly holdMs: number;

  constructor(holdMs: number) {
    this.holdMs = holdMs;
  }

  /** All messages that are sent or wait. */
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
      [...this.lines].map(([endpoint, line]) => {
        const [all, isAhead] = [allOf(line), line.isPrompt && this.holdMs > promptMs];
        const more = isAhead ? Math.min(left, perEndpoint + ahead - Math.max(all, perEndpoint)) : 0;
        return [endpoint, Math.max(0, perEndpoint - all) + Math.max(0, more)];
      }),
    );
  }

  private sum(of: (line: Line) => number): number {
    return [...this.lines.values()].reduce((all, line) => all + of(line), 0);
  }

  add(delivery: ClaimedDelivery, now: number): void {
    const line = this.lines.get(delivery.endpoint) ?? { sending: 0, waiting: [], isPrompt: false };
    this.lines.set(delivery.endpoint, line);
    line.waiting.push({ delivery, since: now });
  }

  /** The next messages to be sent to an endpoint, which are then being sent; and those that have waited too long. */
  next(endpoint: string, now: number): { send: ClaimedDelivery[]; stale: ClaimedDelivery[] } {
    const line = this.lines.get(endpoint);
    if (line === undefined) return { send: [], stale: [] };
    const isStale = ({ since }: Waiting) => now - since > Math.max(this.holdMs, promptMs);
    const stale = line.waiting.filter(isStale);
    line.waiting = line.waiting.filter((each) => !isStale(each));
    const send = line.waiting.splice(0, perEndpoint - line.sending);
    line.sending += send.length;
    return { send: send.map(deliveryOf), stale: stale.map(deliveryOf) };
  }

  /** An attempt has ended, which took so long. Answers whether nothing waits for that endpoint any more. */
  ended(endpoint: string, tookMs: number): boolean {
    const line = this.lines.get(endpoint);
    if (line === undefined) return true;
    line.sending -= 1;
    line.isPrompt = tookMs <= promptMs;
    if (line.waiting.length > 0) return false;
    if (line.sending === 0) this.lines.delete(endpoint);
    return true;
  }

  /** Takes away all that waits. */
  clear(): ClaimedDelivery[] {
    return [...this.lines.values()].flatMap((line) => line.waiting.splice(0).map(deliveryOf));
  }
}

const allOf = ({ sending, waiting }: Line): number => sending + waiting.length;
const deliveryOf = ({ delivery }: Waiting): ClaimedDelivery => delivery;
