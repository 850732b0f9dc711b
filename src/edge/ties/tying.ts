/**
 * Tying an account that an institution keeps: the member agrees there, under the institution's own sign-in, and brings
 * back a code; this server gets the id of a consent for it, never a credential or the number of an account.
 */
import { createHash } from "node:crypto";
import {
  type Client,
  type Database,
  idFrom,
  randomToken,
  readClock,
  uuidv7,
} from "../../storage/database/database.ts";
import { readRemoteAccounts, readTied, tieAccounts } from "../../engines/rails/rails.ts";
import * as members from "../../storage/members/members.ts";
import {
  isId,
  problem,
  type Problem,
  type ProblemCode,
  problemCodes,
  refuse,
} from "../../core/protocol/protocol.ts";
import { type Peer, type PeerClient, saysNothing, UnknownOutcomeError } from "../signing/signing.ts";
import type { TieOutcome, Ties } from "../pages/pages.ts";
import { type Elsewhere, refuseWhileHeld } from "../api/api.ts";
import {
  endLoose,
  endTie,
  forgetLoose,
  insertTie,
  keepLoose,
  lockTie,
  takeLoose,
  type Tie,
} from "./ties-store.ts";

export interface TiesOptions {
  database: Database;
  /** This server's id, as the institutions know it. */
  id: string;
  institutions: readonly Peer[];
  client: PeerClient;
  /** What this server calls the account into which its fees come, by currency. */
  feesInto: FeesInto;
}

export type FeesInto = (currency: string) => string;

const stateBytes = 24;
/** The code that comes back is good only with the verifier, so that nobody ties another's account by another's code. */
const verifierBytes = 32;
const hashOf = (state: string): Buffer => createHash("sha256").update(state).digest();

export function makeTies(options: TiesOptions): Ties {
  const { database, institutions } = options;
  return {
    institutions,
    institutionsOf: async (methods) => {
      const accounts = new Set(methods.flatMap(({ account }) => account ?? []));
      const found = await readRemoteAccounts(database, accounts);
      const places = new Map(found.map(({ account, institution }) => [account, institution]));
      return new Map(
        methods.flatMap(({ id, account }) => {
          const place = places.get(account ?? "");
          return place === undefined ? [] : [[id, place] as const];
        }),
      );
    },
    amountAt: (number) =>
      institutions.map(({ name, url }) => ({ name, url: `${url}/amounts/${options.id}/${number}` })),
    startTie: async (person, { institution, kind, currency }) => {
      const at = institutions.find(({ id }) => id === institution);
      if (at === undefined) return refuse("not_found", "There is no such institution.");
      if (at.until !== undefined && new Date(at.until) <= (await readClock(database)))
        return refuse("not_found", "This institution does not take part any more.");
      await refuseWhileHeld(database, person);
      const [state, verifier] = [randomToken(stateBytes), randomToken(verifierBytes)];
      await insertTie(database, hashOf(state), { person, institution, kind, currency, verifier });
      const challenge = hashOf(verifier).toString("base64url");
      return `${at.url}/tie?peer=${options.id}&state=${state}&challenge=${challenge}&kind=${kind}&currency=${currency}`;
    },
    finishTie: (person, state, code) => finishTie(options, person, state, code),
  };
}

async function finishTie(
  { database, client }: TiesOptions,
  person: string,
  state: string,
  code: string,
): Promise<TieOutcome> {
  const hash = hashOf(state);
  const begun = await database.transaction((at) => lockTie(at, hash, person));
  if (begun === undefined)
    return { outcome: "refused", problem: problem("not_found", "This has taken too long; begin again.") };
  if (begun.method !== null) return { outcome: "tied" };
  const { institution, kind, currency, verifier } = begun;
  const consent = await exchange(client, institution, { id: idFrom(`tie ${state}`), code, verifier });
  if (consent === "unknown") return { outcome: "unknown" };
  if ("refused" in consent) return { outcome: "refused", problem: consent.refused };
  const refused = (why: string): TieOutcome => ({
    outcome: "refused",
    problem: problem("consent_not_valid", why),
  });
  const fits = consent.purpose === "pay" && consent.kind === kind && consent.currency === currency;
  await keepLoose(database, institution, consent.consent, fits ? minutesForMembers : 0);
  if (!fits) {
    await giveBackLoose({ database, client });
    return refused("The institution names another kind of account.");
  }
  return database.transaction(async (at) => {
    const tie = await lockTie(at, hash, person);
    if (tie !== undefined && tie.method !== null) return { outcome: "tied" };
    if (tie === undefined || !(await takeLoose(at, institution, consent.consent)))
      return refused("This has taken too long; begin again.");
    await endTie(at, hash, await enterTied(at, person, begun, consent.consent));
    return { outcome: "tied" };
  });
}

