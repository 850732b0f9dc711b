/** The Idempotency-Key of another server's requests, all of which are done once by ids of their own. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openConsenting } from "../../../test/support/world/consenting.ts";
import type { Json } from "../../../test/support/wire/http.ts";
import { signedFields } from "../../../test/support/wire/signed-pair.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const { at, signer, given, receive: payee, until } = await openConsenting({ after });
const { id: consent } = await given({ limitPerMonth: 100_000 });

/** What is answered to a signed request with a key, and whether as a repetition. */
async function ask(path: string, key: string, body: Json): Promise<[number, string | undefined, boolean]> {
  const bytes = Buffer.from(JSON.stringify(body));
  const fields = { "content-type": "application/json", "idempotency-key": key };
  const headers = await signedFields(signer, at(path), fields, bytes);
  const answer = await fetch(at(path), { method: "POST", headers, body: bytes });
  const { code } = (await answer.json()) as { code?: string };
  return [answer.status, code, answer.headers.get("idempotent-replayed") === "true"];
}

let trades = 0;
function reserve(): Json & { id: string } {
  trades += 1;
  const tradeNumber = String(48210733952000 + trades);
  return { id: uuidv7(), tradeNumber, account: consent, payee, amount: 1000, currency: "JPY", until };
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
