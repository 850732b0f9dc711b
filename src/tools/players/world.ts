/** The world beside the trade: where each piece really is, which no machine sees, and where the money is. */
import { type Books, freshBooks } from "./money.ts";
import type { Setting } from "./setting.ts";

export interface Parcel {
  /** Of the trade's lines, from zero. */
  line: number;
  what: "good" | "brick";
  to: "buyer" | "shop";
  /** Steps until it has arrived at the latest. */
  left: number;
  /** An independent carrier follows it under this number and reports what it sees. */
  number?: string;
  /** It lies with an honest receiver, who has not spoken of it yet. */
  arrived?: true;
}

/** The pieces of one line: goods and bricks by where they are. What is in a parcel is not on a shelf. */
export interface Shelf {
  shop: number;
  buyer: number;
  bricks: number;
  /** Of those with an honest buyer: accepted, and waiting to be sent back. */
  kept: number;
  sending: number;
  bricksSending: number;
  lost: number;
  /** Pieces of which an independent party has seen that something was brought. */
  seen: number;
  /** Pieces that the buyer has said to have received. */
  received: number;
  /** Pieces decided either way, because only a human could: against the buyer, and against the shop. */
  toShop: number;
  toBuyer: number;
}

export interface World {
  shelves: Shelf[];
  parcels: Parcel[];
  /** Numbers of parcels given so far. */
  numbers: number;
  /** Why an operator could decide either way. */
  judged: string[];
  /** The honest side has fallen silent. */
  silent: boolean;
  /** Accounts, and what the shop has had early; and what was bought of its claim. */
  books: Books;
  bought?: "early" | "firm" | "unseen";
  extensions: number;
  moves: number;
}

export function freshWorld(setting: Setting): World {
  return {
    shelves: setting.lines.map((shop) => ({
      shop,
      buyer: 0,
      bricks: 0,
      kept: 0,
      sending: 0,
      bricksSending: 0,
      lost: 0,
      seen: 0,
      received: 0,
      toShop: 0,
      toBuyer: 0,
    })),
    parcels: [],
    numbers: 0,
    judged: [],
    silent: false,
    books: freshBooks(setting),
    extensions: 0,
    moves: 0,
  };
}

/** A copy to be changed. Parcels are replaced, never changed. */
export function copyOf(world: World): World {
  return { ...world, shelves: world.shelves.map((shelf) => ({ ...shelf })), parcels: [...world.parcels] };
}

export function shelfOf(world: World, line: number): Shelf {
  const shelf = world.shelves[line];
  if (shelf === undefined) throw new RangeError(`There is no line ${line}.`);
  return shelf;
}

/** Takes a parcel out of the world, or puts another in its place. */
export function replaceParcel(world: World, parcel: Parcel, by?: Parcel): void {
  world.parcels = world.parcels.flatMap((each) => (each !== parcel ? [each] : by === undefined ? [] : [by]));
}

/** Puts a piece into a parcel; a tracked one gets a number of its own. */
export function send(world: World, parcel: Omit<Parcel, "number">, tracked: boolean): Parcel {
  const sent = tracked ? { ...parcel, number: `${parcel.to}-${++world.numbers}` } : parcel;
  world.parcels.push(sent);
  return sent;
}

export function judge(world: World, why: string): void {
  if (!world.judged.includes(why)) world.judged = [...world.judged, why].sort();
}
