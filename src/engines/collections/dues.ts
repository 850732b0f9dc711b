/** What a server's instructions do: say what is due, give back what was paid, and take note of it. */
import { fromWire } from "../../core/money/money.ts";
import { dammValid, type Refused } from "../../core/protocol/protocol.ts";
import type { CollectionInstruction, CollectionView } from "../../core/protocol/schemas.ts";
import type { StandingConsent } from "../reservations/reservations.ts";
import { giveBack, isKept, keepLonger } from "./keeping.ts";
import type { LocatedDue } from "./store.ts";
import { bookTaken } from "./payments.ts";
import { viewOf } from "./view.ts";
import { change, postAll, type World } from "./world.ts";

type Of<Does extends CollectionInstruction["do"]> = Extract<CollectionInstruction, { do: Does }>;
type Result = Refused | CollectionView;

/** The farthest day until which what was paid may be kept back, from now. */
const longestMs = 2 * 366 * 86_400_000;

/** Does what a server asks, at the batch's instant. What is refused leaves no trace. */
export function obey(world: World, peer: string, instruction: CollectionInstruction): Result {
  if (!dammValid(instruction.tradeNumber)) return { refused: "wrong_check_digit" };
  if (instruction.do === "due") {
    const told = due(world, peer, instruction);
    return "refused" in told ? told : withTaken(world, peer, instruction, told);
  }
  const found = world.dues.get(instruction.tradeNumber);
  if (found?.peer !== peer) return { refused: "not_found" };
  return instruction.do === "reimburse"
    ? reimburse(world, found, instruction)
    : heard(world, found, instruction);
}

/** How the due stands with what was taken for it at the door, where that is said. */
function withTaken(world: World, peer: string, asked: Of<"due">, told: CollectionView): CollectionView {
  const taken = bookTaken(world, peer, asked);
  const found = world.dues.get(asked.tradeNumber);
  return taken === undefined || found === undefined ? told : { ...shown(world, found), taken };
}

function shown(world: World, found: LocatedDue): CollectionView {
  return viewOf(found, world.payments.get(found.id) ?? []);
}

function due(world: World, peer: string, asked: Of<"due">): Result {
  const { tradeNumber } = asked;
  const before = world.dues.get(tradeNumber);
  // Numbers are drawn at random: two servers that have the same is no more likely than a lie.
  if (before !== undefined && before.peer !== peer)
    return { refused: "already_exists", detail: "Another server collects under this number." };
  if (before !== undefined && BigInt(asked.version) <= before.version) return shown(world, before);
  if (new Date(asked.payableFrom ?? 0).getTime() > world.now.getTime() + longestMs)
    return { refused: "date_out_of_range", detail: "Money is kept back for two years at most." };
  if (before !== undefined && before.currency !== asked.currency) return { refused: "currency_mismatch" };
  const wished = fromWire(asked.amount);
  const paid = before?.paid ?? 0n;
  // Who withdraws is not refused: what counts then is that nobody pays any more.
  const raises = wished > (before?.amount ?? 0n);
  const terms = raises ? raised(world, peer, asked, before) : lowered(world, asked, before, wished);
  if ("refused" in terms) return terms;
  const said = {
    version: BigInt(asked.version),
    amount: wished < paid ? paid : wished,
    payBy: new Date(asked.payBy),
    payableFrom:
      asked.payableFrom === undefined ? (before?.payableFrom ?? null) : new Date(asked.payableFrom),
    shopName: asked.shopName ?? before?.shopName ?? null,
    reference: asked.reference ?? before?.reference ?? null,
    ...terms,
  };
  const written = before === undefined ? insert(world, peer, asked, said) : change(world, before, said);
  if (asked.payableFrom !== undefined) keepLonger(world, written, said.payableFrom);
  return shown(world, written);
}

type Terms = Pick<
  LocatedDue,
  "payee" | "payeeAccount" | "payeeRevokedAt" | "payeeOwn" | "feeTo" | "feeAccount" | "fee" | "currency"
>;
type Said = Terms &
  Pick<LocatedDue, "version" | "amount" | "payBy" | "payableFrom" | "shopName" | "reference">;

function insert(world: World, peer: string, { tradeNumber }: Of<"due">, said: Said): LocatedDue {
  const made: LocatedDue = {
    id: world.newId(),
    tradeNumber,
    peer,
    paid: 0n,
    feePaid: 0n,
    refunded: 0n,
    kept: 0n,
    heard: 0n,
    paidAt: null,
    createdAt: world.now,
    ...said,
  };
  world.dues.set(tradeNumber, made);
  world.inserted.add(tradeNumber);
  return made;
}

/** More is due than before: that takes consents as anything new does. */
function raised(
  world: World,
  peer: string,
  { payee: id, currency, amount, fee, bill }: Of<"due">,
  before: LocatedDue | undefined,
): Refused | Terms {
  const payee = validConsent(world, peer, { id, currency, field: "payee", own: bill === true });
  if ("refused" in payee) return payee;
  // What was to be paid to somebody else is never the server's own.
  if (bill === true && before !== undefined && before.payeeAccount !== null && !before.payeeOwn)
    return notValid("Under this number somebody else was to be paid.");
  if (bill === true && fee !== undefined) return notValid("All of a bill is your own.");
  if (before !== undefined && before.paid > 0n && before.payeeAccount !== payee.account)
    return notValid("What was paid under this number went to another payee.");
  const to = fee === undefined ? undefined : feeTaker(world, peer, fee.account, currency);
  if (to !== undefined && "refused" in to) return to;
  const kept = fromWire(fee?.amount ?? 0);
  if (kept > fromWire(amount))
    return { refused: "amount_mismatch", detail: "The fee is a part of the amount." };
  if (kept > feeOf(payee, fromWire(amount)))
    return notValid("Your own share is at most the fee that the payee agreed to.");
  return {
    payee: id,
    payeeAccount: payee.account,
    payeeRevokedAt: null,
    payeeOwn: payee.own,
    feeTo: to?.id ?? before?.feeTo ?? null,
    feeAccount: to?.account ?? before?.feeAccount ?? null,
    fee: kept,
    currency,
  };
}

