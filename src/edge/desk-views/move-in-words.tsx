/** A move in words: everything that it says, and what the machine would do by it. */
import type { ComponentChildren } from "preact";
import type { AcceptorRole, TradeView } from "../../core/protocol/protocol.ts";
import type { MoveBody } from "../../core/protocol/schemas.ts";
import { Amount, type Attempt, Fact, type Frame, Moment, Name, useWords } from "../parts/parts.ts";
import { askedBy, type DeskAct } from "./acting.ts";

/** What a move would do, in minor units; null where this server knows no amounts. */
interface Foreseen {
  settled: number | null;
  released: number | null;
  refunded: number | null;
  later: number | null;
  advance?: { paid: number; price: number };
}

export interface ReadPageProps {
  frame: Frame;
  trade: TradeView;
  act: DeskAct;
  role: AcceptorRole;
  body: MoveBody;
  /** What it is worth, where that is known. */
  sum: bigint | undefined;
  /** What the machine would do to the money; nothing where somebody only agrees to something by it. */
  moves?: Foreseen | undefined;
  /** All that the form has said, which goes along. */
  fields: Readonly<Record<string, string>>;
  /** With what the buyer can pay, as the form has shown it. */
  methods: readonly { id: string; kind: "deposit" | "credit" | "prepaid" }[];
  attempt: Attempt;
}

/** Where money goes by it, as the machine has worked it out. */
function Moves({ moves, currency }: { moves: Foreseen; currency: string }) {
  const say = useWords();
  const { settled, released, refunded, later, advance } = moves;
  const parts = { settled, released, refunded, later, early: advance?.paid, price: advance?.price };
  return (
    <>
      {(["settled", "released", "refunded", "later", "early", "price"] as const).map((name) => {
        const amount = parts[name];
        return amount == null || amount === 0 ? null : (
          <Fact key={name} term={say(`deskRead.${name}`)}>
            <strong id={`moves-${name}`}>
              <Amount amount={amount} currency={currency} />
            </strong>
          </Fact>
        );
      })}
    </>
  );
}

type KeysOf<Body> = Body extends unknown ? keyof Body : never;
type ValueOf<Body, Key> = Body extends unknown ? (Key extends keyof Body ? Body[Key] : never) : never;

/** All that any move can say, beside who has asked for it and what they saw. */
type Said = Exclude<KeysOf<MoveBody>, "do" | "operator" | "version">;
/** How a part of a move is read; nothing where no form of this desk asks for it. */
type Reading<Key> = (
  value: NonNullable<ValueOf<MoveBody, Key>>,
  shown: ReadPageProps & { say: ReturnType<typeof useWords> },
) => readonly [term: string, shown: ComponentChildren] | undefined;

function Goods({ lines, trade }: { lines: NonNullable<ValueOf<MoveBody, "lines">>; trade: TradeView }) {
  const say = useWords();
  const { currency = "JPY" } = trade;
  const nameOf = (line: number | undefined) => trade.lines.find((each) => each.line === line)?.name ?? "";
  return lines.map((piece, index) => {
    const price = "unitAmount" in piece ? piece.unitAmount : "amount" in piece ? piece.amount : undefined;
    return (
      <span key={index}>
        {index === 0 ? null : say("comma")}
        {piece.quantity} × <Name>{"name" in piece ? piece.name : nameOf(piece.line)}</Name>
        {price === undefined ? null : (
          <>
            {" "}
            <Amount amount={price} currency={currency} />
          </>
        )}
      </span>
    );
  });
}

const unasked = () => undefined;
const inWords: Reading<"reason" | "statement" | "words"> = (text, { say }) => [
  say("deskRead.said"),
  <Name>{text}</Name>,
];
const money =
  (key: "deskForm.pay" | "deskForm.refund" | "deskForm.amount" | "deskRead.released") =>
  (amount: number, { say, trade: { currency } }: Parameters<Reading<"pay">>[1]) =>
    currency === undefined
      ? undefined
      : ([say(key), <Amount amount={amount} currency={currency} />] as const);

