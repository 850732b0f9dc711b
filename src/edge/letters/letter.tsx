/** A mail as text: pure, from what its reader may see of the trade. Plain text and HTML say the same. */
import type { MailKind, Reader } from "../../engines/outbox/outbox.ts";
import { formatMoney, fromWire } from "../../core/money/money.ts";
import type { TradeEventType, TradeEventView, TradeView } from "../../core/protocol/protocol.ts";
import type { PersonLanguage } from "../../storage/members/members.ts";
import { renderPage } from "../parts/parts.ts";
import { guaranteed } from "./guaranteed-words.ts";
import type { MailWords, Said } from "./words.ts";
import { en } from "./words-en.ts";
import { ja } from "./words-ja.ts";

const languages = { en, ja } as const satisfies Record<PersonLanguage, MailWords>;

/** What every mail has. */
export interface Envelope {
  lang: PersonLanguage;
  /** What people see of whose server it is. */
  server: string;
  /** Where the reader sees what it is about. */
  link?: string;
}

export interface LetterData extends Envelope {
  reader: Reader;
  kinds: readonly MailKind[];
  /** The trade and the events of the command, as the reader may see them. */
  trade: TradeView;
  events: readonly TradeEventView[];
  /** What the link is: a page to sign in at, a guest's own, or one that only shows. */
  access?: "signIn" | "own" | "look";
  /** What confirms the reader's address. */
  code?: string;
  /** Where goods go back to, in one line, for whoever has to send them. */
  returnTo?: string;
  /** IANA name of the zone in which times are told. */
  timeZone: string;
}

export interface Letter {
  subject: string;
  text: string;
  html: string;
}

/** One thing that the mail says, filled in. */
export interface Part {
  head: string;
  happened: string;
  can: string | undefined;
  until: string | undefined;
  silence: string | undefined;
}

/** Which clock runs for a kind of mail: the first of these that the trade has. */
const clocks: Partial<Record<MailKind, readonly string[]>> = {
  "approve soon": ["approveBy"],
  frozen: ["shipBy", "reservedUntil"],
  "ship soon": ["shipBy"],
  "reservation soon": ["reservedUntil"],
  shipped: ["deliverBy"],
  "delivery soon": ["deliverBy"],
  "arrived?": ["decideBy", "reservedUntil"],
  delivered: ["acceptBy"],
  "accept soon": ["acceptBy"],
  "payment soon": ["paymentDate"],
  due: ["payBy"],
  "pay soon": ["payBy"],
  "withdraw soon": ["coolingOffUntil"],
  rejected: ["returnBy"],
  "not received": ["inspectBy"],
  "return soon": ["returnBy"],
  "sent back": ["inspectBy"],
  "inspect soon": ["inspectBy"],
  "come back": ["inspectBy"],
  withdrawn: ["returnBy", "inspectBy"],
  disputed: ["answerBy", "decideBy"],
  "answer soon": ["answerBy"],
  answered: ["decideBy"],
};

/** What came last in a command is what matters most: that is the subject. */
export function letterOf(data: LetterData): Letter {
  const words = languages[data.lang];
  const otherwise = data.trade.payment?.on === "collection" ? guaranteed[data.lang] : undefined;
  const parts = data.kinds.flatMap((kind) => {
    const said = otherwise?.[kind]?.[data.reader] ?? words.kinds[kind][data.reader];
    return said === undefined ? [] : [partOf(data, words, kind, said)];
  });
  const last = parts.at(-1);
  if (last === undefined)
    throw new Error(`A mail to the ${data.reader} says nothing: ${data.kinds.join(", ")}.`);
  const facts = factsOf(data, words);
  const ends = data.link === undefined ? undefined : words.access[data.access ?? "signIn"];
  const subject = filled(words.subject, {
    head: last.head,
    shop: data.trade.shopName,
    number: spoken(data.trade.number),
  });
  const { lang, server, link } = data;
  const foot = filled(words.foot, { server });
  return composed({ lang, link, words, parts, facts, ends, foot, subject, look: words.look });
}

/** What the words are in a language. */
export const wordsIn = (lang: PersonLanguage): MailWords => languages[lang];

/** A mail of its parts, in both forms. */
export function composed(whole: Whole): Letter {
  return { subject: whole.subject, text: textOf(whole), html: renderPage(<Mail {...whole} />) };
}

function partOf(data: LetterData, words: MailWords, kind: MailKind, said: Said): Part {
  const until = untilOf(data, kind);
  const fill = (sentence: string | undefined) =>
    sentence === undefined ? undefined : filled(sentence, valuesOf(data, words, kind));
  return {
    head: fill(said.head) ?? "",
    happened: fill(said.happened) ?? "",
    can: fill(said.can),
    until: until === undefined || said.silence === undefined ? undefined : instant(until, data),
    silence: fill(until === undefined ? said.always : said.silence),
  };
}

