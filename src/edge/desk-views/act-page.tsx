/** Acting for a caller: what to say and to ask, the form, and what is read back before anything is done. */
import type { ComponentChildren } from "preact";
import { type RejectionKind, rejectionKinds, type TradeView } from "../../core/protocol/protocol.ts";
import { CallerFields, type CallerNeeds } from "../callers/callers.ts";
import {
  Amount,
  type Attempt,
  Button,
  Choice,
  Field,
  type Frame,
  Mistakes,
  Name,
  Refused,
  Say,
  ServerPage,
  useLanguage,
  useWords,
} from "../parts/parts.ts";
import { askedBy, type Asked, type DeskAct } from "./acting.ts";
import { ActHead } from "./read-back.tsx";

export interface ActPageProps {
  frame: Frame;
  trade: TradeView;
  act: DeskAct;
  needs: CallerNeeds;
  /** Those lines of which something can be named, and how much. */
  lines: readonly { line: number; name: string; open: number }[];
  /** With what the buyer can pay. */
  methods: readonly Method[];
  attempt: Attempt;
  once: string;
}

type FieldsProps = ActPageProps & { asked: Asked };

function Text({
  name,
  label,
  attempt,
  ...more
}: { name: string; label: string; attempt: Attempt } & Partial<Parameters<typeof Field>[0]>) {
  return (
    <Field {...more} name={name} label={label} value={attempt.values[name]} error={attempt.errors[name]} />
  );
}

/** How many of a line; its name stands apart, in its own writing direction. */
function Quantity({ line, label, attempt }: { line: number; label: ComponentChildren; attempt: Attempt }) {
  const lang = useLanguage();
  const name = `quantity-${line}`;
  const error = attempt.errors[name];
  return (
    <div class="quantity">
      <label for={name}>
        {label}
        {error === undefined ? null : (
          <span class="error" id={`${name}-error`}>
            {error(lang)}
          </span>
        )}
      </label>
      <input
        type="text"
        inputMode="numeric"
        class="short"
        id={name}
        name={name}
        maxLength={10}
        autocomplete="off"
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : `${name}-error`}
        value={attempt.values[name]}
      />
    </div>
  );
}

function Quantities({ lines, attempt }: ActPageProps) {
  const say = useWords();
  return (
    <fieldset>
      <legend>{say("deskRead.goods")}</legend>
      <p class="hint">{say("deskForm.quantities")}</p>
      {lines.map(({ line, name, open }) => (
        <Quantity
          key={line}
          line={line}
          label={<Say k="act.quantityOf" name={<Name>{name}</Name>} open={open} />}
          attempt={attempt}
        />
      ))}
    </fieldset>
  );
}

function Prices({ trade, attempt }: ActPageProps) {
  const say = useWords();
  const { currency = "JPY" } = trade;
  return (
    <>
      {trade.lines.map(({ line, name, quantity, unitAmount, amount }) => (
        <fieldset key={line} class="sheet">
          <legend>
            <Name>{name}</Name>
          </legend>
          <Quantity line={line} label={say("deskForm.newQuantity", { open: quantity })} attempt={attempt} />
          <p class="hint">
            <Say
              k="deskForm.newPriceHint"
              amount={<Amount amount={unitAmount ?? amount ?? 0} currency={currency} />}
            />
          </p>
          <Text
            name={`price-${line}`}
            label={say("deskForm.newPrice")}
            attempt={attempt}
            inputMode="decimal"
            short
            maxLength={40}
          />
        </fieldset>
      ))}
    </>
  );
}

