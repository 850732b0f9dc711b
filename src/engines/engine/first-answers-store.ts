import { byteArray, plainArray, joinedTexts, type Client, sql } from "../../storage/database/database.ts";

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
    select a.caller, a.key, a.request, a.status::int as status, a.body
    from unnest(${plainArray(asked.map(({ caller }) => caller))}::uuid[],
      string_to_array(${joinedTexts(asked.map(({ key }) => key))}, chr(31))) as asked (caller, key)
    join answers a on a.caller = asked.caller and a.key = asked.key`);
}

/** Puts other answers in place of those that keys got first: what had to wait for somebody else has come to its end. */
export function rewriteAnswers(
  client: Client,
  answers: readonly Omit<FirstAnswer, "request">[],
): Promise<number> {
  return client.execute(sql`
    update answers set status = new.status, body = new.body
    from unnest(${plainArray(answers.map(({ caller }) => caller))}::uuid[],
      string_to_array(${joinedTexts(answers.map(({ key }) => key))}, chr(31)),
      ${plainArray(answers.map(({ status }) => status))}::smallint[],
      string_to_array(${joinedTexts(answers.map(({ body }) => body))}, chr(31))) as new (caller, key, status, body)
    where answers.caller = new.caller and answers.key = new.key`);
}

/** Keeps answers. A key that somebody else has just used is a unique violation, and the work is done again. */
export function writeAnswers(client: Client, answers: readonly FirstAnswer[], at: Date): Promise<number> {
  return client.execute(sql`
    insert into answers (caller, key, request, status, body, at)
    select caller, key, request, status, body, ${at}
    from unnest(${plainArray(answers.map(({ caller }) => caller))}::uuid[], string_to_array(${joinedTexts(answers.map(({ key }) => key))}, chr(31)),
      ${byteArray(answers.map(({ request }) => request))}::bytea[], ${plainArray(answers.map(({ status }) => status))}::smallint[],
      string_to_array(${joinedTexts(answers.map(({ body }) => body))}, chr(31))) as new (caller, key, request, status, body)`);
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
