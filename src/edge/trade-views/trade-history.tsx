/** What has happened to a trade, and what an operator did for its reader. */
import { type WordKey } from "../words/words.ts";
import {
  type ActorRole,
  contestReasons,
  type OperatorChannel,
  type TradeEventType,
  type TradeEventView,
} from "../../core/protocol/protocol.ts";
import { Photos, type Showing } from "../photo-views/photo-views.ts";
import { Amount, Moment, Name, Notice, OfferWords, Say, useWords } from "../parts/parts.ts";
import { goodsOnly, isGiver } from "./trade-acts.ts";

/** The sentence for what happened: the same event tells different things by what came with it. */
function wordOf({ type, data, actor }: TradeEventView): WordKey {
  if (type === "trade.shipped" && data["claimed"] === true) return "event.trade.claimed";
  if (type === "trade.sent_back" && data["arrived"] === true) return "event.trade.arrived";
  if (type === "trade.withdrawn" && data["lapsed"] === true) return "event.trade.lapsed";
  if (type === "trade.resolved" && data["by"] === "offer") return "event.trade.agreed";
  // By an act of the buyer's, such as taking the shop's offer, nobody gives it but the agreement.
  if (type === "trade.refunded" && (actor.role === "buyer" || actor.role === "recipient"))
    return "event.trade.cameBack";
  return `event.${type}`;
}

/** Why the shop contests goods, where it does. */
const contestOf = ({ data }: TradeEventView) => contestReasons.find((reason) => reason === data["contest"]);

/** The number of the parcel that an event names. */
function parcelOf({ tracking }: Record<string, unknown>): string | undefined {
  if (typeof tracking !== "object" || tracking === null || !("number" in tracking)) return undefined;
  return typeof tracking.number === "string" ? tracking.number : undefined;
}

/** Who has done it; buyers and recipients are told of themselves as such. */
function whoOf({ actor: { role } }: TradeEventView, shown: Showing | undefined): WordKey {
  return isGiver(role) && role === shown?.role ? "who.you" : `who.${role}`;
}

function Event({
  event,
  currency,
  shown,
}: {
  event: TradeEventView;
  currency: string | undefined;
  shown: Showing | undefined;
}) {
  const say = useWords();
  const { reason, amount, statement, words } = event.data;
  const contest = contestOf(event);
  const parcel = parcelOf(event.data);
  const who = say(whoOf(event, shown));
  return (
    <li data-event={event.type}>
      <p>
        {contest === undefined
          ? say(wordOf(event), { who })
          : say("event.trade.contested", { who, why: say(`contest.${contest}`) })}
      </p>
      {typeof amount === "number" && Number.isSafeInteger(amount) && currency !== undefined ? (
        <p class="small">
          <Say k="event.amount" amount={<Amount amount={amount} currency={currency} />} />
        </p>
      ) : null}
      {parcel === undefined ? null : (
        <p class="small">
          <Say k="event.parcel" number={<Name>{parcel}</Name>} />
        </p>
      )}
      {typeof reason === "string" ? (
        <p class="small">
          <Say k="event.reason" reason={<Name>{reason}</Name>} />
        </p>
      ) : null}
      {typeof statement === "string" ? (
        <p class="small">
          <Say k="event.statement" statement={<Name>{statement}</Name>} />
        </p>
      ) : null}
      {shown === undefined || event.type === "trade.said" ? null : <Photos event={event} {...shown} />}
      {typeof words === "string" ? (
        <p class="words">
          <Name>{words}</Name>
        </p>
      ) : null}
      <p class="small soft">
        <Moment at={event.at} />
      </p>
    </li>
  );
}

/** What happened to the money, of which only those are told whom it concerns. */
const aboutMoney: ReadonlySet<TradeEventType> = new Set<TradeEventType>([
  "trade.reserved",
  "trade.refused",
  "trade.settled",
  "trade.refunded",
  "collection.paid",
  "guarantee.due",
  "guarantee.released",
  "guarantee.claimed",
]);

