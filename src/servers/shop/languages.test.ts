import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { orderOf } from "../../../test/support/tables/sample-shop.ts";
import { tradesUnderWay } from "../../../test/support/tables/sample-goods.ts";
import { sampleTrade, type SampleTexts } from "../../../test/support/tables/sample-trades.ts";
import { fakeInstitution } from "../../../test/support/world/fake-institution.ts";
import { type Fields, openShop, staffPassword, Visitor } from "../../../test/support/world/shop-visit.ts";
import { japaneseIn, latinWords, visibleText } from "../../../test/support/world/visible-text.ts";
import { problem, problemCodes, tradeStates, type TradeView } from "../../core/protocol/protocol.ts";
import { render } from "../../edge/parts/parts.ts";
import type { Language } from "../../edge/words/words.ts";
import type { Call, CallName, TradeEventView } from "../shop-orders/shop-orders.ts";
import { shopSay } from "../shop-words/shop-words.ts";
import { CheckoutPage, WelcomePage } from "./checkout-pages.tsx";
import { OrderPage } from "./order-pages.tsx";
import { fieldMistakes } from "./shop-forms.ts";
import { StaffOrderPage, StaffOrdersPage, staffMistakes } from "../shop-desk/shop-desk.ts";
import { ShopProblemPage } from "../shop-frame/shop-frame.ts";

/** Names, codes and measures: what is Latin in Japanese, too. */
const known = ["Kanda", "Goods", "WELCOME", "UTC", "JST", "ml", "L", "IH", "cm", "mm", "http", "https"];

/** What on a page its reader does not read. */
const foreign = (page: string, lang: Language): string[] =>
  lang === "ja" ? latinWords(visibleText(page), known) : japaneseIn(visibleText(page));

const people: Record<Language, Fields> = {
  en: { name: "Aoi Tanaka", address: "1-2-3 Kanda, Tokyo", email: "aoi@example.jp", receiver: "me" },
  ja: { name: "田中葵", address: "東京都千代田区神田1-2-3", email: "aoi@example.jp", receiver: "me" },
};

async function walk(t: TestContext, lang: Language): Promise<void> {
  const { server, institution, later } = await openShop(t, await fakeInstitution(t));
  const asked = lang === "ja" ? "ja-JP,ja;q=0.9,en;q=0.8" : "en-GB,en;q=0.9,ja;q=0.5";
  const visitor = new Visitor(server, asked);
  const look = async (who: Visitor, path: string): Promise<string> => {
    const { page } = await who.get(path);
    assert.ok(page.includes(`<html lang="${lang}">`), path);
    assert.deepEqual(foreign(page, lang), [], path);
    return page;
  };
  const paths = [
    "/",
    "/products/tea-set",
    "/products/umbrella",
    "/cart",
    "/orders",
    "/products/nothing",
    "/staff/sign-in",
  ];
  for (const path of paths) await look(visitor, path);
  await visitor.post("/cart/add", { product: "lacquer-bowl", quantity: "3" });
  await visitor.post("/cart/add", { product: "notebook", quantity: "1" });
  await visitor.post("/cart/voucher", { voucher: "ＷＥＬＣＯＭＥ" });
  for (const path of ["/cart", "/checkout"]) await look(visitor, path);
  const { page: wrong, status } = await visitor.press("/checkout", "/orders", {
    ...people[lang],
    name: "",
    email: "aoi",
    till: "direct",
  });
  assert.equal(status, 422);
  assert.deepEqual(foreign(wrong, lang), []);
  await visitor.press("/checkout", "/orders", { ...people[lang], till: "direct", shopMayAccept: "yes" });
  const orderPage = /href="(\/orders\/[A-Za-z0-9_-]{43})"/.exec(await look(visitor, "/orders"))?.[1] ?? "";
  await look(visitor, orderPage);
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  await later();
  await look(visitor, orderPage);

  const clerk = new Visitor(server, asked);
  assert.deepEqual(foreign((await clerk.post("/staff/sign-in", { password: "wrong" })).page, lang), []);
  await clerk.post("/staff/sign-in", { password: staffPassword });
  await look(clerk, "/staff");
  const order = `/staff/orders/${trade.reference}`;
  await look(clerk, order);
  const { page: refused } = await clerk.press(order, `${order}/ship`, { carrier: "Yamato" });
  assert.deepEqual(foreign(refused, lang), []);
  await clerk.press(order, `${order}/ship`, { number: "Ｙ１２３" });
  assert.match(institution.seen.at(-1)?.body ?? "", /"number":"Y123"/);
  for (const [who, path] of [
    [visitor, orderPage],
    [clerk, order],
  ] as const)
    await look(who, path);
  const { page: early } = await visitor.press(orderPage, `${orderPage}/accept`);
  assert.deepEqual(foreign(early, lang), []);
  await visitor.press(orderPage, `${orderPage}/accept`, { sure: "yes" });
  for (const [who, path] of [
    [visitor, orderPage],
    [clerk, order],
  ] as const)
    await look(who, path);
}

