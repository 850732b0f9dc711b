/**
 * Whoever owns the database changes what somebody may do, or where money goes, and the audit names it: by a plain statement,
 * in the role of the servers, with the triggers off, and also where all was put back after money had moved.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openMarket, tradeIn } from "../../../test/support/world/market.ts";
import { type Client, rawSql, uuidv7 } from "../database/database.ts";
import { issueKey } from "../identity/identity.ts";
import { openAccounts, setFloor } from "../ledger/ledger.ts";
import * as members from "../members/members.ts";
import * as parties from "../parties/parties.ts";
import { tieAccounts } from "../../engines/rails/rails.ts";
import { auditSeals } from "./audit.ts";
import { extendLog, type LogSigner } from "./log.ts";
import { readBacklog } from "./log-store.ts";

const market = await openMarket({ after });
const { admin, database, shop, carrier } = market;
const signer: LogSigner = {
  sign: (epoch, size, root) => `${epoch} ${size} ${root}`,
  keyOf: (epoch) => `key of ${epoch}`,
};
const hana = await market.buyer();
const ken = await market.buyer();
const credit = await market.buyer({ kind: "credit", amount: 5000n });
const kiji = await market.anotherShop();
const guest = await market.guest();
const mandate = await market.mandate(hana);
const [voucher, consent, colleague] = [uuidv7(), uuidv7(), uuidv7()];
const code = "kp_code";

/** Tables of rights, and those in which money and seals stand. */
const kept = [
  ...["accounts", "shop_accounts", "methods", "mandates", "vouchers", "api_keys", "remote_accounts"],
  ...[
    "standings",
    "parties",
    "operators",
    "consents",
    "rights",
    "trades",
    "trade_events",
    "holds",
    "entries",
  ],
  ...["sealed_batches", "log_nodes", "log_checkpoints"],
];

const toHana = { buyer: { member: hana.number }, approval: { mandate }, amount: 1000 };

/** An order of Hana's that is accepted and paid. */
async function buy(): Promise<void> {
  const reserved = tradeIn(await market.propose(toHana));
  assert.equal(tradeIn(await market.move(hana.actor, reserved.number, { do: "accept" })).state, "settled");
}

before(async () => {
  await openAccounts(database, [{ id: voucher, kind: "prepaid", currency: "JPY", floor: 0n }]);
  await members.insertVouchers(database, [{ code, account: voucher, currency: "JPY" }]);
  await members.claimVoucher(database, code, ken.actor.id);
  await issueKey(database, { ownerKind: "shop", owner: shop.actor.id, label: "till" });
  await issueKey(database, { ownerKind: "operator", owner: market.operator.id, label: "desk" });
  await parties.insertOperator(database, { id: colleague, name: "Rin Abe", madeBy: market.operator.id });
  await parties.writeStanding(database, shop.actor.id, { ...parties.usualStanding, earlyLimits: { JPY: 100 } });
  await parties.setIndependence(database, carrier.id, true);
  await parties.setShopFee(database, shop.actor.id, "JPY", { fixed: 5n, basisPoints: 20, roundTo: "fee" });
  await setFloor(database, credit.account, -6000n);
  await tieAccounts(database, [
    { account: hana.account, institution: uuidv7(), consent: uuidv7() },
    { account: hana.account, institution: market.shop.account, consent: uuidv7() },
  ]);
  await tieAccounts(database, [
    { account: hana.account, institution: market.shop.account, consent: uuidv7() },
  ]);
  await database.execute(
    rawSql(
      `insert into consents (id, peer, account, purpose, owner_kind, owner, currency, confirm_above, created_at)
      values ($1, $1, $2, 'pay', 'member', $3, 'JPY', 5000, now())`,
      [consent, hana.account, hana.actor.id],
    ),
  );
  await admin.execute(rawSql("update consents set spent = 5"));
  await buy();
  const revoked = await market.mandate(hana);
  await members.revokeMandate(database, hana.actor.id, revoked);
  await members.erasePeople(database, [guest.actor.id], new Date());
  await extendLog(database, signer);
  for (const table of kept) await admin.execute(rawSql(`create table sound_${table} as table ${table}`));
});

