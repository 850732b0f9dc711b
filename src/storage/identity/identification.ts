/** Who is calling: API keys of parties, sign-ins of people; and the links that open one trade. */
import { type Client, coalesce, type Database, uuidv7 } from "../database/database.ts";
import { type Problem, problem, Refusal, refuse } from "../../core/protocol/protocol.ts";
import { whyGuessable } from "./common-passwords.ts";
import { openDevices } from "./devices.ts";
import { mailboxOf, normalEmail } from "./own-hand.ts";
import { makeSeal } from "./trade-links.ts";
import { openTries, type Tries } from "../tries/tries.ts";
import { addressHmac, type Hasher, HashingBusyError, makeHasher } from "./passwords.ts";
import { keyPrefixes, makeSecret, prefixOf, recipientPrefix, secretHash, sessionPrefix } from "./secrets.ts";
import type { Presence } from "./presence.ts";
import * as guests from "./guest-store.ts";
import * as store from "./store.ts";
import { type Caller, type KeyOwnerKind, type LoginKind, nobody } from "./callers.ts";

export interface IdentityOptions {
  database: Database;
  /** The server's own (openServerSecret). */
  secret: Buffer;
  /** Remembers who was there; without it nobody does. */
  presence?: Presence;
  /** Attempts that may fail within a quarter of an hour, and hashes that may wait; for tests, mostly. */
  limits?: Partial<Limits>;
}

interface Limits {
  /** Of one device on which the account was used before. */
  perDevice: number;
  /** Of strangers at one account, each from one address; and of those from addresses that come late, once there are many. */
  perStranger: number;
  perLateStranger: number;
  /** How many strangers' attempts at one account are many. */
  manyStrangers: number;
  perAddress: number;
  applicationsPerAddress: number;
  hashesWaiting: number;
}

export interface SignedIn {
  caller: Caller;
  /** The secret for the cookie; it exists nowhere else. */
  token: string;
  expiresAt: Date;
  /** For the cookie by which the device is known when somebody signs in there again. */
  device: string;
}

/** Names of the cookies, before the `__Host-` that secure ones get. */
export const sessionCookie = "kenshu_session";
export const linkCookie = "kenshu_link";
export const deviceCookie = "kenshu_device";
/** Of a guest: the lasting link; and, before that, the browser in which their address is being confirmed. */
export const guestCookie = "kenshu_guest";
export const contactCookie = "kenshu_contact";

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
   * too_many_requests or overloaded, and with the first of these in the same way whatever was wrong. `device` is what
   * the cookie of the device holds: where the account was used on it before, only what is tried there counts.
   */
  signIn(attempt: {
    email: string;
    password: string;
    address: string;
    previous?: string | undefined;
    device?: string | undefined;
    /** On what kind of browser, for the owner's list of sessions. */
    place?: string | undefined;
  }): Promise<SignedIn | { refused: Problem }>;
  /**
   * Opens a session for whoever has proved that a sign-in is theirs, as signing in does. Refuses with sign_in_failed where it was
   * changed meanwhile.
   */
  openFor(login: store.LoginRow, browser: InBrowser): Promise<Opened>;
  /** Ends a session. Unknown ones have ended already. */
  signOut(token: string): Promise<void>;
  /**
   * The stored form of a password for `createLogin`. `address` counts applications of people who are not
   * signed in. Throws Refusal (invalid_field where it would be guessed, too_many_requests, overloaded).
   */
  hashPassword(email: string, password: string, address?: string): Promise<string>;
  /** Whether somebody signs in for `subject` with this e-mail address. */
  signsInWith(subject: string, email: string): Promise<boolean>;
  /** How often somebody has been wrong, with other proofs than passwords. */
  tries: Tries;
  /**
   * The sign-in of a session, where this is its address and password. Counts tries. Refuses with password_wrong,
   * too_many_requests or overloaded.
   */
  provePassword(login: string, email: string, password: string): Promise<store.LoginRow>;
  /** The stored form of a password that was somebody's before, guessable or not. Refuses with overloaded. */
  hashKnown(email: string, password: string): Promise<string>;
  /** An address as sign-ins keep it. */
  sealAddress(email: string): { address: Buffer; mailbox: Buffer };
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
export const attemptsWindowMs = hour / 4;
const defaults: Limits = {
  perDevice: 20,
  perStranger: 10,
  perLateStranger: 2,
  manyStrangers: 100,
  perAddress: 100,
  applicationsPerAddress: 300,
  hashesWaiting: 100,
};

