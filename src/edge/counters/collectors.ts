/** Those who take money for dues: made by operators, with a channel, and with how much they may hold before handing it in. */
import { fromWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import type { CollectionChannel } from "../../core/protocol/schemas.ts";
import {
  accountOfCollector,
  type Collector,
  type CollectorFee,
  listCollectors,
  putCollector,
  readCollectors,
  setCollectorFee,
} from "../../engines/collections/collections.ts";
import type { Client } from "../../storage/database/database.ts";
import {
  type Account,
  openAccounts,
  owedSince,
  readAccounts,
  setFloor,
} from "../../storage/ledger/ledger.ts";
import { lockParty, type PartyDetails, readParties, readParty } from "../../storage/parties/parties.ts";
import { applyAsParty, type Ground, partyHead, wireOrNull } from "../api/api.ts";

export interface CollectorWish {
  id: string;
  name: string;
  channel: CollectionChannel;
  /** By currency; what is left out stays as it is. */
  limits: Record<string, number>;
  /** What it is paid for each collection; left out, it stays as it is. */
  fee?: { fixed: number; basisPoints: number; borneBy: CollectorFee["borneBy"] } | undefined;
  contact: { email?: string; phone?: string };
  passwordHash?: string | undefined;
  lookAlike?: string | undefined;
}

/**
 * Makes a collector, or sets what it may do; a carrier becomes one who takes money at the door. `operator` is who asked for
 * it; null where the server itself makes it.
 */
export async function setCollector(
  context: Ground,
  client: Client,
  wish: CollectorWish,
  operator: string | null,
): Promise<Record<string, unknown>> {
  const { id, name, channel, limits, fee } = wish;
  const [known] = await readParties(client, [id]);
  if (known === undefined) await make(context, client, wish, operator);
  else await checkKnown(client, known, wish);
  await putCollector(client, id, channel);
  if (fee !== undefined) await setCollectorFee(client, id, { ...fee, fixed: fromWire(fee.fixed) });
  for (const currency of Object.keys(limits)) await setLimit(client, id, currency, limits[currency] ?? 0);
  const [view] = await viewsOf(context, client, await readCollectors(client, [id]));
  if (view === undefined) throw new Error(`The collector ${name} is not there.`);
  return view;
}

async function make(
  context: Ground,
  client: Client,
  { id, name, contact, passwordHash, lookAlike }: CollectorWish,
  operator: string | null,
): Promise<void> {
  const said = lookAlike === undefined || operator === null ? undefined : { reason: lookAlike, operator };
  const how = { approved: true, passwordHash, id, lookAlike: said };
  await applyAsParty(context, client, "collector", { name, contact }, how);
}

async function checkKnown(
  client: Client,
  known: { kind: string; name: string },
  { id, name, channel, passwordHash }: CollectorWish,
): Promise<void> {
  const { kind } = known;
  if (kind !== "collector" && kind !== "carrier") refuse("already_exists", `This is the id of a ${kind}.`);
  // One after another: two operators do not set two things at once.
  await lockParty(client, kind, id);
  if (name !== known.name) refuse("already_exists", `With this id it is called ${known.name}.`);
  if (passwordHash !== undefined)
    refuse("already_exists", "The sign-in is given when a collector is made, and reset by mail later.");
  if (kind === "carrier" && channel !== "cash_on_delivery")
    refuse("invalid_field", "A carrier takes money at the door: `cash_on_delivery`.", {
      errors: [{ pointer: "/channel", message: "is not a carrier's" }],
    });
}

async function setLimit(client: Client, id: string, currency: string, limit: number): Promise<void> {
  const account = accountOfCollector(id, currency);
  const floor = -fromWire(limit);
  await openAccounts(client, [{ id: account, kind: "collector", currency, floor }]);
  if (await setFloor(client, account, floor)) return;
  refuse("collector_limit_exceeded", "It has taken more than that, and has not handed it in.");
}

/** Collectors as they are shown, each with what it owes. */
export async function viewsOf(
  { settings }: Pick<Ground, "settings">,
  client: Client,
  collectors: readonly Collector[],
): Promise<Record<string, unknown>[]> {
  const idsOf = (id: string) => settings.currencies.map((currency) => accountOfCollector(id, currency));
  const accounts = await readAccounts(
    client,
    collectors.flatMap(({ id }) => idsOf(id)),
  );
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return Promise.all(
    collectors.map(async ({ id, channel, feeFixed, feeBasisPoints, feeBorneBy }) => ({
      ...partyHead(await partyOf(client, id)),
      channel,
      fee:
        feeFixed === null || feeBorneBy === null
          ? null
          : { fixed: wireOrNull(feeFixed), basisPoints: feeBasisPoints ?? 0, borneBy: feeBorneBy },
      accounts: (
        await Promise.all(idsOf(id).map(async (account) => accountView(client, byId.get(account))))
      ).flat(),
    })),
  );
}

async function partyOf(client: Client, id: string): Promise<PartyDetails> {
  const party = (await readParty(client, "collector", id)) ?? (await readParty(client, "carrier", id));
  if (party === undefined) throw new Error(`The collector ${id} is no party.`);
  return party;
}

/** What it owes, and since when the oldest of it: what is handed in counts for the oldest. */
async function accountView(client: Client, account: Account | undefined) {
  if (account === undefined) return [];
  const { id, currency, posted, floor } = account;
  const owes = posted < 0n ? -posted : 0n;
  const since = owes === 0n ? null : await owedSince(client, id);
  return [
    {
      currency,
      account: id,
      owes: wireOrNull(owes),
      since: since?.toISOString() ?? null,
      limit: wireOrNull(-floor),
    },
  ];
}

/** All collectors, those after the id `after`, one more than asked for where there are more. */
export async function listOfCollectors(
  context: Pick<Ground, "settings">,
  client: Client,
  limit: number,
  after: string | undefined,
): Promise<{ items: Record<string, unknown>[]; next: string | null }> {
  const found = await listCollectors(client, limit + 1, after);
  const shown = found.slice(0, limit);
  const next = found.length > limit ? (shown.at(-1)?.id ?? null) : null;
  return { items: await viewsOf(context, client, shown), next };
}
