/** Has others witness this server's log, and finds out from what they hold whether its past was changed. */
import { hash } from "node:crypto";
import { type Checkpoint, readCheckpoint } from "@kenshu/sdk";
import type { Database } from "../../storage/database/database.ts";
import {
  type Head,
  insertCosignature,
  insertHalt,
  type LogSigner,
  proveConsistency,
  readHalt,
  readHead,
  readWitnessed,
  rootAt,
} from "../../storage/seals/seals.ts";
import { type Peer, type Peers, readResponse } from "../signing/signing.ts";

export interface WitnessesOptions {
  database: Database;
  peers: Peers;
  signer: LogSigner;
  /** The name of an epoch's log. */
  originOf: (epoch: number) => string;
  /** Milliseconds between two looks at what was added. */
  everyMs: number;
  onError: (error: unknown) => void;
}

export interface Witnesses {
  start(): void;
  /** Shows the log to all who have not seen it as it is; resolves when they have answered, or did not. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

/** A witness holds what this log does not: from here on nothing that it says can be believed. */
class RewrittenLogError extends Error {
  override readonly name = "RewrittenLogError";
}

class UnreachableError extends Error {}

export function createWitnesses(options: WitnessesOptions): Witnesses {
  const { peers, everyMs, onError } = options;
  /** When those who could not be reached are tried again: a server that is away is no fault of this one. */
  const away = new Map<Peer, number>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function showTo(peer: Peer): Promise<void> {
    if ((away.get(peer) ?? 0) > performance.now()) return;
    try {
      await show(options, peer);
    } catch (error) {
      if (error instanceof UnreachableError) away.set(peer, performance.now() + afterFailureMs);
      else onError(error);
    }
  }

  async function showAll(): Promise<void> {
    await Promise.all(peers.list().map(showTo));
  }

  function round(): Promise<void> {
    running = running.then(showAll);
    return running;
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => void round().catch(onError).finally(next), everyMs);
  }

  return {
    start: next,
    round,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

const timeoutMs = 5000;
const afterFailureMs = 30_000;
const answerMost = 256 * 1024;

interface Reply {
  status: number;
  text: string;
}

async function send(url: string, body?: string): Promise<Reply> {
  try {
    const answer = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      ...(body === undefined ? {} : { body, headers: { "content-type": "text/plain; charset=utf-8" } }),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.status, text: (await readResponse(answer, answerMost)).toString("utf8") };
  } catch (error) {
    throw new UnreachableError("A witness cannot be reached.", { cause: error });
  }
}

/** Shows one witness the log as it is, where that is more than it has signed. */
async function show(options: WitnessesOptions, peer: Peer): Promise<void> {
  const { database } = options;
  const head = await readHead(database);
  if (head === undefined || (await readHalt(database, head.epoch)) !== undefined) return;
  const seen = (await readWitnessed(database, head.epoch)).get(peer.id) ?? 0;
  if (seen >= head.size) return;
  let reply = await submit(options, peer, head, seen);
  const other = reply.status === 409 && /^[0-9]{1,16}\n?$/.test(reply.text) ? Number(reply.text) : undefined;
  if (other !== undefined && other <= head.size) reply = await submit(options, peer, head, other);
  if (reply.status === 200) return keepLine(options, peer, head, reply.text);
  if (reply.status === 409 || reply.status === 422) return examine(options, peer, head.epoch);
  // A server that does not know this one as its peer, or none that witnesses, says no more than that.
  if (reply.status === 404 || reply.status >= 500) throw new UnreachableError(`It answers ${reply.status}.`);
  throw new Error(`${peer.name} did not witness the log: ${reply.status}.`);
}

async function submit({ database }: WitnessesOptions, peer: Peer, head: Head, old: number): Promise<Reply> {
  const proof = await proveConsistency(database, head.epoch, old, head.size);
  const lines = [`old ${old}`, ...proof, "", head.note];
  return send(`${peer.url}/v1/witness/add-checkpoint`, lines.join("\n"));
}

/** Keeps what a witness has signed, if it did. */
async function keepLine(
  { database, signer }: WitnessesOptions,
  peer: Peer,
  { epoch, size, note }: Head,
  line: string,
): Promise<void> {
  const { status, text } = await send(`${peer.url}/v1/log`);
  // A server that has just begun has no log of its own yet, and so says nothing of its key.
  if (status !== 200) throw new UnreachableError(`It answers ${status}.`);
  const { witness } = JSON.parse(text) as { witness?: unknown };
  const signed = await readCheckpoint(note + line, {
    log: signer.keyOf(epoch),
    witnesses: [String(witness)],
  });
  if (typeof signed === "string" || signed.witnesses.length === 0)
    throw new Error(`What ${peer.name} answered is not its signature under this log.`);
  await insertCosignature(database, { epoch, size, witness: peer.id, line });
}

/** Whether a witness can prove that this log was another: only what this log itself has signed does. */
async function examine(options: WitnessesOptions, peer: Peer, epoch: number): Promise<void> {
  const { database, originOf } = options;
  const at = `${peer.url}/v1/witness/${hash("sha256", originOf(epoch), "hex")}`;
  const { text: note } = await send(`${at}/checkpoint`);
  const held = await heldBy(options, epoch, note);
  if (held === undefined)
    throw new Error(`${peer.name} refuses the log and shows nothing that it has signed.`);
  if (await agrees(database, epoch, held)) return;
  const { size, root } = await lastCommon(options, epoch, at);
  await insertHalt(database, { epoch, witness: peer.id, note, common: size, root });
  throw new RewrittenLogError(
    `${peer.name} holds ${held.size} leaves of the log that are not those that are here; ${size} are common. No receipts are given until two operators begin a new epoch (docs/receipts.md).`,
  );
}

async function heldBy(
  { signer }: WitnessesOptions,
  epoch: number,
  note: string,
): Promise<Checkpoint | undefined> {
  const held = await readCheckpoint(note, { log: signer.keyOf(epoch) });
  return typeof held === "string" ? undefined : held;
}

/** Whether the log, as it is now, holds what somebody else does. */
async function agrees(database: Database, epoch: number, { size, root }: Checkpoint): Promise<boolean> {
  const head = await readHead(database, epoch);
  return head !== undefined && size <= head.size && (await rootAt(database, epoch, size)) === root;
}

/** The largest of the checkpoints that a witness holds which this log holds too. */
async function lastCommon(
  options: WitnessesOptions,
  epoch: number,
  at: string,
): Promise<{ size: number; root: string }> {
  for (let below = ""; ; ) {
    const { text } = await send(`${at}/checkpoints${below}`);
    const { items, next } = JSON.parse(text) as { items: string[]; next: string | null };
    for (const note of items) {
      const held = await heldBy(options, epoch, note);
      if (held !== undefined && (await agrees(options.database, epoch, held))) return held;
    }
    if (next === null) return { size: 0, root: hash("sha256", "", "base64") };
    below = `?below=${next}`;
  }
}
