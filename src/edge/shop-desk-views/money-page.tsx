/** The shop's money: what is open by what is to be done next, what moved day by day, what ends soon, and where it is paid. */
import type { Todo, TradeState, TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  type Attempt,
  Button,
  Day,
  Fact,
  Field,
  type Frame,
  LinkButton,
  Mistakes,
  Moment,
  noAttempt,
  type Now,
  Say,
  ServerPage,
  TradeNumber,
  useCount,
  useWords,
} from "../parts/parts.ts";
import { OrderCard } from "./orders-page.tsx";

export interface MoneySum {
  todo: Todo;
  currency: string;
  count: number;
  frozen: bigint;
  settled: bigint;
  refunded: bigint;
}

export interface MoneyDay {
  day: string;
  currency: string;
  frozen: bigint;
  settled: bigint;
  released: bigint;
  refunded: bigint;
  fee: bigint;
}

/** What is counted of a day, with the orders behind it. */
export type MoneyKind = "frozen" | "settled" | "released" | "refunded";
const moneyKinds = ["frozen", "settled", "released", "refunded"] as const satisfies MoneyKind[];

export interface ShopAccountShown {
  currency: string;
  /** Where its statement is; left out where this server keeps no accounts. */
  account?: string | undefined;
  posted?: bigint | undefined;
  fixed: bigint;
  basisPoints: number;
}

export interface MoneyShown {
  frame: Frame;
  open: readonly MoneySum[];
  /** More is open than is added up. */
  more: boolean;
  days: readonly MoneyDay[];
  /** What was paid back in these days, the latest first, and whether there is more of it. */
  refunds: readonly { number: string; at: string; currency: string; amount: bigint }[];
  moreRefunds: boolean;
  /** How much is added up at most. */
  most: number;
  from: string;
  to: string;
  expiring: readonly TradeView[];
  accounts: readonly ShopAccountShown[];
  now: Now;
  attempt?: Attempt;
}

function Open({ open, more, most }: Pick<MoneyShown, "open" | "more" | "most">) {
  const say = useWords();
  const grouped = useCount();
  return (
    <section class="sheet" aria-labelledby="open-title">
      <h2 id="open-title">{say("shopMoney.open")}</h2>
      <p class="soft">{say("shopMoney.openHint")}</p>
      {open.length === 0 ? <p>{say("shopMoney.none")}</p> : null}
      <ul class="lines" id="open-sums">
        {open.map(({ todo, currency, count, frozen, settled, refunded }) => (
          <li key={`${todo} ${currency}`} data-todo={todo}>
            <div class="spread">
              <a href={`/shop?todo=${todo}`}>
                {say("shop.count", { todo: say(`shop.todo.${todo}`), count: String(count) })}
              </a>
              <Amount amount={frozen} currency={currency} />
            </div>
            <p class="small soft">
              {say("shopMoney.frozen")} <Amount amount={frozen} currency={currency} />
              {" · "}
              {say("shopMoney.settled")} <Amount amount={settled} currency={currency} />
              {" · "}
              {say("shopMoney.refunded")} <Amount amount={refunded} currency={currency} />
            </p>
          </li>
        ))}
      </ul>
      {more ? <p id="more-open">{say("shopMoney.most", { count: grouped(most) })}</p> : null}
    </section>
  );
}

/** The address of the orders behind a figure of a day. */
const behind = (sought: Record<string, string>): string =>
  `/shop/money/orders?${new URLSearchParams(sought).toString()}`;

function OneDay({ of }: { of: MoneyDay }) {
  const say = useWords();
  const { day, currency, settled, refunded, fee } = of;
  return (
    <li data-day={day} data-currency={currency}>
      <div class="spread">
        <strong>
          <Day day={day} />
        </strong>
        <span>
          {say("shopMoney.net")} <Amount amount={settled - refunded - fee} currency={currency} />
        </span>
      </div>
      <dl class="facts figures">
        {moneyKinds.map((kind) => (
          <Fact key={kind} term={say(`shopMoney.day.${kind}`)}>
            {of[kind] === 0n ? (
              <Amount amount={0n} currency={currency} />
            ) : (
              <a href={behind({ kind, currency, day })} data-kind={kind}>
                <Amount amount={of[kind]} currency={currency} />
              </a>
            )}
          </Fact>
        ))}
        <Fact term={say("shopMoney.fee")}>
          <Amount amount={fee} currency={currency} />
        </Fact>
      </dl>
    </li>
  );
}

function Days({ days, from, to, attempt = noAttempt }: Omit<MoneyShown, "frame">) {
  const say = useWords();
  const { errors, values } = attempt;
  return (
    <section class="sheet stack" aria-labelledby="days-title">
      <h2 id="days-title">{say("shopMoney.days")}</h2>
      <p class="soft">{say("shopMoney.daysHint")}</p>
      <form method="get" action="/shop/money" id="days-form" class="find">
        <Field
          name="from"
          type="date"
          label={say("shopMoney.from")}
          required
          value={values["from"] ?? from}
          error={errors["from"]}
        />
        <Field name="to" type="date" label={say("shopMoney.to")} required value={values["to"] ?? to} />
        <Button id="show-days" look="quiet">
          {say("shopMoney.show")}
        </Button>
      </form>
      {days.length === 0 ? <p>{say("shopMoney.noDays")}</p> : null}
      <ul class="lines" id="days">
        {days.map((of) => (
          <OneDay key={`${of.day} ${of.currency}`} of={of} />
        ))}
      </ul>
      <p>
        <LinkButton href={`/shop/money/days.csv?from=${from}&to=${to}`} id="days-csv" look="quiet">
          {say("shopMoney.csv")}
        </LinkButton>
      </p>
    </section>
  );
}

