/** The trades of a reader, and how one of them is found by its number. */
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  type Attempt,
  Button,
  Empty,
  Field,
  Form,
  type Frame,
  LinkButton,
  Moment,
  Name,
  noAttempt,
  Refused,
  ServerPage,
  standingOf,
  StateBadge,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { actsOffered } from "./trade-acts.ts";

function TradeCard({ trade, goods = false }: { trade: TradeView; goods?: boolean }) {
  const { amount, currency } = trade;
  return (
    <li>
      <a
        class="sheet card"
        href={`/trades/${trade.number}`}
        id={`trade-${trade.number}`}
        data-state={goods ? standingOf(trade) : undefined}
      >
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
          <StateBadge trade={trade} goods={goods} />
          <TradeNumber number={trade.number} />
          <Moment at={trade.updatedAt} />
        </span>
      </a>
    </li>
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

/** `/trades`: the reader's trades, newest first. `next` names the following page. */
export function TradesPage(props: { frame: Frame; trades: TradeView[]; next: string | null }) {
  return (
    <ServerPage frame={props.frame} title={useWords()("trades.title")} here="trades" narrow waits>
      <TradesBody trades={props.trades} next={props.next} />
    </ServerPage>
  );
}

export interface DeliveriesProps {
  frame: Frame;
  trades: TradeView[];
  /** The part the reader has in all of them. */
  role: ActorRole;
  /** When the page is made, RFC 3339. */
  now: string;
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

const listTitle = (role: ActorRole) => (role === "provider" ? "services.title" : "deliveries.title");

function DeliveriesBody({ frame, trades, role, now, next, attempt = noAttempt }: DeliveriesProps) {
  const say = useWords();
  const timeZone = frame.face.timeZone ?? "UTC";
  const todo = trades.filter((trade) => actsOffered(trade, role, { at: now, timeZone }).length > 0);
  const rest = trades.filter((trade) => !todo.includes(trade));
  const parts = [
    { id: "todo", trades: todo },
    { id: "rest", trades: rest },
  ] as const;
  return (
    <div class="stack-l">
      <h1>{say(listTitle(role))}</h1>
      <Find attempt={attempt} />
      {trades.length === 0 && next === null ? (
        <Empty title={say(role === "provider" ? "services.empty" : "deliveries.empty")}>
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
    <ServerPage frame={props.frame} title={useWords()(listTitle(props.role))} here="trades" narrow>
      <DeliveriesBody {...props} />
    </ServerPage>
  );
}

function GiftBody({ attempt = noAttempt }: { attempt?: Attempt | undefined }) {
  const say = useWords();
  const { values, errors } = attempt;
  return (
    <div class="stack-l">
      <h1>{say("gift.title")}</h1>
      <p class="lead">{say("gift.lead")}</p>
      <Refused attempt={attempt} />
      <div class="sheet">
        <Form action="/gift" id="gift-form">
          <Field
            {...{ name: "number", required: true, maxLength: 40, inputMode: "numeric" as const }}
            label={say("trade.number")}
            value={values["number"]}
            error={errors["number"]}
          />
          <Field
            {...{ name: "giftCode", required: true, maxLength: 20, inputMode: "numeric" as const }}
            label={say("door.giftCode")}
            error={errors["giftCode"]}
          />
          <Button id="gift" wide>
            {say("gift.submit")}
          </Button>
        </Form>
      </div>
    </div>
  );
}

/** `/gift`: for the recipient who has the code of the parcel and not the link. */
export function GiftPage({ frame, attempt }: { frame: Frame; attempt?: Attempt }) {
  return (
    <ServerPage frame={frame} title={useWords()("gift.title")} narrow>
      <GiftBody attempt={attempt} />
    </ServerPage>
  );
}
