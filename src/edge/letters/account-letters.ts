/** What the owner of an account reads of a payment that another server has made from it, and anybody of their own sign-in: pure. */
import type {
  BillMailKind,
  PayoutMailKind,
  SelfMailKind,
  SettlementMailKind,
} from "../../engines/outbox/outbox.ts";
import type { Settlement } from "../../engines/settlements/settlements.ts";
import { formatMoney } from "../../core/money/money.ts";
import { composed, type Envelope, filled, type Letter, spoken, tame, wordsIn } from "./letter.tsx";

export interface SettlementLetterData extends Envelope {
  kind: SettlementMailKind;
  settlement: Pick<Settlement, "tradeNumber" | "payee" | "currency" | "amount" | "frozen">;
  /** The name of the server that had it paid. */
  by: string;
}

export function settlementLetterOf(data: SettlementLetterData): Letter {
  const { lang, server, link, kind, settlement, by } = data;
  const words = wordsIn(lang);
  const { tradeNumber, payee, currency } = settlement;
  const money = (amount: bigint): string => formatMoney(amount, currency, lang);
  const left = money(settlement.frozen);
  const values = { amount: money(settlement.amount), payee, by, left };
  const said = words.settlements[kind];
  const fill = (sentence: string | undefined) =>
    sentence === undefined ? undefined : filled(sentence, values);
  const head = filled(said.head, values);
  const part = {
    head,
    happened: filled(said.happened, values),
    can: fill(said.can),
    until: undefined,
    silence: fill(said.always),
  };
  return composed({
    lang,
    link,
    look: words.lookPayment,
    words,
    parts: [part],
    facts: [
      [words.trade, spoken(tradeNumber)],
      [words.shop, tame(payee)],
      [words.by, tame(by)],
      [words.left, left],
    ],
    ends: words.access.signIn,
    foot: filled(words.footAccount, { server }),
    subject: filled(words.subject, { head, shop: payee, number: spoken(tradeNumber) }),
  });
}

export interface SelfLetterData extends Omit<Envelope, "link"> {
  kind: SelfMailKind;
  /** Where somebody chooses a new password, one for each sign-in at the address; or takes a change back. */
  links: readonly { name: string; url: string }[];
  code?: string | undefined;
}

/** What somebody reads of their own sign-in: nothing of what they changed stands in it. */
export function selfLetterOf({ lang, server, kind, links, code = "" }: SelfLetterData): Letter {
  const words = wordsIn(lang);
  const values = { server, code: spoken(code) };
  const said = words.self[kind];
  const fill = (sentence: string | undefined) =>
    sentence === undefined ? undefined : filled(sentence, values);
  const head = filled(said.head, values);
  const part = {
    head,
    happened: filled(said.happened, values),
    can: fill(said.can),
    until: undefined,
    silence: fill(said.always),
  };
  const [first, ...others] = links;
  const nameOf = (name: string): string =>
    kind === "reset" || kind === "invited" ? filled(words.newPassword, { name }) : words.takeBack;
  return composed({
    lang,
    link: first?.url,
    look: nameOf(first?.name ?? ""),
    words,
    parts: [part],
    facts: others.map(({ name, url }) => [nameOf(name), url]),
    ends: undefined,
    foot: filled(words.footSelf, { server }),
    subject: head,
  });
}

export interface PayoutLetterData extends Omit<Envelope, "link"> {
  kind: PayoutMailKind;
  link: string | undefined;
  currency: string;
  amount: bigint;
}

/** What the owner of an account reads of a payout: neither the bank nor the account there stands in it. */
export function payoutLetterOf({ lang, server, kind, link, currency, amount }: PayoutLetterData): Letter {
  const words = wordsIn(lang);
  const { said, look, foot } = words.payouts;
  const values = { amount: formatMoney(amount, currency, lang), server };
  const { head: subject, happened, can = "" } = said[kind];
  const head = filled(subject, values);
  return composed({
    lang,
    link,
    look,
    words,
    parts: [
      {
        head,
        happened: filled(happened, values),
        can: filled(can, values),
        until: undefined,
        silence: undefined,
      },
    ],
    facts: [],
    ends: link === undefined ? undefined : words.access.signIn,
    foot: filled(foot, { server }),
    subject: head,
  });
}

export interface BillLetterData extends Envelope {
  kind: BillMailKind;
  number: string;
  currency: string;
  owed: bigint;
  asked: bigint;
  fee: bigint;
  /** The day by which it is to be paid, as its reader writes it. */
  day: string;
  /** Who has made it good, where somebody has. */
  lender: string;
}

/** What a member reads of a bill: what they bought does not stand in it. */
export function billLetterOf({ lang, server, kind, link, currency, ...data }: BillLetterData): Letter {
  const words = wordsIn(lang);
  const { said, charged, look, foot, ...names } = words.bills;
  const money = (amount: bigint): string => formatMoney(amount, currency, lang);
  const [owed, number] = [money(data.owed), spoken(data.number)];
  const values = {
    owed,
    asked: money(data.asked),
    fee: money(data.fee),
    day: data.day,
    number,
    server,
    lender: data.lender,
  };
  const fill = (sentence: string | undefined) =>
    sentence === undefined ? undefined : filled(sentence, values);
  const { head: subject, happened, can, always } = said[kind];
  const head = filled(subject, values);
  const told =
    data.fee > 0n ? `${filled(happened, values)} ${filled(charged, values)}` : filled(happened, values);
  const isOver = kind === "bill paid" || kind === "made good" || kind === "written off";
  return composed({
    lang,
    link,
    look,
    words,
    parts: [{ head, happened: told, can: fill(can), until: undefined, silence: fill(always) }],
    facts: [
      [names.number, number],
      ...(isOver
        ? []
        : ([
            [names.owed, owed],
            [names.by, data.day],
          ] as const)),
    ],
    ends: words.access.signIn,
    foot: filled(foot, { server }),
    subject: head,
  });
}