for (const lang of ["en", "ja"] as const)
  test(`from the goods to the money, all a reader of "${lang}" sees is in that language`, (t) =>
    walk(t, lang));

const texts = (lang: Language): SampleTexts =>
  lang === "ja"
    ? { shop: "神田商店", goods: "椀", reason: "ひびがある", person: "田中葵" }
    : { shop: "Kanda", goods: "Bowl", reason: "It cracks", person: "Aoi" };

const callNames = [
  "propose",
  "ship",
  "deliver",
  "accept",
  "return",
  "dispute",
  "answer",
  "say",
  "offer",
] as const;
const moreCalls = [
  "acceptOffer",
  "cancel",
  "refund",
  "extend",
  "release",
  "claim",
  "revise",
  "advance",
] as const;

const calls = (state: Call["state"], names: readonly CallName[]): Call[] =>
  names.map((call, index) => ({
    orderId: "id",
    seq: index + 1,
    call,
    key: "key",
    state,
    attempts: 1,
    code: state === "refused" ? "trade_changed" : null,
    detail: state === "refused" ? "Somebody was quicker." : null,
    madeAt: new Date("2026-11-22T00:00:00Z"),
    madeBy: "kei",
  }));

/** Each kind of thing that somebody can have said. */
function saidIn(lang: Language): TradeEventView[] {
  const types = [
    "rejected",
    "withdrawn",
    "sent_back",
    "disputed",
    "answered",
    "said",
    "offered",
    "extension_asked",
  ] as const;
  return types.map((type, index) => ({
    seq: index + 1,
    version: index + 1,
    type: `trade.${type}` as const,
    at: "2026-11-22T00:00:00.000Z",
    actor: { role: (["buyer", "carrier", "clock"] as const)[index % 3] ?? "buyer", id: null },
    data: {
      reason: texts(lang).reason,
      kind: (["wrong", "missing", "never_came"] as const)[index % 3] ?? "wrong",
    },
  }));
}

/** Trades of which something is asked that is seldom asked. */
function rareViews(said: SampleTexts): Record<string, TradeView> {
  const guarantee = { payBy: "2026-12-01T00:00:00Z", claimFrom: "2026-12-08T00:00:00Z" };
  const asked = "2026-12-24T00:00:00Z";
  const offer = { by: "buyer", release: 600, pay: 600, refund: 0, version: 2 } as const;
  return {
    "still asked": sampleTrade("reserved", said, { pending: { step: "reserve", since: asked } }),
    "holder asked": sampleTrade("delivered", said, {
      pending: { step: "settle", since: asked, awaits: "account_holder" },
    }),
    "to be paid": sampleTrade("accepted", said, { guarantee: { state: "open", due: 600, ...guarantee } }),
    "paid, and guaranteed": sampleTrade("settled", said, {
      frozen: 0,
      settled: 13_600,
      guarantee: { state: "open", due: 0, ...guarantee },
    }),
    "time asked": sampleTrade("reserved", said, { extensionAsked: asked }),
    "offer made": sampleTrade("disputed", said, { offer }),
  };
}

