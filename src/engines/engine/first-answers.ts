/**
 * First answers: a request that carries a key is answered once. The answer is kept in the transaction of its effect, and
 * a repetition of the request gets it again.
 */
import { createHash } from "node:crypto";
import type { Client } from "../../storage/database/database.ts";
import type { ProblemCode } from "../../core/protocol/protocol.ts";
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

/** What tells one request from another, the same in whatever order its fields come. */
export interface Digest {
  readonly bytes: Buffer;
  /** Whether a kept digest is of this request; also true for one that was kept while the order of fields counted. */
  matches(kept: Uint8Array): boolean;
}

/** The digest of a request that is made of these parts: names of what is asked, and bodies. */
export function digestOf(...parts: readonly unknown[]): Digest {
  const bytes = hashOf(canonical(parts, hidden));
  return {
    bytes,
    matches: (kept) => bytes.equals(kept) || formerDigests(parts).some((former) => former.equals(kept)),
  };
}

/** Left out: a quick hash of a password would give it away. */
const hidden: ReadonlySet<string> = new Set(["password"]);

/** The rules of versions up to 0.1: trades were told apart in the order of their fields, people without their tokens. */
function formerDigests(parts: readonly unknown[]): Buffer[] {
  return [hashOf(parts), hashOf(canonical(parts, new Set(["password", "token"])))];
}

function hashOf(value: unknown): Buffer {
  return createHash("sha256").update(JSON.stringify(value)).digest();
}

/** The value with each record as a list of its fields, in one order. */
function canonical(value: unknown, left: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => canonical(each, left));
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .filter(([, held]) => held !== undefined)
    .map(([name, held]) => [name, left.has(name) ? "" : canonical(held, left)] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}
