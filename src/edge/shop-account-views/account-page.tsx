/** One account of a shop or a member: what is on it, what of that can be paid out, where to, what was, and its statements. */
import {
  Amount,
  type Attempt,
  Button,
  Fact,
  Field,
  type Frame,
  LinkButton,
  Mistakes,
  Month,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";
import { AskedOnce } from "../shop-desk-views/shop-desk-views.ts";
import type { AccountAct, AccountPlace, Shown } from "./account-parts.tsx";
import { BankLine, BankPart, type BankProps, type BankShown, SchedulePart } from "./bank-part.tsx";
import { AskPart, PayoutsPart, type PayoutsProps } from "./payout-part.tsx";

/** What is asked once more before it is done. */
export interface SureShown {
  act: Extract<AccountAct, "payout" | "cancel" | "end-bank">;
  /** What was typed, and what belongs to the press. */
  fields: readonly (readonly [string, string])[];
  /** Minor units that leave the account, or come back to it. */
  amount: number;
  bank: BankShown | null;
}

export interface AccountShown extends BankProps, PayoutsProps {
  frame: Frame;
  place: AccountPlace;
  currency: string;
  /** Minor units; null beyond what the wire holds. */
  posted: number | null;
  available: number | null;
  payable: number | null;
  /** How this institution pays out: the least that it does; undefined where it sends banks no money of this kind. */
  pays: { least: number } | undefined;
  /** Months with their first and last day, the newest first. */
  months: readonly { month: string; from: string; to: string }[];
  once: () => string;
  done?: boolean;
  sure?: SureShown | undefined;
  attempt?: Attempt;
}

function Sum({ amount, currency }: { amount: number | null; currency: string }) {
  return amount === null ? <>—</> : <Amount amount={amount} currency={currency} />;
}

function Balance({ posted, available, payable, currency, place }: AccountShown) {
  const say = useWords();
  const later = available === null || payable === null ? 0 : available - payable;
  return (
    <section class="sheet stack" aria-labelledby="balance-title">
      <h2 id="balance-title">{say("shopMoney.balance")}</h2>
      <dl class="facts two" id="balance">
        <Fact term={say("shopAccount.posted")}>
          <Sum amount={posted} currency={currency} />
        </Fact>
        <Fact term={say("shopAccount.payable")}>
          <strong class="big" id="payable">
            <Sum amount={payable} currency={currency} />
          </strong>
        </Fact>
      </dl>
      {later > 0 ? (
        <p class="soft" id="later">
          <Say k="shopAccount.later" amount={<Amount amount={later} currency={currency} />} />
        </p>
      ) : null}
      <p>
        <LinkButton href={place.entries} id="to-entries" look="quiet">
          {say("shopAccount.entries")}
        </LinkButton>
      </p>
    </section>
  );
}

function Sure({ sure, place, currency }: Pick<AccountShown, "place" | "currency"> & { sure: SureShown }) {
  const say = useWords();
  const { act, amount, bank, fields } = sure;
  return (
    <AskedOnce
      title={say("shopSure.title")}
      act={act}
      action={`${place.forms}/${act}`}
      fields={fields}
      back={place.page}
    >
      <p class="lead">
        <Say
          k={`shopAccount.sure.${act}`}
          amount={
            <strong>
              <Amount amount={amount} currency={currency} />
            </strong>
          }
        />
      </p>
      {bank === null ? null : (
        <p>
          <BankLine bank={bank} />
        </p>
      )}
    </AskedOnce>
  );
}

/** Statements by month, and of any days, as files. */
function Statements({ place, months, attempt = noAttempt }: AccountShown) {
  const say = useWords();
  const to = `${place.forms}/statement`;
  const latest = months[0];
  const { values, errors } = attempt;
  return (
    <section class="sheet stack" aria-labelledby="statements-title">
      <h2 id="statements-title">{say("shopAccount.statements")}</h2>
      <p class="soft">{say("shopAccount.statementsHint")}</p>
      <ul class="lines" id="months">
        {months.map(({ month, from, to: until }) => (
          <li key={month} class="spread">
            <Month month={month} />
            <span class="row">
              <a href={`${to}?from=${from}&to=${until}&form=csv`} id={`csv-${month}`}>
                CSV
              </a>
              <a href={`${to}?from=${from}&to=${until}&form=camt053`} id={`camt-${month}`}>
                camt.053
              </a>
            </span>
          </li>
        ))}
      </ul>
      <form method="get" action={to} id="statement-form" class="find">
        <Field
          name="from"
          type="date"
          label={say("shopMoney.from")}
          required
          value={values["from"] ?? latest?.from}
          error={errors["from"]}
        />
        <Field
          name="to"
          type="date"
          label={say("shopMoney.to")}
          required
          value={values["to"] ?? latest?.to}
        />
        <Button id="statement-csv" name="form" value="csv" look="quiet">
          {say("shopMoney.csv")}
        </Button>
        <Button id="statement-xml" name="form" value="camt053" look="quiet">
          {say("shopAccount.xml")}
        </Button>
      </form>
    </section>
  );
}

function Account(props: AccountShown) {
  const say = useWords();
  const { place, currency, once, attempt = noAttempt, sure, done, pays, payable } = props;
  const shown: Shown = { place, currency, once, attempt };
  return (
    <div class="stack-l">
      <div>
        <a class="back" id="to-money" href={place.home.href}>
          ← {say(place.home.title)}
        </a>
        <h1>{say("shopMoney.account", { currency })}</h1>
      </div>
      {done === true ? (
        <Notice tone="good" id="done">
          <p>{say("shopAccount.done")}</p>
        </Notice>
      ) : null}
      {sure === undefined ? null : <Sure sure={sure} place={place} currency={currency} />}
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <Balance {...props} />
      {pays === undefined ? (
        <p id="not-paid-out">{say("shopAccount.notPaidOut")}</p>
      ) : (
        <>
          {props.bank === null ? null : <AskPart shown={shown} payable={payable} least={pays.least} />}
          <BankPart shown={shown} {...props} />
          <SchedulePart shown={shown} schedule={props.schedule} least={pays.least} />
          <PayoutsPart shown={shown} payouts={props.payouts} next={props.next} />
        </>
      )}
      <Statements {...props} />
    </div>
  );
}

/** `/shop/accounts/{id}`, and `/accounts/{id}/payouts`. */
export function AccountPage(props: AccountShown) {
  const title = useWords()("shopMoney.account", { currency: props.currency });
  return (
    <ServerPage frame={props.frame} title={title} here={props.place.here}>
      <Account {...props} />
    </ServerPage>
  );
}
