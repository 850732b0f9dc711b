/**
 * A market in which rights of every kind were given, changed and ended as servers do it, and its owner, who changes them in
 * the database and puts everything back.
 */
import assert from "node:assert/strict";
import { type Client, rawSql, uuidv7 } from "../../../src/storage/database/database.ts";
import { issueKey, rotateKeys } from "../../../src/storage/identity/identity.ts";
import { openAccounts, setFloor } from "../../../src/storage/ledger/ledger.ts";
import * as members from "../../../src/storage/members/members.ts";
import * as parties from "../../../src/storage/parties/parties.ts";
import { auditSeals, extendLog, type LogSigner, sealStored } from "../../../src/storage/seals/seals.ts";
import { tieAccounts } from "../../../src/engines/rails/rails.ts";
import { openMarket, tradeIn } from "./market.ts";

const signer: LogSigner = {
  sign: (epoch, size, root) => `${epoch} ${size} ${root}`,
  keyOf: (epoch) => `key of ${epoch}`,
};

/** Tables of rights, and those in which money and seals stand. */
const kept =
  `accounts shop_accounts methods mandates vouchers api_keys remote_accounts standings parties operators consents
  rights trades trade_events holds entries sealed_batches log_nodes log_checkpoints`.split(/\s+/);

/** As the owner does it: plainly, in the servers' role, or with the triggers off. */
const ways: Readonly<Record<"plain" | "servers" | "unseen", (client: Client) => Promise<unknown>>> = {
  plain: () => Promise.resolve(),
  servers: (client) => client.execute(rawSql("set local role kenshu_app")),
  unseen: (client) => client.execute(rawSql("set local session_replication_role = replica")),
};

export async function openNoted(t: { after(release: () => Promise<void>): unknown }) {
  const market = await openMarket(t);
  const { admin, database } = market;
  const hana = await market.buyer();
  const ken = await market.buyer();
  const credit = await market.buyer({ kind: "credit", amount: 5000n });
  const kiji = await market.anotherShop();
  const mandate = await market.mandate(hana);
  const colleague = uuidv7();

  const order = (by = mandate) =>
    market.propose({ buyer: { member: hana.number }, approval: { mandate: by }, amount: 1000 });
  /** An order of Hana's that is accepted and paid. */
  const buy = async (): Promise<void> => {
    const { number } = tradeIn(await order());
    assert.equal(tradeIn(await market.move(hana.actor, number, { do: "accept" })).state, "settled");
  };
  await giveRights(market, { hana, ken, credit, colleague });
  await buy();
  await extendLog(database, signer);
  for (const table of kept) await admin.execute(rawSql(`create table sound_${table} as table ${table}`));
  return {
    ...market,
    hana,
    ken,
    credit,
    kiji,
    giveMandate: market.mandate,
    mandate,
    colleague,
    order,
    buy,
    seal: () => extendLog(database, signer),
    change: (way: keyof typeof ways, statement: string): Promise<void> =>
      admin.transaction(async (client) => {
        await ways[way](client);
        for (const one of statement.split("; "))
          assert.ok((await client.execute(rawSql(one))) > 0, `nothing changed: ${one}`);
      }),
    restore: (): Promise<void> =>
      admin.transaction(async (client) => {
        await client.execute(rawSql("set local session_replication_role = replica"));
        for (const table of kept) {
          await client.execute(rawSql(`delete from ${table}`));
          await client.execute(rawSql(`insert into ${table} select * from sound_${table}`));
        }
      }),
    audited: async (): Promise<string[]> =>
      (await auditSeals(database)).differences.map(({ what, id, field }) => `${what} ${id} ${field}`),
  };
}

type Market = Awaited<ReturnType<typeof openMarket>>;
type Buyer = Awaited<ReturnType<Market["buyer"]>>;

async function giveRights(
  { database, admin, shop, carrier, operator, ...market }: Market,
  { hana, ken, credit, colleague }: Record<"hana" | "ken" | "credit", Buyer> & { colleague: string },
): Promise<void> {
  const [voucher, consent, elsewhere] = [uuidv7(), uuidv7(), uuidv7()];
  await openAccounts(database, [{ id: voucher, kind: "prepaid", currency: "JPY", floor: 0n }]);
  await members.insertVouchers(database, [{ code: "kp_code", account: voucher, currency: "JPY" }]);
  await members.claimVoucher(database, "kp_code", ken.actor.id);
  await issueKey(database, { ownerKind: "shop", owner: shop.actor.id, label: "till" });
  await issueKey(database, { ownerKind: "operator", owner: operator.id, label: "desk" });
  await rotateKeys(database, { ownerKind: "carrier", owner: carrier.id, overlapMs: 1000 });
  await rotateKeys(database, { ownerKind: "carrier", owner: carrier.id, overlapMs: 1000 });
  await parties.insertOperator(database, { id: colleague, name: "Rin Abe", madeBy: operator.id });
  await parties.writeStanding(database, shop.actor.id, {
    ...parties.usualStanding,
    earlyLimits: { JPY: 100 },
  });
  await parties.setIndependence(database, carrier.id, true);
  await parties.setShopFee(database, shop.actor.id, "JPY", { fixed: 5n, basisPoints: 20, roundTo: "fee" });
  await setFloor(database, credit.account, -6000n);
  for (const tied of [uuidv7(), uuidv7()])
    await tieAccounts(database, [{ account: hana.account, institution: elsewhere, consent: tied }]);
  await database.transaction(async (client) => {
    await client.execute(
      rawSql(
        `insert into consents (id, peer, account, purpose, owner_kind, owner, currency, confirm_above, created_at)
        values ($1, $1, $2, 'pay', 'member', $3, 'JPY', 5000, now())`,
        [consent, hana.account, hana.actor.id],
      ),
    );
    await sealStored(client, "consents", [consent]);
  });
  await admin.execute(rawSql("update consents set spent = 5"));
  const revoked = await market.mandate(hana);
  await members.revokeMandate(database, hana.actor.id, revoked);
  const guest = await market.guest();
  await members.erasePeople(database, [guest.actor.id], new Date());
}
