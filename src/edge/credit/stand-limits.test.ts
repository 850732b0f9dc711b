/** How much a guarantor stands for: of a member at a time, and for a shop on a day, however many ask at once. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { bearer, type Headers, type Json, signIn } from "../../../test/support/wire/http.ts";
import { Collector } from "../../../test/support/world/collector.ts";
import { openMarket, told } from "../../../test/support/world/market.ts";
import { rawSql } from "../../storage/database/database.ts";

const world = await openGuaranteed(
  { after },
  { limits: { member: { JPY: 10_000n }, shopDay: { JPY: 25_000n } } },
);
const { guarantor, call, admin } = world;
const [shop, other] = guarantor.demo.shops;
const [hana, , yui, sora] = guarantor.demo.members;
if (!shop || !other || !hana || !yui || !sora) throw new Error("No demo.");
const staff = bearer(guarantor.demo.adminKey);
const at = (method: string, path: string, who: Headers, body?: Json) =>
  call("guarantor", method, path, who, body);

type Member = typeof hana;
type Shop = typeof shop;
const order = (member: Member, seller: Shop, amount: number) =>
  at("POST", "/v1/trades", bearer(seller.key), {
    currency: "JPY",
    amount,
    buyer: { member: member.number },
    approval: { mandate: member.mandates[seller.key] },
  });
const code = ({ status, json }: { status: number; json: Json }) =>
  status === 201 ? "reserved" : json["code"];

test("of one member no more is stood for at a time, whatever their line says", async () => {
  const first = await order(hana, shop, 6000);
  assert.equal(code(first), "reserved", first.text);
  const second = await order(hana, shop, 4001);
  assert.equal(code(second), "member_limit_exceeded", second.text);
  assert.equal(code(await order(hana, shop, 4000)), "reserved");
  const number = String(first.json["number"]);
  await at("POST", `/v1/trades/${number}/cancel`, bearer(shop.key), {});
  assert.equal(code(await order(hana, shop, 6000)), "reserved", "what has ended is stood for no more");
});

test("for one shop no more is stood for anew on a day, however many ask at once", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => order(index % 2 === 0 ? yui : sora, shop, 1500)),
  );
  const taken = answers.filter((answer) => code(answer) === "reserved").length;
  assert.equal(taken, 6, "16,000 were stood for before, also what has ended, and 9,000 were left");
  assert.ok(answers.every((answer) => ["reserved", "day_limit_exceeded"].includes(String(code(answer)))));
  assert.equal(code(await order(yui, other, 1500)), "reserved", "another shop has a day of its own");
  const { json } = await at("GET", `/v1/shops/${shop.id}/stand-limits`, staff);
  const [yen] = json["items"] as Json[];
  assert.deepEqual([yen?.["most"], yen?.["today"], yen?.["set"]], [25_000, 25_000, null]);
});

test("the next day begins anew", async () => {
  await world.advance("P1D");
  assert.equal(code(await order(yui, shop, 1500)), "reserved");
});

test("two operators set another limit, for a shop and for a member; one alone does not", async () => {
  const body = { currency: "JPY", most: 30_000, reason: "a festival" };
  const alone = await fetch(`${guarantor.url}/v1/shops/${shop.id}/stand-limits`, {
    method: "PUT",
    headers: { ...staff, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(alone.status, 403);
  const set = await at("PUT", `/v1/shops/${shop.id}/stand-limits`, staff, { ...body, most: 1000 });
  assert.equal(set.status, 200, set.text);
  assert.equal(code(await order(sora, shop, 500)), "day_limit_exceeded");
  const ofMember = await at("PUT", `/v1/members/${sora.number}/stand-limits`, staff, { ...body, most: 0 });
  assert.equal(ofMember.status, 200, ofMember.text);
  assert.equal(code(await order(sora, other, 500)), "member_limit_exceeded");
});

test("an earmark counts for its member at once, and for the shop's day when there is an order", async () => {
  const earmark = async (member: Member, amount: number) =>
    at("POST", "/v1/trades", await signIn(guarantor.url, member), {
      earmark: true,
      shop: other.id,
      currency: "JPY",
      amount,
    });
  const day = async () => {
    const { json } = await at("GET", `/v1/shops/${other.id}/stand-limits`, staff);
    return (json["items"] as Json[])[0]?.["today"];
  };
  assert.equal(code(await earmark(sora, 500)), "member_limit_exceeded", "the limit that operators have set");
  assert.equal(code(await earmark(yui, 10_000)), "member_limit_exceeded", "the limit of the configuration");
  const body = { currency: "JPY", most: 1000, reason: "a new shop" };
  const set = await at("PUT", `/v1/shops/${other.id}/stand-limits`, staff, body);
  assert.equal(set.status, 200, set.text);
  const before = Number(await day());
  for (const _ of [1, 2, 3]) {
    const { json, text } = await earmark(yui, 1500);
    assert.equal(json["state"], "reserved", text);
    await at("POST", `/v1/trades/${String(json["number"])}/cancel`, await signIn(guarantor.url, yui), {});
  }
  assert.equal(await day(), before, "whoever reserves and cancels takes nothing of the shop's day");
  const order = async (number: unknown) =>
    at("POST", `/v1/trades/${String(number)}/revise`, bearer(other.key), {
      lines: [{ name: "Tea set", quantity: 1, unitAmount: 600 }],
    });
  const [one, two] = [await earmark(yui, 700), await earmark(yui, 700)];
  const ordered = await order(one.json["number"]);
  assert.equal(ordered.status, 200, ordered.text);
  assert.equal(await day(), before + 600);
  assert.equal((await order(two.json["number"])).json["code"], "day_limit_exceeded");
  assert.equal(await day(), before + 600);
});

test("two processes, many shops' orders at once: no limit is passed, of a day or of a member", async (t) => {
  const limits = { member: { JPY: 4000n }, shopDay: { JPY: 9000n } };
  const market = await openMarket(t, { line: undefined, collector: new Collector(), limits });
  const second = market.anotherProcess();
  const [aki, mio, ren] = [
    await market.buyer({ kind: "credit", amount: 100_000n }),
    await market.buyer({ kind: "credit", amount: 100_000n }),
    await market.buyer({ kind: "credit", amount: 100_000n }),
  ];
  const elsewhere = await market.anotherShop();
  const orders = [];
  for (const buyer of [aki, mio, ren]) {
    for (const shop of [market.shop, elsewhere]) {
      const mandate = await market.mandate(buyer, { shop: shop.actor.id, limit: 100_000n });
      for (const process of [market.trades, second, market.trades, second])
        orders.push(() =>
          process.propose(shop.actor, {
            currency: "JPY",
            amount: 1000,
            buyer: { member: buyer.number },
            approval: { mandate },
          }),
        );
    }
  }
  const outcomes = (await Promise.all(orders.map((order) => order()))).map(told);
  const counted = (wanted: string) => outcomes.filter((each) => each === wanted).length;
  const reserved = counted("reserved 1000/0/0");
  assert.equal(
    reserved + counted("member_limit_exceeded") + counted("day_limit_exceeded"),
    24,
    outcomes.join(),
  );
  for (const { account } of [aki, mio, ren]) {
    const held = Number((await market.balance(account)).split(" ").at(-1));
    assert.ok(held <= 4000, `${held} is held of one member`);
  }
  const days = await market.admin.query<{ amount: bigint }>(rawSql("select amount from stood_for"));
  assert.equal(
    days.reduce((sum, { amount }) => sum + amount, 0n),
    BigInt(reserved) * 1000n,
  );
  assert.equal(reserved, 12, "each member has what they may, and neither day was in the way");
  await market.prove();
});

test("the database keeps the limit of a day, too", async () => {
  await assert.rejects(
    admin.guarantor.execute(rawSql("update stood_for set amount = most + 1")),
    /within_the_limit/,
  );
});
