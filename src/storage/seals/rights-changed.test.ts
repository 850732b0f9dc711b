/**
 * Whoever owns the database changes what somebody may do, or where money goes, and the audit names it: by a plain statement,
 * in the role of the servers, or with the triggers off.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openNoted } from "../../../test/support/world/noted.ts";

const world = await openNoted({ after });
const { shop, operator, hana, ken, credit, kiji, mandate, colleague, change, restore, seal, audited } = world;

const swap = `update shop_accounts set account = '${kiji.account}' where shop = '${shop.actor.id}'`;

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
    "to whom an account is left",
    `update accounts set closed = true, heir = '${credit.account}' where id = '${ken.account}'; update accounts set heir = '${hana.account}' where id = '${ken.account}'`,
    /^right accounts .* heir$/,
    true,
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
    false,
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
    false,
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
    "update vouchers set code_hash = sha256('mine') where claimed_by is not null",
    /^right vouchers .* code_hash$/,
    true,
  ],
  [
    "a voucher's money",
    `update vouchers set account = '${hana.account}' where claimed_by is not null`,
    /^right vouchers .* row$/,
    true,
  ],
  [
    "a voucher that was claimed",
    "update vouchers set claimed_by = null where claimed_by is not null",
    /^right vouchers .* claimed_by$/,
    true,
  ],
  [
    "a key of an operator's",
    `insert into api_keys (hash, id, owner_kind, owner, created_at) values (sha256('mine'), gen_random_uuid(), 'operator', '${operator.id}', now())`,
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
    "the limit of a consent",
    "update consents set limit_trade = 900000, given = '{}'",
    /^right consents .* limit_trade$/,
    false,
  ],
  [
    "how long a consent holds",
    "update consents set until = now() + interval '900 days', given = json_build_object('until', until)",
    /^right consents .* until$/,
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
    assert.ok(
      unseen.some((line) => named.test(line)),
      unseen.join(", "),
    );
    await change("servers", statement);
    await seal();
    const [first = "nothing"] = await audited();
    await restore();
    // What servers do as well is noted with its time, and no more is known of it.
    if (lasts) assert.match(first, named.source.endsWith(" row$") ? /^right .* row$/ : named);
    else assert.equal(first, "nothing");
  });
}

test("found: whatever the owner changes by a plain statement, in each of the tables", async () => {
  const tableOf = (named: RegExp) => /right (\w+)/.exec(named.source)?.[1] ?? "";
  const tables = new Set(tamperings.map(([, , named]) => tableOf(named)));
  assert.equal(tables.size, 11);
  for (const table of tables) {
    const [, statement = ""] = tamperings.find(([, , named]) => tableOf(named) === table) ?? [];
    await change("plain", statement);
    const found = await audited();
    await restore();
    assert.ok(
      found.some((line) => line.startsWith(`right ${table} `) && line.endsWith(" writer")),
      `${table}: ${found.join(", ")}`,
    );
  }
});
