/** The Idempotency-Key of another server's requests, all of which are done once by ids of their own. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inDays } from "../../../test/support/world/consents.ts";
import { type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { prepare, signedFields, startParty } from "../../../test/support/wire/signed-pair.ts";
import { oneOperator } from "../../../test/support/world/operators.ts";
import { testKey } from "../../../test/support/world/vault.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { createInstitution } from "./institution.ts";
import { seedInstitution } from "../../tools/demo/demo.ts";

const ids = {
  bank: "00000000-0000-4000-8000-000000004130",
  peer: "00000000-0000-4000-8000-000000004120",
};
const [bank, own] = await Promise.all([ids.bank, ids.peer].map((id) => prepare({ after }, id)));
if (!bank || !own) throw new Error("Two servers were to be prepared.");
const { url: databaseUrl, schema } = bank.database;
const where = { url: databaseUrl, schema, role: "kenshu_app", personalDataKeys: [testKey] };
const fee = { fixed: 0n, basisPoints: 0, roundTo: "shop" } as const;
const settings = { approval: "none", currencies: ["JPY", "USD"], fee, ...oneOperator } as const;
const facilitator = { id: ids.peer, name: "Some <b>facilitator", url: own.man.url };
const demo = await seedInstitution({ ...where, settings, peer: facilitator, loadMembers: 2 });
const institution = await createInstitution({
  ...where,
  settings,
  peers: [facilitator],
  publicUrl: bank.man.url,
  version: "0",
  sandbox: true,
  log: "silent",
});
after(() => institution.close());
bank.man.target = await institution.server.listen({ port: 0, host: "127.0.0.1" });
const peer = await startParty({ after }, own, [{ id: ids.bank, name: "Bank", url: bank.man.url }], () => {});
const [rich] = demo?.members ?? [];
const payee = demo?.ties?.shops[0]?.receive["JPY"];
if (!rich || !payee) throw new Error("The demo is not whole.");
const asRich = await signIn(bank.man.url, rich);
const until = inDays(60);
const wish = { peer: ids.peer, method: rich.methods[0]?.id, until };
const consent = (await request(`${bank.man.url}/v1/consents`, "POST", asRich, wish)).json["id"];

/** What is answered to a signed request with a key, and whether as a repetition. */
async function ask(path: string, key: string, body: Json): Promise<[number, string | undefined, boolean]> {
  const bytes = Buffer.from(JSON.stringify(body));
  const fields = { "content-type": "application/json", "idempotency-key": key };
  const headers = await signedFields(peer.signer, `${bank?.man.url}${path}`, fields, bytes);
  const answer = await fetch(`${bank?.man.url}${path}`, { method: "POST", headers, body: bytes });
  const { code } = (await answer.json()) as { code?: string };
  return [answer.status, code, answer.headers.get("idempotent-replayed") === "true"];
}

let trades = 0;
function reserve(amount = 1000): Json & { id: string } {
  trades += 1;
  const tradeNumber = String(48210733952000 + trades);
  return { id: uuidv7(), tradeNumber, account: consent, payee, amount, currency: "JPY", until };
}

test("a server's key stands for one request", async () => {
  const first = reserve();
  assert.deepEqual(await ask("/v1/reservations", "k1", first), [201, undefined, false]);
  assert.deepEqual(await ask("/v1/reservations", "k1", first), [201, undefined, true]);
  assert.deepEqual(await ask("/v1/reservations", "k1", reserve()), [422, "idempotency_key_reused", false]);
  assert.deepEqual(await ask("/v1/reservations", "a b", reserve()), [400, "idempotency_key_invalid", false]);
  const settled = { id: uuidv7(), amount: 100 };
  const path = `/v1/reservations/${first.id}/settle`;
  assert.deepEqual(await ask(path, "k2", settled), [200, undefined, false]);
  assert.deepEqual(await ask(path, "k2", { ...settled, id: uuidv7() }), [
    422,
    "idempotency_key_reused",
    false,
  ]);
  assert.deepEqual(await ask(path, "k1", settled), [422, "idempotency_key_reused", false], "of another call");
  for (const batch of ["/v1/reservations/batch", "/v1/collections/batch"]) {
    const one = { instructions: [{ do: "reserve", ...reserve() }] };
    assert.deepEqual(await ask(batch, batch, one), [200, undefined, false]);
    assert.deepEqual(await ask(batch, batch, one), [200, undefined, true]);
    const other = { instructions: [{ do: "reserve", ...reserve() }] };
    assert.deepEqual(await ask(batch, batch, other), [422, "idempotency_key_reused", false]);
  }
});

test("who uses an id as its key is not taken for somebody who uses the id again", async () => {
  const wished = reserve();
  assert.deepEqual(await ask("/v1/reservations", wished.id, wished), [201, undefined, false]);
  assert.deepEqual(await ask("/v1/reservations", wished.id, wished), [201, undefined, true]);
});