/** How long a sign-in lasts: operators see everybody's trades, so theirs is the shorter. */
export function sessionLifetimeMs(kind: Caller["kind"]): number {
  return (kind === "operator" ? 8 : 12) * hour;
}

/** Opens the room on a database. */
export function openIdentity(options: IdentityOptions): Identity {
  const { database, secret, presence, limits = {} } = options;
  const bounds = { ...defaults, ...limits };
  const hasher = makeHasher(secret, bounds.hashesWaiting);
  const tries = openTries(database, makeSeal(secret, "tries"));
  const signIn = makeSignIn(options, tries, hasher.hash, bounds);
  const identify = makeIdentify(database);
  const open = makeOpen(database);
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
    openFor: async (login, browser) => {
      const opened = (await open(whoIs(login), login.passwordHash, browser)) ?? refuse("sign_in_failed");
      presence?.arrived(opened.caller);
      return opened;
    },
    signOut: async (token) => {
      if (prefixOf(token) === sessionPrefix) await store.deleteSession(database, secretHash(token));
    },
    hashPassword: async (email, password, address) => {
      const why = whyGuessable(password, email);
      if (why !== undefined) {
        const errors = [{ pointer: "/password", message: why }];
        throw new Refusal(problem("invalid_field", `The password would be guessed. ${why}`, { errors }));
      }
      if (address !== undefined) {
        const [count = 0] = await tries.count([`application from ${networkOf(address)}`], attemptsWindowMs);
        if (count > bounds.applicationsPerAddress) refuse("too_many_requests");
      }
      return hashed(hasher, normalEmail(email), password);
    },
    tries,
    provePassword: async (login, email, password) => {
      const name = `password of ${login}`;
      const [count = 0] = await tries.count([name], attemptsWindowMs);
      if (count > bounds.perDevice) refuse("too_many_requests", "Too many wrong passwords; try again later.");
      const stored = await hashed(hasher, normalEmail(email), password);
      const row = await store.readLogin(database, login);
      if (row === undefined || row.closed || row.passwordHash !== stored) return refuse("password_wrong");
      await tries.giveBack([name]);
      return row;
    },
    hashKnown: (email, password) => hashed(hasher, normalEmail(email), password),
    sealAddress: (email) => ({
      address: addressHmac(secret, normalEmail(email)),
      mailbox: mailboxHmac(secret, email),
    }),
    signsInWith: (subject, email) =>
      store.hasLogin(database, subject, {
        address: addressHmac(secret, normalEmail(email)),
        mailbox: mailboxHmac(secret, email),
      }),
    createLogin: (client, { email, ...login }) =>
      store.insertLogin(client, {
        id: uuidv7(),
        address: addressHmac(secret, normalEmail(email)),
        mailbox: mailboxHmac(secret, email),
        ...login,
      }),
  };
}

function whoIs({ id, kind, subject, name, working }: store.LoginRow): Caller {
  const { shop = subject, ...person } = working ?? {};
  return { kind, id: shop, name, ...person, credential: { kind: "session", id } };
}

/** Refuses with overloaded where too many wait. */
async function hashed(hasher: Hasher, email: string, password: string): Promise<string> {
  try {
    return await hasher.hash(email, password);
  } catch (error) {
    if (error instanceof HashingBusyError) refuse("overloaded", "Too many passwords are being checked.");
    throw error;
  }
}

const mailboxHmac = (secret: Buffer, email: string): Buffer =>
  addressHmac(secret, `mailbox ${mailboxOf(email)}`);

