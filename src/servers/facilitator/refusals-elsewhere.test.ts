/** What stands between a facilitator and its institution, and an institution with words of its own: when a step is over. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, request } from "../../../test/support/wire/http.ts";
import { answeredBy, type Middleman, type Passing } from "../../../test/support/wire/signed-pair.ts";
import { institutionId, openPair } from "../../../test/support/world/pair.ts";
import { testKeyring } from "../../../test/support/world/vault.ts";
import { until } from "../../../test/support/world/world.ts";
import { listenForMetrics } from "../../edge/http/http.ts";
import { openSigner } from "../../edge/signing/signing.ts";

const pair = await openPair({ after }, { between: true });
const { facilitator } = pair;
const [shop] = facilitator.demo.shops;
const [hana] = facilitator.demo.members;
if (!shop || !hana || !pair.man) throw new Error("No demo.");
const man: Middleman = pair.man;
const atShop = bearer(shop.key);
const signer = await openSigner(pair.admin.institution, man.url, { kind: "kept", keyring: testKeyring });

const signed = (passing: Passing, request: Passing, status: number, body: Json): Promise<Passing> =>
  answeredBy(signer, { passing, request, status, body });

type Answer = (passing: Passing, request: Passing) => Promise<Passing> | Passing;

/** From now on batches are not done, and are answered like this. */
function answer(how: Answer): void {
  let asked: Passing | undefined;
  man.request = (passing) => {
    if (passing.path !== "/v1/reservations/batch") return passing;
    asked = passing;
    return { ...passing, method: "GET", path: "/healthz", body: Buffer.alloc(0) };
  };
  man.reply = (passing) => {
    const request = asked;
    asked = undefined;
    return request === undefined ? passing : how(passing, request);
  };
}
function pass(): void {
  man.request = (passing) => passing;
  man.reply = (passing) => passing;
}

const propose = () =>
  request(`${facilitator.url}/v1/trades`, "POST", atShop, {
    buyer: { member: hana.number },
    currency: "JPY",
    amount: 1000,
    approval: { mandate: hana.mandates[shop.key] },
  });
const read = async (number: unknown) =>
  (await request(`${facilitator.url}/v1/trades/${String(number)}`, "GET", atShop)).json;
const batches = () => man.seen.filter(({ path }) => path === "/v1/reservations/batch").length;
const instructionsOf = ({ body }: Passing): { id: string }[] =>
  (JSON.parse(body.toString()) as { instructions: { id: string }[] }).instructions;
const countOf = (passing: Passing): number => instructionsOf(passing).length;

const own = { type: "about:blank", title: "No", status: 422, detail: "No.", code: "computer_says_no" };

test("a refusal with a code of the institution's own ends the step", async () => {
  answer((passing, asked) => {
    const outcomes = Array.from({ length: countOf(asked) }, () => ({ status: 422, problem: own }));
    return signed(passing, asked, 200, { outcomes });
  });
  const before = batches();
  const refused = await propose();
  assert.deepEqual([refused.status, refused.code], [402, "institution_refused"]);
  assert.equal((await read(refused.json["trade"]))["state"], "refused");
  assert.equal(batches(), before + 1);
});

test("a batch that is refused as a whole is told one by one, and what one is refused with is its own", async () => {
  const alone = new Set<string>();
  answer((passing, asked) => {
    const [first] = instructionsOf(asked);
    if (countOf(asked) === 1 && first !== undefined) alone.add(first.id);
    return signed(passing, asked, 422, own);
  });
  const refused = await Promise.all(Array.from({ length: 8 }, propose));
  assert.deepEqual(new Set(refused.map(({ code }) => code)), new Set(["institution_refused"]));
  assert.equal(alone.size, 8, "each was asked about by itself");
});

const notSaid: [what: string, answer: Answer][] = [
  [
    "a proxy's page",
    (passing) => ({
      ...passing,
      status: 404,
      headers: { "content-type": "text/html" },
      body: Buffer.from("<h1>404"),
    }),
  ],
  [
    "an unsigned refusal in the words of the page",
    (passing) => ({
      ...passing,
      status: 402,
      headers: { "content-type": "application/problem+json" },
      body: Buffer.from(JSON.stringify({ status: 402, code: "insufficient_funds" })),
    }),
  ],
  [
    "a redirect",
    (passing) => ({ ...passing, status: 307, headers: { location: "/healthz" }, body: Buffer.alloc(0) }),
  ],
  ["a signed 429", (passing, asked) => signed(passing, asked, 429, { ...own, status: 429 })],
  ["a signed 503", (passing, asked) => signed(passing, asked, 503, { ...own, status: 503 })],
];
for (const [what, how] of notSaid) {
  test(`${what} says nothing of an instruction: it is asked again, and done once`, async () => {
    answer(how);
    const before = batches();
    const proposed = propose();
    await until("it was asked twice", async () => batches() >= before + 2);
    pass();
    const { json } = await proposed;
    const number = json["number"];
    await until("it is done", async () => (await read(number))["state"] === "reserved");
  });
}

test("a signed success without outcomes is evidence, and ends the conversation", async () => {
  answer((passing, asked) => signed(passing, asked, 200, { fine: true }));
  const waiting = await propose();
  assert.equal(waiting.status, 202, waiting.text);
  pass();
  const atDesk = bearer(facilitator.demo.adminKey);
  const peer = `${facilitator.url}/v1/peers/${institutionId}`;
  const { json } = await request(`${peer}/breaches`, "GET", atDesk);
  const [breach] = json["items"] as Json[];
  assert.deepEqual(breach?.["answered"], { fine: true });
  await request(`${peer}/resume`, "POST", atDesk, {});
  await until("it is done", async () => (await read(waiting.json["number"]))["state"] === "reserved");
});

test("metrics say that the institution is lost, and when it is not", async () => {
  const listener = await listenForMetrics(facilitator.server, { host: "127.0.0.1", port: 0 });
  const lost = async () => {
    const { text } = await request(`http://127.0.0.1:${listener.port}/metrics`, "GET");
    return new RegExp(`^kenshu_party_lost\\{party="${institutionId}"\\} (\\d)$`, "m").exec(text)?.[1];
  };
  try {
    await until("it is there", async () => (await lost()) === "0");
    answer((passing, asked) => signed(passing, asked, 503, { ...own, status: 503 }));
    const proposed = propose();
    await until("it is lost", async () => (await lost()) === "1");
    pass();
    assert.equal((await proposed).status, 201);
    assert.equal(await lost(), "0");
  } finally {
    await listener.close();
  }
});
