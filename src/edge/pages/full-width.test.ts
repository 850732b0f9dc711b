/** What a Japanese keyboard types is what was meant: in each field of digits, letters and marks, full width is half width. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { readPersonalData } from "../../storage/members/members.ts";
import { rawSql } from "../../storage/database/database.ts";
import { digitsOf, type Fields } from "./form-fields.ts";
import { approvalOf, moveOf } from "./trade-forms.ts";
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import type { Now } from "../parts/parts.ts";
import type { TradeAct } from "../trade-views/trade-views.ts";
import { applicationOf, guestOf, meansOf } from "./person-forms.ts";

const wide = (text: string) =>
  text.replaceAll(/[!-~]/g, (mark) => String.fromCharCode((mark.codePointAt(0) ?? 0) + 0xfee0));

const world = await pagesServer({ after });
const { context, browser, rich, signedIn } = world;

test("every field of who somebody is", () => {
  const typed = {
    name: "佐藤 花",
    address: "京都市１－２",
    birthDate: wide("1990-01-31"),
    email: wide("hana.wide@example.com"),
    phone: "０７５－１２３−４５６７",
    password: "a long password",
    methodKind: "credit",
    currency: wide("jpy"),
    limit: "１，２００円",
  };
  const made = applicationOf(typed, ["credit"]);
  assert.ok("body" in made, JSON.stringify(made));
  const { contact, birthDate, address, creditLine } = made.body;
  assert.deepEqual(contact, { email: "hana.wide@example.com", phone: "075-123-4567" });
  assert.deepEqual([birthDate, address], ["1990-01-31", "京都市１－２"], "words stay as they were typed");
  assert.deepEqual(creditLine, { currency: "JPY", limit: 1200 });
  assert.deepEqual(meansOf({ methodKind: "deposit", currency: "ＪＰＹ" }, ["deposit"]), {
    body: { kind: "deposit", currency: "JPY" },
  });
  const guest = guestOf({ ...typed, token: "x" }, "g@example.com", { currency: "JPY" } as never);
  assert.ok(!("body" in guest) || guest.body.birthDate === "1990-01-31");
});

const line = { line: 1, name: "Tea", quantity: 3, unitAmount: 1200, kind: "goods" };
const lot = { line: 1, quantity: 3, at: "shipped", parcel: "AB-123" };
const trade = {
  number: "48210733951146",
  state: "reserved",
  currency: "JPY",
  amount: 3600,
  frozen: 3600,
  settled: 0,
  released: 0,
  refunded: 0,
  lines: [{ ...line, shipped: 3, delivered: 0, accepted: 0, rejected: 0, returned: 0 }],
  lots: [lot],
  acceptance: { by: ["buyer", "shop"], need: 1 },
  independent: [],
  deadlines: {},
  payment: { on: "acceptance" },
} as unknown as TradeView;

/** Of each act: what somebody types, half-width, and what the call is to hold of it. */
const acts: [act: TradeAct, typed: Fields, role: ActorRole, held: RegExp][] = [
  ["ship", { parcel: "AB-123" }, "shop", /"number":"AB-123"/],
  ["deliver", { parcel: "AB-123" }, "carrier", /"number":"AB-123"/],
  ["at-door", { parcel: "AB-123" }, "carrier", /"number":"AB-123"/],
  ["send-back", { parcel: "AB-123" }, "buyer", /"number":"AB-123"/],
  ["return", { parcel: "AB-123" }, "carrier", /"number":"AB-123"/],
  ["accept", { code: "1234 5678" }, "carrier", /"code":"12345678"/],
  ["accept", { code: "1234-5678", "quantity-1": "2" }, "carrier", /"quantity":2/],
  ["extend", { until: "2026-12-24" }, "shop", /"until":"2026-12-2[45]T/],
  ["refund", { amount: "1,200", reason: "x" }, "shop", /"amount":1200/],
  ["offer", { pay: "1,200", refund: "" }, "buyer", /"pay":1200/],
];

test("every number, code, day and amount of a form that moves a trade", () => {
  const now = { at: "2026-12-01T00:00:00Z", timeZone: "Asia/Tokyo" } as unknown as Now;
  for (const [act, typed, role, held] of acts) {
    const half = JSON.stringify(moveOf(act, typed, { trade, role, now }));
    const widened = Object.fromEntries(
      Object.entries(typed).map(([name, text = ""]) => [name, name === "reason" ? text : wide(text)]),
    );
    const full = JSON.stringify(moveOf(act, widened, { trade, role, now }));
    assert.equal(full, half, act);
    assert.match(half, held, act);
  }
  const approved = (paymentDate: string) =>
    JSON.stringify(approvalOf({ method: rich.methods[0]?.id ?? "", paymentOn: "date", paymentDate }, trade));
  assert.equal(approved(wide("2026-12-24")), approved("2026-12-24"));
  assert.match(approved("2026-12-24"), /"date":"2026-12-24"/);
});

test("a code of money", () => {
  const made = meansOf({ methodKind: "prepaid", currency: "JPY", token: wide("ABCD-1234") }, ["prepaid"]);
  assert.ok("body" in made && made.body.token === "ABCD-1234", JSON.stringify(made));
});

test("a code that was sent", () => {
  for (const text of ["12345678", "1234 5678", wide("12345678"), wide("1234-5678"), "１２３４　５６７８"])
    assert.equal(digitsOf(text), "12345678", text);
});

test("signing in, and a telephone that is changed", async () => {
  const opened = browser();
  const fields = { email: wide(rich.email), password: rich.password };
  assert.equal((await opened.send("/signin", "sign-in", fields)).status, 303);
  const own = await signedIn(rich);
  const saved = await own.send("/you", "profile-form", {
    name: "Hana Sato",
    address: "Nara",
    phone: "０９０ー１２３４ー５６７８",
    password: rich.password,
  });
  assert.equal(saved.to, "/you?done=profile", saved.html);
  const [person] = await context.database.query<{ id: string }>(
    rawSql("select id from people where number = $1", [BigInt(rich.number)]),
  );
  const data = await readPersonalData(context.database, context.vault, person?.id ?? "");
  assert.equal(data?.phone, "090-1234-5678");
});
