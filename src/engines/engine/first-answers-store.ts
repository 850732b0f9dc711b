import { createHash } from "node:crypto";
import { byteArray, plainArray, joinedTexts, type Client, sql } from "../../storage/database/database.ts";

/**
 * The record of first answers: a request that carries an Idempotency-Key writes its answer with its effect,
 * in one transaction, so that the same request again can be answered without being done again.
 */
export interface Answer {
  caller: string;
  key: string;
  request: Buffer;
  status: number;
  body: string;
}

/** A digest of what was asked. Two requests are the same where their parts are, field order included. */
export function requestDigest(...parts: readonly unknown[]): Buffer {
  return createHash("sha256").update(JSON.stringify(parts)).digest();
}

/** The answers already given to these callers' keys. */
export function readAnswers(
  client: Client,
  asked: readonly { caller: string; key: string }[],
): Promise<Answer[]> {
  return client.query<Answer>(sql`
    select a.caller, a.key, a.request, a.status::int as status, a.body
    from unnest(${plainArray(asked.map(({ caller }) => caller))}::uuid[],
      string_to_array(${joinedTexts(asked.map(({ key }) => key))}, chr(31))) as asked (caller, key)
    join answers a on a.caller = asked.caller and a.key = asked.key`);
}

/** Puts other answers in place of those that keys got first: what had to wait for somebody else has come to its end. */
export function rewriteAnswers(client: Client, answers: readonly Omit<Answer, "request">[]): Promise<number> {
  return client.execute(sql`
    update answers set status = new.status, body = new.body
    from unnest(${plainArray(answers.map(({ caller }) => caller))}::uuid[],
      string_to_array(${joinedTexts(answers.map(({ key }) => key))}, chr(31)),
      ${plainArray(answers.map(({ status }) => status))}::smallint[],
      string_to_array(${joinedTexts(answers.map(({ body }) => body))}, chr(31))) as new (caller, key, status, body)
    where answers.caller = new.caller and answers.key = new.key`);
}

/** Keeps answers. A key that somebody else has just used is a unique violation, and the work is done again. */
export function writeAnswers(client: Client, answers: readonly Answer[], at: Date): Promise<number> {
  return client.execute(sql`
    insert into answers (caller, key, request, status, body, at)
    select caller, key, request, status, body, ${at}
    from unnest(${plainArray(answers.map(({ caller }) => caller))}::uuid[], string_to_array(${joinedTexts(answers.map(({ key }) => key))}, chr(31)),
      ${byteArray(answers.map(({ request }) => request))}::bytea[], ${plainArray(answers.map(({ status }) => status))}::smallint[],
      string_to_array(${joinedTexts(answers.map(({ body }) => body))}, chr(31))) as new (caller, key, request, status, body)`);
}

export interface StoredAnswer {
  request: Buffer;
  status: number;
  body: string;
}

/**
 * Takes a key for a request. True where the key was free; the row is then this transaction's, and others who come with
 * the same key wait here for its end.
 */
export async function takeKey(
  client: Client,
  caller: string,
  key: string,
  request: Buffer,
): Promise<boolean> {
  const taken = await client.execute(sql`
    insert into answers (caller, key, request, status, body, at)
    values (${caller}, ${key}, ${request}, 0, '', kenshu_now())
    on conflict (caller, key) do nothing`);
  return taken === 1;
}

export async function keepAnswer(
  client: Client,
  caller: string,
  key: string,
  answer: { status: number; body: string },
): Promise<void> {
  await client.execute(sql`
    update answers set status = ${answer.status}, body = ${answer.body} where caller = ${caller} and key = ${key}`);
}

export async function readAnswer(
  client: Client,
  caller: string,
  key: string,
): Promise<StoredAnswer | undefined> {
  const [row] = await client.query<StoredAnswer>(sql`
    select request, status::int as status, body from answers where caller = ${caller} and key = ${key}`);
  return row;
}
