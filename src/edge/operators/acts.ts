/**
 * Every act of an operator, and what it does. How many people it takes follows from that and from nothing else: not from
 * the address at which it is asked for. A call that operators may make names its acts, and an act has its line here.
 */
import type { GuaranteeMoveName, MoveName } from "../../core/protocol/schemas.ts";

/** What an act does to somebody else. */
export type Effect =
  | "moves" // money, or starts a clock at whose end it moves
  | "gives" // a right or a secret, or opens again what was stopped
  | "takes" // a right away
  | "stops" // something that runs
  | "records" // what is so anyway
  | "reads"; // a person's data

/** How many operators it takes: `sum`, two above an amount, counted by the day. */
type Takes = "one" | "two" | "sum";

const rules: Readonly<Record<Effect, Takes>> = {
  moves: "sum",
  gives: "two",
  takes: "one",
  stops: "one",
  records: "one",
  reads: "one",
};

interface Line {
  does: Effect;
  /** In somebody's name: it says how they reached the operator and proved who they are. */
  spoken?: true;
  /** Two all the same, since nothing but their word stands behind it, or nobody can undo it. */
  two?: true;
  /** Its answer holds a secret: whoever asked gets it, once another has confirmed, and not whoever confirms. */
  secret?: true;
}

const moves: Readonly<Record<MoveName | GuaranteeMoveName, Line>> = {
  approve: { does: "moves", spoken: true },
  revise: { does: "moves", spoken: true },
  ship: { does: "records", spoken: true },
  // It starts the clock at whose end silence pays.
  deliver: { does: "moves", spoken: true },
  "at-door": { does: "records", spoken: true },
  accept: { does: "moves", spoken: true },
  reject: { does: "stops", spoken: true },
  // It starts the clock at whose end the money goes back.
  "send-back": { does: "moves", spoken: true },
  return: { does: "moves", spoken: true },
  withdraw: { does: "moves", spoken: true },
  dispute: { does: "stops", spoken: true },
  answer: { does: "records", spoken: true },
  say: { does: "records", spoken: true },
  // The other side can take it, and then it moves money.
  offer: { does: "moves", spoken: true },
  "offer/accept": { does: "moves", spoken: true },
  // The operator's own decision.
  resolve: { does: "moves" },
  // What is frozen is the buyer's again, nothing was paid, and nothing has left.
  cancel: { does: "stops", spoken: true },
  extend: { does: "records", spoken: true },
  refund: { does: "moves", spoken: true },
  advance: { does: "moves", spoken: true },
  // The shop says that it has been paid: the buyer's credit line is free, and the guarantor stands for it no more.
  release: { does: "moves", spoken: true },
  claim: { does: "moves", spoken: true },
};

type TradeAct = `trade.${keyof typeof moves}`;
const ofTrades = Object.fromEntries(
  Object.entries(moves).map(([name, line]) => [`trade.${name}`, line]),
) as Record<TradeAct, Line>;

