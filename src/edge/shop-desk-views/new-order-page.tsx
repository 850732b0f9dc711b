/** An order that a shop's people make by hand. */
import {
  type Attempt,
  Button,
  Choice,
  Field,
  type FieldProps,
  Form,
  type Frame,
  Mistakes,
  noAttempt,
  Refused,
  ServerPage,
  useWords,
} from "../parts/parts.ts";
import { LineFields } from "./revise-form.tsx";

interface NewOrderProps {
  frame: Frame;
  currencies: readonly string[];
  once: string;
  attempt?: Attempt;
}

/** How many lines an order has that is made by hand; longer ones are made by programs. */
export const newLines = 5;

/** Nothing is asked where there is one. */
function Currency({ currencies, chosen }: { currencies: readonly string[]; chosen: string | undefined }) {
  const say = useWords();
  const [first = "JPY"] = currencies;
  return (
    <>
      {currencies.length === 1 ? (
        <input type="hidden" name="currency" value={first} />
      ) : (
        <fieldset>
          <legend>{say("shopNew.currency")}</legend>
          <div class="choices brief">
            {currencies.map((currency) => (
              <Choice
                key={currency}
                name="currency"
                value={currency}
                id={`new-currency-${currency}`}
                checked={(chosen ?? first) === currency}
                required
              >
                {currency}
              </Choice>
            ))}
          </div>
        </fieldset>
      )}
    </>
  );
}

type FieldOf = (name: string) => Pick<FieldProps, "name" | "id" | "value" | "error">;

function Recipient({ of, gift }: { of: FieldOf; gift: boolean }) {
  const say = useWords();
  return (
    <section class="sheet stack" aria-labelledby="new-recipient-title">
      <h2 id="new-recipient-title">{say("shopNew.recipient")}</h2>
      <p class="soft">{say("shopNew.recipientHint")}</p>
      <Field {...of("recipient")} label={say("shopNew.recipientName")} maxLength={120} />
      <Field {...of("address")} label={say("shopNew.address")} long maxLength={300} />
      <Field {...of("phone")} label={say("shopNew.phone")} type="tel" maxLength={40} />
      <Choice type="checkbox" name="gift" value="yes" id="new-gift" checked={gift}>
        {say("shopNew.gift")}
      </Choice>
    </section>
  );
}

/** How many of them are seen before anybody asks for more. */
const linesAtSight = 2;

/** Something was typed, or is wrong, where it would not be seen. */
const hasMore = ({ values, errors }: Attempt) =>
  Array.from({ length: newLines - linesAtSight }, (_, index) => index + linesAtSight + 1).some(
    (n) =>
      (values[`name-${n}`] ?? "") !== "" ||
      (values[`price-${n}`] ?? "") !== "" ||
      [`name-${n}`, `quantity-${n}`, `price-${n}`].some((name) => errors[name] !== undefined),
  );

function Lines({ from, to, ...typed }: { from: number; to: number } & Pick<Attempt, "values" | "errors">) {
  return (
    <div class="stack">
      {Array.from({ length: to - from + 1 }, (_, index) => (
        <LineFields
          key={index}
          n={from + index}
          id="new"
          {...typed}
          line={{ name: "", quantity: "1", price: "" }}
        />
      ))}
    </div>
  );
}

function NewOrder({ currencies, once, attempt = noAttempt }: Omit<NewOrderProps, "frame">) {
  const say = useWords();
  const { values, errors } = attempt;
  const of = (name: string) => ({ name, id: `new-${name}`, value: values[name], error: errors[name] });
  return (
    <div class="stack-l">
      <a class="back" href="/shop">
        ← {say("shop.back")}
      </a>
      <h1>{say("shopNew.title")}</h1>
      <p class="lead">{say("shopNew.lead")}</p>
      <Mistakes
        errors={Object.fromEntries(Object.entries(errors).map(([name, said]) => [`new-${name}`, said]))}
      />
      <Refused attempt={attempt} />
      <Form action="/shop/new" id="new-order-form" once={once}>
        <section class="sheet stack" aria-labelledby="new-lines">
          <h2 id="new-lines">{say("shopNew.lines")}</h2>
          <Currency currencies={currencies} chosen={values["currency"]} />
          <Lines from={1} to={linesAtSight} {...{ values, errors }} />
          <details class="act" id="new-more" open={hasMore(attempt)}>
            <summary>{say("shopNew.more")}</summary>
            <Lines from={linesAtSight + 1} to={newLines} {...{ values, errors }} />
          </details>
        </section>
        <section class="sheet stack" aria-labelledby="new-buyer">
          <h2 id="new-buyer">{say("shop.buyer")}</h2>
          <Field
            {...of("reference")}
            label={say("shopForm.reference")}
            hint={say("shopForm.referenceHint")}
            maxLength={100}
          />
          <Field
            {...of("member")}
            label={say("shopNew.member")}
            hint={say("shopNew.memberHint")}
            inputMode="numeric"
            maxLength={40}
          />
        </section>
        <Recipient of={of} gift={values["gift"] === "yes"} />
        <Button id="make-order" wide>
          {say("shopNew.submit")}
        </Button>
      </Form>
    </div>
  );
}

/** `/shop/new`. */
export function NewOrderPage({ frame, ...props }: NewOrderProps) {
  return (
    <ServerPage frame={frame} title={useWords()("shopNew.title")} here="shop" narrow>
      <NewOrder {...props} />
    </ServerPage>
  );
}
