import type { Client } from "../../storage/database/database.ts";
import { type Decided, rewriteAnswers, writeAnswers } from "../engine/engine.ts";
import {
  deleteInstructions,
  enqueueWebhooks,
  type WaitingInstruction,
  type WebhookEvents,
  webhookMessages,
} from "../outbox/outbox.ts";
import { erasePeople, insertNotices, writeMandates } from "../../storage/members/members.ts";
import { type ActorRole, problem, type TradeEventType } from "../../core/protocol/protocol.ts";
import type { MoveBody } from "../../core/protocol/schemas.ts";
import { proposeTrade } from "./proposal.ts";
import { approveTrade, assignTrade, reviseTrade } from "./revision.ts";
import { apply } from "./effects.ts";
import {
  eraseRecipients,
  insertEvents,
  insertRecipients,
  insertRoutes,
  insertTrades,
  updateAgreements,
  updateTrades,
} from "./store.ts";
import { viewOf } from "./view.ts";
import { advanceFor, debtOf, tooMuchEarly, writeEarly } from "./trade-advances.ts";
import { complete } from "./pending-steps.ts";
import { catchUp, settleAlarm } from "./deadlines.ts";
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
import { decide, isRefused, type Refused, type Trade, type OperatorAct } from "../../core/machine/machine.ts";

/** An answer as it goes out: a trade, or a problem, already as text. */
export interface Outcome {
  status: number;
  text: string;
  replayed: boolean;
  /** The trade that waits for another server: this says no more than how it stands, and there is more to come. */
  waits?: bigint;
  /** With `waits`, the instruction whose answer this request waits for, where the step is its own. */
  instruction?: string;
  /** The trade in whose way an earlier step stands that still waits; nothing was done. */
  busy?: bigint;
  /** What this process has to send now that the batch is committed. */
  asked?: readonly WaitingInstruction[];
  /** The trade whose wait is over, and what whoever asked for the step is told. */
  completed?: { number: bigint; instruction: string; outcome: Outcome | undefined };
}

/**
 * Decides a batch of requests in memory and hands back the statements that write it down
 * (docs/decisions/0010-group-commit.md).
 */
export async function decideBatch(
  rules: Rules,
  client: Client,
  requests: readonly Request[],
): Promise<Decided<Outcome>> {
  const world = await openWorld(rules, client, requests);
  return { answers: answerAll(rules, world, requests), write: (writer) => write(rules, writer, world) };
}

/** Decides requests one after another in what is locked and read. Pure but for the world, which remembers it all. */
export function answerAll(rules: Rules, world: World, requests: readonly Request[]): Outcome[] {
  const answers = requests.map((request) => answer(rules, world, request));
  const [first] = answers;
  if (first !== undefined && world.rail.asked.length > 0) first.asked = world.rail.asked;
  return answers;
}

function answer(rules: Rules, world: World, request: Request): Outcome {
  if (request.do === "wake") return wake(world, request.number);
  if (request.do === "answered") return answered(rules, world, request);
  const { actor, key, digest } = request;
  const before = key === undefined ? undefined : world.answers.get(answerKey(actor.id, key));
  if (before !== undefined) {
    if (!before.request.equals(digest)) return refusal({ refused: "idempotency_key_reused" });
    const kept = { status: before.status, text: before.body, replayed: true };
    return before.status === 202 ? { ...kept, waits: numberIn(before.body) } : kept;
  }
  const result =
    request.do === "propose"
      ? proposeTrade(rules, world, request)
      : request.do === "assign"
        ? assignTrade(world, request)
        : moveTrade(rules, world, request);
  if (isRefused(result) && result.refused === "trade_busy") {
    return { ...refusal(result), ...(result.trade === undefined ? {} : { busy: result.trade }) };
  }
  const outcome = isRefused(result) ? refusal(result) : shown(rules, result);
  if (!isRefused(result) && result.waits === true && result.trade.pending !== null) {
    outcome.instruction = result.trade.pending.instruction;
    result.trade.pending.answer = {
      caller: actor.id,
      key: key ?? null,
      role: result.role,
      status: result.status,
    };
  }
  if (key !== undefined) {
    const given = { caller: actor.id, key, request: digest, status: outcome.status, body: outcome.text };
    world.given.push(given);
    world.answers.set(answerKey(actor.id, key), given);
  }
  return outcome;
}

