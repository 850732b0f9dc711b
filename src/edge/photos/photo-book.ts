/**
 * Photos of goods: brought by buyer, recipient or shop, made anew, sealed, and named by their digests in what is said. Whoever may
 * read the event that names one may see it, and nobody else but who brought it. Nothing replaces one: another photo has another digest.
 */
import { createHash } from "node:crypto";
import { type Refused, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { mostPhotos } from "../../core/protocol/schemas.ts";
import type { Client, Database } from "../../storage/database/database.ts";
import { readClock } from "../../storage/database/database.ts";
import {
  dropPhotos,
  insertPhoto,
  type KeptPhoto,
  ownsPhotos,
  photosToLookAt,
  postponePhotos,
  readPhoto,
  type Vault,
} from "../../storage/members/members.ts";
import { refusal } from "../../engines/engine/engine.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";
import { openDecoder } from "./decoder.ts";

/** How many a trade keeps of one person or shop, and how many anybody brings within a day. */
const bounds = { ofOwner: 20, aDay: 40 } as const;
/** What no event names a day after it was brought was for nothing. */
const unnamedFor = "1 day";
const lookAgainAfter = "7 days";
const day = 86_400_000;
/** For so long after a trade is over for good, in milliseconds, somebody may still have to show what was wrong. */
const keptAfterEnd = 30 * day;
const lookedAtOnce = 100;

/** What a photo is called, and how large it is. */
export interface PhotoView {
  digest: string;
  bytes: number;
  at: string;
}

type Reads = Pick<TradeCalls<"nowhere">, "read" | "events">;

export interface Photos {
  /** Makes a photo anew, for {@link keep}. Refuses with photo_refused and overloaded. */
  made(owner: string, bytes: Uint8Array): Promise<Buffer>;
  /** Refuses with not_found, not_allowed and trade_not_open whoever has no photo to bring to this trade now. */
  mayBring(trades: Reads, actor: Actor, number: string): Promise<void>;
  /** Whether it has photos to bring to this trade now. */
  brings(actor: Actor, trade: TradeView): boolean;
  /** Keeps what was made, in the transaction of whoever answers. Refuses with too_many_photos. */
  keep(client: Client, actor: Actor, number: string, image: Buffer): Promise<PhotoView>;
  /** The photo, for those who brought it or read an event that names it. Refuses with not_found. */
  show(trades: Reads, actor: Actor, number: string, digest: string): Promise<Buffer>;
  /** Lets through only what names photos that whoever speaks has brought to this trade. */
  guard(trades: TradeCalls<"nowhere">): TradeCalls<"nowhere">;
  /** Deletes what nobody has named, and what belongs to trades that are long over; answers how many. */
  sweep(trades: Reads): Promise<number>;
  close(): void;
}

export function openPhotos({
  database,
  vault,
  onError,
}: {
  database: Database;
  vault: Vault;
  onError: (error: unknown) => void;
}): Photos {
  const decoder = openDecoder(onError);
  return {
    made: async (owner, bytes) => {
      const made = await decoder.decode(owner, bytes);
      if (made === "busy") return refuse("overloaded", "Too many photos are being read.");
      if (made === "refused")
        return refuse("photo_refused", "It is no JPEG, PNG or WebP that can be read, or it is too large.");
      return made;
    },
    mayBring: async (trades, actor, number) => {
      const trade = (await trades.read(actor, number)) ?? refuse("not_found");
      if (!isSide(actor, trade)) refuse("not_allowed", "Photos are brought by buyer, recipient and shop.");
      if (!statesOf(actor).includes(trade.state))
        refuse("trade_not_open", "Nothing can be said of the goods now that a photo would belong to.");
    },
    brings: (actor, trade) => isSide(actor, trade) && statesOf(actor).includes(trade.state),
    keep: async (client, actor, number, image) => {
      const digest = createHash("sha256").update(image).digest();
      const by = actor.kind === "person" ? "buyer" : actor.kind === "shop" ? "shop" : "recipient";
      const photo = { trade: BigInt(number), owner: actor.id, by, digest, image } as const;
      const at = await insertPhoto(client, vault, photo, bounds, unnamedFor);
      if (at === undefined)
        return refuse("too_many_photos", "Too many photos of this trade, or too many within a day.");
      return { digest: digest.toString("hex"), bytes: image.length, at: at.toISOString() };
    },
    show: async (trades, actor, number, digest) => {
      const trade = (await trades.read(actor, number)) ?? refuse("not_found");
      const found = await readPhoto(database, vault, BigInt(number), Buffer.from(digest, "hex"));
      if (found === undefined || (actor.kind !== "operator" && !isSide(actor, trade)))
        return refuse("not_found", "There is no such photo, or none any more.");
      if (!found.owners.includes(actor.id) && !(await isNamed(trades, actor, number, digest)))
        return refuse("not_found", "There is no such photo, or none any more.");
      return found.image;
    },
    guard: (trades) => ({
      ...trades,
      move: async (actor, number, body, key) => {
        const named = body.do === "reject" || body.do === "say" ? body.photos : undefined;
        const refused = named && (await notBrought(database, actor, number, named));
        return refused === undefined ? trades.move(actor, number, body, key) : refusal(refused, number);
      },
    }),
    sweep: (trades) => sweep(database, trades),
    close: () => decoder.close(),
  };
}

const ofBuyer: readonly TradeView["state"][] = ["reserved", "delivered", "rejected", "disputed"];
const ofShop: readonly TradeView["state"][] = ["disputed"];
const statesOf = ({ kind }: Actor) => (kind === "shop" ? ofShop : ofBuyer);

/** Whether it is one of those who may show each other photos. The head of a chain reads the trade of its store, and is not its shop. */
function isSide({ kind, id }: Actor, { shop }: TradeView): boolean {
  return kind === "person" || kind === "recipient" || (kind === "shop" && id === shop);
}

/** Why a word with photos is not taken: each has to be one that this very speaker has brought to this very trade. */
async function notBrought(
  database: Database,
  { id: owner }: Actor,
  number: string,
  named: readonly string[],
): Promise<Refused | undefined> {
  const digests = [...new Set(named)].map((digest) => Buffer.from(digest, "hex"));
  const isNumber = /^[0-9]{1,18}$/.test(number);
  const whole = digests.length === named.length && named.length <= mostPhotos;
  if (whole && isNumber && (await ownsPhotos(database, { trade: BigInt(number), owner, digests })))
    return undefined;
  return {
    refused: "invalid_field",
    detail:
      "`photos` names each photo once, by its digest, and only those that you have brought to this trade.",
  };
}

const eventsAtOnce = 1000;

/** Whether an event that the actor reads names the photo. */
async function isNamed(trades: Reads, actor: Actor, number: string, digest: string): Promise<boolean> {
  let after: number | undefined;
  for (;;) {
    const page = await trades.events(actor, number, { limit: eventsAtOnce, after });
    if (page?.items.some(({ data: { photos } }) => Array.isArray(photos) && photos.includes(digest)) === true)
      return true;
    if (page === undefined || page.next === null) return false;
    after = Number(page.next);
  }
}

/** Operators read all events: what none of these names, nobody has named. */
const anyOperator: Actor = { kind: "operator", id: "00000000-0000-7000-8000-000000000000" };

async function sweep(database: Database, trades: Reads): Promise<number> {
  let dropped = 0;
  for (;;) {
    const due = await photosToLookAt(database, lookedAtOnce);
    if (due.length === 0) return dropped;
    const now = await readClock(database);
    const needed: string[] = [];
    const over: string[] = [];
    for (const photo of due) ((await isNeeded(trades, photo, now)) ? needed : over).push(photo.id);
    await postponePhotos(database, needed, lookAgainAfter);
    dropped += await dropPhotos(database, over);
  }
}

async function isNeeded(trades: Reads, { trade: number, digest }: KeptPhoto, now: Date): Promise<boolean> {
  const trade = await trades.read(anyOperator, String(number));
  if (trade === undefined || isLongOver(trade, now)) return false;
  return isNamed(trades, anyOperator, String(number), digest);
}

const endings: readonly TradeView["state"][] = ["settled", "cancelled", "expired", "rejected"];

/** Whether nothing more can be said of the goods, and has not for a while: no goods are under way, and nobody can give any back. */
function isLongOver(trade: TradeView, now: Date): boolean {
  const { state, lots, pending, frozen, updatedAt, deadlines, refundDue } = trade;
  if (!endings.includes(state) || lots.length > 0 || pending !== null || (refundDue ?? 0) !== 0) return false;
  if (state === "rejected" && frozen !== 0 && frozen !== null) return false;
  const last = Math.max(Date.parse(updatedAt), Date.parse(deadlines.coolingOffUntil ?? updatedAt));
  return last + keptAfterEnd <= now.getTime();
}
