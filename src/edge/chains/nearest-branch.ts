/** Which branch of a chain is asked next: one that can serve the order now, the nearest first. */
import { minuteOfDay } from "../../core/protocol/protocol.ts";
import type { Destination, Point } from "../../core/protocol/schemas.ts";

/** When a branch is open: minutes of the day by the clocks of its time zone, which is an IANA name. */
export interface Hours {
  opens: number;
  closes: number;
  timeZone: string;
}

/** A branch as the choice needs it. `load` is how many orders it has taken and not yet handed over. */
export interface Candidate {
  branch: string;
  point: Point | null;
  /** Beginnings of the postcodes that it serves. */
  postcodes: readonly string[];
  /** Null for around the clock. */
  hours: Hours | null;
  capacity: number | null;
  load: number;
}

/** The nearest of these that is open at this instant, has room and serves the place; equals go by their ids. */
export function nearest(candidates: readonly Candidate[], place: Destination, now: Date): string | undefined {
  let best: { branch: string; far: number } | undefined;
  for (const candidate of candidates) {
    const far = distance(candidate, place);
    if (far === undefined || !isOpen(candidate, now) || !hasRoom(candidate)) continue;
    const { branch } = candidate;
    if (best === undefined || far < best.far || (far === best.far && branch < best.branch))
      best = { branch, far };
  }
  return best?.branch;
}

function hasRoom({ capacity, load }: Candidate): boolean {
  return capacity === null || load < capacity;
}

function isOpen({ hours }: Candidate, now: Date): boolean {
  if (hours === null) return true;
  const { opens, closes, timeZone } = hours;
  const minute = minuteOfDay(now, timeZone);
  return opens <= closes ? opens <= minute && minute < closes : minute >= opens || minute < closes;
}

/** How far it is, to be compared only with others of the same place; undefined where the branch does not serve it. */
function distance({ point, postcodes }: Candidate, place: Destination): number | undefined {
  if ("at" in place) return point === null ? undefined : between(point, place.at);
  const matching = postcodes.filter((start) => plain(place.postcode).startsWith(plain(start)));
  // The longer the beginning that a branch names, the more it is the branch of that very place.
  return matching.length === 0 ? undefined : -Math.max(...matching.map((start) => plain(start).length));
}

const plain = (postcode: string): string => postcode.replaceAll(/[ -]/g, "");

const halfTurn = 180_000_000;

/** The square of the distance on a flat map of the neighbourhood, in millionths of a degree of latitude. */
function between(one: Point, other: Point): number {
  const across = Math.abs(one.lng - other.lng);
  const shorter = across > halfTurn ? 2 * halfTurn - across : across;
  const narrowing = Math.cos((((one.lat + other.lat) / 2) * Math.PI) / halfTurn);
  return (one.lat - other.lat) ** 2 + (shorter * narrowing) ** 2;
}