function Refunds({ refunds, moreRefunds }: Pick<MoneyShown, "refunds" | "moreRefunds">) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="refunds-title">
      <h2 id="refunds-title">{say("shopMoney.refunds")}</h2>
      {refunds.length === 0 ? <p>{say("shopMoney.refundsNone")}</p> : null}
      <ul class="lines" id="refunds">
        {refunds.map(({ number, at, currency, amount }, index) => (
          <li key={`${number} ${index}`}>
            <div class="spread">
              <a href={`/shop/orders/${number}`}>
                <TradeNumber number={number} />
              </a>
              <Amount amount={amount} currency={currency} />
            </div>
            <p class="small soft">
              <Moment at={at} />
            </p>
          </li>
        ))}
      </ul>
      {moreRefunds ? <p id="more-refunds">{say("shopMoney.refundsMore")}</p> : null}
    </section>
  );
}

function Account({ account }: { account: ShopAccountShown }) {
  const say = useWords();
  const { currency, account: id, posted, fixed, basisPoints } = account;
  return (
    <li>
      <h3>{say("shopMoney.account", { currency })}</h3>
      {posted === undefined ? null : (
        <dl class="facts">
          <Fact term={say("shopMoney.balance")}>
            <Amount amount={posted} currency={currency} />
          </Fact>
        </dl>
      )}
      <p class="small">
        <Say
          k="shopMoney.rule"
          fixed={<Amount amount={fixed} currency={currency} />}
          percent={`${basisPoints / 100}%`}
        />
      </p>
      {id === undefined ? null : (
        <p>
          <LinkButton href={`/shop/accounts/${id}`} id={`account-${currency}`} look="quiet">
            {say("shopMoney.toAccount")}
          </LinkButton>
        </p>
      )}
    </li>
  );
}

function Accounts({ frame, accounts }: Pick<MoneyShown, "frame" | "accounts">) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="accounts-title">
      <h2 id="accounts-title">{say("shopMoney.accounts")}</h2>
      <ul class="lines" id="accounts">
        {accounts.map((account) => (
          <Account key={account.currency} account={account} />
        ))}
      </ul>
      <p>
        <a href="/shop/standing" id="to-standing">
          {say("shopStanding.title")}
        </a>
      </p>
      {frame.face.payments === true ? (
        <p>
          <LinkButton href="/payments" id="to-payments" look="quiet">
            {say("shopMoney.payments")}
          </LinkButton>
        </p>
      ) : null}
    </section>
  );
}

function Expiring({ expiring, now }: Pick<MoneyShown, "expiring" | "now">) {
  const say = useWords();
  return (
    <section aria-labelledby="expiring-title">
      <h2 id="expiring-title">{say("shopMoney.expiring")}</h2>
      {expiring.length === 0 ? (
        <p>{say("shopMoney.expiringNone")}</p>
      ) : (
        <ul class="list" id="expiring">
          {expiring.map((trade) => (
            <OrderCard key={trade.number} trade={trade} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Money(props: MoneyShown) {
  const say = useWords();
  const { attempt = noAttempt } = props;
  return (
    <div class="stack-l">
      <h1>{say("shopMoney.title")}</h1>
      <Mistakes errors={attempt.errors} />
      <Open {...props} />
      <Expiring {...props} />
      <Days {...props} />
      <Refunds {...props} />
      <Accounts {...props} />
    </div>
  );
}

/** `/shop/money`. */
export function MoneyPage(props: MoneyShown) {
  return (
    <ServerPage frame={props.frame} title={useWords()("shopMoney.title")} here="shop/money">
      <Money {...props} />
    </ServerPage>
  );
}

/** An order behind a figure, as it stands now. */
interface BehindLine {
  number: string;
  state: TradeState;
  currency: string;
  amount: bigint | null;
  updatedAt: Date;
}

interface BehindProps {
  frame: Frame;
  sought: { kind: MoneyKind; currency: string; day: string };
  trades: readonly BehindLine[];
  next: string | null;
}

function BehindBody({ sought, trades, next }: Omit<BehindProps, "frame">) {
  const say = useWords();
  const { kind, currency, day } = sought;
  return (
    <div class="stack-l">
      <a href="/shop/money" class="back">
        ← {say("shopMoney.title")}
      </a>
      <div>
        <p class="kicker">
          <Day day={day} />
          <span>{currency}</span>
        </p>
        <h1>{say(`shopMoney.day.${kind}`)}</h1>
      </div>
      <p class="soft">{say("shopMoney.behindHint")}</p>
      {trades.length === 0 ? <p>{say("shopMoney.behindNone")}</p> : null}
      <ul class="list" id="behind">
        {trades.map(({ number, state, amount, updatedAt, currency: of }, index) => (
          <li key={`${index} ${number}`}>
            <a class="sheet card" href={`/shop/orders/${number}`} data-trade={number}>
              <span class="spread">
                <TradeNumber number={number} />
                {amount === null ? null : <Amount amount={amount} currency={of} />}
              </span>
              <span class="kicker">
                <span>{say(`state.${state}`)}</span>
                <Moment at={updatedAt.toISOString()} />
              </span>
            </a>
          </li>
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <LinkButton href={behind({ ...sought, after: next })} id="more" look="quiet">
            {say("shop.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/shop/money/orders`. */
export function MoneyBehindPage({ frame, ...shown }: BehindProps) {
  const title = useWords()(`shopMoney.day.${shown.sought.kind}`);
  return (
    <ServerPage frame={frame} title={title} here="shop/money" narrow>
      <BehindBody {...shown} />
    </ServerPage>
  );
}