/** Every part of every move: one that is new does not compile before it is known how it is read. */
const readings: { [Key in Said]: Reading<Key> } = {
  lines: (lines, { say, trade }) => [say("deskRead.goods"), <Goods lines={lines} trade={trade} />],
  method: (method, { say, methods }) => {
    const known = methods.find(({ id }) => id === method);
    return [say("deskForm.method"), known === undefined ? method : say(`method.${known.kind}`)];
  },
  payment: (payment, { say }) => [
    say("approve.payment"),
    payment.on === "date" ? payment.date : say("approve.onAcceptance"),
  ],
  acceptors: (roles, { say }) => [
    say("mandate.mayAccept"),
    roles.map((role) => say(`caller.as.${role}`)).join(say("comma")),
  ],
  shopWord: (_, { say }) => [say("deskRead.agreed"), say("deskForm.shopWord")],
  final: (_, { say }) => [say("deskRead.agreed"), say("act.final")],
  pay: money("deskForm.pay"),
  release: money("deskRead.released"),
  refund: money("deskForm.refund"),
  amount: money("deskForm.amount"),
  reason: inWords,
  statement: inWords,
  words: inWords,
  tracking: ({ number }, { say }) => [say("act.parcel"), <Name>{number}</Name>],
  evidence: ({ reference }, { say }) => [say("deskForm.reference"), <Name>{reference}</Name>],
  until: (at, { say }) => [say("deskForm.until"), <Moment at={at} />],
  kind: (kind, { say }) => [say("act.kind"), say(`act.kind.${kind}`)],
  approval: unasked,
  carrier: unasked,
  claimedAt: unasked,
  code: unasked,
  collected: unasked,
  contest: unasked,
  decline: unasked,
  deduct: unasked,
  notTaken: unasked,
  outcome: unasked,
  photos: unasked,
  reference: unasked,
  total: unasked,
};

const readingOf = <Key extends Said>(
  name: Key,
  value: ValueOf<MoveBody, Key>,
  shown: Parameters<Reading<Key>>[1],
) => (value == null ? undefined : readings[name](value, shown));

/** The move in words: everything that it says, and nothing else. */
export function MoveInWords(props: ReadPageProps) {
  const say = useWords();
  const { trade, act, role, body, sum, moves } = props;
  const { currency } = trade;
  const said = Object.entries(body).filter(([name]) => Object.hasOwn(readings, name));
  return (
    <>
      <p>
        <strong>{say(`deskAct.${act}`)}</strong>
      </p>
      <dl class="facts">
        <Fact term={say("deskRead.whose")}>{say(`caller.as.${role}`)}</Fact>
        <Fact term={say("trade.seller")}>
          <Name>{trade.shopName}</Name>
        </Fact>
        {sum === undefined || currency === undefined ? null : (
          <Fact term={say(act === "revise" ? "deskRead.becomes" : "deskRead.sum")}>
            <strong id="sum">
              <Amount amount={sum} currency={currency} />
            </strong>
          </Fact>
        )}
        {moves === undefined || currency === undefined ? null : <Moves moves={moves} currency={currency} />}
        {body.do === "approve" && body.method === undefined ? (
          <Fact term={say("deskForm.method")}>{say("deskForm.noMethod")}</Fact>
        ) : null}
        {askedBy[act].includes("quantities") && !("lines" in body) ? (
          <Fact term={say("deskRead.goods")}>{say("deskRead.all")}</Fact>
        ) : null}
        {said.map(([name, value]) => {
          const [term, shown] = readingOf(name as Said, value as never, { ...props, say }) ?? [];
          return term === undefined ? null : (
            <Fact key={name} term={term}>
              <span data-says={name}>{shown}</span>
            </Fact>
          );
        })}
      </dl>
    </>
  );
}