/** No more is due than before: it stays with those for whom it was, and so does no more of the fee than they agreed to. */
function lowered(
  world: World,
  { payee, currency, fee }: Of<"due">,
  before: LocatedDue | undefined,
  wished: bigint,
): Terms {
  // Under a number that nothing was ever due for, nothing will be, unless a later version says so.
  if (before === undefined)
    return {
      payee,
      payeeAccount: null,
      payeeRevokedAt: null,
      payeeOwn: false,
      feeTo: null,
      feeAccount: null,
      fee: 0n,
      currency,
    };
  const { payee: to, payeeAccount, payeeRevokedAt, payeeOwn, feeTo, feeAccount } = before;
  const agreed = world.consents.get(to);
  const most = agreed === undefined ? before.fee : feeOf(agreed, wished);
  const kept = [fromWire(fee?.amount ?? 0), most, before.fee, wished].reduce(least);
  return { payee: to, payeeAccount, payeeRevokedAt, payeeOwn, feeTo, feeAccount, fee: kept, currency };
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

const notValid = (detail: string): Refused => ({ refused: "consent_not_valid", detail });

/** The most that a server may keep for itself of so much: all of it where the payee has named no fee. */
function feeOf({ feeFixed, feeBasisPoints }: StandingConsent, amount: bigint): bigint {
  if (feeFixed === null || feeBasisPoints === null) return amount;
  return feeFixed + (amount * BigInt(feeBasisPoints) + 9_999n) / 10_000n;
}

/** A consent to receive, under which this server may begin something new now. Another server's is not told from none. */
function validConsent(
  world: World,
  peer: string,
  { id, currency, field, own }: { id: string; currency: string; field: string; own: boolean },
): Refused | StandingConsent {
  const consent = world.consents.get(id);
  if (consent === undefined || consent.peer !== peer)
    return notValid(`\`${field}\` is not a consent that you hold.`);
  if (consent.purpose !== "receive" || consent.own !== own)
    return notValid(`\`${field}\` is a consent for something else.`);
  if (consent.revokedAt !== null) return notValid(`\`${field}\` has been revoked.`);
  if (consent.until !== null && consent.until <= world.now) return notValid(`\`${field}\` has run out.`);
  if (consent.currency !== currency) return { refused: "currency_mismatch" };
  if (consent.standing === "member") return { refused: "member_not_approved" };
  if (consent.standing === "shop") return { refused: "shop_suspended" };
  return consent;
}

const feeTaker = (world: World, peer: string, id: string, currency: string) =>
  validConsent(world, peer, { id, currency, field: "fee.account", own: true });

/** Gives back what was paid, as far as it was not given back before: into what is kept for those who paid it. */
function reimburse(world: World, found: LocatedDue, { total, sources }: Of<"reimburse">): Result {
  const { paid, refunded, currency, tradeNumber } = found;
  const difference = fromWire(total) - refunded;
  if (difference <= 0n) return shown(world, found);
  if (fromWire(total) > paid) return { refused: "amount_exceeds_settled" };
  const shares = new Map<string, bigint>();
  for (const { account: id, amount } of sources) {
    const account = sourceOf(world, found, id);
    if (account === undefined)
      return notValid("A source may only be the payee's account, or one of your own.");
    shares.set(account, (shares.get(account) ?? 0n) + fromWire(amount));
  }
  const sum = [...shares.values()].reduce((all, amount) => all + amount, 0n);
  if (sum !== difference)
    return { refused: "amount_mismatch", detail: `The sources have to come to ${difference}.` };
  const payeesShare = shares.get(found.payeeAccount ?? "") ?? 0n;
  if (found.payeeRevokedAt !== null && payeesShare > isKept(world, found))
    return {
      refused: "payee_insufficient_funds",
      detail:
        "The payee has taken their consent back, and no more than what is kept back can be had from them.",
    };
  const to = world.house.kept(currency);
  const commands = [...shares].map(
    ([from, amount]) => ({ do: "transfer", id: world.newId(), from, to, currency, amount }) as const,
  );
  const short = postAll(world, commands);
  if (short?.refused === "insufficient_funds") return { refused: "payee_insufficient_funds" };
  if (short !== undefined) return short;
  for (const { id: command, from: account, amount } of commands)
    world.returned.push({
      command,
      collection: found.id,
      kind: "reimburse",
      account,
      currency,
      amount,
      reference: null,
      operator: null,
      confirmedBy: null,
      at: world.now,
    });
  giveBack(world, found, payeesShare);
  change(world, found, { refunded: refunded + difference, kept: found.kept + difference });
  return shown(world, world.dues.get(tradeNumber) ?? found);
}

/** The account that a source names: the payee's, under whatever consent, or one of the server's own. */
function sourceOf(world: World, { peer, payee, payeeAccount }: LocatedDue, id: string): string | undefined {
  if (id === payee) return payeeAccount ?? undefined;
  const consent = world.consents.get(id);
  if (consent?.peer !== peer || consent.purpose !== "receive") return undefined;
  return consent.own || consent.account === payeeAccount ? consent.account : undefined;
}

function heard(world: World, found: LocatedDue, { paid }: Of<"heard">): Result {
  const said = fromWire(paid);
  if (said > found.paid)
    return { refused: "amount_exceeds_settled", detail: "So much was never paid under this number." };
  return shown(world, said > found.heard ? change(world, found, { heard: said }) : found);
}
