/**
 * A guarantor's money (paragraphs 0069-0085): holds on credit lines in its own books, and one institution for each trade at
 * which the buyer pays what is due. What is due there is told with the step that makes it so, and waits for nobody. Only the
 * institution knows what was paid, so it is asked before less is due than it was told (docs/decisions/0040-guarantee.md).
 */
import { dueFeeOf, dueOf, type Guarantee, keptUntil, type Trade } from "../../core/trade/trade.ts";
import { toWire } from "../../core/money/money.ts";
import type { CollectionInstruction } from "../../core/protocol/schemas.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { type Books, openBooks } from "../../storage/ledger/ledger.ts";
import { readPaidOutEarly } from "../../storage/parties/parties.ts";
import { type WaitingInstruction, writeInstructions } from "../outbox/outbox.ts";
import { openOnBooks } from "./own-books.ts";
import type { MoneyEffect, OpenRail, Rail, RailOutcome } from "./rail.ts";
import { readRemoteAccounts, type RemoteAccount } from "./remote-account-store.ts";
import { sharesOf, takesFee, wayBackMs } from "./remote-institution.ts";

/** The rail of a server that stands for its members' credit. */
export function guarantee(): Rail {
  return {
    takesPrivate: false,
    open: async (client, sought) => {
      const { accounts, payees, shops } = sought;
      const tied = new Set([...accounts, ...payees]);
      const [books, known, trusted] = await Promise.all([
        openBooks(client, sought),
        tied.size === 0 ? [] : readRemoteAccounts(client, tied),
        shops.length === 0 ? [] : readPaidOutEarly(client, shops),
      ]);
      return openOnGuarantee(books, known, uuidv7, new Set(trusted));
    },
  };
}

/** What an institution was told last of a trade. */
type Told = NonNullable<Guarantee["told"]>;
const toldOf = ({ progress }: Trade): Told => progress.guarantee?.told ?? { version: 0, amount: 0 };

/**
 * The rail open on books and ties that are known; `newId` makes the ids of instructions. `trusted` are shops that are paid out
 * before buyers' rights are over.
 */
