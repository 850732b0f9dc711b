/** What follows from decided requests without anybody: the trade is approved, and lines close when they have done their work. */
import type { MoveBody } from "../../core/protocol/schemas.ts";
import {
  closeLine,
  type CreditRequest,
  lockRequest,
  moveRequest,
  readDue,
  readOpenLines,
} from "../../engines/credit/credit.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import type { Actor, Trades } from "../../engines/trades/trades.ts";
import type { Client } from "../../storage/database/database.ts";
import { openBooks, setFloor } from "../../storage/ledger/ledger.ts";
import { closeMethod, lockLine } from "../../storage/members/members.ts";
import type { PageContext } from "../pages/pages.ts";
import { isApprovable, tellOf } from "./requests.ts";

/** The trades as this server has them: what was granted has passed the desk already. */
type Moves = Pick<Trades, "move" | "read">;

export interface CreditClock {
  start(): void;
  /** Does all that is due. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

const everyMs = 500;
const atOnce = 100;
/** Lines are looked at less often: nobody waits for that. */
const linesEvery = 60;
const first = "00000000-0000-0000-0000-000000000000";

export function openCreditClock(
  context: PageContext,
  trades: Moves,
  onError: (error: unknown) => void,
): CreditClock {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let turn = 0;
  let after = first;
  /** One that fails holds up none behind it. */
  const tried = (work: () => Promise<void>) => work().catch(onError);
  const due = async () => {
    for (const request of await readDue(context.database, atOnce)) {
      const next = request.state === "granted" ? approve : expire;
      await tried(() => next(context, trades, request));
    }
  };
  const lines = async () => {
    const open = await readOpenLines(context.database, atOnce, after);
    after = open.length < atOnce ? first : (open.at(-1)?.id ?? first);
    for (const line of open)
      await tried(async () => {
        if (await isOver(trades, line)) await shut(context, line.id);
      });
    return after !== first;
  };
  const round = async () => {
    await due();
    turn = (turn + 1) % linesEvery;
    if (turn === 0) await lines();
  };
  return {
    start: () => {
      timer = setInterval(() => {
        running = running.then(round).catch(onError);
      }, everyMs);
    },
    sweep: async () => {
      await running;
      await due();
      while (await lines());
    },
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

/** Who approves: the buyer, who has asked for this; or the operator who has asked in their name, with one who has granted it. */
function approverOf({ role, person, actor, trade, decidedBy, confirmedBy }: CreditRequest): Actor {
  if (role === "buyer") return { kind: "person", id: person, opens: String(trade) };
  const other = [confirmedBy, decidedBy].find((one) => one !== null && one !== actor);
  return { kind: "operator", id: actor, ...(other == null ? {} : { confirmedBy: other }) };
}

/**
 * Approves a trade for whom its line was opened, once: the engine keeps the first answer under the id of the request. What it
 * refuses for now is tried again; what it refuses for good ends the request, and the line with it.
 */
async function approve(context: PageContext, trades: Moves, request: CreditRequest): Promise<void> {
  const { id, trade, version, choice, speech, method } = request;
  const body = {
    do: "approve",
    ...choice,
    version,
    method,
    ...(speech === null ? {} : { operator: speech }),
  };
  const outcome = await trades.move(approverOf(request), String(trade), body as MoveBody, id);
  if (outcome.how === "done" && outcome.status === 202) return;
  if (outcome.how === "refused" && isPassing(outcome.problem.value.code, outcome.status)) return;
  const reason = outcome.how === "refused" ? outcome.problem.value.code : undefined;
  await inTransaction(context.database, async (client) => {
    const now = await lockRequest(client, id);
    if (now?.state !== "granted") return;
    await moveRequest(client, { id, from: "granted", to: reason === undefined ? "used" : "over", reason });
    if (reason === undefined) return;
    // In one transaction: whatever ends in between, no line stays open for a request that is over.
    await shutLine(client, id);
    await tellOf(context, client, request.person, "credit refused");
  });
}

/** Whether a refusal is one of the moment. */
const isPassing = (code: string, status: number): boolean => code === "trade_busy" || status >= 500;

/** Nobody has decided in time. Who has paid otherwise meanwhile, or has given the order up, is told nothing. */
async function expire(
  context: PageContext,
  trades: Moves,
  { id, person, trade }: CreditRequest,
): Promise<void> {
  const stands = await trades.read({ kind: "person", id: person, opens: String(trade) }, String(trade));
  const waited = stands !== undefined && (isApprovable(stands) || stands.state === "expired");
  await inTransaction(context.database, async (client) => {
    const now = await lockRequest(client, id);
    if (now?.state !== "asked") return;
    await moveRequest(client, { id, from: "asked", to: "over", reason: "not_decided" });
    if (waited) await tellOf(context, client, person, "credit refused");
  });
}

/** Whether nothing new can come of a trade for its line. A request that is over has none, however its trade stands. */
async function isOver(
  trades: Moves,
  { trade, person, state }: Pick<CreditRequest, "trade" | "person" | "state">,
): Promise<boolean> {
  if (state === "over") return true;
  const stands = await trades.read({ kind: "person", id: person, opens: String(trade) }, String(trade));
  if (stands === undefined || stands.pending !== null) return stands === undefined;
  if (["proposed", "refused", "reserved", "delivered", "accepted", "disputed"].includes(stands.state))
    return false;
  return (stands.frozen ?? 0) === 0;
}

/** Takes from a line all that is not in use, and closes it where nothing is. What is owed on it stays owed. */
async function shut({ database }: PageContext, id: string): Promise<void> {
  await inTransaction(database, (client) => shutLine(client, id));
}

async function shutLine(client: Client, id: string): Promise<void> {
  const { account, method } = (await lockRequest(client, id)) ?? { account: null, method: null };
  if (account === null || method === null) return;
  // The means before the account, as everywhere.
  await lockLine(client, account);
  const books = await openBooks(client, { accounts: [account], holds: [] });
  const { posted = 0n, held = 0n } = books.accounts.get(account) ?? {};
  const inUse = posted - held;
  await setFloor(client, account, inUse < 0n ? inUse : 0n);
  // What was refunded to it is the member's, and operators pay it out.
  if (posted < 0n || held > 0n) return;
  await closeMethod(client, method);
  await closeLine(client, id);
}