function untilOf({ trade, events }: LetterData, kind: MailKind): Date | undefined {
  const names = clocks[kind] ?? [];
  const deadlines: Readonly<Record<string, string | null>> = trade.deadlines;
  const near = events.find(
    ({ type, data }) => type === "trade.deadline_near" && names.includes(String(data["deadline"])),
  );
  const at = names.map((name) => deadlines[name]).find((one) => typeof one === "string") ?? near?.data["at"];
  return typeof at === "string" && !Number.isNaN(Date.parse(at)) ? new Date(at) : undefined;
}

function valuesOf(data: LetterData, words: MailWords, kind: MailKind): Record<string, string> {
  const { trade, events, lang } = data;
  const { currency } = trade;
  const amount = amountOf(data, kind);
  const operator = events.map((event) => event.data["operator"]).find((one) => one !== undefined);
  const { channel = "desk" } = (operator ?? {}) as { channel?: keyof MailWords["channels"] };
  return {
    shop: trade.shopName,
    amount:
      amount === undefined || currency === undefined
        ? words.amount
        : formatMoney(fromWire(amount), currency, lang),
    channel: words.channels[channel],
    code: data.code === undefined ? "" : spoken(data.code),
  };
}

/** In which event the amount stands that a mail names. */
const amountIn: Partial<Record<MailKind, TradeEventType>> = {
  paid: "trade.settled",
  collected: "collection.paid",
  due: "guarantee.due",
  released: "guarantee.released",
  refunded: "trade.refunded",
};

/** The amount that a mail names, where its reader may see amounts and this server knows them. */
function amountOf({ trade, events }: LetterData, kind: MailKind): number | undefined {
  if (kind === "frozen") return trade.frozen ?? undefined;
  const type = amountIn[kind];
  if (type === undefined) return undefined;
  const sum = events
    .filter((event) => event.type === type)
    .map(({ data }) => data["amount"])
    .filter((amount) => typeof amount === "number")
    .reduce((all, amount) => all + amount, 0);
  return sum > 0 ? sum : undefined;
}

function factsOf({ trade, returnTo }: LetterData, words: MailWords): [name: string, value: string][] {
  const facts: [string, string][] = [
    [words.trade, spoken(trade.number)],
    [words.shop, tame(trade.shopName)],
  ];
  if (trade.reference !== null) facts.push([words.reference, tame(trade.reference)]);
  if (returnTo !== undefined) facts.push([words.returnTo, tame(returnTo)]);
  return facts;
}

interface Whole {
  lang: PersonLanguage;
  link: string | undefined;
  /** What the link leads to. */
  look: string;
  words: MailWords;
  parts: readonly Part[];
  facts: readonly (readonly [name: string, value: string])[];
  ends: string | undefined;
  foot: string;
  subject: string;
}

/** The paragraphs under what happened, each with its name. */
function linesOf(words: MailWords, { can, until, silence }: Part): [name: string, text: string][] {
  const named: [string, string | undefined][] = [
    [words.can, can],
    [words.until, until],
    [words.silence, silence],
  ];
  return named.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as [string, string]]));
}

function textOf({ link, look, words, parts, facts, ends, foot }: Whole): string {
  const said = parts.flatMap((part) => [
    part.happened,
    ...linesOf(words, part).map(([name, text]) => `${name}: ${text}`),
    "",
  ]);
  const lines = [
    ...said,
    ...facts.map(([name, value]) => `${name}: ${value}`),
    "",
    ...(link === undefined ? [] : [`${look}: ${link}`, ends, ""]),
  ];
  return `${[...lines, "-- ", foot].join("\n")}\n`;
}

function Mail({ lang, link, look, words, parts, facts, ends, foot, subject }: Whole) {
  return (
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <title>{subject}</title>
      </head>
      <body>
        {parts.map((part) => (
          <div key={part.head}>
            <h2>{part.head}</h2>
            <p>{part.happened}</p>
            {linesOf(words, part).map(([name, text]) => (
              <p key={name}>
                <strong>{name}:</strong> {text}
              </p>
            ))}
          </div>
        ))}
        <p>
          {facts.map(([name, value]) => (
            <span key={name}>
              {name}: <bdi>{value}</bdi>
              <br />
            </span>
          ))}
        </p>
        {link === undefined ? null : (
          <p>
            <a href={link}>{look}</a>
            <br />
            {ends}
          </p>
        )}
        <hr />
        <p>
          <small>{foot}</small>
        </p>
      </body>
    </html>
  );
}

/** Fills `{name}` in; what is filled in stays on its line. */
export function filled(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => tame(values[name] ?? ""));
}

/**
 * A text from somebody else on one line, without what would end a header, turn the direction of what stands around it, or
 * be invisible.
 */
export function tame(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

/** Digits in groups of four, as they are spoken on the phone. */
export const spoken = (number: string): string => (number.match(/.{1,4}/gu) ?? []).join(" ");

function instant(at: Date, { lang, timeZone }: Pick<LetterData, "lang" | "timeZone">): string {
  const text = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone,
  }).format(at);
  if (timeZone === "UTC") return `${text} UTC`;
  return lang === "ja" && timeZone === "Asia/Tokyo" ? `${text} (日本時間)` : `${text} (${timeZone})`;
}
