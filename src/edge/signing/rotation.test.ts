/** Keys that change while messages are on their way, and the calls by which operators change them. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import {
  answeredBy,
  type Ending,
  operator,
  type Party,
  prepare,
  startParty,
} from "../../../test/support/wire/signed-pair.ts";
import { openDatabase, rawSql } from "../../storage/database/database.ts";
import type { Server } from "../http/http.ts";
import { makePeerClient, openSigner, publishedKey, requirePeer, UnknownOutcomeError } from "./signing.ts";

const ids = {
  alpha: "00000000-0000-4000-8000-00000000000a",
  beta: "00000000-0000-4000-8000-00000000000b",
};

function routes(server: Server): void {
  server.post("/v1/echo", { config: { access: ["server"] } }, async (request) => requirePeer(request));
}

interface Pair {
  alpha: Party;
  beta: Party;
  ask: () => Promise<number>;
}

async function startPair(t: Ending): Promise<Pair> {
  const [one, two] = [await prepare(t, ids.alpha), await prepare(t, ids.beta)];
  const peerOf = ({ id, man }: typeof one) => ({ id, name: id.slice(-1), url: man.url });
  const alpha = await startParty(t, one, [peerOf(two)], routes);
  const beta = await startParty(t, two, [peerOf(one)], routes);
  const ask = async () => (await alpha.client.call(ids.beta, "POST", "/v1/echo", {})).status;
  assert.equal(await ask(), 200);
  return { alpha, beta, ask };
}

const unknown = (why: RegExp) => (error: unknown) =>
  error instanceof UnknownOutcomeError && why.test(error.message);

async function command(party: Party, method: string, path: string, body?: object, headers = operator) {
  const typed = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await fetch(`${party.address}${path}`, {
    method,
    headers: { ...headers, ...typed },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

const kidsOf = async ({ signer }: Party) => (await signer.jwks()).keys.map(({ kid }) => kid);

test("nothing fails while either server rotates its keys, with messages on their way", async (t) => {
  const { alpha, beta, ask } = await startPair(t);
  for (const party of [alpha, beta]) {
    const [old = ""] = await kidsOf(party);
    beta.man.request = async (passing) => {
      await party.signer.rotate(60_000);
      return passing;
    };
    assert.equal(await ask(), 200, "the new key waits");
    beta.man.request = async (passing) => {
      const clock = openDatabase({ url: party.database.url, schema: party.database.schema });
      t.after(() => clock.close());
      // As though the overlap had passed between the request and its reply.
      await clock.execute(rawSql("update signing_keys set signs_from = signs_from - interval '61 seconds'"));
      return passing;
    };
    assert.equal(await ask(), 200, "the new key begins to sign");
    beta.man.request = (passing) => passing;
    assert.equal(
      (await party.signer.sign(requestOf, "0123456789abcdef"))["signature-input"]?.includes(old),
      false,
    );
    alpha.clock.ms += 3_000;
    beta.clock.ms += 3_000;
    assert.equal(await ask(), 200, "the new key signs");
  }
});

const requestOf = { kind: "request", derived: [], fields: {}, body: new Uint8Array() } as const;

test("whoever has a key that was replaced gains nothing by it, though it is published for guarantees", async (t) => {
  const [one, two] = [await prepare(t, ids.alpha), await prepare(t, ids.beta)];
  const { privateKey } = generateKeyPairSync("ed25519");
  const { kid } = publishedKey(privateKey);
  await one.database.execute(
    rawSql("insert into signing_keys (kid, private_key, signs_from) values ($1, $2, now())", [
      kid,
      privateKey.export({ format: "der", type: "pkcs8" }),
    ]),
  );
  const peerOf = ({ id, man }: typeof one) => ({ id, name: id.slice(-1), url: man.url });
  const alpha = await startParty(t, one, [peerOf(two)], routes);
  const beta = await startParty(t, two, [peerOf(one)], routes);
  await alpha.signer.signToken("w", {}, new Date(Date.now() + 86_400_000));
  const thief = await openSigner(beta.database, one.man.url, { kind: "given", keys: [privateKey] });
  const forger = makePeerClient({ signer: thief, peers: alpha.peers });
  const forged = async () => {
    let status = 0;
    beta.man.reply = (passing) => {
      ({ status } = passing);
      return passing;
    };
    await forger.call(ids.beta, "POST", "/v1/echo", {}).catch(() => undefined);
    return status;
  };
  assert.equal(await forged(), 200, "until it is replaced, it is the server's");
  const pass = (overlap: string) =>
    alpha.database.execute(
      rawSql(`update signing_keys set signs_from = signs_from - interval '${overlap}',
        ends_at = ends_at - interval '${overlap}'`),
    );
  await alpha.signer.rotate(3_600_000);
  await pass("1 hour");
  for (const party of [alpha, beta]) party.clock.ms += 60_001;
  assert.equal(await forged(), 200, "in its overlap it is still good");
  await pass("61 minutes");
  for (const party of [alpha, beta]) party.clock.ms += 60_001;
  const { keys } = await alpha.signer.jwks();
  assert.equal(keys.find((key) => key.kid === kid)?.kenshu_use, "guarantees");
  assert.equal(await forged(), 401, "a request");
  assert.deepEqual(await beta.peers.find(`${one.man.url}#${kid}`), "unknown key");
  // A reply in the name of alpha, to what beta asks.
  alpha.man.reply = (passing) => {
    const request = alpha.man.seen.findLast(({ path }) => path === "/v1/echo") ?? passing;
    return answeredBy(thief, { passing, request, status: 200, body: {} });
  };
  await assert.rejects(beta.client.call(ids.alpha, "POST", "/v1/echo", {}), unknown(/unknown key/));
  alpha.man.reply = beta.man.reply = (passing) => passing;
  assert.equal((await beta.client.call(ids.alpha, "POST", "/v1/echo", {})).status, 200);
  assert.equal(
    (await alpha.client.call(ids.beta, "POST", "/v1/echo", {})).status,
    200,
    "the new key is good",
  );
  const shown = await command(beta, "GET", "/v1/peers");
  assert.ok(!JSON.stringify(shown.json).includes(kid), "operators see keys that count");
});

test("a key that is replaced without an overlap costs a retry, no more", async (t) => {
  const { alpha, beta, ask } = await startPair(t);
  beta.man.request = async (passing) => {
    await alpha.signer.rotate(0);
    beta.clock.ms += 60_001;
    return passing;
  };
  await assert.rejects(ask(), unknown(/key that is not published/));
  beta.man.request = (passing) => passing;
  beta.clock.ms += 3_000;
  assert.equal(await ask(), 200);
});

test("a revoked key is refused from that moment, also for what is on its way, in both directions", async (t) => {
  const { alpha, beta, ask } = await startPair(t);
  const [alphas = ""] = await kidsOf(alpha);
  const [betas = ""] = await kidsOf(beta);
  beta.man.reply = async (passing) => {
    const revoked = await command(alpha, "POST", `/v1/peers/${ids.beta}/keys/${betas}/revoke`, {});
    assert.equal(revoked.status, 200);
    return passing;
  };
  await assert.rejects(ask(), unknown(/key has been revoked/));
  beta.man.reply = (passing) => passing;
  await assert.rejects(ask(), unknown(/key has been revoked/));
  await beta.signer.rotate(0);
  alpha.clock.ms += 3_000;
  assert.equal(await ask(), 200, "another key of the same server is good");
  beta.man.request = async (passing) => {
    await command(beta, "POST", `/v1/peers/${ids.alpha}/keys/${alphas}/revoke`, {});
    return passing;
  };
  await assert.rejects(ask(), unknown(/key has been revoked/));
  beta.man.request = (passing) => passing;
  await alpha.signer.rotate(0);
  beta.clock.ms += 3_000;
  assert.equal(await ask(), 200);
});

test("operators rotate, look and revoke; nobody else does", async (t) => {
  const { alpha, beta } = await startPair(t);
  const [old] = await kidsOf(alpha);
  const revoke = `/v1/peers/${ids.beta}/keys/some-key/revoke`;
  for (const [method, path, body] of [
    ["POST", "/v1/signing-keys/rotate", {}],
    ["GET", "/v1/peers", undefined],
    ["POST", revoke, {}],
  ] as const) {
    const refused = await command(alpha, method, path, body, { authorization: "Bearer other" });
    assert.deepEqual([refused.status, refused.json["code"]], [401, "not_authenticated"], path);
  }
  assert.deepEqual(await kidsOf(alpha), [old]);

  const rotated = await command(alpha, "POST", "/v1/signing-keys/rotate", {});
  const keys = rotated.json["keys"] as { kid: string; signsFrom: string; endsAt: string | null }[];
  const [next, before] = keys;
  assert.ok(next && before);
  assert.equal(Date.parse(before.endsAt ?? "") - Date.parse(next.signsFrom), 3_600_000);
  const published = await fetch(`${alpha.address}/.well-known/jwks.json`);
  assert.equal(published.headers.get("content-type"), "application/json; charset=utf-8");
  assert.deepEqual(await published.json(), await alpha.signer.jwks());
  assert.deepEqual(await kidsOf(alpha), [next.kid, old]);
  for (const [overlap, code] of [
    ["P32D", "date_out_of_range"],
    ["soon", "invalid_field"],
  ] as const) {
    const refused = await command(alpha, "POST", "/v1/signing-keys/rotate", { overlap });
    assert.deepEqual([refused.status, refused.json["code"]], [422, code]);
  }

  const first = await command(alpha, "POST", revoke, {});
  const again = await command(alpha, "POST", revoke, {});
  assert.equal(first.status, 200);
  assert.deepEqual(again.json, first.json, "since when it does not change");
  const missing = await command(alpha, "POST", `/v1/peers/${ids.alpha}/keys/some-key/revoke`, {});
  assert.deepEqual([missing.status, missing.json["code"]], [404, "not_found"]);

  const [betas] = await kidsOf(beta);
  const listed = await command(alpha, "GET", "/v1/peers");
  assert.deepEqual(listed.json, {
    items: [
      {
        id: ids.beta,
        name: "b",
        url: beta.man.url,
        reachable: true,
        keys: [
          { kid: betas, revokedAt: null },
          { kid: "some-key", revokedAt: first.json["revokedAt"] },
        ],
      },
    ],
    next: null,
  });
});

test("where the sender's keys cannot be had, nobody is blamed: it is unavailable", async (t) => {
  const { alpha, beta } = await startPair(t);
  const [one, two] = [alpha.man.target, beta.clock];
  alpha.man.target = "http://127.0.0.1:1";
  two.ms += 3_600_001;
  let status = 0;
  beta.man.reply = (passing) => {
    ({ status } = passing);
    return passing;
  };
  await assert.rejects(alpha.client.call(ids.beta, "POST", "/v1/echo", {}), unknown(/not signed/));
  assert.equal(status, 503);
  alpha.man.target = one;
});

test("a reply that cannot be signed is left unsigned, and the log says so", async (t) => {
  const { beta, ask } = await startPair(t);
  const admin = openDatabase({ url: beta.database.url, schema: beta.database.schema });
  t.after(() => admin.close());
  await admin.execute(rawSql("update signing_keys set signs_from = signs_from + interval '1 day'"));
  await assert.rejects(ask(), unknown(/\(200\) does not count: The message is not signed/));
  assert.ok(beta.log.some((line) => line.includes("a reply could not be signed")));
});