/** The number of the trade that a kept answer shows. */
function numberIn(body: string): bigint {
  return BigInt((JSON.parse(body) as { number: string }).number);
}

function refusal(refused: Refused & { trade?: bigint }): Outcome {
  const extra = refused.trade === undefined ? {} : { trade: String(refused.trade) };
  const answer = problem(refused.refused, refused.detail, extra);
  return { status: answer.status, text: JSON.stringify(answer), replayed: false };
}

function shown(rules: Rules, result: Exclude<Result, Refused>): Outcome {
  const { trade, role, status, waits = false } = result;
  const outcome = { status, text: JSON.stringify(viewOf(trade, role, rules)), replayed: false };
  return waits ? { ...outcome, status: 202, waits: trade.number } : outcome;
}

/** In which role somebody meets a trade; undefined where the trade is none of theirs. */
function roleIn(trade: Trade, actor: Actor): ActorRole | undefined {
  if (actor.kind === "operator") return "operator";
  if (actor.kind === "person") {
    if (trade.buyer === actor.id) return "buyer";
    return trade.buyer === null && actor.opens === String(trade.number) ? "buyer" : undefined;
  }
  if (actor.kind === "recipient") {
    // Once the recipient is forgotten, and where the buyer has chosen other acceptors, the link opens nothing.
    const receives = trade.terms.acceptance.by.includes("recipient") && !trade.progress.erased;
    return receives && actor.opens === String(trade.number) ? "recipient" : undefined;
  }
  return trade[actor.kind] === actor.id ? actor.kind : undefined;
}

/** In which role somebody may read a trade: the head of a chain also what a store of it has taken. */
export function readerOf(trade: Trade, actor: Actor): ActorRole | undefined {
  return roleIn(trade, actor) ?? (actor.kind === "shop" && trade.chain === actor.id ? "shop" : undefined);
}

function moveTrade(rules: Rules, world: World, request: Request & { do: "move" }): Result {
  const found = world.trades.get(request.number);
  const role = found === undefined ? undefined : roleIn(found, request.actor);
  if (found === undefined || role === undefined) return { refused: "not_found" };
  const trade = catchUp(world, found);
  if (trade.pending !== null) return { refused: "trade_busy", trade: trade.number };
  const refused = misplacedOperator(request.body, role) ?? unprovenCode(request.body);
  if (refused !== undefined) return { ...refused, trade: trade.number };
  // What nobody asked for by phone, FAX, letter or at the counter is the operator's own act, and is recorded as that.
  const operator =
    request.body.operator ??
    (role === "operator" ? { channel: "desk" as const, reference: "none" } : undefined);
  const act = { ...actOf(world, role, request.actor, operator), debt: debtOf(world, trade) };
  if (request.body.do === "approve") return approveTrade(world, trade, request.body, act);
  if (request.body.do === "revise") return reviseTrade(world, trade, request.body, act);
  const command = request.body.do === "advance" ? advanceFor(rules, world, trade) : request.body;
  if (isRefused(command)) return { ...command, trade: trade.number };
  const decision = decide(trade, command, act);
  if (isRefused(decision)) return { ...decision, trade: trade.number };
  const beyond = tooMuchEarly(rules, world, decision);
  if (beyond !== undefined) return { ...beyond, trade: trade.number };
  const applied = apply(world, trade, [decision], act, request.body.do);
  if (applied.how === "refused") return { refused: applied.code, trade: trade.number };
  return applied.how === "asked"
    ? { status: 200, trade: applied.trade, role, waits: true }
    : { status: 200, trade: decision.next, role };
}

/** Only an operator says that somebody called; whoever else does pretends to be one. */
function misplacedOperator(body: MoveBody, role: ActorRole): Refused | undefined {
  if (body.operator === undefined || role === "operator") return undefined;
  return { refused: "not_allowed", detail: "Only an operator acts for somebody else." };
}

