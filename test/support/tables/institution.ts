/** An institution that collects, beside a batch's world in which one trade lives. */
import assert from "node:assert/strict";
import { isOfCollection } from "../../../src/engines/outbox/outbox.ts";
import { complete, heardOfDue } from "../../../src/engines/steps/answered.ts";
import type { World } from "../../../src/engines/steps/world.ts";

/** The institution at which a guaranteed trade is paid: it knows what is due and what was paid, and forgets nothing. */
export class Institution {
  amount = 0;
  paid = 0;
  refunded = 0n;
  version = 0;
  private heard = 0;

  /** Somebody pays what is due; answers what was paid in all. */
  pay(): number {
    this.paid = this.amount;
    return this.paid;
  }

  /** Answers all that it was asked since; `pays`: somebody pays just before it is told that less is due. */
  answer(world: World, pays: boolean): void {
    for (; this.heard < world.rail.asked.length; this.heard += 1) {
      const { body } = world.rail.asked[this.heard] ?? assert.fail();
      assert.ok(isOfCollection(body));
      const trade = world.trades.get(18n) ?? assert.fail();
      if (pays) this.pay();
      if (body.do === "due" && body.version > this.version)
        [this.version, this.amount] = [body.version, Math.max(body.amount, this.paid)];
      if (body.do === "reimburse") {
        this.refunded = BigInt(body.total);
        assert.ok(body.total <= this.paid, "no more goes back than was paid");
      }
      const { amount, paid, version } = this;
      const said = { refused: undefined, collection: { amount, paid, version, payableFrom: null } };
      if (complete(world, trade, body.id, said) === undefined) heardOfDue(world, trade, body.id, said);
    }
  }
}
