/**
 * A line that is lent is the floors of its accounts: of the lender's, by what is given to nobody, and of its members', by what
 * is given to them. Whoever changes one changes the other in the same transaction, under the lock of the line, so that never
 * more is given, owed and made good together than was lent. Accounts are locked by id, as everywhere.
 */
import { type ProblemCode, refuse } from "../../core/protocol/protocol.ts";
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import {
  type Account,
  openAccounts,
  openBooks,
  postOne,
  setFloor,
  sumPayoutLocks,
  sumTransferred,
} from "../../storage/ledger/ledger.ts";
import { closeMethod, insertMethod, lockLine as lockMethod } from "../../storage/members/members.ts";
import { insertLine, type LentLine, type LentShare, lockLine, stopLine, writeLine } from "./line-store.ts";
import { insertShare, readShare, writeShare } from "./share-store.ts";

/** Sets what is lent, also where it was stopped, and lends to somebody new. Not below what is given, nor below what the lender has to make good. */
export async function lend(
  client: Client,
  { id, lender, currency, most }: Pick<LentLine, "id" | "lender" | "currency" | "most">,
): Promise<void> {
  const line = await lockLine(client, id);
  if (line === undefined) {
    const account = uuidv7();
    await openAccounts(client, [{ id: account, kind: "lender", currency, floor: -most }]);
    if (!(await insertLine(client, { id, lender, currency, account, most }))) refuse("already_exists");
    return;
  }
  if (line.lender !== lender || line.currency !== currency)
    refuse("already_exists", "This line is another lender's, or in another currency.");
  if (most < line.given) refuse("lent_line_exceeded", "More than that is given to members.");
  await floorOrRefuse(client, line.account, line.given - most, "lent_line_exceeded");
  await writeLine(client, { ...line, most });
  await stopLine(client, id, false);
}

async function floorOrRefuse(
  client: Client,
  account: string,
  floor: bigint,
  code: ProblemCode,
): Promise<void> {
  if (!(await setFloor(client, account, floor))) refuse(code);
}

/** Locks accounts in their order and answers them as they are. */
async function lockAccounts(client: Client, ids: readonly string[]): Promise<(id: string) => Account> {
  const { accounts } = await openBooks(client, { accounts: ids, holds: [] });
  return (id) => accounts.get(id) ?? refuse("not_found");
}

/**
 * Gives a member so much of a line, which this transaction holds: more or less than before, and never less than is in use.
 * Answers what they have of it then.
 */
export async function give(
  client: Client,
  line: LentLine,
  { person, most }: { person: string; most: bigint },
): Promise<LentShare> {
  if (line.stoppedAt !== null) refuse("lent_line_exceeded", "The line was stopped.");
  const before = await readShare(client, line.id, person);
  const given = line.given + most - (before?.most ?? 0n);
  if (given > line.most) refuse("lent_line_exceeded");
  if (before === undefined) {
    const [id, method, account] = [uuidv7(), uuidv7(), uuidv7()];
    const { currency } = line;
    await floorOrRefuse(client, line.account, given - line.most, "lent_line_exceeded");
    await openAccounts(client, [{ id: account, kind: "credit", currency, floor: -most }]);
    await insertMethod(client, {
      id: method,
      person,
      kind: "credit",
      currency,
      account,
      state: "active",
      token: null,
      wishedLimit: null,
      lent: { lender: line.lender, account: line.account },
    });
    await insertShare(client, { id, line: line.id, person, method, account, most });
  } else {
    await lockAccounts(client, [line.account, before.account]);
    await floorOrRefuse(client, before.account, -most, "credit_limit_exceeded");
    await floorOrRefuse(client, line.account, given - line.most, "lent_line_exceeded");
    await writeShare(client, { ...before, most });
  }
  await writeLine(client, { ...line, given });
  return (await readShare(client, line.id, person)) ?? refuse("not_found");
}

/** Takes from a member all of a line that is not in use. */
export async function shrink(client: Client, line: LentLine, share: LentShare): Promise<void> {
  const accountOf = await lockAccounts(client, [line.account, share.account]);
  const { posted, held } = accountOf(share.account);
  const inUse = atLeastNothing(held - posted);
  if (inUse >= share.most) return;
  const given = line.given - share.most + inUse;
  await setFloor(client, share.account, -inUse);
  await setFloor(client, line.account, given - line.most);
  await writeShare(client, { ...share, most: inUse });
  await writeLine(client, { ...line, given });
}

/** The same of several lines, which this transaction holds: all their accounts are locked at once, in their order. */
export async function shrinkAll(
  client: Client,
  parts: readonly { line: LentLine; share: LentShare }[],
): Promise<void> {
  await lockAccounts(
    client,
    parts.flatMap(({ line, share }) => [line.account, share.account]),
  );
  for (const { line, share } of parts) await shrink(client, line, share);
}

const atLeastNothing = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

/**
 * The lender makes good what a member owes: the debt moves to the lender's account, and the member has no such line any more.
 * What comes to stand on it later, a refund or a late payment, is the lender's as far as it has made good, and the member's
 * beyond: they have paid it themselves. What runs on it goes on. Answers how much was called.
 */
export async function call(client: Client, line: LentLine, share: LentShare): Promise<bigint> {
  // The means before the accounts, as everywhere.
  await lockMethod(client, share.account);
  const accountOf = await lockAccounts(client, [line.account, share.account]);
  const { posted, held, currency } = accountOf(share.account);
  const isOver = share.state === "called";
  if (posted > 0n && isOver) {
    const madeGood = await sumTransferred(client, line.account, share.account);
    const back = posted < madeGood ? posted : madeGood;
    if (back > 0n) await transfer(client, share.account, line.account, { currency, amount: back });
  }
  const amount = atLeastNothing(-posted);
  if (amount === 0n && !isOver) return 0n;
  const given = line.given - share.most + held;
  await setFloor(client, line.account, given - line.most);
  if (amount > 0n) await transfer(client, line.account, share.account, { currency, amount });
  await setFloor(client, share.account, -held);
  await closeMethod(client, share.method);
  await writeShare(client, { ...share, most: held, state: "called" });
  await writeLine(client, { ...line, given });
  return amount;
}

/**
 * Moves to a lender's own account what it has on that of its line beyond what its members owe, and beyond what buyers may still
 * ask back. The accounts are locked before the debts are read: a claim that pays onto the line waits.
 */
export async function passOn(
  client: Client,
  line: LentLine,
  own: string,
  owed: () => Promise<bigint>,
): Promise<void> {
  const accountOf = await lockAccounts(client, [line.account, own]);
  const { posted, currency } = accountOf(line.account);
  const [debts, locks] = [await owed(), await sumPayoutLocks(client, line.account)];
  const amount = posted - debts - locks.all;
  // A shop's account that is closed takes nothing: it stays where it is.
  if (amount <= 0n || accountOf(own).closed) return;
  await transfer(client, line.account, own, { currency, amount });
}

async function transfer(
  client: Client,
  from: string,
  to: string,
  { currency, amount }: { currency: string; amount: bigint },
): Promise<void> {
  const moved = await postOne(client, { do: "transfer", id: uuidv7(), from, to, currency, amount });
  if ("refused" in moved) throw new Error(`What stands on a lent line could not be moved: ${moved.refused}.`);
}
