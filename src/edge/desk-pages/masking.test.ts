/** What is left of somebody's data is too little to find them by. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { masked } from "./masking.ts";

test("a mailbox shows neither its name nor where it is", () => {
  const { email } = masked({ name: null, kana: null, phone: null, email: "hana@takahashi.example" }, null);
  assert.equal(email, "h＊＊＊@t＊＊＊");
});

test("what is no mailbox shows its first character alone", () => {
  assert.equal(masked({ name: null, kana: null, phone: null, email: "hana" }, null).email, "h＊＊＊");
});

test("names and numbers", () => {
  const known = { name: "髙橋　花子", kana: "タカハシ　ハナコ", phone: "０９０-1234-5678", email: null };
  const { name, kana, phone, email } = masked(known, "1");
  assert.deepEqual([name, kana, phone, email], ["髙＊＊＊ 花＊＊＊", "タ＊＊＊ ハ＊＊＊", "＊＊＊678", null]);
});
