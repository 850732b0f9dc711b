/** What is asked once more before it is done: every act that moves money, with what it moves, as the machine will decide it. */
import { isRefused, problem, type Problem, type TradeView } from "../../core/protocol/protocol.ts";
import type { MoveBody } from "../../core/protocol/schemas.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import type { Fields, PageContext } from "../pages/pages.ts";
import type { DeskAct, Sure } from "../shop-desk-views/shop-desk-views.ts";
import { sideBySide } from "./revising.ts";

/** The acts that say something and move nothing, whatever becomes of them later. */
const saysOnly: ReadonlySet<DeskAct> = new Set<DeskAct>([
  "ship",
  "deliver",
  "answer",
  "say",
  "offer",
  "extend",
  "dispute",
  "contest",
]);

const nothing = { free: 0, back: 0, paid: 0, later: 0, fee: 0, repaid: 0 };

/** What is asked; undefined where nothing is, or where it was said yes to; or why it cannot be done at all. */
export async function askedOnce(
  { trades }: Pick<PageContext, "trades">,
  { actor, trade }: { actor: Actor; trade: TradeView },
  { act, body, fields }: { act: DeskAct; body: MoveBody; fields: Fields },
): Promise<{ sure: Sure } | { problem: Problem } | undefined> {
  if (saysOnly.has(act)) return undefined;
  const kept = fieldsOf(fields, trade);
  if (fields["sure"] === "yes" && body.do !== "advance") return undefined;
  if (body.do === "approve") return undefined;
  if (body.do === "revise") {
    const terms = sideBySide(trade, body.lines ?? []);
    return { sure: { act, fields: kept, moves: nothing, terms } };
  }
  const foreseen = await trades.foresee(actor, trade.number, body);
  if (isRefused(foreseen)) return { problem: problem(foreseen.refused, foreseen.detail) };
  const { settled, released, refunded, later, advance, fee = 0, repaid = 0 } = foreseen;
  if (advance !== undefined) {
    // The yes is to the price that was shown, too: the server may have set another one since.
    const price = String(advance.price);
    if (fields["sure"] === "yes" && fields["price"] === price) return undefined;
    const others = kept.filter(([name]) => name !== "price");
    return { sure: { act, fields: [...others, ["price", price]], moves: { early: advance } } };
  }
  if (settled === null || released === null || refunded === null || later === null)
    return { sure: { act, fields: kept, moves: "unknown" } };
  const paid = settled - fee - repaid;
  return { sure: { act, fields: kept, moves: { free: released, back: refunded, paid, later, fee, repaid } } };
}

/** What was typed, with the key of the press and the version that was seen: the yes is to that and to nothing else. */
function fieldsOf(fields: Fields, { version }: TradeView): [string, string][] {
  const texts = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    value === undefined || name === "sure" || name === "photo" ? [] : [[name, value]],
  );
  return texts.some(([name]) => name === "version") ? texts : [...texts, ["version", String(version)]];
}
