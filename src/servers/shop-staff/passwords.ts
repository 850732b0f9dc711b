/** Passwords of the staff, of which only a slow digest is kept. */
import { scrypt, timingSafeEqual } from "node:crypto";
import { type Client, randomToken } from "../../storage/database/database.ts";
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
): Promise<Member | undefined> {
  const known = await memberBySignIn(client, signIn);
  const { salt, hash } = known ?? nobody;
  const fits = timingSafeEqual(await digest(password, salt), hash);
  return fits ? known : undefined;
}