async function restore(): Promise<void> {
  await admin.transaction(async (client) => {
    await client.execute(rawSql("set local session_replication_role = replica"));
    for (const table of kept) {
      await client.execute(rawSql(`delete from ${table}`));
      await client.execute(rawSql(`insert into ${table} select * from sound_${table}`));
    }
  });
}

/** What the audit says of rights and of money that went by them. */
async function audited(): Promise<string[]> {
  const { differences } = await auditSeals(database);
  return differences
    .filter(({ what, id }) => what !== "row" || !id.startsWith("consents "))
    .map(({ what, id, field }) => `${what} ${id} ${field}`);
}

/** As the owner does it: plainly, in the servers' role, or with nothing noted. */
const ways: Readonly<Record<"plain" | "servers" | "unseen", (client: Client) => Promise<unknown>>> = {
  plain: () => Promise.resolve(),
  servers: (client) => client.execute(rawSql("set local role kenshu_app")),
  unseen: (client) => client.execute(rawSql("set local session_replication_role = replica")),
};

const change = (way: keyof typeof ways, statement: string): Promise<void> =>
  admin.transaction(async (client) => {
    await ways[way](client);
    for (const one of statement.split("; "))
      assert.ok((await client.execute(rawSql(one))) > 0, `nothing changed: ${one}`);
  });

test("rights that servers have given, changed and ended are sealed and agree", async () => {
  assert.deepEqual(await audited(), []);
  assert.equal((await readBacklog(database)).waiting, 0);
  const noted = await admin.query<{ relation: string; count: bigint; most: number }>(
    rawSql(
      "select relation, count(*) as count, max(nth) as most from rights group by relation order by relation",
    ),
  );
  assert.deepEqual(
    Object.fromEntries(noted.map(({ relation, most }) => [relation, most])),
    {
      accounts: 2,
      api_keys: 1,
      consents: 1,
      mandates: 2,
      methods: 2,
      operators: 1,
      parties: 2,
      remote_accounts: 2,
      shop_accounts: 2,
      standings: 1,
      vouchers: 2,
    },
    "each change is noted once, and what is used again and again is not",
  );
});

test("a trade notes no right", async () => {
  const count = async () =>
    (await admin.query<{ count: bigint }>(rawSql("select count(*) as count from rights")))[0]?.count;
  const earlier = await count();
  await buy();
  assert.equal(await count(), earlier);
  await restore();
});

test("what was noted and is in no batch yet waits where it is counted, and is no difference", async () => {
  await market.mandate(ken);
  assert.equal((await readBacklog(database)).waiting, 1);
  assert.deepEqual(await audited(), []);
  await extendLog(database, signer);
  assert.equal((await readBacklog(database)).waiting, 0);
  assert.deepEqual(await audited(), []);
  await restore();
});

test("servers note rights and cannot change what was noted", async () => {
  for (const statement of [
    "update rights set writer = 'kenshu_app'",
    "update rights set lasting = '{}'",
    "delete from rights",
    "truncate rights",
  ])
    await assert.rejects(database.execute(rawSql(statement)), /permission denied/, statement);
});

const to = (account: string, of: string) =>
  `update shop_accounts set account = '${account}' where shop = '${of}'`;
const swap = `${to(kiji.account, shop.actor.id)}; ${to(shop.account, kiji.actor.id)}`;
const swapBack = `${to(shop.account, shop.actor.id)}; ${to(kiji.account, kiji.actor.id)}`;