/** What a code proves is found out before a request comes here; a code that nobody has looked at proves nothing. */
function unprovenCode(body: MoveBody): Refused | undefined {
  return body.do === "accept" && body.code !== undefined ? { refused: "door_code_invalid" } : undefined;
}

/** The clock looks at a trade: does what is due, and sets the next look. */
function wake(world: World, number: bigint): Outcome {
  const trade = world.trades.get(number);
  const woken = trade && catchUp(world, trade);
  if (woken !== undefined) settleAlarm(world, woken);
  const outcome = { status: 204, text: "", replayed: false };
  return woken?.pending == null ? outcome : { ...outcome, waits: number };
}

/** Another server has answered. Whoever asked for the step is told in the words that they would have got at once. */
function answered(rules: Rules, world: World, request: Request & { do: "answered" }): Outcome {
  const { number, instruction, refused } = request;
  const outcome: Outcome = { status: 204, text: "", replayed: false };
  world.answered.add(instruction);
  const trade = world.trades.get(number);
  const completed = trade && complete(world, trade, instruction, refused);
  if (completed === undefined) return outcome;
  const asker = completed.step.answer;
  if (asker === null) return { ...outcome, completed: { number, instruction, outcome: undefined } };
  const { caller, key, role, status } = asker;
  const told =
    refused === undefined
      ? shown(rules, { status, trade: completed.trade, role })
      : refusal({ refused, trade: number });
  if (key !== null) {
    const answer = { caller, key, status: told.status, body: told.text };
    world.regiven.push(answer);
    const kept = world.answers.get(answerKey(caller, key));
    if (kept !== undefined) world.answers.set(answerKey(caller, key), { ...kept, ...answer });
  }
  return { ...outcome, completed: { number, instruction, outcome: told } };
}

function write({ vault }: Rules, client: Client, world: World): Promise<unknown>[] {
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
  const noticed = noticesOf(world);
  if (noticed.length > 0) sent.push(insertNotices(client, noticed));
  const told = webhookMessages(world.endpoints, toldOf(world));
  if (told.length > 0) sent.push(enqueueWebhooks(client, told));
  if (world.routes.length > 0) sent.push(insertRoutes(client, world.routes, world.now));
  if (world.recipients.length > 0) sent.push(insertRecipients(client, vault, world.recipients));
  if (mandates.length > 0)
    sent.push(
      writeMandates(
        client,
        mandates.map(({ id, used }) => ({ id, used })),
      ),
    );
  sent.push(...writeEarly(client, world), ...world.rail.write(client));
  if (world.given.length > 0) sent.push(writeAnswers(client, world.given, world.now).catch(asConflict));
  if (world.regiven.length > 0) sent.push(rewriteAnswers(client, world.regiven));
  if (world.answered.size > 0) sent.push(deleteInstructions(client, [...world.answered]));
  if (world.forgottenTrades.size > 0) sent.push(eraseRecipients(client, [...world.forgottenTrades]));
  if (world.forgottenPeople.size > 0) sent.push(erasePeople(client, [...world.forgottenPeople], world.now));
  return sent;
}

/** What operators did on the trade of somebody who is told of it afterwards. */
function noticesOf({ events, trades }: World) {
  return events.flatMap(({ number, types, at, role, data }) => {
    const person = trades.get(number)?.buyer ?? null;
    if (role !== "operator" || person === null) return [];
    const { channel = "desk" } = (data[0]?.["operator"] ?? {}) as Partial<OperatorAct>;
    return [{ person, trade: number, types: types as TradeEventType[], channel, at }];
  });
}

/** The events of this batch with the trades as they are now, for those who are told of them. */
function toldOf({ events, trades }: World): WebhookEvents[] {
  return events.flatMap(({ number, seq, types, at }) => {
    const trade = trades.get(number);
    return trade === undefined ? [] : [{ trade: toldAs(trade), seq, types, at }];
  });
}

const unknown = { amount: null, frozen: null, settled: null, released: null, refunded: null } as const;

/** A trade as others are told of it: what this server does not know, it does not say. */
function toldAs(trade: Trade): WebhookEvents["trade"] {
  return trade.terms.private === true ? { ...trade, ...unknown } : trade;
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
