/** What the staff do about an order: a form for each act. */
import { contestReasons, type TradeView } from "../../core/protocol/protocol.ts";
import { Amount, Button, Choice, Field, Form, Name, parcelsOf } from "../../edge/parts/parts.ts";
import { isLosable, type Order, refundable, undivided } from "../shop-orders/shop-orders.ts";
import { back, leaving, type Mistaken, type PiecesOf, type staffReads } from "./shop-forms.ts";

interface ActProps {
  order: Order;
  view: TradeView;
  mistaken: Mistaken;
}

export interface StaffAct {
  act: keyof typeof staffReads;
  /** The last part of the address to which its form goes, and what the ids in it begin with. */
  path: string;
  summary: string;
  label: string;
  look: "main" | "quiet" | "stop";
  Fields: (props: ActProps) => Parameters<typeof Form>[0]["children"];
}

type QuantitiesProps = Pick<ActProps, "view" | "mistaken"> & { path: string; open: PiecesOf };

/** How many of each line; all of them unless somebody says fewer. One piece is no question. */
function Quantities({ view, mistaken, path, open }: QuantitiesProps) {
  const lines = view.lines.filter(({ line }) => open(line) > 0);
  if (lines.reduce((sum, { line }) => sum + open(line), 0) < 2) return null;
  return (
    <>
      {lines.map(({ line, name }) => (
        <div class="quantity" key={line}>
          <label for={`${path}-quantity-${line}`}>
            <Name>{name}</Name>: how many of {open(line)}?
          </label>
          <input
            type="number"
            inputMode="numeric"
            id={`${path}-quantity-${line}`}
            name={`quantity-${line}`}
            min="0"
            max={open(line)}
            step="1"
            aria-invalid={mistaken[`quantity-${line}`] === undefined ? undefined : true}
            value={String(open(line))}
          />
        </div>
      ))}
    </>
  );
}

const ship: StaffAct = {
  act: "ship",
  path: "ship",
  summary: "The goods are on their way",
  label: "Shipped: tell the institution",
  look: "main",
  Fields: ({ view, mistaken }) => (
    <>
      <p class="soft small">
        With the number of a carrier who is known to be independent of us, that carrier's word of the delivery
        counts. Without one, only the buyer's does.
      </p>
      <Field id="ship-carrier" name="carrier" label="Carrier" maxLength={80} error={mistaken["carrier"]} />
      <Field
        id="ship-number"
        name="number"
        label="Number of the parcel"
        maxLength={80}
        error={mistaken["number"]}
      />
      <Field
        id="ship-url"
        name="url"
        label="Where it can be followed"
        maxLength={500}
        error={mistaken["url"]}
      />
      <Quantities view={view} mistaken={mistaken} path="ship" open={leaving(view)} />
    </>
  ),
};

const handOver: StaffAct = {
  act: "handOver",
  path: "hand-over",
  summary: "The buyer has the goods and accepts them",
  label: "Handed over and accepted",
  look: "quiet",
  Fields: () => (
    <>
      <p class="soft small">
        The buyer lets the shop confirm acceptance. Use this only when they have taken the goods, and said so.
      </p>
      <Field id="hand-over-reference" name="reference" label="Receipt or signature" maxLength={200} />
    </>
  ),
};

const claim: StaffAct = {
  act: "claim",
  path: "delivered",
  summary: "The shop says that the goods were delivered",
  label: "It should be there: ask the buyer",
  look: "quiet",
  Fields: () => (
    <Field
      id="delivered-reference"
      name="reference"
      label="What shows it, such as a receipt"
      maxLength={200}
    />
  ),
};

const takeBack: StaffAct = {
  act: "takeBack",
  path: "return",
  summary: "Goods are back, or are agreed to be missing",
  label: "Agree: the money goes back",
  look: "main",
  Fields: ({ view, mistaken }) => (
    <>
      <p class="soft small">
        What was sent back is here as it was; or it is true that something was missing or never came.
      </p>
      <Quantities view={view} mistaken={mistaken} path="return" open={back(view)} />
      <Field id="return-reference" name="reference" label="Number of the parcel" maxLength={200} />
      <Field
        id="return-deduct"
        name="deduct"
        label="Keep this much, because value was lost"
        hint="It is an offer: the buyer takes it, or an operator decides."
        inputMode="decimal"
        short
        error={mistaken["deduct"]}
      />
      <Field
        id="return-reason"
        name="reason"
        label="What was lost"
        maxLength={500}
        error={mistaken["reason"]}
      />
    </>
  ),
};

