/** A batch of requests: each is decided in memory, and all that they come to is written at once. */
import { eventRow, type LeafRow, rowOf } from "../../core/log/log.ts";
import { commandOf } from "../../core/machine/machine.ts";
import { changeOf, draftOf, type OperatorAct, type Taking, type Trade } from "../../core/trade/trade.ts";
import {
  type ActorRole,
  isRefused,
  type Refused,
  type TradeEventType,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import type { MoveBody } from "../../core/protocol/schemas.ts";
import type { Client } from "../../storage/database/database.ts";
import {
  eraseGuestForms,
  erasePeople,
  erasePhotosOfRecipients,
  insertGuestForms,
  insertNotices,
  type NewNotice,
  writeMandates,
} from "../../storage/members/members.ts";
import { addFigures, insertTaken } from "../../storage/parties/parties.ts";
import { commandRows, newBatch, seal } from "../../storage/seals/seals.ts";
import { type Decided, refusal, writeFirstAnswers } from "../engine/engine.ts";
import {
  deleteInstructions,
  enqueueWebhooks,
  insertMails,
  mailingsOf,
  type NewMail,
  type WaitingInstruction,
  type WebhookEvents,
  webhookMessages,
} from "../outbox/outbox.ts";
import { writeStanding } from "../credit/credit.ts";
import { approveTrade, assignTrade, earmark, proposeTrade, reviseTrade } from "../agreements/agreements.ts";
import {
  actOf,
  type Asked,
  advanceFor,
  catchUp,
  debtOf,
  decideAndApply,
  disputesOfBatch,
  eraseRecipients,
  figuresOfBatch,
  insertEvents,
  insertRecipients,
  insertRoutes,
  insertTrades,
  keepQuietly,
  type KeptTrade,
  openWorld,
  type Request,
  type Result,
  resultOf,
  type Rules,
  toldEvents,
  tooMuchEarly,
  updateAgreements,
  updateTrades,
  type World,
  writeAdvancesOf,
  writeDisputes,
} from "../steps/steps.ts";
import {
  type Answer,
  answered,
  awaited,
  collected,
  type EndedWait,
  hindered,
  shown,
  wake,
} from "./unasked.ts";
import { roleIn } from "./view.ts";

/** Told, once a batch is committed, what this process has to send, that messages were written, and whose wait is over. */
export interface Listener {
  asked(instructions: readonly WaitingInstruction[]): void;
  told(): void;
  wrote(types: readonly string[]): void;
  ended(wait: EndedWait): void;
}

/** Decides a batch of requests in memory and hands back the statements that write it down (docs/decisions/0010-group-commit.md). */
export async function decideBatch(
  rules: Rules,
  listener: Listener,
  client: Client,
  requests: readonly Request[],
): Promise<Decided<Answer>> {
  const world = await openWorld(rules, client, requests);
  const answers = answerAll(rules, world, requests);
  return {
    answers,
    write: (writer) => write(rules, writer, world),
    committed: () => {
      if (world.rail.asked.length > 0) listener.asked(world.rail.asked);
      for (const { types } of world.events) listener.wrote(types);
      if (world.endpoints.length > 0 && world.events.length > 0) listener.told();
      for (const { ended } of answers) if (ended !== undefined) listener.ended(ended);
    },
  };
}

/** Decides requests one after another in what is locked and read. Pure but for the world, which remembers it all. */
export function answerAll(rules: Rules, world: World, requests: readonly Request[]): Answer[] {
  return requests.map((request) => {
    switch (request.do) {
      case "wake":
        return wake(world, request.number);
      case "hindered":
        return hindered(world, request);
      case "awaited":
        return awaited(rules, world, request);
      case "answered":
        return answered(rules, world, request);
      case "collected":
        return collected(world, request);
      default:
        return answer(rules, world, request);
    }
  });
}

/** An answer to the same key of a caller is given again. */
function answer(rules: Rules, world: World, request: Asked): Answer {
  const { actor, key, digest } = request;
  const of = key === undefined ? undefined : { caller: actor.id, key };
  const before = of && world.answers.find<TradeView>(of, digest);
  if (before !== undefined) {
    // What is kept as waiting still waits: its own end would have been put in its place.
    return before.how === "done" && before.status === 202
      ? { outcome: before, waits: BigInt(before.view.value.number) }
      : { outcome: before };
  }
  const result = resultFor(rules, world, request);
  if (isRefused(result)) {
    const outcome = refusal(result, result.trade);
    if (result.refused === "trade_busy")
      return result.trade === undefined ? { outcome } : { outcome, busy: result.trade };
    if (of !== undefined) world.answers.keep(of, digest, outcome);
    return { outcome };
  }
  const outcome = shown(rules, result);
  if (of !== undefined) world.answers.keep(of, digest, outcome);
  if (result.waits !== true) return { outcome };
  const { pending, number } = result.trade;
  if (pending === null) {
    const answer = { caller: actor.id, key: key ?? null, role: result.role, status: 200 };
    const instruction = awaitTaking(world, result.trade, answer);
    return { outcome, waits: number, ...(instruction === undefined ? {} : { instruction }) };
  }
  pending.answer = { caller: actor.id, key: key ?? null, role: result.role, status: result.status };
  return { outcome, waits: number, instruction: pending.instruction };
}

function resultFor(rules: Rules, world: World, request: Asked): Result {
  switch (request.do) {
    case "propose":
      return request.body.earmark === true
        ? earmark(rules, world, request)
        : proposeTrade(rules, world, request);
    case "assign":
      return assignTrade(world, request);
    case "move":
      return moveTrade(rules, world, request);
  }
}

function moveTrade(rules: Rules, world: World, request: Request & { do: "move" }): Result {
  const found = world.trades.get(request.number);
  const role = found === undefined ? undefined : roleIn(found, request.actor);
  if (found === undefined || role === undefined) return { refused: "not_found" };
  const trade = catchUp(world, found);
  if (trade.pending !== null) return { refused: "trade_busy", trade: trade.number };
  if (isAnother(trade.version, request.actor.saw) || isAnother(trade.version, seenBy(request.body)))
    return { refused: "trade_changed", trade: trade.number };
  const refused = misplacedOperator(request.body, role) ?? unprovenCode(request.body);
  if (refused !== undefined) return { ...refused, trade: trade.number };
  // What nobody asked for by phone, FAX, letter or at the counter is the operator's own act, and is recorded as that.
  const operator =
    request.body.operator ??
    (role === "operator" ? { channel: "desk" as const, reference: "none" } : undefined);
  const act = { debt: debtOf(world, trade), ...actOf(world, role, request.actor, operator) };
  if (request.body.do === "approve") return approveTrade(rules, world, trade, request.body, act);
  if (request.body.do === "revise") return reviseTrade(rules, world, trade, request.body, act);
  const command = request.body.do === "advance" ? advanceFor(world, trade) : commandOf(trade, request.body);
  if (isRefused(command)) return { ...command, trade: trade.number };
  const { applied, refused: no } = decideAndApply(world, trade, command, act, {
    check: (decision) => tooMuchEarly(world, decision),
  });
  if (no !== undefined) return { ...no, trade: trade.number };
  // What a step owes at once, such as a refund beside another payment, follows it in the same batch.
  const kept = applied.how === "done" ? { ...applied, trade: catchUp(world, applied.trade) } : applied;
  const result = resultOf(kept, { status: 200, role }, trade.number);
  return !isRefused(result) && isTaking(result.trade) && "collected" in request.body
    ? { ...result, waits: true }
    : result;
}

const isTaking = ({ progress: { guarantee } }: Trade): boolean => guarantee?.taking?.state === "asked";

/** Notes who waits to hear what became of what they have taken at the door; answers the instruction that asks. */
function awaitTaking(
  world: World,
  trade: KeptTrade,
  answer: NonNullable<Taking["answer"]>,
): string | undefined {
  const { guarantee } = trade.progress;
  if (guarantee?.taking === undefined) return undefined;
  const draft: KeptTrade = { ...draftOf(trade), pending: null };
  draft.progress.guarantee = { ...guarantee, taking: { ...guarantee.taking, answer } };
  keepQuietly(world, draft);
  return guarantee.taking.instruction;
}

const isAnother = (version: number, seen: number | undefined): boolean =>
  seen !== undefined && seen !== version;

/** The version on which a caller decided. An approval looks at it itself, and an offer is taken by its own. */
const seenBy = (body: MoveBody): number | undefined =>
  body.do === "approve" || body.do === "offer/accept" ? undefined : body.version;

/** Only an operator says that somebody called; anyone else who says so pretends to be one. */
function misplacedOperator(body: MoveBody, role: ActorRole): Refused | undefined {
  if (body.operator === undefined || role === "operator") return undefined;
  return { refused: "not_allowed", detail: "Only an operator acts for somebody else." };
}

/** What a code proves is found out before a request comes here; a code that nobody has looked at proves nothing. */
function unprovenCode(body: MoveBody): Refused | undefined {
  return body.do === "accept" && body.code !== undefined ? { refused: "door_code_invalid" } : undefined;
}

function write({ vault }: Rules, client: Client, world: World): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  const batch = newBatch(world.now);
  const of = (numbers: ReadonlySet<bigint>) =>
    [...numbers].map((number) => world.trades.get(number)).filter((trade) => trade !== undefined);
  const updated = of(world.updated).filter((trade) => !world.inserted.has(trade.number));
  const mandates = [...world.usedMandates].flatMap((id) => world.mandates.get(id) ?? []);
  if (world.inserted.size > 0) sent.push(insertTrades(client, of(world.inserted)));
  const agreed = updated.filter(({ number }) => world.agreed.has(number));
  const moved = updated.filter(({ number }) => !world.agreed.has(number));
  if (moved.length > 0) sent.push(updateTrades(client, moved));
  if (agreed.length > 0) sent.push(updateAgreements(client, agreed));
  if (world.events.length > 0) sent.push(insertEvents(client, world.events, batch.id));
  const noticed = noticesOf(world);
  if (noticed.length > 0) sent.push(insertNotices(client, noticed));
  const told = webhookMessages(world.endpoints, toldOf(world));
  if (told.length > 0) sent.push(enqueueWebhooks(client, told));
  const mails = mailsOf(world);
  if (world.mails !== undefined && mails.length > 0) sent.push(insertMails(client, mails, world.mails));
  if (world.takenReferences.length > 0) sent.push(insertTaken(client, world.takenReferences));
  if (world.routes.length > 0) sent.push(insertRoutes(client, world.routes, world.now));
  if (world.recipients.length > 0) sent.push(insertRecipients(client, vault, world.recipients));
  if (world.guestForms.length > 0) sent.push(insertGuestForms(client, vault, world.guestForms));
  const answered = [...world.answeredTrades, ...world.forgottenTrades];
  if (answered.length > 0) sent.push(eraseGuestForms(client, answered));
  if (mandates.length > 0)
    sent.push(
      writeMandates(
        client,
        mandates.map(({ id, used }) => ({ id, used })),
      ),
    );
  if (world.standing !== undefined) sent.push(...writeStanding(client, world.standing));
  if (world.advances !== undefined) sent.push(...writeAdvancesOf(client, world, world.advances));
  sent.push(...world.rail.write(client));
  sent.push(...seal(client, batch, sealedRows(world, noticed)));
  sent.push(...writeFirstAnswers(client, world.answers, world.now));
  if (world.answered.size > 0) sent.push(deleteInstructions(client, [...world.answered]));
  const disputes = disputesOfBatch(world);
  if (disputes.length > 0) sent.push(...writeDisputes(client, disputes));
  if (world.forgottenTrades.size > 0) {
    const over = [...world.trades.values()].filter(({ id }) => world.forgottenTrades.has(id));
    sent.push(
      eraseRecipients(client, [...world.forgottenTrades]),
      erasePhotosOfRecipients(
        client,
        over.map(({ number }) => number),
      ),
    );
  }
  if (world.forgottenPeople.size > 0) sent.push(erasePeople(client, [...world.forgottenPeople], world.now));
  const figures = figuresOfBatch(world);
  // Last: whoever holds these rows, which batches of other trades of the party wait for, waits for nothing any more.
  if (figures.length > 0) sent.push(addFigures(client, figures));
  return sent;
}

