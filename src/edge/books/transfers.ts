/** Money that comes into the institution or leaves it: deposits, withdrawals, payouts. */
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import { lockLine, readPersonOfAccount } from "../../storage/members/members.ts";
import {
  type Account,
  type AccountKind,
  houseAccount,
  type LedgerRefusal,
  openBooks,
  postOne,
  readAccounts,
} from "../../storage/ledger/ledger.ts";
import { fromWire, toWire } from "../../core/money/money.ts";
import { listShopAccounts, readParty, readShopOfAccount } from "../../storage/parties/parties.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { type Effect, problemOfLedger } from "../../engines/engine/engine.ts";
import { checkPayable } from "../../engines/payouts/payouts.ts";
import {
  insertMatch,
  insertTransfer,
  readTransfers,
  type Transfer,
  type TransferKind,
} from "./transfer-store.ts";
import { refuseWhileHeld } from "../api/api.ts";

export interface TransferWish {
  id: string;
  kind: TransferKind;
  account: string;
  amount: number;
  currency: string;
  reference: string;
  /** Why an operator books it. */
  reason?: string | undefined;
}

/** Who books it; the second operator where two do. */
export interface Booker {
  kind: "operator" | "shop";
  id: string;
  confirmedBy: string | null;
}

/**
 * Whose money each kind of transfer moves. A credit line is paid back by a deposit; it is no money to take out, but for what
 * has come back to one that has ended.
 */
const movable: Record<TransferKind, readonly AccountKind[]> = {
  // A collector hands in what it has taken, and a lender pays in for its members.
  deposit: ["deposit", "credit", "prepaid", "shop", "collector", "lender"],
  withdrawal: ["deposit", "prepaid"],
  payout: ["shop", "fee"],
};

/** Does a transfer once for its id. The same wish again gets the same answer; another wish with the id is refused. */
export async function makeTransfer(client: Client, caller: Booker, wish: TransferWish): Promise<Effect> {
  const { confirmedBy } = caller;
  const transfer = {
    ...wish,
    amount: fromWire(wish.amount),
    role: caller.kind,
    actor: caller.id,
    reason: wish.reason ?? null,
    confirmedBy,
    // Two operators' word is all there is; the money is looked for until its other side has been seen.
    suspended: confirmedBy !== null,
  } as const;
  const before = await readTransfer(client, wish.id);
  if (before !== undefined) return answered(before, transfer);
  const account = await usableAccount(client, caller, wish);
  const owner = wish.kind === "withdrawal" ? await readPersonOfAccount(client, account.id) : undefined;
  if (owner !== undefined) await refuseWhileHeld(client, owner);
  if (await insertTransfer(client, transfer)) await move(client, transfer, account);
  const made = await readTransfer(client, wish.id);
  if (made === undefined) throw new Error("A transfer that was made is not there.");
  return answered(made, transfer);
}

async function readTransfer(client: Client, id: string): Promise<Transfer | undefined> {
  return (await readTransfers(client, [id])).get(id);
}

function answered(made: Transfer, wish: Omit<Transfer, "at">): Effect {
  const fields = ["kind", "account", "currency", "amount", "reference"] as const;
  const field = fields.find((name) => made[name] !== wish[name]);
  if (field !== undefined) refuseReuse(field);
  return { status: 201, body: transferView(made) };
}

/** The account, where this caller may move its money in this way. */
async function usableAccount(client: Client, caller: Booker, wish: TransferWish): Promise<Account> {
  if (caller.kind === "shop") await checkOwnPayout(client, caller.id, wish);
  const [account] = await readAccounts(client, [wish.account]);
  if (account === undefined) return refuse("not_found", "There is no such account.");
  if (movable[wish.kind].includes(account.kind)) return account;
  if (wish.kind === "withdrawal" && account.kind === "credit" && (await isEndedLine(client, account.id)))
    return account;
  return refuse("invalid_field", `A ${wish.kind} is not made on an account of the kind ${account.kind}.`, {
    errors: [{ pointer: "/kind", message: `must suit an account of the kind ${account.kind}` }],
  });
}

/** Whether an account is a credit line that has ended. */
const isEndedLine = async (client: Client, account: string): Promise<boolean> =>
  (await lockLine(client, account))?.state === "closed";

/** Shops take out what is theirs, and nothing else. */
async function checkOwnPayout(client: Client, shop: string, wish: TransferWish): Promise<void> {
  if (wish.kind !== "payout") refuse("not_allowed", "Shops make payouts only.");
  const own = await listShopAccounts(client, shop);
  if (!own.some(({ account }) => account === wish.account)) refuse("not_found", "There is no such account.");
  const party = await readParty(client, "shop", shop);
  if (party?.state !== "approved")
    refuse("shop_suspended", "A suspended shop's money is paid out by an operator.");
}

