import { beyondAll, type Client, sql } from "../../storage/database/database.ts";
import { readParties } from "../../storage/parties/parties.ts";
import type { Destination, Point } from "../../core/protocol/schemas.ts";
import type { Candidate, Hours } from "./nearest-branch.ts";

export interface Branch {
  head: string;
  branch: string;
  point: Point | null;
  postcodes: string[];
  hours: Hours | null;
  capacity: number | null;
}

/** A branch as it stands in its chain: until it has agreed, it is invited and nothing else. */
export interface ListedBranch extends Branch {
  agreedAt: Date | null;
}

interface BranchRow {
  head: string;
  branch: string;
  latitude: number | null;
  longitude: number | null;
  postcodes: string[];
  opens: number | null;
  closes: number | null;
  timeZone: string;
  capacity: number | null;
  agreedAt: Date | null;
}

function branchOf(row: BranchRow): ListedBranch {
  const { head, branch, latitude: lat, longitude: lng, postcodes, capacity, agreedAt } = row;
  const { opens, closes, timeZone } = row;
  const point = lat === null || lng === null ? null : { lat, lng };
  const hours = opens === null || closes === null ? null : { opens, closes, timeZone };
  return { head, branch, point, postcodes, hours, capacity, agreedAt };
}

/** Invites a branch into a chain, or changes what is known of it; what it has agreed to it has agreed to. */
export async function putBranch(client: Client, wish: Branch): Promise<void> {
  const { head, branch, point, postcodes, hours, capacity } = wish;
  await client.execute(sql`
    insert into chain_stores (head, store, latitude, longitude, postcodes, opens, closes, time_zone, capacity)
    values (${head}, ${branch}, ${point?.lat ?? null}, ${point?.lng ?? null}, ${postcodes}::text[],
      ${hours?.opens ?? null}, ${hours?.closes ?? null}, ${hours?.timeZone ?? "UTC"}, ${capacity})
    on conflict (head, store) do update set latitude = excluded.latitude, longitude = excluded.longitude,
      postcodes = excluded.postcodes, opens = excluded.opens, closes = excluded.closes,
      time_zone = excluded.time_zone, capacity = excluded.capacity`);
}

/** False where the branch was not in the chain. */
export async function removeBranch(client: Client, head: string, branch: string): Promise<boolean> {
  return (
    (await client.execute(sql`delete from chain_stores where head = ${head} and store = ${branch}`)) === 1
  );
}

export async function listBranches(client: Client, head: string): Promise<ListedBranch[]> {
  const rows = await client.query<BranchRow>(sql`
    select head, store as branch, latitude, longitude, postcodes, opens, closes, time_zone as "timeZone", capacity,
      agreed_at as "agreedAt"
    from chain_stores where head = ${head} order by store`);
  return rows.map(branchOf);
}

/** The chains of which this shop is a branch, or is to be one. */
export async function listChainsOf(client: Client, branch: string): Promise<ListedBranch[]> {
  const rows = await client.query<BranchRow>(sql`
    select head, store as branch, latitude, longitude, postcodes, opens, closes, time_zone as "timeZone", capacity,
      agreed_at as "agreedAt"
    from chain_stores where store = ${branch} order by head`);
  return rows.map(branchOf);
}

/** The branch agrees; false where nobody has invited it. Agreeing again changes nothing. */
export async function agreeToChain(client: Client, head: string, branch: string): Promise<boolean> {
  const touched = await client.execute(sql`
    update chain_stores set agreed_at = coalesce(agreed_at, kenshu_now()) where head = ${head} and store = ${branch}`);
  return touched === 1;
}

/** The branches of a chain that have agreed, may trade and were not asked for this trade yet, with what they have to do. */
export async function readCandidates(client: Client, head: string, trade: bigint): Promise<Candidate[]> {
  const rows = await client.query<BranchRow & { load: number }>(sql`
    select s.head, s.store as branch, s.latitude, s.longitude, s.postcodes, s.opens, s.closes,
      s.time_zone as "timeZone", s.capacity, s.agreed_at as "agreedAt",
      (select count(*)::int from offers o join trades t on t.number = o.trade
        where o.store = s.store and o.state = 'taken' and t.state = 'reserved') as load
    from chain_stores s
    where s.head = ${head} and s.agreed_at is not null
      and not exists (select from offers o where o.trade = ${trade} and o.store = s.store)`);
  const parties = await readParties(
    client,
    rows.map(({ branch }) => branch),
  );
  const approved = new Set(parties.filter(({ state }) => state === "approved").map(({ id }) => id));
  const trading = rows.filter(({ branch }) => approved.has(branch));
  return trading.map((row) => {
    const { branch, point, postcodes, hours, capacity } = branchOf(row);
    return { branch, point, postcodes, hours, capacity, load: row.load };
  });
}

