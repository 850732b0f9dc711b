/** The primitives against RFC 9421, appendix B, and what is taken for a signature at all. */
import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { test } from "node:test";
import {
  type Component,
  contentDigest,
  readSignature,
  signatureBase,
  signComponents,
  verifyComponents,
} from "./message.ts";

// Appendix B.1.4.
const jwk = {
  kty: "OKP",
  crv: "Ed25519",
  d: "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU",
  x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs",
};
const key = createPrivateKey({ key: jwk, format: "jwk" });
const publicKey = createPublicKey(key);

// Appendix B.2.6.
const components: Component[] = [
  ['"date"', "Tue, 20 Apr 2021 02:07:55 GMT"],
  ['"@method"', "POST"],
  ['"@path"', "/foo"],
  ['"@authority"', "example.com"],
  ['"content-type"', "application/json"],
  ['"content-length"', "18"],
];
const params =
  '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
const signature = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";

test("the Ed25519 example of RFC 9421, B.2.6, comes out byte for byte and verifies", () => {
  assert.equal(
    signatureBase(components, params),
    [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    ].join("\n"),
  );
  const signed = signComponents(components, { created: 1618884473, keyid: "test-key-ed25519" }, key);
  assert.deepEqual(signed, { "signature-input": `sig=${params}`, signature: `sig=:${signature}:` });
  const read = readSignature(`sig-b26=${params}`, `sig-b26=:${signature}:`);
  assert.ok(typeof read !== "string");
  assert.deepEqual(
    read.identifiers,
    components.map(([identifier]) => identifier),
  );
  assert.deepEqual(
    [...read.values],
    [
      ["created", 1618884473],
      ["keyid", "test-key-ed25519"],
    ],
  );
  assert.ok(verifyComponents(components, read, publicKey));
});

test("the digests of RFC 9530, appendix B, and of no body at all", () => {
  assert.equal(
    contentDigest(Buffer.from('{"hello": "world"}')),
    "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
  );
  assert.equal(contentDigest(Buffer.alloc(0)), "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
});

const whole = `sig=:${signature}:`;
for (const [what, input, field, why] of [
  ["no members", "", "", /cannot be read/],
  ["a bare item", 'sig="@method"', whole, /cannot be read/],
  ["an empty list", "sig=();created=1", whole, /cannot be read/],
  ["spaces that no program writes", 'sig=("@method"  "date");created=1', whole, /cannot be read/],
  ["a space before a parameter", 'sig=("@method"); created=1', whole, /cannot be read/],
  ["a number with a zero in front", 'sig=("@method");created=01', whole, /cannot be read/],
  ["a negative number", 'sig=("@method");created=-1', whole, /cannot be read/],
  ["a number too long", 'sig=("@method");created=1234567890123456', whole, /cannot be read/],
  ["an escape in a text", 'sig=("@method");keyid="a\\"b"', whole, /cannot be read/],
  ["an unknown component parameter", 'sig=("date";bs);created=1', whole, /cannot be read/],
  ["a label in capitals", 'Sig=("@method");created=1', whole, /cannot be read/],
  ["two inputs", 'a=("@method");created=1, b=("@method");created=1', whole, /more than one/],
  ["two signatures", 'sig=("@method");created=1', `${whole}, ${whole}`, /more than one/],
  ["another label", 'other=("@method");created=1', whole, /different signatures/],
  ["a component twice", 'sig=("date" "date");created=1', whole, /twice/],
  ["a parameter twice", 'sig=("date");created=1;created=2', whole, /twice/],
  ["a signature that is too short", 'sig=("date");created=1', "sig=:AAAA:", /Signature cannot be read/],
  [
    "a signature that is no bytes",
    'sig=("date");created=1',
    `sig="${signature}"`,
    /Signature cannot be read/,
  ],
  ["spare bits", 'sig=("date");created=1', whole.replace("w==", "x=="), /Signature cannot be read/],
] as const) {
  test(`not taken: ${what}`, () => {
    const read = readSignature(input, field);
    assert.ok(typeof read === "string");
    assert.match(read, why);
  });
}

test("a comma inside a text does not make two signatures", () => {
  assert.ok(typeof readSignature('sig=("date");created=1;keyid="a,b"', whole) !== "string");
});
