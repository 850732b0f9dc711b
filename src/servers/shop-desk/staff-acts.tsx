/** What the staff's forms are made of, and those about goods and money: a form for each act. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  Button,
  Choice,
  Field as PlainField,
  Form,
  Moment,
  Name,
  parcelsOf,
  reservableDays,
} from "../../edge/parts/parts.ts";
import { isLosable, type Order, refundable } from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import {
  type PiecesOf,
  back,
  comingBack,
  leaving,
  type staffReads,
  worthOf,
  type StaffFields,
} from "./staff-forms.ts";
import type { Role } from "../shop-staff/shop-staff.ts";
import { type Mistaken, Seen } from "../shop-frame/shop-frame.ts";

/** What was typed into a form that is shown again; a form that is shown for the first time has none. */
export const Typed = createContext<StaffFields>({});

/** A field with what was typed into it. */
export function Field(props: Parameters<typeof PlainField>[0]) {
  const typed = useContext(Typed)[props.name];
  return <PlainField {...props} {...(typed === undefined ? {} : { value: typed })} />;
}

/** Why it is done; `read`: the other side and operators read it. */
export function Why({ path, mistaken, read = false, long = false }: WhyProps) {
  const say = useShopWords();
  return (
    <Field
      id={`${path}-reason`}
      name="reason"
      label={say("act.why")}
      {...(read ? { hint: say("act.read") } : {})}
      long={long}
      required
      maxLength={500}
      error={mistaken["reason"]}
    />
  );
}

interface WhyProps {
  path: string;
  mistaken: Mistaken;
  read?: boolean;
  long?: boolean;
}

interface ActProps {
  order: Order;
  view: TradeView;
  mistaken: Mistaken;
  /** In which a day that is named begins and ends: that of the server at which the order is paid, not the reader's. */
  timeZone: string;
}

export interface StaffAct {
  act: keyof typeof staffReads;
  /** The last part of the address to which its form goes, and what the ids in it begin with. */
  path: string;
  look: "main" | "quiet" | "stop";
  /** Who of the staff may do it, from this role on. */
  role: Role;
  /** Whether it moves money: then its sum is named, and it is asked for once more. */
  asks?: true;
  Fields: (props: ActProps) => Parameters<typeof Form>[0]["children"];
}

type QuantitiesProps = Pick<ActProps, "view" | "mistaken"> & { path: string; open: PiecesOf };

/** How many of each line; all of them unless somebody says fewer. One piece is no question. */
function Quantities({ view, mistaken, path, open }: QuantitiesProps) {
  const typed = useContext(Typed);
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
            value={typed[`quantity-${line}`] ?? String(open(line))}
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
  /** What was typed, where it is shown again. */
  typed?: StaffFields | undefined;
}

/** The form of one act. */
export function ActForm(props: ActFormProps) {
  const { of, once, first, typed, order, view, mistaken, timeZone } = props;
  const { act, path, look, Fields } = of;
  const say = useShopWords();
  const form = (
    <Typed.Provider value={typed ?? {}}>
      <Form
        action={`/staff/orders/${order.number}/${path}`}
        once={typed?.["key"] ?? `${once}-${path}`}
        id={`${path}-form`}
      >
        <Seen view={view} />
        <Fields order={order} view={view} mistaken={mistaken} timeZone={timeZone} />
        <Button look={look === "main" && !first ? "quiet" : look} id={path}>
          {say(`do.${act}`)}
        </Button>
      </Form>
    </Typed.Provider>
  );
  if (first)
    return (
      <div class="stack">
        <h3>{say(`act.${act}`)}</h3>
        {form}
      </div>
    );
  return (
    <details class="act" id={`${path}-part`} open={typed !== undefined || Object.keys(mistaken).length > 0}>
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
  const typed = useContext(Typed)["parcel"] ?? "";
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
            checked={number === typed || (index === 0 && !choices.some(([each]) => each === typed))}
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
  role: "clerk",
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
  role: "manager",
  asks: true,
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
  role: "clerk",
  Fields: () => {
    const say = useShopWords();
    return <Field id="delivered-reference" name="reference" label={say("act.evidence")} maxLength={200} />;
  },
};

/** Whether goods come back that were paid for, and others that were not: an offer of one part cannot be about both. */
const isMixed = ({ lots }: TradeView): boolean =>
  lots.some(({ at }) => at === "withdrawn") && lots.some(({ at }) => at === "rejected");

export const takeBack: StaffAct = {
  act: "takeBack",
  path: "return",
  look: "main",
  role: "manager",
  asks: true,
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
  role: "manager",
  asks: true,
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
        <Why path="refund" mistaken={mistaken} />
      </>
    );
  },
};

export const extend: StaffAct = {
  act: "extend",
  path: "extend",
  look: "quiet",
  role: "clerk",
  Fields: ({ view, mistaken, timeZone }) => {
    const say = useShopWords();
    const { from, to } = reservableDays(view, { at: view.updatedAt, timeZone }) ?? {};
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
  role: "manager",
  asks: true,
  Fields: ({ view, mistaken }) => {
    const known = parcelsOf(view, isLosable(view));
    return (
      <>
        <WhichParcel path="give-up" known={known} />
        <Why path="give-up" mistaken={mistaken} read />
      </>
    );
  },
};

export const callOff: StaffAct = {
  act: "callOff",
  path: "cancel",
  look: "stop",
  role: "manager",
  asks: true,
  Fields: ({ mistaken }) => {
    return <Why path="cancel" mistaken={mistaken} read />;
  },
};
