/** Which store is asked: near before far, and none that is closed, full or elsewhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Destination } from "../../core/protocol/schemas.ts";
import { type Candidate, nearest } from "./nearest-branch.ts";

const noon = new Date("2026-11-22T12:00:00Z");
const store = (name: string, change: Partial<Candidate> = {}): Candidate => ({
  ...{ store: name, point: null, postcodes: [], hours: null, capacity: null, load: 0 },
  ...change,
});
const at = (lat: number, lng: number): Destination => ({
  at: { lat: lat * 1_000_000, lng: lng * 1_000_000 },
});
const point = (lat: number, lng: number) => ({ point: { lat: lat * 1_000_000, lng: lng * 1_000_000 } });
const open = (opens: number, closes: number) => ({ hours: { opens: opens * 60, closes: closes * 60 } });

const cases: [name: string, candidates: Candidate[], place: Destination, chosen: string | undefined][] = [
  ["nobody", [], at(35, 139), undefined],
  ["the nearer", [store("far", point(36, 139)), store("near", point(35, 140))], at(35, 139.5), "near"],
  // At 60 degrees a degree of longitude is half as long as one of latitude.
  ["on a round Earth", [store("east", point(60, 26.5)), store("north", point(61, 25))], at(60, 25), "east"],
  [
    "over the date line",
    [store("fiji", point(-17, 179)), store("oahu", point(21, -158))],
    at(-17, -179),
    "fiji",
  ],
  ["of equals the first by id", [store("b", point(35, 139)), store("a", point(35, 139))], at(35, 139), "a"],
  ["not by postcode", [store("a", { postcodes: ["100"] })], at(35, 139), undefined],
  [
    "the one that names it longest",
    [store("a", { postcodes: ["1"] }), store("b", { postcodes: ["100"] })],
    { postcode: "100-0001" },
    "b",
  ],
  ["a postcode of none", [store("a", { postcodes: ["200"] })], { postcode: "100-0001" }, undefined],
  ["not by its point", [store("a", point(35, 139))], { postcode: "100-0001" }, undefined],
  ["open now", [store("a", { ...point(35, 139), ...open(9, 18) })], at(35, 139), "a"],
  ["closed now", [store("a", { ...point(35, 139), ...open(13, 18) })], at(35, 139), undefined],
  ["closing this minute", [store("a", { ...point(35, 139), ...open(9, 12) })], at(35, 139), undefined],
  [
    "open over midnight, closed at noon",
    [store("a", { ...point(35, 139), ...open(18, 4) })],
    at(35, 139),
    undefined,
  ],
  ["open over midnight and noon", [store("a", { ...point(35, 139), ...open(18, 13) })], at(35, 139), "a"],
  [
    "full",
    [store("a", { ...point(35, 139), capacity: 2, load: 2 }), store("b", point(36, 139))],
    at(35, 139),
    "b",
  ],
  ["room for one", [store("a", { ...point(35, 139), capacity: 2, load: 1 })], at(35, 139), "a"],
];

for (const [name, candidates, place, chosen] of cases) {
  test(name, () => assert.equal(nearest(candidates, place, noon), chosen));
}
