/** What happens to parcels, and what an independent and honest carrier says of them. */
import { pieceOf } from "./setting.ts";
import { add, one, type Said, type Turn } from "./turn.ts";
import { type Parcel, replaceParcel, shelfOf, type World } from "./world.ts";

/** What the carrier says when it is given a parcel. */
export function pickedUp({ number, to, line }: Parcel, spoken = true): Said[] {
  if (number === undefined) return [];
  const tracking = { number };
  // Of a parcel of which nobody has spoken it says what is in it; else the number is enough.
  const goods = spoken ? { tracking } : { tracking, lines: one(line) };
  const command =
    to === "buyer" ? ({ do: "ship", ...goods } as const) : ({ do: "send-back", ...goods } as const);
  return [{ role: "carrier", command, may: true }];
}

/** Parcels on their way arrive, at any time until the last, or are lost where the setting lets them. */
export function carry(turn: Turn): void {
  const { parcels } = turn.state.world;
  for (const parcel of parcels) {
    if (parcel.arrived) continue;
    if (parcel.left <= 0) turn.must = true;
    arrive(turn, parcel);
    if (turn.setting.losses !== undefined && parcel.what === "good" && parcel.number !== undefined)
      add(turn, `The parcel with ${pieceOf(parcel.line)} is lost.`, (world) => {
        replaceParcel(world, parcel);
        shelfOf(world, parcel.line).lost++;
        return [];
      });
  }
}

function arrive(turn: Turn, parcel: Parcel): void {
  const what = parcel.what === "good" ? pieceOf(parcel.line) : "a brick";
  const seen = parcel.number === undefined ? "" : ", and the carrier says so";
  const whom = parcel.to === "buyer" ? "the buyer" : "the shop";
  add(turn, `A parcel with ${what} comes to ${whom}${seen}.`, (world) => {
    receive(turn, world, parcel);
    if (parcel.number === undefined) return [];
    const { number, line, to } = parcel;
    const known = turn.state.trade.progress.lots.some((lot) => lot.parcel === number || lot.back === number);
    const goods = known ? { tracking: { number } } : { tracking: { number }, lines: one(line) };
    const command =
      to === "buyer" ? ({ do: "deliver", ...goods } as const) : ({ do: "return", ...goods } as const);
    return [{ role: "carrier", command, may: true }];
  });
}

function receive({ setting }: Turn, world: World, parcel: Parcel): void {
  const shelf = shelfOf(world, parcel.line);
  if (parcel.to === "buyer") {
    replaceParcel(world, parcel);
    if (parcel.what === "good") shelf.buyer++;
    else shelf.bricks++;
    if (parcel.number !== undefined) shelf.seen++;
    return;
  }
  if (setting.cheat === "buyer") {
    replaceParcel(world, parcel, { ...parcel, arrived: true, left: 0 });
    return;
  }
  replaceParcel(world, parcel);
  if (parcel.what === "good") shelf.shop++;
}
