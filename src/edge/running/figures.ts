/** The figures of a server as its page shows them. */
import { toWire } from "../../core/money/money.ts";
import { type Figures, isByShop, type Kind, noShop } from "../../engines/tallies/tallies.ts";
import type { DayPoint, MoneyByDay, ShopRow } from "../running-views/running-views.ts";

/** Amounts on the wire end at 2^53 - 1; a day that moves more is shown with that. */
const most = BigInt(Number.MAX_SAFE_INTEGER);
const shown = (amount: bigint): number => toWire(amount > most ? most : amount);

function pointsOf({ days, happened }: Figures, kind: Kind, currency: string): DayPoint[] {
  const found = happened.filter((each) => each.kind === kind && each.currency === currency);
  return days.map((day) => {
    const ofDay = found.filter((each) => each.day === day);
    return {
      day,
      times: ofDay.reduce((sum, { times }) => sum + times, 0),
      amount: shown(ofDay.reduce((sum, { amount }) => sum + amount, 0n)),
    };
  });
}

const moneyKinds = ["frozen", "settled", "refunded"] as const;

/** What was frozen, settled and given back on each day, by currency. */
export function moneyOf(figures: Figures, currencies: readonly string[]): MoneyByDay[] {
  const used = new Set([...currencies, ...figures.happened.map(({ currency }) => currency)]);
  return [...used]
    .filter((currency) => currency !== "")
    .map((currency) => ({
      currency,
      series: moneyKinds.map((kind) => ({ kind, points: pointsOf(figures, kind, currency) })),
    }));
}

/** How often something happened on each day. */
export const countsOf = (figures: Figures, kind: Kind): DayPoint[] => pointsOf(figures, kind, "");

/** Shops whose goods were rejected or argued about, those with most of it first. */
export function shopsOf({ happened }: Figures, names: ReadonlyMap<string, string>): ShopRow[] {
  const rows = new Map<string, ShopRow>();
  for (const { kind, shop, times } of happened) {
    if (!isByShop(kind) || shop === noShop) continue;
    const row = rows.get(shop) ?? { shop, name: names.get(shop) ?? shop, rejected: 0, disputed: 0 };
    rows.set(shop, {
      ...row,
      rejected: row.rejected + (kind === "rejected" ? times : 0),
      disputed: row.disputed + (kind === "disputed" ? times : 0),
    });
  }
  return [...rows.values()].toSorted(
    (one, other) => other.rejected + other.disputed - (one.rejected + one.disputed),
  );
}

/** The shops of whom something is shown. */
export const shopsIn = ({ happened }: Figures): string[] => [
  ...new Set(happened.map(({ shop }) => shop).filter((shop) => shop !== noShop)),
];
