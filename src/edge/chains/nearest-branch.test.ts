/** Which branch is asked: near before far, and none that is closed, full or elsewhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Destination } from "../../core/protocol/schemas.ts";
import { type Candidate, nearest } from "./nearest-branch.ts";

const noon = new Date("2026-11-22T12:00:00Z");
const branch = (name: string, change: Partial<Candidate> = {}): Candidate => ({
  branch: name,
  point: null,
  postcodes: [],
  hours: null,
  capacity: null,
  load: 0,
  ...change,
});
const around = (lat: number, lng: number): Destination => ({
  at: { lat: lat * 1_000_000, lng: lng * 1_000_000 },
});
const point = (lat: number, lng: number) => ({ point: { lat: lat * 1_000_000, lng: lng * 1_000_000 } });
const open = (opens: number, closes: number, timeZone = "UTC") => ({
  hours: { opens: opens * 60, closes: closes * 60, timeZone },
});

const cases: [name: string, candidates: Candidate[], place: Destination, chosen: string | undefined][] = [
  ["nobody", [], around(35, 139), undefined],
  ["the nearer", [branch("far", point(36, 139)), branch("near", point(35, 140))], around(35, 139.5), "near"],
  // At 60 degrees a degree of longitude is half as long as one of latitude.
  [
    "on a round Earth",
    [branch("east", point(60, 26.5)), branch("north", point(61, 25))],
    around(60, 25),
    "east",
  ],
  [
    "over the date line",
    [branch("fiji", point(-17, 179)), branch("oahu", point(21, -158))],
    around(-17, -179),
    "fiji",
  ],
  [
    "of equals the first by id",
    [branch("b", point(35, 139)), branch("a", point(35, 139))],
    around(35, 139),
    "a",
  ],
  ["not by postcode", [branch("a", { postcodes: ["100"] })], around(35, 139), undefined],
  [
    "the one that names it longest",
    [branch("a", { postcodes: ["1"] }), branch("b", { postcodes: ["100"] })],
    { postcode: "100-0001" },
    "b",
  ],
  ["a postcode of none", [branch("a", { postcodes: ["200"] })], { postcode: "100-0001" }, undefined],
  ["not by its point", [branch("a", point(35, 139))], { postcode: "100-0001" }, undefined],
  ["open now", [branch("a", { ...point(35, 139), ...open(9, 18) })], around(35, 139), "a"],
  ["closed now", [branch("a", { ...point(35, 139), ...open(13, 18) })], around(35, 139), undefined],
  // Noon in UTC is nine in the evening in Tokyo.
  ["open there", [branch("a", { ...point(35, 139), ...open(20, 22, "Asia/Tokyo") })], around(35, 139), "a"],
  [
    "closed there",
    [branch("a", { ...point(35, 139), ...open(9, 18, "Asia/Tokyo") })],
    around(35, 139),
    undefined,
  ],
  ["closing this minute", [branch("a", { ...point(35, 139), ...open(9, 12) })], around(35, 139), undefined],
  [
    "open over midnight, closed at noon",
    [branch("a", { ...point(35, 139), ...open(18, 4) })],
    around(35, 139),
    undefined,
  ],
  [
    "open over midnight and noon",
    [branch("a", { ...point(35, 139), ...open(18, 13) })],
    around(35, 139),
    "a",
  ],
  [
    "full",
    [branch("a", { ...point(35, 139), capacity: 2, load: 2 }), branch("b", point(36, 139))],
    around(35, 139),
    "b",
  ],
  ["room for one", [branch("a", { ...point(35, 139), capacity: 2, load: 1 })], around(35, 139), "a"],
];

for (const [name, candidates, place, chosen] of cases) {
  test(name, () => assert.equal(nearest(candidates, place, noon), chosen));
}
