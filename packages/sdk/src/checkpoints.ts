/**
 * A log that only grows, looked at from outside: proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2), and checkpoints as notes
 * signed by the log and by those who witness it (c2sp.org/tlog-checkpoint, tlog-cosignature). Hashes are base64.
 */
const encoder = new TextEncoder();

type Bytes = Uint8Array<ArrayBuffer>;

/** Undefined where the text is not the base64 of these bytes and of no others. */
function fromBase64(text: string): Bytes | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function joined(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const utf8 = (text: string): Bytes => encoder.encode(text);

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes));
}

/** The hash of a leaf with this text. */
export async function leafHash(text: string): Promise<string> {
  return toBase64(await sha256(joined(Uint8Array.of(0), utf8(text))));
}

async function nodeHash(left: string, right: string): Promise<string> {
  return toBase64(await sha256(joined(Uint8Array.of(1), bytesOf(left), bytesOf(right))));
}

/** 32 bytes; what is none of them makes a hash that nothing equals. */
function bytesOf(hash: string): Bytes {
  const bytes = fromBase64(hash);
  return bytes?.length === 32 ? bytes : new Uint8Array(0);
}

export interface Inclusion {
  leaf: string;
  index: number;
  size: number;
  path: readonly string[];
  root: string;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Whether the leaf is number `index` of the tree with this root. */
export async function isIncluded({ leaf, index, size, path, root }: Inclusion): Promise<boolean> {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash === root;
}

function isPowerOfTwo(count: number): boolean {
  let left = count;
  while (left % 2 === 0) left /= 2;
  return left === 1;
}

export interface Growth {
  before: { size: number; root: string };
  after: { size: number; root: string };
  proof: readonly string[];
}

/** Whether the second tree holds the leaves of the first, and only adds to them. */
export async function isGrowth({ before, after, proof }: Growth): Promise<boolean> {
  if (!isCount(before.size) || !isCount(after.size) || before.size > after.size) return false;
  if (before.size === after.size) return proof.length === 0 && before.root === after.root;
  if (before.size === 0) return proof.length === 0;
  const [first, ...rest] = isPowerOfTwo(before.size) ? [before.root, ...proof] : proof;
  if (first === undefined) return false;
  let [at, last] = [before.size - 1, after.size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [old, now] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      old = await nodeHash(hash, old);
      now = await nodeHash(hash, now);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      now = await nodeHash(now, hash);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && old === before.root && now === after.root;
}

/** The keys that a reader has from elsewhere, as `name+id+key`. */
export interface LogKeys {
  /** Of the log; of each of its epochs, where it has begun anew. */
  log: string | readonly string[];
  /** Of those whose word counts that they have seen the same log. */
  witnesses?: readonly string[];
}

/** A checkpoint that the log has signed, with the witnesses whose keys were given. */
export interface Checkpoint {
  origin: string;
  size: number;
  /** Base64. */
  root: string;
  witnesses: { name: string; at: Date }[];
  /** As it came: what is kept to compare later ones with. */
  note: string;
}

const kinds = { log: 0x01, witness: 0x04 } as const;
/** More signatures than that are somebody's attempt to keep us busy. */
const signaturesMost = 32;

interface Key {
  name: string;
  id: string;
  key: CryptoKey;
}

async function readKey(text: string, kind: keyof typeof kinds): Promise<Key> {
  const [, name = "", id = "", material = ""] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = fromBase64(material);
  if (bytes?.length !== 33 || bytes[0] !== kinds[kind])
    throw new RangeError(`This is no key of a ${kind}: ${text}`);
  const named = await sha256(joined(utf8(`${name}\n`), bytes));
  if (hex(named.subarray(0, 4)) !== id)
    throw new RangeError(`The name and the key do not belong together: ${text}`);
  const key = await globalThis.crypto.subtle.importKey("raw", bytes.slice(1), "Ed25519", false, ["verify"]);
  return { name, id, key };
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

interface Signature {
  name: string;
  id: string;
  bytes: Bytes;
}

function readNote(note: string): { text: string; signatures: Signature[] } | undefined {
  const end = note.lastIndexOf("\n\n");
  if (end === -1 || !note.endsWith("\n")) return undefined;
  const signatures: Signature[] = [];
  for (const line of note.slice(end + 2, -1).split("\n")) {
    const [, name = "", base64 = ""] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? [];
    const bytes = fromBase64(base64);
    if (bytes === undefined || bytes.length < 5) return undefined;
    signatures.push({ name, id: hex(bytes.subarray(0, 4)), bytes: bytes.slice(4) });
  }
  return signatures.length > signaturesMost ? undefined : { text: note.slice(0, end + 1), signatures };
}

const isOf = (signature: Signature, { name, id }: Key): boolean =>
  signature.name === name && signature.id === id;

const verify = (key: CryptoKey, signature: Bytes, text: string): Promise<boolean> =>
  globalThis.crypto.subtle.verify("Ed25519", key, signature, utf8(text));

/**
 * The checkpoint in a note; a sentence where the log did not sign it. Signatures by other keys than those given say nothing;
 * a wrong one by one of these spoils the note. Throws RangeError for a key that is none.
 */
export async function readCheckpoint(note: string, keys: LogKeys): Promise<Checkpoint | string> {
  const logs = await Promise.all([keys.log].flat().map((key) => readKey(key, "log")));
  const others = await Promise.all((keys.witnesses ?? []).map((key) => readKey(key, "witness")));
  const read = readNote(note);
  const [, origin, digits, root = ""] =
    /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]{44})\n/.exec(read?.text ?? "") ?? [];
  if (read === undefined || origin === undefined) return "it is no checkpoint";
  const log = logs.find(({ name }) => name === origin);
  if (log === undefined) return `there is no key for ${origin}`;
  const own = read.signatures.filter((each) => isOf(each, log));
  if (own.length === 0) return "the log did not sign it";
  for (const { bytes } of own)
    if (!(await verify(log.key, bytes, read.text))) return "the log's signature is wrong";
  const witnesses: Checkpoint["witnesses"] = [];
  for (const witness of others) {
    for (const { bytes } of read.signatures.filter((each) => isOf(each, witness))) {
      const seconds = bytes.length === 72 ? new DataView(bytes.buffer).getBigUint64(0) : -1n;
      const said = `cosignature/v1\ntime ${seconds}\n${read.text}`;
      if (!(await verify(witness.key, bytes.slice(8), said)))
        return `the signature of ${witness.name} is wrong`;
      witnesses.push({ name: witness.name, at: new Date(Number(seconds) * 1000) });
    }
  }
  return { origin, size: Number(digits), root, witnesses, note };
}

/** What a log answers to who has seen a checkpoint of it: a later one, and the proof that it only adds to that. */
export interface LogState {
  note: string;
  /** Base64, one hash each. */
  proof: string[];
}

/** A log as its server shows it. */
export interface LogView extends LogState {
  origin: string;
  /** Which beginning of the log this is; more than 1 where it had to begin anew. */
  epoch: number;
  size: number;
  /** What the server says that its key is: to be kept the first time, and compared with what others say. */
  key: string;
  /** By which it signs what it has seen of others' logs. */
  witness: string;
  /** Where a witness holds what the log does not: how much they have in common, and the note that shows it. */
  halted: { since: string; note: string; common: { size: number; root: string } } | null;
}

export type LogVerdict =
  | { verified: true; checkpoint: Checkpoint }
  | {
      verified: false;
      /** With `rewritten`, `note` and the one kept are proof of it: both are signed, and they cannot both be true. */
      reason: "not signed" | "shorter" | "rewritten" | "another log";
      detail: string;
    };

/**
 * Whether a log still holds all that it held when this reader looked last. Keep the note of a checkpoint that was verified,
 * and give it as `kept` the next time; the first time there is none. Throws RangeError for keys that are none.
 */
export async function verifyLog(state: LogState, keys: LogKeys, kept?: string): Promise<LogVerdict> {
  const now = await readCheckpoint(state.note, keys);
  if (typeof now === "string") return { verified: false, reason: "not signed", detail: now };
  if (kept === undefined) return { verified: true, checkpoint: now };
  const before = await readCheckpoint(kept, keys);
  if (typeof before === "string") throw new RangeError(`What was kept is no checkpoint: ${before}.`);
  if (before.origin !== now.origin)
    return { verified: false, reason: "another log", detail: `${before.origin} has become ${now.origin}` };
  if (before.size > now.size)
    return { verified: false, reason: "shorter", detail: `${before.size} leaves have become ${now.size}` };
  const grown = await isGrowth({ before, after: now, proof: state.proof });
  return grown
    ? { verified: true, checkpoint: now }
    : {
        verified: false,
        reason: "rewritten",
        detail: `the first ${before.size} leaves are not what they were`,
      };
}

/** Whoever can ask a log: the client of this package, or anything that answers like it. */
export interface LogReader {
  log(options: {
    since?: number;
  }): Promise<
    | { outcome: "done"; state: LogState }
    | { outcome: "refused"; problem: { code: string } }
    | { outcome: "unknown"; reason: string }
  >;
}

/** A log as one reader follows it: what was seen of it once is held against what it says now. */
export interface FollowedLog {
  client: LogReader;
  keys: LogKeys;
  /** The note of the checkpoint that was verified last; none the first time. */
  kept?: string | undefined;
  /** A note that came by another way: with a webhook, in a receipt, from another party. */
  seen?: string | undefined;
}

export type FollowVerdict =
  /** Keep `checkpoint.note` for the next time, in the place of what was kept. */
  | LogVerdict
  /** Nothing is wrong, and nothing is known: ask again later. */
  | { verified: false; reason: "no answer"; detail: string };

/**
 * Whether the log still holds all that it held when this reader looked last, and all that it was seen to hold elsewhere. What
 * was kept already is not asked about again. Throws RangeError for keys that are none, and where `kept` is no checkpoint of
 * these.
 */
export async function followLog({ client, keys, kept, seen }: FollowedLog): Promise<FollowVerdict> {
  const before = kept === undefined ? undefined : await readCheckpoint(kept, keys);
  if (typeof before === "string") throw new RangeError(`What was kept is no checkpoint: ${before}.`);
  const other = seen === undefined ? undefined : await readCheckpoint(seen, keys);
  if (typeof other === "string") return { verified: false, reason: "not signed", detail: other };
  if (before !== undefined && other !== undefined && isSame(before, other))
    return { verified: true, checkpoint: before };
  let newest: Checkpoint | undefined;
  // One question for each: a log with two faces shows a checkpoint that grows out of the one, and not out of the other.
  for (const mark of [before, other].filter((each) => each !== undefined)) {
    const verdict = await askSince(client, keys, mark);
    if (!verdict.verified) return verdict;
    newest = newest === undefined || newest.size < verdict.checkpoint.size ? verdict.checkpoint : newest;
  }
  return newest === undefined ? askSince(client, keys) : { verified: true, checkpoint: newest };
}

const isSame = (one: Checkpoint, other: Checkpoint): boolean =>
  one.origin === other.origin && one.size === other.size && one.root === other.root;

async function askSince(client: LogReader, keys: LogKeys, mark?: Checkpoint): Promise<FollowVerdict> {
  const answer = await client.log(mark === undefined ? {} : { since: mark.size });
  if (answer.outcome === "refused")
    return { verified: false, reason: "no answer", detail: answer.problem.code };
  if (answer.outcome === "unknown") return { verified: false, reason: "no answer", detail: answer.reason };
  return verifyLog(answer.state, keys, mark?.note);
}

/** A hash in base64 as it is of a text. */
export async function textHash(text: string): Promise<string> {
  return toBase64(await sha256(utf8(text)));
}

/** More than a list of a guarantor has, in bytes: what is compressed may be anything. */
const mostBytes = 1_048_576;

/** All that a stream gives; undefined where that is more than a list has. */
export async function upToMost(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Blob | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = stream.getReader();
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks);
    length += value.length;
    chunks.push(value);
    if (length <= mostBytes) continue;
    await reader.cancel();
    return undefined;
  }
}

/** How long a list may take to come, in milliseconds. */
const fetchWithinMs = 10_000;

/** Fetches a list from the guarantor, of a bounded length and in a bounded time. Caches on the way keep it for as long as it says. */
export async function fetchEnded(uri: string): Promise<string> {
  const headers = { accept: "application/statuslist+jwt" };
  const signal = AbortSignal.timeout(fetchWithinMs);
  const reply = await fetch(uri, { headers, redirect: "error", signal });
  if (!reply.ok) throw new Error(`The list of what has ended was not given: ${reply.status}.`);
  const all = reply.body === null ? new Blob() : await upToMost(reply.body);
  if (all === undefined) throw new Error("The list of what has ended is longer than any.");
  return all.text();
}
