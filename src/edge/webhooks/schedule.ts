/** What follows from the end of an attempt, after Standard Webhooks 1.0.0. */
import type { ReceiverAnswer } from "./send.ts";

/** Seconds from the failure of each attempt to the next: a receiver that is restarted misses seconds, and twelve attempts take about three days and a half. */
const pauses = [5, 15, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
const longestPause = 86_400;

export type FollowUp =
  | { do: "done" }
  | { do: "again"; inSeconds: number }
  /** Not by itself; `gone` where the receiver has said that it takes nothing any more. */
  | { do: "give up"; gone: boolean };

/** `attempt` is the number of the one that has just ended, from 1. */
export function nextAfter(attempt: number, answer: ReceiverAnswer, now: Date): FollowUp {
  const status = "status" in answer ? answer.status : 0;
  if (status >= 200 && status <= 299) return { do: "done" };
  if (status === 410) return { do: "give up", gone: true };
  const pause = pauses[attempt - 1];
  if (pause === undefined) return { do: "give up", gone: false };
  const asked = status === 429 || status === 503 ? secondsAsked(answer, now) : 0;
  return { do: "again", inSeconds: Math.max(pause, Math.min(asked, longestPause)) };
}

/** What Retry-After says, in seconds (RFC 9110, section 10.2.3); 0 where it says nothing that can be read. */
function secondsAsked(answer: ReceiverAnswer, now: Date): number {
  const text = "retryAfter" in answer ? (answer.retryAfter ?? "") : "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? 0 : Math.max(0, Math.ceil((instant - now.getTime()) / 1000));
}
