import assert from "node:assert/strict";
import { test } from "node:test";
import { tradesUnderWay } from "../../../test/support/tables/sample-goods.ts";
import { carrierView, plainTexts } from "../../../test/support/tables/sample-trades.ts";
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import { OfferWords, render } from "../parts/parts.ts";
import { actsInOrder, actsOffered } from "./trade-acts.ts";

const now = { at: "2026-11-24T10:30:00Z", timeZone: "UTC" };
const { here, "to-send": toSend, way } = tradesUnderWay(plainTexts);
const agreed = carrierView(plainTexts);

const firsts: readonly [string, TradeView | undefined, ActorRole, string][] = [
  ["what has to go back is before what has not come yet", toSend, "buyer", "send-back"],
  ["what has come is looked at first", here, "buyer", "accept"],
  ["what is on the way is waited for", way, "buyer", "deliver"],
  ["a carrier picks up before anything else", agreed, "carrier", "ship"],
];

for (const [name, trade, role, first] of firsts)
  test(`the order of acts: ${name}`, () => {
    assert.ok(trade !== undefined);
    const acts = actsInOrder(trade, role, now);
    assert.equal(acts[0], first);
    assert.deepEqual([...acts].sort(), [...actsOffered(trade, role, now)].sort(), "none more and none less");
  });

test("an offer names only the parts in which there is money, and whose it is", () => {
  const words = (lang: "en" | "ja", release: number, own: boolean) =>
    render(
      OfferWords,
      { by: "shop", pay: 1000, release, refund: 0, currency: "JPY", own },
      { lang },
    ).replaceAll(/<[^>]*>/g, "");
  assert.equal(words("en", 200, false), "The shop offers: ¥1,000 to the shop, ¥200 free again.");
  assert.equal(words("en", 0, true), "You offer: ¥1,000 to the shop.");
  assert.equal(words("ja", 200, false), "店舗の解決案は、店舗への支払い1,000円、凍結の解除200円です。");
});
