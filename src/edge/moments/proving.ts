/**
 * Who proves what, and how. A passkey proves by what it signs: a challenge made for exactly this act, good for five minutes and
 * once. The password proves where there is no passkey. Neither does while somebody else may have set them.
 */
import { createHash } from "node:crypto";
import { refuse } from "../../core/protocol/protocol.ts";
import { type Database, randomToken } from "../../storage/database/database.ts";
import {
  attemptsWindowMs,
  type Caller,
  type Identity,
  isHeld,
  type LoginRow,
  makeSeal,
  networkOf,
  readLogin,
  type Seal,
  signerOf,
} from "../../storage/identity/identity.ts";
import {
  countMoved,
  notePasskeyUse,
  passkeyOf,
  type PasskeyRow,
  passkeysOf,
  realClock,
  standingOf,
  useProof,
  usedFor,
} from "../../storage/passkeys/passkeys.ts";
import { isAsked, type ProvenAct, purposeOf, type StepUpAbove } from "./acts.ts";
import {
  challengeIn,
  creationOptions,
  type Registered,
  requestOptions,
  verifiedAssertion,
  verifiedRegistration,
} from "./ceremonies.ts";
import { type Challenges, type Made, makeChallenges } from "./challenges.ts";
import type { RelyingParty } from "./party.ts";
import type { Assertion, CreationOptions, Registration, RequestOptions } from "./schemas.ts";

/** By what it was proved. */
export type By = "passkey" | "password";

/** How somebody proves an act: by a passkey that signs this, by the password, or not yet. */
export type Wanted =
  | { by: "passkey"; options: RequestOptions }
  | { by: "password" }
  /** What they have may be somebody else's: it was set within three days. */
  | { by: "later" }
  /** They have a passkey, and this server is not reached under a name that could ask for it. */
  | { by: "nowhere" };

/** What was shown as a proof. */
export interface Shown {
  password?: string | undefined;
  /** Of those whose address is not known here. */
  email?: string | undefined;
  response?: Assertion | undefined;
  /** Made by one of these before. */
  token?: string | undefined;
}

export interface Moments {
  /** Undefined where this server has no passkeys. */
  party: RelyingParty | undefined;
  /** Whether anything takes more than the session here. */
  isOpen: boolean;
  /** Whether an act of this caller takes more than the session. */
  asks(caller: Caller, act: ProvenAct): boolean;
  /** How this caller proves an act. */
  wanted(caller: Caller, act: ProvenAct): Promise<Wanted>;
  /** Refuses an act that takes more than the session and was not proved. With `key`, the same press twice is one. */
  need(caller: Caller, act: ProvenAct, shown: Shown, key: string | undefined): Promise<void>;
  /** Proves an act, in whichever of the two ways; `either`: the password does although there is a passkey. */
  prove(
    caller: Caller,
    act: ProvenAct,
    shown: Shown,
    how: { key: string | undefined; either?: boolean },
  ): Promise<By>;
  /** What a proof is made into for a program, which shows it with the act: of what a passkey has signed one only, ever. */
  tokenFor(caller: Caller, act: ProvenAct, by: Pick<Shown, "response">): Promise<Made>;
  /** For whoever comes with a passkey. */
  signInOptions(): Promise<RequestOptions | undefined>;
  /** Whose passkey has signed. Refuses with passkey_refused or too_many_requests. */
  signIn(response: Assertion, from: string): Promise<LoginRow>;
  /** What registers a passkey, once it was proved by whom. */
  creation(caller: Caller, by: By, shownAs: { name: string; shown: string }): Promise<CreationOptions>;
  /** What was registered, and by what it had been proved. Refuses with passkey_refused. */
  registered(caller: Caller, response: Registration): Promise<{ made: Registered; by: By }>;
}

export interface MomentsOptions {
  database: Database;
  identity: Identity;
  /** The server's own. */
  secret: Buffer;
  party: RelyingParty | undefined;
  above: StepUpAbove;
  /** The address with which somebody signs in, where it is known here. */
  emailOf: (caller: Caller) => Promise<string | undefined>;
}

const minute = 60_000;
const proofMs = 5 * minute;
const signInMs = 15 * minute;
const triesPerNetwork = 100;
const signInPurpose = "sign-in";

const registerPurpose = (login: string, by: By): string => `register ${login} ${by}`;
const none = (): never =>
  refuse("not_allowed", "This server has no passkeys: it is not reached under a name and by HTTPS.");

