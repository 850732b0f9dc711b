/** One trade, and all of them: for its buyer, for a guest who holds its link, and for whoever else is in it. */
import type { ActorRole, TradeEventView, TradeView } from "../protocol/protocol.ts";
import { Empty, LinkButton, Mistakes, MoneyBar, Notice, StateBadge } from "./parts.tsx";
import { Amount, Moment, Name, Say, TradeNumber, useWords } from "./reading.tsx";
import { type Frame, noAttempt, Refused, SitePage, words } from "./site.tsx";
import { type ActAttempt, type ActProps, Acts, type TradeAct } from "./trade-forms.tsx";
import { EventList, Lines, Steps, TradeFacts } from "./trade-parts.tsx";

export interface TradePageProps {
  frame: Frame;
  trade: TradeView;
  events: TradeEventView[];
  /** The part the reader has in this trade. */
  role: ActorRole;
  /** The key of the acts on this page, see Form. */
  once: string;
  /** What has just been done, to be confirmed in a sentence. */
  done?: TradeAct | "approve" | "decline" | undefined;
  attempt?: ActAttempt;
  /** The reader holds a link and has not signed in: acting needs the date of birth. */
  guest?: boolean;
}

function Money({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { amount, frozen = 0, settled = 0, released = 0, refunded = 0, currency } = trade;
  if (amount === undefined || currency === undefined) return null;
  return (
    <section class="sheet" aria-labelledby="money">
      <div>
        <h2 id="money">{say("trade.money")}</h2>
        <p class="big" id="amount">
          <Amount amount={amount} currency={currency} />
        </p>
      </div>
      {frozen + settled + released === 0 ? null : (
        <MoneyBar amount={amount} frozen={frozen} settled={settled} released={released} currency={currency} />
      )}
      {refunded > 0 ? (
        <p>
          <Say k="trade.refunded" amount={<Amount amount={refunded} currency={currency} />} />
        </p>
      ) : null}
    </section>
  );
}

function TradeHead({ trade }: { trade: TradeView }) {
  return (
    <div class="stack">
      <p class="kicker">
        <StateBadge state={trade.state} />
        <Name>{trade.shopName}</Name>
      </p>
      <h1>
        <Say k="trade.title" number={<TradeNumber number={trade.number} />} />
      </h1>
      <Steps state={trade.state} />
    </div>
  );
}

function TradeBody(props: Omit<TradePageProps, "frame">) {
  const say = useWords();
  const { trade, events, role, done, attempt = noAttempt, guest = false } = props;
  const acting: ActProps = { trade, once: props.once, attempt, askBirthDate: guest };
  return (
    <div class="stack-l">
      <TradeHead trade={trade} />
      <Mistakes errors={underForm(attempt)} />
      <Refused attempt={attempt} />
      {trade.pending === null ? null : (
        <Notice tone="hold" id="pending" title={say("pending.title")}>
          <p>
            <Say k="pending.since" since={<Moment at={trade.pending.since} />} />
          </p>
        </Notice>
      )}
      {done === undefined || trade.pending !== null ? null : (
        <Notice tone="good" id="done">
          <p>{say(`done.${done}`)}</p>
        </Notice>
      )}
      <div class="split">
        <div class="stack-l">
          <p class="lead" id="now">
            {say(`now.${trade.state}`)}
          </p>
          <Money trade={trade} />
          <Acts {...acting} role={role} />
          <section class="sheet" aria-labelledby="lines">
            <h2 id="lines">{say("trade.what")}</h2>
            <Lines trade={trade} />
          </section>
        </div>
        <div class="stack-l">
          <section class="sheet" aria-labelledby="details">
            <h2 id="details">{say("trade.details")}</h2>
            <TradeFacts trade={trade} reader={role} />
          </section>
          <section class="sheet" aria-labelledby="history">
            <h2 id="history">{say("trade.history")}</h2>
            {events.length === 0 ? (
              <p class="soft">{say("trade.nothingHappened")}</p>
            ) : (
              <EventList events={events} currency={trade.currency} />
            )}
          </section>
        </div>
      </div>
    </div>
  );
}

/** Findings under the ids that the controls of the tried form have. */
function underForm({ act, errors }: ActAttempt): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([field, message]) => [
      act === undefined ? field : `${act}-${field}`,
      message,
    ]),
  );
}

/** `/trades/{number}`, for members and, with `guest`, for those who hold a link. */
export function TradePage({ frame, ...props }: TradePageProps) {
  const title = words(frame)["trade.title"].replace("{number}", props.trade.number);
  return (
    <SitePage frame={frame} title={title}>
      <TradeBody {...props} />
    </SitePage>
  );
}

function TradeCard({ trade }: { trade: TradeView }) {
  const { amount, currency } = trade;
  return (
    <li>
      <a class="sheet card" href={`/trades/${trade.number}`} id={`trade-${trade.number}`}>
        <span class="spread">
          <strong>
            <Name>{trade.shopName}</Name>
          </strong>
          {amount === undefined || currency === undefined ? null : (
            <strong>
              <Amount amount={amount} currency={currency} />
            </strong>
          )}
        </span>
        <span class="kicker">
          <StateBadge state={trade.state} />
          <TradeNumber number={trade.number} />
          <Moment at={trade.updatedAt} />
        </span>
      </a>
    </li>
  );
}

function TradesBody({ trades, next }: { trades: TradeView[]; next: string | null }) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("trades.title")}</h1>
      {trades.length === 0 ? (
        <Empty title={say("trades.empty")}>
          <p>{say("trades.emptyHint")}</p>
        </Empty>
      ) : (
        <ul class="list">
          {trades.map((trade) => (
            <TradeCard key={trade.number} trade={trade} />
          ))}
        </ul>
      )}
      {next === null ? null : (
        <p>
          <LinkButton href={`/trades?after=${encodeURIComponent(next)}`} id="more" look="quiet">
            {say("trades.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/trades`: the reader's trades, newest first. `next` names the following page. */
export function TradesPage(props: { frame: Frame; trades: TradeView[]; next: string | null }) {
  return (
    <SitePage frame={props.frame} title={words(props.frame)["trades.title"]} here="trades" narrow>
      <TradesBody trades={props.trades} next={props.next} />
    </SitePage>
  );
}
