/** Two servers, and somebody between them: what passes, what is refused, and what stays unknown. */
import { testKeyring } from "../../../test/support/world/vault.ts";
import { openBox } from "../../storage/keyring/keyring.ts";
import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { after, beforeEach, test } from "node:test";
import Type from "typebox";
import { forwardTo, type Passing, prepare, startParty } from "../../../test/support/wire/signed-pair.ts";
import { rawSql } from "../../storage/database/database.ts";
import { sendJson, type Server } from "../http/http.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { contentDigest, replyMessage, requestMessage, signMessage } from "./message.ts";
import { type PeerAnswer, requirePeer, UnknownOutcomeError } from "./signing.ts";
import { pruneNonces, readPrivateKey, readStanding } from "./store.ts";

const ids = {
  alpha: "00000000-0000-4000-8000-00000000000a",
  beta: "00000000-0000-4000-8000-00000000000b",
};
let done = 0;

function routes(server: Server): void {
  const config = { access: ["server"] };
  server.post("/v1/echo", { config }, async (request) => {
    const { id, name } = requirePeer(request);
    done += 1;
    return { id, name, got: request.body, ends: "ä" };
  });
  const querystring = Type.Record(Type.String(), Type.String());
  server.get("/v1/peer", { config, schema: { querystring } }, async (request, reply) =>
    sendJson(reply, 200, JSON.stringify(requirePeer(request))),
  );
  server.delete("/v1/thing", { config }, async (request, reply) => {
    requirePeer(request);
    return reply.code(204).send();
  });
  server.post("/v1/no", { config }, async (request) => {
    requirePeer(request);
    refuse("insufficient_funds", "There is not enough.");
  });
  server.get("/v1/broken", { config }, async () => {
    throw new Error("a bug");
  });
  server.get("/v1/text", { config }, async (_request, reply) => reply.type("text/plain").send("{}"));
  server.get("/v1/large", { config }, async () => ({ text: "x".repeat(3 * 1024 * 1024) }));
}

const [one, two] = [await prepare({ after }, ids.alpha), await prepare({ after }, ids.beta)];
const peerOf = ({ id, man }: typeof one) => ({ id, name: id.slice(-1), url: man.url });
const alpha = await startParty({ after }, one, [peerOf(two)], routes);
const betasOther = await startParty({ after }, two, [peerOf(one)], routes);
const beta = await startParty({ after }, two, [peerOf(one)], routes);
const asks = alpha.client;

beforeEach(() => {
  done = 0;
  beta.man.request = beta.man.reply = (passing) => passing;
});

/** An answer without its proof, which differs each time. */
const told = async (answer: Promise<PeerAnswer>) => {
  const { status, body } = await answer;
  return { status, body };
};
const echo = (body: object = { amount: 1 }) => asks.call(ids.beta, "POST", "/v1/echo", body);

test("a signed request comes from its sender, and every answer is signed", async () => {
  assert.deepEqual(await told(echo()), {
    status: 200,
    body: { id: ids.alpha, name: "a", got: { amount: 1 }, ends: "ä" },
  });
  for (const [method, path, status, body] of [
    ["GET", "/v1/peer", 200, { id: ids.alpha, name: "a" }],
    ["GET", "/v1/peer?limit=2&after=%C3%A4", 200, { id: ids.alpha, name: "a" }],
    ["DELETE", "/v1/thing", 204, undefined],
    ["POST", "/v1/echo", 200, { id: ids.alpha, name: "a", got: {}, ends: "ä" }],
  ] as const) {
    assert.deepEqual(await told(asks.call(ids.beta, method, path)), { status, body }, `${method} ${path}`);
  }
  for (const [method, path, status, code] of [
    ["POST", "/v1/no", 402, "insufficient_funds"],
    ["GET", "/v1/nothing", 404, "not_found"],
    ["DELETE", "/v1/echo", 405, "method_not_allowed"],
    ["GET", "/v1/broken", 500, "internal_error"],
  ] as const) {
    const answer = await asks.call(ids.beta, method, path);
    assert.deepEqual([answer.status, answer.body?.["code"]], [status, code], path);
  }
});

