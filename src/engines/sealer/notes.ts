/** Checkpoints and cosignatures as signed notes (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature). */
import { createPublicKey, hash, type KeyObject, sign } from "node:crypto";
import type { Hash } from "../../core/log/log.ts";

/** A key that signs notes: its name, and the kind of its signatures, which must not be another's. */
export interface NoteKey {
  name: string;
  key: KeyObject;
  kind: NoteKind;
}

/** `log`: Ed25519 over the text. `witness`: Ed25519 over the text and the time, cosignature/v1. */
export type NoteKind = "log" | "witness";
const kinds = { log: 0x01, witness: 0x04 } as const;

/** The name of an epoch's log: the server's host, and from the second epoch on its number. */
export function originOf(publicUrl: string, epoch: number): string {
  const { host } = new URL(publicUrl);
  return epoch === 1 ? `${host}/log` : `${host}/log/${epoch}`;
}

/** The text of a checkpoint, which is what is signed. */
const checkpointText = (origin: string, size: number, root: Hash): string => `${origin}\n${size}\n${root}\n`;

function publicBytes(key: KeyObject): Buffer {
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return Buffer.from(x, "base64url");
}

function keyId({ name, key, kind }: NoteKey): Buffer {
  const named = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(kinds[kind]), publicBytes(key)]);
  return hash("sha256", named, "buffer").subarray(0, 4);
}

/** The public half of a key, as whoever checks its signatures is given it. */
export function verifierKey(of: NoteKey): string {
  const material = Buffer.concat([Buffer.of(kinds[of.kind]), publicBytes(of.key)]);
  return `${of.name}+${keyId(of).toString("hex")}+${material.toString("base64")}`;
}

const line = (of: NoteKey, signature: Buffer): string =>
  `\u2014 ${of.name} ${Buffer.concat([keyId(of), signature]).toString("base64")}\n`;

/** A text with the signature of a log. */
function signNote(text: string, of: NoteKey): string {
  return `${text}\n${line(of, sign(null, Buffer.from(text), of.key))}`;
}

/** A checkpoint of a log. */
export function signCheckpoint(of: NoteKey, size: number, root: Hash): string {
  return signNote(checkpointText(of.name, size, root), of);
}

/** The line by which a witness says that it has seen this checkpoint, and no other that it contradicts, by this time. */
export function cosign(text: string, of: NoteKey, seconds: number): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const said = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
  return line(of, Buffer.concat([time, sign(null, said, of.key)]));
}
