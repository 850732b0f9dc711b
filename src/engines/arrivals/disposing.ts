/** What two operators decide of what waits: it pays a due after all, goes back to whoever sent it, or was no payer's. */
import { refuse } from "../../core/protocol/protocol.ts";
import { type Client, conflict, uuidv7 } from "../../storage/database/database.ts";
import { type Account, postOne, readAccounts } from "../../storage/ledger/ledger.ts";
import { type Collections, keepAgain } from "../collections/collections.ts";
import { problemOfLedger, type Outcome } from "../engine/engine.ts";
import { type CameBack, enterPayBack, ownerOfAccount, type PayoutGround } from "../payouts/payouts.ts";
import {
  type Arrival,
  arrivalOfPayout,
  closeTakenBack,
  giveRest,
  insertMove,
  type MoveKind,
  readArrivals,
  takeRest,
} from "./arrival-store.ts";
import type { ArrivalGround } from "./ground.ts";
import { payDue } from "./matching.ts";

interface Names {
  operator: string;
  confirmedBy: string | null;
}

async function waiting(client: Client, ids: readonly string[]): Promise<Arrival[]> {
  const found = await readArrivals(client, ids);
  const arrivals = ids.map((id) => found.get(id) ?? refuse("not_found", "There is no such transfer."));
  if (arrivals.some(({ state }) => state !== "waiting"))
    refuse("nothing_kept", "Nothing of this transfer waits for operators.");
  return arrivals;
}

/** Pays a due with transfers that name it wrongly, or each too little: together they have to come to it. */
export async function assignArrivals(
  ground: ArrivalGround,
  client: Client,
  wish: { id: string; arrivals: readonly string[]; number: string; reason: string },
  names: Names,
): Promise<{ number: string; paid: bigint }> {
  const { id, number, reason } = wish;
  const arrivals = await waiting(client, [...new Set(wish.arrivals)]);
  if (new Set(arrivals.map(({ currency }) => currency)).size > 1) refuse("currency_mismatch");
  const outcome = await payDue(ground, client, { number, arrivals, payer: { id, ...names, reason } });
  if ("paid" in outcome) return { number, paid: outcome.paid };
  switch (outcome.why) {
    case "unknown":
      return refuse("not_found", "Nothing is due under this number.");
    case "currency":
      return refuse("currency_mismatch");
    case "nothing_due":
      return refuse("nothing_due");
    case "too_little":
      return refuse("amount_mismatch", `Due are ${outcome.due}, and together they are less.`);
    default:
      return refuse("account_closed", "Whoever it is for can take nothing.");
  }
}

/** Takes so much of what waits to an account, by a transfer with the id `command`. */
async function moveTo(
  { house }: Pick<ArrivalGround, "house">,
  client: Client,
  arrival: Arrival,
  move: {
    kind: MoveKind;
    command: string;
    amount: bigint;
    to: string;
    reason: string;
    names: Names;
  },
): Promise<void> {
  const { id, currency, rest, why } = arrival;
  const { kind, command, amount, to, reason, names } = move;
  if (amount > rest) refuse("nothing_kept", `Of this transfer ${rest} are left.`);
  const from = house("arrivals", currency);
  const posted = await postOne(client, { do: "transfer", id: command, from, to, currency, amount });
  if ("refused" in posted) refuse(problemOfLedger[posted.refused]);
  if (posted.repeated) refuse("command_id_reused", "The id was used for another command.");
  if (!(await takeRest(client, { id, amount, why: why ?? "unknown" })))
    throw conflict("Something that has arrived was taken meanwhile.");
  await insertMove(client, { arrival: id, kind, command, amount, account: to, reason, ...names });
}

/** An account of a member's, which takes money that is theirs. Refuses any other. */
export async function membersAccount(
  client: Client,
  id: string,
): Promise<{ account: Account; owner: string }> {
  const [account] = await readAccounts(client, [id]);
  const owner = account === undefined ? undefined : await ownerOfAccount(client, id);
  if (account === undefined || owner?.kind !== "member")
    return refuse("not_found", "There is no such account of a member's.");
  if (account.kind !== "deposit" && account.kind !== "prepaid")
    return refuse("not_allowed", `Nothing is returned to an account of the kind ${account.kind}.`);
  return { account, owner: owner.id };
}

