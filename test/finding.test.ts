/** Trades are found by what shops know of them, and what parties may know of it, over HTTP. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Headers, type Json, type Reply, request } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true, operators: "one" });
const stage = await setStage(world);
const { ids } = stage;

const get = (path: string, who: Headers): Promise<Reply> => request(`${world.url}${path}`, "GET", who);

async function listed(query: Record<string, string>, who: Headers = stage.shop): Promise<Json[]> {
  const reply = await get(`/v1/trades?${new URLSearchParams(query).toString()}`, who);
  assert.equal(reply.status, 200, reply.text);
  return reply.json["items"] as Json[];
}
const numbers = async (query: Record<string, string>, who?: Headers): Promise<unknown[]> =>
  (await listed(query, who)).map(({ number }) => number);

const red = await stage.newTrade({ reference: "F-1", metadata: { channel: "web", "colour 色": "red" } });
const blue = await stage.newTrade({ reference: "F-2", metadata: { channel: "web", "colour 色": "blue" } });
const plain = await stage.newTrade({ reference: "F-3" });
await stage.post(`/v1/trades/${blue}/cancel`, stage.shop, {});

test("by reference, state and metadata, and by all of them at once", async () => {
  assert.deepEqual(await numbers({ reference: "F-1" }), [red]);
  assert.deepEqual(await numbers({ reference: "F-9" }), []);
  assert.deepEqual(await numbers({ "metadata[channel]": "web" }), [blue, red]);
  assert.deepEqual(await numbers({ "metadata[colour 色]": "red" }), [red]);
  assert.deepEqual(await numbers({ "metadata[channel]": "web", "metadata[colour 色]": "blue" }), [blue]);
  assert.deepEqual(await numbers({ "metadata[channel]": "shop" }), []);
  assert.deepEqual(await numbers({ state: "cancelled" }), [blue]);
  assert.deepEqual(await numbers({ state: "reserved" }), [plain, red]);
  assert.deepEqual(await numbers({ state: "reserved", "metadata[channel]": "web" }), [red]);
  assert.deepEqual(await numbers({ state: "settled", reference: "F-1" }), []);
});

test("by time of proposal and of the last change", async () => {
  const [one, two] = [(await listed({ reference: "F-1" }))[0], (await listed({ reference: "F-2" }))[0]];
  const [first, second] = [String(one?.["createdAt"]), String(two?.["createdAt"])];
  assert.ok(first < second);
  assert.ok(!(await numbers({ createdAfter: first })).includes(red));
  assert.ok((await numbers({ createdAfter: first })).includes(blue));
  assert.ok(!(await numbers({ createdBefore: second })).includes(blue));
  assert.ok((await numbers({ createdBefore: second })).includes(red));
  assert.deepEqual(await numbers({ createdAfter: first, createdBefore: second }), []);
  const last = String((await listed({ reference: "F-3" }))[0]?.["updatedAt"]);
  assert.deepEqual(await numbers({ updatedAfter: last }), [blue], "it was cancelled after that");
  await stage.post(`/v1/trades/${red}/ship`, stage.shop, {});
  assert.deepEqual(await numbers({ updatedAfter: last }), [blue, red], "the oldest change first");
  assert.deepEqual(await numbers({ updatedAfter: "2099-01-01T00:00:00Z" }), []);
});

test("pages stand still while trades are proposed and change", async () => {
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1)
    made.push(await stage.newTrade({ metadata: { run: "pages" }, reference: `P-${count}` }));
  const seen: unknown[] = [];
  for (let after: string | undefined, page = 0; ; page += 1) {
    const query = new URLSearchParams({ "metadata[run]": "pages", limit: "2", ...(after && { after }) });
    const { json } = await get(`/v1/trades?${query.toString()}`, stage.shop);
    seen.push(...(json["items"] as Json[]).map(({ number }) => number));
    if (json["next"] === null) break;
    after = json["next"] as string;
    await stage.newTrade({ metadata: { run: "pages" } });
    await stage.post(`/v1/trades/${made[page]}/ship`, stage.shop, {});
  }
  assert.deepEqual(seen, made.toReversed());
});

test("each party finds what is its own, and learns nothing of what is not its to know", async () => {
  assert.deepEqual(await numbers({ reference: "F-1" }, stage.otherShop), []);
  assert.deepEqual(await numbers({ reference: "F-1" }, stage.carrier), [red]);
  assert.deepEqual(await numbers({ reference: "F-1" }, stage.buyer), [red]);
  assert.deepEqual(await numbers({ state: "cancelled" }, stage.buyer), [blue]);
  assert.deepEqual(await numbers({ reference: "F-1" }, stage.otherMember), []);
  assert.deepEqual(await numbers({ "metadata[channel]": "web" }, stage.carrier), []);
  assert.equal((await get("/v1/trades?metadata[channel]=web", stage.buyer)).code, "invalid_field");
  assert.equal((await get("/v1/trades?reference=F-1", stage.admin)).code, "invalid_field");
  assert.deepEqual(await numbers({ reference: "F-1", shop: ids.shop }, stage.admin), [red]);
  assert.equal((await get(`/v1/trades?shop=${ids.shop}`, stage.otherShop)).code, "not_allowed");
  const metadata = { channel: "web", "colour 色": "red" };
  const seenBy = async (who: Headers) => (await get(`/v1/trades/${red}`, who)).json["metadata"];
  assert.deepEqual(await seenBy(stage.shop), metadata);
  assert.deepEqual(await seenBy(stage.admin), metadata);
  for (const who of [stage.buyer, stage.carrier]) assert.equal(await seenBy(who), undefined);
});

test("what no list takes", async () => {
  for (const query of [
    "state=open",
    "createdAfter=yesterday",
    "metadata[a][b]=c",
    "metadata=c",
    "colour=red",
    "reference=F-1&after=1",
    "updatedAfter=2026-01-01T00:00:00Z&after=1_00000000-0000-0000-0000-000000000000",
    `reference=F-1&after=99999999999999_${"0".repeat(36)}`,
  ])
    assert.equal((await get(`/v1/trades?${query}`, stage.shop)).code, "invalid_field", query);
});

const metadataOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, "v"]));
const proposals: [name: string, metadata: Json, code: string][] = [
  ["twenty keys", metadataOf(20), ""],
  ["twenty-one", metadataOf(21), "invalid_field"],
  ["a key of forty characters", { ["k".repeat(40)]: "v" }, ""],
  ["of forty-one", { ["k".repeat(41)]: "v" }, "invalid_field"],
  ["of none", { "": "v" }, "invalid_field"],
  ["with what turns the line around", { "a\u202eb": "v" }, "invalid_field"],
  ["that is a card number", { "4111 1111 1111 1111": "v" }, "invalid_field"],
  ["a value of five hundred", { key: "v".repeat(500) }, ""],
  ["of five hundred and one", { key: "v".repeat(501) }, "invalid_field"],
  ["of nothing", { key: "" }, ""],
  ["that is a card number", { key: "4111 1111 1111 1111" }, "card_number_refused"],
  ["a number", { key: 1 }, "invalid_field"],
  ["a control character", { key: "a\u0000b" }, "invalid_field"],
];
for (const [name, metadata, code] of proposals) {
  test(`metadata: ${name} is ${code === "" ? "taken" : "refused"}`, async () => {
    const body = { currency: "JPY", amount: 5, metadata };
    const reply = await request(`${world.url}/v1/trades`, "POST", stage.shop, body);
    assert.equal(reply.code, code, reply.text);
    if (code === "") assert.deepEqual(reply.json["metadata"], metadata);
  });
}

test("all events of a party: what happened, to what it was, and nothing that is not its to see", async () => {
  const read = async (who: Headers, path = "/v1/events") => {
    const seen: Json[] = [];
    for (let after = ""; ; ) {
      const { status, json, text } = await get(`${path}?limit=3${after}`, who);
      assert.equal(status, 200, text);
      seen.push(...(json["items"] as Json[]));
      if (json["next"] === null) return seen;
      after = `&after=${json["next"] as string}`;
    }
  };
  const told = (await read(stage.shop)).filter(({ trade }) => trade === red);
  const record = (await get(`/v1/trades/${red}/events`, stage.shop)).json["items"] as Json[];
  const metadata = { channel: "web", "colour 色": "red" };
  assert.deepEqual(
    told.map(({ position, ...event }) => (typeof position === "string" ? event : position)),
    record.map((event) => ({ trade: red, reference: "F-1", ...event, metadata })),
  );
  assert.deepEqual(
    record.map(({ seq, version }) => [seq, version]),
    [
      [1, 2],
      [2, 2],
      [3, 3],
    ],
  );
  const brought = (await read(stage.carrier)).filter(({ trade }) => trade === red);
  assert.deepEqual(
    brought.map(({ type }) => type),
    told.map(({ type }) => type),
  );
  assert.ok(!JSON.stringify(brought).includes("amount") && !JSON.stringify(brought).includes("channel"));
  assert.deepEqual(await read(stage.otherShop), []);
  const since = String(told.at(-1)?.["position"]);
  await stage.post(`/v1/trades/${red}/accept`, stage.buyer, {});
  const { json } = await get(`/v1/events?after=${since}`, stage.shop);
  const after = (json["items"] as Json[]).filter(({ trade }) => trade === red);
  assert.deepEqual(
    after.map(({ type }) => type),
    ["trade.accepted", "trade.settled"],
  );
  for (const who of [stage.buyer, stage.admin])
    assert.equal((await get("/v1/events", who)).code, "not_allowed");
  assert.equal((await get("/v1/events", bearer("ks_nobody"))).code, "not_authenticated");
  assert.equal((await get("/v1/events?after=now", stage.shop)).code, "invalid_field");
});
