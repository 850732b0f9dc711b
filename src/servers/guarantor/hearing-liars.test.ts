/** What was paid at one institution is heard, whatever another one does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../../test/support/world/world.ts";
import { createHearing, type HearingOptions } from "./hearing.ts";

const peer = (name: string) => ({
  id: `00000000-0000-7000-8000-00000000000${name.length}`,
  name,
  url: "http://127.0.0.1",
});
const ofTrade = (number: number, paid = 100) => ({
  tradeNumber: String(number),
  currency: "JPY",
  version: 1,
  amount: paid,
  paid,
  due: 0,
  refunded: 0,
  state: "paid",
  payableFrom: null,
});
const [honest, other] = [peer("honest"), peer("other")];
type Call = HearingOptions["client"]["call"];

function hearingOf(
  tells: (path: string) => ReturnType<Call>,
  collected: HearingOptions["trades"]["collected"],
) {
  const faults: string[] = [];
  const heard: string[] = [];
  let asked = 0;
  const hearing = createHearing({
    institutions: [other, honest],
    everyMs: 1,
    onError: (error) => faults.push(String(error)),
    client: {
      call: (to, method, path, body = {}) => {
        if (method === "POST") {
          const { instructions } = body as { instructions: { tradeNumber: string }[] };
          heard.push(...instructions.map(({ tradeNumber }) => tradeNumber));
          return Promise.resolve({ status: 200, body: undefined });
        }
        if (to === other.id) return tells(path);
        asked += 1;
        return Promise.resolve({ status: 200, body: { items: [ofTrade(5000)], next: null } });
      },
    },
    debts: { paid: () => Promise.resolve(false) },
    trades: { collected },
  });
  return { hearing, faults, heard, asked: () => asked };
}

const books = () => Promise.resolve(undefined);

test("an institution that does not end telling ends the round all the same, and is told of", async () => {
  let page = 0;
  const { hearing, faults, heard } = hearingOf(() => {
    page += 1;
    return Promise.resolve({ status: 200, body: { items: [ofTrade(page)], next: String(page) } });
  }, books);
  await hearing.round();
  assert.ok(heard.includes("5000"));
  assert.match(faults.join(), /other does not end telling/);
  await hearing.stop();
});

test("an institution that does not answer keeps nobody else waiting", async () => {
  let free = () => {};
  const stuck = new Promise<void>((resolve) => {
    free = resolve;
  });
  const { hearing, asked } = hearingOf(async () => {
    await stuck;
    return { status: 200, body: { items: [], next: null } };
  }, books);
  hearing.start();
  await until("the other one is heard again and again", () => asked() > 3, 10_000);
  free();
  await hearing.stop();
});

test("where one payment cannot be booked for a fault, those beside it and behind it are booked and said", async () => {
  const { hearing, faults, heard } = hearingOf(
    (path) => {
      const isFirst = !path.includes("after=");
      const items = isFirst ? [ofTrade(1), ofTrade(2)] : [ofTrade(3)];
      return Promise.resolve({ status: 200, body: { items, next: isFirst ? "2" : null } });
    },
    (number) => (number === 1n ? Promise.reject(new Error("a fault")) : Promise.resolve(undefined)),
  );
  await hearing.round();
  assert.deepEqual(heard.toSorted(), ["2", "3", "5000"]);
  assert.match(faults.join(), /a fault/);
  await hearing.stop();
});