/** How long a consent may be without a tie: while a member is led back, and while a second operator is asked. */
const minutesForMembers = 60;
const minutesForOperators = 26 * 60;

/**
 * Gives up the code that a shop has from an institution. The consent is kept without a tie until somebody ties it; the same
 * code again gets the same consent. Refuses where it is none by which a shop is paid.
 */
export async function takeUpForShop(
  options: Pick<TiesOptions, "database" | "client">,
  institution: string,
  code: string,
): Promise<Exchanged> {
  return takeUp(options, institution, code, "receive");
}

/** The same for the code of a carrier who lets this server say what they have taken. */
export async function takeUpForCarrier(
  options: Pick<TiesOptions, "database" | "client">,
  institution: string,
  code: string,
): Promise<Exchanged> {
  return takeUp(options, institution, code, "collect");
}

const notThis = {
  receive: "A shop is tied by a code for being paid, and this is for something else.",
  collect: "A carrier is tied by a code for collecting, and this is for something else.",
} as const;

async function takeUp(
  { database, client }: Pick<TiesOptions, "database" | "client">,
  institution: string,
  code: string,
  purpose: keyof typeof notThis,
): Promise<Exchanged> {
  const found = await exchange(client, institution, { id: idFrom(`tie of a shop ${code}`), code });
  if (found === "unknown")
    return refuse("unavailable", "The institution does not answer: send the same again.");
  if ("refused" in found) return refusedThere(found.refused);
  if ((await readTied(database, institution, found.consent)) !== undefined) return found;
  const receives = found.purpose === purpose;
  await keepLoose(database, institution, found.consent, receives ? minutesForOperators : 0);
  if (receives) return found;
  await giveBackLoose({ database, client });
  return refuse("consent_not_valid", notThis[purpose]);
}

/** What is not found there is no address that is not found here; nor does it take what could be no code. */
function refusedThere({ code, detail }: Problem): never {
  if (code !== "not_found" && code !== "invalid_field") return refuse(code, detail);
  return refuse("consent_not_valid", "The institution knows of no such code or consent for this server.");
}

/** Ties what this server calls an account to a consent that was taken up before. Refuses where that is over. */
export async function tieLoose(
  client: Client,
  { account, institution, consent }: { account: string; institution: string; consent: string },
): Promise<void> {
  const tied = await readTied(client, institution, consent);
  if (tied === account) return;
  if (tied !== undefined) refuse("already_exists", "This consent is tied to another account.");
  if (!(await takeLoose(client, institution, consent)))
    refuse("consent_not_valid", "This has taken too long: agree anew at the institution.");
  await tieAccounts(client, [{ account, institution, consent }]);
}

/** Looks at a consent of this server's own account. Refuses where it is not what is asked for. */
export async function checkOwn(
  client: PeerClient,
  institution: string,
  consent: string,
  wish: { purpose: "pay" | "receive"; currency: string },
): Promise<void> {
  const found = await askConsent(client, institution, ["GET", `/v1/consents/${consent}`]);
  if (found === "unknown") return refuse("unavailable", "The institution does not answer.");
  if ("refused" in found) return refusedThere(found.refused);
  if (!found.good) refuse("consent_not_valid", "This consent is over.");
  if (found.purpose !== wish.purpose)
    refuse("consent_not_valid", `This consent is to ${found.purpose}, not to ${wish.purpose}.`);
  if (found.currency !== wish.currency) refuse("currency_mismatch", `This consent is in ${found.currency}.`);
}

const atATime = 50;

