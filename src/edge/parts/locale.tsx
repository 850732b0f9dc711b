/**
 * How a page speaks to its reader: in which language, on which clock, and how amounts, numbers, names, roles and spans of
 * time are set.
 */
import { type ComponentChildren, createContext, Fragment } from "preact";
import { useContext } from "preact/hooks";
import { formatMoney, fromWire } from "../../core/money/money.ts";
import { type AcceptorRole, type ActorRole, parseDuration } from "../../core/protocol/protocol.ts";
import {
  guaranteedKey,
  type Language,
  languages,
  type Sentences,
  type WordKey,
  wordsIn,
} from "../words/words.ts";

export interface Reader {
  lang: Language;
  /** IANA name of the zone in which times are told; undefined until a page or the reader has said which. */
  timeZone?: string | undefined;
  /** Origins of which pages show pictures of goods. */
  images: readonly string[];
  /** The page speaks of what a guarantor stands for, where nothing is frozen. */
  guaranteed?: boolean | undefined;
  /** The address of this page, to which who changes the language comes back; left out where there is no way back. */
  back?: string | undefined;
}

/** The reader of whom nothing is known. */
export const plain: Reader = { lang: "en", images: [] };

export const Reading = createContext<Reader>(plain);

/** The zone in which the reader is told times. */
const useZone = (): string => useContext(Reading).timeZone ?? "UTC";

/** The language of the reader. */
export const useLanguage = (): Language => useContext(Reading).lang;

/** How components speak to the reader from these catalogues. */
export function speaking<Key extends string>(
  wordsIn: (lang: Language) => Sentences<Key>,
  guaranteedKey: (key: Key) => Key | undefined,
) {
  /** The reader's sentences. */
  const useWords = (): Sentences<Key> => {
    const { lang, guaranteed } = useContext(Reading);
    const words = wordsIn(lang);
    return guaranteed === true ? (key, values) => words(guaranteedKey(key) ?? key, values) : words;
  };
  /** A sentence with components in it: each `{name}` of the sentence is the property of that name. */
  function Say({ k, ...values }: { k: Key } & Record<string, ComponentChildren>) {
    const text = useWords()(
      k,
      Object.fromEntries(Object.keys(values).map((name) => [name, `\u0000${name}\u0000`])),
    );
    const pieces = text.split("\u0000");
    return (
      <>
        {pieces.map((piece, index) =>
          index % 2 === 1 ? <Fragment key={index}>{values[piece]}</Fragment> : piece,
        )}
      </>
    );
  }
  return { useWords, Say };
}

/** The sentences of the pages of trading servers. */
export const { useWords, Say } = speaking<WordKey>(wordsIn, guaranteedKey);

/** An amount of money as people write it. A `number` comes from the wire: minor units, a safe integer. */
export function Amount({ amount, currency }: { amount: bigint | number; currency: string }) {
  const { lang } = useContext(Reading);
  const exact = typeof amount === "bigint" ? amount : fromWire(amount);
  return <span class="amount">{formatMoney(exact, currency, lang).replace("-", "\u2212")}</span>;
}

/** Whole numbers with their groups, halves where an axis has one. */
export function useCount(): (count: number) => string {
  const { lang } = useContext(Reading);
  return (count) => new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(count);
}

/** Digits in groups of four, as they are spoken on the phone. The text that is copied has no gaps in it. */
export function TradeNumber({ number }: { number: string }) {
  const groups = number.match(/.{1,4}/gu) ?? [];
  return (
    <span class="number" data-number={number}>
      {groups.join("\u00a0")}
    </span>
  );
}

/** A name somebody has typed. It stands apart, so that its writing direction cannot turn the sentence around it. */
export function Name({ children }: { children: string }) {
  return <bdi>{children}</bdi>;
}

/** How times and days are set, and what a zone is called. */
const styles = {
  moment: { english: "en-GB", set: { dateStyle: "medium", timeStyle: "short" } },
  day: { english: "en-GB", set: { dateStyle: "long" } },
  month: { english: "en-GB", set: { month: "long", year: "numeric" } },
  dayOfYear: { english: "en-GB", set: { month: "short", day: "numeric" } },
  short: { english: "en", set: { timeZoneName: "short" } },
  long: { english: "en", set: { timeZoneName: "long" } },
  longGeneric: { english: "en", set: { timeZoneName: "longGeneric" } },
} as const satisfies Record<string, { english: string; set: Intl.DateTimeFormatOptions }>;

