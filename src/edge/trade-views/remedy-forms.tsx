/** The forms for what does not go as agreed: more time, money back, a dispute with answer and offers, calling it off. */
import {
  Amount,
  Field,
  Folded,
  hasLeft,
  Moment,
  Notice,
  OfferWords,
  Say,
  unshippedOf,
  useWords,
  withdrawableNow,
} from "../parts/parts.ts";
import { PhotoField } from "../photo-views/photo-views.ts";
import { ActForm, type ActProps, Quantities, Reason, Receipt, type RoleProps, Sure } from "./act-form.tsx";
import { extensionDays, undividedOf, wishOf, withdrawableOf } from "./trade-acts.ts";

/** Moves the deadline to a later day: the shop's wish with one press, or a day that the reader chooses. */
export function Extend(props: ActProps) {
  const say = useWords();
  const { trade, attempt, now } = props;
  const { deadlines } = trade;
  const { from, to } = extensionDays(trade, now) ?? {};
  const mine = attempt.act === "extend";
  const words = deadlines.acceptBy === null ? "act.extendReserved" : "act.extend";
  return (
    <Folded id="extend-part" title={say(words)} hint={say(`${words}Hint`)} open={mine}>
      <ActForm {...props} act="extend" submit={say("act.extendSubmit")} look="quiet">
        <Field
          name="until"
          id="extend-until"
          label={say("act.extendUntil")}
          type="date"
          required
          min={from}
          max={to}
          value={mine ? attempt.values["until"] : undefined}
          error={mine ? attempt.errors["until"] : undefined}
        />
      </ActForm>
    </Folded>
  );
}

/** What the shop wishes, which the buyer agrees to or leaves as it is. */
export function Wish(props: ActProps) {
  const say = useWords();
  const wish = wishOf(props.trade);
  if (wish === undefined) return null;
  return (
    <Notice tone="care" id="wish">
      <p>
        <Say k="act.wish" until={<Moment at={wish} />} />
      </p>
      <ActForm {...props} act="extend" id="wish-yes" submit={say("act.wishSubmit")} look="quiet">
        <input type="hidden" name="wish" value="yes" />
      </ActForm>
    </Notice>
  );
}

/** Gives goods back within cooling-off, or what silence accepted and is wrong. */
export function Withdraw(props: ActProps) {
  const say = useWords();
  const { trade, attempt, now } = props;
  const { until = trade.updatedAt, why } = withdrawableNow(trade, now) ?? {};
  const what =
    why === "silence"
      ? "act.withdrawSilence"
      : trade.coolingOff?.goods === "keep"
        ? "act.withdrawKeep"
        : "act.withdrawReturn";
  return (
    <Folded
      id="withdraw-part"
      title={say("act.withdraw")}
      hint={
        <>
          <Say k="act.withdrawHint" until={<Moment at={until} />} />
          {say("between")}
          {say(what)}
        </>
      }
      open={attempt.act === "withdraw"}
    >
      <ActForm {...props} act="withdraw" submit={say("act.withdrawSubmit")}>
        <Quantities
          trade={trade}
          attempt={attempt}
          act="withdraw"
          open={({ line }) => withdrawableOf(trade, line, now)}
        />
        <Reason act="withdraw" attempt={attempt} required />
      </ActForm>
    </Folded>
  );
}

/** Gives back what was paid. */
export function Refund(props: ActProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const mine = attempt.act === "refund";
  return (
    <Folded id="refund-part" title={say("act.refund")} hint={say("act.refundHint")} open={mine}>
      <ActForm {...props} act="refund" submit={say("act.refundSubmit")}>
        {trade.amount === null ? null : (
          <AmountField act="refund" name="amount" attempt={attempt} hint="act.refundAmountHint" />
        )}
        <Reason act="refund" attempt={attempt} required />
      </ActForm>
    </Folded>
  );
}

const amountLabels = { amount: "act.refundAmount", pay: "act.offerPay", refund: "act.offerRefund" } as const;

function AmountField(props: {
  act: "refund" | "offer";
  name: keyof typeof amountLabels;
  attempt: ActProps["attempt"];
  hint?: "act.refundAmountHint" | "act.offerPayHint";
  required?: boolean;
}) {
  const say = useWords();
  const { act, name, attempt, hint, required = false } = props;
  const mine = attempt.act === act;
  return (
    <Field
      name={name}
      id={`${act}-${name}`}
      label={say(amountLabels[name])}
      hint={hint === undefined ? undefined : say(hint)}
      inputMode="decimal"
      short
      required={required}
      maxLength={30}
      value={mine ? attempt.values[name] : undefined}
      error={mine ? attempt.errors[name] : undefined}
    />
  );
}