/** What happened to the goods: all that is told of it to those whom they reach as a present. */
const aboutGoods: ReadonlySet<TradeEventType> = new Set<TradeEventType>([
  "trade.shipped",
  "trade.at_door",
  "trade.delivered",
  "trade.accepted",
  "trade.rejected",
  "trade.sent_back",
  "trade.returned",
  "trade.disputed",
]);

/** What of the history concerns the reader. */
export function eventsFor(events: TradeEventView[], role: ActorRole): TradeEventView[] {
  if (role === "recipient") return events.filter(({ type }) => aboutGoods.has(type));
  return goodsOnly(role) ? events.filter(({ type }) => !aboutMoney.has(type)) : events;
}

/** The history of a trade in plain words, newest first. `currency` is that of the trade; without it no amount is shown. */
export function EventList({
  events,
  currency,
  shown,
}: {
  events: TradeEventView[];
  currency?: string | undefined;
  /** With the photos that were put to it. */
  shown?: Showing;
}) {
  const latest = [...events].sort((one, other) => other.seq - one.seq);
  return (
    <ol class="story" reversed>
      {latest.map((event) => (
        <Event key={event.seq} event={event} currency={currency} shown={shown} />
      ))}
    </ol>
  );
}

/** What the sides have said of a dispute, as long as it lasted. */
const saidIn = ["trade.disputed", "trade.answered", "trade.said", "trade.offered"] as const;

/** How whoever offers it would divide the money. */
function Divided({ data, currency }: { data: TradeEventView["data"]; currency: string | undefined }) {
  const { by, pay, release, refund = 0 } = data;
  if (currency === undefined || (by !== "buyer" && by !== "shop")) return null;
  if (typeof pay !== "number" || typeof release !== "number" || typeof refund !== "number") return null;
  return (
    <p>
      <OfferWords {...{ by, pay, release, refund, currency }} />
    </p>
  );
}

/** The words of a dispute, in the order in which they were said: who, when, and what. Nothing where there was none. */
export function Thread(props: {
  events: readonly TradeEventView[];
  currency: string | undefined;
  shown: Showing;
}) {
  const { events, currency, shown } = props;
  const say = useWords();
  const said = events
    .flatMap((event) => {
      const how = saidIn.find((each) => each === event.type);
      return how === undefined ? [] : [{ event, how }];
    })
    .sort((one, other) => one.event.seq - other.event.seq);
  if (said.length === 0) return null;
  return (
    <section class="sheet" aria-labelledby="thread" id="said">
      <h2 id="thread">{say("thread.title")}</h2>
      <ol class="lines">
        {said.map(({ how, event }) => {
          const { seq, at, data } = event;
          const words = data["words"] ?? data["statement"] ?? data["reason"];
          return (
            <li key={seq} data-said={how}>
              <p>
                <strong>{say(whoOf(event, shown))}</strong>{" "}
                <span class="small soft">{say(`thread.${how}`)}</span>
              </p>
              {typeof words === "string" ? (
                <p class="words">
                  <Name>{words}</Name>
                </p>
              ) : null}
              {how === "trade.offered" ? <Divided data={data} currency={currency} /> : null}
              <Photos event={event} {...shown} />
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

/** What an operator did for the reader. */
export interface NoticeView {
  types: TradeEventType[];
  channel: OperatorChannel;
  at: string;
}

/** That an operator has acted for the reader, when, and on which way they were asked. */
export function ActedFor({ notices }: { notices: readonly NoticeView[] }) {
  const say = useWords();
  if (notices.length === 0) return null;
  return (
    <Notice title={say("notice.title")} id="notices">
      <ul>
        {notices.map(({ types, channel, at }) => (
          <li key={at}>
            <Moment at={at} />
            {say("comma")}
            {say(`notice.channel.${channel}`)}
            {say("colon")}
            {types.map((type) => say(`event.${type}`, { who: say("who.operator") })).join(say("between"))}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
