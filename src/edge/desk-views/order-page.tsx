/** An order taken for a member who calls: what to say and to ask, the form, and what is read back. */
import { CallerFields, type CallerNeeds } from "../callers/callers.ts";
import {
  Amount,
  type Attempt,
  Button,
  Choice,
  Day,
  Fact,
  Field,
  Form,
  type Frame,
  Mistakes,
  Name,
  Refused,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { type Method, Methods } from "./act-page.tsx";
import { ReadForm } from "./read-back.tsx";

/** How many kinds of goods such an order has; longer ones are made by programs. */
export const orderLines = 5;

export interface OrderPageProps {
  frame: Frame;
  number: string;
  methods: readonly Method[];
  currencies: readonly string[];
  needs: CallerNeeds;
  attempt: Attempt;
  once: string;
}

function Head({ number }: { number: string }) {
  const say = useWords();
  return (
    <div class="stack">
      <a class="back" href={`/desk/members/${number}`}>
        ← <Say k="person.title" number={<TradeNumber number={number} />} />
      </a>
      <h1>{say("deskOrder.title")}</h1>
    </div>
  );
}

function Script() {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="script">
      <h2 id="script">{say("deskScript.title")}</h2>
      <ol class="how">
        <li>{say("deskOrder.who")}</li>
        <li>{say("deskScript.prove")}</li>
        <li>
          <strong>{say("deskOrder.ask")}</strong>
        </li>
        <li>{say("deskScript.read")}</li>
      </ol>
    </section>
  );
}

function Goods({ attempt }: { attempt: Attempt }) {
  const say = useWords();
  const { values, errors } = attempt;
  return (
    <>
      {Array.from({ length: orderLines }, (_, index) => index + 1).map((n) => (
        <fieldset key={n}>
          <legend>{say("deskOrder.line", { n })}</legend>
          <Field
            name={`name-${n}`}
            label={say("deskOrder.name")}
            value={values[`name-${n}`]}
            error={errors[`name-${n}`]}
            maxLength={400}
            own={n === 1}
          />
          <div class="halves">
            <Field
              name={`quantity-${n}`}
              label={say("deskOrder.quantity")}
              value={values[`quantity-${n}`] ?? "1"}
              error={errors[`quantity-${n}`]}
              inputMode="numeric"
              short
              maxLength={5}
              own
            />
            <Field
              name={`price-${n}`}
              label={say("deskOrder.price")}
              value={values[`price-${n}`]}
              error={errors[`price-${n}`]}
              inputMode="decimal"
              short
              maxLength={40}
              own={n === 1}
            />
          </div>
        </fieldset>
      ))}
    </>
  );
}

type PayingProps = Pick<OrderPageProps, "methods" | "currencies" | "attempt">;