/** `lasts`: found also in the servers' role, since no server ever does that. */
const tamperings: [name: string, statement: string, named: RegExp, lasts: boolean][] = [
  ["where a shop is paid", swap, /^right shop_accounts .* account$/, true],
  [
    "a shop's fee",
    "update shop_accounts set fee_basis_points = 5000",
    /^right shop_accounts .* fee_basis_points$/,
    false,
  ],
  [
    "how far a deposit goes",
    `update accounts set floor = -500000 where id = '${ken.account}'`,
    /^right accounts .* floor$/,
    true,
  ],
  [
    "how far a credit line goes",
    `update accounts set floor = -500000 where id = '${credit.account}'`,
    /^right accounts .* floor$/,
    false,
  ],
  [
    "what an account is",
    `update accounts set kind = 'credit' where id = '${ken.account}'`,
    /^right accounts .* kind$/,
    true,
  ],
  [
    "the currency of an account",
    `update accounts set currency = 'USD' where id = '${ken.account}'`,
    /^right accounts .* currency$/,
    true,
  ],
  [
    "an account opened again",
    `update accounts set closed = true where id = '${ken.account}'`,
    /^right accounts .* closed$/,
    false,
  ],
  [
    "a mandate that nobody gave",
    `insert into mandates (id, person, shop, currency, limit_amount, until, acceptors, created_at) values (gen_random_uuid(), '${ken.actor.id}', '${kiji.actor.id}', 'JPY', 100000, now() + interval '100 days', '{shop}', now())`,
    /^right mandates .* row$/,
    false,
  ],
  [
    "the limit of a mandate",
    "update mandates set limit_amount = 900000",
    /^right mandates .* limit_amount$/,
    true,
  ],
  [
    "who accepts under a mandate",
    "update mandates set acceptors = '{shop}'",
    /^right mandates .* acceptors$/,
    true,
  ],
  [
    "how long a mandate holds",
    "update mandates set until = until + interval '1 day'",
    /^right mandates .* until$/,
    true,
  ],
  [
    "a mandate given again",
    "update mandates set revoked_at = null where revoked_at is not null",
    /^right mandates .* revoked_at$/,
    true,
  ],
  ["a mandate less", `delete from mandates where id = '${mandate}'`, /^right mandates .* row$/, true],
  [
    "whose a means of payment is",
    `update methods set person = '${ken.actor.id}' where id = '${hana.method}'`,
    /^right methods .* person$/,
    true,
  ],
  [
    "what a means of payment pays from",
    `update methods set account = '${hana.account}' where id = '${ken.method}'`,
    /^right methods .* account$/,
    true,
  ],
  [
    "a means of payment opened again",
    "update methods set state = 'active' where state = 'closed'",
    /^right methods .* state$/,
    false,
  ],
  [
    "the code of a voucher",
    "update vouchers set code_hash = sha256('mine')",
    /^right vouchers .* code_hash$/,
    true,
  ],
  ["a voucher's money", `update vouchers set account = '${hana.account}'`, /^right vouchers .* row$/, true],
  [
    "a voucher that was claimed",
    "update vouchers set claimed_by = null",
    /^right vouchers .* claimed_by$/,
    true,
  ],
  [
    "a key of an operator's",
    `insert into api_keys (hash, id, owner_kind, owner, created_at) values (sha256('mine'), gen_random_uuid(), 'operator', '${market.operator.id}', now())`,
    /^right api_keys .* row$/,
    false,
  ],
  [
    "the secret of a key",
    "update api_keys set hash = sha256('mine') where label = 'desk'",
    /^right api_keys .* hash$/,
    true,
  ],
  [
    "whose a key is",
    `update api_keys set owner = '${kiji.actor.id}' where label = 'till'`,
    /^right api_keys .* owner$/,
    true,
  ],
  [
    "how long a key holds",
    "update api_keys set expires_at = now() + interval '9 days'",
    /^right api_keys .* expires_at$/,
    false,
  ],
  [
    "an account elsewhere",
    `update remote_accounts set consent = gen_random_uuid() where account = '${shop.account}'`,
    /^right remote_accounts .* consent$/,
    false,
  ],
  [
    "a shop's standing",
    "update standings set paid_out_early = true, paid_early = 'always'",
    /^right standings .* paid_early$/,
    false,
  ],
  [
    "limits of a shop",
    `update standings set early_limits = '{"JPY":99999999}'`,
    /^right standings .* early_limits$/,
    false,
  ],
  [
    "a standing that nobody gave",
    `insert into standings values ('${kiji.actor.id}', '{}', null, true, 'always', true)`,
    /^right standings .* row$/,
    false,
  ],
  [
    "whether a carrier is independent",
    "update parties set independent = false where independent",
    /^right parties .* independent$/,
    false,
  ],
  [
    "whether a shop may sell",
    `update parties set state = 'suspended' where id = '${kiji.actor.id}'`,
    /^right parties .* state$/,
    false,
  ],
  [
    "what a party is",
    "update parties set independent = false where independent; update parties set kind = 'provider' where kind = 'carrier'",
    /^right parties .* kind$/,
    true,
  ],
  [
    "who made an operator",
    "update operators set made_by = null where made_by is not null",
    /^right operators .* made_by$/,
    true,
  ],
  [
    "how long an operator is there",
    "update operators set created_at = created_at - interval '9 days'",
    /^right operators .* created_at$/,
    true,
  ],
  [
    "an operator who rests",
    `update operators set state = 'suspended' where id = '${colleague}'`,
    /^right operators .* state$/,
    false,
  ],
  [
    "above what sum an owner is asked",
    "update consents set confirm_above = null",
    /^right consents .* confirm_above$/,
    false,
  ],
];

