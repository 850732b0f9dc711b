import assert from "node:assert/strict";
import { test } from "node:test";
import { type FollowUp, nextAfter } from "./schedule.ts";
import type { ReceiverAnswer } from "./send.ts";

const now = new Date("2030-01-01T00:00:00Z");
const status = (code: number, retryAfter?: string): ReceiverAnswer => ({ status: code, retryAfter });
const again = (inSeconds: number): FollowUp => ({ do: "again", inSeconds });
const hour = 3600;

const cases: [attempt: number, answer: ReceiverAnswer, next: FollowUp][] = [
  [1, status(200), { do: "done" }],
  [1, status(299), { do: "done" }],
  [12, status(204), { do: "done" }],
  [1, status(199), again(5)],
  [1, status(301), again(5)],
  [2, status(404), again(15)],
  [3, status(404), again(60)],
  [4, status(404), again(300)],
  [5, status(500), again(1800)],
  [6, { error: "timeout" }, again(2 * hour)],
  [7, { error: "no_connection" }, again(5 * hour)],
  [8, { error: "address_refused" }, again(10 * hour)],
  [9, { error: "url_refused" }, again(14 * hour)],
  [10, status(0), again(20 * hour)],
  [11, status(502), again(24 * hour)],
  [12, status(500), { do: "give up", gone: false }],
  [13, { error: "timeout" }, { do: "give up", gone: false }],
  [1, status(410), { do: "give up", gone: true }],
  [1, status(429, "60"), again(60)],
  [1, status(503, "60"), again(60)],
  [1, status(503, "Tue, 01 Jan 2030 00:02:00 GMT"), again(120)],
  [2, status(429, "60"), again(60)],
  [4, status(429, "60"), again(300)],
  [1, status(429, "999999999"), again(24 * hour)],
  [1, status(429, "99999999999999999999"), again(5)],
  [1, status(503, "-60"), again(5)],
  [1, status(503, "soon"), again(5)],
  [1, status(503, "Mon, 01 Jan 2029 00:00:00 GMT"), again(5)],
  [1, status(500, "60"), again(5)],
];
for (const [attempt, answer, next] of cases) {
  test(`attempt ${attempt}, ${JSON.stringify(answer)}: ${JSON.stringify(next)}`, () => {
    assert.deepEqual(nextAfter(attempt, answer, now), next);
  });
}
