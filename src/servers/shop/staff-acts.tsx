/** What the staff's forms are made of, and those about goods and money: a form for each act. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  Button,
  Choice,
  Field,
  Form,
  Moment,
  Name,
  parcelsOf,
  reservableDays,
  useZone,
} from "../../edge/parts/parts.ts";
import { isLosable, type Order, refundable } from "../shop-orders/shop-orders.ts";
import {
  back,
  comingBack,
  leaving,
  type Mistaken,
  type PiecesOf,
  type staffReads,
  worthOf,
} from "./shop-forms.ts";
import { Seen } from "./order-pages.tsx";

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
      <Seen view={props.view} />
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

/** Which of several parcels is meant; `whole`: what stands first means all of them. */
export function WhichParcel({
  path,
  known,
  whole,
}: {
  path: string;
  known: readonly string[];
  whole?: string;
}) {
  if (known.length < 2) return null;
  const choices = [
    ...(whole === undefined ? [] : [["", whole] as const]),
    ...known.map((each) => [each, each] as const),
  ];
  return (
    <fieldset>
      <legend>Which parcel?</legend>
      <div class="choices">
        {choices.map(([number, words], index) => (
          <Choice
            key={number}
            name="parcel"
            value={number}
            id={`${path}-parcel-${index + 1}`}
            checked={index === 0}
            required
          >
            <Name>{words}</Name>
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

export const ship: StaffAct = {
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

export const handOver: StaffAct = {
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

export const claim: StaffAct = {
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

export const endGuarantee: StaffAct = {
  act: "endGuarantee",
  path: "end-guarantee",
  summary: "The buyer has paid: the guarantee can end",
  label: "We have been paid: end the guarantee",
  look: "main",
  Fields: () => (
    <p class="soft small">
      The guarantor then stands for this order no more, and the buyer's credit line is free. If we say
      nothing, it ends by itself three days after the payment.
    </p>
  ),
};

export const claimGuarantee: StaffAct = {
  act: "claimGuarantee",
  path: "claim-guarantee",
  summary: "Nobody has paid in time: the guarantor pays us",
  label: "Claim it from the guarantor",
  look: "quiet",
  Fields: ({ view }) => (
    <p class="soft small">
      {view.guarantee?.claimFrom == null ? null : (
        <>
          From <Moment at={view.guarantee.claimFrom} /> on.{" "}
        </>
      )}
      The collecting institution is asked first and takes no more for this order. If the buyer has paid
      meanwhile, that counts, and nothing is claimed.
    </p>
  ),
};

/** Whether goods come back that were paid for, and others that were not: an offer of one part cannot be about both. */
const isMixed = ({ lots }: TradeView): boolean =>
  lots.some(({ at }) => at === "withdrawn") && lots.some(({ at }) => at === "rejected");

export const takeBack: StaffAct = {
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
      <WhichParcel path="return" known={comingBack(view)} whole="All of them" />
      <Quantities view={view} mistaken={mistaken} path="return" open={back(view)} />
      <Field
        id="return-reference"
        name="reference"
        label="What shows it, such as a receipt"
        maxLength={200}
      />
      {isMixed(view) ? (
        <p class="soft small">
          Some of it was paid for and some was not. To keep a part of the price, make an offer.
        </p>
      ) : null}
      {isMixed(view) || worthOf(view, undefined, back(view)) < 2n ? null : (
        <>
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
      )}
    </>
  ),
};

export const refund: StaffAct = {
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

export const extend: StaffAct = {
  act: "extend",
  path: "extend",
  summary: "The shop needs more time before it ships",
  label: "Keep the money frozen until then",
  look: "quiet",
  Fields: ({ view, mistaken }) => {
    const { from, to } = reservableDays(view, { at: view.updatedAt, timeZone: useZone() }) ?? {};
    return (
      <>
        <p class="soft small">
          As far as the buyer agreed it is done at once. For longer the buyer is asked, and until they agree
          it stays as it is.
        </p>
        {view.extensionAsked == null ? null : (
          <p class="small" id="asked">
            The buyer has been asked for <Moment at={view.extensionAsked} />, and has not agreed yet.
          </p>
        )}
        <Field
          id="extend-until"
          name="until"
          label="Last day"
          type="date"
          required
          min={from}
          max={to}
          error={mistaken["until"]}
        />
      </>
    );
  },
};

export const giveUp: StaffAct = {
  act: "giveUp",
  path: "give-up",
  summary: "Goods were lost on the way: their money is the buyer's again",
  label: "Lost on the way: free the money",
  look: "stop",
  Fields: ({ view }) => {
    const known = parcelsOf(view, isLosable(view));
    return (
      <>
        <WhichParcel path="give-up" known={known} />
        <Field id="give-up-reason" name="reason" label="Why" maxLength={500} />
      </>
    );
  },
};

export const callOff: StaffAct = {
  act: "callOff",
  path: "cancel",
  summary: "The shop calls off what it has not shipped",
  label: "Call off what is not shipped",
  look: "stop",
  Fields: () => <Field id="cancel-reason" name="reason" label="Why" maxLength={500} />,
};
