import assert from "node:assert/strict";
import { test } from "node:test";
import { whyGuessable } from "./common-passwords.ts";

const email = "hanako.sato@example.com";

for (const password of [
  "passwordpassword",
  "Password1234!",
  "p4ssword p4ssword",
  "iloveyou2024!!",
  "aaaaaaaaaaaa",
  "abcabcabcabc",
  "123456789012",
  "987654321098",
  "abcdefghijkl",
  "qwertyuiop12",
  "QWERTYUIOPASDF",
  "welcome-to-kenshu",
  "correct horse battery staple",
  "ＰＡＳＳＷＯＲＤ１２３４",
  "hanako.sato@example.com",
  "HanakoSato1990",
  "4821073395!!",
]) {
  test(`refused as a password: ${password}`, () => assert.ok(whyGuessable(password, email)));
}

for (const password of [
  "a long password",
  "the right password",
  "my horse eats green soap",
  "vK3-qpl-92ms-xx",
  "しずかさやいわにしみいる",
  "ice-cold tangerines 7",
]) {
  test(`taken as a password: ${password}`, () => assert.equal(whyGuessable(password, email), undefined));
}
