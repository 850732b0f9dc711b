/** What the staff are asked once more before money moves: what will be done, to whom it goes, and how much of it. */
import type { ComponentChildren } from "preact";
import type { TradeView } from "../../core/protocol/protocol.ts";
import { Amount, Button, Form, LinkButton, Name } from "../../edge/parts/parts.ts";
import { type Frame, ShopPage } from "../shop-frame/shop-frame.ts";
import {
  isLosable,
  isPriced,
  type Order,
  type Particulars,
  refundable,
  undivided,
} from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import type { StaffAct } from "./staff-acts.tsx";
import { back, leaving, lost, type StaffFields, sumOfTerms, worthOf } from "./staff-forms.ts";

type Given = { view: TradeView; given: Particulars; currency: string };
type Question = (given: Given) => ComponentChildren;

const sum = (amount: bigint, currency: string) => <Amount amount={amount} currency={currency} />;

/** What of goods that come back was paid for, and what is still frozen: both go back to the buyer. */
const worthBack = ({ view, given }: Given): bigint =>
  worthOf(view, given.lines, back(view, given.tracking?.number)) - (given.deduct ?? 0n);

/** How an order's lines are, and how they would be: side by side, with the sum of each. */
function OldAndNew({ view, given, currency }: Given) {
  const say = useShopWords();
  const terms = given.terms ?? [];
  const now = view.lines.filter(isPriced);
  return (
    <>
      <ul class="lines" id="old-and-new">
        {now.map(({ line, name, quantity, unitAmount }) => {
          const wish = terms.find((each) => each.line === line);
          const same = wish?.quantity === quantity && wish.unitAmount === BigInt(unitAmount ?? 0);
          return (
            <li key={line} data-line={line}>
              <p>
                <Name>{name}</Name>
              </p>
              <p class="spread">
                <span class="soft">
                  <ShopSay k="ask.old" count={quantity} price={sum(BigInt(unitAmount ?? 0), currency)} />
                </span>
                <strong>
                  {same || wish === undefined ? (
                    say("ask.same")
                  ) : (
                    <ShopSay k="ask.new" count={wish.quantity} price={sum(wish.unitAmount, currency)} />
                  )}
                </strong>
              </p>
            </li>
          );
        })}
      </ul>
      <p class="spread total">
        <span class="soft">
          <ShopSay k="ask.oldSum" amount={sum(BigInt(view.amount ?? 0), currency)} />
        </span>
        <strong>
          <ShopSay k="ask.newSum" amount={sum(sumOfTerms(view, terms), currency)} />
        </strong>
      </p>
    </>
  );
}

/** The question of each act that moves money, with its sum. */
const questions: Record<string, Question> = {
  handOver: ({ view, currency }) => (
    <ShopSay k="ask.handOver" amount={sum(BigInt(view.frozen ?? 0), currency)} />
  ),
  takeBack: (given) => (
    <ShopSay
      k={given.given.deduct === undefined ? "ask.takeBack" : "ask.deduct"}
      amount={sum(worthBack(given), given.currency)}
      deduct={sum(given.given.deduct ?? 0n, given.currency)}
    />
  ),
  takeOffer: ({ view: { offer }, currency }) => (
    <ShopSay
      k="ask.takeOffer"
      pay={sum(BigInt(offer?.pay ?? 0), currency)}
      release={sum(BigInt(offer?.release ?? 0), currency)}
      refund={sum(BigInt(offer?.refund ?? 0), currency)}
    />
  ),
  offer: ({ view, given: { pay = 0n, refund = 0n }, currency }) => (
    <ShopSay
      k="ask.offer"
      pay={sum(pay, currency)}
      release={sum(undivided(view) - pay, currency)}
      refund={sum(refund, currency)}
    />
  ),
  refund: ({ view, given: { amount }, currency }) => (
    <ShopSay k="ask.refund" amount={sum(amount ?? refundable(view), currency)} />
  ),
  giveUp: ({ view, given, currency }) => (
    <ShopSay
      k="ask.giveUp"
      amount={sum(worthOf(view, undefined, lost(view, isLosable(view), given.tracking?.number)), currency)}
    />
  ),
  callOff: ({ view, currency }) => (
    <ShopSay
      k={view.frozen === 0 ? "ask.callOffUnfrozen" : "ask.callOff"}
      amount={sum(worthOf(view, undefined, leaving(view)), currency)}
    />
  ),
  endGuarantee: ({ view, currency }) => (
    <ShopSay k="ask.endGuarantee" amount={sum(BigInt(view.settled ?? 0), currency)} />
  ),
  claimGuarantee: ({ view, currency }) => (
    <ShopSay k="ask.claimGuarantee" amount={sum(BigInt(view.guarantee?.due ?? 0), currency)} />
  ),
  revise: () => <ShopSay k="ask.revise" />,
};

export interface AdvancePrice {
  basisPoints: number;
  /** The most that the claim can be, and what it then costs. */
  claim: bigint;
  price: bigint;
}

interface AskProps {
  frame: Frame;
  order: Order;
  view: TradeView;
  of: StaffAct;
  /** All that the form has sent, its key too. */
  fields: StaffFields;
  given: Particulars;
  /** What it costs to be paid early; undefined where it is another act, or the server does not say. */
  price?: AdvancePrice | undefined;
}

function AdvanceQuestion({ price, currency }: { price: AdvancePrice | undefined; currency: string }) {
  const say = useShopWords();
  if (price === undefined) return <>{say("ask.advanceUnknown")}</>;
  const percent = (price.basisPoints / 100).toLocaleString("en", { maximumFractionDigits: 2 });
  return (
    <ShopSay
      k="ask.advance"
      percent={<span id="price-percent">{`${percent}%`}</span>}
      claim={sum(price.claim, currency)}
      price={sum(price.price, currency)}
    />
  );
}

/** `POST /staff/orders/{number}/{act}` of whoever has not said yes yet. */
export function StaffAskPage({ frame, order, view, of, fields, given, price }: AskProps) {
  const say = useShopWords();
  const { number, currency } = order;
  const { act, path, look } = of;
  const shown = { view, given, currency };
  const question = questions[act];
  return (
    <ShopPage frame={frame} title={say(`act.${act}`)} here="orders" narrow>
      <a class="back" href={`/staff/orders/${number}`}>
        {say("ask.back", { number })}
      </a>
      <h1>{say(`act.${act}`)}</h1>
      <div class="sheet">
        <p class="lead" id="sure">
          {act === "advance" ? <AdvanceQuestion price={price} currency={currency} /> : question?.(shown)}
        </p>
        {act === "revise" ? <OldAndNew {...shown} /> : null}
        {fields["reason"] === undefined ? null : (
          <p id="reason">
            <ShopSay k="ask.reason" reason={<Name>{fields["reason"]}</Name>} />
          </p>
        )}
        <Form action={`/staff/orders/${number}/${path}`} id="ask-form">
          {Object.entries(fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <input type="hidden" name="sure" value="yes" />
          <div class="row">
            <Button look={look === "stop" ? "stop" : "main"} id="ask-yes">
              {say(`do.${act}`)}
            </Button>
            <LinkButton href={`/staff/orders/${number}`} look="quiet" id="ask-no">
              {say("ask.no")}
            </LinkButton>
          </div>
        </Form>
      </div>
    </ShopPage>
  );
}
