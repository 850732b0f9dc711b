/**
 * What holds for operators who act for people by phone, FAX, letter and at the counter (paragraphs 0080, 0093): they say
 * how the caller proved who it is, and above an amount a second operator looks at the same act before it is done. It
 * stands before the trades, for programs and pages alike, and knows nothing of what an act does.
 */
import { type Database, uuidv7 } from "../../storage/database/database.ts";
import { digestOf, notDone, type Outcome } from "../../engines/engine/engine.ts";
import { readOperator } from "../../storage/parties/parties.ts";
import { problem, type Problem, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import type { MoveBody, MoveName, Propose } from "../../core/protocol/schemas.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";
import { confirmAct, enterAct, listActs, readAct, type WaitingAct } from "./store.ts";

export interface DeskRules {
  /** By currency the amount, in minor units, above which an act needs a second operator; others need none. */
  fourEyes?: Readonly<Record<string, bigint>>;
  /** Whether operators have to say how a caller proved who it is. */
  requireProof?: boolean;
}

export interface Desk {
  /** The trades, with what holds for operators before them. */
  trades: TradeCalls<"desk">;
  /** Does what another operator has asked for, once. Refuses with not_found, four_eyes_required, trade_changed. */
  confirm(operator: string, act: string): Promise<Outcome<TradeView>>;
  /** Acts that wait, oldest first. */
  waiting(limit: number, after?: string): Promise<WaitingAct[]>;
}

/** Acts that move a person's money or bind it. */
const watched: ReadonlySet<MoveName> = new Set([
  "approve",
  "revise",
  "accept",
  "return",
  "withdraw",
  "offer/accept",
  "refund",
  "resolve",
]);
/** Acts in which an operator speaks for somebody. */
const spoken: ReadonlySet<MoveName> = new Set(["approve", "accept", "withdraw", "offer/accept", "refund"]);

interface Room {
  database: Database;
  trades: TradeCalls<"doorstep">;
  rules: DeskRules;
}

export function openDesk(room: Room): Desk {
  const { database, trades } = room;
  return {
    trades: {
      ...trades,
      checked: "desk",
      propose: async (actor, body, key) => {
        const refused = actor.kind === "operator" ? refusedProposal(room.rules, body) : undefined;
        return refused === undefined ? trades.propose(actor, body, key) : notDone(refused);
      },
      move: (actor, number, body, key) =>
        actor.kind === "operator"
          ? act(room, actor, number, body, key)
          : trades.move(actor, number, body, key),
    },
    confirm: (operator, id) => confirm(room, operator, id),
    waiting: (limit, after) => listActs(database, limit, after),
  };
}

function unproven(pointer: string): Problem {
  return problem("invalid_field", "An operator says how the caller proved who it is.", {
    errors: [{ pointer, message: "is missing" }],
  });
}

/**
 * An order that an operator takes with the buyer's consent. It holds what is personal, and so it does not wait for a second
 * operator: above the limit it is proposed without consent, and the approval is what waits.
 */
function refusedProposal(
  rules: DeskRules,
  { approval, amount, lines = [], currency, private: isPrivate }: Propose,
): Problem | undefined {
  if (approval === undefined || !("operator" in approval)) return undefined;
  const { channel, proof } = approval.operator;
  if (rules.requireProof === true && channel !== "desk" && proof === undefined)
    return unproven("/approval/operator/proof");
  const sum = isPrivate === true ? undefined : (amount ?? worthOf(lines));
  if (!isAbove(rules, currency, sum)) return undefined;
  return problem(
    "four_eyes_required",
    "Propose it without `approval`, then approve it: a second operator confirms the approval.",
  );
}

function isAbove(
  { fourEyes = {} }: DeskRules,
  currency: string | undefined,
  amount: number | null | undefined,
): boolean {
  // What cannot be seen here is looked at by two.
  if (currency === undefined || amount === undefined || amount === null)
    return Object.keys(fourEyes).length > 0;
  const limit = Object.hasOwn(fourEyes, currency) ? fourEyes[currency] : undefined;
  return limit !== undefined && BigInt(amount) > limit;
}

/** The whole of the trade counts, however small a part the act is of: many small acts are not a way round. */
function needsTwo(rules: DeskRules, trade: TradeView, body: MoveBody): boolean {
  const { currency, amount } = trade;
  if (isAbove(rules, currency, amount)) return true;
  if (body.do !== "revise") return false;
  const wished = body.amount ?? (body.lines && worthOf(body.lines));
  return wished !== undefined && isAbove(rules, currency, wished);
}

function worthOf(lines: readonly { quantity: number; unitAmount?: number | undefined }[]): number {
  return lines.reduce((sum, { quantity, unitAmount = 0 }) => sum + quantity * unitAmount, 0);
}

const amountOf = ({ amount }: TradeView): bigint | null => (amount == null ? null : BigInt(amount));

async function act(
  { database, trades, rules }: Room,
  actor: Actor,
  number: string,
  body: MoveBody,
  key: string | undefined,
): Promise<Outcome<TradeView>> {
  const { channel = "desk", proof } = body.operator ?? {};
  const speaks = spoken.has(body.do) && (body.do === "approve" || channel !== "desk");
  if (rules.requireProof === true && speaks && proof === undefined)
    return notDone(unproven("/operator/proof"));
  if (rules.fourEyes === undefined || !watched.has(body.do)) return trades.move(actor, number, body, key);
  const trade = await trades.read(actor, number);
  if (trade === undefined || !needsTwo(rules, trade, body)) return trades.move(actor, number, body, key);
  const waits = await enterAct(database, {
    id: uuidv7(),
    operator: actor.id,
    key,
    trade: BigInt(number),
    body,
    currency: trade.currency ?? null,
    amount: amountOf(trade),
  });
  if (!isSame(waits, number, body)) return notDone(problem("idempotency_key_reused"));
  if (waits.confirmedBy !== null) return perform(trades, waits, waits.confirmedBy);
  const detail = `A second operator has to confirm this: POST /v1/operator-acts/${waits.id}/confirm.`;
  return notDone(problem("four_eyes_required", detail, { trade: number, act: waits.id }));
}

const isSame = (waits: WaitingAct, number: string, body: MoveBody): boolean =>
  digestOf("act", String(waits.trade), waits.body).bytes.equals(digestOf("act", number, body).bytes);

/** Under both names, and once: the engine keeps the answer under the id of the act. */
function perform(
  trades: TradeCalls<"doorstep">,
  waits: WaitingAct,
  confirmedBy: string,
): Promise<Outcome<TradeView>> {
  const actor: Actor = { kind: "operator", id: waits.operator, confirmedBy };
  return trades.move(actor, String(waits.trade), waits.body, waits.id);
}

async function confirm(
  { database, trades }: Room,
  operator: string,
  id: string,
): Promise<Outcome<TradeView>> {
  const waits = await readAct(database, id);
  if (waits === undefined) return refuse("not_found");
  if (waits.operator === operator)
    return refuse("four_eyes_required", "Another operator than the one who asked confirms an act.");
  if (waits.confirmedBy !== null) return perform(trades, waits, waits.confirmedBy);
  if ((await readOperator(database, waits.operator))?.state !== "active")
    return refuse("not_allowed", "The operator who asked for this is suspended.");
  const trade = await trades.read({ kind: "operator", id: operator }, String(waits.trade));
  const amount = trade === undefined ? null : amountOf(trade);
  if (amount !== waits.amount) return refuse("trade_changed", undefined, { trade: String(waits.trade) });
  const by = await confirmAct(database, id, operator);
  return by === undefined ? refuse("not_found") : perform(trades, waits, by);
}
