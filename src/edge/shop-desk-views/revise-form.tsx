/** The order as it is, to be typed over: what it is, how many, at what price. Also the order that an earmark waits for. */
import { typedMoney } from "../../core/money/money.ts";
import type { TradeLineView, TradeView } from "../../core/protocol/protocol.ts";
import { Field, type FieldProps, useWords } from "../parts/parts.ts";
import { ActField, type ActProps, DeskForm } from "./form-parts.tsx";

/** How many lines a form has: as many as there are, and one more. */
const reviseLinesMost = 50;

/** One line of goods as it is typed; `n` names its fields. */
export function LineFields(props: {
  n: number;
  id: string;
  values: Record<string, string>;
  errors: Record<string, FieldProps["error"]>;
  /** The price is that of all pieces. */
  whole?: boolean;
  line?: { name: string; quantity: string; price: string } | undefined;
}) {
  const say = useWords();
  const { n, id, values, errors, whole = false, line } = props;
  const of = (name: string) => ({
    name: `${name}-${n}`,
    id: `${id}-${name}-${n}`,
    error: errors[`${name}-${n}`],
    own: true,
  });
  return (
    <fieldset class="stack">
      <legend>{line === undefined ? say("shopForm.another") : say("shopNew.line", { number: n })}</legend>
      <Field
        {...of("name")}
        label={say("shopForm.name")}
        maxLength={400}
        value={values[`name-${n}`] ?? line?.name}
      />
      <div class="halves">
        <Field
          {...of("quantity")}
          label={say("shopForm.quantity")}
          inputMode="numeric"
          short
          maxLength={7}
          value={values[`quantity-${n}`] ?? line?.quantity}
        />
        <Field
          {...of("price")}
          label={say(whole ? "shopForm.priceAll" : "shopForm.price")}
          inputMode="decimal"
          short
          maxLength={30}
          value={values[`price-${n}`] ?? line?.price}
        />
      </div>
    </fieldset>
  );
}

const priceText = (line: TradeLineView, currency: string): string =>
  typedMoney(BigInt(line.amount ?? line.unitAmount ?? 0), currency);

export function Revise(props: ActProps) {
  const say = useWords();
  const { trade, attempt } = props;
  const { currency = "JPY" } = trade;
  const waits = isEarmark(trade);
  const mine = attempt.act === "revise";
  const values = mine ? attempt.values : {};
  const errors = mine ? attempt.errors : {};
  const lines = waits ? [] : trade.lines.slice(0, reviseLinesMost);
  return (
    <DeskForm
      {...props}
      act="revise"
      title={say(waits ? "shopForm.reviseOrder" : "shopForm.revise")}
      hint={say("shopForm.reviseHint")}
      submit={say("shopDo.revise")}
      look={waits ? "main" : "quiet"}
    >
      {waits ? (
        <ActField
          {...{ act: "revise", attempt, name: "reference" }}
          label={say("shopForm.reference")}
          hint={say("shopForm.referenceHint")}
          maxLength={100}
        />
      ) : null}
      {lines.map((line) => (
        <LineFields
          key={line.line}
          n={line.line}
          id="revise"
          {...{ values, errors }}
          whole={line.amount !== undefined}
          line={{ name: line.name, quantity: String(line.quantity), price: priceText(line, currency) }}
        />
      ))}
      <LineFields n={lines.length + 1} id="revise" {...{ values, errors }} />
    </DeskForm>
  );
}

const isEarmark = ({ earmark }: TradeView): boolean => earmark?.state === "open";
