/**
 * First answers: a request that carries a key is answered once. The answer is kept in the transaction of its effect, and
 * whoever repeats the request gets it again.
 */
import type { Client } from "../../storage/database/database.ts";
import type { ProblemCode } from "../../core/protocol/protocol.ts";
import type { Digest } from "./digest.ts";
import {
  type FirstAnswer,
  type KeyOf,
  readAnswers,
  rewriteAnswers,
  writeAnswers,
} from "./first-answers-store.ts";
import { asConflict } from "./group-commit.ts";
import { type Outcome, outcomeFrom, refusal, textOf } from "./outcome.ts";

/** The first answers that a batch may meet or give, locked and read with the rest of what it needs. */
export interface FirstAnswers {
  /** What the key has been answered; a refusal where it came with another request; undefined where it is free. */
  find<View>(of: KeyOf, digest: Digest): Outcome<View> | undefined;
  keep(of: KeyOf, digest: Digest, outcome: Outcome<unknown>): void;
  /** Puts another answer in place of the first: what had to wait for another server has come to its end. */
  replace(of: KeyOf, outcome: Outcome<unknown>): void;
  /** Answers of this batch to keys that were free. */
  readonly given: readonly FirstAnswer[];
  readonly replaced: readonly Omit<FirstAnswer, "request">[];
}

/** The first answers known of some keys. `reused` is the refusal for a key that comes with another request. */
export function firstAnswers(known: readonly FirstAnswer[], reused: ProblemCode): FirstAnswers {
  const answers = new Map(known.map((answer) => [nameOf(answer), answer]));
  const given: FirstAnswer[] = [];
  const replaced: Omit<FirstAnswer, "request">[] = [];
  return {
    given,
    replaced,
    find(of, digest) {
      const before = answers.get(nameOf(of));
      if (before === undefined) return undefined;
      if (!digest.matches(before.request)) return refusal({ refused: reused });
      return outcomeFrom(before.status, before.body);
    },
    keep({ caller, key }, { bytes }, outcome) {
      const answer = { caller, key, request: bytes, status: outcome.status, body: textOf(outcome) };
      given.push(answer);
      answers.set(nameOf(answer), answer);
    },
    replace({ caller, key }, outcome) {
      const answer = { caller, key, status: outcome.status, body: textOf(outcome) };
      replaced.push(answer);
      const before = answers.get(nameOf(answer));
      if (before !== undefined) answers.set(nameOf(answer), { ...before, ...answer });
    },
  };
}

const nameOf = ({ caller, key }: KeyOf): string => `${caller} ${key}`;

export async function openFirstAnswers(
  client: Client,
  asked: readonly KeyOf[],
  reused: ProblemCode,
): Promise<FirstAnswers> {
  return firstAnswers(asked.length === 0 ? [] : await readAnswers(client, asked), reused);
}

/** Sends what a batch has answered, without waiting. */
export function writeFirstAnswers(
  client: Client,
  { given, replaced }: FirstAnswers,
  now: Date,
): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  if (given.length > 0) sent.push(writeAnswers(client, given, now).catch(asConflict));
  if (replaced.length > 0) sent.push(rewriteAnswers(client, replaced));
  return sent;
}
