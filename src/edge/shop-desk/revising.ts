/** Lines of an order as they are typed at the desk: an order by hand, and other terms for one that is open. */
import { parseMoney, toWire } from "../../core/money/money.ts";
import type { TradeLineView, TradeView } from "../../core/protocol/protocol.ts";
import { type Fields, filled, filledNarrow, type Made, present } from "../pages/pages.ts";
import type { Now } from "../parts/parts.ts";
import { say, type Sentence } from "../words/words.ts";
import type { ComparedLine } from "../shop-desk-views/shop-desk-views.ts";

/** Who has sent a form, of which trade, and when. */
export interface Reader {
  trade: TradeView;
  now: Now;
}

type Line = Record<string, unknown> & { name: string; quantity: number };
type Errors = Record<string, Sentence>;

/** An amount as it is typed, in minor units; below zero where the kind of the line lets it be. */
function priceTyped(text: string, currency: string, mayBeLess: boolean): number | undefined {
  const less = mayBeLess && /^[-−]/u.test(text);
  const amount = parseMoney(less ? text.slice(1) : text, currency);
  if (amount === undefined || amount > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return less ? -toWire(amount) : toWire(amount);
}

/** One line of the form; undefined where it is left empty, or taken out. */
function lineTyped(
  fields: Fields,
  n: number,
  currency: string,
  old?: TradeLineView,
): { line?: Line } | { errors: Errors } {
  const [name, count, price] = [
    filled(fields[`name-${n}`]),
    filledNarrow(fields[`quantity-${n}`]),
    filledNarrow(fields[`price-${n}`]),
  ];
  if (name === undefined && price === undefined) return {};
  if (count === "0") return {};
  const errors: Errors = {};
  if (name === undefined) errors[`name-${n}`] = say("mistake.shopName");
  const quantity = /^[1-9][0-9]{0,3}$/.test(count ?? "1") ? Number(count ?? "1") : undefined;
  if (quantity === undefined) errors[`quantity-${n}`] = say("mistake.shopCount");
  const mayBeLess = old?.kind === "discount" || old?.kind === "rounding";
  const amount = price === undefined ? undefined : priceTyped(price, currency, mayBeLess);
  if (amount === undefined) errors[`price-${n}`] = say("mistake.shopPrice");
  if (name === undefined || quantity === undefined || amount === undefined) return { errors };
  const { id, kind, sku, taxRate, image } = old ?? {};
  const priced = old?.amount === undefined ? { unitAmount: amount } : { amount };
  return { line: Object.assign(present({ id, kind, sku, taxRate, image }), { name, quantity }, priced) };
}

/** The lines of a form whose fields are named by numbers up to `most`. */
export function linesTyped(
  fields: Fields,
  currency: string,
  { most, old = [] }: { most: number; old?: readonly TradeLineView[] },
): { lines: Line[] } | { errors: Errors } {
  const lines: Line[] = [];
  const errors: Errors = {};
  for (let n = 1; n <= most; n += 1) {
    const found = lineTyped(fields, n, currency, old[n - 1]);
    if ("errors" in found) Object.assign(errors, found.errors);
    else if (found.line !== undefined) lines.push(found.line);
  }
  if (Object.keys(errors).length > 0) return { errors };
  return lines.length === 0 ? { errors: { "name-1": say("mistake.shopLines") } } : { lines };
}

/** Other terms for an order, or the order that an earmark waits for. Lines that the form did not show stay as they are. */
export function revision(fields: Fields, { trade }: Reader): Made<Record<string, unknown>> {
  const { currency = "JPY", earmark } = trade;
  const old = earmark?.state === "open" ? [] : trade.lines;
  const shown = old.filter(({ line }) => fields[`name-${line}`] !== undefined).length;
  const found = linesTyped(fields, currency, { most: shown + 1, old: old.slice(0, shown) });
  if ("errors" in found) return found;
  const kept = old.slice(shown).map(asTerms);
  return { body: present({ lines: [...found.lines, ...kept], reference: filled(fields["reference"]) }) };
}

const asTerms = ({ id, kind, name, quantity, unitAmount, amount, sku, taxRate, image }: TradeLineView) =>
  present({
    id,
    kind,
    name,
    quantity,
    unitAmount: amount === undefined ? unitAmount : undefined,
    amount,
    sku,
    taxRate,
    image,
  });

interface Priced {
  name: string;
  quantity: number;
  unitAmount?: number | null;
  amount?: number;
}

const compared = ({ name, quantity, unitAmount, amount }: Priced): ComparedLine => ({
  name,
  quantity,
  amount: amount === undefined ? BigInt(unitAmount ?? 0) * BigInt(quantity) : BigInt(amount),
});

/** The order as it is and as it would be, side by side. */
export function sideBySide(trade: TradeView, lines: readonly Priced[]) {
  return { agreed: trade.lines.map(compared), wished: lines.map(compared) };
}
