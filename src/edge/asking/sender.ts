/** Instructions on their way to institutions. An answer that cannot be is kept as evidence, and ends the conversation. */
import type { InstructionAnswer, WaitingInstruction } from "../../engines/outbox/outbox.ts";
import { type Database, uuidv7 } from "../../storage/database/database.ts";
import { type PeerAnswer, type PeerClient, saysNothing, UnknownOutcomeError } from "../signing/signing.ts";
import type { Reading } from "./readings.ts";
import { insertBreaches, isStopped } from "./breach-store.ts";

const timeoutMs = 8_000;

export interface SenderOptions {
  database: Database;
  client: PeerClient;
  onError: (error: unknown) => void;
  /** Where an institution takes many instructions in one call. */
  path: string;
  /** Holds what it says of one instruction against what it was asked. */
  read: (instruction: WaitingInstruction, outcome: unknown) => Reading;
}

type Batch = readonly WaitingInstruction[];

/**
 * Sends instructions in one signed call. Every instruction has an answer, if only that nobody knows. A server that has
 * answered what cannot be is asked nothing until an operator has looked, and of that reply nothing is believed.
 */
export function makeSender(options: SenderOptions) {
  return async (institution: string, batch: Batch): Promise<InstructionAnswer[]> => {
    const answers: InstructionAnswer[] = [];
    try {
      if (!(await isStopped(options.database, institution)))
        await converse(options, institution, batch, answers);
    } catch (error) {
      // Whoever could not be reached stands in the log already, once.
      if (!(error instanceof UnknownOutcomeError)) options.onError(error);
    }
    // Of those that were not come to, nobody knows.
    return batch.map((_, index) => answers[index] ?? { how: "unknown" });
  };
}

/** Sends a batch, and adds what was answered to each. False where the answer cannot be, and nothing more is asked. */
async function converse(
  options: SenderOptions,
  institution: string,
  batch: Batch,
  answers: InstructionAnswer[],
): Promise<boolean> {
  const { database, client, onError, path, read } = options;
  const instructions = batch.map(({ body }) => body);
  const answer = await client.call(institution, "POST", path, { instructions }, { timeoutMs });
  const outcomes = outcomesOf(answer, batch.length);
  if (outcomes === undefined) {
    // The call was refused, and nobody says for which instruction's sake: each is told by itself.
    for (const one of batch) if (!(await converse(options, institution, [one], answers))) return false;
    return true;
  }
  const readings = batch.map((instruction, index) => read(instruction, outcomes[index]));
  const believed = readings.filter((reading) => reading.how !== "impossible");
  if (believed.length < readings.length) {
    await keepBreaches(database, answer, { batch, outcomes, readings });
    onError(new Error(`The institution ${institution} answers what cannot be. It is asked nothing more.`));
    return false;
  }
  const words = believed.flatMap((each) => (each.how === "refused" && each.word ? [each.word] : []));
  for (const word of new Set(words)) onError(new Error(unknownWord(institution, word)));
  answers.push(...believed);
  return true;
}

const unknownWord = (institution: string, word: string): string =>
  `The institution ${institution} refuses with ${JSON.stringify(word.slice(0, 100))}, a code that is not known here.`;

/**
 * What a signed answer says of each of so many instructions; undefined where it refuses several as a whole. What one
 * alone is refused with as a whole is its own refusal.
 */
function outcomesOf({ status, body }: PeerAnswer, count: number): readonly unknown[] | undefined {
  if (saysNothing(status)) return Array.from({ length: count }, () => ({ status }));
  if (status >= 400) return count === 1 ? [{ status, problem: body }] : undefined;
  const outcomes = body?.["outcomes"];
  if (status === 200 && Array.isArray(outcomes) && outcomes.length === count) return outcomes;
  return Array.from({ length: count }, () => body ?? null);
}

interface Conversation {
  batch: Batch;
  outcomes: readonly unknown[];
  readings: readonly Reading[];
}

function keepBreaches(
  database: Database,
  { status, signed }: PeerAnswer,
  { batch, outcomes, readings }: Conversation,
): Promise<unknown> {
  const breaches = batch.flatMap(({ id, institution, trade, body }, index) =>
    readings[index]?.how === "impossible"
      ? [
          {
            id: uuidv7(),
            peer: institution,
            instruction: id,
            trade,
            asked: body,
            answered: outcomes[index],
            status,
            signed,
          },
        ]
      : [],
  );
  return insertBreaches(database, breaches);
}
