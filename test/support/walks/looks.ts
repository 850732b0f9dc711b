/** Who walks where, and with what: so few walks that every pair of two choices is walked. */
import type { Look } from "./person.ts";
import { type Place, places } from "./place.ts";
import { stories } from "./stories.ts";

/** Any two of size, language and scripts come together in one of these. */
const looks: readonly Look[] = [
  { size: "phone", lang: "en", scripts: true },
  { size: "phone", lang: "ja", scripts: false },
  { size: "desk", lang: "en", scripts: false },
  { size: "desk", lang: "ja", scripts: true },
];

export type Role = keyof typeof stories;
const roles = Object.keys(stories) as Role[];

/** The look of the walk that comes so many places after the first. */
export function lookOf(turn: number): Look {
  const look = looks[turn % looks.length];
  if (look === undefined) throw new Error("There are looks.");
  return look;
}

export interface Walk {
  role: Role;
  place: Place;
  look: Look;
}

/** Each role at each place; the looks take turns along both. */
export const walks: readonly Walk[] = roles.flatMap((role, row) =>
  places.map((place, column) => ({ role, place, look: lookOf(row + column) })),
);

/** How a walk is called in a report. */
export const wordsOf = ({ size, lang, scripts, keyboard }: Look): string =>
  `${size}, ${lang}, ${scripts ? "with" : "without"} scripts${keyboard ? ", by keyboard alone" : ""}`;

/** Those with whom the people behind a desk walk: of each, and of one who has nothing to point with. */
export const deskLooks: readonly Look[] = [
  ...looks,
  { size: "desk", lang: "en", scripts: true, keyboard: true },
];
