/** What the shop hears: messages that are verified, and, as the second line, what stands in the servers' lists of events. */
import { performance } from "node:perf_hooks";
import { isOfTrade, messagesOf, ReadFailure, type VerifiedWebhook } from "@kenshu/sdk";
import { coalesce } from "../../storage/database/database.ts";
import { type Heard, hearOf, type OrderContext, type Till } from "../shop-orders/shop-orders.ts";
import { keepPosition, noteMessages, readHeard } from "./news-store.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import { tellTill } from "./tills-told.ts";

/** The newest version that these tell of each trade. */
function newestOf(told: Iterable<Heard>): Heard[] {
  const newest = new Map<string, number>();
  for (const { trade, version } of told) newest.set(trade, Math.max(version, newest.get(trade) ?? 0));
  return [...newest].map(([trade, version]) => ({ trade, version }));
}

/**
 * Takes messages of one server whose signatures were verified, all that come at a time in one transaction. Answers whether
 * there is something to ask about now.
 */
export function makeHearing(
  { database }: Pick<OrderContext, "database">,
  till: string,
): (request: VerifiedWebhook) => Promise<boolean> {
  const hear = coalesce((requests: VerifiedWebhook[]) =>
    database.transaction(async (client) => {
      const messages = requests.flatMap(messagesOf);
      const ids = messages.map(({ id }) => id);
      const first = new Set(await noteMessages(client, till, ids));
      const heard = messages.flatMap(({ id, event }) =>
        first.has(id) && isOfTrade(event) ? [{ trade: event.data.number, version: event.data.version }] : [],
      );
      const isNews = heard.length > 0 && (await hearOf(client, till, newestOf(heard))) > 0;
      return new Map(requests.map((request) => [request, isNews]));
    }),
  );
  return async (request) => (await hear(request)) === true;
}

const [pageLength, readAtOnce] = [200, 2_000];

/** Reads a server's list of events from where it was read to the last time. Answers whether that was to its end. */
async function readOn({ database }: OrderContext, till: Till): Promise<boolean> {
  const from = (await readHeard(database, till.id))?.position ?? null;
  const told: Heard[] = [];
  let [count, position] = [0, from];
  for await (const event of till.hurried.feed({
    limit: pageLength,
    ...(from === null ? {} : { after: from }),
  })) {
    told.push(event);
    position = event.position;
    count += 1;
    if (count >= readAtOnce) break;
  }
  if (position === null || position === from) return true;
  const last = position;
  await database.transaction(async (client) => {
    if (await keepPosition(client, till.id, from, last)) await hearOf(client, till.id, newestOf(told));
  });
  return count < readAtOnce;
}

export interface Ear {
  /** Listens once to all servers whose time it is; what cannot be reached is left for a while. */
  listen(): Promise<void>;
}

interface Hearing {
  till: Till;
  /** Whether the server sends webhooks; undefined while that is not settled. */
  told: boolean | undefined;
  tellAt: number;
  readAt: number;
}

/** Makes an ear of a shop whose address is `publicUrl`. Its first turn reads what was missed while the shop was down. */
export function makeEar(shop: OrderContext, publicUrl: string, secrets: KnownSecrets): Ear {
  const hearings = shop.tills.map((till): Hearing => ({ till, told: undefined, tellAt: 0, readAt: 0 }));

  async function hear(hearing: Hearing): Promise<void> {
    const { till } = hearing;
    const { feedMs, unheardMs } = shop.pace;
    if (hearing.told === undefined && performance.now() >= hearing.tellAt) {
      hearing.told = await tellTill(shop, till, publicUrl, secrets);
      hearing.tellAt = performance.now() + feedMs;
    }
    if (performance.now() < hearing.readAt) return;
    hearing.readAt = performance.now() + feedMs;
    const isAtEnd = await readOn(shop, till);
    hearing.readAt = isAtEnd ? performance.now() + (hearing.told === true ? feedMs : unheardMs) : 0;
  }

  return {
    listen: async () => {
      await Promise.all(
        hearings.map(async (hearing) => {
          try {
            await hear(hearing);
          } catch (error) {
            if (!(error instanceof ReadFailure)) return shop.onError(error);
            shop.log.warn(
              { till: hearing.till.id, why: error.message },
              "a server did not tell what happened",
            );
          }
        }),
      );
    },
  };
}