for (const [name, statement, named, lasts] of tamperings) {
  test(`found: ${name}`, async () => {
    await change("unseen", statement);
    const unseen = await audited();
    await restore();
    await change("plain", statement);
    const plain = await audited();
    await restore();
    await change("servers", statement);
    await extendLog(database, signer);
    const [first = "nothing"] = await audited();
    await restore();
    assert.ok(unseen.length > 0 && unseen.some((line) => named.test(line)), `unseen: ${unseen.join(", ")}`);
    assert.ok(
      plain.some((line) => /^right .* writer$/.test(line)),
      `plain: ${plain.join(", ")}`,
    );
    if (lasts) assert.match(first, named.source.endsWith(" row$") ? /^right .* row$/ : named);
    else assert.equal(first, "nothing", "a server does that, too: it is noted, and no more");
  });
}

test("found: where a shop is paid, swapped in the servers' role and put back before the audit", async () => {
  await change("servers", swap);
  await change("servers", swapBack);
  const [first] = await audited();
  await restore();
  assert.match(first ?? "nothing", /^right shop_accounts .* account$/);
});

test("found: money that went to another shop's account, all put back with nothing noted", async () => {
  await change("unseen", swap);
  await buy();
  await change("unseen", swapBack);
  const [first] = await audited();
  await restore();
  assert.match(first ?? "nothing", /^trade \d+ paid to$/);
});

test("found: money frozen on somebody else's account, all put back with nothing noted", async () => {
  await change("unseen", `update methods set account = '${ken.account}' where id = '${hana.method}'`);
  await buy();
  await change("unseen", `update methods set account = '${hana.account}' where id = '${hana.method}'`);
  const [first] = await audited();
  await restore();
  assert.match(first ?? "nothing", /^trade \d+ frozen on$/);
});

test("found: money frozen under a mandate that was never given, and is gone", async () => {
  const id = uuidv7();
  await change(
    "unseen",
    `insert into mandates select '${id}', person, shop, currency, limit_amount, 0, until, method, acceptors, null, created_at from mandates where id = '${mandate}'`,
  );
  const reserved = tradeIn(await market.propose({ ...toHana, approval: { mandate: id } }));
  await change("unseen", `delete from mandates where id = '${id}'`);
  const [first] = await audited();
  await restore();
  assert.equal(first, `trade ${reserved.number} mandate`);
});

test("found: what was noted is changed, goes, or is kept from the log", async () => {
  const right = `relation = 'shop_accounts' and key = '${shop.actor.id} JPY'`;
  const cases: [string, RegExp][] = [
    [
      `update rights set lasting = lasting || '{"account":"x"}' where ${right} and nth = 1`,
      /^row rights .* hash$/,
    ],
    [`update rights set at = at - interval '1 day' where ${right} and nth = 1`, /^row rights .* hash$/],
    [`update rights set writer = 'migration' where ${right} and nth = 1`, /^row rights .* hash$/],
    [`delete from rights where ${right} and nth = 2`, /^row rights .* row$/],
    [
      `insert into rights select gen_random_uuid(), relation, key, 3, lasting, present, writer, at, batch from rights where ${right} and nth = 2`,
      /^row rights .* row$/,
    ],
  ];
  for (const [statement, named] of cases) {
    await change("unseen", statement);
    const [first] = await audited();
    await restore();
    assert.match(first ?? "nothing", named);
  }
});
