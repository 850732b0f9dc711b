/** Carts on pages: a buyer can add them up, whoever carries sees no price, and pictures come from allowed places alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { carts } from "../../../test/support/tables/carts.ts";
import { plainTexts, sampleTrade } from "../../../test/support/tables/sample-trades.ts";
import { freshLine, withWorths } from "../../core/trade/trade.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";
import { pagePolicy } from "../http/http.ts";
import { type Frame, render } from "../parts/parts.ts";
import { ApprovalPage } from "./approval.tsx";
import { TradePage } from "./trade-page.tsx";

const pictures = "https://pictures.example";
const frameWith = (images: string[]): Frame => ({
  face: { name: "Kenshu", lead: "home.institution", money: "accounts", images },
});
const frame = frameWith([pictures]);

/** A trade about a cart, as its buyer sees it. */
function viewOf(
  { lines, currency, amount }: (typeof carts)[number],
  state: "proposed" | "delivered",
): TradeView {
  return sampleTrade(state, plainTexts, {
    currency,
    amount,
    lines: withWorths(lines).map((line, index) => ({ ...freshLine(), ...line, line: index + 1 })),
    lots: [],
  });
}

/** The prices that a page shows, line by line, in minor units, and the total under them. */
function sumsOf(html: string): { prices: number[]; total: number } {
  const part = html.slice(html.indexOf('<ul class="lines">'));
  const value = (text: string) => Number(text.replace("\u2212", "-").replaceAll(/[^0-9-]/g, ""));
  const rows = [...part.matchAll(/<li data-line="[0-9]+".*?<\/li>/gs)].map(([row]) => row);
  const prices = rows.map((row) => value(/class="amount">([^<]*)</.exec(row)?.[1] ?? ""));
  const total = value(/class="spread total">.*?class="amount">([^<]*)</s.exec(part)?.[1] ?? "");
  return { prices, total };
}

const payDays = { from: "2030-01-02", to: "2031-01-02" };

test("the approval page and the trade's page show every line, and they add up to the total", () => {
  for (const cart of carts) {
    const approval = render(ApprovalPage, {
      frame,
      trade: viewOf(cart, "proposed"),
      you: { kind: "guest" },
      once: "key",
      payDays,
    });
    const trade = render(TradePage, {
      frame,
      trade: viewOf(cart, "delivered"),
      events: [],
      role: "buyer",
      now: "2026-11-29T12:00:00Z",
      once: "key",
    });
    for (const html of [approval, trade]) {
      const { prices, total } = sumsOf(html);
      assert.equal(prices.length, cart.lines.length, cart.name);
      assert.equal(
        prices.reduce((sum, price) => sum + price, 0),
        cart.amount,
        cart.name,
      );
      assert.equal(total, cart.amount, cart.name);
      for (const { kind = "goods" } of cart.lines) assert.ok(html.includes(`data-kind="${kind}"`), cart.name);
    }
  }
});

test("what follows the goods has no field to type a quantity into", () => {
  const [, cart] = carts;
  assert.ok(cart);
  const html = render(TradePage, {
    frame,
    trade: viewOf(cart, "delivered"),
    events: [],
    role: "buyer",
    now: "2026-11-29T12:00:00Z",
    once: "key",
  });
  assert.deepEqual(
    [...new Set([...html.matchAll(/name="(quantity-[0-9]+)"/g)].map(([, name]) => name))],
    ["quantity-1"],
  );
});

test("a picture is shown from an allowed place, without saying who looks, and from no other", () => {
  const cases: [image: string, images: string[], shown: boolean][] = [
    [`${pictures}/mug.png`, [pictures], true],
    [`${pictures}/mug.png`, [], false],
    ["https://elsewhere.example/mug.png", [pictures], false],
    [`https://pictures.example.evil.example/mug.png`, [pictures], false],
    ["http://pictures.example/mug.png", [pictures], false],
    ["https://pictures.example@evil.example/mug.png", [pictures], false],
    [`${pictures}/"><script>`, [pictures], true],
  ];
  for (const [image, images, shown] of cases) {
    const trade = viewOf(
      {
        name: "",
        currency: "JPY",
        amount: 100,
        worths: [],
        lines: [{ name: "Mug", quantity: 1, unitAmount: 100, image }],
      },
      "proposed",
    );
    const html = render(ApprovalPage, {
      frame: frameWith(images),
      trade,
      you: { kind: "guest" },
      once: "key",
      payDays,
    });
    const found = /<img src="([^"]*)"[^>]*>/.exec(html);
    assert.equal(found !== null, shown, image);
    if (found !== null) assert.match(found[0], /referrerpolicy="no-referrer"/);
    assert.equal(html.split("<script").length, 2, `${image}: beside the script of every page`);
  }
});

test("the policy of pages allows pictures from those places, and nothing else from them", () => {
  assert.match(pagePolicy([], [pictures]), /img-src 'self' data: https:\/\/pictures\.example;/);
  assert.match(pagePolicy(), /img-src 'self' data:;/);
  assert.equal(pagePolicy([], [pictures]).split("pictures.example").length, 2);
});
