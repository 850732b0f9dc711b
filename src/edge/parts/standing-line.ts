/** How far an operator lets a shop go, in one line for a buyer. */
import { formatMoney, fromWire } from "../../core/money/money.ts";
import { addDuration, parseDuration } from "../../core/protocol/protocol.ts";

/** What of a shop's standing concerns a buyer. */
export interface ShopStanding {
  frozenLimits: Readonly<Record<string, number>>;
  settleAfter: string | null;
  word: boolean;
  paidOutEarly: boolean;
}

const lines = {
  en: {
    limited: (parts: string[]) => `This server has set limits for this shop: ${parts.join("; ")}.`,
    frozen: (amount: string) => `no more than ${amount} may be frozen for it at a time`,
    settled: (span: string) => `it is paid ${span} after the goods are accepted`,
    word: "its own word that something was delivered does not count",
    paidOut: "The shop may take its money out early, and this server answers for it.",
    between: " ",
    days: (count: number) => (count === 1 ? "a day" : `${count} days`),
    hours: (count: number) => (count === 1 ? "an hour" : `${count} hours`),
    minutes: (count: number) => (count === 1 ? "a minute" : `${count} minutes`),
  },
  ja: {
    limited: (parts: string[]) => `このサーバーはこの店舗に制限を設けています：${parts.join("、")}。`,
    frozen: (amount: string) => `一度に凍結できる金額は${amount}まで`,
    settled: (span: string) => `支払いは検収から${span}後`,
    word: "「届けた」という店舗自身の申告は有効になりません",
    paidOut: "この店舗は代金を早く引き出すことができ、その責任はこのサーバーが負います。",
    between: "",
    days: (count: number) => `${count}日`,
    hours: (count: number) => `${count}時間`,
    minutes: (count: number) => `${count}分`,
  },
} as const;

const minute = 60_000;
const anyDay = new Date("2000-01-01T00:00:00Z");

function spanIn(language: keyof typeof lines, text: string): string {
  const { days, hours, minutes } = lines[language];
  const duration = parseDuration(text);
  if (duration === undefined) return text;
  const length = addDuration(anyDay, duration).getTime() - anyDay.getTime();
  if (length % (24 * 60 * minute) === 0) return days(length / (24 * 60 * minute));
  return length % (60 * minute) === 0 ? hours(length / (60 * minute)) : minutes(Math.ceil(length / minute));
}

/** One line of plain text about a shop's standing in a currency; undefined where there is nothing to say. */
export function standingLine(
  { frozenLimits, settleAfter, word, paidOutEarly }: ShopStanding,
  currency: string,
  language: "en" | "ja",
): string | undefined {
  const say = lines[language];
  const limit = frozenLimits[currency];
  const limits = [
    limit === undefined ? undefined : say.frozen(formatMoney(fromWire(limit), currency, language)),
    settleAfter === null ? undefined : say.settled(spanIn(language, settleAfter)),
    word ? undefined : say.word,
  ].filter((part) => part !== undefined);
  const sentences = [
    ...(limits.length === 0 ? [] : [say.limited(limits)]),
    ...(paidOutEarly ? [say.paidOut] : []),
  ];
  return sentences.length === 0 ? undefined : sentences.join(say.between);
}