/** How long a branch may think it over where its chain has not said. */
export const usualOfferFor = "PT10M";

export async function readOfferFor(client: Client, head: string): Promise<string | undefined> {
  const [row] = await client.query<{ for: string }>(
    sql`select offer_for as for from chains where head = ${head}`,
  );
  return row?.for;
}

export async function setOfferFor(client: Client, head: string, duration: string): Promise<void> {
  await client.execute(sql`
    insert into chains (head, offer_for) values (${head}, ${duration})
    on conflict (head) do update set offer_for = excluded.offer_for`);
}

export interface OpenRoute {
  trade: bigint;
  head: string;
  place: Destination;
}

/** Trades for which a branch is to be looked for, or an answer has been waited for long enough. */
export async function dueRoutes(client: Client, limit: number): Promise<bigint[]> {
  const rows = await client.query<{ trade: bigint }>(sql`
    select trade from routes where state = 'open' and due_at <= (select kenshu_now())
    order by due_at limit ${limit}`);
  return rows.map(({ trade }) => trade);
}

/** Locks the search for a branch, while it goes on. */
export async function lockRoute(client: Client, trade: bigint): Promise<OpenRoute | undefined> {
  type Row = { head: string; postcode: string | null; latitude: number; longitude: number };
  const [row] = await client.query<Row>(sql`
    select head, postcode, latitude, longitude from routes where trade = ${trade} and state = 'open' for update`);
  if (row === undefined) return undefined;
  const { head, postcode, latitude: lat, longitude: lng } = row;
  return { trade, head, place: postcode === null ? { at: { lat, lng } } : { postcode } };
}

export async function lookAgain(client: Client, trade: bigint, at: Date): Promise<void> {
  await client.execute(sql`update routes set due_at = ${at} where trade = ${trade}`);
}

/** The search is over, and where the goods go is forgotten. An offer that is still open is no more. */
export async function endRoute(
  client: Client,
  trade: bigint,
  state: "assigned" | "unplaced" | "over",
): Promise<void> {
  await client.execute(sql`
    update routes set state = ${state}, postcode = null, latitude = null, longitude = null where trade = ${trade}`);
  await client.execute(sql`
    update offers set state = 'withdrawn' where trade = ${trade} and state = 'offered'`);
}

export type OfferState = "offered" | "taken" | "declined" | "lapsed" | "failed" | "withdrawn";

export interface Offer {
  id: string;
  trade: bigint;
  head: string;
  branch: string;
  state: OfferState;
  until: Date;
  offeredAt: Date;
  answeredAt: Date | null;
}

export async function insertOffer(client: Client, offer: Omit<Offer, "state" | "answeredAt">): Promise<void> {
  const { id, trade, head, branch, until, offeredAt } = offer;
  await client.execute(sql`
    insert into offers (id, trade, head, store, state, until, offered_at)
    values (${id}, ${trade}, ${head}, ${branch}, 'offered', ${until}, ${offeredAt})`);
}

/** Moves an offer; `answeredAt` is when its branch spoke, or when nobody had. */
export async function moveOffer(
  client: Client,
  id: string,
  state: OfferState,
  answeredAt: Date,
): Promise<void> {
  await client.execute(sql`
    update offers set state = ${state}, answered_at = ${answeredAt} where id = ${id}`);
}

/** The offer of this trade that is open, or was taken. */
export async function currentOffer(client: Client, trade: bigint): Promise<Offer | undefined> {
  const [offer] = await client.query<Offer>(sql`
    select id, trade, head, store as branch, state, until, offered_at as "offeredAt", answered_at as "answeredAt"
    from offers where trade = ${trade} and state in ('offered', 'taken')`);
  return offer;
}

export async function readOffer(client: Client, id: string): Promise<Offer | undefined> {
  const [offer] = await client.query<Offer>(sql`
    select id, trade, head, store as branch, state, until, offered_at as "offeredAt", answered_at as "answeredAt"
    from offers where id = ${id}`);
  return offer;
}

/** Offers to this shop, and those of orders of its own chain, newest first; `after` is the id of the last one seen. */
export function listOffers(
  client: Client,
  shop: string,
  limit: number,
  after: string = beyondAll,
): Promise<Offer[]> {
  return client.query<Offer>(sql`
    select id, trade, head, store as branch, state, until, offered_at as "offeredAt", answered_at as "answeredAt" from offers
    where id = any(array(
      (select id from offers where store = ${shop} and id < ${after} order by id desc limit ${limit}) union all
      (select id from offers where head = ${shop} and id < ${after} order by id desc limit ${limit})))
    order by id desc limit ${limit}`);
}