/** What all of it stands on. */
interface Ground extends MomentsOptions {
  challenges: Challenges;
  /** A neighbour on the same host that knew it could put a passkey of its own in the place of this one. */
  handle: Seal;
  make: (purpose: string, ms: number) => Promise<Made>;
}

export function openMoments(options: MomentsOptions): Moments {
  const { database, party, above } = options;
  const challenges = makeChallenges(makeSeal(options.secret, "moments"));
  const handle = makeSeal(options.secret, "handles of passkeys");
  const make: Ground["make"] = async (purpose, ms) => challenges.make(purpose, await realClock(database), ms);
  const ground: Ground = { ...options, challenges, handle, make };
  return {
    party,
    isOpen: Object.keys(above).length > 0,
    wanted: (caller, act) => wantedOf(ground, caller, act),
    prove: (caller, act, shown, how) => prove(ground, caller, act, shown, how),
    asks: (caller, act) => isPerson(caller) && isAsked(above, act),
    need: async (caller, act, shown, key) => {
      if (!isPerson(caller)) return;
      const isMuch = isAsked(above, act) || !(await isLittle(ground, caller, act, key));
      if (isMuch) await prove(ground, caller, act, shown, { key });
    },
    tokenFor: async (caller, act, { response }) =>
      response === undefined
        ? make(tokenPurpose(caller, act), proofMs)
        : challenges.follow(challengeIn(response), tokenPurpose(caller, act)),
    signInOptions: async () =>
      party && requestOptions(party, (await make(signInPurpose, signInMs)).token, []),
    signIn: (response, from) => signIn(ground, response, from),
    creation: async (caller, by, { name, shown }) => {
      if (party === undefined) return none();
      const { id: login } = caller.credential;
      const { token } = await make(registerPurpose(login, by), proofMs);
      const user = { handle: handle(login), name, shown };
      return creationOptions(party, token, user, await passkeysOf(database, login));
    },
    registered: (caller, response) => registered(ground, caller, response),
  };
}

/** For what a proof is used that nobody has a key for: for nothing else, ever. */
const onceOnly = (): Buffer => createHash("sha256").update(randomToken(16)).digest();

async function verified(
  { database, party, challenges }: Ground,
  response: Assertion,
  { purpose, use, login }: { purpose: string; use: Buffer; login?: string },
): Promise<PasskeyRow> {
  const challenge = challengeIn(response);
  const until = challenges.read(challenge, purpose);
  const passkey = await passkeyOf(database, Buffer.from(response.id, "base64url"));
  if (until === undefined || passkey === undefined || party === undefined) return refuse("passkey_refused");
  if (login !== undefined && passkey.login !== login) return refuse("passkey_refused");
  const mark = challenges.markOf(challenge);
  // The second press of the same button comes with what has signed the first.
  if ((await usedFor(database, mark))?.equals(use) === true) return passkey;
  const counter = await verifiedAssertion(party, challenge, response, passkey);
  if (counter === undefined) return refuse("passkey_refused");
  await database.transaction(async (client) => {
    const used = await useProof(client, { mark, usedFor: use, until });
    if (used === undefined) refuse("passkey_refused", "This took longer than five minutes; do it again.");
    if (used?.usedFor.equals(use) !== true) refuse("passkey_refused", "This was used already.");
    if (used?.first !== true) return;
    if (!(await notePasskeyUse(client, passkey.id, counter)))
      refuse("passkey_refused", "This passkey has been used by another copy of it, or was taken away.");
  });
  return passkey;
}

async function wantedOf({ database, party, make }: Ground, caller: Caller, act: ProvenAct): Promise<Wanted> {
  const { id: login } = caller.credential;
  const { proving, young, waits } = await standingOf(database, login);
  if (proving.length > 0 && party !== undefined) {
    const { token } = await make(purposeOf(login, act), proofMs);
    return { by: "passkey", options: requestOptions(party, token, proving) };
  }
  // Whoever has a passkey proves nothing by the password.
  if (proving.length > 0) return { by: "nowhere" };
  if (young || waits || (await isHeld(database, signerOf(caller)))) return { by: "later" };
  return { by: "password" };
}

async function byToken(
  { database, challenges }: Ground,
  purpose: string,
  token: string,
  use: Buffer,
): Promise<By> {
  const until = challenges.read(token, purpose);
  if (until === undefined) return refuse("proof_required", "This proof is for something else.");
  const used = await useProof(database, { mark: challenges.markOf(token), usedFor: use, until });
  if (used?.usedFor.equals(use) !== true) refuse("proof_required", "This proof was used, or is over.");
  return "passkey";
}