/** How the reader would divide what is frozen and not accepted, and what was paid. */
export function Offer(props: ActProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const { currency = "", settled, refunded } = trade;
  const rest = undividedOf(trade) ?? 0n;
  const mine = attempt.act === "offer";
  return (
    <Folded
      id="offer-part"
      title={say("act.offer")}
      hint={
        rest === 0n ? (
          say("act.offerRefundHint")
        ) : (
          <Say k="act.offerHint" amount={<Amount amount={rest} currency={currency} />} />
        )
      }
      open={mine}
    >
      <ActForm {...props} act="offer" submit={say("act.offerSubmit")} look="quiet">
        {rest === 0n ? null : (
          <AmountField act="offer" name="pay" attempt={attempt} hint="act.offerPayHint" />
        )}
        {(settled ?? 0) > (refunded ?? 0) ? (
          <AmountField act="offer" name="refund" attempt={attempt} required={rest === 0n} />
        ) : null}
      </ActForm>
    </Folded>
  );
}

/** What has been offered; the other side takes it with one press. */
export function Offered(props: RoleProps) {
  const say = useWords();
  const { role, ...form } = props;
  const { offer, currency } = props.trade;
  if (offer == null || currency === undefined) return null;
  return (
    <Notice tone="care" id="offered">
      <p>
        <OfferWords {...offer} currency={currency} own={offer.by === role} />
      </p>
      {offer.by === role ? (
        <p class="soft">{say("act.offerWaits")}</p>
      ) : (
        <ActForm {...form} act="accept-offer" submit={say("act.accept-offerSubmit")}>
          <input type="hidden" name="version" value={String(offer.version)} />
        </ActForm>
      )}
    </Notice>
  );
}

/** What the reader, who is asked, says of a dispute. */
export function Answer(props: ActProps) {
  const say = useWords();
  const { attempt } = props;
  const mine = attempt.act === "answer";
  return (
    <div class="stack">
      <h3>{say("act.answer")}</h3>
      <p class="soft">{say("act.answerHint")}</p>
      <ActForm {...props} act="answer" submit={say("act.answerSubmit")}>
        <Field
          name="statement"
          id="answer-statement"
          label={say("act.statement")}
          long
          required
          maxLength={2000}
          value={mine ? attempt.values["statement"] : undefined}
          error={mine ? attempt.errors["statement"] : undefined}
        />
        <Receipt id="answer" attempt={attempt} label="act.evidence" />
      </ActForm>
    </div>
  );
}

/** What the reader adds to a dispute that is open. */
export function AddWords(props: ActProps) {
  const say = useWords();
  const { attempt } = props;
  const mine = attempt.act === "say";
  return (
    <Folded id="say-part" title={say("act.say")} hint={say("act.sayHint")} open={mine}>
      <ActForm {...props} act="say" submit={say("act.saySubmit")} look="quiet" upload>
        <Field
          name="words"
          id="say-words"
          label={say("act.sayWords")}
          long
          required
          maxLength={2000}
          value={mine ? attempt.values["words"] : undefined}
          error={mine ? attempt.errors["words"] : undefined}
        />
        <PhotoField act="say" attempt={mine ? attempt : undefined} />
      </ActForm>
    </Folded>
  );
}

/** What should have come and has not. */
export function NotCome(props: ActProps) {
  const say = useWords();
  return (
    <ActForm {...props} act="not-come" submit={say("act.not-comeSubmit")} look="stop">
      <p class="soft">{say("act.not-comeHint")}</p>
    </ActForm>
  );
}

/** Calls off the trade, or, where something has left the shop, so many pieces of what has not. */
export function Cancel(props: ActProps & { role: RoleProps["role"] }) {
  const say = useWords();
  const { role, ...form } = props;
  const { trade, attempt } = props;
  const part = role === "buyer" && hasLeft(trade);
  const words = part ? "act.cancelPart" : trade.state === "reserved" ? "act.cancel" : "act.cancelOpen";
  const sure = attempt.act === "cancel" ? attempt.sure : undefined;
  const submit =
    sure !== undefined ? "act.sureCancelSubmit" : part ? "act.cancelPartSubmit" : "act.cancelSubmit";
  return (
    <Folded
      id="cancel-part"
      title={say(part ? "act.cancelPart" : "act.cancel")}
      hint={say(`${words}Hint`)}
      open={attempt.act === "cancel"}
    >
      <ActForm {...form} act="cancel" submit={say(submit)} look="stop">
        {part ? (
          <Quantities
            trade={trade}
            attempt={attempt}
            act="cancel"
            open={({ line }) => unshippedOf(trade, line)}
          />
        ) : null}
        <Reason act="cancel" attempt={attempt} required={false} />
        {sure === undefined ? null : (
          <Sure trade={trade} sure={sure} sum="act.sureCancel" any="act.sureCancelAny" />
        )}
      </ActForm>
    </Folded>
  );
}

/** Stops the clocks of payment: the other side has to answer. */
export function Dispute(props: ActProps) {
  const say = useWords();
  const { attempt } = props;
  return (
    <Folded
      id="dispute-part"
      title={say("act.dispute")}
      hint={say("act.disputeHint")}
      open={attempt.act === "dispute"}
    >
      <ActForm {...props} act="dispute" submit={say("act.disputeSubmit")} look="stop">
        <Reason act="dispute" attempt={attempt} required />
      </ActForm>
    </Folded>
  );
}