async function move(client: Client, transfer: Omit<Transfer, "at">, account: Account): Promise<void> {
  const { id, kind, amount, currency, suspended } = transfer;
  // The house account of the account's own currency exists; the books compare it with the currency asked for.
  const outside = houseAccount(suspended ? "suspense" : "outside", account.currency);
  const [from, to] = kind === "deposit" ? [outside, account.id] : [account.id, outside];
  if (kind === "payout" && account.kind === "shop") await checkPayable(client, from, to, amount);
  if (kind === "withdrawal" && account.kind === "credit") await checkRest(client, from, to, amount);
  const posted = await postOne(client, { do: "transfer", id, from, to, currency, amount });
  if ("refused" in posted) refuseFor(posted);
  if (posted.repeated) refuseReuse("kind");
}

/** Of a line that has ended its member has what has come back to it, and none of what its limit was. */
async function checkRest(client: Client, from: string, to: string, amount: bigint): Promise<void> {
  const books = await openBooks(client, { accounts: [from, to], holds: [] });
  const { posted = 0n, held = 0n } = books.accounts.get(from) ?? {};
  if (posted - held < amount) refuse("insufficient_funds");
}

/** Says no in the words of the wire. */
function refuseFor({ refused, field }: LedgerRefusal): never {
  if (refused === "id_reused") refuseReuse(field ?? "id");
  return refuse(problemOfLedger[refused]);
}

function refuseReuse(field: string): never {
  return refuse("command_id_reused", `The id was used for another command: \`${field}\` differs.`, {
    errors: [{ pointer: `/${field}`, message: "differs from what came with this id before" }],
  });
}

export function transferView(transfer: Transfer): Record<string, unknown> {
  const { id, kind, account, currency, amount, reference, suspended, at } = transfer;
  return { id, kind, account, currency, amount: toWire(amount), reference, suspended, at: at.toISOString() };
}

export interface MatchWish {
  transfer: string;
  reference: string;
}

/** The other side of a transfer was seen: what stood on the suspense account goes where it belongs. */
export async function matchTransfer(
  client: Client,
  { transfer: id, reference }: MatchWish,
  names: { operator: string; confirmedBy: string | null },
): Promise<Effect> {
  const transfer = await readTransfer(client, id);
  if (transfer === undefined || !transfer.suspended) return refuse("not_found", "No such transfer waits.");
  if (!(await insertMatch(client, { transfer: id, reference, ...names })))
    refuse("already_exists", "Its other side has been seen before.");
  const { currency, amount, kind } = transfer;
  const [outside, suspense] = [houseAccount("outside", currency), houseAccount("suspense", currency)];
  const [from, to] = kind === "deposit" ? [outside, suspense] : [suspense, outside];
  const posted = await postOne(client, { do: "transfer", id: uuidv7(), from, to, currency, amount });
  if ("refused" in posted) refuseFor(posted);
  return { status: 201, body: { ...transferView(transfer), matched: reference } };
}

/** Whose account it is, who is told of what happens on it: a shop, or a member or guest. */
export async function ownerOf(client: Client, account: string): Promise<string | undefined> {
  return (await readShopOfAccount(client, account)) ?? (await readPersonOfAccount(client, account));
}

/**
 * What has come to rest on an account that was left goes on to whom it was left: it came back before that was known. Where
 * nobody is left either, it can only be forfeited.
 */
export async function passOn(
  client: Client,
  account: string,
): Promise<Effect & { tells: string | undefined }> {
  const books = await openBooks(client, { accounts: [account], holds: [] });
  const left = books.accounts.get(account) ?? refuse("not_found", "There is no such account.");
  const heir = books.accounts.get(left.heir ?? "");
  const amount = left.posted - left.held;
  if (amount <= 0n) refuse("not_found", "Nothing is left there.");
  if (heir === undefined || heir.closed) return refuse("account_closed", "It was left to nobody.");
  const move = { from: account, to: heir.id, currency: left.currency, amount, empties: true } as const;
  const posted = await postOne(client, { do: "transfer", id: uuidv7(), ...move });
  if ("refused" in posted) return refuseFor(posted);
  const body = { account, to: heir.id, currency: left.currency, amount: toWire(amount) };
  return { status: 200, body, tells: await readPersonOfAccount(client, heir.id) };
}
