import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClaimedDelivery } from "../../engines/outbox/outbox.ts";
import { Lines } from "./lines.ts";

const message = (id: number, endpoint = "a"): ClaimedDelivery => ({
  id: String(id),
  endpoint,
  attempt: 1,
  payload: "{}",
  perRequest: 1,
  url: "https://shop.example/",
  secrets: [],
  wanted: true,
  sentAt: new Date(0),
});
const idsOf = (deliveries: readonly (ClaimedDelivery | ClaimedDelivery[])[]): string =>
  deliveries.map((each) => (Array.isArray(each) ? idsOf(each) : each.id)).join(" ");

/** Lines in which so many messages for one endpoint wait since the beginning. */
function linesWith(count: number): Lines {
  const lines = new Lines(10_000);
  for (let id = 1; id <= count; id += 1) lines.add(message(id), 0);
  return lines;
}

test("four are sent at a time, in their order, and the others wait", () => {
  const lines = linesWith(6);
  const { send } = lines.next("a", 0);
  assert.equal(idsOf(send), "1 2 3 4");
  assert.equal(idsOf(lines.next("a", 0).send), "");
  assert.equal(lines.ended("a", 20, send[0] ?? []), false);
  assert.equal(idsOf(lines.next("a", 20).send), "5");
  assert.equal(lines.size, 5);
});

test("only of a receiver that answers at once more are taken on than are sent", () => {
  const lines = linesWith(4);
  lines.next("a", 0);
  assert.deepEqual([...lines.room], [["a", 0]]);
  lines.ended("a", 20, [message(1)]);
  assert.deepEqual([...lines.room], [["a", 29]], "four and 28 more, less three on their way");
  lines.ended("a", 5000, [message(1)]);
  assert.deepEqual([...lines.room], [["a", 2]]);
});

test("who takes several at a time gets all that wait, but for what is tried again: that comes alone", () => {
  const lines = new Lines(10_000);
  const several = (id: number, attempt = 1) => ({ ...message(id), perRequest: 3, attempt });
  for (const each of [several(1), several(2), several(3), several(4), several(5, 2), several(6)])
    lines.add(each, 0);
  assert.deepEqual(
    lines.next("a", 0).send.map((each) => idsOf(each)),
    ["1 2 3", "4", "5", "6"],
  );
  assert.deepEqual([...lines.room], [["a", 0]]);
  lines.ended("a", 20, [message(1)]);
  assert.deepEqual([...lines.room], [["a", 3 + 28]], "a request full, and those that are taken on ahead");
});

test("one request is for one address, under one secret, and of a length that a receiver can take", () => {
  const several = (id: number, change: Partial<ClaimedDelivery>) => ({
    ...message(id),
    perRequest: 100,
    ...change,
  });
  const told = (changes: Partial<ClaimedDelivery>[]) => {
    const lines = new Lines(10_000);
    changes.forEach((change, index) => lines.add(several(index + 1, change), 0));
    return lines.next("a", 0).send.map((each) => idsOf(each));
  };
  const [old, secrets] = [[Buffer.from("old")], [Buffer.from("new"), Buffer.from("old")]];
  assert.deepEqual(told([{}, { url: "https://other.example/" }, { url: "https://other.example/" }]), [
    "1",
    "2 3",
  ]);
  assert.deepEqual(told([{ wanted: false }, { wanted: true }]), ["1", "2"]);
  assert.deepEqual(told([{ secrets: old }, { secrets }, { secrets }]), ["1", "2 3"]);
  const payload = "x".repeat(60_000);
  assert.deepEqual(told([{ payload }, { payload }, { payload }]), ["1 2", "3"]);
  assert.deepEqual(told([{ payload: payload.repeat(9) }, {}]), ["1", "2"], "a long one goes alone");
});

test("of a receiver that holds many bytes no more are taken on until it has answered", () => {
  const lines = new Lines(10_000);
  const long = { ...message(1), perRequest: 100, payload: "x".repeat(200_000) };
  for (let id = 1; id <= 3; id += 1) lines.add(long, 0);
  const { send } = lines.next("a", 0);
  assert.deepEqual([send.length, [...lines.room]], [3, [["a", 0]]]);
  lines.ended("a", 20, send[0] ?? []);
  assert.deepEqual([...lines.room], [["a", 200 + 28]]);
});

test("what has waited too long is given back, and what waits is when all ends", () => {
  const lines = linesWith(5);
  lines.next("a", 0);
  lines.add(message(6), 9000);
  lines.ended("a", 10_500, [message(1)]);
  const { send, stale } = lines.next("a", 10_500);
  assert.deepEqual([idsOf(send), idsOf(stale)], ["6", "5"]);
  lines.add(message(7), 10_500);
  assert.equal(idsOf(lines.clear()), "7");
});

test("of a line that has run out it is remembered that its receiver answers at once, and nothing of another", () => {
  const lines = linesWith(1);
  lines.next("a", 0);
  assert.equal(lines.ended("a", 20, [message(1)]), true);
  assert.deepEqual([[...lines.room], lines.size], [[["a", 32]], 0]);
  lines.add(message(2), 20);
  lines.next("a", 20);
  assert.equal(lines.ended("a", 5000, [message(1)]), true);
  assert.deepEqual([[...lines.room], lines.size], [[], 0]);
  for (let endpoint = 0; endpoint < 100; endpoint += 1) {
    lines.add(message(3, `e${endpoint}`), 0);
    lines.next(`e${endpoint}`, 0);
    lines.ended(`e${endpoint}`, 20, [message(1)]);
  }
  assert.deepEqual([lines.room.size, lines.room.has("e35"), lines.room.has("e36")], [64, false, true]);
});

test("however much is taken on ahead, of each receiver only what is sent takes a place", () => {
  const lines = new Lines(10_000);
  for (let endpoint = 1; endpoint <= 10; endpoint += 1) {
    const name = `e${endpoint}`;
    lines.add(message(0, name), 0);
    lines.next(name, 0);
    for (let id = 1; id <= 4; id += 1) lines.add(message(id, name), 0);
    lines.ended(name, 20, [message(1)]);
    lines.next(name, 20);
    const room = lines.room.get(name) ?? 0;
    assert.equal(room, Math.max(0, Math.min(28, 256 - 28 * (endpoint - 1))));
    for (let id = 5; id < 5 + room; id += 1) lines.add(message(id, name), 20);
  }
  assert.deepEqual([lines.size, lines.taken, lines.aheadLeft], [40 + 256, 40, 0]);
});
