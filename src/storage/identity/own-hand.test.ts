import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameAddress, isSamePhone } from "./identity.ts";

const addresses: readonly [string, string, boolean][] = [
  ["a@shop.example", "A@Shop.Example", true],
  ["a@shop.example", "a+1@shop.example", true],
  ["a@shop.example", "a@shop.example.", true],
  ["aoi.tea@gmail.com", "aoitea@gmail.com", true],
  ["aoi.tea@gmail.com", "A.o.i.Tea+x@GoogleMail.com", true],
  ["aoi_tea@proton.me", "aoi.tea@protonmail.com", true],
  ["aoi.tea@shop.example", '"aoi.tea"@shop.example', true],
  ["aoi.tea@shop.example", String.raw`"aoi\.t\ea"@shop.example`, true],
  ["aoi.tea@shop.example", 'aoi."tea+x"@shop.example', true],
  ["aoi.tea@shop.example", "aoi.tea(shop)@shop.example", true],
  ["aoi.tea@gmail.com", '"aoitea"@gmail.com', true],
  ["aoi.tea@shop.example", "aoitea@shop.example", false],
  ["aoi-tea@gmail.com", "aoitea@gmail.com", false],
  ["a@gmail.com", "a@proton.me", false],
  ["a@shop.example", "b@shop.example", false],
];
for (const [one, other, same] of addresses)
  test(`${one} and ${other} are ${same ? "one mailbox" : "two"}`, () => {
    assert.equal(isSameAddress(one, other), same);
    assert.equal(isSameAddress(other, one), same);
  });

const phones: readonly [string, string, boolean][] = [
  ["075-000-1111", "0750001111", true],
  ["075-000-1111", "+81 75 000 1111", true],
  ["075-000-1111", "0081 (0)75-000-1111", true],
  ["075-000-1111", "０７５ー０００ー１１１１", true],
  ["075-000-1111", "075-000-1112", false],
  ["03-1", "03-1", false],
  ["110", "075-000-0110", false],
];
for (const [one, other, same] of phones)
  test(`${one} and ${other} are ${same ? "one number" : "two"}`, () => {
    assert.equal(isSamePhone(one, other), same);
    assert.equal(isSamePhone(other, one), same);
  });
