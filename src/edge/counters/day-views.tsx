/** What a counter took in a time, and its till counted. Data in, HTML out. */
import { formatMoney } from "../../core/money/money.ts";
import {
  Amount,
  type Attempt,
  Button,
  Empty,
  Fact,
  Field,
  type Frame,
  LinkButton,
  Moment,
  Name,
  noAttempt,
  Notice,
  ServerPage,
  TradeNumber,
  useLanguage,
  useWords,
} from "../parts/parts.ts";

type Kind = "taken" | "kept" | "returned" | "fee" | "moved";

/** `amount`: by how much more is in the till for others; minor units. */
export interface TillLine {
  id: string;
  at: string;
  kind: Kind;
  amount: bigint;
  payment: string | null;
  number: string | null;
  shopName: string | null;
  reference: string | null;
}

export interface DayShown {
  frame: Frame;
  /** `YYYY-MM-DD`, and `HH:MM` or nothing. */
  day: string;
  from: string;
  to: string;
  currency: string;
  currencies: readonly string[];
  /** Owed for others: when it began, when it ended, and now, where it has not ended. */
  before: bigint;
  after: bigint;
  running: boolean;
  sums: readonly { kind: Kind; times: number; amount: bigint }[];
  more: boolean;
  rows: readonly TillLine[];
  next: string | null;
  /** What was counted in the till; left out where nobody has. */
  counted?: bigint | undefined;
  attempt?: Attempt;
}

/** The address of this page, of another currency or from behind a line. */
function here({ day, from, to, currency }: DayShown, more: Record<string, string> = {}, at = "/counter/day") {
  const asked = { day, from, to, currency, ...more };
  const filled = Object.entries(asked).filter(([, value]) => value !== "");
  return `${at}?${new URLSearchParams(filled).toString()}`;
}

function Span({ shown }: { shown: DayShown }) {
  const say = useWords();
  const { day, from, to, currency, attempt = noAttempt } = shown;
  return (
    <form method="get" action="/counter/day" id="span-form" class="find">
      <input type="hidden" name="currency" value={currency} />
      <Field
        name="day"
        type="date"
        label={say("counterDay.day")}
        required
        value={attempt.values["day"] ?? day}
        error={attempt.errors["day"]}
      />
      <Field name="from" type="time" label={say("counterDay.from")} value={attempt.values["from"] ?? from} />
      <Field
        name="to"
        type="time"
        label={say("counterDay.to")}
        hint={say("counterDay.timeHint")}
        value={attempt.values["to"] ?? to}
      />
      <Button id="show" look="quiet">
        {say("counterDay.show")}
      </Button>
    </form>
  );
}

function Sums({ shown }: { shown: DayShown }) {
  const say = useWords();
  const { currency, before, after, running, sums, more } = shown;
  const money = (amount: bigint) => <Amount amount={amount} currency={currency} />;
  return (
    <section class="sheet" aria-labelledby="sums">
      <h2 id="sums">{say("counterDay.sums", { currency })}</h2>
      <dl class="sums">
        <Fact term={say("counterDay.before")}>{money(before)}</Fact>
        {sums.map(({ kind, times, amount }) => (
          <Fact
            key={kind}
            term={say("counterDay.times", { kind: say(`counterDay.kind.${kind}`), count: times })}
          >
            <span data-kind={kind}>{money(amount)}</span>
          </Fact>
        ))}
        <div class="total">
          <dt>{say(running ? "counterDay.owed" : "counterDay.after")}</dt>
          <dd id="owed">{money(after)}</dd>
        </div>
      </dl>
      {more ? <p id="more-sums">{say("counterDay.most")}</p> : null}
      <p class="no-print">
        <LinkButton href={here(shown, {}, "/counter/day.csv")} id="csv" look="quiet">
          {say("counterDay.csv")}
        </LinkButton>
      </p>
    </section>
  );
}

