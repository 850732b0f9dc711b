import assert from "node:assert/strict";
import { test } from "node:test";
import { type ShopStanding, standingLine } from "./standing-line.ts";

const usual: ShopStanding = { frozenLimits: {}, settleAfter: null, word: true, paidOutEarly: false };

test("a buyer is told in one line how far the shop may go", () => {
  const cases: [Partial<ShopStanding>, string | undefined, string | undefined][] = [
    [{}, undefined, undefined],
    [{ frozenLimits: { USD: 100 } }, undefined, undefined],
    [
      { frozenLimits: { JPY: 100_000 } },
      "This server has set limits for this shop: no more than ¥100,000 may be frozen for it at a time.",
      "このサーバーはこの店舗に制限を設けています：一度に凍結できる金額は100,000円まで。",
    ],
    [
      { settleAfter: "P3D", word: false },
      "This server has set limits for this shop: it is paid 3 days after the goods are accepted; its own word that something was delivered does not count.",
      "このサーバーはこの店舗に制限を設けています：支払いは検収から3日後、「届けた」という店舗自身の申告は有効になりません。",
    ],
    [
      { settleAfter: "PT1H", paidOutEarly: true },
      "This server has set limits for this shop: it is paid an hour after the goods are accepted. The shop may take its money out early, and this server answers for it.",
      "このサーバーはこの店舗に制限を設けています：支払いは検収から1時間後。この店舗は代金を早く引き出すことができ、その責任はこのサーバーが負います。",
    ],
    [
      { settleAfter: "PT90M" },
      "This server has set limits for this shop: it is paid 90 minutes after the goods are accepted.",
      "このサーバーはこの店舗に制限を設けています：支払いは検収から90分後。",
    ],
  ];
  for (const [change, english, japanese] of cases) {
    assert.equal(standingLine({ ...usual, ...change }, "JPY", "en"), english);
    assert.equal(standingLine({ ...usual, ...change }, "JPY", "ja"), japanese);
  }
});