export function openOnGuarantee(
  books: Books,
  known: readonly RemoteAccount[],
  newId: () => string,
  trusted: ReadonlySet<string> = new Set(),
): OpenRail {
  const own = openOnBooks(books, newId);
  const asked: WaitingInstruction[] = [];
  const consentAt = (institution: string) => (account: string) =>
    known.find((tie) => tie.account === account && tie.institution === institution)?.consent;

  function ask(institution: string, trade: Trade, body: CollectionInstruction): string {
    const { number } = trade;
    asked.push({ id: body.id, institution, trade: number, body, expected: null, attempts: 1 });
    return body.id;
  }

  /** Where the buyer of a trade pays: an institution at which the shop, and this server for its fee, can be paid. */
  function collectorFor(trade: Trade): string | undefined {
    const { shopAccount, feeAccount } = trade.terms;
    const places = known.filter(({ account }) => account === shopAccount).map((tie) => tie.institution);
    return places.toSorted().find((place) => !takesFee(trade) || consentAt(place)(feeAccount) !== undefined);
  }

  /** Whether a trade could be collected once this step is done; where it is reserved, its place is chosen for good. */
  function mayCollect(effects: readonly MoneyEffect[], next: Trade): boolean {
    const { guarantee: stands } = next.progress;
    if (stands === undefined) return true;
    if (effects.some((effect) => effect.do === "reserve")) {
      const collector = collectorFor(next);
      if (collector === undefined) return false;
      next.progress.guarantee = { ...stands, collector };
    }
    const assigned = effects.find((effect) => effect.do === "assign");
    return assigned === undefined || consentAt(stands.collector ?? "")(assigned.account) !== undefined;
  }

  /** Tells the institution what is due, where that is not what it knows, and answers the instruction's id. */
  function tell(next: Trade, now: Date): string | undefined {
    const { guarantee: stands } = next.progress;
    const { collector } = stands ?? {};
    if (stands === undefined || collector === undefined) return undefined;
    const told = toldOf(next);
    const amount = toWire(dueOf(next));
    const from = trusted.has(next.shop) ? undefined : payableFrom(next);
    const isKnown = told.amount === amount && told.refused === undefined && isSame(told.payableFrom, from);
    if (isKnown || (amount === 0 && told.version === 0)) return undefined;
    const version = told.version + 1;
    const id = newId();
    const body = dueOn(next, { id, version, amount, from, now }, consentAt(collector));
    if (body === undefined) return undefined;
    const payable = from === undefined ? {} : { payableFrom: from.toISOString() };
    next.progress.guarantee = { ...stands, told: { version, amount, ...payable, instruction: id } };
    return ask(collector, next, body);
  }

  function hear(trade: Trade, next: Trade): void {
    const { collected = 0, collector } = next.progress.guarantee ?? {};
    if (collector === undefined || collected <= (trade.progress.guarantee?.collected ?? 0)) return;
    ask(collector, next, { do: "heard", id: newId(), tradeNumber: String(next.number), paid: collected });
  }

  /** What a collector has taken goes back there, from those who have it. */
  function reimburse(next: Trade, effect: MoneyEffect & { do: "reimburse" }): RailOutcome {
    const collector = next.progress.guarantee?.collector ?? "";
    const sources = sharesOf(effect.sources, consentAt(collector));
    if (sources === undefined) return { how: "refused", code: "account_not_tied" };
    const id = newId();
    const total = toWire(effect.total);
    const tradeNumber = String(next.number);
    const instruction = ask(collector, next, { do: "reimburse", id, tradeNumber, total, sources });
    return { how: "asked", instruction };
  }

  return {
    post(trade, effects, now, next, more) {
      if (!mayCollect(effects, next)) return { how: "refused", code: "account_not_tied" };
      if (more !== true && dueOf(next) < BigInt(toldOf(next).amount)) {
        // The step is decided anew with the institution's word, so what is noted here is for this question only.
        const instruction = tell(next, now);
        return instruction === undefined
          ? { how: "refused", code: "account_not_tied" }
          : { how: "withdrawing", instruction };
      }
      const back = effects.find((effect) => effect.do === "reimburse");
      if (back !== undefined) return reimburse(next, back);
      const posted = own.post(trade, effects, now, next);
      if (posted.how !== "done") return posted;
      if (more !== true) tell(next, now);
      hear(trade, next);
      return posted;
    },
    follow(trade, next, now) {
      own.post(trade, [], now, next);
      tell(next, now);
    },
    placeOf: own.placeOf,
    write: (client) => [
      ...own.write(client),
      ...(asked.length === 0 ? [] : [writeInstructions(client, asked)]),
    ],
    entries: own.entries,
    asked,
  };
}

/** Until when what a collector pays the shop stays in its account; without an end, so long that the end is told before. */
function payableFrom(trade: Trade): Date | undefined {
  const until = keptUntil(trade);
  if (until !== null) return until;
  return new Date((trade.coolingOffUntil ?? trade.createdAt).getTime() + wayBackMs);
}

const isSame = (told: string | undefined, from: Date | undefined): boolean =>
  told === undefined ? from === undefined : from !== undefined && Date.parse(told) === from.getTime();

interface Due {
  id: string;
  version: number;
  amount: number;
  from: Date | undefined;
  now: Date;
}

/** What is due on a trade, as the institution is told it; undefined where somebody who is to be paid has no account tied. */
function dueOn(
  trade: Trade,
  { id, version, amount, from, now }: Due,
  consentOf: (account: string) => string | undefined,
): CollectionInstruction | undefined {
  const { terms, progress, currency } = trade;
  const payee = consentOf(terms.shopAccount);
  if (payee === undefined) return undefined;
  const fee = toWire(dueFeeOf(trade));
  const feeAccount = fee > 0 ? consentOf(terms.feeAccount) : undefined;
  if (fee > 0 && feeAccount === undefined) return undefined;
  return {
    do: "due",
    id,
    tradeNumber: String(trade.number),
    version,
    payee,
    currency,
    amount,
    ...(feeAccount === undefined ? {} : { fee: { account: feeAccount, amount: fee } }),
    payBy: progress.guarantee?.payBy ?? now.toISOString(),
    ...(from === undefined ? {} : { payableFrom: from.toISOString() }),
    shopName: terms.shopName,
    ...(terms.reference === null ? {} : { reference: terms.reference }),
  };
}
