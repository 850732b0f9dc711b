/** `/staff/money`: what orders come to by what they wait for and by day, and what the servers say of the shop's accounts. */
import { Amount, Day, Field, LinkButton, Moment, Name, Notice, useLanguage } from "../../edge/parts/parts.ts";
import type { Queue } from "../shop-finding/shop-finding.ts";
import { type Frame, OrderCard, ShopPage } from "../shop-frame/shop-frame.ts";
import { labelIn, type Order, type Sums } from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import { moneyKinds } from "../shop-money/shop-money.ts";
import type { DayLine } from "./money-days.ts";
import { movedAt } from "./moved-page.tsx";
import type { TillAccount, TillMoney } from "./tills-money.ts";

interface MoneyProps {
  frame: Frame;
  byQueue: (Sums & { queue: Queue })[];
  /** Some of them are not in the sums: more than this are not added up. */
  most: { queue: boolean; count: number };
  byDay: DayLine[];
  tills: TillMoney[];
  /** Whose time to ship ends next. */
  ending: { order: Order; due: string | null }[];
  paidBack: Order[];
  /** The days that the form for a statement begins with. */
  from: string;
  to: string;
}

const figures = ["amount", "frozen", "settled", "released", "refunded", "fee"] as const;

function Figures({ sums }: { sums: Sums }) {
  const say = useShopWords();
  return (
    <dl class="facts figures">
      {figures
        .filter((name) => name === "amount" || sums[name] !== 0n)
        .map((name) => (
          <div key={name}>
            <dt>{say(`money.${name}`)}</dt>
            <dd data-figure={name}>
              <Amount amount={sums[name]} currency={sums.currency} />
            </dd>
          </div>
        ))}
    </dl>
  );
}

function ByQueue({ byQueue, most }: Pick<MoneyProps, "byQueue" | "most">) {
  const say = useShopWords();
  return (
    <section class="sheet" id="by-queue" aria-labelledby="by-queue-title">
      <h2 id="by-queue-title">{say("money.byQueue")}</h2>
      {byQueue.length === 0 ? <p class="soft">{say("money.none")}</p> : null}
      <ul class="lines">
        {byQueue.map((sums) => (
          <li key={`${sums.queue} ${sums.currency}`} data-queue={sums.queue}>
            <p class="spread">
              <a href={`/staff?show=${sums.queue}`}>{say(`queue.${sums.queue}`)}</a>
              <span>{say("money.orders", { count: sums.count })}</span>
            </p>
            <Figures sums={sums} />
          </li>
        ))}
      </ul>
      {most.queue ? <p id="more-queue">{say("money.mostQueue", { count: most.count })}</p> : null}
    </section>
  );
}

