/** The page of stores and offers of the shop's back office with made-up data. */
import { render } from "../../../src/edge/parts/parts.ts";
import type { Language } from "../../../src/edge/words/words.ts";
import { problem } from "../../../src/core/protocol/protocol.ts";
import { StoresPage, type StoresProps } from "../../../src/servers/shop-chain/stores-page.tsx";
import { storeActs } from "../../../src/servers/shop-staff/record-store.ts";
import { shopSay } from "../../../src/servers/shop-words/shop-words.ts";
import type { SampleTexts } from "./sample-trades.ts";

const at = "2026-11-22T00:00:00.000Z";
const idOf = (count: number) => `0190a0b0-0000-7000-8000-0000000000${10 + count}`;
const [shop, head, store] = [idOf(0), idOf(1), idOf(2)];
const trade = "48210733951146";

const line = {
  line: 1,
  quantity: 2,
  unitAmount: 1_200,
  ...{ shipped: 0, delivered: 0, accepted: 0, rejected: 0, returned: 0, withdrawn: 0, ended: 0 },
};

const asks = (name: string, amount: number | null) => ({
  currency: "JPY",
  amount,
  lines: [{ ...line, name }],
  shipBy: at,
  reservedUntil: at,
});

function standing(name: string): NonNullable<StoresProps["tills"][number]["at"]> {
  const offer = { trade, chain: head, store: shop, until: at, offeredAt: at, answeredAt: null };
  const ended = ["taken", "declined", "lapsed", "withdrawn"].map((state, count) => ({
    ...offer,
    id: idOf(20 + count),
    state,
    answeredAt: at,
  }));
  const place = { at: null, postcodes: ["100", "101"], hours: null, capacity: null };
  const [agreed, invited] = [
    { state: "agreed" as const, agreedAt: at },
    { state: "invited" as const, agreedAt: null },
  ];
  return {
    shop,
    minutes: 10,
    stores: [
      { ...place, store, ...agreed },
      { ...place, store: idOf(3), ...invited, postcodes: [] },
    ],
    moreStores: true,
    chains: [
      { ...place, chain: head, store: shop, ...invited },
      { ...place, chain: idOf(4), store: shop, ...agreed },
    ],
    open: [
      { ...offer, id: idOf(10), state: "offered", order: asks(name, 2_400) },
      { ...offer, id: idOf(11), state: "offered", order: asks(name, null) },
      { ...offer, id: idOf(12), state: "offered", order: null },
    ],
    answered: ended,
    asked: [
      { ...offer, id: idOf(30), chain: shop, store, state: "offered", order: asks(name, 2_400) },
      { ...offer, id: idOf(31), chain: shop, store, state: "taken", answeredAt: at },
    ],
  };
}

/** By the names of its pages. */
export function storePages(texts: SampleTexts, lang: Language): Record<string, string> {
  const reader = { lang, back: "/" };
  const frame = { shop: texts.shop, timeZone: "Asia/Tokyo", pieces: 0, staff: true };
  const till = (id: string, number: number, stands: StoresProps["tills"][number]["at"]) => ({
    till: id,
    label: `${texts.shop} ${number}`,
    deskUrl: (of: string) => `https://pay.example/shop/orders/${of}`,
    settingsUrl: "https://pay.example/shop/settings",
    at: stands,
  });
  const full = standing(texts.goods);
  const nothing = { ...full, stores: [], moreStores: false, chains: [], open: [], answered: [], asked: [] };
  const plain: StoresProps = {
    frame,
    owns: true,
    tills: [till("one", 1, full), till("other", 2, nothing), till("third", 3, undefined)],
    once: "k1",
  };
  const shown = (more: Partial<StoresProps>) => render(StoresPage, { ...plain, ...more }, reader);
  const tried = { till: "one", act: "invite" as const, of: store, typed: { of: store }, mistaken: {} };
  return {
    "staff-stores": shown({}),
    "staff-stores-clerk": shown({ owns: false, frame: { ...frame, role: "clerk" } }),
    "staff-stores-wrong": shown({
      tried: {
        ...tried,
        mistaken: {
          of: shopSay("mistake.store"),
          postcodes: shopSay("mistake.postcodes"),
          ownPassword: shopSay("mistake.password"),
        },
      },
    }),
    "staff-stores-wait": shown({
      tried: {
        ...tried,
        act: "wait",
        typed: { minutes: "0" },
        mistaken: { minutes: shopSay("mistake.minutes") },
      },
    }),
    "staff-stores-refused": shown({
      tried: { ...tried, act: "take", told: { outcome: "refused", problem: problem("offer_over") } },
    }),
    "staff-stores-unknown": shown({ tried: { ...tried, act: "take", told: { outcome: "unknown" } } }),
    ...Object.fromEntries(storeActs.map((act) => [`staff-stores-done ${act}`, shown({ done: act })])),
  };
}
