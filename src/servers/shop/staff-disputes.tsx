/** What the staff do where shop and buyer do not agree: forms to contest, to open and to answer a dispute, and to settle it. */
import { contestReasons } from "../../core/protocol/protocol.ts";
import { Amount, Choice, Field } from "../../edge/parts/parts.ts";
import { refundable, undivided } from "../shop-orders/shop-orders.ts";
import { comingBack } from "./shop-forms.ts";
import { type StaffAct, WhichParcel } from "./staff-acts.tsx";

const contestWords = {
  not_back: "Nothing has come back",
  another_article: "It is another article",
  used: "It was used or damaged",
  no_right: "There is no right to give it back",
} as const;

export const contest: StaffAct = {
  act: "contest",
  path: "contest",
  summary: "The shop does not agree with a rejection or a return",
  label: "Contest it",
  look: "stop",
  Fields: ({ view, mistaken }) => (
    <>
      <WhichParcel path="contest" known={comingBack(view)} whole="All that comes back" />
      <fieldset>
        <legend>What is not so?</legend>
        <div class="choices">
          {contestReasons.map((reason, index) => (
            <Choice
              key={reason}
              name="contest"
              value={reason}
              id={`contest-${reason}`}
              checked={index === 0}
              required
            >
              {contestWords[reason]}
            </Choice>
          ))}
        </div>
      </fieldset>
      <Field
        id="contest-reason"
        name="reason"
        label="Why"
        hint="The buyer and the operators will read this."
        long
        required
        maxLength={500}
        error={mistaken["reason"]}
      />
    </>
  ),
};

export const answer: StaffAct = {
  act: "answer",
  path: "answer",
  summary: "The shop answers a dispute",
  label: "Send the answer",
  look: "main",
  Fields: ({ mistaken }) => (
    <>
      <Field
        id="answer-statement"
        name="statement"
        label="Our side of the dispute"
        hint="If we say nothing in time, what was not seen delivered goes back to the buyer."
        long
        required
        maxLength={2000}
        error={mistaken["statement"]}
      />
      <Field
        id="answer-reference"
        name="reference"
        label="Number of a receipt or a photograph"
        maxLength={200}
      />
    </>
  ),
};

export const offer: StaffAct = {
  act: "offer",
  path: "offer",
  summary: "The shop offers how to divide the money",
  label: "Make this offer",
  look: "quiet",
  Fields: ({ order: { currency }, view, mistaken }) => (
    <>
      <p class="soft small">
        <Amount amount={undivided(view)} currency={currency} /> is frozen and not accepted,{" "}
        <Amount amount={refundable(view)} currency={currency} /> was paid.
      </p>
      {undivided(view) === 0n ? null : (
        <Field
          id="offer-pay"
          name="pay"
          label="Of what is frozen, to us"
          hint="The rest becomes free for the buyer."
          inputMode="decimal"
          short
          error={mistaken["pay"]}
        />
      )}
      {refundable(view) === 0n ? null : (
        <Field
          id="offer-refund"
          name="refund"
          label="Of what was paid, back to the buyer"
          inputMode="decimal"
          short
          required={undivided(view) === 0n}
          error={mistaken["refund"]}
        />
      )}
    </>
  ),
};

export const takeOffer: StaffAct = {
  act: "takeOffer",
  path: "take-offer",
  summary: "The shop takes the buyer's offer",
  label: "Take the buyer's offer",
  look: "main",
  Fields: ({ order: { currency }, view: { offer: made } }) =>
    made == null ? null : (
      <p id="offered">
        The buyer offers: <Amount amount={made.pay} currency={currency} /> to us,{" "}
        <Amount amount={made.release} currency={currency} /> free again,{" "}
        <Amount amount={made.refund} currency={currency} /> of what was paid back to them.
      </p>
    ),
};

export const dispute: StaffAct = {
  act: "dispute",
  path: "dispute",
  summary: "The shop opens a dispute",
  label: "Open the dispute",
  look: "stop",
  Fields: ({ mistaken }) => (
    <>
      <p class="soft small">
        Nothing is paid by silence until it is over: the buyer has to answer, then an operator decides. We can
        do this once. What comes back and is not right is contested instead.
      </p>
      <Field
        id="dispute-reason"
        name="reason"
        label="Why"
        hint="The buyer and the operators will read this."
        long
        required
        maxLength={500}
        error={mistaken["reason"]}
      />
    </>
  ),
};
