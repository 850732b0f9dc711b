/** Who is calling: API keys of parties, sign-ins of people; and the links that open one trade. */
import { type Client, coalesce, type Database, uuidv7 } from "../database/database.ts";
import { type Problem, problem, refuse } from "../../core/protocol/protocol.ts";
import { makeAttempts } from "./attempts.ts";
import { addressHmac, HashingBusyError, makeHasher } from "./passwords.ts";
import { keyPrefixes, makeSecret, prefixOf, recipientPrefix, secretHash, sessionPrefix } from "./secrets.ts";
import type { Presence } from "./presence.ts";
import * as store from "./store.ts";
import { type Caller, type KeyOwnerKind, type LoginKind, nobody } from "./callers.ts";

export interface IdentityOptions {
  database: Database;
  /** The server's own (openServerSecret). */
  secret: Buffer;
  /** Milliseconds that only grow, for the counting of attempts. */
  clock: () => number;
  /** Remembers who was there; without it nobody does. */
  presence?: Presence;
  /** Attempts that may fail within a quarter of an hour, and hashes that may wait; for tests, mostly. */
  limits?: Partial<Limits>;
}

interface Limits {
  perAccount: number;
  perAddress: number;
  applicationsPerAddress: number;
  hashesWaiting: number;
}

export interface SignedIn {
  caller: Caller;
  /** The secret for the cookie; it exists nowhere else. */
  token: string;
  expiresAt: Date;
}

/** Names of the cookies, before the `__Host-` that secure ones get. */
export const sessionCookie = "kenshu_session";
export const linkCookie = "kenshu_link";

/** What a request shows of who sent it: a header, and what stands in the cookie of a session. */
export interface Credentials {
  authorization?: string | undefined;
  session?: string | undefined;
}

export interface Identity {
  /** Who sent a request; nobody where that is not known. With an Authorization header, the cookie does not count. */
  identify(credentials: Credentials): Promise<Caller>;
  /**
   * Opens a session under a new id and ends the one the browser had. Refuses with sign_in_failed,
   * too_many_requests or overloaded, and with the first of these in the same way whatever was wrong.
   */
  signIn(attempt: {
    email: string;
    password: string;
    address: string;
    previous?: string | undefined;
  }): Promise<SignedIn | { refused: Problem }>;
  /** Ends a session. Unknown ones have ended already. */
  signOut(token: string): Promise<void>;
  /**
   * The stored form of a password for `createLogin`. `address` counts applications of people who are not
   * signed in. Throws Refusal (too_many_requests, overloaded).
   */
  hashPassword(email: string, password: string, address?: string): Promise<string>;
  /** Enters a sign-in. `passwordHash` comes from `hashPassword` with the same e-mail. */
  createLogin(client: Client, login: NewSignIn): Promise<void>;
}

export interface NewSignIn {
  email: string;
  passwordHash: string;
  subjectKind: LoginKind;
  subject: string;
}

const hour = 3_600_000;
const attemptsWindowMs = hour / 4;
const defaults: Limits = { perAccount: 20, perAddress: 100, applicationsPerAddress: 300, hashesWaiting: 100 };

/** How long a sign-in lasts: operators see everybody's trades, so theirs is the shorter. */
export function sessionLifetimeMs(kind: Caller["kind"]): number {
  return (kind === "operator" ? 8 : 12) * hour;
}

/** Opens the room on a database. */
export function openIdentity(options: IdentityOptions): Identity {
  const { database, secret, clock, presence, limits = {} } = options;
  const bounds = { ...defaults, ...limits };
  const hasher = makeHasher(secret, bounds.hashesWaiting);
  const applications = makeAttempts(bounds.applicationsPerAddress, attemptsWindowMs, clock);
  const signIn = makeSignIn(options, hasher.hash, bounds);
  const identify = makeIdentify(database);
  return {
    identify: async (credentials) => {
      const caller = await identify(credentials);
      presence?.note(caller);
      return caller;
    },
    signIn: async (attempt) => {
      const answer = await signIn(attempt);
      if ("caller" in answer) presence?.arrived(answer.caller);
      return answer;
    },
    signOut: async (token) => {
      if (prefixOf(token) === sessionPrefix) await store.deleteSession(database, secretHash(token));
    },
    hashPassword: async (email, password, address) => {
      if (address !== undefined && !applications.take(address)) refuse("too_many_requests");
      try {
        return await hasher.hash(normalEmail(email), password);
      } catch (error) {
        if (error instanceof HashingBusyError) refuse("overloaded", "Too many passwords are being checked.");
        throw error;
      }
    },
    createLogin: (client, { email, ...login }) =>
      store.insertLogin(client, { id: uuidv7(), address: addressHmac(secret, normalEmail(email)), ...login }),
  };
}