/** Making one takes half a millisecond, which was most of what a page took. Readers name their zones: more are not kept. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const formattersMost = 60;

function formatterOf(lang: Language, timeZone: string, style: keyof typeof styles): Intl.DateTimeFormat {
  const key = `${lang} ${timeZone} ${style}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const { english, set } = styles[style];
  const made = new Intl.DateTimeFormat(lang === "en" ? english : lang, { ...set, timeZone });
  if (formatters.size >= formattersMost) formatters.clear();
  formatters.set(key, made);
  return made;
}

/** An instant (RFC 3339) with its zone, to the minute. */
export function Moment({ at }: { at: string }) {
  const { lang } = useContext(Reading);
  const timeZone = useZone();
  const text = formatterOf(lang, timeZone, "moment").format(new Date(at));
  // The time of the day is in one line with its zone.
  const clock = text.lastIndexOf(" ") + 1;
  return (
    <time dateTime={at}>
      {text.slice(0, clock)}
      <span class="clock">
        {text.slice(clock)} {timeZone === "UTC" ? "UTC" : zoneName(lang, timeZone, "short", at)}
      </span>
    </time>
  );
}

function zoneName(
  lang: Language,
  timeZone: string,
  style: "short" | "long" | "longGeneric",
  at?: string,
): string {
  const parts = formatterOf(lang, timeZone, style).formatToParts(at === undefined ? undefined : new Date(at));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}

/** What the reader's zone is called: `Japan Standard Time`. */
export function useZoneName(): string {
  const timeZone = useZone();
  return zoneName(useLanguage(), timeZone, timeZone === "UTC" ? "long" : "longGeneric");
}

/** A month, `YYYY-MM`. */
export function Month({ month }: { month: string }) {
  const lang = useLanguage();
  return (
    <time dateTime={month}>
      {formatterOf(lang, "UTC", "month").format(new Date(`${month}-01T00:00:00Z`))}
    </time>
  );
}

/** A calendar day, `YYYY-MM-DD`, in words of a language. */
export function dayIn(lang: Language, day: string): string {
  return formatterOf(lang, "UTC", "day").format(new Date(`${day}T00:00:00Z`));
}

/** The same without its year, where that is known. */
export function shortDayIn(lang: Language, day: string): string {
  return formatterOf(lang, "UTC", "dayOfYear").format(new Date(`${day}T00:00:00Z`));
}

/** A calendar day, `YYYY-MM-DD`; it has no zone. What is no day is shown as it is. */
export function Day({ day }: { day: string }) {
  const { lang } = useContext(Reading);
  if (Number.isNaN(Date.parse(`${day}T00:00:00Z`))) return <bdi>{day}</bdi>;
  return <time dateTime={day}>{dayIn(lang, day)}</time>;
}

/** `you`, `you or the carrier`, `you, the carrier and the shop`, where the reader is the buyer; each language says what stands between. */
export function useRoles(
  reader: ActorRole = "buyer",
  self: "you" | "you.ownShop" | "you.us" = "you",
): (roles: readonly AcceptorRole[], joint: "or" | "and") => string {
  const say = useWords();
  return (roles, joint) => {
    // Who works with goods is no customer, which is what Japanese calls a buyer to their face.
    const isPerson = reader === "buyer" || reader === "recipient";
    const own = self === "you" && !isPerson ? "you.atWork" : self;
    const names = roles.map((role) => say(role === reader ? own : `you.${role}`));
    const last = names.pop() ?? "";
    return names.length === 0 ? last : `${names.join(say("comma"))}${say(joint)}${last}`;
  };
}

/** An ISO 8601 duration in words; the text itself where it has no plain form. */
export function useSpan(): (duration: string) => string {
  const say = useWords();
  return (text) => {
    const duration = parseDuration(text);
    if (duration === undefined) return text;
    const { months, milliseconds } = duration;
    const minutes = milliseconds / 60_000;
    const hours = minutes / 60;
    const days = hours / 24;
    const parts: string[] = [];
    if (months > 0) parts.push(months === 1 ? say("span.month") : say("span.months", { count: months }));
    if (days >= 1 && Number.isInteger(days)) {
      parts.push(days === 1 ? say("span.day") : say("span.days", { count: days }));
    } else if (hours >= 1 && Number.isInteger(hours)) {
      parts.push(hours === 1 ? say("span.hour") : say("span.hours", { count: hours }));
    } else if (minutes > 0) {
      parts.push(say("span.minutes", { count: Math.ceil(minutes) }));
    }
    return parts.length === 0 ? text : parts.join(say("and"));
  };
}

const ownNames: Record<Language, string> = { en: "English", ja: "日本語" };

/** The way to this page in the other languages. */
export function Languages() {
  const { lang, back } = useContext(Reading);
  if (back === undefined) return null;
  return (
    <form method="post" action="/language" id="language-form" class="languages">
      <input type="hidden" name="back" value={back} />
      {languages
        .filter((language) => language !== lang)
        .map((language) => (
          <button key={language} type="submit" name="language" value={language} lang={language}>
            {ownNames[language]}
          </button>
        ))}
    </form>
  );
}
