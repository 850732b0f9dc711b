/**
 * A guarantor's money (paragraphs 0069-0085): holds on credit lines in its own books, and one institution for each trade at
 * which the buyer pays what is due. What is due there is told with the step that makes it so, and waits for nobody. Only the
 * institution knows what was paid, so it is asked before less is due than it was told (docs/decisions/0040-guarantee.md).
 */
import {
  dueFeeOf,
  dueOf,
  type Guarantee,
  keptUntil,
  type Taking,
  type Trade,
} from "../../core/trade/trade.ts";
import { toWire } from "../../core/money/money.ts";
import type { CollectionInstruction } from "../../core/protocol/schemas.ts";
import { idFrom, uuidv7 } from "../../storage/database/database.ts";
import { type Books, openBooks } from "../../storage/ledger/ledger.ts";
import { readPaidOutEarly } from "../../storage/parties/parties.ts";
import { type WaitingInstruction, writeInstructions } from "../outbox/outbox.ts";
import { openOnBooks } from "./own-books.ts";
import { type MoneyEffect, type OpenRail, ownPlace, type Rail, type RailOutcome } from "./rail.ts";
import { readRemoteAccounts, type RemoteAccount } from "./remote-account-store.ts";
import { sharesOf, takesFee, wayBackMs } from "./remote-institution.ts";

/** What this server calls the account on which a carrier owes what it has taken at doors, at whichever institution. */
export const takingAccount = (carrier: string, currency: string): string =>
  idFrom(`what ${carrier} takes at doors in ${currency}`);

