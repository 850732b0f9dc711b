/** This server as one who signs, wherever its keys are. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Client, Database } from "../../storage/database/database.ts";
import { askedKeys, givenKeys } from "./foreign-keys.ts";
import { openKeptKeys } from "./kept-keys.ts";
import type { KeySet } from "./key-sets.ts";
import { type Message, prepareMessage } from "./message.ts";
import type { KeySource, OwnKey, OwnKeys } from "./own-keys.ts";
import type { Peers } from "./peers.ts";

export interface Signer {
  /** Where this server is reached, without a slash at the end; its keys are known under it. */
  readonly url: string;
  /** The fields that sign a message; a request gets a nonce that was never used. */
  sign(message: Message, nonce?: string): Promise<Record<string, string>>;
  /**
   * A compact JWS (RFC 7515) of these claims, by the key that signs now; `typ` keeps it from passing for another kind. `until`:
   * until when it may be believed, where it is a guarantee: the public half of the key stays published until then.
   */
  signToken(typ: string, claims: object, until?: Date): Promise<string>;
  /** What is published at `/.well-known/jwks.json`. */
  jwks(): Promise<KeySet>;
  /**
   * Makes a key that is published at once and signs after the overlap; the one before it is good for another overlap.
   * Where a new key waits already, no other is made, and that key signs sooner if the overlap is shorter. Without an
   * overlap all old keys are gone at once, also those that are published for guarantees alone. Refuses with not_allowed where
   * the keys are not this server's to make, with not_due_yet where as many are published as others read. `inside`: a transaction
   * with which it happens, or not.
   */
  rotate(overlapMs: number, inside?: Client): Promise<OwnKey[]>;
}

/** What a server gives to its signing. */
export interface SigningOptions {
  database: Database;
  signer: Signer;
  peers: Peers;
  /** Refuses a caller who is no operator. */
  isOperator: (request: FastifyRequest) => Promise<void>;
  /** Has a new key made (`Signer.rotate`) as operators do what takes two of them, and answers. */
  rotate: (request: FastifyRequest, reply: FastifyReply, overlapMs: number) => Promise<FastifyReply>;
}

/** Signs as the server that keeps this database and is reached at `publicUrl`. */
export async function openSigner(database: Database, publicUrl: string, source: KeySource): Promise<Signer> {
  const url = new URL(publicUrl).origin;
  const keys = await openKeys(database, source);
  return {
    url,
    sign: async (message, nonce) => {
      const { kid, now, sign } = await keys.current();
      const signing = { keyid: `${url}#${kid}`, now: now.getTime() / 1000 };
      const { bytes, signed } = prepareMessage(
        message,
        nonce === undefined ? signing : { ...signing, nonce },
      );
      return signed(await sign(bytes));
    },
    signToken: async (typ, claims, until) => {
      const { kid, sign } = await keys.current(until);
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const signed = `${part({ alg: "EdDSA", kid, typ })}.${part(claims)}`;
      return `${signed}.${Buffer.from(await sign(Buffer.from(signed))).toString("base64url")}`;
    },
    jwks: async () => ({ keys: await keys.published() }),
    rotate: (overlapMs, inside) => keys.rotate(overlapMs, inside),
  };
}

function openKeys(database: Database, source: KeySource): OwnKeys | Promise<OwnKeys> {
  switch (source.kind) {
    case "kept":
      return openKeptKeys(database, source.keyring);
    case "given":
      return givenKeys(database, source.keys);
    case "asked":
      return askedKeys({ database, url: source.url, token: source.token });
  }
}
