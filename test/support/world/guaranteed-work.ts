/** What shops and clerks do at a guarantor and at the counters of an institution, each with a journal of its own. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { bearer, type Headers, type Json, request } from "../wire/http.ts";
import { type Driver, type Entry, nothingDone } from "./driver.ts";
import type { Buyer } from "./workload.ts";

export interface Work {
  /** At the guarantor, by a shop. */
  shop: Driver;
  /** At the institution, by a clerk; `key` is theirs. */
  clerk: Driver & { key: string };
  /** Who brings the goods, may accept them, and takes the money with that. */
  carrier: { id: string; who: Headers };
}

/** Trades of these buyers, one after another, until told to stop. */
export async function workGuaranteed(
  work: Work,
  buyers: readonly Buyer[],
  goesOn: () => boolean,
): Promise<void> {
  while (goesOn() && !work.shop.isOver()) await liveOnce(work, work.shop.chance.pick(buyers));
}

async function liveOnce(work: Work, buyer: Buyer): Promise<void> {
  const { chance } = work.shop;
  const lines = [1, 2].map((each) => ({
    name: `goods ${each}`,
    quantity: 2,
    unitAmount: chance.int(1, 900),
  }));
  const proposed = await work.shop.send({
    op: "propose",
    path: "/v1/trades",
    who: work.shop.shop,
    body: {
      buyer: { member: buyer.number },
      currency: "JPY",
      approval: { mandate: buyer.mandate },
      acceptance: { by: ["buyer", "shop", "carrier"], need: 1 },
      carrier: work.carrier.id,
      reference: randomUUID(),
      lines,
    },
  });
  if (proposed.outcome !== "ok") return;
  const number = String(proposed.json["number"]);
  if (chance.percent(30)) {
    const amount = lines.reduce((sum, { quantity, unitAmount }) => sum + quantity * unitAmount, 0);
    await takeAtDoor(work, number, amount);
    return;
  }
  const some = chance.percent(40) ? { lines: [{ line: 1, quantity: chance.int(1, 2) }] } : {};
  if ((await move(work, number, "accept", some)).outcome !== "ok") return;
  await chance.pick([payThenRefund, payTwice, raceForTheRest, giveUpTheRest, claimEarly, payLate])(
    work,
    number,
  );
}

/** The carrier says that all was accepted and paid to it, now and then with a sum that is none. */
async function takeAtDoor({ shop, carrier }: Work, number: string, due: number): Promise<void> {
  const amount = shop.chance.percent(10) ? due + 1 : due;
  const body = { collected: { amount, currency: "JPY" } };
  await shop.send({ op: "accept", path: pathOf(number, "accept"), who: carrier.who, body });
}

const move = ({ shop }: Work, number: string, op: string, body: Json): Promise<Entry> =>
  shop.send({ op, path: pathOf(number, op), who: shop.shop, body });

const pathOf = (number: string, op: string): string =>
  op === "release" || op === "claim" ? `/v1/guarantees/${number}/${op}` : `/v1/trades/${number}/${op}`;

/** What a clerk sees to be due; 0 where nothing is, or nobody answers. */
async function dueAt({ clerk }: Work, number: string): Promise<number> {
  for (let look = 0; look < 40 && !clerk.isOver(); look += 1) {
    const seen = await request(`${clerk.url}/v1/collections/${number}`, "GET", bearer(clerk.key)).catch(
      () => undefined,
    );
    const due = seen?.status === 200 ? Number(seen.json["due"]) : 0;
    if (due > 0) return due;
    await pause(25);
  }
  return 0;
}

async function pay(work: Work, number: string, amount: number, taken: boolean): Promise<Entry | undefined> {
  if (amount <= 0) return undefined;
  const { clerk } = work;
  const id = randomUUID();
  const how = { currency: "JPY", channel: "konbini", reference: "till 1", ...(taken ? { taken: true } : {}) };
  const path = `/v1/collections/${number}/payments`;
  return clerk.send({ op: "pay", path, who: bearer(clerk.key), body: { id, amount, ...how } });
}

async function payThenRefund(work: Work, number: string): Promise<void> {
  const due = await dueAt(work, number);
  if ((await pay(work, number, due, false))?.outcome !== "ok") return;
  const { chance } = work.shop;
  if (chance.percent(50)) await move(work, number, "refund", { amount: chance.int(1, due), reason: "sorry" });
  if (chance.percent(60)) await move(work, number, "release", {});
}

/** Two people bring the same slip; the till of one has rung already. */
async function payTwice(work: Work, number: string): Promise<void> {
  const due = await dueAt(work, number);
  await Promise.all([pay(work, number, due, false), pay(work, number, due, true)]);
}

/** What is left is accepted while somebody pays for what was accepted before. */
async function raceForTheRest(work: Work, number: string): Promise<void> {
  const due = await dueAt(work, number);
  await Promise.all([pay(work, number, due, false), move(work, number, "accept", {})]);
  await pay(work, number, await dueAt(work, number), false);
}

async function giveUpTheRest(work: Work, number: string): Promise<void> {
  const due = await dueAt(work, number);
  await Promise.all([move(work, number, "cancel", { reason: "sold out" }), pay(work, number, due, false)]);
}

async function claimEarly(work: Work, number: string): Promise<void> {
  await move(work, number, "claim", {});
  await move(work, number, "release", {});
}

async function payLate(work: Work, number: string): Promise<void> {
  const due = await dueAt(work, number);
  await pay(work, number, due + 1, work.shop.chance.percent(50));
}

/** Payments of which a clerk was told: those taken or kept, and those refused for good. */
export function toldPayments({ journal }: Driver): { id: string; isTaken: boolean }[] {
  return journal
    .filter(
      ({ op, outcome, code }) =>
        op === "pay" && (outcome === "ok" || (outcome === "refused" && !nothingDone.has(code))),
    )
    .map(({ body, outcome }) => ({ id: String(body["id"]), isTaken: outcome === "ok" }));
}