const contestWords = {
  not_back: "Nothing has come back",
  another_article: "It is another article",
  used: "It was used or damaged",
  no_right: "There is no right to give it back",
} as const;

const contest: StaffAct = {
  act: "contest",
  path: "contest",
  summary: "The shop does not agree with a rejection or a return",
  label: "Contest it",
  look: "stop",
  Fields: ({ mistaken }) => (
    <>
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

const answer: StaffAct = {
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

const offer: StaffAct = {
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
      <Field
        id="offer-pay"
        name="pay"
        label="Of what is frozen, to us"
        hint="The rest becomes free for the buyer."
        inputMode="decimal"
        short
        error={mistaken["pay"]}
      />
      <Field
        id="offer-refund"
        name="refund"
        label="Of what was paid, back to the buyer"
        inputMode="decimal"
        short
        error={mistaken["refund"]}
      />
    </>
  ),
};

const takeOffer: StaffAct = {
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

const refund: StaffAct = {
  act: "refund",
  path: "refund",
  summary: "Pay back, all or a part",
  label: "Pay back",
  look: "quiet",
  Fields: ({ order: { currency }, view, mistaken }) => (
    <>
      <p class="soft small">
        Up to <Amount amount={refundable(view)} currency={currency} /> can be paid back; all of it where no
        amount is given.
      </p>
      <Field
        id="refund-amount"
        name="amount"
        label="Amount"
        inputMode="decimal"
        short
        error={mistaken["amount"]}
      />
      <Field
        id="refund-reason"
        name="reason"
        label="Why"
        required
        maxLength={500}
        error={mistaken["reason"]}
      />
    </>
  ),
};

const giveUp: StaffAct = {
  act: "giveUp",
  path: "give-up",
  summary: "Goods were lost on the way: their money is the buyer's again",
  label: "Lost on the way: free the money",
  look: "stop",
  Fields: ({ view }) => {
    const known = parcelsOf(view, isLosable(view));
    return (
      <>
        {known.length < 2 ? null : (
          <fieldset>
            <legend>Which parcel?</legend>
            <div class="choices">
              {known.map((number, index) => (
                <Choice
                  key={number}
                  name="parcel"
                  value={number}
                  id={`give-up-parcel-${index + 1}`}
                  checked={index === 0}
                  required
                >
                  <Name>{number}</Name>
                </Choice>
              ))}
            </div>
          </fieldset>
        )}
        <Field id="give-up-reason" name="reason" label="Why" maxLength={500} />
      </>
    );
  },
};

const callOff: StaffAct = {
  act: "callOff",
  path: "cancel",
  summary: "The shop calls off what it has not shipped",
  label: "Call off what is not shipped",
  look: "stop",
  Fields: () => <Field id="cancel-reason" name="reason" label="Why" maxLength={500} />,
};

/** All of them, what is asked of the shop first. */
export const staffActs: readonly StaffAct[] = [
  takeOffer,
  answer,
  ship,
  handOver,
  takeBack,
  contest,
  claim,
  offer,
  refund,
  giveUp,
  callOff,
];

interface ActFormProps extends ActProps {
  of: StaffAct;
  once: string;
  /** Open from the beginning; the others unfold. */
  first: boolean;
}

/** The form of one act. */
export function ActForm({ of: { path, summary, label, look, Fields }, once, first, ...props }: ActFormProps) {
  const form = (
    <Form action={`/staff/orders/${props.order.number}/${path}`} once={`${once}-${path}`} id={`${path}-form`}>
      <Fields {...props} />
      <Button look={look} id={path}>
        {label}
      </Button>
    </Form>
  );
  if (first)
    return (
      <div class="stack">
        <h3>{summary}</h3>
        {form}
      </div>
    );
  return (
    <details class="act" id={`${path}-part`} open={Object.keys(props.mistaken).length > 0}>
      <summary>{summary}</summary>
      {form}
    </details>
  );
}