/** Every page of an order, however it stands, with all that can be wrong with what somebody has typed. */
function* pagesOf(lang: Language): Generator<[string, string]> {
  const reader = { lang };
  const frame = { shop: "Kanda Goods", timeZone: "UTC", pieces: 2 };
  const views = [
    ...tradeStates.map((state) => [state, sampleTrade(state, texts(lang))] as const),
    ...Object.entries(tradesUnderWay(texts(lang))),
    ...Object.entries(rareViews(texts(lang))),
  ];
  const mistaken = Object.fromEntries(
    Object.entries(staffMistakes).map(([name, key]) => [name, shopSay(key)]),
  );
  const told = [
    calls("waiting", callNames),
    ...[...callNames, ...moreCalls].map((call) => calls("refused", [call])),
  ];
  for (const [index, [name, view]] of views.entries()) {
    const order = orderOf(view, lang);
    const now = new Date("2026-11-25T09:00:00Z");
    const shown = { frame, order, lines: [], tradeUrl: "https://kenshu.example", once: "once", now };
    const staff = { ...shown, frame: { ...frame, staff: true }, mistaken, customer: undefined };
    for (const each of index === 0 ? told : [[]])
      yield [`${name}: customer`, render(OrderPage, { ...shown, calls: each, token: "token" }, reader)];
    for (const tried of ["ship", "return", "contest", "offer"])
      yield [
        `${name}: staff`,
        render(StaffOrderPage, { ...staff, calls: [], tried, said: saidIn(lang), code: "12345678" }, reader),
      ];
  }
  for (const code of problemCodes)
    yield [code, render(ShopProblemPage, { frame, problem: problem(code, "Only for programs.") }, reader)];
  const label = { en: "The bank", ja: "銀行" };
  const tills = ["one", "other"].map((id) => ({ id, label }));
  const wrong = Object.entries(fieldMistakes).map(([name, key]) => [name, shopSay(key)] as const);
  const order = { frame, lines: [], withVoucher: true, tills, once: "once", filledFrom: label };
  yield ["checkout", render(CheckoutPage, { ...order, mistaken: Object.fromEntries(wrong) }, reader)];
  const till = { id: "one", label };
  yield ["welcome", render(WelcomePage, { frame, till, disclosure: "kd", once: "once" }, reader)];
  const rewritten = [{ till: label, since: new Date("2026-11-22"), why: "rewritten" }];
  const counts = { queues: [], todo: 3, today: 1 };
  yield ["staff", render(StaffOrdersPage, { frame, orders: [], next: "x", rewritten, counts }, reader)];
}

for (const lang of ["en", "ja"] as const)
  test(`however an order stands, and whatever went wrong, its pages in "${lang}" are in that language`, () => {
    const found = new Map<string, string>();
    for (const [name, page] of pagesOf(lang))
      for (const word of foreign(page, lang)) if (!found.has(word)) found.set(word, name);
    assert.deepEqual([...found], []);
  });

test("what Japanese keyboards write full-width is taken as what is meant", async (t) => {
  const { server, institution } = await openShop(t);
  const visitor = new Visitor(server, "ja");
  await visitor.post("/cart/add", { product: "notebook", quantity: "２" });
  const { status } = await visitor.press("/checkout", "/orders", {
    name: "田中葵",
    address: "〒１０１－００２１ 東京都千代田区外神田１ー２−３ コーポ神田",
    email: "ａｏｉ＠ｅｘａｍｐｌｅ．ｊｐ",
    phone: "０９０ー１２３４ー５６７８",
    member: "５７２４",
    receiver: "other",
    recipientName: "佐藤蓮",
    recipientAddress: "神戸市中央区４−５",
    recipientPhone: "（０７８）１２３−４５６７",
  });
  assert.equal(status, 303);
  const [trade] = institution.trades.values();
  const body = JSON.parse(institution.seen[0]?.body ?? "") as Record<string, object>;
  assert.deepEqual(body["buyer"], { member: "5724" });
  assert.deepEqual(body["recipient"], {
    name: "佐藤蓮",
    address: "神戸市中央区4-5",
    contact: { phone: "(078)123-4567" },
  });
  assert.deepEqual(
    trade?.lines.map(({ name, quantity }) => [name, quantity]),
    [
      ["和綴じのノート", 2],
      ["送料", 1],
    ],
  );
  const clerk = new Visitor(server, "ja");
  await clerk.post("/staff/sign-in", { password: staffPassword });
  const { page } = await clerk.get(`/staff/orders/${trade?.reference}`);
  for (const text of ["〒101-0021 東京都千代田区外神田1-2-3 コーポ神田", "aoi@example.jp", "090-1234-5678"])
    assert.ok(page.includes(text), text);
});

test("an order stays in the language in which it was placed, and its pages follow who reads them", async (t) => {
  const { server, institution } = await openShop(t);
  const visitor = new Visitor(server, "ja");
  const { orderPage } = await visitor.order();
  assert.match((await visitor.get(orderPage)).page, /<html lang="ja">.*漆椀/s);
  const { location, status } = await visitor.post("/language", { language: "en", back: orderPage });
  assert.deepEqual([status, location], [303, orderPage]);
  const { page } = await visitor.get(orderPage);
  assert.match(page, /<html lang="en">.*Cancel the order/s);
  await visitor.press(orderPage, `${orderPage}/cancel`, { sure: "yes" });
  const { reason } = JSON.parse(institution.seen.at(-1)?.body ?? "{}") as { reason?: string };
  assert.equal(reason, "発送前に購入者がキャンセルしました。");
});
