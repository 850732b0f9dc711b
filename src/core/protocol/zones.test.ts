import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dayAt, daysAfter, endOfDay, isDay, isTimeZone, minuteOfDay, startOfDay } from "./protocol.ts";

const starts: [why: string, day: string, zone: string, at: string][] = [
  ["nine hours before UTC", "2026-12-24", "Asia/Tokyo", "2026-12-23T15:00:00.000Z"],
  ["UTC itself", "2026-12-24", "UTC", "2026-12-24T00:00:00.000Z"],
  ["behind UTC", "2026-12-24", "America/New_York", "2026-12-24T05:00:00.000Z"],
  ["a quarter of an hour", "2026-12-24", "Asia/Kathmandu", "2026-12-23T18:15:00.000Z"],
  ["no midnight, summer begins", "2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
  ["no midnight in Cairo", "2024-04-26", "Africa/Cairo", "2024-04-25T22:00:00.000Z"],
  ["the evening comes twice, summer ends", "2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00.000Z"],
  ["midnight comes twice", "2010-11-07", "America/St_Johns", "2010-11-07T02:30:00.000Z"],
  ["a day of 23 hours", "2026-03-29", "Europe/Paris", "2026-03-28T23:00:00.000Z"],
  ["and the one after it", "2026-03-30", "Europe/Paris", "2026-03-29T22:00:00.000Z"],
  ["a day of 25 hours", "2026-10-25", "Europe/Paris", "2026-10-24T22:00:00.000Z"],
  ["and the one after it", "2026-10-26", "Europe/Paris", "2026-10-25T23:00:00.000Z"],
  ["a day that was left out", "2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00.000Z"],
];
for (const [why, day, zone, at] of starts) {
  test(`${day} begins in ${zone}: ${why}`, () => {
    assert.equal(startOfDay(day, zone).toISOString(), at);
  });
}

test("a day ends a second before the next one begins, however long it is", () => {
  const length = (day: string, zone: string) =>
    (endOfDay(day, zone).getTime() + 1000 - startOfDay(day, zone).getTime()) / 3_600_000;
  assert.equal(length("2026-03-29", "Europe/Paris"), 23);
  assert.equal(length("2026-10-25", "Europe/Paris"), 25);
  assert.equal(length("2018-11-04", "America/Sao_Paulo"), 23);
  assert.equal(length("2026-12-24", "Asia/Tokyo"), 24);
});

test("a day and a minute are those of the zone", () => {
  const at = new Date("2026-11-28T15:30:00.999Z");
  assert.equal(dayAt(at, "Asia/Tokyo"), "2026-11-29");
  assert.equal(minuteOfDay(at, "Asia/Tokyo"), 30);
  assert.equal(dayAt(at, "UTC"), "2026-11-28");
  assert.equal(minuteOfDay(at, "Asia/Kathmandu"), 21 * 60 + 15);
  assert.equal(daysAfter("2026-12-31", 1), "2027-01-01");
  assert.equal(daysAfter("2028-03-01", -1), "2028-02-29");
});

test("in all zones each day begins with its first instant, and all instants of a day lie between its ends", () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"), "UTC");
  const instants = fc.date({ min: new Date("1990-01-01"), max: new Date("2037-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(zones, instants, (zone, at) => {
      const day = dayAt(at, zone);
      const [start, end] = [startOfDay(day, zone), endOfDay(day, zone)];
      assert.equal(dayAt(start, zone), day);
      assert.ok(dayAt(start.getTime() - 1, zone) < day, `${zone} ${day}`);
      assert.ok(start <= at, `${zone} ${at.toISOString()}`);
      // Where a clock is put back over midnight the day goes on once more.
      assert.ok(at.getTime() < end.getTime() + 1000 + 3_600_000, `${zone} ${at.toISOString()}`);
    }),
    { numRuns: 3000 },
  );
});

test("names of zones are those of IANA, and no abbreviation, offset or path", () => {
  for (const name of ["Asia/Tokyo", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT-9", "Europe/Kiev"])
    assert.equal(isTimeZone(name), true, name);
  for (const name of [
    "",
    "JST",
    "Tokyo",
    "+09:00",
    "Asia/Tokio",
    "../etc/passwd",
    "Asia/Tokyo ",
    "a".repeat(99),
  ])
    assert.equal(isTimeZone(name), false, name);
});

test("days are those of the calendar", () => {
  for (const day of ["2026-12-24", "2028-02-29", "0001-01-01"]) assert.equal(isDay(day), true, day);
  for (const day of ["2026-02-29", "2026-13-01", "2026-1-1", "2026-12-24T00:00", ""])
    assert.equal(isDay(day), false, day);
});
