/**
 * What a step makes of a trade has one shape, whichever trade it is. Where each had a hidden class of its own, adding a field
 * and reading one cost several times as much, and no compiler could help (docs/decisions/0082-new-fields-first.md).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";
import { standOf } from "../src/core/guarantees/guarantees.ts";
import { finish, propose } from "../src/core/machine/machine.ts";
import { freshGuarantee, type Terms, type Trade } from "../src/core/trade/trade.ts";
import { on, take, terms } from "./support/tables/trades.ts";
import { isRefused } from "../src/core/protocol/protocol.ts";

setFlagsFromString("--allow-natives-syntax");
const isOneShape = runInThisContext("(one, other) => %HaveSameMap(one, other)") as (
  one: object,
  other: object,
) => boolean;

const next = (decision: ReturnType<typeof take>): Trade =>
  isRefused(decision) ? assert.fail(JSON.stringify(decision)) : decision.next;

/** A trade as each of its steps leaves it, up to its acceptance. */
function life(payment: Terms["payment"], number: bigint): Trade[] {
  const act = { role: "shop" as const, actor: "shop", now: on(0), id: `trade ${number}` };
  const who = { shop: "shop", buyer: "buyer", member: 7n, carrier: null, provider: null };
  const proposal = { ...who, number, currency: "JPY", terms: { ...terms, payment } };
  const proposed = finish(undefined, propose(proposal, act), act).next;
  const chosen = { method: "method", account: "account", mandate: null };
  const reserved = next(take(proposed, ["buyer", { do: "reserve", chosen, shopAgreed: true }]));
  const shipped = next(take(reserved, ["shop", { do: "ship" }, 1]));
  const accepted = next(take(shipped, ["buyer", { do: "accept" }, 2]));
  return [proposed, reserved, shipped, accepted];
}

/** What is looked at is what runs often: an engine learns from what it sees first. */
const often = 200;

function lastTwo<Made>(make: (turn: number) => Made): [Made, Made] {
  for (let turn = 0; turn < often; turn += 1) make(turn);
  return [make(often), make(often + 1)];
}

const payments: Terms["payment"][] = [{ on: "acceptance" }, { on: "collection", within: "P14D" }];
for (const payment of payments)
  test(`one shape after each step, paid on ${payment.on}`, () => {
    const [one, other] = lastTwo((turn) => life(payment, BigInt(turn)));
    for (const [index, trade] of one.entries()) {
      const twin = other[index] ?? assert.fail();
      const of = `${trade.state}, step ${index}`;
      assert.ok(isOneShape(trade, twin), `the trade, ${of}`);
      assert.ok(isOneShape(trade.progress, twin.progress), `its progress, ${of}`);
      const [guarantee = freshGuarantee(), twins = freshGuarantee()] = [
        trade.progress.guarantee,
        twin.progress.guarantee,
      ];
      assert.ok(isOneShape(guarantee, twins), `its guarantee, ${of}`);
      assert.ok(isOneShape(standOf(trade) ?? {}, standOf(twin) ?? {}), `where the guarantee stands, ${of}`);
    }
  });

test("what is seen here is seen: a copy to which a field is added has a shape of its own, unless the field comes first", () => {
  const copy = (of: object) => ({ ...of, added: 1 });
  const first = (of: object) => ({ added: 1, ...of });
  const plain = { some: "thing", and: "more" };
  assert.ok(isOneShape(...lastTwo(() => first(plain))));
  // Once an engine gives these one shape, the rule of the decision can go.
  if (process.versions.v8.startsWith("11.")) assert.ok(!isOneShape(...lastTwo(() => copy(plain))));
});
