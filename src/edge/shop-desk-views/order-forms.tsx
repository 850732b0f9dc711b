/** A form for each act of the desk. */
import { contestReasons, type TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  countOf,
  Moment,
  type Now,
  openQuantity,
  reservableDays,
  Say,
  unshippedOf,
  useWords,
} from "../parts/parts.ts";
import { PhotoField } from "../photo-views/photo-views.ts";
import { undividedOf } from "../trade-views/trade-views.ts";
import type { DeskAct } from "./desk-acts.ts";
import { ActField, type ActProps, DeskForm, Pieces, Ways, Why } from "./form-parts.tsx";
import { Revise } from "./revise-form.tsx";

type OneProps = ActProps & { now: Now };
const comesBack = ({ lots }: TradeView, line: number) =>
  countOf(lots, line, ({ at }) => at === "rejected" || at === "withdrawn");
/** What has not been delivered, and so can be called off. */
export const callable = (trade: TradeView, line: number) =>
  unshippedOf(trade, line) + countOf(trade.lots, line, ({ at }) => at === "shipped");

/** A form without fields of its own, or with one for what shows it. */
function Plain({
  act,
  evidence = false,
  hint,
  ...props
}: OneProps & { act: PlainAct; evidence?: boolean; hint: string }) {
  const say = useWords();
  const look = act === "claim" || act === "release" || act === "advance" ? "quiet" : "main";
  return (
    <DeskForm
      {...props}
      act={act}
      title={say(`shopForm.${act}`)}
      hint={hint}
      submit={say(`shopDo.${act}`)}
      look={look}
    >
      {evidence ? (
        <ActField
          {...{ act, attempt: props.attempt }}
          name="reference"
          label={say("shopForm.evidence")}
          maxLength={200}
        />
      ) : null}
    </DeskForm>
  );
}
type PlainAct = "deliver" | "accept" | "release" | "claim" | "advance";

function Ship(props: OneProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const own = { act: "ship", attempt } as const;
  return (
    <DeskForm
      {...props}
      act="ship"
      title={say("shopForm.ship")}
      hint={say("shopForm.shipHint")}
      submit={say("shopDo.ship")}
      look="main"
    >
      <Pieces {...own} trade={trade} open={({ line }) => unshippedOf(trade, line)} />
      <ActField {...own} name="carrier" label={say("shopForm.carrier")} maxLength={80} />
      <ActField {...own} name="parcel" label={say("act.parcel")} maxLength={80} />
      <ActField {...own} name="url" label={say("shopForm.url")} maxLength={500} />
    </DeskForm>
  );
}

function TakeBack(props: OneProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const own = { act: "return", attempt } as const;
  return (
    <DeskForm
      {...props}
      act="return"
      title={say("shopForm.return")}
      hint={say("shopForm.returnHint")}
      submit={say("shopDo.return")}
      look="main"
    >
      <Pieces {...own} trade={trade} open={({ line }) => comesBack(trade, line)} />
      {trade.amount === null ? null : (
        <>
          <ActField
            {...own}
            name="deduct"
            label={say("shopForm.deduct")}
            hint={say("shopForm.deductHint")}
            inputMode="decimal"
            maxLength={30}
          />
          <ActField {...own} name="reason" label={say("shopForm.deductReason")} maxLength={500} />
        </>
      )}
    </DeskForm>
  );
}

function Contest(props: OneProps) {
  const say = useWords();
  const { attempt } = props;
  return (
    <DeskForm
      {...props}
      act="contest"
      title={say("shopForm.contest")}
      hint={say("shopForm.contestHint")}
      submit={say("shopDo.contest")}
      look="stop"
    >
      <Ways
        act="contest"
        name="contest"
        legend={say("shopForm.contestWhat")}
        ways={contestReasons.map((reason) => [reason, say(`contest.${reason}`)] as const)}
      />
      <Why act="contest" attempt={attempt} />
    </DeskForm>
  );
}

function Answer(props: OneProps) {
  const say = useWords();
  const own = { act: "answer", attempt: props.attempt } as const;
  return (
    <DeskForm
      {...props}
      act="answer"
      title={say("shopForm.answer")}
      hint={say("shopForm.answerHint")}
      submit={say("shopDo.answer")}
      look="main"
    >
      <Why {...own} name="statement" label={say("shopForm.statement")} />
      <ActField {...own} name="reference" label={say("act.evidence")} maxLength={200} />
    </DeskForm>
  );
}

function AddWords(props: OneProps) {
  const say = useWords();
  const { attempt } = props;
  return (
    <DeskForm
      {...props}
      act="say"
      title={say("shopForm.say")}
      hint={say("shopForm.sayHint")}
      submit={say("shopDo.say")}
      upload
    >
      <Why act="say" attempt={attempt} name="words" label={say("shopForm.words")} />
      <PhotoField act="say" attempt={attempt.act === "say" ? attempt : undefined} />
    </DeskForm>
  );
}

