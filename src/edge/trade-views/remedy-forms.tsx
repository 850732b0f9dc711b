/** The forms for what does not go as agreed: more time, money back, a dispute, calling it off. */
import { Field, Folded, Moment, Say, useWords } from "../parts/parts.ts";
import { ActForm, type ActProps, Reason } from "./act-form.tsx";

/** Moves the deadline to a later day. */
export function Extend(props: ActProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const from = (trade.deadlines.acceptBy ?? trade.deadlines.reservedUntil)?.slice(0, 10);
  const mine = attempt.act === "extend";
  return (
    <Folded id="extend-part" title={say("act.extend")} hint={say("act.extendHint")} open={mine}>
      <ActForm {...props} act="extend" submit={say("act.extendSubmit")} look="quiet">
        <Field
          name="until"
          id="extend-until"
          label={say("act.extendUntil")}
          type="date"
          required
          min={from}
          value={mine ? attempt.values["until"] : undefined}
          error={mine ? attempt.errors["until"] : undefined}
        />
      </ActForm>
    </Folded>
  );
}

/** Asks for money back, as long as the buyer may change their mind. */
export function Refund(props: ActProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const mine = attempt.act === "refund";
  const until = trade.deadlines.coolingOffUntil ?? trade.updatedAt;
  return (
    <Folded
      id="refund-part"
      title={say("act.refund")}
      hint={<Say k="act.refundHint" until={<Moment at={until} />} />}
      open={mine}
    >
      <ActForm {...props} act="refund" submit={say("act.refundSubmit")}>
        {trade.amount === null ? null : (
          <Field
            name="amount"
            id="refund-amount"
            label={say("act.refundAmount")}
            hint={say("act.refundAmountHint")}
            inputMode="decimal"
            maxLength={30}
            value={mine ? attempt.values["amount"] : undefined}
            error={mine ? attempt.errors["amount"] : undefined}
          />
        )}
        <Reason act="refund" attempt={attempt} required />
      </ActForm>
    </Folded>
  );
}

/** Acts that want a reason and nothing else. */
export function WithReason(props: ActProps & { act: "dispute" | "cancel"; required: boolean }) {
  const say = useWords();
  const { act, attempt, required } = props;
  return (
    <Folded
      id={`${act}-part`}
      title={say(`act.${act}`)}
      hint={say(`act.${act}Hint`)}
      open={attempt.act === act}
    >
      <ActForm {...props} submit={say(`act.${act}Submit`)} look="stop">
        <Reason act={act} attempt={attempt} required={required} />
      </ActForm>
    </Folded>
  );
}
