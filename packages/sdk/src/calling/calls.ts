/**
 * One request to a Kenshu server, or up to 1,000 commands in one, sent until it is answered or patience ends. A time-out, a broken connection or a
 * reply that cannot be read says nothing about what the server did, so such an attempt leaves the call *in doubt*,
 * and it is sent again with the same Idempotency-Key. Only an answer ends doubt.
 */
import type { MoveBody, Problem, Propose, TradeView } from "../wire/wire.ts";

/** How long and how often a call is tried. All times in milliseconds. */
export interface Retry {
  /** Attempts in all, the first included. */
  attempts: number;
  /** Time for all attempts and the pauses between them. */
  budgetMs: number;
  /** The pause after attempt n is a random part of `firstPauseMs * 2^(n-1)`, and never more than `longestPauseMs`. */
  firstPauseMs: number;
  longestPauseMs: number;
}

/** What the calls need from their surroundings. */
export interface Surroundings {
  url: string;
  fetch: typeof globalThis.fetch;
  headers: Record<string, string>;
  credentials: "omit" | "same-origin" | "include";
  timeoutMs: number;
  retry: Retry;
  /** A number from 0 up to, not including, 1. */
  random: () => number;
  /** Milliseconds of a clock that never goes back. */
  monotonic: () => number;
  pause: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** What is known of earlier attempts, and when to give up. */
export interface Patience {
  signal?: AbortSignal | undefined;
  /** Why it is not known what became of earlier calls with the same key; undefined where there were none. */
  doubt?: string | undefined;
}

export interface Request<Value> extends Patience {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  /** Serialised once, so that every attempt sends the same bytes. */
  body?: string;
  key?: string;
  /** Takes the parsed reply, null where it has no body, or answers undefined where it is not what was asked for. */
  read: (reply: unknown) => Value | undefined;
  /** A file is asked for: `read` takes a {@link FileView}. */
  file?: true;
}

/** A file as a server has given it. */
export interface FileView {
  /** What it is called where it is saved; null where the server does not say. */
  name: string | null;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What one attempt has shown. */
export type Verdict<Value> =
  | { verdict: "done"; status: number; replayed: boolean; value: Value }
  | { verdict: "refused"; problem: Problem; waitMs: number }
  | { verdict: "doubt"; reason: string; again: boolean; waitMs: number };

/** What is known in the end. */
export type Result<Value> =
  | { verdict: "done"; status: number; replayed: boolean; value: Value }
  | { verdict: "refused"; problem: Problem }
  | { verdict: "unknown"; reason: string };

type Code = Problem["code"];

/** The server has not looked at the command yet and asks to come back. */
const comeBack: ReadonlySet<Code> = new Set<Code>(["overloaded", "too_many_requests", "request_timeout"]);

/**
 * Refusals of this one request that are made before the record of answers is asked. They say nothing about an
 * earlier attempt with the same key.
 */
const atTheDoor: ReadonlySet<Code> = new Set<Code>([
  ...comeBack,
  "not_authenticated",
  "not_allowed",
  // Who proves that it is them does so each time: the proof of an earlier attempt is over before its answer is forgotten.
  "proof_required",
  "passkey_refused",
  "password_wrong",
  "sign_in_changed_lately",
  "shop_not_approved",
  "shop_suspended",
  "cross_site_request",
  "method_not_allowed",
]);

/** Whether this refusal is the answer to the command, and not only to the latest of several attempts. */
function endsDoubt(problem: Problem): boolean {
  return !atTheDoor.has(problem.code);
}

const longestReply = 16 * 1024 * 1024;

/** Reads a body, but never more than a server of Kenshu would send. */
async function readBytes(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > longestReply) {
      await reader.cancel();
      throw new RangeError(`the reply is longer than ${longestReply} bytes`);
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/** What servers send as a file. A page that some proxy has put in its place is none. */
const fileTypes = /^(?:application\/(?:octet-stream|pdf)|image\/jpeg)(?:;|$)/;

function fileOf(headers: Headers, bytes: Uint8Array<ArrayBuffer>): FileView | undefined {
  if (!fileTypes.test(headers.get("content-type") ?? "")) return undefined;
  const [, name = null] = /filename="([^"]+)"/.exec(headers.get("content-disposition") ?? "") ?? [];
  return { name, bytes };
}

function parse(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return null;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where nothing is to be read: an answer without a body says that it was done. A page that some proxy has put in its place does not. */
export function isNothing(reply: unknown): true | undefined {
  return reply === null ? true : undefined;
}

/** Looks at the form only: a newer server may know codes that this client does not. */
function isProblem(value: unknown): value is Problem {
  return (
    isRecord(value) &&
    typeof value["code"] === "string" &&
    typeof value["status"] === "number" &&
    typeof value["detail"] === "string" &&
    typeof value["transient"] === "boolean"
  );
}

/** Milliseconds that `Retry-After` asks for. A date is taken relative to the reply's own `Date`, not to our clock. */
function retryAfter(headers: Headers): number {
  const asked = headers.get("retry-after");
  if (asked === null) return 0;
  if (/^[0-9]{1,9}$/.test(asked.trim())) return Number(asked) * 1000;
  const wait = Date.parse(asked) - Date.parse(headers.get("date") ?? "");
  return Number.isFinite(wait) && wait > 0 ? wait : 0;
}

/** What a problem with this status tells: a server that failed half-way cannot know what it did. */
function verdictOnProblem(problem: Problem, waitMs: number): Verdict<never> {
  if (problem.status >= 500 && !comeBack.has(problem.code)) {
    return { verdict: "doubt", reason: `${problem.code}: ${problem.detail}`, again: true, waitMs };
  }
  return { verdict: "refused", problem, waitMs };
}

function verdictOnReply<Value>(
  { status, headers }: Response,
  bytes: Uint8Array<ArrayBuffer>,
  request: Request<Value>,
): Verdict<Value> {
  const waitMs = retryAfter(headers);
  const isDone = status >= 200 && status < 300;
  const reply = isDone && request.file ? fileOf(headers, bytes) : parse(bytes);
  if (isDone) {
    const value = request.read(reply);
    if (value !== undefined) {
      return { verdict: "done", status, replayed: headers.get("idempotent-replayed") === "true", value };
    }
    return { verdict: "doubt", reason: `the reply (${status}) cannot be read`, again: true, waitMs };
  }
  const type = headers.get("content-type") ?? "";
  if (status >= 400 && type.startsWith("application/problem+json") && isProblem(reply)) {
    return verdictOnProblem(reply, waitMs);
  }
  // Some proxy on the way answered. What stands behind it may or may not have seen the request.
  const again = status >= 500 || status === 408 || status === 425 || status === 429;
  return { verdict: "doubt", reason: `answered ${status} without a problem document`, again, waitMs };
}

/** Sends a request once. */
async function attempt<Value>(
  around: Surroundings,
  request: Request<Value>,
  timeoutMs: number,
): Promise<Verdict<Value>> {
  const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
  const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
  const accept = request.file === true ? "*/*" : "application/json";
  const headers: Record<string, string> = { accept, ...around.headers };
  if (request.body !== undefined) headers["content-type"] = "application/json";
  if (request.key !== undefined) headers["idempotency-key"] = request.key;
  try {
    const response = await around.fetch(around.url + request.path, {
      method: request.method,
      headers,
      credentials: around.credentials,
      // A redirected POST would become a GET, or carry the order to some other place.
      redirect: "manual",
      signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    return verdictOnReply(response, await readBytes(response), request);
  } catch (error) {
    if (request.signal?.aborted === true) {
      return { verdict: "doubt", reason: "the caller gave up", again: false, waitMs: 0 };
    }
    const reason = timeout.aborted ? "no answer in time" : `the connection failed (${describe(error)})`;
    return { verdict: "doubt", reason, again: true, waitMs: 0 };
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** The pause before the next attempt: full jitter, and never earlier than the server asked for. */
function pauseAfter(around: Surroundings, tries: number, waitMs: number): number {
  const { firstPauseMs, longestPauseMs } = around.retry;
  const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1));
  return waitMs + around.random() * ceiling;
}

/**
 * Repeats attempts until one gives an answer, or attempts or time are used up. Once any attempt has ended in doubt,
 * only `done` or a refusal by the command itself may be reported; all else stays unknown.
 */
async function persevere<Value>(
  around: Surroundings,
  { signal, doubt: before }: Patience,
  once: (timeoutMs: number) => Promise<Verdict<Value>>,
): Promise<Result<Value>> {
  const { attempts, budgetMs } = around.retry;
  const endsAt = around.monotonic() + budgetMs;
  let doubt = before;
  for (let tries = 1; ; tries += 1) {
    const shown = await once(Math.min(around.timeoutMs, endsAt - around.monotonic()));
    if (shown.verdict === "done") return shown;
    if (shown.verdict === "refused" && endsDoubt(shown.problem)) return shown;
    if (shown.verdict === "doubt") doubt = shown.reason;
    const again = shown.verdict === "doubt" ? shown.again : comeBack.has(shown.problem.code);
    const pauseMs = pauseAfter(around, tries, shown.waitMs);
    const enough = !again || tries >= attempts || around.monotonic() + pauseMs >= endsAt;
    if (enough || signal?.aborted === true) {
      if (doubt !== undefined) return { verdict: "unknown", reason: doubt };
      if (shown.verdict === "refused") return shown;
    }
    await around.pause(pauseMs, signal);
  }
}

/** Sends a request until it is answered. */
export async function call<Value>(around: Surroundings, request: Request<Value>): Promise<Result<Value>> {
  return persevere(around, request, (timeoutMs) => attempt(around, request, timeoutMs));
}

/** Resolves after so many milliseconds, or at once when the caller gives up. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}

/* Up to 1,000 commands in one request. Each has a key of its own, and only those without an answer are sent again. */

export const longestBatch = 1000;

/** One command of a batch. Where `key` is left out, a new one is made. */
export type BatchCommand = { key?: string } & (
  | { do: "propose"; trade: Propose }
  | ({ number: string } & MoveBody)
);

type Keyed = BatchCommand & { key: string };

/** What is known of one command while the batch goes on. */
interface Line {
  command: Keyed;
  answer?: Verdict<TradeView>;
  doubt?: string;
  lastRefusal?: Problem;
}

/** One of the outcomes in the reply, read like a reply of its own. */
function verdictOnOutcome(outcome: unknown, readTrade: (reply: unknown) => TradeView | undefined) {
  const unreadable: Verdict<TradeView> = {
    verdict: "doubt",
    reason: "the outcome cannot be read",
    again: true,
    waitMs: 0,
  };
  if (!isRecord(outcome) || typeof outcome["status"] !== "number") return unreadable;
  const problem = outcome["problem"];
  if (isProblem(problem)) return verdictOnProblem(problem, 0);
  const trade = readTrade(outcome["trade"]);
  if (trade === undefined || outcome["status"] >= 300) return unreadable;
  const replayed = outcome["replayed"] === true;
  return { verdict: "done", status: outcome["status"], replayed, value: trade } satisfies Verdict<TradeView>;
}

function note(line: Line, shown: Verdict<TradeView>): void {
  if (shown.verdict === "doubt") line.doubt = shown.reason;
  else if (shown.verdict === "done" || endsDoubt(shown.problem)) line.answer = shown;
  else line.lastRefusal = shown.problem;
}

function resultOf(line: Line): Result<TradeView> {
  if (line.answer !== undefined && line.answer.verdict !== "doubt") return line.answer;
  if (line.doubt === undefined && line.lastRefusal !== undefined) {
    return { verdict: "refused", problem: line.lastRefusal };
  }
  return { verdict: "unknown", reason: line.doubt ?? "the batch was not answered" };
}

/** Sends the commands, in order, until each is answered or patience ends; answers one result per command. */
export async function sendBatch(
  around: Surroundings,
  commands: readonly Keyed[],
  { signal, doubt }: Patience,
  readTrade: (reply: unknown) => TradeView | undefined,
): Promise<Result<TradeView>[]> {
  const lines: Line[] = commands.map((command) => ({
    command,
    ...(doubt === undefined ? {} : { doubt }),
  }));
  const readOutcomes = (reply: unknown): unknown[] | undefined =>
    isRecord(reply) && Array.isArray(reply["outcomes"]) ? (reply["outcomes"] as unknown[]) : undefined;
  const once = async (timeoutMs: number): Promise<Verdict<true>> => {
    const open = lines.filter((line) => line.answer === undefined);
    const body = JSON.stringify({ commands: open.map((line) => line.command) });
    const request = { method: "POST", path: "/v1/trades/batch", body, signal, read: readOutcomes } as const;
    const shown = await attempt<unknown[]>(around, request, timeoutMs);
    if (shown.verdict !== "done") {
      for (const line of open) note(line, shown);
      return shown;
    }
    open.forEach((line, index) => {
      note(line, verdictOnOutcome(shown.value[index], readTrade));
    });
    if (lines.every((line) => line.answer !== undefined)) return { ...shown, value: true };
    return { verdict: "doubt", reason: "some commands have no answer yet", again: true, waitMs: 0 };
  };
  await persevere(around, { signal }, once);
  return lines.map(resultOf);
}
