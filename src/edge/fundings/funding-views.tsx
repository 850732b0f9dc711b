/** Pages of a member about money that is brought to an account, and paid from there. Data in, HTML out. */
import type { MethodKind } from "../../core/protocol/schemas.ts";
import { PayingIn, type PayingInView } from "../arrivals/arrivals.ts";
import { DueFacts, FindDue } from "../counters/counters.ts";
import {
  Amount,
  type Attempt,
  Button,
  Choice,
  Empty,
  Fact,
  Field,
  Form,
  type Frame,
  LinkButton,
  Moment,
  Notice,
  Refused,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

export interface AccountChoice {
  id: string;
  kind: MethodKind;
  currency: string;
  available: bigint;
}

function Accounts({ accounts, chosen }: { accounts: readonly AccountChoice[]; chosen: string | undefined }) {
  const say = useWords();
  return (
    <fieldset>
      <legend>{say("fund.account")}</legend>
      {accounts.map(({ id, kind, currency, available }, index) => (
        <Choice
          key={id}
          id={`account-${id}`}
          name="account"
          value={id}
          required
          checked={chosen === undefined ? index === 0 : chosen === id}
          under={<Say k="method.free" amount={<Amount amount={available} currency={currency} />} />}
        >
          {say("amount.in", { what: say(`method.${kind}`), currency })}
        </Choice>
      ))}
    </fieldset>
  );
}

export interface FundProps {
  frame: Frame;
  accounts: readonly AccountChoice[];
  /** What the money is for: the page to go on with. */
  next: string | undefined;
  once: string;
  attempt: Attempt;
}

/** Nobody brings money to what is not there yet. */
function NoAccount({ next }: Pick<FundProps, "next">) {
  const say = useWords();
  return (
    <Empty title={say("accounts.empty")}>
      <p>
        <LinkButton
          href={next === undefined ? "/accounts" : `/accounts?${new URLSearchParams({ next })}`}
          id="to-accounts"
        >
          {say("means.add")}
        </LinkButton>
      </p>
    </Empty>
  );
}

function FundBody({ accounts, next, once, attempt }: Omit<FundProps, "frame">) {
  const say = useWords();
  const [one, ...others] = new Set(accounts.map(({ currency }) => currency));
  const label = say("fund.amount");
  return (
    <div class="stack-l">
      <h1>{say("fund.title")}</h1>
      <p class="lead">{say("fund.lead")}</p>
      <Refused attempt={attempt} />
      {accounts.length === 0 ? (
        <NoAccount next={next} />
      ) : (
        <Form action="/fund" id="fund-form" once={once} sheet>
          {next === undefined ? null : <input type="hidden" name="next" value={next} />}
          <Accounts accounts={accounts} chosen={attempt.values["account"]} />
          <Field
            name="amount"
            label={
              one === undefined || others.length > 0
                ? label
                : say("amount.in", { what: label, currency: one })
            }
            inputMode="decimal"
            required
            short
            maxLength={30}
            value={attempt.values["amount"]}
            error={attempt.errors["amount"]}
          />
          <Button id="fund">{say("fund.open")}</Button>
        </Form>
      )}
    </div>
  );
}

/** `/fund`. */
export function FundPage(props: FundProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("fund.title")} here="accounts" narrow>
      <FundBody {...props} />
    </ServerPage>
  );
}

export interface FundingShown {
  number: string;
  currency: string;
  amount: number;
  state: "open" | "paid" | "expired";
  until: string;
  payingIn: PayingInView | null;
}

function FundingBody({ funding, next }: { funding: FundingShown; next: string | undefined }) {
  const say = useWords();
  const { number, currency, amount, state, until, payingIn } = funding;
  const isOpen = state === "open";
  return (
    <div class="stack-l">
      <h1>{say(`fund.state.${state}`)}</h1>
      <section class="sheet" data-state={state} aria-label={say("fund.number")}>
        <strong class="big" id="amount">
          <Amount amount={amount} currency={currency} />
        </strong>
        <dl class="facts two">
          <Fact term={say("fund.number")}>
            <TradeNumber number={number} />
          </Fact>
          {isOpen ? (
            <Fact term={say("fund.until")}>
              <Moment at={until} />
            </Fact>
          ) : null}
        </dl>
        {isOpen ? (
          <p>
            <LinkButton href={`/v1/fundings/${number}/slip`} id="slip" look="quiet">
              {say("fund.slip")}
            </LinkButton>
          </p>
        ) : null}
      </section>
      {isOpen && payingIn !== null ? <PayingIn payingIn={payingIn} /> : null}
      {next === undefined ? null : (
        <p class="row">
          <LinkButton href={next} id="go-on" look={isOpen ? "quiet" : "main"}>
            {say("methods.goOn")}
          </LinkButton>
          {isOpen ? <span class="soft small">{say("fund.goOnHint")}</span> : null}
        </p>
      )}
    </div>
  );
}

/** `/fundings/{number}`. */
export function FundingPage({
  frame,
  funding,
  next,
}: {
  frame: Frame;
  funding: FundingShown;
  /** What the money is for: the page to go on with. */
  next: string | undefined;
}) {
  return (
    <ServerPage frame={frame} title={useWords()("fund.title")} here="accounts" narrow>
      <FundingBody funding={funding} next={next} />
    </ServerPage>
  );
}

export interface PayDueProps {
  frame: Frame;
  accounts: readonly AccountChoice[];
  number: string | undefined;
  due:
    | { tradeNumber: string; currency: string; due: number; shopName: string | null; payBy: string }
    | undefined;
  /** It was paid just now. */
  paid: boolean;
  once: string;
  attempt: Attempt;
}

function Due({
  due,
  accounts,
  once,
  attempt,
}: Pick<PayDueProps, "accounts" | "once" | "attempt"> & { due: NonNullable<PayDueProps["due"]> }) {
  const say = useWords();
  const { tradeNumber, currency, due: open, shopName, payBy } = due;
  const usable = accounts.filter((account) => account.currency === currency);
  return (
    <section class="sheet" aria-labelledby="due" data-due={open}>
      <h2 id="due">{say(open > 0 ? "counter.open" : "counter.withdrawn")}</h2>
      <strong class="big" id="amount-due">
        <Amount amount={open} currency={currency} />
      </strong>
      <DueFacts number={tradeNumber} shopName={shopName} payBy={payBy} />
      {open > 0 && usable.length > 0 ? (
        <Form action={`/pay-due/${tradeNumber}`} id="pay-form" once={once}>
          <input type="hidden" name="amount" value={open} />
          <input type="hidden" name="currency" value={currency} />
          <Accounts accounts={usable} chosen={attempt.values["account"]} />
          <Button id="pay" wide>
            <Say k="payDue.pay" amount={<Amount amount={open} currency={currency} />} />
          </Button>
        </Form>
      ) : null}
    </section>
  );
}

function PayDueBody({ accounts, number, due, paid, once, attempt }: Omit<PayDueProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("payDue.title")}</h1>
      <p class="lead">{say("payDue.lead")}</p>
      <Refused attempt={attempt} />
      {paid ? (
        <Notice tone="good" id="paid">
          <p>{say("payDue.paid")}</p>
        </Notice>
      ) : null}
      <FindDue action="/pay-due" number={number} error={attempt.errors["number"]} />
      {due === undefined ? null : <Due due={due} accounts={accounts} once={once} attempt={attempt} />}
    </div>
  );
}

/** `/pay-due`. */
export function PayDuePage(props: PayDueProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("payDue.title")} here="accounts" narrow>
      <PayDueBody {...props} />
    </ServerPage>
  );
}
