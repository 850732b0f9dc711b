/** A facilitator and an institution over HTTP: trades step for step, an institution that is away, ties, reconciliation. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  type Headers,
  type Json,
  type Reply,
  request,
  signIn,
} from "../../../test/support/wire/http.ts";
import { openPair } from "../../../test/support/world/pair.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";

const pair = await openPair({ after });
const { facilitator, institution, admin } = pair;
const [shop] = facilitator.demo.shops;
const [hana, ken] = facilitator.demo.members;
if (!shop || !hana || !ken) throw new Error("No demo.");
const atShop = bearer(shop.key);
const buyer = await signIn(facilitator.url, hana);

const post = (path: string, who: Headers, body: Json): Promise<Reply> =>
  request(`${facilitator.url}${path}`, "POST", who, body);
const get = (path: string, who: Headers): Promise<Reply> => request(`${facilitator.url}${path}`, "GET", who);
const told = ({ json }: Reply) =>
  json["code"] ?? `${String(json["state"])} ${String(json["frozen"])}/${String(json["settled"])}`;

const order = (member = hana, amount = 1000): Json => ({
  buyer: { member: member.number },
  currency: "JPY",
  amount,
  approval: { mandate: member.mandates[shop.key] },
});

async function reserved(member = hana, amount = 1000): Promise<string> {
  const reply = await post("/v1/trades", atShop, order(member, amount));
  assert.deepEqual([reply.status, told(reply)], [201, `reserved ${amount}/0`]);
  return String(reply.json["number"]);
}

/** Asks until the answer is as expected; whatever another server has still to do takes its time. */
async function until(path: string, who: Headers, expected: string): Promise<void> {
  for (let look = 0; look < 600; look += 1) {
    if (told(await get(path, who)) === expected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(told(await get(path, who)), expected);
}

test("the steps S301 to S308 and S401 to S403 stand in the trade's record", async () => {
  const proposed = await post("/v1/trades", atShop, {
    currency: "JPY",
    amount: 700,
    buyer: { member: hana.number },
  });
  const path = `/v1/trades/${String(proposed.json["number"])}`;
  assert.equal(told(await post(`${path}/approve`, buyer, { version: 1 })), "reserved 700/0");
  assert.equal(told(await post(`${path}/deliver`, buyer, {})), "delivered 700/0");
  assert.equal(told(await post(`${path}/accept`, buyer, {})), "settled 0/700");
  const events = (await get(`${path}/events`, atShop)).json["items"] as { type: string; data: Json }[];
  assert.deepEqual(
    events.map(({ type }) => type),
    ["trade.proposed", "trade.reserved", "trade.delivered", "trade.accepted", "trade.settled"],
  );
  for (const { data } of [events[1], events[4]].flatMap((event) => event ?? [])) {
    assert.equal(typeof data["instruction"], "string");
    assert.equal(typeof data["answeredAt"], "string");
  }
});

test("what the institution refuses leaves the trade open to revision", async () => {
  const refused = await post("/v1/trades", atShop, order(ken, 5000));
  assert.deepEqual([refused.status, told(refused)], [402, "insufficient_funds"]);
  const path = `/v1/trades/${String(refused.json["trade"])}`;
  assert.equal(told(await get(path, atShop)), "refused 0/0");
  const revised = await post(`${path}/revise`, atShop, {
    amount: 100,
    approval: { mandate: ken.mandates[shop.key] },
  });
  assert.equal(told(revised), "reserved 100/0");
});

test("while the institution is away nobody is told what is not known, and nothing is lost or done twice", async () => {
  const standing = await reserved();
  await pair.takeInstitutionAway();
  const key = { ...atShop, "idempotency-key": "away-1" };
  const waiting = await post("/v1/trades", key, order());
  assert.equal(waiting.status, 202);
  assert.equal(told(waiting), "proposed 0/0");
  assert.deepEqual(Object.keys(waiting.json["pending"] as Json), ["step", "since"]);
  const accepted = await post(`/v1/trades/${standing}/accept`, buyer, {});
  assert.deepEqual([accepted.status, told(accepted)], [202, "reserved 1000/0"]);
  const busy = await post(`/v1/trades/${standing}/cancel`, atShop, {});
  assert.deepEqual([busy.status, told(busy)], [409, "trade_busy"]);
  const again = await post("/v1/trades", key, order());
  assert.deepEqual([again.status, again.json["number"]], [202, waiting.json["number"]]);
  const down = await pair.reconcile();
  assert.equal(down.unreachable[0]?.institution, "Institution");
  assert.match(down.unreachable[0].why, /Institution/);
  await pair.bringInstitutionBack();
  await until(`/v1/trades/${standing}`, atShop, "settled 0/1000");
  await until(`/v1/trades/${String(waiting.json["number"])}`, atShop, "reserved 1000/0");
  const last = await post("/v1/trades", key, order());
  assert.deepEqual(
    [last.status, told(last), last.json["number"]],
    [201, "reserved 1000/0", waiting.json["number"]],
  );
  const { breaks, unreachable } = await pair.reconcile(true);
  assert.deepEqual([breaks, unreachable], [[], []]);
});

test("an account is tied with a code that the institution gives its owner; taken back, it stops what is new only", async () => {
  const [owner] = institution.demo.members;
  assert.ok(owner);
  const there = await signIn(institution.url, owner);
  const { json: view } = await request(`${institution.url}/v1/members/${owner.number}`, "GET", there);
  const [method] = view["methods"] as { id: string }[];
  const terms = {
    peer: "00000000-0000-4000-8000-000000000020",
    method: method?.id,
    limitPerTrade: 600,
    until: "2031-01-01T00:00:00Z",
  };
  const yui = facilitator.demo.members[2];
  assert.ok(yui);
  const atFacilitator = await signIn(facilitator.url, yui);
  const begun = await request(
    `${facilitator.url}/ties`,
    "POST",
    {
      ...atFacilitator,
      "content-type": "application/x-www-form-urlencoded",
    },
    `institution=00000000-0000-4000-8000-000000000030&kind=deposit&currency=JPY`,
  );
  assert.equal(begun.status, 303, begun.text);
  const { searchParams: sent } = new URL(begun.headers.get("location") ?? "");
  const wish = { ...terms, challenge: sent.get("challenge") };
  const consent = await request(`${institution.url}/v1/consents`, "POST", there, wish);
  assert.equal(consent.status, 201);
  const back = `/ties/return?state=${sent.get("state") ?? ""}&code=${String(consent.json["code"])}`;
  for (let time = 0; time < 2; time += 1)
    assert.ok([200, 303].includes((await get(back, atFacilitator)).status));
  const stranger = await get(back, buyer);
  assert.notEqual(stranger.status, 303);
  const { json: member } = await get(`/v1/members/${yui.number}`, atFacilitator);
  const tied = (member["methods"] as { id: string; kind: string }[]).find(({ kind }) => kind === "deposit");
  assert.ok(tied !== undefined);
  assert.ok(
    !JSON.stringify(member).includes(method?.id ?? "-"),
    "nothing of the institution's is known here",
  );
  const order600 = { currency: "JPY", amount: 600, buyer: { member: yui.number } };
  const running = await post("/v1/trades", atShop, order600);
  const path = `/v1/trades/${String(running.json["number"])}`;
  assert.equal(
    told(await post(`${path}/approve`, atFacilitator, { method: tied.id, version: 1 })),
    "reserved 600/0",
  );
  const large = await post("/v1/trades", atShop, { ...order600, amount: 601 });
  const beyond = await post(`/v1/trades/${String(large.json["number"])}/approve`, atFacilitator, {
    method: tied.id,
    version: 1,
  });
  assert.equal(told(beyond), "consent_limit_exceeded");
  const revoke = `${institution.url}/v1/consents/${String(consent.json["id"])}/revoke`;
  assert.ok((await request(revoke, "POST", there, {})).status < 300);
  assert.equal(told(await post(`${path}/accept`, atFacilitator, {})), "settled 0/600");
  const late = await post("/v1/trades", atShop, order600);
  const refused = await post(`/v1/trades/${String(late.json["number"])}/approve`, atFacilitator, {
    method: tied.id,
    version: 1,
  });
  assert.equal(told(refused), "consent_not_valid");
});

test("reconciliation names each break with its trade number", async () => {
  const [one, two, three] = [await reserved(), await reserved(), await reserved()];
  assert.equal(told(await post(`/v1/trades/${two}/accept`, buyer, {})), "settled 0/1000");
  assert.deepEqual((await pair.reconcile()).breaks, []);
  await admin.facilitator.execute(
    rawSql("update trades set frozen = frozen - 1, released = released + 1 where number = $1", [one]),
  );
  await admin.facilitator.execute(rawSql("update trades set refunded = 5 where number = $1", [two]));
  await admin.institution.execute(rawSql("delete from reservations where trade_number = $1", [three]));
  const { breaks } = await pair.reconcile();
  assert.deepEqual(
    breaks.map(({ trade, what }) => `${trade} ${what}`).toSorted(),
    [`${one} frozen`, `${two} refunded`, `${three} reservation`].toSorted(),
  );
});

test("what an institution has lost or made up is found from this side: settled trades, holds, a hold of nobody, a yen", async () => {
  const settled = await reserved();
  assert.equal(told(await post(`/v1/trades/${settled}/accept`, buyer, {})), "settled 0/1000");
  const [held, other] = [await reserved(), await reserved()];
  assert.deepEqual(
    (await pair.reconcile(true)).breaks.filter(({ trade }) => trade === settled),
    [],
  );
  const there = admin.institution;
  const before = await pair.reconcile(true);
  const known = new Set(before.breaks.map(({ trade }) => trade));
  // As where a backup from before these trades was put back.
  await there.execute(rawSql("delete from reservations where trade_number = any($1)", [[settled, held]]));
  const stranger = uuidv7();
  await there.execute(
    rawSql(
      `insert into holds select $1, account, currency, amount, settled, released, refunded, state, until from holds
        where id = (select id from reservations where trade_number = $2)`,
      [stranger, other],
    ),
  );
  await there.execute(
    rawSql(
      `insert into reservations (id, peer, trade_number, payer, payee, private, state, until, fee_taken, created_at)
        select $1, peer, trade_number, payer, payee, private, state, until, fee_taken, created_at from reservations
        where trade_number = $2`,
      [stranger, other],
    ),
  );
  const { breaks, sums } = await pair.reconcile(true);
  assert.deepEqual(
    breaks
      .filter(({ trade }) => !known.has(trade))
      .map(({ trade, what }) => `${trade} ${what}`)
      .toSorted(),
    [`${settled} reservation`, `${held} reservation`, `${other} trade ${stranger}`].toSorted(),
  );
  const yen = sums.find(({ currency }) => currency === "JPY");
  assert.ok(yen !== undefined && yen.here.settled - yen.there.settled >= 1000n);
  // Not asked to look at all: sums that differ are reason enough.
  const nightly = (await pair.reconcile()).breaks.map(({ trade }) => trade);
  assert.ok(nightly.includes(settled) && nightly.includes(other));
  await there.execute(rawSql("delete from reservations where id = $1", [stranger]));
});

test("money in a long dispute is kept frozen beyond the reservation", async () => {
  const number = await reserved();
  assert.equal(told(await post(`/v1/trades/${number}/ship`, atShop, {})), "reserved 1000/0");
  assert.equal(
    told(await post(`/v1/trades/${number}/dispute`, buyer, { reason: "not mine" })),
    "disputed 1000/0",
  );
  await post(`/v1/trades/${number}/answer`, atShop, { statement: "It is on its way." });
  const until = async () => {
    const [row] = await admin.institution.query<{ until: Date }>(
      rawSql("select until from reservations where trade_number = $1", [number]),
    );
    return row?.until.getTime() ?? 0;
  };
  const before = await until();
  const moved = await post("/v1/test-clock/advance", bearer(facilitator.demo.adminKey), { by: "P51D" });
  assert.equal(moved.status, 200);
  for (let look = 0; look < 200 && (await until()) === before; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok((await until()) > before);
  assert.equal(told(await get(`/v1/trades/${number}`, atShop)), "disputed 1000/0");
});
