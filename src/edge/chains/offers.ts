/**
 * Orders taken for many branches (paragraph 0026): the head of a chain takes an order, and the nearest branch that can
 * serve it is asked, then the next, until one takes it and becomes the shop of the trade. The buyer's reservation stays
 * as it is. Among branches the row of the search decides, under its lock; about the trade its engine decides. The wire
 * and the tables call a branch a `store`.
 */
import { type Client, type Database, readClock, uuidv7 } from "../../storage/database/database.ts";
import { type Outcome, type Sweeper, sweeper } from "../../engines/engine/engine.ts";
import { tellShops } from "../../engines/outbox/outbox.ts";
import { addDuration, parseDuration, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import type { Actor, Trades } from "../../engines/trades/trades.ts";
import { nearest } from "./nearest-branch.ts";
import { isStanding, meaningOf, nextOf, soonAfter } from "./search.ts";
import {
  currentOffer,
  dueRoutes,
  endRoute,
  insertOffer,
  lockRoute,
  lookAgain,
  moveOffer,
  type Offer,
  type OpenRoute,
  readCandidates,
  readOffer,
  readOfferFor,
  usualOfferFor,
} from "./store.ts";

export interface ChainsOptions {
  database: Database;
  trades: Pick<Trades, "assign" | "read">;
  onError: (error: unknown) => void;
  sweepEveryMs: number;
}

export interface Chains {
  /** The branch of an offer takes the order. Refuses with not_found or offer_over; else what the trade's engine says. */
  take(branch: Actor, offer: string): Promise<Outcome<TradeView>>;
  /** The branch does not want it: the next one is asked. Declining again changes nothing. */
  decline(branch: Actor, offer: string): Promise<Offer>;
  sweeper: Sweeper;
}

export function createChains(options: ChainsOptions): Chains {
  const { database, onError, sweepEveryMs } = options;
  return {
    take: async (branch, id) => {
      const offer = await database.transaction((client) => claim(client, branch, id));
      return assignTo(options, offer);
    },
    decline: (branch, id) => database.transaction((client) => decline(client, branch, id)),
    sweeper: sweeper({
      due: (limit) => dueRoutes(database, limit),
      wake: (trade) =>
        look(options, trade).then(
          () => true,
          (error: unknown) => {
            onError(error);
            return false;
          },
        ),
      everyMs: sweepEveryMs,
      onError,
    }),
  };
}

/** The offer of this branch, with its search locked while that goes on. Another's offer is not told apart from none. */
async function lockOffer(client: Client, branch: Actor, id: string) {
  const known = await readOffer(client, id);
  if (known?.branch !== branch.id) return refuse("not_found");
  const route = await lockRoute(client, known.trade);
  const offer = (await readOffer(client, id)) ?? known;
  return { route, offer, now: await readClock(client) };
}

/** From here on nobody else is asked, unless the trade's engine says no. */
async function claim(client: Client, branch: Actor, id: string): Promise<Offer> {
  const { route, offer, now } = await lockOffer(client, branch, id);
  if (offer.state === "taken") return offer;
  if (route === undefined || !isStanding(offer, now)) return refuse("offer_over");
  await moveOffer(client, id, "taken", now);
  await lookAgain(client, offer.trade, soonAfter(now));
  return { ...offer, state: "taken" };
}

async function decline(client: Client, branch: Actor, id: string): Promise<Offer> {
  const { route, offer, now } = await lockOffer(client, branch, id);
  if (offer.state === "declined") return offer;
  if (route === undefined || !isStanding(offer, now)) return refuse("offer_over");
  await moveOffer(client, id, "declined", now);
  await askNext(client, route, now);
  return { ...offer, state: "declined", answeredAt: now };
}

/** Has the trade's engine make the branch its shop. What it refuses for good goes on to the next branch. */
async function assignTo({ database, trades }: ChainsOptions, offer: Offer): Promise<Outcome<TradeView>> {
  const outcome = await trades.assign({ kind: "shop", id: offer.branch }, offer.trade, offer.head);
  const code = outcome.how === "refused" ? outcome.problem.value.code : undefined;
  const said = { status: outcome.status, code, isBusy: code === "trade_busy" };
  if (meaningOf(said, offer) === "nothing") return outcome;
  await database.transaction(async (client) => {
    const route = await lockRoute(client, offer.trade);
    if (route === undefined) return;
    const meaning = meaningOf(said, (await readOffer(client, offer.id)) ?? offer);
    if (meaning === "nothing") return;
    if (meaning === "placed") return endRoute(client, offer.trade, "assigned");
    const now = await readClock(client);
    await moveOffer(client, offer.id, "failed", now);
    await (meaning === "over" ? endRoute(client, offer.trade, "over") : askNext(client, route, now));
  });
  return outcome;
}

/** Does what is due about a trade that needs a branch. */
async function look(options: ChainsOptions, number: bigint): Promise<void> {
  const { database, trades } = options;
  const route = await database.transaction((client) => lockRoute(client, number));
  if (route === undefined) return;
  const trade = await trades.read({ kind: "shop", id: route.head }, String(number));
  const taken = await database.transaction((client) => search(client, number, trade));
  if (taken !== undefined) await assignTo(options, taken);
}

/** One step of the search; the offer that was taken, where the engine has not yet heard of it. */
async function search(
  client: Client,
  number: bigint,
  trade: TradeView | undefined,
): Promise<Offer | undefined> {
  const route = await lockRoute(client, number);
  if (route === undefined) return undefined;
  const now = await readClock(client);
  const offer = await currentOffer(client, number);
  const next = nextOf(trade, offer, now);
  switch (next.do) {
    case "assign":
      await lookAgain(client, number, soonAfter(now));
      return offer;
    case "end":
      await endRoute(client, number, "over");
      break;
    case "wait":
      await lookAgain(client, number, next.until);
      break;
    case "ask":
      if (next.lapsed && offer !== undefined) await moveOffer(client, offer.id, "lapsed", now);
      await askNext(client, route, now);
  }
  return undefined;
}

/** Asks the nearest branch that was not asked yet; where there is none, the head is told, and the order stays its own. */
async function askNext(client: Client, { trade, head, place }: OpenRoute, now: Date): Promise<void> {
  const branch = nearest(await readCandidates(client, head, trade), place, now);
  if (branch === undefined) {
    await endRoute(client, trade, "unplaced");
    const data = { number: String(trade) };
    await tellShops(client, now, [{ shop: head, type: "offer.unplaced", data, trade }]);
    return;
  }
  const length = parseDuration((await readOfferFor(client, head)) ?? usualOfferFor);
  if (length === undefined) throw new Error(`The chain of ${head} lets its branches think for no duration.`);
  const until = addDuration(now, length);
  const id = uuidv7();
  await insertOffer(client, { id, trade, head, branch, until, offeredAt: now });
  await lookAgain(client, trade, until);
  const data = { offer: id, number: String(trade), chain: head, until: until.toISOString() };
  await tellShops(client, now, [{ shop: branch, type: "offer.made", data, trade }]);
}
