/** How figures are written for a reader. */
import { formatMoney, fromWire } from "../../core/money/money.ts";
import { dayIn, useLanguage, useWords } from "../parts/parts.ts";

/** Whole numbers with their groups, halves where an axis has one. */
export function useCount(): (count: number) => string {
  const lang = useLanguage();
  return (count) => new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(count);
}

/** An amount of minor units; of an axis the whole part. */
export function useMoney(currency: string): (amount: number) => string {
  const lang = useLanguage();
  return (amount) => formatMoney(fromWire(Math.floor(amount)), currency, lang);
}

export function useDay(): (day: string) => string {
  const lang = useLanguage();
  return (day) => dayIn(lang, day);
}

/** How long something took or waits, in the one unit that says most. */
export function useLength(): (seconds: number) => string {
  const say = useWords();
  const count = useCount();
  return (seconds) => {
    const [unit, length] =
      seconds < 90
        ? (["running.seconds", 1] as const)
        : seconds < 5400
          ? (["running.minutes", 60] as const)
          : seconds < 172_800
            ? (["running.hours", 3600] as const)
            : (["running.days", 86_400] as const);
    return say(unit, { count: count(seconds / length) });
  };
}
