/** The keys by which this server signs: kept by itself, in files, or by a program that signs for it. */
import type { KeyObject } from "node:crypto";
import type { Client } from "../../storage/database/database.ts";
import type { Keyring } from "../../storage/keyring/keyring.ts";
import type { PublishedKey } from "./key-sets.ts";

/** A key of this server: published now, signing from, published and good until (null for the newest). */
export interface OwnKey {
  kid: string;
  signsFrom: Date;
  endsAt: Date | null;
}

export interface OwnKeys {
  /**
   * The key that signs now, and the time of the database. `wordUntil`: until when what it shall sign may be believed, where that
   * is longer than a message is: its public half stays published until then.
   */
  current(
    wordUntil?: Date,
  ): Promise<{ kid: string; now: Date; sign: (bytes: Buffer) => Promise<Uint8Array> }>;
  published(): Promise<PublishedKey[]>;
  /** As `Signer.rotate` says. */
  rotate(overlapMs: number, inside?: Client): Promise<OwnKey[]>;
}

/** Where this server's keys are. */
export type KeySource =
  /** In its database, sealed. */
  | { kind: "kept"; keyring: Keyring }
  /** Ed25519 keys that somebody else has made: the first signs, all are published, public halves for their words alone. */
  | { kind: "given"; keys: readonly KeyObject[] }
  /** A program that has the keys and signs when it is asked (docs/running.md). */
  | { kind: "asked"; url: string; token?: string | undefined };
