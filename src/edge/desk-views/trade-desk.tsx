/** One trade as operators see it: all that they may, and what they can do for whoever calls. */
import {
  type AcceptorRole,
  type OperatorChannel,
  type TradeEventView,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { proofKinds } from "../../core/protocol/schemas.ts";
import {
  type Attempt,
  datesOf,
  Fact,
  type Frame,
  Lines,
  LinkButton,
  Moment,
  Name,
  Notice,
  type Now,
  Refused,
  Say,
  ServerPage,
  Silence,
  StateBadge,
  Steps,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import {
  EventList,
  Money,
  OtherTerms,
  Taken,
  Thread,
  TradeFacts,
  WhereGoodsAre,
} from "../trade-views/trade-views.ts";
import type { DeskAct } from "./acting.ts";
import { RevealedFacts, type Revealed } from "./member-desk.tsx";
import { type MaskedPerson, PersonLine } from "./person-line.tsx";
import { RevealForm } from "./reveal-form.tsx";
import { type TradeMailLine, TradeMails } from "./trade-mails.tsx";

export interface TradeDeskProps {
  frame: Frame;
  trade: TradeView;
  events: TradeEventView[];
  now: Now;
  offers: ReadonlyMap<DeskAct, readonly AcceptorRole[]>;
  buyer: MaskedPerson | undefined;
  recipient: MaskedPerson | undefined;
  /** Too many people were shown today for these to be. */
  hidden?: boolean;
  carrier: string | undefined;
  provider: string | undefined;
  mails: readonly TradeMailLine[];
  /** What was just done, or waits for another operator. */
  done?: boolean;
  waits?: boolean;
  sent?: boolean;
  hasQueue: boolean;
  once: string;
  attempt?: Attempt | undefined;
  /** Who receives it, for a reason that was given. */
  revealed?: Revealed | undefined;
}

function Parties({ trade, buyer, recipient, hidden = false, carrier, provider, once }: TradeDeskProps) {
  const say = useWords();
  const guest = trade.buyer != null && "guest" in trade.buyer;
  return (
    <section class="sheet" aria-labelledby="parties">
      <h2 id="parties">{say("deskTrade.parties")}</h2>
      <dl class="facts">
        <Fact term={say("deskTrade.buyer")}>
          {buyer === undefined ? (
            say(guest ? "deskTrade.guest" : "deskTrade.nobody")
          ) : (
            <PersonLine person={buyer} />
          )}
        </Fact>
        {recipient === undefined ? null : (
          <Fact term={say("deskTrade.recipient")}>
            <PersonLine person={recipient} />
          </Fact>
        )}
        <Fact term={say("deskTrade.shop")}>
          <Name>{trade.shopName}</Name>
        </Fact>
        {carrier === undefined ? null : (
          <Fact term={say("deskTrade.carrier")}>
            <Name>{carrier}</Name>
          </Fact>
        )}
        {provider === undefined ? null : (
          <Fact term={say("deskTrade.provider")}>
            <Name>{provider}</Name>
          </Fact>
        )}
      </dl>
      {hidden ? <p id="hidden">{say("person.hidden")}</p> : null}
      {recipient === undefined ? null : (
        <RevealForm
          action={`/desk/trades/${trade.number}/recipient`}
          button={say("deskTrade.show")}
          once={once}
        />
      )}
    </section>
  );
}

/** What operators did: whose word, how it reached them, and how it was proved. */
interface Spoken {
  channel: OperatorChannel;
  reference: string;
  as?: AcceptorRole;
  proof?: { kind: string; reference: string };
  confirmedBy?: string;
}

function ByOperators({ events }: { events: readonly TradeEventView[] }) {
  const say = useWords();
  const acted = events.filter(({ actor, data }) => actor.role === "operator" && "operator" in data);
  if (acted.length === 0) return null;
  return (
    <section class="sheet" aria-labelledby="by-operators">
      <h2 id="by-operators">{say("deskTrade.byOperators")}</h2>
      <ol class="story">
        {acted.map(({ seq, type, at, data }) => {
          const { channel, reference, as, proof, confirmedBy } = data["operator"] as Spoken;
          const kind = proofKinds.find((each) => each === proof?.kind);
          return (
            <li key={seq} data-by-operator={type}>
              <p>{say(`event.${type}`, { who: say("who.operator") })}</p>
              <p class="small">
                <Say
                  k="deskTrade.through"
                  who={say(`caller.as.${as ?? "operator"}`)}
                  channel={say(`notice.channel.${channel}`)}
                  reference={<Name>{reference}</Name>}
                />
              </p>
              {kind === undefined ? null : (
                <p class="small">
                  <Say
                    k="deskTrade.proof"
                    proof={say(`caller.proof.${kind}`)}
                    reference={<Name>{proof?.reference ?? ""}</Name>}
                  />
                </p>
              )}
              {confirmedBy === undefined ? null : <p class="small">{say("deskTrade.second")}</p>}
              <p class="small soft">
                <Moment at={at} />
              </p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Acts({ trade, offers }: Pick<TradeDeskProps, "trade" | "offers">) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="acts">
      <h2 id="acts">{say("deskTrade.acts")}</h2>
      {trade.pending !== null ? (
        <p>{say("deskTrade.pending")}</p>
      ) : offers.size === 0 ? (
        <p>{say("deskTrade.none")}</p>
      ) : (
        <p class="row">
          {[...offers.keys()].map((act) => (
            <LinkButton
              key={act}
              href={`/desk/trades/${trade.number}/acts/${act}`}
              id={`act-${act}`}
              look="quiet"
            >
              {say(`deskAct.${act}`)}
            </LinkButton>
          ))}
        </p>
      )}
    </section>
  );
}

/** What came of what was just sent, and what the operator has asked to see. */
function WhatIsNew({
  done = false,
  waits = false,
  sent = false,
  hasQueue,
  attempt,
  revealed,
}: TradeDeskProps) {
  const say = useWords();
  return (
    <>
      {attempt === undefined ? null : <Refused attempt={attempt} />}
      {revealed === undefined ? null : <RevealedFacts of={revealed} />}
      {done ? (
        <Notice tone="good" id="done">
          <p>{say("deskTrade.done")}</p>
        </Notice>
      ) : null}
      {sent ? (
        <Notice tone="good" id="sent">
          <p>{say("deskMails.sent")}</p>
        </Notice>
      ) : null}
      {waits ? (
        <Notice tone="hold" id="waits">
          <p>{say("deskTrade.waits")}</p>
          {hasQueue ? (
            <p>
              <a href="/operator-acts">{say("deskTrade.toQueue")}</a>
            </p>
          ) : null}
        </Notice>
      ) : null}
    </>
  );
}

function Aside({ trade, events, now, mails, once }: TradeDeskProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      {datesOf(trade, now).length === 0 ? null : (
        <section class="sheet" aria-labelledby="dates">
          <h2 id="dates">{say("trade.silence")}</h2>
          <Silence trade={trade} now={now} />
        </section>
      )}
      <section class="sheet" aria-labelledby="details">
        <h2 id="details">{say("trade.details")}</h2>
        <TradeFacts trade={trade} now={now} reader="operator" />
      </section>
      <ByOperators events={events} />
      <TradeMails number={trade.number} mails={mails} events={events} once={once} />
      <section class="sheet" aria-labelledby="history">
        <h2 id="history">{say("trade.history")}</h2>
        <EventList
          events={events}
          currency={trade.currency}
          shown={{ number: trade.number, role: "operator" }}
        />
      </section>
    </div>
  );
}

function Body(props: TradeDeskProps) {
  const say = useWords();
  const { trade, events, now } = props;
  return (
    <div class="stack-l">
      <div class="stack">
        <p class="kicker">
          <StateBadge trade={trade} />
          <Name>{trade.shopName}</Name>
        </p>
        <h1>
          <Say k="deskTrade.number" number={<TradeNumber number={trade.number} />} />
        </h1>
        <Steps state={trade.state} goods={false} />
      </div>
      <WhatIsNew {...props} />
      <OtherTerms trade={trade} />
      <div class="split">
        <div class="stack-l">
          <Acts {...props} />
          <Parties {...props} />
          <Taken trade={trade} role="operator" />
          <Money trade={trade} />
          <WhereGoodsAre trade={trade} now={now} />
          <Thread
            events={events}
            currency={trade.currency}
            shown={{ number: trade.number, role: "operator" }}
          />
          <section class="sheet" aria-labelledby="lines">
            <h2 id="lines">{say("trade.what")}</h2>
            <Lines trade={trade} />
          </section>
        </div>
        <Aside {...props} />
      </div>
    </div>
  );
}

/** `/desk/trades/{number}`. */
export function TradeDeskPage(props: TradeDeskProps) {
  const title = useWords()("deskTrade.number", { number: props.trade.number });
  return (
    <ServerPage frame={props.frame} title={title} here="desk/find">
      <Body {...props} />
    </ServerPage>
  );
}
