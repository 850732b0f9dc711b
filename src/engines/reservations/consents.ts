/** Codes that stand for a consent until the peer has taken it up, and what a peer is told of one. */
import { createHash } from "node:crypto";
import { type Client, randomToken, readClock } from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { toWire } from "../../core/money/money.ts";
import type { ConsentView } from "../../core/protocol/schemas.ts";
import { insertCode, readConsents, takeCode } from "./store.ts";

const codeBytes = 32;
const codeMinutes = 10;

function hashOf(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}

/** A code for a consent, good for ten minutes and once; only its hash is kept. */
export async function issueCode(client: Client, consent: string): Promise<string> {
  const code = `kc_${randomToken(codeBytes)}`;
  await insertCode(client, hashOf(code), consent, codeMinutes);
  return code;
}

/** Gives a peer the consent that a code was made for, and uses the code up. Undefined where the code is not good. */
export async function exchangeCode(
  client: Client,
  peer: string,
  code: string,
): Promise<ConsentView | undefined> {
  const id = await takeCode(client, peer, hashOf(code));
  return id === undefined ? undefined : readConsent(client, peer, id);
}

/** A consent of this peer, as it stands now. */
export async function readConsent(
  client: Client,
  peer: string,
  id: string,
): Promise<ConsentView | undefined> {
  const [consent] = await readConsents(client, [id]);
  if (consent?.peer !== peer) return undefined;
  const [[account], now] = await Promise.all([readAccounts(client, [consent.account]), readClock(client)]);
  const { purpose, currency, limitPerTrade, limitPerMonth, until, revokedAt, standing } = consent;
  const open = account !== undefined && !account.closed && standing === "good";
  return {
    consent: id,
    purpose,
    kind: account?.kind ?? "",
    currency,
    limitPerTrade: limitPerTrade === null ? null : toWire(limitPerTrade),
    limitPerMonth: limitPerMonth === null ? null : toWire(limitPerMonth),
    until: until?.toISOString() ?? null,
    good: open && revokedAt === null && (until === null || until > now),
  };
}
