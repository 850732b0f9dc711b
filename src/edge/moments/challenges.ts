/**
 * Challenges, and the proofs that programs are given: each says until when it holds, and is sealed for what it is to prove. None
 * stands anywhere until it was used, so that whoever asks for many has changed nothing.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { randomToken } from "../../storage/database/database.ts";
import type { Seal } from "../../storage/identity/identity.ts";

const randomBytes = 16;
const timeBytes = 6;
const sealBytes = 32;
const form = /^[A-Za-z0-9_-]{72}$/;

/** What was made, for what, and until when it holds. */
export interface Made {
  token: string;
  until: Date;
}

export interface Challenges {
  /** One for this purpose; `now` and `ms` are milliseconds. */
  make(purpose: string, now: number, ms: number): Made;
  /** One for this purpose that goes with another, ends with it, and is the same whenever it is asked for. */
  follow(token: string, purpose: string): Made;
  /** Until when it holds; undefined where it is none of ours, or was made for another purpose. */
  read(token: string, purpose: string): Date | undefined;
  /** Under which it is remembered as used. */
  markOf(token: string): Buffer;
}

export function makeChallenges(seal: Seal): Challenges {
  const sealed = (head: Buffer, purpose: string) => seal(`${head.toString("base64url")} ${purpose}`);
  return {
    make: (purpose, now, ms) => {
      const until = now + ms;
      const head = Buffer.alloc(randomBytes + timeBytes);
      Buffer.from(randomToken(randomBytes), "base64url").copy(head);
      head.writeUIntBE(until, randomBytes, timeBytes);
      const token = Buffer.concat([head, sealed(head, purpose)]).toString("base64url");
      return { token, until: new Date(until) };
    },
    follow: (token, purpose) => {
      const head = Buffer.from(token, "base64url").subarray(0, randomBytes + timeBytes);
      const until = new Date(head.readUIntBE(randomBytes, timeBytes));
      return { token: Buffer.concat([head, sealed(head, purpose)]).toString("base64url"), until };
    },
    read: (token, purpose) => {
      if (!form.test(token)) return undefined;
      const bytes = Buffer.from(token, "base64url");
      const head = bytes.subarray(0, randomBytes + timeBytes);
      const given = bytes.subarray(randomBytes + timeBytes);
      if (given.length !== sealBytes || !timingSafeEqual(given, sealed(head, purpose))) return undefined;
      return new Date(head.readUIntBE(randomBytes, timeBytes));
    },
    markOf: (token) => createHash("sha256").update(Buffer.from(token, "base64url")).digest(),
  };
}