/** Remembers nothing between requests, so that the next request after a revocation or suspension is refused. */
function makeIdentify(database: Database): Identity["identify"] {
  const readKey = coalesce((hashes: string[]) => store.readKeys(database, hashes));
  const readRecipient = coalesce((hashes: string[]) => guests.readRecipients(database, hashes));
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
  { database, secret }: IdentityOptions,
  tries: Tries,
  hash: (email: string, password: string) => Promise<string>,
  bounds: Limits,
): Identity["signIn"] {
  const devices = openDevices(secret);
  const count = makeCount(tries, bounds);
  const open = makeOpen(database);

  return async ({ email: typed, password, address, device, ...browser }) => {
    const email = normalEmail(typed);
    const counted = await count(email, address, devices.nameOf(email, device));
    if (counted === undefined) {
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
      await tries.giveBack(counted);
      if (error instanceof HashingBusyError) return { refused: problem("overloaded") };
      throw error;
    }
    const caller = await store.findLogin(database, addressHmac(secret, email), stored);
    const opened = caller === undefined ? undefined : await open(caller, stored, browser);
    if (opened === undefined) return { refused: problem("sign_in_failed") };
    await tries.giveBack(counted);
    return { ...opened, device: devices.tokenFor(email, device) };
  };
}

/** The session that the browser had, and what kind of browser it is. */
interface InBrowser {
  previous?: string | undefined;
  place?: string | undefined;
}

function makeOpen(database: Database) {
  return (caller: Caller, passwordHash: string, { previous, place }: InBrowser) =>
    database.transaction(async (client): Promise<Opened | undefined> => {
      if (previous !== undefined) await store.deleteSession(client, secretHash(previous));
      const token = makeSecret(sessionPrefix);
      const expiresAt = await store.insertSession(client, {
        hash: secretHash(token),
        login: caller.credential.id,
        passwordHash,
        lifetimeMs: sessionLifetimeMs(caller.kind),
        place: place ?? null,
      });
      return expiresAt === undefined ? undefined : { caller, token, expiresAt };
    });
}

export type Opened = Omit<SignedIn, "device">;

/**
 * Counts an attempt before the hash, so that a flood costs a look-up; answers what to give back where the password was
 * right, and undefined where it is one too many. An account is never closed: whoever is known on a device has tries of
 * their own there, a stranger has some from each address, and fewer from any that comes after many others.
 */
function makeCount(
  tries: Tries,
  bounds: Limits,
): (email: string, address: string, device: string | undefined) => Promise<string[] | undefined> {
  return async (email, address, device) => {
    const network = networkOf(address);
    const from = `sign-in from ${network}`;
    const own = device === undefined ? `stranger at ${email} from ${network}` : `device ${device}`;
    const [all = 0, here = 0] = await tries.count([from, own], attemptsWindowMs);
    const most = device === undefined ? bounds.perStranger : bounds.perDevice;
    // Who is known here is not made to wait by others behind the same address.
    if (here > most || (device === undefined && all > bounds.perAddress)) {
      await tries.giveBack([from]);
      return undefined;
    }
    if (device !== undefined) return [from, own];
    const strangers = `strangers at ${email}`;
    const [count = 0] = await tries.count([strangers], attemptsWindowMs);
    if (count > bounds.manyStrangers && here > bounds.perLateStranger) {
      await tries.giveBack([strangers]);
      return undefined;
    }
    return [from, own, strangers];
  };
}

/** One household, one office, or one rented server: of an IPv6 address the first 64 bits, since each has as many as it likes. */
export function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const groups = (text = "") => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail)];
  const middle =
    tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => "0");
  const whole = [...before, ...middle, ...after].map((group) => Number.parseInt(group, 16).toString(16));
  return whole.slice(0, 4).join(":");
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
  return { token, expiresAt: await guests.insertRecipientSession(client, session) };
}

/** Makes a key in place of all the owner has; those work for another `overlapMs`. */
export async function rotateKeys(
  client: Client,
  wish: { ownerKind: KeyOwnerKind; owner: string; label?: string | undefined; overlapMs: number },
): Promise<{ id: string; key: string }> {
  await store.expireKeys(client, wish.owner, wish.overlapMs);
  return issueKey(client, wish);
}
