/** What the servers say of chains and of orders that are offered to stores, and what they are told; nothing of it is kept here. */
import { type ChainView, type ListedOfferView, type Problem, ReadFailure, type StoreView } from "@kenshu/sdk";
import { parseDuration } from "../../core/protocol/protocol.ts";
import type { Shop } from "../shop-frame/shop-frame.ts";
import { type Label, sha256, type Till } from "../shop-orders/shop-orders.ts";
import type { StoreAct } from "../shop-staff/shop-staff.ts";

/** How many are shown at once of each. */
export const mostShown = 100;
const [offersRead, offersShown] = [100, 20];

/** What stands at one server. */
export interface TillStores {
  till: string;
  label: Label;
  /** Where the shop's people see a trade there. */
  deskUrl: (number: string) => string;
  settingsUrl: string;
  /** Undefined where the server did not answer. */
  at:
    | {
        /** Which shop this is there. */
        shop: string;
        /** How long a store may think an offer over; undefined where the server does not say. */
        minutes: number | undefined;
        stores: StoreView[];
        moreStores: boolean;
        chains: ChainView[];
        /** Those that wait for this shop's answer, those that it has answered, and those of its own chain. */
        open: ListedOfferView[];
        answered: ListedOfferView[];
        asked: ListedOfferView[];
      }
    | undefined;
}

async function firstOf<Item>(list: AsyncIterable<Item>, most: number): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) {
    items.push(item);
    if (items.length >= most) break;
  }
  return items;
}

/** Whole minutes, of which a part counts as one. */
function minutesIn(duration: string): number | undefined {
  const length = parseDuration(duration);
  return length === undefined ? undefined : Math.ceil(length.milliseconds / 60_000);
}

async function standsAt({ hurried }: Till): Promise<TillStores["at"]> {
  try {
    const who = await hurried.whoami();
    const shop = who.outcome === "done" ? who.caller.id : undefined;
    if (shop === undefined) return undefined;
    const [waits, stores, chains, offers] = await Promise.all([
      hurried.chains.offerFor(shop),
      firstOf(hurried.chains.stores(shop), mostShown + 1),
      firstOf(hurried.chains.list(), mostShown),
      firstOf(hurried.offers.list({ limit: offersRead }), offersRead),
    ]);
    const own = offers.filter(({ store }) => store === shop);
    return {
      shop,
      minutes: waits.outcome === "done" ? minutesIn(waits.offerFor) : undefined,
      stores: stores.slice(0, mostShown),
      moreStores: stores.length > mostShown,
      chains,
      open: own.filter(({ state }) => state === "offered"),
      answered: own.filter(({ state }) => state !== "offered").slice(0, offersShown),
      asked: offers.filter(({ chain, store }) => chain === shop && store !== shop).slice(0, offersShown),
    };
  } catch (error) {
    if (error instanceof ReadFailure) return undefined;
    throw error;
  }
}

export function storesOfTills({ tills }: Shop): Promise<TillStores[]> {
  return Promise.all(
    tills.map(async (till) => ({
      till: till.id,
      label: till.label,
      deskUrl: till.deskUrl,
      settingsUrl: till.settingsUrl,
      at: await standsAt(till),
    })),
  );
}

/** One press: what is done, about which store, chain or offer, and what was typed. */
export interface Press {
  act: StoreAct;
  of: string;
  key: string;
  postcodes: string[];
  /** As it was typed, and found to be a number. */
  minutes: string;
}

/** How it ended: nobody knows yet where the server has not answered. */
export type Told = { outcome: "done" } | { outcome: "refused"; problem: Problem } | { outcome: "unknown" };

/** Makes the call of a press. The same press again is the same call. */
export async function tell({ hurried }: Till, shop: string, press: Press): Promise<Told> {
  const { act, of, postcodes, minutes } = press;
  const key = sha256(`${act} ${press.key} ${of}`).toString("base64url");
  const calls = {
    invite: () => hurried.chains.invite({ store: of, postcodes }, { key }),
    drop: () => hurried.chains.leave(shop, of),
    wait: () => hurried.chains.setOfferFor(shop, `PT${Number(minutes)}M`),
    agree: () => hurried.chains.agree(of, { key }),
    leave: () => hurried.chains.leave(of, shop),
    take: () => hurried.offers.take(of, { key }),
    pass: () => hurried.offers.decline(of, { key }),
  } satisfies Record<StoreAct, () => Promise<{ outcome: string }>>;
  const told = await calls[act]();
  if (told.outcome === "refused") return { outcome: "refused", problem: told.problem };
  // A trade that waits for another server is taken as soon as that has answered; the list says when.
  return { outcome: told.outcome === "done" ? "done" : "unknown" };
}
