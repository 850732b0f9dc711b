/** Checkpoints and cosignatures as signed notes (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature). */
import { createPublicKey, hash, type KeyObject, sign } from "node:crypto";
import type { Hash } from "../../core/log/log.ts";
import type { LogSigner } from "../../storage/seals/seals.ts";

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

/** Whether the server at `publicUrl` is the one whose log has this name, in whatever epoch. */
export function originsOf(publicUrl: string, origin: string): boolean {
  const base = originOf(publicUrl, 1);
  return (
    origin === base ||
    (origin.startsWith(`${base}/`) && /^[1-9][0-9]{0,8}$/.test(origin.slice(base.length + 1)))
  );
}

/** The name under which a server signs what it has seen of others' logs. */
export const witnessName = (publicUrl: string): string => `${new URL(publicUrl).host}/witness`;

/** The text of a checkpoint, which is what is signed. */
const checkpointText = (origin: string, size: number, root: Hash): string => `${origin}\n${size}\n${root}\n`;

function publicBytes(key: KeyObject): Buffer {
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return Buffer.from(x, "base64url");
}

const materialOf = ({ key, kind }: NoteKey): Buffer =>
  Buffer.concat([Buffer.of(kinds[kind]), publicBytes(key)]);

function keyId(name: string, material: Buffer): Buffer {
  return hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), material]), "buffer").subarray(0, 4);
}

/** The public half of a key, as whoever checks its signatures is given it. */
export const verifierKey = (of: NoteKey): string => keyFrom(of.name, materialOf(of).toString("base64"));

/** The same under another name: the log of each epoch has its own, with one key. */
export function keyFrom(name: string, material: string): string {
  return `${name}+${keyId(name, Buffer.from(material, "base64")).toString("hex")}+${material}`;
}

const line = (of: NoteKey, signature: Buffer): string =>
  `\u2014 ${of.name} ${Buffer.concat([keyId(of.name, materialOf(of)), signature]).toString("base64")}\n`;

/** A text with the signature of a log. */
function signNote(text: string, of: NoteKey): string {
  return `${text}\n${line(of, sign(null, Buffer.from(text), of.key))}`;
}

/** Signs the log of the server that is reached at `publicUrl`. */
export function makeLogSigner(publicUrl: string, key: KeyObject): LogSigner {
  const of = (epoch: number): NoteKey => ({ name: originOf(publicUrl, epoch), key, kind: "log" });
  return {
    sign: (epoch, size, root) => signNote(checkpointText(of(epoch).name, size, root), of(epoch)),
    keyOf: (epoch) => verifierKey(of(epoch)),
  };
}

/** The line by which a witness says that it has seen this checkpoint, and no other that it contradicts, by this time. */
export function cosign(text: string, of: NoteKey, seconds: number): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const said = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
  return line(of, Buffer.concat([time, sign(null, said, of.key)]));
}
