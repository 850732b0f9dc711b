/** What a Japanese keyboard types is what was meant: in each field of digits, letters and marks, full width is half width. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { readPersonalData } from "../../storage/members/members.ts";
import { rawSql } from "../../storage/database/database.ts";
import { digitsOf } from "./form-fields.ts";
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
