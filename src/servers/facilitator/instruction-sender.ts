/** Instructions on their way to institutions. An answer that cannot be is kept as evidence, and ends the conversation. */
import type { InstructionAnswer, WaitingInstruction } from "../../engines/outbox/outbox.ts";
import { type Database, uuidv7 } from "../../storage/database/database.ts";
import { type PeerAnswer, type PeerClient, UnknownOutcomeError } from "../../edge/signing/signing.ts";
import { readAnswer, type Reading } from "./answers.ts";
import { insertBreaches, isStopped } from "./breach-store.ts";

const timeoutMs = 8_000;

export interface SenderOptions {
  database: Database;
  client: PeerClient;
  onError: (error: unknown) => void;
}

/**
 * Sends instructions in one signed call. Every instruction has an answer, if only that nobody knows. A server that has
 * answered what cannot be is asked nothing until an operator has looked, and of that reply nothing is believed.
 */
export function makeSender({ database, client, onError }: SenderOptions) {
  return async (institution: string, batch: readonly WaitingInstruction[]): Promise<InstructionAnswer[]> => {
    const nobodyKnows = batch.map((): InstructionAnswer => ({ how: "unknown" }));
    try {
      if (await isStopped(database, institution)) return nobodyKnows;
      const instructions = batch.map(({ body }) => body);
      const path = "/v1/reservations/batch";
      const answer = await client.call(institution, "POST", path, { instructions }, { timeoutMs });
      const outcomes = answer.body?.["outcomes"];
      if (answer.status !== 200 || !Array.isArray(outcomes) || outcomes.length !== batch.length) {
        const { status } = answer;
        onError(new Error(`The institution ${institution} answered ${status} to a batch of instructions.`));
        return nobodyKnows;
      }
      const readings = batch.map((instruction, index) => readAnswer(instruction, outcomes[index]));
      const answers = readings.filter((reading) => reading.how !== "impossible");
      if (answers.length === readings.length) return answers;
      await keepBreaches(database, answer, { batch, outcomes, readings });
      onError(new Error(`The institution ${institution} answers what cannot be. It is asked nothing more.`));
      return nobodyKnows;
    } catch (error) {
      if (!(error instanceof UnknownOutcomeError)) onError(error);
      return nobodyKnows;
    }
  };
}

interface Conversation {
  batch: readonly WaitingInstruction[];
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
