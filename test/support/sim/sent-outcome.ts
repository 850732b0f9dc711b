/** What a request came to, as the bytes that go over the simulated network, with what its process has to do about it. */
import type { TradeView } from "../../../src/core/protocol/protocol.ts";
import { type Outcome, textOf } from "../../../src/engines/engine/engine.ts";
import type { WaitingInstruction } from "../../../src/engines/outbox/outbox.ts";
import type { Answer } from "../../../src/engines/trades/unasked.ts";

export interface SentOutcome {
  status: number;
  text: string;
  replayed: boolean;
  waits?: bigint | undefined;
  instruction?: string | undefined;
  busy?: bigint | undefined;
  asked?: readonly WaitingInstruction[];
  /** What was paid could not be booked. */
  unbooked?: boolean;
  completed?: { number: bigint; instruction: string; outcome: SentOutcome | undefined };
}

const nothing = { status: 204, text: "", replayed: false };

function bytesOf(outcome: Outcome<TradeView> | undefined): SentOutcome {
  if (outcome === undefined) return { ...nothing };
  return { status: outcome.status, text: textOf(outcome), replayed: outcome.replayed };
}

/** The answers of a batch; the first of them carries what the batch asks of institutions. */
export function sentOutcomes(
  answers: readonly Answer[],
  asked: readonly WaitingInstruction[],
): SentOutcome[] {
  return answers.map(({ outcome, ended, waits, instruction, busy, collected }, index) => {
    const told: SentOutcome = { ...bytesOf(outcome), waits, instruction, busy };
    if (index === 0 && asked.length > 0) told.asked = asked;
    if (collected !== undefined) told.unbooked = true;
    if (ended !== undefined) told.completed = { ...ended, outcome: ended.outcome && bytesOf(ended.outcome) };
    return told;
  });
}

/** The name under which an answer is kept. */
export const answerKey = (caller: string, key: string): string => `${caller} ${key}`;