async function byPassword(
  { identity, emailOf }: Ground,
  caller: Caller,
  { password = "", email }: Shown,
): Promise<By> {
  const address = email ?? (await emailOf(caller));
  if (address === undefined)
    return refuse("invalid_field", "Say the e-mail address with which you sign in.", {
      errors: [{ pointer: "/email", message: "is missing" }],
    });
  await identity.provePassword(caller.credential.id, address, password);
  return "password";
}

async function prove(
  ground: Ground,
  caller: Caller,
  act: ProvenAct,
  shown: Shown,
  { key, either = false }: { key: string | undefined; either?: boolean },
): Promise<By> {
  if (caller.credential.kind !== "session")
    return refuse("not_allowed", "Only who has signed in proves that.");
  const { id: login } = caller.credential;
  const use = useOf(login, key);
  if (shown.token !== undefined && !either)
    return byToken(ground, tokenPurpose(caller, act), shown.token, use);
  const { proving, young, waits } = await standingOf(ground.database, login);
  if (shown.response !== undefined) {
    const { proves } = await verified(ground, shown.response, { purpose: purposeOf(login, act), use, login });
    if (!proves) refuseYet();
    return "passkey";
  }
  if (shown.password === undefined) return refuse("proof_required", howTo(proving.length > 0));
  if (either) return byPassword(ground, caller, shown);
  if (proving.length > 0) return refuse("proof_required", howTo(true));
  if (young || waits || (await isHeld(ground.database, signerOf(caller)))) refuseYet();
  return byPassword(ground, caller, shown);
}

async function signIn(ground: Ground, response: Assertion, from: string): Promise<LoginRow> {
  const { tries } = ground.identity;
  const name = `passkey from ${networkOf(from)}`;
  const [count = 0] = await tries.count([name], attemptsWindowMs);
  if (count > triesPerNetwork) refuse("too_many_requests", "Too many attempts to sign in; try again later.");
  const { login } = await verified(ground, response, { purpose: signInPurpose, use: onceOnly() });
  const row = await readLogin(ground.database, login);
  if (row === undefined || row.closed) return refuse("passkey_refused");
  await tries.giveBack([name]);
  return row;
}

async function registered(
  { database, party, challenges }: Ground,
  caller: Caller,
  response: Registration,
): Promise<{ made: Registered; by: By }> {
  if (party === undefined) return none();
  const { id: login } = caller.credential;
  const challenge = challengeIn(response);
  for (const by of ["passkey", "password"] as const) {
    const until = challenges.read(challenge, registerPurpose(login, by));
    if (until === undefined) continue;
    const made = await verifiedRegistration(party, challenge, response);
    const proof = { mark: challenges.markOf(challenge), usedFor: onceOnly(), until };
    const used = made && (await useProof(database, proof));
    if (made !== undefined && used?.first === true) return { made, by };
  }
  return refuse("passkey_refused", "This took longer than five minutes, or was registered already.");
}

/** Operators are bound by what holds for them, and keys are no people. */
/** By what the same press is known when it comes again. */
const useOf = (login: string, key: string | undefined): Buffer =>
  createHash("sha256")
    .update(`${login} ${key ?? randomToken(16)}`)
    .digest();

/** Whether it is little also with all that this sign-in has moved within a day by nothing but a session; it is counted then. */
async function isLittle(
  { database, above }: Ground,
  { credential: { id: login } }: Caller,
  { act, amount, currency = "" }: ProvenAct,
  key: string | undefined,
): Promise<boolean> {
  const most = Object.hasOwn(above, currency) ? above[currency] : undefined;
  // A right that is set anew is the same right.
  const isCounted = act !== "mandate.limits" && act !== "consent.limits" && act !== "consent.change";
  if (!isCounted || amount == null || amount === 0n || most === undefined) return true;
  return countMoved(database, { login, currency, amount, usedFor: useOf(login, key), most });
}

const isPerson = ({ kind, credential }: Caller): boolean =>
  credential.kind === "session" && kind !== "operator" && kind !== "recipient";

const tokenPurpose = ({ credential }: Caller, act: ProvenAct): string =>
  `proved ${purposeOf(credential.id, act)}`;

const howTo = (hasPasskey: boolean): string =>
  hasPasskey
    ? "So much is moved by whoever shows one of your passkeys now."
    : "So much is moved by whoever types your password now.";

function refuseYet(): never {
  return refuse(
    "sign_in_changed_lately",
    "What you sign in with was changed within three days; until then it proves nothing.",
  );
}
