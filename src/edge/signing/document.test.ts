/** The example in docs/between-parties.md is what this room makes and takes, and what any other program would. */
import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import { readDocument } from "../../../test/support/tables/markdown.ts";
import { publishedKey, readKeySet } from "./key-sets.ts";
import {
  type Fields,
  type Message,
  readClaim,
  replyMessage,
  requestMessage,
  signMessage,
} from "./message.ts";

const document = readDocument("between-parties.md");
const start = document.indexOf("### A request, byte for byte");
const example = document.slice(start, document.indexOf("### What is refused"));
const blocks = (language: string): string[] =>
  [...example.matchAll(/^```(\w+)\n([\s\S]*?)\n```$/gm)].flatMap(([, named, text = ""]) =>
    named === language ? [text] : [],
  );
const [requestText = "", replyText = ""] = blocks("http");
const bases = blocks("text");
const keySets = blocks("json");

/** The private keys of RFC 9421, appendix B.1.4, and of RFC 8037, appendix A.1. */
const secrets = [
  "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU",
  "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
];

function parsed(text: string): { first: string; fields: Record<string, string>; body: Buffer } {
  const [head = "", body = ""] = text.split("\n\n");
  const [first = "", ...lines] = head.split("\n");
  const fields = lines.map((line) => line.split(/: (.*)/) as [string, string]);
  return {
    first,
    fields: Object.fromEntries(fields.map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(body),
  };
}

const sent = parsed(requestText);
const answered = parsed(replyText);
const withFields = (fields: Fields): Message =>
  requestMessage("POST", "https://institution.example/v1/reservations/batch", fields, sent.body);
const answerWith = (fields: Fields): Message =>
  replyMessage(200, String(sent.fields["signature"]), fields, answered.body);

for (const [index, [what, { fields }, message, now, nonce]] of (
  [
    ["request", sent, withFields, 1_800_000_000, { nonce: "4sRUWpV3ZSuUxRFGkN0t2w" }],
    ["reply", answered, answerWith, 1_800_000_001, {}],
  ] as const
).entries()) {
  test(`the ${what} of the document verifies, and is what this server would send`, () => {
    const keys = readKeySet(keySets[index] ?? "");
    const [[kid, publicKey] = []] = [...(keys ?? [])];
    assert.ok(kid !== undefined && publicKey !== undefined);
    const claim = readClaim(message(fields));
    assert.ok(typeof claim !== "string");
    assert.ok(claim.isSignedBy(publicKey));
    assert.equal(claim.keyid.split("#")[1], kid);

    // Without a line of this room: the text of the document, its signature, its key.
    const signature = Buffer.from(String(fields["signature"]).slice("sig=:".length, -1), "base64");
    assert.ok(verify(null, Buffer.from(bases[index] ?? ""), publicKey, signature));

    const { x } = publicKey.export({ format: "jwk" });
    const jwk = { kty: "OKP", crv: "Ed25519", d: String(secrets[index]), x: String(x) };
    const key = createPrivateKey({ key: jwk, format: "jwk" });
    assert.equal(publishedKey(key).kid, kid);
    assert.equal(createPublicKey(key).equals(publicKey), true);
    const type = { "content-type": String(fields["content-type"]) };
    const made = signMessage(message(type), { keyid: claim.keyid, key, now, ...nonce });
    const { host: _, ...written } = fields;
    assert.deepEqual({ ...type, ...made }, written);
  });
}

test("the example has its two messages, and each its key and its base", () => {
  assert.deepEqual([sent.first, answered.first], ["POST /v1/reservations/batch HTTP/1.1", "HTTP/1.1 200 OK"]);
  assert.deepEqual(
    [blocks("http"), bases, keySets].map(({ length }) => length),
    [2, 2, 2],
  );
});