function OneDay({ of }: { of: DayLine }) {
  const say = useShopWords();
  const { day, currency } = of;
  return (
    <li data-day={day} data-currency={currency}>
      <p>
        <strong>
          <Day day={day} />
        </strong>
      </p>
      <dl class="facts figures">
        {moneyKinds.map((kind) => (
          <div key={kind}>
            <dt>{say(`money.day.${kind}`)}</dt>
            <dd data-figure={kind}>
              {of[kind] === 0n ? (
                <Amount amount={0n} currency={currency} />
              ) : (
                <a href={movedAt({ kind, currency, day })}>
                  <Amount amount={of[kind]} currency={currency} />
                </a>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function ByDay({ byDay }: Pick<MoneyProps, "byDay">) {
  const say = useShopWords();
  return (
    <section class="sheet" id="by-day" aria-labelledby="by-day-title">
      <h2 id="by-day-title">{say("money.byDay")}</h2>
      <p class="soft small">{say("money.byDayLead")}</p>
      {byDay.length === 0 ? <p class="soft">{say("money.none")}</p> : null}
      <ul class="lines">
        {byDay.map((of) => (
          <OneDay key={`${of.day} ${of.currency}`} of={of} />
        ))}
      </ul>
    </section>
  );
}

function StatementForm({ till, id, from, to }: { till: string; id: string; from: string; to: string }) {
  const say = useShopWords();
  const key = `${till}-${id.slice(0, 8)}`;
  return (
    <details class="act">
      <summary>{say("money.statement")}</summary>
      <form method="get" action="/staff/money/statement" class="find" id={`statement-${key}`}>
        <input type="hidden" name="till" value={till} />
        <input type="hidden" name="account" value={id} />
        <Field id={`from-${key}`} name="from" label={say("money.from")} type="date" required value={from} />
        <Field id={`to-${key}`} name="to" label={say("money.to")} type="date" required value={to} />
        <button type="submit" class="button quiet">
          {say("money.statement")}
        </button>
      </form>
    </details>
  );
}

function Account({
  till,
  account,
  from,
  to,
}: {
  till: string;
  account: TillAccount;
  from: string;
  to: string;
}) {
  const say = useShopWords();
  const { id, currency, balance, fee, payouts } = account;
  return (
    <li class="stack" data-account={id}>
      {balance === undefined ? (
        <p class="soft small">{say("money.elsewhere")}</p>
      ) : (
        <dl class="facts two">
          <div>
            <dt>{say("money.balance")}</dt>
            <dd data-figure="balance">
              <Amount amount={balance.posted} currency={currency} />
            </dd>
          </div>
          <div>
            <dt>{say("money.available")}</dt>
            <dd>
              <Amount amount={balance.available} currency={currency} />
            </dd>
          </div>
        </dl>
      )}
      <p class="small soft">
        <ShopSay
          k="money.feeTerms"
          percent={<span>{`${fee.basisPoints / 100}%`}</span>}
          fixed={<Amount amount={fee.fixed} currency={currency} />}
        />
      </p>
      {payouts.length === 0 ? null : (
        <>
          <h3>{say("money.payouts")}</h3>
          <ul class="lines">
            {payouts.map((payout) => (
              <li key={payout.id} class="spread">
                <span>
                  <Moment at={payout.createdAt} />
                  {say("comma")}
                  {say(`payout.${payout.state}`)}
                </span>
                <Amount amount={payout.amount} currency={currency} />
              </li>
            ))}
          </ul>
        </>
      )}
      {balance === undefined ? null : <StatementForm till={till} id={id} from={from} to={to} />}
    </li>
  );
}

function AtTill({ of, from, to }: { of: TillMoney; from: string; to: string }) {
  const say = useShopWords();
  const lang = useLanguage();
  const { till, label, moneyUrl, accounts, early, prices } = of;
  return (
    <section class="sheet" id={`till-${till}`} aria-labelledby={`till-${till}-title`}>
      <h2 id={`till-${till}-title`}>
        <Name>{labelIn(label, lang)}</Name>
      </h2>
      {accounts === undefined ? (
        <Notice tone="care">
          <p>{say("money.away")}</p>
        </Notice>
      ) : accounts.length === 0 ? (
        <p class="soft">{say("money.noAccount")}</p>
      ) : (
        <ul class="lines">
          {accounts.map((account) => (
            <Account key={account.id} till={till} account={account} from={from} to={to} />
          ))}
        </ul>
      )}
      <p>
        <LinkButton href={moneyUrl} id={`there-${till}`} look="quiet">
          {say("money.there")}
        </LinkButton>
      </p>
      {prices === null ? null : (
        <p class="small" id={`prices-${till}`}>
          <ShopSay
            k="money.prices"
            accepted={<span>{`${prices.acceptedBasisPoints / 100}%`}</span>}
            reserved={<span>{`${prices.reservedBasisPoints / 100}%`}</span>}
          />
        </p>
      )}
      {early.map(({ currency, outstanding, owed }) => (
        <p key={currency} class="small">
          <ShopSay
            k="money.early"
            outstanding={<Amount amount={outstanding ?? 0} currency={currency} />}
            owed={<Amount amount={owed ?? 0} currency={currency} />}
          />
        </p>
      ))}
    </section>
  );
}

export function MoneyPage({ frame, byQueue, byDay, most, tills, ending, paidBack, from, to }: MoneyProps) {
  const say = useShopWords();
  const title = say("money.title");
  return (
    <ShopPage frame={frame} title={title} here="money">
      <h1>{title}</h1>
      <p class="lead">{say("money.lead")}</p>
      {tills.map((of) => (
        <AtTill key={of.till} of={of} from={from} to={to} />
      ))}
      <ByQueue byQueue={byQueue} most={most} />
      {ending.length === 0 ? null : (
        <section class="stack" id="ending" aria-labelledby="ending-title">
          <h2 id="ending-title">{say("money.ending")}</h2>
          <ul class="list">
            {ending.map(({ order, due }) => (
              <OrderCard
                key={order.id}
                order={order}
                href={`/staff/orders/${order.number}`}
                waiting={false}
                due={due}
              />
            ))}
          </ul>
          <LinkButton href="/staff?show=ship" look="quiet">
            {say("queue.more")}
          </LinkButton>
        </section>
      )}
      {paidBack.length === 0 ? null : (
        <section class="sheet" id="paid-back" aria-labelledby="paid-back-title">
          <h2 id="paid-back-title">{say("money.paidBack")}</h2>
          <ul class="lines">
            {paidBack.map(({ id, number, currency, view }) => (
              <li key={id} class="spread">
                <a href={`/staff/orders/${number}`}>{number}</a>
                <Amount amount={view?.refunded ?? 0} currency={currency} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <ByDay byDay={byDay} />
    </ShopPage>
  );
}
