/** What happens to parcels, and what an independent and honest carrier says of them. */
import { dueOf, owed } from "../../core/trade/trade.ts";
import { pieceOf } from "./setting.ts";
import { say } from "./state.ts";
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
    if (turn.setting.atDoor !== undefined) payAtDoor(turn, parcel);
    if (turn.setting.astray !== undefined) goBack(turn, parcel);
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
  if (turn.setting.collusion === "carrier" && turn.setting.cheat === "buyer" && parcel.to === "buyer")
    add(turn, `A parcel with ${what} comes to the buyer, and THE CARRIER says nothing of it.`, (world) => {
      replaceParcel(world, parcel);
      shelfOf(world, parcel.line).buyer++;
      return [];
    });
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

/** The buyer looks at the goods at the door and pays the carrier, which accepts them; the institution books what was taken. */
function payAtDoor(turn: Turn, parcel: Parcel): void {
  const { line, number, to, what } = parcel;
  if (to !== "buyer" || what !== "good") return;
  const lines = one(line);
  const accepted = say(turn, turn.state, "carrier", { do: "accept", lines });
  if (accepted === undefined) return;
  const [amount, total] = [Number(owed(accepted.trade)), Number(dueOf(accepted.trade))];
  const who = turn.setting.cheat === "buyer" ? "THE BUYER" : "The buyer";
  add(turn, `${who} pays the carrier for ${pieceOf(line)} at the door.`, (world) => {
    replaceParcel(world, parcel);
    const shelf = shelfOf(world, line);
    shelf.buyer++;
    shelf.kept++;
    if (number !== undefined) shelf.seen++;
    return [
      { role: "carrier", command: { do: "accept", lines, collected: { amount, currency: "JPY" } } },
      { role: "collector", command: { do: "collect", total } },
    ];
  });
}

/** What was sent back is with the buyer again: the shop did not take it at its door, or it could not be brought there. */
function goBack(turn: Turn, parcel: Parcel): void {
  const { number, line, what } = parcel;
  if (parcel.to !== "shop" || number === undefined) return;
  const name = what === "good" ? pieceOf(line) : "a brick";
  const { cheat } = turn.setting;
  const come = (label: string, notTaken: "refused" | "undeliverable") =>
    add(turn, label, (world) => {
      replaceParcel(world, parcel);
      const shelf = shelfOf(world, line);
      if (what === "good") shelf.buyer++;
      else shelf.bricks++;
      // An honest buyer keeps it for when it is to be sent once more.
      if (cheat === "shop" && what === "good") shelf.sending++;
      if (cheat === "shop" && what === "brick") shelf.bricksSending++;
      return [{ role: "carrier", command: { do: "return", tracking: { number }, notTaken }, may: true }];
    });
  if (cheat === "shop") come(`THE SHOP does not take a parcel with ${name} at its door.`, "refused");
  const whose = cheat === "shop" ? "THE SHOP'S ADDRESS" : "THE ADDRESS ON IT";
  come(`A parcel with ${name} cannot be brought to the shop: ${whose} is wrong.`, "undeliverable");
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