type Alter = (passing: Passing) => Partial<Passing>;
const fields = (change: Record<string, string | undefined>): Alter => {
  return ({ headers }) => ({ headers: { ...headers, ...change } });
};
const inField = (name: string, from: string | RegExp, to: string): Alter => {
  return ({ headers }) => {
    const value = String(headers[name]);
    assert.notEqual(value.replace(from, to), value);
    return { headers: { ...headers, [name]: value.replace(from, to) } };
  };
};
const digestOf = (body: Buffer) => ({ body, digest: { "content-digest": contentDigest(body) } });
const otherBody = digestOf(Buffer.from('{"amount":2}'));
const otherSignature = `sig=:${"A".repeat(86)}==:`;
const isUnknown = (why: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UnknownOutcomeError, String(error));
  assert.match(error.message, why);
  return true;
};

const onTheWayThere: readonly [what: string, alter: Alter, says: RegExp][] = [
  ["another method", () => ({ method: "PUT" }), /not that of the key/],
  ["another path", () => ({ path: "/v1/no" }), /not that of the key/],
  ["a query", () => ({ path: "/v1/echo?amount=2" }), /not that of the key/],
  ["another body", () => ({ body: otherBody.body }), /not the sha-256 of the body/],
  [
    "another body and its digest",
    ({ headers }) => ({ body: otherBody.body, headers: { ...headers, ...otherBody.digest } }),
    /not that of the key/,
  ],
  ["no body", () => ({ body: Buffer.alloc(0) }), /not the sha-256 of the body/],
  [
    "another content-type",
    fields({ "content-type": "application/json; charset=utf-8" }),
    /not that of the key/,
  ],
  ["no content-type", fields({ "content-type": undefined }), /no single "content-type"/],
  ["no digest", fields({ "content-digest": undefined }), /no single "content-digest"/],
  ["a weaker digest", inField("content-digest", "sha-256", "md5"), /not the sha-256 of the body/],
  ["no signature", fields({ signature: undefined }), /not signed/],
  ["no parameters", fields({ "signature-input": undefined }), /not signed/],
  ["neither", fields({ signature: undefined, "signature-input": undefined }), /signed requests only/],
  ["another signature", fields({ signature: otherSignature }), /not that of the key/],
  ["a second signature", inField("signature", /$/, `, b=:${"A".repeat(86)}==:`), /more than one/],
  [
    "a second signature's parameters",
    inField("signature-input", /$/, ', b=("@method");created=1'),
    /more than one/,
  ],
  ["another algorithm", inField("signature-input", 'alg="ed25519"', 'alg="hmac-sha256"'), /alg has to be/],
  ["no algorithm", inField("signature-input", ';alg="ed25519"', ""), /alg has to be/],
  ["another tag", inField("signature-input", 'tag="kenshu"', 'tag="other"'), /tag has to be/],
  [
    "a component less",
    inField("signature-input", ' "content-digest"', ""),
    /does not cover "content-digest"/,
  ],
  ["another key", inField("signature-input", /#[^"]+/, "#other"), /key that is not published/],
  [
    "another server's name",
    inField("signature-input", /keyid="[^#]+/, 'keyid="http://127.0.0.1:1'),
    /names no server/,
  ],
  ["a name without a key", inField("signature-input", /#[^"]+/, ""), /key that is not published/],
  ["a later creation", inField("signature-input", "created=1", "created=2"), /expires has to lie/],
  ["a longer life", inField("signature-input", "expires=1", "expires=2"), /expires has to lie/],
  ["a fresh nonce", inField("signature-input", /nonce="...../, 'nonce="other'), /not that of the key/],
  ["an Idempotency-Key", fields({ "idempotency-key": "k" }), /does not cover "idempotency-key"/],
  ["an Authorization", fields({ authorization: "Bearer operator" }), /does not cover "authorization"/],
];

for (const [what, alter, says] of onTheWayThere) {
  test(`altered on the way there, nothing is done: ${what}`, async () => {
    beta.man.request = (passing) => ({ ...passing, ...alter(passing) });
    await assert.rejects(echo(), isUnknown(says));
    assert.equal(done, 0);
  });
}

const onTheWayBack: readonly [what: string, alter: Alter, says: RegExp][] = [
  ["another status", () => ({ status: 201 }), /not that of the key/],
  ["another body", () => ({ body: otherBody.body }), /not the sha-256 of the body/],
  [
    "another body and its digest",
    ({ headers }) => ({ body: otherBody.body, headers: { ...headers, ...otherBody.digest } }),
    /not that of the key/,
  ],
  ["another content-type", fields({ "content-type": "text/html" }), /not that of the key/],
  ["no signature", fields({ signature: undefined }), /not signed/],
  ["no parameters", fields({ "signature-input": undefined }), /not signed/],
  ["no digest", fields({ "content-digest": undefined }), /no single "content-digest"/],
  ["another signature", fields({ signature: otherSignature }), /not that of the key/],
  ["a second signature", inField("signature", /$/, `, b=:${"A".repeat(86)}==:`), /more than one/],
  [
    "not tied to the request",
    inField("signature-input", ' "signature";req', ""),
    /does not cover "signature";req/,
  ],
  ["another algorithm", inField("signature-input", 'alg="ed25519"', 'alg="none"'), /alg has to be/],
  ["another key", inField("signature-input", /#[^"]+/, "#other"), /unknown key/],
  [
    "another server's name",
    inField("signature-input", /keyid="[^#]+/, 'keyid="http://127.0.0.1:1'),
    /unknown peer/,
  ],
  [
    "a redirect",
    ({ headers }) => ({ status: 307, headers: { ...headers, location: "/v1/echo" } }),
    /No answer/,
  ],
  ["more than it may hold", () => ({ body: Buffer.alloc(2 * 1024 * 1024 + 1) }), /No answer/],
];

for (const [what, alter, says] of onTheWayBack) {
  test(`altered on the way back, the outcome is unknown: ${what}`, async () => {
    beta.man.reply = (passing) => ({ ...passing, ...alter(passing) });
    await assert.rejects(echo(), isUnknown(says));
    assert.equal(done, 1);
  });
}

test("replies exchanged between two requests count for neither", async () => {
  const arrived: ((reply: Passing) => void)[] = [];
  const replies: Passing[] = [];
  beta.man.reply = (passing) =>
    new Promise((resolve) => {
      replies.push(passing);
      arrived.push(resolve);
      if (replies.length === 2) arrived.forEach((give, index) => give(replies[1 - index] ?? passing));
    });
  const outcomes = await Promise.allSettled([echo({ amount: 1 }), echo({ amount: 1 })]);
  for (const outcome of outcomes) {
    assert.ok(outcome.status === "rejected");
    isUnknown(/not that of the key/)(outcome.reason);
  }
  assert.equal(done, 2);
});

test("an old reply to the same words is no reply", async () => {
  let old: Passing | undefined;
  beta.man.reply = (passing) => (old ??= passing);
  assert.equal((await echo()).status, 200);
  await assert.rejects(echo(), isUnknown(/not that of the key/));
});

test("a reply signed by the asking server itself, or by nobody's key, is none", async () => {
  beta.man.reply = async (passing) => {
    const body = Buffer.from("{}");
    const type = { "content-type": "application/json" };
    const request = beta.man.seen.at(-1)?.headers["signature"];
    const signed = await alpha.signer.sign(replyMessage(200, String(request), type, body));
    return { ...passing, body, headers: { ...type, ...signed } };
  };
  await assert.rejects(echo(), isUnknown(/unknown peer/));
});

test("cut, silent, or not JSON: unknown; and what another server says goes no further", async () => {
  beta.man.reply = () => Promise.reject(new Error("cut"));
  await assert.rejects(echo(), isUnknown(/No answer/));
  beta.man.request = () => new Promise(() => {});
  await assert.rejects(
    asks.call(ids.beta, "POST", "/v1/echo", {}, { timeoutMs: 50 }),
    isUnknown(/No answer/),
  );
  beta.man.request = beta.man.reply = (passing) => passing;
  await assert.rejects(asks.call(ids.beta, "GET", "/v1/text"), isUnknown(/not JSON/));
  await assert.rejects(asks.call(ids.beta, "GET", "/v1/large"), isUnknown(/No answer/));
  const { target } = beta.man;
  beta.man.target = "http://127.0.0.1:1";
  await assert.rejects(echo(), isUnknown(/No answer/));
  beta.man.target = target;
  assert.equal((await echo()).status, 200);
});

test("nothing is sent to whom the configuration does not name, nor anywhere but to its address", async () => {
  const before = beta.man.seen.length;
  await assert.rejects(asks.call(ids.alpha, "GET", "/v1/peer"), /names no server/);
  for (const path of ["http://127.0.0.1:1/v1/peer", "//127.0.0.1:1/v1/peer", "/v1/peer#x"]) {
    await assert.rejects(asks.call(ids.beta, "GET", path), /is not a path of b/);
  }
  assert.equal(beta.man.seen.length, before);
});

test("a message counts once, in whatever process it arrives and however often", async () => {
  const targets = [beta.address, betasOther.address];
  const statuses: number[] = [];
  beta.man.request = async (passing) => {
    const copies = await Promise.all(
      Array.from({ length: 12 }, (_, index) => forwardTo(targets[index % 2] ?? "", passing)),
    );
    statuses.push(...copies.map(({ status }) => status));
    for (const { status, body } of copies) {
      if (status !== 200) assert.match(body.toString(), /was received before/);
    }
    return passing;
  };
  await assert.rejects(echo(), isUnknown(/was received before/));
  assert.equal(statuses.filter((status) => status === 200).length, 1);
  assert.equal(statuses.filter((status) => status === 401).length, 11);
  assert.equal(done, 1);
  beta.man.request = (passing) => passing;
  assert.equal((await echo()).status, 200, "the same words, newly signed, are a retry");
  assert.equal(done, 2);
});

test("a message is taken from ten seconds before it was signed until a minute after, by the true clock", async () => {
  const kid = (await alpha.signer.jwks()).keys[0]?.kid ?? "";
  const sealed = await readPrivateKey(one.database, kid);
  assert.ok(sealed);
  const box = await openBox(one.database, testKeyring, "keys that sign");
  const key = createPrivateKey({ key: box.open(kid, sealed), format: "der", type: "pkcs8" });
  const type = { "content-type": "application/json" };
  const body = Buffer.from("{}");
  for (const [seconds, status, says] of [
    [-3600, 401, /created 36\d\d seconds ago; 60 is the most/],
    [-62, 401, /created 6\d seconds ago; 60 is the most/],
    [-40, 200, /"ends"/],
    [8, 200, /"ends"/],
    [20, 401, /seconds from now; 10 is the most/],
    [86_400, 401, /seconds from now; 10 is the most/],
  ] as const) {
    const now = (await readStanding(two.database, ids.alpha, kid)).now.getTime() / 1000 + seconds;
    const keyid = `${one.man.url}#${kid}`;
    const nonce = `by-hand-${"x".repeat(20)}${Math.abs(seconds)}`;
    const message = requestMessage("POST", `${two.man.url}/v1/echo`, type, body);
    const headers = { ...type, ...signMessage(message, { keyid, key, now, nonce }) };
    const answer = await fetch(`${beta.address}/v1/echo`, { method: "POST", headers, body });
    assert.equal(answer.status, status, String(seconds));
    assert.match(await answer.text(), says);
  }
});

test("nonces are kept until their signatures have expired, and no longer", async () => {
  const count = async () => (await two.database.query(rawSql("select from signature_nonces"))).length;
  const before = await count();
  await echo();
  assert.equal(await count(), before + 1);
  await pruneNonces(two.database);
  assert.equal(await count(), before + 1);
  await two.database.execute(
    rawSql("update signature_nonces set expires_at = expires_at - interval '180 seconds'"),
  );
  await pruneNonces(two.database);
  assert.equal(await count(), 0);
});

test("the body that comes with a signature has the bounds of its route, also where there is no route", async () => {
  const headers = { signature: "sig=:x:", "content-type": "application/json" };
  for (const path of ["/v1/echo", "/v1/nothing"]) {
    const answer = await fetch(`${beta.man.target}${path}`, {
      method: "POST",
      headers,
      body: "x".repeat(1_100_000),
    });
    assert.equal(answer.status, 413);
    await answer.body?.cancel();
  }
});

test("two sandboxes whose clocks stand days apart understand each other", async () => {
  await two.database.execute(rawSql("update test_clock set ahead = interval '20 days'"));
  assert.equal((await echo()).status, 200);
});