const others = {
  // What an independent party has seen starts clocks, lets shops be paid early and decides disputes: two stand for its word.
  "trade.see": { does: "moves", two: true, spoken: true },
  // Where shop, carrier or provider may accept, whoever agrees has as good as paid.
  "trade.entrust": { does: "moves", two: true, spoken: true },
  // The same as cancelling where goods have left: they are given up for the shop.
  "trade.give-up": { does: "moves", spoken: true },
  // Without consent it binds nobody; with it, it is an approval as well and counts as one.
  "trade.propose": { does: "moves" },
  // It goes where it went, or to where its reader is reached by now; whoever was told stays told.
  "mail.send": { does: "records" },
  "door.unlock": { does: "stops", spoken: true },
  "recipient.read": { does: "reads" },
  "photo.read": { does: "reads" },
  // Where operators admit members and parties, this enters who has applied, and `approve` admits them.
  "member.add": { does: "records" },
  "member.approve": { does: "gives" },
  "member.suspend": { does: "stops" },
  "member.resume": { does: "gives" },
  "member.erase": { does: "takes", spoken: true, two: true },
  // What nobody has asked for until the law's term was over is the institution's.
  "money.forfeit": { does: "moves", two: true },
  "money.pass-on": { does: "moves", two: true },
  "member.read": { does: "reads" },
  // They are told by mail, and it proves nothing: an address for goods is the shop's to know, a number is called back later.
  "member.correct": { does: "records", spoken: true },
  // Whoever reads the mail signs in: a sign-in is given to somebody.
  "member.email": { does: "gives", spoken: true },
  // It holds the code by which a sign-in is made.
  "member.letter": { does: "gives", secret: true },
  // The link goes where it goes for anybody who asks at the page, and the operator does not see it.
  "member.reset": { does: "records", spoken: true },
  "method.add": { does: "gives", spoken: true },
  "credit-line.limit": { does: "gives" },
  "credit-line.close": { does: "stops" },
  // The same of one line, by its id.
  "method.limit": { does: "gives" },
  "method.close": { does: "stops" },
  // In the buyer's name, and nothing by itself: what two operators then grant is what counts.
  "credit-request.ask": { does: "records", spoken: true },
  "credit-request.grant": { does: "gives" },
  "credit-request.refuse": { does: "stops" },
  // To whom credit is lent, who gives it to members of their own, and that they make good what those owe.
  "lent-line.set": { does: "gives" },
  "lent-line.stop": { does: "stops" },
  "lent-line.call": { does: "moves", two: true },
  // Whom a member lets give them credit.
  "lender.allow": { does: "gives", spoken: true },
  "lender.stop": { does: "takes", spoken: true },
  // How much this server stands for.
  "stand-limit.set": { does: "gives" },
  "mandate.revoke": { does: "takes", spoken: true },
  "voucher.issue": { does: "gives", secret: true },
  "transfer.book": { does: "moves", two: true },
  // The same, out of somebody's account: in their name.
  "transfer.take": { does: "moves", two: true, spoken: true },
  "transfer.match": { does: "moves", two: true },
  // Where somebody is paid: the owner's own word, brought by an operator.
  "bank-account.name": { does: "gives", spoken: true },
  "bank-account.take-away": { does: "takes", spoken: true },
  // Out of somebody's account, in their name, to where they have said before.
  "payout.ask": { does: "moves", two: true, spoken: true },
  // What has not left yet is its owner's again.
  "payout.cancel": { does: "stops" },
  // One operator's word that the bank did not pay would pay twice.
  "payout.return": { does: "moves", two: true },
  // It says what is to be paid; that it goes to the bank is what takes two.
  "payout-file.gather": { does: "records" },
  "payout-file.approve": { does: "moves", two: true },
  "payout-file.drop": { does: "stops" },
  "payout-file.complete": { does: "moves", two: true },
  // A bank's message comes as a file, which anybody can write.
  "payout-report.book": { does: "moves", two: true },
  // Time to pay what is due now.
  "bill.instalments": { does: "gives" },
  // A debt that nobody has to pay any more, by the word of an operator.
  "bill.write-off": { does: "moves", two: true },
  // Out of somebody's account against their word, or for good not to who waits for it.
  "settlement.decide": { does: "moves", two: true },
  // Who takes money for others, in which way, and how much of it before handing it in.
  "collector.set": { does: "gives" },
  // In the till of a collector by the operator's word, and out of what is kept for those who paid.
  "collection.take": { does: "moves", two: true },
  "collection.return": { does: "moves", two: true },
  // A bank's statement comes as a file, too; and what names no due goes where two say.
  // Gives a due an account of the bank's making, on which nobody but its payer knows anything to do.
  "paying-in.tell": { does: "records" },
  "collection.pay-back": { does: "moves", two: true },
  "bank-statement.book": { does: "moves", two: true },
  "arrival.assign": { does: "moves", two: true },
  "arrival.return": { does: "moves", two: true },
  "arrival.dismiss": { does: "moves", two: true },
  // A number under which somebody else brings money to the member's account.
  "funding.open": { does: "records", spoken: true },
  "party.add": { does: "records" },
  "party.approve": { does: "gives" },
  "party.suspend": { does: "stops" },
  "party.resume": { does: "gives" },
  "fee.set": { does: "gives" },
  "return-urls.set": { does: "gives" },
  // Goods go there.
  "return-address.set": { does: "gives" },
  // Where members are led to, among addresses that two have let the shop register; and what it says of itself.
  "listing.set": { does: "gives" },
  "listing.remove": { does: "takes" },
  // A setting of the shop's own, by which it is refused more.
  "unique-references.set": { does: "records" },
  "standing.set": { does: "gives" },
  "independence.give": { does: "gives" },
  "independence.take": { does: "takes" },
  "key.make": { does: "gives", secret: true },
  "key.revoke": { does: "takes" },
  "operator.add": { does: "gives" },
  "operator.suspend": { does: "stops" },
  "operator.resume": { does: "gives" },
  "operator.reset": { does: "gives" },
  // Whoever reads the mail signs in for the shop.
  "team.reset": { does: "gives", spoken: true },
  // Their own, by which nobody else is touched.
  "password.change": { does: "records" },
  "session.end": { does: "records" },
  "passkey.change": { does: "records" },
  "store.add": { does: "gives" },
  "store.remove": { does: "takes" },
  "store.wait": { does: "records" },
  // Whose key it is speaks for this server to all others.
  "signing-key.rotate": { does: "gives" },
  // Where a shop is paid: the shop's own word, brought by an operator.
  "shop.tie": { does: "gives", spoken: true },
  // Another server's own account here, and this server's own accounts elsewhere.
  "peer-account.open": { does: "gives" },
  "own-account.tie": { does: "gives" },
  // It was stopped for what it answered.
  "peer.resume": { does: "gives" },
  "peer-key.revoke": { does: "stops" },
  // What an operator thinks of it; it waits on, and so does the alarm.
  "break.explain": { does: "records" },
  // Whoever made money go astray would be the first to say that all is well.
  "break.close": { does: "stops", two: true },
  // Receipts are given again. A table of its own keeps who wants it, since a log that is halted is in doubt itself.
  "log.begin": { does: "gives" },
  "act.confirm": { does: "records" },
  "act.decline": { does: "stops" },
  // A sandbox only.
  "clock.advance": { does: "records" },
} as const satisfies Readonly<Record<string, Line>>;