function Offer(props: OneProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const { currency = "", settled, refunded } = trade;
  const rest = undividedOf(trade) ?? 0n;
  const own = { act: "offer", attempt, inputMode: "decimal", maxLength: 30 } as const;
  return (
    <DeskForm
      {...props}
      act="offer"
      title={say("shopForm.offer")}
      hint={<Say k="shopForm.offerHint" rest={<Amount amount={rest} currency={currency} />} />}
      submit={say("shopDo.offer")}
    >
      {rest === 0n ? null : (
        <ActField {...own} name="pay" label={say("shopForm.offerPay")} hint={say("shopForm.offerPayHint")} />
      )}
      {(settled ?? 0) > (refunded ?? 0) ? (
        <ActField {...own} name="refund" label={say("shopForm.offerRefund")} />
      ) : null}
    </DeskForm>
  );
}

function TakeOffer(props: OneProps) {
  const say = useWords();
  const { offer, currency = "" } = props.trade;
  if (offer == null) return null;
  const amount = (of: number) => <Amount amount={of} currency={currency} />;
  return (
    <DeskForm
      {...props}
      first
      act="accept-offer"
      version={offer.version}
      title={say("shopDo.accept-offer")}
      hint={
        <Say
          k="shopForm.offered"
          pay={amount(offer.pay)}
          release={amount(offer.release)}
          refund={amount(offer.refund)}
        />
      }
      submit={say("shopDo.accept-offer")}
      look="main"
    />
  );
}

function Refund(props: OneProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const { currency = "", settled, refunded } = trade;
  const most = (settled ?? 0) - (refunded ?? 0);
  return (
    <DeskForm
      {...props}
      act="refund"
      title={say("shopForm.refund")}
      hint={
        trade.amount === null ? (
          say("shop.private")
        ) : (
          <Say k="shopForm.refundHint" amount={<Amount amount={most} currency={currency} />} />
        )
      }
      submit={say("shopDo.refund")}
      look="stop"
    >
      {trade.amount === null ? null : (
        <ActField
          {...{ act: "refund", attempt, name: "amount" }}
          label={say("shopForm.amount")}
          inputMode="decimal"
          maxLength={30}
        />
      )}
      <Why act="refund" attempt={attempt} />
    </DeskForm>
  );
}

function Extend(props: OneProps) {
  const say = useWords();
  const { trade, attempt, now } = props;
  const { from, to } = reservableDays(trade, now) ?? {};
  return (
    <DeskForm
      {...props}
      act="extend"
      title={say("shopForm.extend")}
      hint={say("shopForm.extendHint")}
      submit={say("shopDo.extend")}
    >
      {trade.extensionAsked == null ? null : (
        <p id="extension-asked">
          <Say k="shopForm.extendAsked" until={<Moment at={trade.extensionAsked} />} />
        </p>
      )}
      <ActField
        {...{ act: "extend", attempt, name: "until" }}
        label={say("shopForm.until")}
        type="date"
        min={from}
        max={to}
        required
      />
    </DeskForm>
  );
}

function Dispute(props: OneProps) {
  const say = useWords();
  return (
    <DeskForm
      {...props}
      act="dispute"
      title={say("shopForm.dispute")}
      hint={say("shopForm.disputeHint")}
      submit={say("shopDo.dispute")}
      look="stop"
    >
      <Why act="dispute" attempt={props.attempt} />
    </DeskForm>
  );
}

function CallOff(props: OneProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const part = trade.frozen !== 0 && trade.lines.some(({ line }) => callable(trade, line) > 0);
  const whole = !part && trade.lines.some((line) => openQuantity(line) > 0);
  const agreed = trade.state !== "proposed" && trade.state !== "refused";
  return (
    <DeskForm
      {...props}
      act="cancel"
      title={say("shopForm.cancel")}
      hint={whole && agreed ? say("shopForm.cancelWhole") : part && agreed ? say("shopForm.cancelHint") : ""}
      submit={say("shopDo.cancel")}
      look="stop"
    >
      {part && agreed ? (
        <Pieces act="cancel" attempt={attempt} trade={trade} open={({ line }) => callable(trade, line)} />
      ) : null}
      <Why act="cancel" attempt={attempt} />
    </DeskForm>
  );
}

function Deliver(props: OneProps) {
  const say = useWords();
  const own = props.trade.acceptance.shopWord === true;
  return (
    <Plain
      {...props}
      act="deliver"
      evidence
      hint={say(own ? "shopForm.deliverOwn" : "shopForm.deliverHint")}
    />
  );
}

const plain = (act: Exclude<PlainAct, "deliver">, evidence = false) =>
  function PlainForm(props: OneProps) {
    return <Plain {...props} act={act} evidence={evidence} hint={useWords()(`shopForm.${act}Hint`)} />;
  };

export const orderForms = {
  "accept-offer": TakeOffer,
  answer: Answer,
  ship: Ship,
  return: TakeBack,
  contest: Contest,
  deliver: Deliver,
  accept: plain("accept", true),
  release: plain("release"),
  claim: plain("claim"),
  say: AddWords,
  offer: Offer,
  refund: Refund,
  revise: Revise,
  extend: Extend,
  advance: plain("advance"),
  dispute: Dispute,
  cancel: CallOff,
} as const satisfies Record<DeskAct, (props: OneProps) => unknown>;