/** The rail of a server that stands for its members' credit. */
export function guarantee(): Rail {
  return {
    takesPrivate: false,
    placeOf: async () => ownPlace,
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
/** What was taken at the door and is not said to the institution yet. */
function untold({ progress: { guarantee } }: Trade): Taking | undefined {
  const { taking } = guarantee ?? {};
  return taking?.state === "asked" && taking.instruction === undefined ? taking : undefined;
}

const toldOf = ({ progress }: Trade): Told => progress.guarantee?.told ?? { version: 0, amount: 0 };

/** What the trades of a batch ask of the institutions at which they are paid. */
class Collecting {
  readonly asked: WaitingInstruction[] = [];

  private readonly known: readonly RemoteAccount[];
  private readonly newId: () => string;
  private readonly trusted: ReadonlySet<string>;

  constructor(known: readonly RemoteAccount[], newId: () => string, trusted: ReadonlySet<string>) {
    this.known = known;
    this.newId = newId;
    this.trusted = trusted;
  }

  private consentAt(institution: string) {
    return (account: string): string | undefined =>
      this.known.find((tie) => tie.account === account && tie.institution === institution)?.consent;
  }

  private ask(institution: string, { number }: Trade, body: CollectionInstruction): string {
    this.asked.push({ id: body.id, institution, trade: number, body, expected: null, attempts: 1 });
    return body.id;
  }

  /** Asks what no step waits for. */
  private say(institution: string, trade: Trade, body: CollectionInstruction): string {
    const { number, progress } = trade;
    const knows = { version: toldOf(trade).version, paid: progress.guarantee?.collected ?? 0 };
    this.asked.push({ id: body.id, institution, trade: number, body, expected: null, attempts: 1, knows });
    return body.id;
  }

  /** Where the buyer of a trade pays: an institution at which the shop, and this server for its fee, can be paid. */
  private placeFor(trade: Trade): string | undefined {
    const { shopAccount, feeAccount } = trade.terms;
    const places = this.known.filter(({ account }) => account === shopAccount).map((tie) => tie.institution);
    return places
      .toSorted()
      .find((place) => !takesFee(trade) || this.consentAt(place)(feeAccount) !== undefined);
  }

  /** Whether a trade could be collected once this step is done; where it is reserved, its place is chosen for good. */
  mayCollect(effects: readonly MoneyEffect[], next: Trade): boolean {
    const stands = next.progress.guarantee;
    if (stands === undefined) return true;
    if (effects.some((effect) => effect.do === "reserve")) {
      const collector = this.placeFor(next);
      if (collector === undefined) return false;
      next.progress.guarantee = Object.assign({}, stands, { collector });
    }
    if (untold(next) !== undefined && this.takerOf(next) === undefined) return false;
    const assigned = effects.find((effect) => effect.do === "assign");
    return assigned === undefined || this.consentAt(stands.collector ?? "")(assigned.account) !== undefined;
  }

  /** The consent of whoever has taken money at the door, at the institution of the trade. */
  private takerOf({ currency, progress: { guarantee } }: Trade): string | undefined {
    return this.consentAt(guarantee?.collector ?? "")(takingAccount(guarantee?.taking?.by ?? "", currency));
  }

  /**
   * Tells the institution what is due, where that is not what it knows, and answers the instruction's id. Where somebody who
   * is to be paid has no account tied any more, it is told with a later step. `waits`: a step waits for the answer.
   */
  tell(next: Trade, now: Date, waits: boolean): string | undefined {
    const stands = next.progress.guarantee;
    if (stands?.collector === undefined) return undefined;
    const told = toldOf(next);
    const amount = toWire(dueOf(next));
    const from = this.trusted.has(next.shop) ? undefined : payableFrom(next);
    const taken = untold(next);
    const isKnown =
      told.amount === amount && told.refused === undefined && isSame(told.payableFrom, from) && !taken;
    if (isKnown || (amount === 0 && told.version === 0)) return undefined;
    // What more is due comes after what was taken: else that would not be all that is due.
    if (stands.taking?.state === "asked" && taken === undefined && amount >= told.amount) return undefined;
    const [id, version] = [this.newId(), told.version + 1];
    const body = dueOn(next, { id, version, amount, from, now }, this.consentAt(stands.collector));
    if (body === undefined || body.do !== "due") return undefined;
    const consent = taken === undefined ? undefined : this.takerOf(next);
    if (taken !== undefined && consent === undefined) return undefined;
    const payable = from === undefined ? {} : { payableFrom: from.toISOString() };
    next.progress.guarantee = Object.assign({}, stands, {
      told: { version, amount, ...payable, instruction: id },
    });
    if (taken !== undefined && consent !== undefined) {
      next.progress.guarantee.taking = { ...taken, instruction: id };
      return this.ask(stands.collector, next, { ...body, taken: { consent, amount: taken.amount } });
    }
    return waits ? this.ask(stands.collector, next, body) : this.say(stands.collector, next, body);
  }

  /** What a collector has taken goes back there, from those who have it. */
  reimburse(next: Trade, effect: MoneyEffect & { do: "reimburse" }): RailOutcome {
    const collector = next.progress.guarantee?.collector ?? "";
    const sources = sharesOf(effect.sources, this.consentAt(collector));
    if (sources === undefined) return { how: "refused", code: "account_not_tied" };
    const [id, total] = [this.newId(), toWire(effect.total)];
    const tradeNumber = String(next.number);
    const instruction = this.ask(collector, next, { do: "reimburse", id, tradeNumber, total, sources });
    return { how: "asked", instruction };
  }
}

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
  const collecting = new Collecting(known, newId, trusted);
  const { asked } = collecting;
  return {
    post(trade, effects, now, next, more) {
      if (!collecting.mayCollect(effects, next)) return { how: "refused", code: "account_not_tied" };
      if (more !== true && dueOf(next) < BigInt(toldOf(next).amount)) {
        // The step is decided anew with the institution's word, so what is noted here is for this question only.
        const instruction = collecting.tell(next, now, true);
        return instruction === undefined
          ? { how: "refused", code: "account_not_tied" }
          : { how: "withdrawing", instruction };
      }
      const back = effects.find((effect) => effect.do === "reimburse");
      if (back !== undefined) return collecting.reimburse(next, back);
      const posted = own.post(trade, effects, now, next);
      if (posted.how !== "done") return posted;
      if (more !== true) collecting.tell(next, now, false);
      return posted;
    },
    follow(trade, next, now) {
      own.post(trade, [], now, next);
      collecting.tell(next, now, false);
    },
    placeOf: (account) => own.placeOf(account),
    inUse: (account) => own.inUse(account),
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
