/**
 * What has arrived finds its due: by the account of the bank's making to which it came, else by the number that somebody wrote. Exactly
 * what is due is taken; less pays nothing and waits, more pays and the rest waits; what names no due, or several, waits whole.
 */
import { numbersIn } from "../../core/bankfiles/bankfiles.ts";
import { type ProblemCode, Refusal, refuse } from "../../core/protocol/protocol.ts";
import { type Client, conflict, type Database, isTransient } from "../../storage/database/database.ts";
import { readKeys } from "../../storage/members/members.ts";
import { bankTransfers, readOpenDue } from "../collections/collections.ts";
import { inTransaction, type Sweeper, sweeper } from "../engine/engine.ts";
import {
  type Arrival,
  dueOfVirtual,
  insertMove,
  letWait,
  lockNew,
  newArrivals,
  type Reason,
  takeRest,
} from "./arrival-store.ts";
import { type ArrivalGround, keyOf, virtualIn } from "./ground.ts";
import type { Told } from "./statements.ts";

/** What is known of who has paid; undefined where it is forgotten. */
export async function toldOf(
  { vault }: Pick<ArrivalGround, "vault">,
  client: Client,
  { id, details }: Pick<Arrival, "id" | "details">,
): Promise<Told | undefined> {
  const key = (await readKeys(client, [id])).get(id);
  if (key === undefined || details === null) return undefined;
  return JSON.parse(vault.open("arrivals", id, key, { details }).details ?? "{}") as Told;
}

/** The one due that something names, or why it names none. */
async function namedBy(
  ground: ArrivalGround,
  client: Client,
  arrival: Arrival,
): Promise<{ number: string } | { why: "unknown" | "ambiguous" }> {
  const told = await toldOf(ground, client, arrival);
  if (told === undefined) return { why: "unknown" };
  const range = ground.accounts.find((own) => keyOf(own) === arrival.account)?.virtual;
  const virtual = virtualIn(range, told.to);
  if (range !== undefined && virtual !== undefined) {
    const due = await dueOfVirtual(client, range.branch, virtual);
    if (due !== undefined) return { number: due };
  }
  const written = [...new Set([...numbersIn(told.remitter), ...numbersIn(told.text)])];
  const found: string[] = [];
  for (const number of written) if ((await readOpenDue(client, number)) !== undefined) found.push(number);
  const [number] = found;
  if (number === undefined) return { why: "unknown" };
  return found.length === 1 ? { number } : { why: "ambiguous" };
}

export interface Payer {
  /** By which the payment is done once. */
  id: string;
  operator: string | null;
  confirmedBy: string | null;
  reason: string | null;
}

/** Refusals that say what is due is not what it was a moment ago. */
const overtaken: readonly ProblemCode[] = ["amount_mismatch", "nothing_due"];

/** Pays a due from what has arrived, with exactly what is due; or says why it cannot be. */
export async function payDue(
  ground: ArrivalGround,
  client: Client,
  { number, arrivals, payer }: { number: string; arrivals: readonly Arrival[]; payer: Payer },
): Promise<{ paid: bigint } | { why: Reason; due: bigint }> {
  const [first] = arrivals;
  if (first === undefined) throw new Error("Nothing pays no due.");
  const { currency } = first;
  const have = arrivals.reduce((sum, { rest }) => sum + rest, 0n);
  const { id, ...by } = payer;
  const taker = { ...by, collector: bankTransfers, account: ground.house("arrivals", currency) };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    // The first time it is not locked; where it has changed by then, the second look is at what this transaction holds.
    const due = await readOpenDue(client, number);
    if (due === undefined) return { why: "unknown", due: 0n };
    if (due.currency !== currency) return { why: "currency", due: due.open };
    if (due.open === 0n) return { why: "nothing_due", due: 0n };
    if (have < due.open) return { why: "too_little", due: due.open };
    const wish = {
      id,
      amount: due.open,
      currency,
      channel: "bank",
      reference: first.reference,
      taken: false,
    } as const;
    const outcome = await ground.collections.payWithin(client, number, taker, wish);
    if (outcome.how === "done") {
      // It was another payment that was done under this id, and not with this money.
      if (outcome.replayed) refuse("command_id_reused", "The id was used for another payment.");
      await spend(client, { number, arrivals, payer }, due.open);
      return { paid: due.open };
    }
    if (!overtaken.includes(outcome.problem.value.code)) return { why: "refused", due: due.open };
  }
  throw conflict(`What is due under ${number} changes while it is paid.`);
}

/** Takes what was paid from arrivals, the first ones first. */
async function spend(
  client: Client,
  { number, arrivals, payer }: { number: string; arrivals: readonly Arrival[]; payer: Payer },
  paid: bigint,
): Promise<void> {
  let left = paid;
  const { id: command, operator, confirmedBy, reason } = payer;
  for (const { id, rest } of arrivals) {
    const amount = left < rest ? left : rest;
    if (amount === 0n) continue;
    left -= amount;
    // They are locked last by whoever takes of them: what was read may have been taken meanwhile.
    if (!(await takeRest(client, { id, amount, why: "too_much", number })))
      throw conflict("Something that has arrived was taken meanwhile.");
    const move = { arrival: id, kind: "payment", command, amount, number } as const;
    await insertMove(client, { ...move, operator, confirmedBy, reason: reason ?? undefined });
  }
}

/** Whether the same may well be done a moment later. */
const willPass = (error: unknown): boolean =>
  isTransient(error) || (error instanceof Refusal && error.problem.transient);

/** Looks at one that nobody has looked at; false where somebody has, or does. */
async function matchOne(ground: ArrivalGround, client: Client, id: string): Promise<boolean> {
  const arrival = await lockNew(client, id);
  if (arrival === undefined) return false;
  const named = await namedBy(ground, client, arrival);
  if ("why" in named) {
    await letWait(client, id, named.why, null);
    return true;
  }
  const { number } = named;
  const payer = { id, operator: null, confirmedBy: null, reason: null };
  const outcome = await payDue(ground, client, { number, arrivals: [arrival], payer });
  if ("why" in outcome) await letWait(client, id, outcome.why, number);
  return true;
}

const lookedAtOnce = 200;

/** Looks at what has arrived, one after another; any number of processes may, and one that is killed harms nothing. */
export function arrivalSweeper(
  ground: ArrivalGround,
  options: { database: Database; everyMs: number; onError: (error: unknown) => void },
): Sweeper {
  const { database, everyMs, onError } = options;
  const look = async (id: string): Promise<boolean> => {
    try {
      return await inTransaction(database, (client) => matchOne(ground, client, id));
    } catch (error) {
      onError(error);
      if (willPass(error)) return false;
    }
    // It would fail each time, and nobody would see it: operators do.
    try {
      await inTransaction(database, (client) => letWait(client, id, "refused", null));
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  };
  return sweeper({
    due: async () => ((await newArrivals(database, 1)).length > 0 ? ["new"] : []),
    wake: async () => {
      for (;;) {
        let looked = false;
        for (const id of await newArrivals(database, lookedAtOnce)) looked = (await look(id)) || looked;
        if (!looked) return true;
      }
    },
    everyMs,
    onError,
  });
}