export type ActName = TradeAct | keyof typeof others;
const lines: Readonly<Record<ActName, Line>> = { ...ofTrades, ...others };

/** The acts that move a trade. */
export const moveActs: readonly ActName[] = [
  ...(Object.keys(ofTrades) as TradeAct[]),
  "trade.give-up",
  "trade.see",
  "trade.entrust",
];

/** How many operators an act takes. */
export function takes(name: ActName): Takes {
  const { does, two } = lines[name];
  return two === true ? "two" : rules[does];
}

export function effectOf(name: ActName): Effect {
  return lines[name].does;
}

/** Whether it is done in somebody's name. */
export function isSpoken(name: ActName): boolean {
  return lines[name].spoken === true;
}

/** Whether whoever asked has to come for it. */
export function isSecret(name: ActName): boolean {
  return lines[name].secret === true;
}

/** The acts that may have to wait for a second operator. */
export const confirmedActs: readonly ActName[] = (Object.keys(lines) as ActName[]).filter(
  (name) => takes(name) !== "one",
);

/** The acts of which whoever asked has to come for what they make. */
export const secretActs: readonly ActName[] = (Object.keys(lines) as ActName[]).filter(isSecret);

/** Every act. */
export const actNames = Object.keys(lines) as readonly ActName[];

const said: Readonly<Record<Takes, string>> = {
  one: "one operator",
  two: "two operators",
  sum: "two operators above an amount",
};

/** Each act with a sentence for the documents. */
export const describedActs = Object.fromEntries(
  (Object.keys(lines) as ActName[]).map((name) => [name, `${lines[name].does}: ${said[takes(name)]}`]),
) as Readonly<Record<ActName, string>>;
