/** What the people of a shop did, told to the shop: each with the name of who did it. */
import { type Client, pageOf } from "../../storage/database/database.ts";
import type { Vault } from "../../storage/members/members.ts";
import { listShopActs, listShopActsAbout, namesOfShopPeople } from "../../storage/team/team.ts";
import { shopActNames } from "./by-call.ts";

export interface ActsWish {
  shop: string;
  about?: string | undefined;
  limit: number;
  after?: string | undefined;
}

export async function readActs(
  { database, vault }: { database: Client; vault: Vault },
  { shop, about, limit, after }: ActsWish,
) {
  const wish = { shop, limit: limit + 1, after };
  const rows = await (about === undefined
    ? listShopActs(database, wish)
    : listShopActsAbout(database, { ...wish, about }));
  const ids = [...new Set(rows.flatMap(({ person }) => (person === null ? [] : [person])))];
  const names = await namesOfShopPeople(database, vault, { shop, ids });
  return pageOf(rows, limit, ({ id, person, act, at, about: to, status }) => ({
    id,
    by: person === null ? null : { person, name: names.get(person) ?? "" },
    // What a later version has written is told as the nearest that is known here.
    act: shopActNames.find((each) => each === act) ?? ("shop-settings" as const),
    about: to,
    done: status !== null,
    at: at.toISOString(),
  }));
}

type ShopActView = Awaited<ReturnType<typeof readActs>>["items"][number];

/** One of them as pages show it: with the number of the order, where it was done to one. */
export const shownAct = ({ by, about, ...act }: ShopActView) => ({
  ...act,
  by: by === null ? null : by.name,
  number: about !== null && /^[0-9]{2,18}$/.test(about) ? about : null,
});
