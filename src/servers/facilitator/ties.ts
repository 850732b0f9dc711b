/**
 * Tying an account that an institution keeps: the member agrees there, under the institution's own sign-in, and brings
 * back a code; this server gets the id of a consent for it, never a credential or the number of an account.
 */
import { createHash } from "node:crypto";
import { type Client, type Database, idFrom, randomToken, uuidv7 } from "../../storage/database/database.ts";
import { readRemoteAccounts, tieAccounts } from "../../engines/rails/rails.ts";
import * as members from "../../storage/members/members.ts";
import {
  isId,
  problem,
  type Problem,
  type ProblemCode,
  problemCodes,
  refuse,
} from "../../core/protocol/protocol.ts";
import { type MethodKind, methodKinds } from "../../core/protocol/schemas.ts";
import { type Peer, type PeerClient, UnknownOutcomeError } from "../../edge/signing/signing.ts";
import type { TieOutcome, Ties } from "../../edge/pages/pages.ts";
import type { Elsewhere } from "../../edge/api/api.ts";
import { endTie, insertTie, lockTie, type Tie } from "./ties-store.ts";

export interface TiesOptions {
  database: Database;
  /** This server's id, as the institutions know it. */
  id: string;
  institutions: readonly Peer[];
  client: PeerClient;
}

const stateBytes = 24;
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
      const state = randomToken(stateBytes);
      await insertTie(database, hashOf(state), { person, institution, kind, currency });
      return `${at.url}/tie?peer=${options.id}&state=${state}`;
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
  const consent = await exchange(client, begun.institution, { id: idFrom(`tie ${state}`), code });
  if (consent === "unknown") return { outcome: "unknown" };
  if ("refused" in consent) return { outcome: "refused", problem: consent.refused };
  if (consent.kind !== begun.kind || consent.currency !== begun.currency) {
    return {
      outcome: "refused",
      problem: problem("consent_not_valid", "The institution names another kind of account."),
    };
  }
  await database.transaction(async (at) => {
    const tie = await lockTie(at, hash, person);
    if (tie === undefined || tie.method !== null) return;
    await endTie(at, hash, await enterTied(at, person, begun, consent.consent));
  });
  return { outcome: "tied" };
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
  kind: MethodKind;
  currency: string;
}

/**
 * Gives up a code, or the code of a voucher, for a consent. A code is good once; a repetition with the same `id`, as
 * after a lost reply, gets the same consent.
 */
async function exchange(
  client: PeerClient,
  institution: string,
  given: { id: string; code: string } | { voucher: string },
): Promise<Exchanged | { refused: Problem } | "unknown"> {
  const [path, body] =
    "code" in given ? ["/v1/consents/exchange", given] : ["/v1/consents/voucher", { code: given.voucher }];
  try {
    const { status, body: answer = {} } = await client.call(institution, "POST", path, body);
    if (status >= 500 || status === 401) return "unknown";
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

function readConsent({ consent, kind, currency }: Record<string, unknown>): Exchanged | undefined {
  const known = methodKinds.find((each) => each === kind);
  if (typeof consent !== "string" || !isId(consent) || known === undefined) return undefined;
  return typeof currency === "string" ? { consent, kind: known, currency } : undefined;
}

/** What this server calls its own account for fees, at whichever institution. */
export const feeAccount = (currency: string): string => idFrom(`fees in ${currency}`);
/** What this server calls its own account from which it pays shops early. */
export const ownAccount = (currency: string): string => idFrom(`own money in ${currency}`);
