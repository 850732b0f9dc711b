/** Passwords of the staff, of which only a slow digest is kept. */
import { createHash, scrypt, timingSafeEqual } from "node:crypto";
import { type Client, randomToken } from "../../storage/database/database.ts";
import { giveTryBack, takeTry } from "./record-store.ts";
import { memberBySignIn, type Member, type Secrets } from "./staff-store.ts";

/** Memory and time of one try: 16 MiB, some tens of milliseconds. */
const cost = { N: 16_384, r: 8, p: 1 };
const hashBytes = 32;

/** A password of the staff has this many characters at least. */
export const shortestPassword = 10;

function digest(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, hashBytes, cost, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}

export async function secretsOf(password: string): Promise<Secrets> {
  const salt = Buffer.from(randomToken(16), "base64url");
  return { salt, hash: await digest(password, salt) };
}

const nobody: Secrets = { salt: Buffer.alloc(16), hash: Buffer.alloc(hashBytes) };

/** Who signs in with this name and password; undefined where nobody does, which takes as long. */
export async function memberOf(
  client: Client,
  signIn: string,
  password: string,
): Promise<(Member & Secrets) | undefined> {
  const known = await memberBySignIn(client, signIn);
  const { salt, hash } = known ?? nobody;
  const fits = timingSafeEqual(await digest(password, salt), hash);
  return fits ? known : undefined;
}

/** So many wrong passwords in a quarter of an hour; after them even the right one is not looked at. */
const mostWrong = 20;

/** Looks at a password, at most so often wrong by a name; "wait" where that was too often. Tries at once count each. */
export async function counted<Found extends object>(
  client: Client,
  name: string,
  look: () => Promise<Found | undefined>,
): Promise<Found | undefined | "wait"> {
  const hash = createHash("sha256").update(name).digest();
  if (!(await takeTry(client, hash, mostWrong))) return "wait";
  const found = await look();
  if (found !== undefined) await giveTryBack(client, hash);
  return found;
}
