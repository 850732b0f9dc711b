/**
 * Passwords: argon2id with the parameters OWASP names as its least (19 MiB, two passes, one lane). A hash takes some
 * 20 ms of a core, so two run at a time and a bounded number wait; the others are told that the server is busy instead
 * of making everybody slow.
 */
import { createHmac } from "node:crypto";
import { hash } from "@node-rs/argon2";

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
const atOnce = 2;

/** More hashes are waiting than the queue takes. */
export class HashingBusyError extends Error {
  override readonly name = "HashingBusyError";
}

export interface Hasher {
  /**
   * The stored form (PHC string) of an address's password. The salt is made from the address and the server's secret,
   * so the same two give the same text, and an address that nobody uses costs exactly as much as any other: no dummy
   * hash is needed. Throws HashingBusyError.
   */
  hash: (email: string, password: string) => Promise<string>;
}

/**
 * The form in which the address of a sign-in is stored and looked for. Somebody with a copy of the table but without the
 * server's secret cannot try addresses on it.
 */
export function addressHmac(secret: Buffer, email: string): Buffer {
  return createHmac("sha256", secret).update(`address of a sign-in ${email}`).digest();
}

/** `secret` is the server's own. `waitingMax` bounds the queue. */
export function makeHasher(secret: Buffer, waitingMax: number): Hasher {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(): Promise<void> {
    if (running < atOnce) {
      running += 1;
      return;
    }
    if (waiting.length >= waitingMax)
      throw new HashingBusyError("Too many passwords are waiting to be hashed.");
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    hash: async (email, password) => {
      await enter();
      try {
        const own = createHmac("sha256", secret).update(email).digest().subarray(0, 16);
        return await hash(password.normalize("NFKC"), { ...parameters, salt: own });
      } finally {
        leave();
      }
    },
  };
}