/** The rows of this batch that nobody may change afterwards. */
function sealedRows({ events, rail }: World, notices: readonly NewNotice[]): LeafRow[] {
  return [...events.map(eventRow), ...commandRows(rail.entries), ...notices.map(noticeRow)];
}

const noticeRow = ({ id, person, trade, types, channel, at }: NewNotice): LeafRow =>
  rowOf("notices", id, 0, [person, trade, types, channel, at]);

/** What operators did on trades: the buyer is told of it afterwards, and so is whoever's word they brought. */
function noticesOf({ events, trades, newId }: World): NewNotice[] {
  return events.flatMap(({ number, types, at, role, data }) => {
    const trade = trades.get(number);
    if (role !== "operator" || trade === undefined) return [];
    const { channel = "desk", as } = (data[0]?.["operator"] ?? {}) as Partial<OperatorAct>;
    const speaker = as === "shop" || as === "carrier" || as === "provider" ? trade[as] : null;
    const told = [trade.buyer, speaker].filter((person) => person !== null);
    return told.map((person) => {
      return { id: newId(), person, trade: number, types: types as TradeEventType[], channel, at };
    });
  });
}

/** Who is told by mail of the events of this batch. A shop that takes webhooks gets mail only where it has to act. */
function mailsOf({ mails, events, trades, endpoints }: World): NewMail[] {
  if (mails === undefined) return [];
  const hooked = new Set(endpoints.map(({ owner }) => owner));
  const told: NewMail[] = [];
  for (const row of events) {
    const trade = trades.get(row.number);
    if (trade === undefined) continue;
    for (const { reader, kinds, asks, quiet } of mailingsOf(toldEvents(row), row.role)) {
      const party = partyOf(trade, reader);
      if (party === null || (quiet && reader === "shop" && hooked.has(party))) continue;
      told.push({ trade: row.number, seq: row.seq, party, reader, kinds, asks, at: row.at });
    }
  }
  return told;
}

function partyOf(trade: Trade, reader: NewMail["reader"]): string | null {
  // A shop hears of a number from whoever shows it, not from here.
  if (reader === "shop" && trade.terms.earmark === true) return null;
  return reader === "recipient" ? receiverOf(trade) : trade[reader];
}

/** The recipient, where they are an acceptor and still known: what is told of them goes by the trade's id. */
function receiverOf({ id, terms, progress }: Trade): string | null {
  return terms.acceptance.by.includes("recipient") && !progress.erased ? id : null;
}

/** The events of this batch, each with the trade as its step left it and with what the step changed. */
function toldOf({ events, endpoints }: World): WebhookEvents[] {
  if (endpoints.length === 0) return [];
  return events.map(({ before, next, seq, types, at, data }) => {
    return { trade: toldAs(next), changed: changeOf(before, next), seq, types, at, data };
  });
}

const unknown = { amount: null, frozen: null, settled: null, released: null, refunded: null } as const;

/** A trade as others are told of it: what this server does not know, it does not say. */
function toldAs(trade: Trade): WebhookEvents["trade"] {
  return trade.terms.private === true ? { ...trade, ...unknown } : trade;
}
