/** A currency that comes into the configuration later, and one that is left out while there is money in it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { currenciesOfOpenTrades } from "../src/engines/trades/trades.ts";
import { createInstitution } from "../src/servers/institution/institution.ts";
import { seedInstitution } from "../src/tools/demo/demo.ts";
import { bearer, request, type Json } from "./support/wire/http.ts";
import { freshDatabase } from "./support/world/cluster.ts";
import { freePort } from "./support/world/free-port.ts";
import { oneOperator } from "./support/world/operators.ts";
import { testKey } from "./support/world/vault.ts";
import { WebPerson } from "./support/world/web-person.ts";

const { url, schema, database } = await freshDatabase({ after }, "trading");
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const optionsWith = (...currencies: string[]) =>
  ({
    url,
    schema,
    role: "kenshu_app",
    version: "0.0.0",
    sandbox: true,
    log: "silent",
    publicUrl: origin,
    personalDataKeys: [testKey],
    settings: {
      approval: "none",
      currencies,
      fee: { fixed: 0n, basisPoints: 300, roundTo: "shop" },
      ...oneOperator,
    },
  }) as const;
const demo = await seedInstitution({ ...optionsWith("JPY"), loadMembers: 0 });
const [shop] = demo?.shops ?? [];
const [member] = demo?.members ?? [];
assert.ok(demo && shop && member);

/** Does something with a server that has these currencies. */
async function running<T>(currencies: string[], work: () => Promise<T>): Promise<T> {
  const institution = await createInstitution(optionsWith(...currencies));
  try {
    await institution.server.listen({ host: "127.0.0.1", port });
    return await work();
  } finally {
    await institution.close();
  }
}

const call = (method: string, path: string, body?: Json, key: string = shop.key) =>
  request(`${origin}${path}`, method, bearer(key), body);

test("a shop from before gets its account, and trades, transfers and pages know the new currency", async () => {
  const wish = { currency: "EUR", amount: 900, buyer: { member: member.number } };
  await running(["JPY"], async () => {
    assert.equal((await call("POST", "/v1/trades", wish)).code, "currency_mismatch");
  });
  await running(["JPY", "EUR"], async () => {
    const { json } = await call("GET", `/v1/shops/${shop.id}`);
    const accounts = json["accounts"] as { currency: string; account: string; fee: Json }[];
    assert.deepEqual(accounts.map(({ currency }) => currency).toSorted(), ["EUR", "JPY"]);
    const added = accounts.find(({ currency }) => currency === "EUR");
    assert.deepEqual(added?.fee, { fixed: 0, basisPoints: 300, roundTo: "shop" }, "the usual fee");
    const path = `/v1/members/${member.number}/methods`;
    const method = await call("POST", path, { kind: "deposit", currency: "EUR" }, demo.adminKey);
    assert.equal(method.status, 201, method.text);
    const { number } = (await call("POST", "/v1/trades", wish)).json;
    const { email, password } = member;
    const person = new WebPerson(origin, { page: "/signin", words: { email, password } });
    assert.match((await person.open("/accounts")).html, /€/);
    assert.match((await person.open(`/trades/${String(number)}/approve`)).html, /€9\.00/);
  });
  // A second start opens nothing twice.
  await running(["JPY", "EUR"], async () => {
    const { json } = await call("GET", `/v1/shops/${shop.id}`);
    assert.equal((json["accounts"] as unknown[]).length, 2);
  });
});

test("a currency in which there is money is not left out; one without money may be", async () => {
  await running(["JPY"], async () => {
    const approval = { mandate: member.mandates[shop.key] };
    const made = await call("POST", "/v1/trades", { currency: "JPY", amount: 700, approval });
    assert.equal(made.json["state"], "reserved", made.text);
  });
  assert.deepEqual(await currenciesOfOpenTrades(database, ["EUR"]), ["JPY"]);
  assert.deepEqual(await currenciesOfOpenTrades(database, ["JPY"]), []);
  await assert.rejects(
    createInstitution(optionsWith("EUR")),
    /currencies leave out JPY, in which there is money/,
  );
});