function Kinds({ attempt }: ActPageProps) {
  const say = useWords();
  const chosen: RejectionKind = rejectionKinds.find((kind) => kind === attempt.values["kind"]) ?? "wrong";
  return (
    <fieldset>
      <legend>{say("act.kind")}</legend>
      <div class="choices">
        {rejectionKinds.map((kind) => (
          <Choice key={kind} name="kind" value={kind} id={`kind-${kind}`} checked={kind === chosen}>
            {say(`act.kind.${kind}`)}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

/** What whoever is served can pay with. */
export interface Method {
  id: string;
  kind: "deposit" | "credit" | "prepaid";
  /** Where it is not the trade's. */
  currency?: string;
}

/** With what it is to be paid: one of these, or what is usual. */
export function Methods({ methods, attempt }: { methods: readonly Method[]; attempt: Attempt }) {
  const say = useWords();
  const chosen = attempt.values["method"] ?? "";
  return (
    <fieldset>
      <legend>{say("deskForm.method")}</legend>
      <div class="choices">
        <Choice name="method" value="" id="method-usual" checked={chosen === ""}>
          {say("deskForm.noMethod")}
        </Choice>
        {methods.map(({ id, kind, currency }) => (
          <Choice
            key={id}
            name="method"
            value={id}
            id={`method-${id}`}
            checked={chosen === id}
            under={currency}
          >
            {say(`method.${kind}`)}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function Terms({ trade, attempt }: ActPageProps) {
  const say = useWords();
  return (
    <>
      <input type="hidden" name="version" value={trade.version} />
      {trade.acceptance.by.includes("shop") ? (
        <Choice
          type="checkbox"
          name="shopMayAccept"
          value="yes"
          id="shopMayAccept"
          checked={attempt.values["shopMayAccept"] === "yes"}
        >
          {say("deskForm.shopMayAccept")}
        </Choice>
      ) : null}
      <Choice
        type="checkbox"
        name="shopWord"
        value="yes"
        id="shopWord"
        checked={attempt.values["shopWord"] === "yes"}
      >
        {say("deskForm.shopWord")}
      </Choice>
    </>
  );
}

function AskedField({ asked, ...props }: FieldsProps) {
  const say = useWords();
  const { attempt } = props;
  const long = { long: true, required: true, maxLength: 2000 };
  const money = { inputMode: "decimal", short: true, maxLength: 40 } as const;
  switch (asked) {
    case "quantities":
      return props.lines.length === 0 ? null : <Quantities {...props} />;
    case "prices":
      return <Prices {...props} />;
    case "kind":
      return <Kinds {...props} />;
    case "method":
      return <Methods {...props} />;
    case "terms":
      return <Terms {...props} />;
    case "final":
      return (
        <Choice
          type="checkbox"
          name="final"
          value="yes"
          id="final"
          checked={attempt.values["final"] === "yes"}
          under={say("act.finalUnder")}
        >
          {say("act.final")}
        </Choice>
      );
    case "reason":
      return <Text name="reason" label={say("act.reason")} attempt={attempt} required long maxLength={500} />;
    case "parcel":
      return <Text name="parcel" label={say("act.parcel")} attempt={attempt} maxLength={80} />;
    case "reference":
      return <Text name="reference" label={say("deskForm.reference")} attempt={attempt} maxLength={200} />;
    case "statement":
      return <Text name="statement" label={say("deskForm.statement")} attempt={attempt} {...long} />;
    case "words":
      return <Text name="words" label={say("deskForm.words")} attempt={attempt} {...long} />;
    case "pay":
      return <Text name="pay" label={say("deskForm.pay")} attempt={attempt} {...money} />;
    case "refund":
      return <Text name="refund" label={say("deskForm.refund")} attempt={attempt} {...money} />;
    case "amount":
      return (
        <Text
          name="amount"
          label={say("deskForm.amount")}
          hint={say("deskForm.amountHint")}
          attempt={attempt}
          {...money}
        />
      );
    case "until":
      return (
        <Text
          name="until"
          label={say("deskForm.until")}
          attempt={attempt}
          type="date"
          required
          maxLength={10}
        />
      );
  }
}

function Script({ act }: { act: DeskAct }) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="script">
      <h2 id="script">{say("deskScript.title")}</h2>
      <ol class="how">
        <li>{say("deskScript.who")}</li>
        <li>{say("deskScript.prove")}</li>
        <li>
          <strong>{say(`deskAsk.${act}`)}</strong>
        </li>
        <li>{say("deskScript.read")}</li>
      </ol>
    </section>
  );
}

/** `/desk/trades/{number}/acts/{act}`. */
export function ActPage(props: ActPageProps) {
  const say = useWords();
  const { frame, trade, act, needs, attempt, once } = props;
  return (
    <ServerPage frame={frame} title={say(`deskAct.${act}`)} here="desk/find" narrow>
      <div class="stack-l">
        <ActHead {...props} />
        <Mistakes errors={attempt.errors} />
        <Refused attempt={attempt} />
        <Script act={act} />
        <form method="post" action={`/desk/trades/${trade.number}/acts/${act}`} id="act-form" class="sheet">
          <input type="hidden" name="key" value={once} />
          <input type="hidden" name="seen" value={trade.version} />
          {act === "accept-offer" ? (
            <input type="hidden" name="version" value={trade.offer?.version ?? 0} />
          ) : null}
          {askedBy[act].map((asked) => (
            <AskedField key={asked} {...props} asked={asked} />
          ))}
          <CallerFields needs={needs} attempt={attempt} />
          <Button id="read-on">{say("deskForm.readOn")}</Button>
        </form>
      </div>
    </ServerPage>
  );
}
