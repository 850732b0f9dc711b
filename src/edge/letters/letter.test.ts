import assert from "node:assert/strict";
import { test } from "node:test";
import { mailingsOf, settlementMailKinds } from "../../engines/outbox/outbox.ts";
import {
  actorRoles,
  tradeEventTypes,
  type TradeEventView,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { letterOf, wordsIn } from "./letter.tsx";
import { billLetterOf, settlementLetterOf } from "./account-letters.ts";

const timeZone = "UTC";
const at = "2030-01-02T03:04:05.678Z";
const deadlines = ["approveBy", "reservedUntil", "shipBy", "deliverBy", "acceptBy", "returnBy", "inspectBy"];
const trade = {
  number: "48210733951146",
  shopName: "Aoi Tea",
  reference: "A <7>",
  currency: "JPY",
  amount: 3600,
  frozen: 3600,
  deadlines: Object.fromEntries([...deadlines, "answerBy", "decideBy"].map((name) => [name, at])),
} as unknown as TradeView;

const variants: Record<string, unknown>[] = [
  {},
  { claimed: true },
  { arrived: true },
  { lapsed: true },
  { by: "clock" },
  { kind: "missing" },
  ...["acceptBy", "returnBy", "inspectBy", "answerBy", "deliverBy"].map((deadline) => ({ deadline, at })),
];

test("all that is told to anybody has its words in both languages, with and without deadlines and amounts", () => {
  let letters = 0;
  const still = { ...trade, frozen: null, amount: null, deadlines: {} } as unknown as TradeView;
  for (const type of tradeEventTypes)
    for (const by of actorRoles)
      for (const data of variants)
        for (const { reader, kinds } of mailingsOf([{ type, data }], by))
          for (const lang of ["en", "ja"] as const)
            for (const seen of [trade, still]) {
              const event = {
                seq: 4,
                version: 4,
                type,
                at,
                actor: { role: by, id: null },
                data: { ...data, amount: 1200 },
              };
              const events = [event] satisfies TradeEventView[];
              const link = "https://pay.example/trades/48210733951146";
              const letter = letterOf({
                lang,
                reader,
                kinds,
                trade: seen,
                events,
                server: "Kenshu",
                timeZone,
                link,
              });
              const all = `${letter.subject}\n${letter.text}\n${letter.html}`;
              assert.ok(!/[{}]|undefined|null/.test(all), all);
              assert.ok(letter.text.includes("4821 0733 9511 46") && letter.text.includes(link), letter.text);
              assert.ok(letter.html.includes("A &lt;7>"), letter.html);
              if (reader === "recipient") assert.ok(!/[¥￥円]/.test(all), all);
              if (seen === still) assert.ok(!letter.text.includes("3,600"), letter.text);
              letters += 1;
            }
  assert.ok(letters > 1000, String(letters));
});

test("in Japanese a name or a sum stands in its sentence without gaps, as on the pages", () => {
  const words = JSON.stringify(wordsIn("ja"));
  assert.deepEqual(words.match(/[、-ヿ一-鿿] \{[a-z]+\}|\{[a-z]+\} [、-ヿ一-鿿]/g), null);
});

test("what happens if nobody says anything stands beside until when", () => {
  const said = (kinds: Parameters<typeof letterOf>[0]["kinds"], seen = trade) =>
    letterOf({
      lang: "en",
      reader: "buyer",
      kinds,
      trade: seen,
      events: [],
      server: "Kenshu",
      timeZone,
      link: "x",
    }).text;
  assert.match(
    said(["delivered"]),
    /Until: 2 January 2030 at 03:04 UTC\nIf nobody says anything: the goods count as accepted/,
  );
  const silent = said(["delivered"], { ...trade, deadlines: {} } as unknown as TradeView);
  assert.match(silent, /If nobody says anything: Your money stays frozen/);
  assert.ok(!silent.includes("Until:"), silent);
  assert.ok(!said(["cancelled"]).includes("If nobody"));
});

test("the last thing that happened is the subject", () => {
  const { subject } = letterOf({
    lang: "en",
    reader: "shop",
    timeZone,
    kinds: ["accepted", "paid"],
    trade,
    events: [
      {
        seq: 5,
        version: 5,
        type: "trade.settled",
        at,
        actor: { role: "buyer", id: null },
        data: { amount: 1200 },
      },
    ],
    server: "Kenshu",
    link: "x",
  });
  assert.equal(subject, "You were paid – Aoi Tea, trade 4821 0733 9511 46");
});

test("whom an account belongs to reads what was paid from it, by which server, to whom, and what is left", () => {
  const settlement = {
    tradeNumber: "48210733951146",
    payee: "Aoi\r\nBcc: all <Tea>",
    currency: "JPY",
    amount: 1200n,
    frozen: 345n,
  };
  for (const kind of settlementMailKinds)
    for (const lang of ["en", "ja"] as const) {
      const link = "https://pay.example/settlements/1";
      const letter = settlementLetterOf({ lang, kind, settlement, by: "<b>Other", server: "Kenshu", link });
      const all = `${letter.subject}\n${letter.text}\n${letter.html}`;
      assert.ok(!/[{}]|undefined|null/.test(all), all);
      for (const fact of ["4821 0733 9511 46", "1,200", "345", "<b>Other", "Aoi Bcc: all <Tea>", link])
        assert.ok(letter.text.includes(fact), `${fact}: ${letter.text}`);
      assert.ok(!letter.subject.includes("\n") && !letter.html.includes("<b>Other"), letter.html);
    }
});

test("where a guarantor stands for an order, no mail says that something of the buyer's is frozen", () => {
  const collected = { ...trade, payment: { on: "collection", within: "P14D" } } as unknown as TradeView;
  const kinds = ["frozen", "arrived?", "reservation soon", "ordered"] as const;
  for (const lang of ["en", "ja"] as const)
    for (const kind of kinds)
      for (const reader of ["buyer", "shop"] as const) {
        if (wordsIn(lang).kinds[kind][reader] === undefined) continue;
        const { subject, text } = letterOf({
          lang,
          reader,
          kinds: [kind],
          trade: collected,
          events: [],
          server: "Kenshu",
          timeZone: "UTC",
        });
        const said = `${subject} ${text.split("\n\n").slice(0, 4).join(" ")}`;
        assert.doesNotMatch(said, /frozen|凍結/, `${lang} ${kind} ${reader}: ${said}`);
      }
});

test("who has made good what was owed on a bill is named, and nobody is thanked for paying", () => {
  for (const lang of ["en", "ja"] as const) {
    const told = { number: trade.number, currency: "JPY", owed: 0n, asked: 0n, fee: 0n, day: "1 May" };
    const envelope = { lang, server: "Kenshu", link: "https://kenshu.example/bills/1" };
    const letter = billLetterOf({ ...told, ...envelope, kind: "made good", lender: "Minami & Co" });
    assert.match(letter.subject, /Minami & Co/);
    assert.doesNotMatch(letter.text, /\{|Thank you|is paid|ありがとう|完了|1 May/);
  }
});