/** Addresses are compared in this form. */
function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Remembers nothing between requests, so that the next request after a revocation or suspension is refused. */
function makeIdentify(database: Database): Identity["identify"] {
  const readKey = coalesce((hashes: string[]) => store.readKeys(database, hashes));
  const readRecipient = coalesce((hashes: string[]) => store.readRecipients(database, hashes));
  const readSession = coalesce((hashes: string[]) => store.readSessions(database, hashes));
  return async ({ authorization, session }) => {
    if (authorization !== undefined) {
      const token = /^Bearer +([A-Za-z0-9_]{1,100})$/i.exec(authorization)?.[1] ?? "";
      const prefix = prefixOf(token);
      if (prefix === undefined || prefix === sessionPrefix) return nobody;
      if (prefix === recipientPrefix) return (await readRecipient(secretHash(token))) ?? nobody;
      return (await readKey(secretHash(token))) ?? nobody;
    }
    if (session === undefined || prefixOf(session) !== sessionPrefix) return nobody;
    return (await readSession(secretHash(session))) ?? nobody;
  };
}

function makeSignIn(
  { database, secret, clock }: IdentityOptions,
  hash: (email: string, password: string) => Promise<string>,
  bounds: Limits,
): Identity["signIn"] {
  const accounts = makeAttempts(bounds.perAccount, attemptsWindowMs, clock);
  const addresses = makeAttempts(bounds.perAddress, attemptsWindowMs, clock);

  // Counted before the hash, so that a flood costs two look-ups; given back when the password was right.
  function count(email: string, address: string): boolean {
    if (!addresses.take(address)) return false;
    if (accounts.take(email)) return true;
    addresses.giveBack(address);
    return false;
  }

  async function open(caller: Caller, previous: string | undefined): Promise<SignedIn | undefined> {
    return database.transaction(async (client) => {
      if (previous !== undefined) await store.deleteSession(client, secretHash(previous));
      const token = makeSecret(sessionPrefix);
      const expiresAt = await store.insertSession(client, {
        hash: secretHash(token),
        login: caller.credential.id,
        lifetimeMs: sessionLifetimeMs(caller.kind),
      });
      return expiresAt === undefined ? undefined : { caller, token, expiresAt };
    });
  }

  return async ({ email: typed, password, address, previous }) => {
    const email = normalEmail(typed);
    if (!count(email, address)) {
      return {
        refused: problem(
          "too_many_requests",
          "Too many attempts to sign in; try again in a quarter of an hour.",
        ),
      };
    }
    let stored: string;
    try {
      stored = await hash(email, password);
    } catch (error) {
      accounts.giveBack(email);
      addresses.giveBack(address);
      if (error instanceof HashingBusyError) return { refused: problem("overloaded") };
      throw error;
    }
    const caller = await store.findLogin(database, addressHmac(secret, email), stored);
    const signedIn = caller === undefined ? undefined : await open(caller, previous);
    if (signedIn === undefined) return { refused: problem("sign_in_failed") };
    accounts.giveBack(email);
    addresses.giveBack(address);
    return signedIn;
  };
}

/** Makes an API key. The key itself is in the answer and nowhere else. */
export async function issueKey(
  client: Client,
  wish: { ownerKind: KeyOwnerKind; owner: string; label?: string | undefined },
): Promise<{ id: string; key: string }> {
  const key = makeSecret(keyPrefixes[wish.ownerKind]);
  const id = uuidv7();
  await store.insertKey(client, { ...wish, id, hash: secretHash(key), label: wish.label ?? null });
  return { id, key };
}

export interface RecipientSession {
  /** The credential; it exists nowhere else. */
  token: string;
  expiresAt: Date;
}

/** Lets somebody act as the recipient of one trade for a while. What they may do there is decided by the trade. */
export async function issueRecipientSession(
  client: Client,
  { recipient, number }: { recipient: string; number: string },
): Promise<RecipientSession> {
  const token = makeSecret(recipientPrefix);
  const session = { hash: secretHash(token), recipient, trade: BigInt(number), lifetimeMs: 12 * hour };
  return { token, expiresAt: await store.insertRecipientSession(client, session) };
}

/** Makes a key in place of all the owner has; those work for another `overlapMs`. */
export async function rotateKeys(
  client: Client,
  wish: { ownerKind: KeyOwnerKind; owner: string; label?: string | undefined; overlapMs: number },
): Promise<{ id: string; key: string }> {
  await store.expireKeys(client, wish.owner, wish.overlapMs);
  return issueKey(client, wish);
}