function Compared({ shown: { counted, after, currency } }: { shown: DayShown }) {
  const say = useWords();
  const lang = useLanguage();
  if (counted === undefined) return null;
  const off = counted - after;
  if (off === 0n)
    return (
      <Notice tone="good" id="even">
        <p>{say("counterDay.even")}</p>
      </Notice>
    );
  const amount = formatMoney(off < 0n ? -off : off, currency, lang);
  return (
    <Notice tone="care" id="differs">
      <p>
        <strong>{say(off < 0n ? "counterDay.short" : "counterDay.over", { amount })}</strong>
      </p>
      <p>{say("counterDay.differs")}</p>
    </Notice>
  );
}

function Count({ shown }: { shown: DayShown }) {
  const say = useWords();
  const { day, from, to, currency, attempt = noAttempt } = shown;
  return (
    <section class="sheet stack no-print" aria-labelledby="count-title">
      <h2 id="count-title">{say("counterDay.count")}</h2>
      <Compared shown={shown} />
      <form method="get" action="/counter/day" id="count-form" class="find">
        {Object.entries({ day, from, to, currency }).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Field
          name="counted"
          label={say("counterDay.counted", { currency })}
          hint={say("counterDay.countHint")}
          inputMode="decimal"
          required
          maxLength={30}
          value={attempt.values["counted"]}
          error={attempt.errors["counted"]}
        />
        <Button id="compare">{say("counterDay.compare")}</Button>
      </form>
    </section>
  );
}

function Line({ line, currency }: { line: TillLine; currency: string }) {
  const say = useWords();
  const { id, at, kind, amount, payment, number, shopName, reference } = line;
  return (
    <li data-line={id} data-kind={kind}>
      <div class="spread">
        <span>
          {number === null ? (
            say(`counterDay.kind.${kind}`)
          ) : (
            <a href={`/counter?number=${number}`}>
              <TradeNumber number={number} />
            </a>
          )}
        </span>
        <Amount amount={amount} currency={currency} />
      </div>
      <p class="kicker">
        <Moment at={at} />
        {number === null ? null : <span>{say(`counterDay.kind.${kind}`)}</span>}
        {shopName === null ? null : <Name>{shopName}</Name>}
        {reference === null ? null : <Name>{reference}</Name>}
        {payment === null || number === null ? null : (
          <a href={`/counter/${number}/receipts/${payment}`}>{say("counterDay.receipt")}</a>
        )}
      </p>
    </li>
  );
}

function Body({ shown }: { shown: DayShown }) {
  const say = useWords();
  const { currency, currencies, rows, next } = shown;
  return (
    <div class="stack-l">
      <div>
        <a class="back no-print" href="/counter">
          ← {say("counterDay.back")}
        </a>
        <h1>{say("counterDay.title")}</h1>
      </div>
      <p class="lead">{say("counterDay.lead")}</p>
      <div class="no-print">
        <Span shown={shown} />
      </div>
      {currencies.length < 2 ? null : (
        <nav aria-label={say("counterDay.title")}>
          <p class="chips">
            {currencies.map((one) => (
              <a
                key={one}
                href={here(shown, { currency: one })}
                aria-current={one === currency ? "page" : undefined}
              >
                {one}
              </a>
            ))}
          </p>
        </nav>
      )}
      <Sums shown={shown} />
      <Count shown={shown} />
      <section class="sheet" aria-labelledby="list">
        <h2 id="list">{say("counterDay.list")}</h2>
        {rows.length === 0 ? <Empty title={say("counterDay.none")} /> : null}
        <ul class="lines">
          {rows.map((line) => (
            <Line key={line.id} line={line} currency={currency} />
          ))}
        </ul>
      </section>
      {next === null ? null : (
        <p class="no-print">
          <LinkButton href={here(shown, { after: next })} id="more" look="quiet">
            {say("counterDay.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/counter/day`: what this counter took on a day or in a shift. */
export function CounterDayPage(shown: DayShown) {
  return (
    <ServerPage frame={shown.frame} title={useWords()("counterDay.title")} here="counter" narrow>
      <Body shown={shown} />
    </ServerPage>
  );
}
