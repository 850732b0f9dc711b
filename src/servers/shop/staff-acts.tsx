/** What the staff do about an order: a form for each act, and what is read out of it. */
import { parseMoney } from "../../core/money/money.ts";
import { contestReasons, type TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  Button,
  Choice,
  countOf,
  Field,
  Form,
  Name,
  parcelsOf,
  unshippedOf,
} from "../../edge/parts/parts.ts";
import {
  type Act,
  isBack,
  isLosable,
  type Order,
  type Particulars,
  refundable,
  undivided,
} from "../shop-orders/shop-orders.ts";
import { type Mistaken, type StaffFields, staffSentences } from "./shop-forms.ts";

interface ActProps {
  order: Order;
  view: TradeView;
  mistaken: Mistaken;
}

type Read = { given: Particulars } | { mistaken: Mistaken };

export interface StaffAct {
  act: Act;
  /** The last part of the address to which its form goes, and what the ids in it begin with. */
  path: string;
  summary: string;
  label: string;
  look: "main" | "quiet" | "stop";
  Fields: (props: ActProps) => Parameters<typeof Form>[0]["children"];
  read: (fields: StaffFields, view: TradeView | null) => Read;
}

const wrong = (...names: string[]): Read => ({
  mistaken: Object.fromEntries(names.map((name) => [name, staffSentences[name] ?? ""])),
});

type PiecesOf = (line: number) => number;

/** How many of each line; all of them unless somebody says fewer. One piece is no question. */
function Quantities({ view, path, open }: { view: TradeView; path: string; open: PiecesOf }) {
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
            value={String(open(line))}
          />
        </div>
      ))}
    </>
  );
}

/** The quantities that were typed, as far as they are open; undefined where all of it is meant, or nothing was asked. */
function linesIn(fields: StaffFields, view: TradeView | null, open: PiecesOf): Particulars["lines"] {
  const named = (view?.lines ?? []).map(({ line }) => {
    const text = (fields[`quantity-${line}`] ?? String(open(line))).normalize("NFKC");
    return { line, quantity: /^[0-9]{1,7}$/.test(text) ? Number(text) : 0, all: open(line) };
  });
  const lines = named.filter(({ quantity, all }) => all > 0 && quantity > 0);
  const whole = named.every(({ quantity, all }) => quantity === all);
  return lines.length === 0 || whole ? undefined : lines.map(({ line, quantity }) => ({ line, quantity }));
}

const leaving =
  (view: TradeView | null): PiecesOf =>
  (line) =>
    view === null ? 0 : unshippedOf(view, line);
const back =
  (view: TradeView | null): PiecesOf =>
  (line) =>
    view === null ? 0 : countOf(view.lots, line, isBack);

/** An amount that was typed, up to a limit; undefined where it is none. */
function money(text: string | undefined, view: TradeView | null, most: bigint): bigint | undefined {
  const amount = text === undefined ? undefined : parseMoney(text, view?.currency ?? "XXX");
  return amount === undefined || amount > most ? undefined : amount;
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
      <Quantities view={view} path="ship" open={leaving(view)} />
    </>
  ),
  read: (fields, view) => {
    const { carrier, number, url } = fields;
    if (number === undefined && (carrier ?? url) !== undefined) return wrong("number");
    const tracking =
      number === undefined
        ? undefined
        : {
            number,
            ...(carrier === undefined ? {} : { carrier }),
            ...(url === undefined ? {} : { url }),
          };
    return { given: { tracking, lines: linesIn(fields, view, leaving(view)) } };
  },
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
  read: ({ reference }) => ({ given: { reference } }),
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
  read: ({ reference }) => ({ given: { reference } }),
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
      <Quantities view={view} path="return" open={back(view)} />
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
  read: (fields, view) => {
    const { reference, reason } = fields;
    const lines = linesIn(fields, view, back(view));
    if (fields["deduct"] === undefined) return { given: { lines, reference } };
    const deduct = money(fields["deduct"], view, BigInt(Number.MAX_SAFE_INTEGER));
    if (deduct === undefined || deduct === 0n) return wrong("deduct");
    return reason === undefined ? wrong("reason") : { given: { lines, reference, deduct, reason } };
  },
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
  read: ({ contest: chosen, reason }) => {
    const known = contestReasons.find((each) => each === chosen);
    if (known === undefined) return wrong("contest");
    return reason === undefined ? wrong("reason") : { given: { contest: known, reason } };
  },
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
  read: ({ statement, reference }) =>
    statement === undefined ? wrong("statement") : { given: { reason: statement, reference } },
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
  read: (fields, view) => {
    const pay = money(fields["pay"] ?? "0", view, view === null ? 0n : undivided(view));
    if (pay === undefined) return wrong("pay");
    const refund = money(fields["refund"] ?? "0", view, view === null ? 0n : refundable(view));
    return refund === undefined
      ? wrong("refund")
      : { given: { pay, refund: refund === 0n ? undefined : refund } };
  },
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
  read: () => ({ given: {} }),
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
  read: (fields, view) => {
    const { amount: typed, reason } = fields;
    const amount = money(typed, view, view === null ? 0n : refundable(view));
    if (typed !== undefined && (amount === undefined || amount === 0n)) return wrong("amount");
    return reason === undefined ? wrong("reason") : { given: { reason, amount } };
  },
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
  read: ({ parcel, reason }) => ({
    given: { reason, tracking: parcel === undefined ? undefined : { number: parcel } },
  }),
};

const callOff: StaffAct = {
  act: "callOff",
  path: "cancel",
  summary: "The shop calls off what it has not shipped",
  label: "Call off what is not shipped",
  look: "stop",
  Fields: () => <Field id="cancel-reason" name="reason" label="Why" maxLength={500} />,
  read: ({ reason }) => ({ given: { reason } }),
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