export interface ReturnWish {
  id: string;
  amount: bigint;
  reason: string;
  /** A member's account here, or where it is to go at a bank, as it was kept. */
  to: { account: string } | { bankAccount: string };
}

/** Returns a part of what waits to whoever sent it; answers whose account it went to. */
export async function returnArrival(
  ground: ArrivalGround & PayoutGround,
  client: Client,
  { arrival: id, ...wish }: ReturnWish & { arrival: string },
  names: Names,
): Promise<{ owner: string | undefined }> {
  const [arrival] = await waiting(client, [id]);
  if (arrival === undefined) return refuse("not_found");
  const { id: command, amount, reason, to } = wish;
  const { currency } = arrival;
  if ("account" in to) {
    const { account, owner } = await membersAccount(client, to.account);
    await moveTo(ground, client, arrival, {
      kind: "account",
      command,
      amount,
      to: account.id,
      reason,
      names,
    });
    return { owner };
  }
  const account = ground.house("arrivals", currency);
  await enterPayBack(ground, client, { id: command, account, currency, amount, bankAccount: to.bankAccount });
  const target = ground.house("payouts", currency);
  await moveTo(ground, client, arrival, { kind: "payout", command, amount, to: target, reason, names });
  return { owner: undefined };
}

/** What waits was no payer's: the institution's own, interest, what the bank has taken back. It is outside again. */
export async function dismissArrival(
  ground: ArrivalGround,
  client: Client,
  { arrival: id, reason }: { arrival: string; reason: string },
  names: Names,
): Promise<void> {
  const [arrival] = await waiting(client, [id]);
  if (arrival === undefined) return refuse("not_found");
  const { takenBack, rest: amount, currency } = arrival;
  const command = uuidv7();
  if (!takenBack) {
    const to = ground.house("outside", currency);
    return moveTo(ground, client, arrival, { kind: "dismissal", command, amount, to, reason, names });
  }
  if (!(await closeTakenBack(client, id))) throw conflict("It was seen to meanwhile.");
  await insertMove(client, { arrival: id, kind: "dismissal", command, amount: 0n, reason, ...names });
}

/** Returns what is kept under a trade number, of what was paid at a counter or given back, to a member's account or by a bank. */
export async function returnKept(
  ground: PayoutGround & { collections: Pick<Collections, "returnWithin"> },
  client: Client,
  {
    number,
    currency,
    reference,
    keptAccount,
    ...wish
  }: ReturnWish & {
    number: string;
    currency: string;
    reference: string;
    /** Where it is kept. */
    keptAccount: string;
  },
  names: Names,
): Promise<{ outcome: Outcome<Record<string, unknown>>; owner: string | undefined }> {
  const { id, amount, to } = wish;
  const back = { id, amount, currency, reference, ...names };
  if ("account" in to) {
    const { account, owner } = await membersAccount(client, to.account);
    const outcome = await ground.collections.returnWithin(client, number, { ...back, account: account.id });
    return { outcome, owner };
  }
  await enterPayBack(ground, client, {
    id,
    account: keptAccount,
    currency,
    amount,
    bankAccount: to.bankAccount,
  });
  const account = ground.house("payouts", currency);
  const outcome = await ground.collections.returnWithin(client, number, { ...back, account });
  return { outcome, owner: undefined };
}

/** A payout by which something went back to whoever had paid it came back itself: it waits again where it had waited. */
export async function keepCameBack(client: Client, back: CameBack): Promise<void> {
  const { payout, command, amount, account, from } = back;
  const arrival = await arrivalOfPayout(client, payout);
  if (arrival === undefined) {
    await keepAgain(client, { payout, command, amount, account: from });
    return;
  }
  await giveRest(client, arrival, amount);
  await insertMove(client, { arrival, kind: "back", command, amount, account, reason: `payout ${payout}` });
}
