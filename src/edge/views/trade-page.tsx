/** One trade, and all of them: for its buyer, for a guest who holds its link, and for whoever else is in it. */
import type {
  ActorRole,
  OperatorChannel,
  TradeEventType,
  TradeEventView,
  TradeView,
} from "../../core/protocol/protocol.ts";
import {
  Button,
  Empty,
  Field,
  LinkButton,
  Mistakes,
  MoneyBar,
  Notice,
  StateBadge,
  stages,
} from "./parts.tsx";
import { Amount, Moment, Name, Say, TradeNumber, useWords } from "./locale.tsx";
import { type Attempt, type Frame, noAttempt, Refused, SitePage, words } from "./front-pages.tsx";
import { type ActAttempt, type ActProps, Acts, type DoorCodeView } from "./trade-forms.tsx";
import {
  actsOffered,
  type Addressee,
  BringTo,
  EventList,
  goodsOnly,
  Lines,
  Steps,
  type TradeAct,
  TradeFacts,
} from "./trade-parts.tsx";
import type { WordKey } from "./sentences.ts";

/** What an operator did for the reader. */
export interface NoticeView {
  types: TradeEventType[];
  channel: OperatorChannel;
  at: string;
}

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
  /** To whom it is to be brought, for those who bring it. */
  to?: Addressee | undefined;
  /** The reader holds a link and has not signed in: acting needs the date of birth. */
  guest?: boolean;
  /** The recipient, by the link, with whose forms the code of the parcel is asked for; or by that code, only to look. */
  gift?: "link" | "code";
  /** What the reader may give to whoever is at the door. */
  doorCode?: DoorCodeView;
  notices?: NoticeView[];
}

