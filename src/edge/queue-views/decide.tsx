/** One dispute: the whole story of both sides, what independent parties have seen, and the decision. */
import type { TradeEventView, TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  type Attempt,
  Button,
  Fact,
  Field,
  Form,
  type Frame,
  Lines,
  LinkButton,
  Mistakes,
  Moment,
  MoneyBar,
  Name,
  OfferWords,
  Refused,
  Say,
  ServerPage,
  StateBadge,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { Outcomes, type Pieces, type ResolveOutcome } from "./outcomes.tsx";
import { EventList, Thread } from "../trade-views/trade-views.ts";

export interface DecideProps {
  frame: Frame;
  trade: TradeView;
  events: TradeEventView[];
  /** What those have seen who gain by nothing. */
  seen: TradeEventView[];
  /** How many of each line the decision can be about now. */
  open: readonly Pieces[];
  /** What cannot be decided yet, since somebody still has time. */
  early: readonly ResolveOutcome[];
  attempt: Attempt;
  once: string;
}

function Buyer({ buyer }: { buyer: TradeView["buyer"] | undefined }) {
  const say = useWords();
  if (buyer == null) return <>{say("disputes.nobody")}</>;
  if ("member" in buyer) return <Say k="disputes.member" number={<TradeNumber number={buyer.member} />} />;
  return <>{say("disputes.guest")}</>;
}

function Money({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { amount, currency, frozen, settled, released, refunded } = trade;
  if (amount == null || currency === undefined || frozen == null || settled == null || released == null)
    return null;
  return (
    <section class="sheet" aria-labelledby="money">
      <h2 id="money">{say("disputes.money")}</h2>
      <MoneyBar amount={amount} frozen={frozen} settled={settled} released={released} currency={currency} />
      {refunded == null || refunded === 0 ? null : (
        <dl class="facts">
          <Fact term={say("disputes.refunded")}>
            <Amount amount={refunded} currency={currency} />
          </Fact>
        </dl>
      )}
    </section>
  );
}

function Sides({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { dispute, deadlines, shopName, buyer } = trade;
  return (
    <section class="sheet">
      <dl class="facts two">
        <Fact term={say("disputes.side.shop")}>
          <Name>{shopName}</Name>
        </Fact>
        <Fact term={say("disputes.side.buyer")}>
          <Buyer buyer={buyer} />
        </Fact>
        {dispute === null ? null : <Fact term={say("disputes.openedBy")}>{say(`who.${dispute.by}`)}</Fact>}
        {deadlines.answerBy === null ? null : (
          <Fact term={say("disputes.answerBy")}>
            <Moment at={deadlines.answerBy} />
          </Fact>
        )}
        {deadlines.decideBy === null ? null : (
          <Fact term={say("disputes.decideBy")}>
            <Moment at={deadlines.decideBy} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Offered({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { offer, currency } = trade;
  if (offer == null || currency === undefined) return null;
  return (
    <section class="sheet" aria-labelledby="offer">
      <h2 id="offer">{say("disputes.offers")}</h2>
      <p>
        <OfferWords {...offer} currency={currency} />
      </p>
    </section>
  );
}

/** Of which goods it is decided. */
function Quantities({
  trade,
  open,
  attempt: { values, errors },
}: Pick<FormProps, "trade" | "open" | "attempt">) {
  const say = useWords();
  return (
    <>
      {open.map(({ line, quantity }) => {
        const name = `quantity-${line}`;
        return (
          <Field
            key={name}
            name={name}
            label={say("disputes.quantity", { name: nameOf(trade, line), open: quantity })}
            inputMode="numeric"
            short
            maxLength={9}
            value={values[name]}
            error={errors[name]}
          />
        );
      })}
    </>
  );
}

const nameOf = ({ lines }: TradeView, line: number): string =>
  lines.find((each) => each.line === line)?.name ?? String(line);

type FormProps = Pick<DecideProps, "trade" | "open" | "early" | "attempt" | "once">;

function DecideForm({ trade, open, early, attempt, once }: FormProps) {
  const say = useWords();
  const { values, errors } = attempt;
  return (
    <section class="sheet" aria-labelledby="decide-title">
      <h2 id="decide-title">{say("disputes.decide")}</h2>
      <Form action={`/disputes/${trade.number}`} id="decide-form" once={once}>
        <input type="hidden" name="seen" value={String(trade.version)} />
        <Outcomes trade={trade} open={open} early={early} attempt={attempt} />
        <Quantities trade={trade} open={open} attempt={attempt} />
        <Field
          name="amount"
          label={say("disputes.amount")}
          hint={say("disputes.amountHint")}
          inputMode="decimal"
          short
          maxLength={40}
          value={values["amount"]}
          error={errors["amount"]}
        />
        {trade.settled == null || trade.settled === 0 ? null : (
          <Field
            name="refund"
            label={say("disputes.refund")}
            hint={say("disputes.refundHint")}
            inputMode="decimal"
            short
            maxLength={40}
            value={values["refund"]}
            error={errors["refund"]}
          />
        )}
        <Field
          name="reason"
          label={say("disputes.reason")}
          long
          required
          maxLength={500}
          value={values["reason"]}
          error={errors["reason"]}
        />
        <Button id="look">{say("disputes.look2")}</Button>
      </Form>
    </section>
  );
}

/** `decides`: the form of the decision stands below. */
function Head({ trade, decides = false }: { trade: TradeView; decides?: boolean }) {
  const say = useWords();
  return (
    <div class="stack">
      <a class="back" href="/disputes">
        ← {say("disputes.title")}
      </a>
      <p class="kicker">
        <StateBadge trade={trade} />
      </p>
      <h1>
        {say("disputes.one")} <TradeNumber number={trade.number} />
      </h1>
      <p class="row">
        {decides ? (
          <LinkButton href="#decide-title" id="to-decide">
            {say("disputes.decide")}
          </LinkButton>
        ) : null}
        <LinkButton href={`/trades/${trade.number}`} look="quiet" id="to-trade">
          {say("waiting.toTrade")}
        </LinkButton>
      </p>
    </div>
  );
}

function Body(props: Omit<DecideProps, "frame">) {
  const say = useWords();
  const { trade, events, seen, attempt } = props;
  const shown = { number: trade.number, role: "operator" } as const;
  return (
    <div class="stack-l">
      <Head trade={trade} decides />
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <Sides trade={trade} />
      <Thread events={events} currency={trade.currency} shown={shown} />
      <section class="sheet" aria-labelledby="seen">
        <h2 id="seen">{say("disputes.seen")}</h2>
        {seen.length === 0 ? (
          <p class="soft">{say("disputes.seenNone")}</p>
        ) : (
          <EventList events={seen} currency={trade.currency} />
        )}
      </section>
      <section class="sheet" aria-labelledby="goods">
        <h2 id="goods">{say("disputes.goods")}</h2>
        <Lines trade={trade} />
      </section>
      <Money trade={trade} />
      <Offered trade={trade} />
      <section class="sheet" aria-labelledby="history">
        <h2 id="history">{say("trade.history")}</h2>
        <EventList events={events} currency={trade.currency} shown={shown} />
      </section>
      {trade.state === "disputed" ? <DecideForm {...props} /> : null}
    </div>
  );
}

/** `/disputes/{number}`. */
export function DecidePage(props: DecideProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("disputes.one")} here="desk">
      <Body {...props} />
    </ServerPage>
  );
}

/** A decision, with what the machine would do by it, in minor units; null where no amounts are known here. */
export interface Verdict {
  outcome: ResolveOutcome;
  /** The goods that it is about: those that were named, or all that can be decided. */
  goods: readonly Pieces[];
  whole: boolean;
  settled: number | null;
  later: number | null;
  released: number | null;
  refunded: number | null;
  reason: string;
}

interface LookProps {
  frame: Frame;
  trade: TradeView;
  verdict: Verdict;
  /** What was typed, for the last press. */
  typed: Readonly<Record<string, string>>;
  once: string;
}

function LookBody({ trade, verdict, typed, once }: Omit<LookProps, "frame">) {
  const say = useWords();
  const { currency = "JPY" } = trade;
  const { outcome, goods, whole, reason } = verdict;
  return (
    <div class="stack-l">
      <Head trade={trade} />
      <Sides trade={trade} />
      <section class="sheet" aria-labelledby="sure-title">
        <h2 id="sure-title">{say("disputes.sure")}</h2>
        <p>
          <strong>{say(`disputes.outcome.${outcome}`)}</strong>
        </p>
        <dl class="facts two">
          <Fact term={say("disputes.goods")}>
            {whole ? say("disputes.all") : null}
            {goods.length === 0 ? null : (
              <ul class="lines">
                {goods.map(({ line, quantity }) => (
                  <li key={line}>
                    <Name>{nameOf(trade, line)}</Name>
                    {" × "}
                    {quantity}
                  </li>
                ))}
              </ul>
            )}
          </Fact>
          {(["settled", "later", "released", "refunded"] as const).map((name) => {
            const amount = verdict[name];
            return amount === null || amount === 0 ? null : (
              <Fact key={name} term={say(`deskRead.${name}`)}>
                <strong id={`moves-${name}`}>
                  <Amount amount={amount} currency={currency} />
                </strong>
              </Fact>
            );
          })}
          <Fact term={say("disputes.reason")}>
            <Name>{reason}</Name>
          </Fact>
        </dl>
        <p class="soft">{say("disputes.sureHint")}</p>
        <Form action={`/disputes/${trade.number}`} id="sure-form" once={once}>
          {Object.entries(typed).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <p class="row">
            <Button id="sure" name="sure" value="yes">
              {say("disputes.doIt")}
            </Button>
            <button type="submit" class="button quiet" name="change" value="yes" id="change">
              {say("form.change")}
            </button>
          </p>
        </Form>
      </section>
    </div>
  );
}

/** The decision once more, with its sums. */
export function DecideLookPage(props: LookProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("disputes.sure")} here="desk" narrow>
      <LookBody {...props} />
    </ServerPage>
  );
}
