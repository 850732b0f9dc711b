/** Guarantees as those see them who watch over them. What a list says of one is read anew, so that none is shown as it was. */
import { isId, markOfPlace, placeOfMark } from "../../core/protocol/protocol.ts";
import { type GuaranteePhase, type GuaranteeStand, standOf } from "../../core/guarantees/guarantees.ts";
import type { Client } from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { type KeptTrade, readTrades } from "../steps/steps.ts";
import { nearFrom, shareOf } from "./keeping.ts";
import { listNear, listPhase, waitingClaims } from "./reading-store.ts";

/** One guarantee with what has to be known of its trade. Minor units. */
export interface GuaranteeSeen extends GuaranteeStand {
  number: string;
  shop: string;
  shopName: string;
  /** The buyer, as who they are here. */
  person: string | null;
  member: string | null;
  currency: string;
  /** The credit line that holds it, and who has lent that, where somebody stands for the buyer. */
  account: string | null;
  lender: string | null;
  /** The move that waits for the collector's answer. */
  waits: string | null;
}

export interface GuaranteePage {
  items: GuaranteeSeen[];
  next: string | null;
}

function seenOf(trade: KeptTrade): GuaranteeSeen | undefined {
  const stand = standOf(trade);
  const { number, shop, terms, buyer, member, currency, account, progress, pending } = trade;
  if (stand === undefined) return undefined;
  return {
    ...stand,
    number: String(number),
    shop,
    shopName: terms.shopName,
    person: buyer,
    member: member === null ? null : String(member),
    currency,
    account,
    lender: progress.guarantee?.lent?.lender ?? null,
    waits: pending?.step ?? null,
  };
}

async function seen(client: Client, numbers: readonly bigint[]): Promise<Map<bigint, GuaranteeSeen>> {
  if (numbers.length === 0) return new Map();
  const trades = await readTrades(client, numbers);
  return new Map(
    trades.flatMap((trade) => {
      const one = seenOf(trade);
      return one === undefined ? [] : [[trade.number, one] as const];
    }),
  );
}

/** A page of the guarantees of a phase; undefined where `after` is from no such list. */
export async function listGuarantees(
  client: Client,
  wish: { phase: GuaranteePhase; currency: string; limit: number },
  after: string | undefined,
): Promise<GuaranteePage | undefined> {
  const place = after === undefined ? undefined : placeOfMark(after);
  if (after !== undefined && place === undefined) return undefined;
  const { phase, limit } = wish;
  const found = await listPhase(client, { ...wish, limit: limit + 1 }, place);
  const shown = found.slice(0, limit);
  const byNumber = await seen(
    client,
    shown.map(({ number }) => number),
  );
  // What has gone on since it was entered stands in another list soon.
  const items = shown
    .flatMap(({ number }) => byNumber.get(number) ?? [])
    .filter((one) => one.phase === phase);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { items, next: last === undefined ? null : markOfPlace({ at: last.endsAt, id: last.id }) };
}

/** Claims of shops that wait for what the collector says, and not more than a few. */
export async function claimsThatWait(client: Client, limit: number): Promise<GuaranteeSeen[]> {
  const numbers = await waitingClaims(client, limit);
  const byNumber = await seen(client, numbers);
  return numbers.flatMap((number) => byNumber.get(number) ?? []);
}

/** A line of which little is left. Minor units. */
export interface NearSeen {
  person: string;
  currency: string;
  limit: bigint;
  /** What the member owes on it, and what is held for trades. */
  owed: bigint;
  held: bigint;
  available: bigint;
  /** Hundredths that are in use. */
  share: number;
}

export interface NearPage {
  items: NearSeen[];
  next: string | null;
}

const nearMark = /^([0-9]{1,9})_(.{36})$/;
const beyondAll = { share: 2_147_483_647, account: "ffffffff-ffff-ffff-ffff-ffffffffffff" };

/** A page of lines of which little is left, the fullest first; undefined where `after` is from no such list. */
export async function listNearLines(
  client: Client,
  limit: number,
  after: string | undefined,
): Promise<NearPage | undefined> {
  const [, share, account = ""] = nearMark.exec(after ?? "") ?? [];
  if (after !== undefined && !isId(account)) return undefined;
  const from = after === undefined ? beyondAll : { share: Number(share), account };
  const found = await listNear(client, limit + 1, from);
  const shown = found.slice(0, limit);
  const accounts = await readAccounts(
    client,
    shown.map((one) => one.account),
  );
  const items = shown.flatMap((one) => {
    const line = accounts.find(({ id }) => id === one.account);
    if (line === undefined || shareOf(line) < nearFrom) return [];
    const { currency, posted, held, floor } = line;
    const owed = posted < 0n ? -posted : 0n;
    const available = posted - held - floor;
    return [{ person: one.person, currency, limit: -floor, owed, held, available, share: shareOf(line) }];
  });
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { items, next: last === undefined ? null : `${last.share}_${last.account}` };
}