/** Nothing is asked where there is one. */
function Currency({ currencies, attempt }: PayingProps) {
  const say = useWords();
  const [first = "JPY"] = currencies;
  if (currencies.length === 1) return <input type="hidden" name="currency" value={first} />;
  return (
    <fieldset>
      <legend>{say("field.currency")}</legend>
      <div class="choices">
        {currencies.map((currency) => (
          <Choice
            key={currency}
            name="currency"
            value={currency}
            id={`currency-${currency}`}
            checked={(attempt.values["currency"] ?? first) === currency}
            required
          >
            {currency}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function WhenPaid({ attempt }: PayingProps) {
  const say = useWords();
  const { values, errors } = attempt;
  const onDate = values["paymentOn"] === "date";
  return (
    <fieldset>
      <legend>{say("approve.payment")}</legend>
      <div class="choices">
        <Choice name="paymentOn" value="usual" id="paymentOn-usual" checked={!onDate}>
          {say("deskOrder.usualDay")}
        </Choice>
        <Choice name="paymentOn" value="date" id="paymentOn-date" checked={onDate}>
          {say("deskOrder.onDay")}
        </Choice>
      </div>
      <Field
        name="paymentDate"
        label={say("deskOrder.day")}
        type="date"
        value={values["paymentDate"]}
        error={errors["paymentDate"]}
        maxLength={10}
      />
    </fieldset>
  );
}

/** `/desk/members/{number}/order`. */
export function OrderPage(props: OrderPageProps) {
  const say = useWords();
  const { frame, number, needs, attempt, once } = props;
  const { values, errors } = attempt;
  return (
    <ServerPage frame={frame} title={say("deskOrder.title")} here="desk/find" narrow>
      <div class="stack-l">
        <Head number={number} />
        <Mistakes errors={errors} />
        <Refused attempt={attempt} />
        <Script />
        <Form action={`/desk/members/${number}/order`} id="order-form" once={once}>
          <section class="sheet stack" aria-labelledby="what">
            <h2 id="what">{say("deskOrder.what")}</h2>
            <Field
              name="shop"
              label={say("deskTrade.shop")}
              hint={say("deskOrder.shopHint")}
              value={values["shop"]}
              error={errors["shop"]}
              required
              maxLength={200}
            />
            <Goods attempt={attempt} />
            <Field
              name="amount"
              label={say("deskOrder.amount")}
              hint={say("deskOrder.amountHint")}
              value={values["amount"]}
              error={errors["amount"]}
              inputMode="decimal"
              short
              maxLength={40}
            />
            <Currency {...props} />
            <Methods {...props} />
            <WhenPaid {...props} />
            <Field
              name="recipient"
              label={say("deskOrder.recipient")}
              hint={say("deskOrder.recipientHint")}
              value={values["recipient"]}
              error={errors["recipient"]}
              maxLength={120}
            />
            <Field
              name="address"
              label={say("deskOrder.address")}
              value={values["address"]}
              error={errors["address"]}
              long
              maxLength={300}
            />
          </section>
          <section class="sheet">
            <CallerFields needs={needs} attempt={attempt} />
          </section>
          <Button id="read-on">{say("deskForm.readOn")}</Button>
        </Form>
      </div>
    </ServerPage>
  );
}

export interface OrderReadProps {
  frame: Frame;
  number: string;
  shop: string;
  currency: string;
  /** Nothing where an amount is reserved before there is an order. */
  lines: readonly { name: string; quantity: number; unitAmount: number }[] | undefined;
  sum: bigint;
  method: Method["kind"] | undefined;
  /** On which day it is paid, where one was chosen. */
  date: string | undefined;
  recipient: { name: string; address?: string } | undefined;
  fields: Readonly<Record<string, string>>;
  attempt: Attempt;
}

function OrderInWords(props: OrderReadProps) {
  const say = useWords();
  const { shop, currency, lines, sum, method, date, recipient } = props;
  return (
    <>
      <p>
        <strong>{say(lines === undefined ? "deskOrder.reserves" : "deskOrder.orders")}</strong>
      </p>
      <dl class="facts">
        <Fact term={say("trade.seller")}>
          <Name>{shop}</Name>
        </Fact>
        {lines?.map(({ name, quantity, unitAmount }, index) => (
          <Fact key={index} term={say("deskOrder.line", { n: index + 1 })}>
            {quantity} × <Name>{name}</Name> <Amount amount={unitAmount} currency={currency} />
          </Fact>
        ))}
        <Fact term={say("deskRead.sum")}>
          <strong id="sum">
            <Amount amount={sum} currency={currency} />
          </strong>
        </Fact>
        <Fact term={say("deskForm.method")}>
          {method === undefined ? say("deskForm.noMethod") : say(`method.${method}`)}
        </Fact>
        <Fact term={say("approve.payment")}>
          {date === undefined ? say("deskOrder.usualDay") : <Day day={date} />}
        </Fact>
        {recipient === undefined ? null : (
          <Fact term={say("deskOrder.recipient")}>
            <Name>{recipient.name}</Name>
            {recipient.address === undefined ? null : (
              <>
                {say("comma")}
                <Name>{recipient.address}</Name>
              </>
            )}
          </Fact>
        )}
      </dl>
    </>
  );
}

/** The same address, once the form was filled in. */
export function OrderReadPage(props: OrderReadProps) {
  const say = useWords();
  const { frame, number } = props;
  return (
    <ServerPage frame={frame} title={say("deskRead.title")} here="desk/find" narrow>
      <div class="stack-l">
        <Head number={number} />
        <ReadForm action={`/desk/members/${number}/order`} submit={say("deskOrder.submit")} {...props}>
          <OrderInWords {...props} />
        </ReadForm>
      </div>
    </ServerPage>
  );
}
