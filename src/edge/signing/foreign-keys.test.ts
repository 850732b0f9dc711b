/** Keys that a server has not made: from files, and of a program that signs for it. */
import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { rawSql } from "../../storage/database/database.ts";
import { type PublishedKey, publishedKey } from "./key-sets.ts";
import { readClaim, requestMessage } from "./message.ts";
import { openSigner, type Signer } from "./signing.ts";

const { database } = await freshDatabase({ after }, "trading");
const [first, second] = [
  generateKeyPairSync("ed25519").privateKey,
  generateKeyPairSync("ed25519").privateKey,
];
const kidOf = (key: KeyObject) => publishedKey(key).kid;
const message = requestMessage("GET", "https://b.example/", {}, new Uint8Array());

async function isSigned(signer: Signer, by: KeyObject): Promise<boolean> {
  const fields = await signer.sign(message, "0123456789abcdef");
  const claim = readClaim({ ...message, fields });
  assert.ok(typeof claim !== "string");
  return claim.keyid === `https://a.example#${kidOf(by)}` && claim.isSignedBy(by);
}

interface Program {
  url: string;
  keys: KeyObject[];
  /** What it says of them, where that is another thing. */
  published?: PublishedKey[];
  /** What it answers instead of a signature. */
  wrong?: object;
  asked: { path: string; authorization: string | undefined }[];
}

/** A program as docs/running.md says, with some keys. */
async function startProgram(t: { after(end: () => void): unknown }, keys: KeyObject[]): Promise<Program> {
  const program: Program = { url: "", keys, asked: [] };
  const server = createServer((request, response) => {
    const { url = "", headers } = request;
    program.asked.push({ path: url, authorization: headers.authorization });
    void answer(program, request).then((body) => response.end(JSON.stringify(body)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  program.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/signer`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return program;
}

async function answer({ keys, published, wrong }: Program, request: IncomingMessage): Promise<object> {
  if (request.url === "/signer/keys") return { keys: published ?? keys.map(publishedKey) };
  if (wrong !== undefined) return wrong;
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const { kid, message: text } = JSON.parse(Buffer.concat(parts).toString()) as Record<string, string>;
  const key = keys.find((each) => kidOf(each) === kid);
  assert.ok(key !== undefined && text !== undefined);
  return { signature: sign(null, Buffer.from(text, "base64"), key).toString("base64") };
}

const notTheirs = /kept outside of it/;
const keysKept = async () => (await database.query(rawSql("select from signing_keys"))).length;

test("of keys from files the first signs, all are published, and none is in the database", async () => {
  const signer = await openSigner(database, "https://a.example", { kind: "given", keys: [first, second] });
  assert.ok(await isSigned(signer, first));
  assert.deepEqual((await signer.jwks()).keys, [publishedKey(first), publishedKey(second)]);
  await assert.rejects(signer.rotate(0), notTheirs);
  assert.equal(await keysKept(), 0);
});

test("of a key that was replaced the public half is published for its guarantees alone", async (t) => {
  const old = { ...publishedKey(second), kenshu_use: "guarantees" as const };
  const keys = [first, createPublicKey(second)];
  const filed = await openSigner(database, "https://a.example", { kind: "given", keys });
  assert.deepEqual((await filed.jwks()).keys, [publishedKey(first), old]);
  const turned = { kind: "given", keys: keys.toReversed() } as const;
  await assert.rejects(openSigner(database, "https://a.example", turned), /private Ed25519/);

  const program = await startProgram(t, []);
  program.published = [old, publishedKey(first)];
  program.keys = [first, second];
  const asked = await openSigner(database, "https://a.example", { kind: "asked", url: program.url });
  assert.ok(await isSigned(asked, first), "the first that signs");
  assert.deepEqual((await asked.jwks()).keys, [publishedKey(first), old]);
});

test("a key of another kind is none to sign with", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  for (const keys of [[], [privateKey], [first, privateKey]]) {
    const source = { kind: "given", keys } as const;
    await assert.rejects(openSigner(database, "https://a.example", source), /Ed25519/);
  }
});

test("a program signs, and its keys are published as they are", async (t) => {
  const program = await startProgram(t, [first, second]);
  const source = { kind: "asked", url: program.url, token: "open" } as const;
  const signer = await openSigner(database, "https://a.example", source);
  assert.ok(await isSigned(signer, first));
  assert.deepEqual((await signer.jwks()).keys, [publishedKey(first), publishedKey(second)]);
  await assert.rejects(signer.rotate(0), notTheirs);
  assert.equal(await keysKept(), 0);
  assert.deepEqual(
    program.asked,
    ["/signer/keys", "/signer/sign"].map((path) => ({ path, authorization: "Bearer open" })),
  );
});

for (const [what, wrong] of [
  ["nothing", {}],
  ["another thing", { signature: 7 }],
  ["a signature over something else", { signature: sign(null, Buffer.from("x"), first).toString("base64") }],
] as const) {
  test(`where a program answers ${what}, nothing is sent in this server's name`, async (t) => {
    const program = await startProgram(t, [first]);
    const signer = await openSigner(database, "https://a.example", { kind: "asked", url: program.url });
    program.wrong = wrong;
    await assert.rejects(signer.sign(message, "0123456789abcdef"), /does not sign/);
  });
}

test("without its program a server does not start", async () => {
  const source = { kind: "asked", url: "http://127.0.0.1:1" } as const;
  await assert.rejects(openSigner(database, "https://a.example", source));
});
