import { type Client, type Decided, writeAnswers } from "../database/database.ts";
import { writeBooks } from "../ledger/ledger.ts";
import { erasePeople, writeMandates } from "../members/members.ts";
import { type ActorRole, problem } from "../protocol/protocol.ts";
import type { MoveBody } from "../protocol/schemas.ts";
import { proposeTrade } from "./agree.ts";
import { approveTrade, reviseTrade } from "./agree-again.ts";
import { apply } from "./apply.ts";
import {
  eraseRecipients,
  insertEvents,
  insertRecipients,
  insertTrades,
  updateAgreements,
  updateTrades,
} from "./store.ts";
import { viewOf } from "./view.ts";
import { catchUp, settleAlarm } from "./wake.ts";
import {
  type Actor,
  actOf,
  answerKey,
  openWorld,
  type Request,
  type Result,
  type Rules,
  type World,
} from "./world.ts";
import { decide, isRefused, type Refused, type Trade } from "../machine/machine.ts";

/** An answer as it goes out: a trade, or a problem, already as text. */
export interface Outcome {
  status: number;
  text: string;
  replayed: boolean;
}

/** Decides a batch of requests in memory and hands back the statements that write it down (design, section 6). */
export async function decideBatch(
  rules: Rules,
  client: Client,
  requests: readonly Request[],
): Promise<Decided<Outcome>> {
  const world = await openWorld(client, requests);
  const answers = requests.map((request) => answer(rules, world, request));
  return { answers, write: (writer) => write(writer, world) };
}

function answer(rules: Rules, world: World, request: Request): Outcome {
  if (request.do === "wake") {
    wake(world, request.number);
    return { status: 204, text: "", replayed: false };
  }
  const { actor, key, digest } = request;
  const before = key === undefined ? undefined : world.answers.get(answerKey(actor.id, key));
  if (before !== undefined) {
    if (!before.request.equals(digest)) return refusal({ refused: "idempotency_key_reused" });
    return { status: before.status, text: before.body, replayed: true };
  }
  const result = request.do === "propose" ? proposeTrade(rules, world, request) : moveTrade(world, request);
  const outcome = isRefused(result) ? refusal(result) : shown(rules, result);
  if (key !== undefined) {
    const given = { caller: actor.id, key, request: digest, status: outcome.status, body: outcome.text };
    world.given.push(given);
    world.answers.set(answerKey(actor.id, key), given);
  }
  return outcome;
}

function refusal(refused: Refused & { trade?: bigint }): Outcome {
  const extra = refused.trade === undefined ? {} : { trade: String(refused.trade) };
  const answer = problem(refused.refused, refused.detail, extra);
  return { status: answer.status, text: JSON.stringify(answer), replayed: false };
}

function shown(rules: Rules, result: Exclude<Result, Refused>): Outcome {
  return {
    status: result.status,
    text: JSON.stringify(viewOf(result.trade, result.role, rules)),
    replayed: false,
  };
}

/** In which role somebody meets a trade; undefined where the trade is none of theirs. */
export function roleIn(trade: Trade, actor: Actor): ActorRole | undefined {
  if (actor.kind === "operator") return "operator";
  if (actor.kind === "person") {
    if (trade.buyer === actor.id) return "buyer";
    return trade.buyer === null && actor.opens === String(trade.number) ? "buyer" : undefined;
  }
  return trade[actor.kind] === actor.id ? actor.kind : undefined;
}

function moveTrade(world: World, request: Request & { do: "move" }): Result {
  const found = world.trades.get(request.number);
  const role = found === undefined ? undefined : roleIn(found, request.actor);
  if (found === undefined || role === undefined) return { refused: "not_found" };
  const trade = catchUp(world, found);
  const refused = misplacedOperator(request.body, role);
  if (refused !== undefined) return { ...refused, trade: trade.number };
  // What nobody asked for by phone, FAX, letter or at the counter is the operator's own act, and is recorded as that.
  const operator =
    request.body.operator ??
    (role === "operator" ? { channel: "desk" as const, reference: "none" } : undefined);
  const act = actOf(world, role, request.actor, operator);
  if (request.body.do === "approve") return approveTrade(world, trade, request.body, act);
  if (request.body.do === "revise") return reviseTrade(world, trade, request.body, act);
  const decision = decide(trade, request.body, act);
  if (isRefused(decision)) return { ...decision, trade: trade.number };
  const code = apply(world, trade, [decision], act);
  if (code !== undefined) return { refused: code, trade: trade.number };
  return { status: 200, trade: decision.next, role };
}

/** Only an operator says that somebody called; whoever else does pretends to be one. */
function misplacedOperator(body: MoveBody, role: ActorRole): Refused | undefined {
  if (body.operator === undefined || role === "operator") return undefined;
  return { refused: "not_allowed", detail: "Only an operator acts for somebody else." };
}

/** The clock looks at a trade: does what is due, and sets the next look. */
function wake(world: World, number: bigint): void {
  const trade = world.trades.get(number);
  if (trade !== undefined) settleAlarm(world, catchUp(world, trade));
}

function write(client: Client, world: World): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  const of = (numbers: ReadonlySet<bigint>) =>
    [...numbers].map((number) => world.trades.get(number)).filter((trade) => trade !== undefined);
  const updated = of(world.updated).filter((trade) => !world.inserted.has(trade.number));
  const mandates = [...world.usedMandates].flatMap((id) => world.mandates.get(id) ?? []);
  if (world.inserted.size > 0) sent.push(insertTrades(client, of(world.inserted)).catch(asConflict));
  const agreed = updated.filter(({ number }) => world.agreed.has(number));
  const moved = updated.filter(({ number }) => !world.agreed.has(number));
  if (moved.length > 0) sent.push(updateTrades(client, moved));
  if (agreed.length > 0) sent.push(updateAgreements(client, agreed));
  if (world.events.length > 0) sent.push(insertEvents(client, world.events));
  if (world.recipients.length > 0) sent.push(insertRecipients(client, world.recipients));
  if (mandates.length > 0)
    sent.push(
      writeMandates(
        client,
        mandates.map(({ id, used }) => ({ id, used })),
      ),
    );
  sent.push(...writeBooks(client, world.books));
  if (world.given.length > 0) sent.push(writeAnswers(client, world.given, world.now).catch(asConflict));
  if (world.forgottenTrades.size > 0) sent.push(eraseRecipients(client, [...world.forgottenTrades]));
  if (world.forgottenPeople.size > 0) sent.push(erasePeople(client, [...world.forgottenPeople], world.now));
  return sent;
}

/**
 * A trade number that another process drew too, or an Idempotency-Key that it has just used: run again, the
 * batch draws another number or finds the answer.
 */
function asConflict(error: unknown): never {
  if (error instanceof Error && "code" in error && error.code === "23505") {
    throw Object.assign(new Error("Another process was first.", { cause: error }), { code: "40001" });
  }
  throw error;
}
