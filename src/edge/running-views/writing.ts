/** How figures are written for a reader. */
import { formatMoney, fromWire } from "../../core/money/money.ts";
import { dayIn, shortDayIn, useCount, useLanguage, useWords } from "../parts/parts.ts";
import type { WordKey } from "../words/words.ts";

/** An amount of minor units; of an axis the whole part. */
export function useMoney(currency: string): (amount: number) => string {
  const lang = useLanguage();
  return (amount) => formatMoney(fromWire(Math.floor(amount)), currency, lang);
}

export function useDay(): (day: string) => string {
  const lang = useLanguage();
  return (day) => dayIn(lang, day);
}

/** A day of the last ones: the page says in which year they are. */
export function useShortDay(): (day: string) => string {
  const lang = useLanguage();
  return (day) => shortDayIn(lang, day);
}

/** The seconds of the one unit that says most of a length. */
export const unitOfLength = (seconds: number): number =>
  seconds < 90 ? 1 : seconds < 5400 ? 60 : seconds < 172_800 ? 3600 : 86_400;

const lengthWords: Readonly<Record<number, WordKey>> = {
  1: "running.seconds",
  60: "running.minutes",
  3600: "running.hours",
  86_400: "running.days",
};

/** How long something took or waits, in that unit. */
export function useLength(): (seconds: number) => string {
  const say = useWords();
  const count = useCount();
  return (seconds) => {
    const length = unitOfLength(seconds);
    return say(lengthWords[length] ?? "running.days", { count: count(seconds / length) });
  };
}