function ActedFor({ notices }: { notices: readonly NoticeView[] }) {
  const say = useWords();
  if (notices.length === 0) return null;
  return (
    <Notice title={say("notice.title")} id="notices">
      <ul>
        {notices.map(({ types, channel, at }) => (
          <li key={at}>
            <Moment at={at} />, {say(`notice.channel.${channel}`)}:{" "}
            {types.map((type) => say(`event.${type}`, { who: say("who.operator") })).join(" ")}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Money({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { amount, currency } = trade;
  if (amount === undefined || currency === undefined) return null;
  if (amount === null) return <p id="private">{say("trade.private")}</p>;
  const [frozen, settled, released] = [trade.frozen ?? 0, trade.settled ?? 0, trade.released ?? 0];
  const refunded = trade.refunded ?? 0;
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

function TradeHead({ trade, role }: { trade: TradeView; role: ActorRole }) {
  const say = useWords();
  const goods = goodsOnly(role);
  return (
    <div class="stack">
      {goods && role !== "recipient" ? (
        <a class="back" href="/trades">
          ← {say("deliveries.title")}
        </a>
      ) : null}
      <p class="kicker">
        <StateBadge state={trade.state} goods={goods} />
        <Name>{trade.shopName}</Name>
      </p>
      <h1>
        <Say k="trade.title" number={<TradeNumber number={trade.number} />} />
      </h1>
      <Steps state={trade.state} goods={goods} />
    </div>
  );
}

/** What has been done, in words that fit the reader. */
function doneWord(done: NonNullable<TradePageProps["done"]>, goods: boolean): WordKey {
  if (goods && done === "accept") return "done.acceptGoods";
  if (goods && done === "reject") return "done.rejectGoods";
  return `done.${done}`;
}

/** How things stand, in words that fit the reader. */
function nowWord({ state }: TradeView, role: ActorRole): WordKey {
  if (!goodsOnly(role)) return `now.${state}`;
  return role === "recipient" ? `gift.${stages[state]}` : `brought.${stages[state]}`;
}

/** What happened to the money, of which only those are told whom it concerns. */
const aboutMoney: ReadonlySet<TradeEventType> = new Set<TradeEventType>([
  "trade.reserved",
  "trade.refused",
  "trade.settled",
  "trade.refunded",
]);

function TradeBody(props: Omit<TradePageProps, "frame">) {
  const say = useWords();
  const { trade, role, done, to, gift, doorCode, attempt = noAttempt, guest = false, notices = [] } = props;
  const goods = goodsOnly(role);
  const events = goods ? props.events.filter(({ type }) => !aboutMoney.has(type)) : props.events;
  const acting: ActProps = {
    trade,
    once: props.once,
    attempt,
    proof: gift === "link" ? "giftCode" : guest ? "birthDate" : undefined,
    doorCode,
  };
  return (
    <div class="stack-l">
      <TradeHead trade={trade} role={role} />
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
          <p>{say(doneWord(done, goods))}</p>
        </Notice>
      )}
      <ActedFor notices={notices} />
      <div class="split">
        <div class="stack-l">
          {trade.pending === null ? (
            <p class="lead" id="now">
              {say(nowWord(trade, role))}
            </p>
          ) : null}
          {to === undefined ? null : <BringTo to={to} />}
          <Money trade={trade} />
          {gift === "code" ? <p id="look-only">{say("gift.lookOnly")}</p> : <Acts {...acting} role={role} />}
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

function TradeCard({ trade, goods = false }: { trade: TradeView; goods?: boolean }) {
  const { amount, currency } = trade;
  return (
    <li>
      <a class="sheet card" href={`/trades/${trade.number}`} id={`trade-${trade.number}`}>
        <span class="spread">
          <strong>
            <Name>{trade.shopName}</Name>
          </strong>
          {amount == null || currency === undefined ? null : (
            <strong>
              <Amount amount={amount} currency={currency} />
            </strong>
          )}
        </span>
        <span class="kicker">
          <StateBadge state={trade.state} goods={goods} />
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
      <Older next={next} />
    </div>
  );
}

function Older({ next }: { next: string | null }) {
  const say = useWords();
  if (next === null) return null;
  return (
    <p>
      <LinkButton href={`/trades?after=${encodeURIComponent(next)}`} id="more" look="quiet">
        {say("trades.more")}
      </LinkButton>
    </p>
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

export interface DeliveriesProps {
  frame: Frame;
  trades: TradeView[];
  /** The part the reader has in all of them. */
  role: ActorRole;
  next: string | null;
  /** A number that was looked for and is none. */
  attempt?: Attempt;
}

/** Leads to the trade whose number stands on a parcel. It changes nothing, so it is sent as an address. */
function Find({ attempt }: { attempt: Attempt }) {
  const say = useWords();
  return (
    <form method="get" action="/trades/find" id="find-form" class="find">
      <Field
        name="number"
        label={say("deliveries.find")}
        hint={say("deliveries.findHint")}
        inputMode="numeric"
        required
        maxLength={40}
        value={attempt.values["number"]}
        error={attempt.errors["number"]}
      />
      <Button id="find" look="quiet">
        {say("deliveries.findSubmit")}
      </Button>
    </form>
  );
}

function DeliveriesBody({ trades, role, next, attempt = noAttempt }: DeliveriesProps) {
  const say = useWords();
  const todo = trades.filter((trade) => actsOffered(trade, role).length > 0);
  const rest = trades.filter((trade) => !todo.includes(trade));
  const parts = [
    { id: "todo", trades: todo },
    { id: "rest", trades: rest },
  ] as const;
  return (
    <div class="stack-l">
      <h1>{say("deliveries.title")}</h1>
      <Find attempt={attempt} />
      {trades.length === 0 && next === null ? (
        <Empty title={say("deliveries.empty")}>
          <p>{say("deliveries.emptyHint")}</p>
        </Empty>
      ) : null}
      {parts.map(({ id, trades: shown }) =>
        shown.length === 0 ? null : (
          <section key={id} aria-labelledby={id}>
            <h2 id={id}>{say(`deliveries.${id}`)}</h2>
            <ul class="list">
              {shown.map((trade) => (
                <TradeCard key={trade.number} trade={trade} goods />
              ))}
            </ul>
          </section>
        ),
      )}
      <Older next={next} />
    </div>
  );
}

/** `/trades` for those who bring or serve: what they have to do first. */
export function DeliveriesPage(props: DeliveriesProps) {
  return (
    <SitePage frame={props.frame} title={words(props.frame)["deliveries.title"]} here="trades" narrow>
      <DeliveriesBody {...props} />
    </SitePage>
  );
}
