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
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
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
            <ShopSay k="act.howMany" name={<Name>{name}</Name>} count={open(line)} />
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
export function ActForm({ of: { act, path, look, Fields }, once, first, ...props }: ActFormProps) {
  const say = useShopWords();
  const form = (
    <Form action={`/staff/orders/${props.order.number}/${path}`} once={`${once}-${path}`} id={`${path}-form`}>
      <Seen view={props.view} />
      <Fields {...props} />
      <Button look={look} id={path}>
        {say(`do.${act}`)}
      </Button>
    </Form>
  );
  if (first)
    return (
      <div class="stack">
        <h3>{say(`act.${act}`)}</h3>
        {form}
      </div>
    );
  return (
    <details class="act" id={`${path}-part`} open={Object.keys(props.mistaken).length > 0}>
      <summary>{say(`act.${act}`)}</summary>
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
  const say = useShopWords();
  if (known.length < 2) return null;
  const choices = [
    ...(whole === undefined ? [] : [["", whole] as const]),
    ...known.map((each) => [each, each] as const),
  ];
  return (
    <fieldset>
      <legend>{say("act.whichParcel")}</legend>
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
  look: "main",
  Fields: ({ view, mistaken }) => {
    const say = useShopWords();
    return (
      <>
        <p class="soft small">{say("ship.lead")}</p>
        <Field
          id="ship-carrier"
          name="carrier"
          label={say("ship.carrier")}
          maxLength={80}
          error={mistaken["carrier"]}
        />
        <Field
          id="ship-number"
          name="number"
          label={say("ship.number")}
          maxLength={80}
          error={mistaken["number"]}
        />
        <Field id="ship-url" name="url" label={say("ship.url")} maxLength={500} error={mistaken["url"]} />
        <Quantities view={view} mistaken={mistaken} path="ship" open={leaving(view)} />
      </>
    );
  },
};

export const handOver: StaffAct = {
  act: "handOver",
  path: "hand-over",
  look: "quiet",
  Fields: () => {
    const say = useShopWords();
    return (
      <>
        <p class="soft small">{say("handOver.lead")}</p>
        <Field id="hand-over-reference" name="reference" label={say("handOver.reference")} maxLength={200} />
      </>
    );
  },
};

export const claim: StaffAct = {
  act: "claim",
  path: "delivered",
  look: "quiet",
  Fields: () => {
    const say = useShopWords();
    return <Field id="delivered-reference" name="reference" label={say("act.evidence")} maxLength={200} />;
  },
};

export const endGuarantee: StaffAct = {
  act: "endGuarantee",
  path: "end-guarantee",
  look: "main",
  Fields: () => {
    const say = useShopWords();
    return <p class="soft small">{say("endGuarantee.lead")}</p>;
  },
};

export const claimGuarantee: StaffAct = {
  act: "claimGuarantee",
  path: "claim-guarantee",
  look: "quiet",
  Fields: ({ view }) => {
    const say = useShopWords();
    return (
      <p class="soft small">
        {view.guarantee?.claimFrom == null ? null : (
          <>
            <ShopSay k="claimGuarantee.from" from={<Moment at={view.guarantee.claimFrom} />} />{" "}
          </>
        )}
        {say("claimGuarantee.lead")}
      </p>
    );
  },
};

/** Whether goods come back that were paid for, and others that were not: an offer of one part cannot be about both. */
const isMixed = ({ lots }: TradeView): boolean =>
  lots.some(({ at }) => at === "withdrawn") && lots.some(({ at }) => at === "rejected");

export const takeBack: StaffAct = {
  act: "takeBack",
  path: "return",
  look: "main",
  Fields: ({ view, mistaken }) => {
    const say = useShopWords();
    return (
      <>
        <p class="soft small">{say("takeBack.lead")}</p>
        <WhichParcel path="return" known={comingBack(view)} whole={say("takeBack.all")} />
        <Quantities view={view} mistaken={mistaken} path="return" open={back(view)} />
        <Field id="return-reference" name="reference" label={say("act.evidence")} maxLength={200} />
        {isMixed(view) ? <p class="soft small">{say("takeBack.mixed")}</p> : null}
        {isMixed(view) || worthOf(view, undefined, back(view)) < 2n ? null : (
          <>
            <Field
              id="return-deduct"
              name="deduct"
              label={say("takeBack.deduct")}
              hint={say("takeBack.deductHint")}
              inputMode="decimal"
              short
              error={mistaken["deduct"]}
            />
            <Field
              id="return-reason"
              name="reason"
              label={say("takeBack.reason")}
              maxLength={500}
              error={mistaken["reason"]}
            />
          </>
        )}
      </>
    );
  },
};

export const refund: StaffAct = {
  act: "refund",
  path: "refund",
  look: "quiet",
  Fields: ({ order: { currency }, view, mistaken }) => {
    const say = useShopWords();
    return (
      <>
        <p class="soft small">
          <ShopSay k="refund.lead" amount={<Amount amount={refundable(view)} currency={currency} />} />
        </p>
        <Field
          id="refund-amount"
          name="amount"
          label={say("refund.amount")}
          inputMode="decimal"
          short
          error={mistaken["amount"]}
        />
        <Field
          id="refund-reason"
          name="reason"
          label={say("act.why")}
          required
          maxLength={500}
          error={mistaken["reason"]}
        />
      </>
    );
  },
};

export const extend: StaffAct = {
  act: "extend",
  path: "extend",
  look: "quiet",
  Fields: ({ view, mistaken }) => {
    const say = useShopWords();
    const { from, to } = reservableDays(view, { at: view.updatedAt, timeZone: useZone() }) ?? {};
    return (
      <>
        <p class="soft small">{say("extend.lead")}</p>
        {view.extensionAsked == null ? null : (
          <p class="small" id="asked">
            <ShopSay k="extend.asked" until={<Moment at={view.extensionAsked} />} />
          </p>
        )}
        <Field
          id="extend-until"
          name="until"
          label={say("extend.until")}
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
  look: "stop",
  Fields: ({ view }) => {
    const say = useShopWords();
    const known = parcelsOf(view, isLosable(view));
    return (
      <>
        <WhichParcel path="give-up" known={known} />
        <Field id="give-up-reason" name="reason" label={say("act.why")} maxLength={500} />
      </>
    );
  },
};

export const callOff: StaffAct = {
  act: "callOff",
  path: "cancel",
  look: "stop",
  Fields: () => <Field id="cancel-reason" name="reason" label={useShopWords()("act.why")} maxLength={500} />,
};