/** Gives back consents to which nothing was tied. What the institution does not answer is asked again soon. */
export async function giveBackLoose({
  database,
  client,
}: Pick<TiesOptions, "database" | "client">): Promise<void> {
  for (const { institution, consent } of await endLoose(database, atATime)) {
    const answer = await askConsent(client, institution, ["POST", `/v1/consents/${consent}/give-back`, {}]);
    // An institution without this call says that there is no such thing; then it stays with the owner to take it back.
    if (answer !== "unknown") await forgetLoose(database, institution, consent);
  }
}

/** Enters what a consent lets this person pay with; answers the id of the means of payment. */
export async function enterTied(
  client: Client,
  person: string,
  { institution, kind, currency }: Pick<Tie, "institution" | "kind" | "currency">,
  consent: string,
): Promise<string> {
  const method = uuidv7();
  const account = uuidv7();
  const details = { id: method, person, kind, currency, account, state: "active" as const };
  await members.insertMethod(client, { ...details, token: null, wishedLimit: null });
  await tieAccounts(client, [{ account, institution, consent }]);
  return method;
}

/** What guests pay with: the code of a voucher that an institution has issued, given up for a consent. */
export function guestsElsewhere({ institutions, client }: TiesOptions): Elsewhere {
  return {
    guestAccount: async ({ kind, currency, token }) => {
      if (kind !== "prepaid" || token === undefined)
        return refuse(
          "method_not_usable",
          "A guest pays here with the code of a voucher; members tie accounts.",
        );
      let unknown = false;
      for (const { id: institution } of institutions) {
        const found = await exchange(client, institution, { voucher: token });
        if (found === "unknown") unknown = true;
        else if (!("refused" in found)) {
          if (found.currency !== currency) return refuse("currency_mismatch");
          const account = uuidv7();
          return {
            account,
            tie: (at) => tieAccounts(at, [{ account, institution, consent: found.consent }]),
          };
        }
      }
      return unknown ? refuse("unavailable") : refuse("method_not_usable", "This code cannot be used.");
    },
  };
}

export interface Exchanged {
  consent: string;
  purpose: "pay" | "receive" | "collect";
  /** What the institution calls the account; shops' are none of those that members pay with. */
  kind: string;
  currency: string;
  good: boolean;
}

/**
 * Gives up a code, or the code of a voucher, for a consent. A code is good once; a repetition with the same `id`, as
 * after a lost reply, gets the same consent.
 */
async function exchange(
  client: PeerClient,
  institution: string,
  given: { id: string; code: string; verifier?: string } | { voucher: string },
): Promise<Exchanged | { refused: Problem } | "unknown"> {
  const [path, body] =
    "code" in given ? ["/v1/consents/exchange", given] : ["/v1/consents/voucher", { code: given.voucher }];
  return askConsent(client, institution, ["POST", path, body]);
}

async function askConsent(
  client: PeerClient,
  institution: string,
  call: ["GET" | "POST", path: string, body?: object],
): Promise<Exchanged | { refused: Problem } | "unknown"> {
  try {
    const { status, body: answer = {} } = await client.call(institution, ...call);
    if (saysNothing(status)) return "unknown";
    if (status >= 400) return { refused: problem(codeIn(answer)) };
    return readConsent(answer) ?? "unknown";
  } catch (error) {
    if (error instanceof UnknownOutcomeError) return "unknown";
    throw error;
  }
}

/** The code of a partner's refusal, as far as it is one that exists. */
function codeIn({ code }: Record<string, unknown>): ProblemCode {
  return problemCodes.find((known) => known === code) ?? "consent_not_valid";
}

function readConsent(answer: Record<string, unknown>): Exchanged | undefined {
  const { consent, purpose, kind, currency, good } = answer;
  if (typeof consent !== "string" || !isId(consent) || typeof currency !== "string") return undefined;
  if (purpose !== "pay" && purpose !== "receive" && purpose !== "collect") return undefined;
  if (typeof kind !== "string") return undefined;
  return { consent, purpose, kind, currency, good: good === true };
}

/** What a server that keeps no accounts calls its own for fees, at whichever institution. */
export const feeAccount = (currency: string): string => idFrom(`fees in ${currency}`);
/** What this server calls its own account from which it pays shops early. */
export const ownAccount = (currency: string): string => idFrom(`own money in ${currency}`);
