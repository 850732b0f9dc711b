/**
 * What is kept with a batch. First answers: a request that carries a key is answered once; the answer is kept in the
 * transaction of its effect, and a repetition of the request gets it again. And the mark by which the database can be asked
 * whether a batch was committed.
 */
import { hash } from "node:crypto";
import type { ProblemCode } from "../../core/protocol/protocol.ts";
import {
  byteArray,
  type Client,
  type Database,
  plainArray,
  sql,
  textArray,
  uuidArray,
} from "../../storage/database/database.ts";
import { type Outcome, outcomeFrom, refusal, textOf } from "./outcome.ts";

/** A caller and a key of theirs: keys belong to callers, and the same key of another caller is another. */
export interface KeyOf {
  caller: string;
  key: string;
}

/** An answer as it is kept: the digest of the request, the status and the JSON text of what was answered. */
export interface FirstAnswer extends KeyOf {
  request: Buffer;
  status: number;
  body: string;
}

/** The answers already given to these callers' keys. */
export function readAnswers(client: Client, asked: readonly KeyOf[]): Promise<FirstAnswer[]> {
  return client.query<FirstAnswer>(sql`
    select first.* from unnest(${uuidArray(asked.map(({ caller }) => caller))}::uuid[],
      ${textArray(asked.map(({ key }) => key))}::text[]) as asked (caller, key)
    cross join lateral (
      select caller, key, request, status::int as status, body
      from answers where caller = asked.caller and key = asked.key limit 1) as first`);
}

/**
 * What the key of a caller was answered, with whatever it came; undefined where it is free. For forms, of which the same press
 * can mean another call when it comes again: what it meant has happened then.
 */
export async function answerTo(
  database: Database,
  { caller, key }: KeyOf,
): Promise<Outcome<unknown> | undefined> {
  const [first] = await database.query<Pick<FirstAnswer, "status" | "body">>(sql`
    select status::int as status, body from answers where caller = ${caller} and key = ${key} and status > 0 limit 1`);
  return first && outcomeFrom(first.status, first.body);
}

/** Puts other answers in place of those that keys got first: what had to wait for somebody else has come to its end. */
function rewriteAnswers(client: Client, answers: readonly Omit<FirstAnswer, "request">[]): Promise<number> {
  // As an insert that always meets its row, which finds it by both parts of the key, however the table looks to the planner.
  return client.execute(sql`
    insert into answers (caller, key, request, status, body, at)
    select caller, key, '', status, body, kenshu_now()
    from unnest(${uuidArray(answers.map(({ caller }) => caller))}::uuid[],
      ${textArray(answers.map(({ key }) => key))}::text[],
      ${plainArray(answers.map(({ status }) => status))}::smallint[],
      ${textArray(answers.map(({ body }) => body))}::text[]) as new (caller, key, status, body)
    on conflict (caller, key) do update set status = excluded.status, body = excluded.body`);
}

/** Keeps answers. A key that somebody else has just used is a unique violation, and the work is done again. */
function writeAnswers(client: Client, answers: readonly FirstAnswer[], at: Date): Promise<number> {
  return client.execute(sql`
    insert into answers (caller, key, request, status, body, at)
    select caller, key, request, status, body, ${at}
    from unnest(${uuidArray(answers.map(({ caller }) => caller))}::uuid[], ${textArray(answers.map(({ key }) => key))}::text[],
      ${byteArray(answers.map(({ request }) => request))}::bytea[], ${plainArray(answers.map(({ status }) => status))}::smallint[],
      ${textArray(answers.map(({ body }) => body))}::text[]) as new (caller, key, request, status, body)`);
}

/**
 * Takes a key for a request. True where the key was free; the row is then this transaction's, and others who come with
 * the same key wait here for its end.
 */
export async function takeKey(client: Client, { caller, key }: KeyOf, request: Buffer): Promise<boolean> {
  const taken = await client.execute(sql`
    insert into answers (caller, key, request, status, body, at)
    values (${caller}, ${key}, ${request}, 0, '', kenshu_now())
    on conflict (caller, key) do nothing`);
  return taken === 1;
}

/** Keeps the answer to a key that this transaction has taken. */
export async function keepAnswer(
  client: Client,
  { caller, key, status, body }: Omit<FirstAnswer, "request">,
): Promise<void> {
  await client.execute(sql`
    update answers set status = ${status}, body = ${body} where caller = ${caller} and key = ${key}`);
}

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

/** The text of an answer as it is kept, and as it was given: for what may be said and must not lie in the database. */
export interface KeptForm {
  away: (outcome: Outcome<unknown>) => string;
  back: (text: string) => string;
}

const asGiven: KeptForm = { away: textOf, back: (text) => text };

/** The first answers known of some keys. `reused` is the refusal for a key that comes with another request. */
export function firstAnswers(
  known: readonly FirstAnswer[],
  reused: ProblemCode,
  { away, back }: KeptForm = asGiven,
): FirstAnswers {
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
      return outcomeFrom(before.status, back(before.body));
    },
    keep({ caller, key }, { bytes }, outcome) {
      const answer = { caller, key, request: bytes, status: outcome.status, body: away(outcome) };
      given.push(answer);
      answers.set(nameOf(answer), answer);
    },
    replace({ caller, key }, outcome) {
      const answer = { caller, key, status: outcome.status, body: away(outcome) };
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
  form?: KeptForm,
): Promise<FirstAnswers> {
  return firstAnswers(asked.length === 0 ? [] : await readAnswers(client, asked), reused, form);
}

/** Sends what a batch has answered, without waiting. */
export function writeFirstAnswers(
  client: Client,
  { given, replaced }: FirstAnswers,
  now: Date,
): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  if (given.length > 0) sent.push(writeAnswers(client, given, now));
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
  return hash("sha256", JSON.stringify(value), "buffer");
}

/** The value with each record as a list of its fields, in one order. */
function canonical(value: unknown, left: ReadonlySet<string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => canonical(each, left));
  const record = value as Record<string, unknown>;
  const fields: [name: string, held: unknown][] = [];
  for (const name of Object.keys(record).sort()) {
    const held = record[name];
    if (held !== undefined) fields.push([name, left.has(name) ? "" : canonical(held, left)]);
  }
  return fields;
}

/** Leaves word in a transaction which batch it was, in place of the last word of this server. */
export function leaveMark(client: Client, server: string, batch: string): Promise<number> {
  return client.execute(sql`
    insert into commits (server, batch) values (${server}, ${batch})
    on conflict (server) do update set batch = excluded.batch`);
}

/** The last batch of this server that was committed. */
export async function readMark(database: Database, server: string): Promise<string | undefined> {
  const [mark] = await database.query<{ batch: string }>(
    sql`select batch from commits where server = ${server}`,
  );
  return mark?.batch;
}
