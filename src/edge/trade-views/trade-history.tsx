/** What has happened to a trade, and what an operator did for its reader. */
import { type WordKey } from "../words/words.ts";
import {
  type ActorRole,
  contestReasons,
  type OperatorChannel,
  type TradeEventType,
  type TradeEventView,
} from "../../core/protocol/protocol.ts";
import { Amount, Moment, Name, Notice, Say, useWords } from "../parts/parts.ts";
import { goodsOnly } from "./trade-acts.ts";

/** The sentence for what happened: the same event tells different things by what came with it. */
function wordOf({ type, data }: TradeEventView): WordKey {
  if (type === "trade.shipped" && data["claimed"] === true) return "event.trade.claimed";
  if (type === "trade.sent_back" && data["arrived"] === true) return "event.trade.arrived";
  if (type === "trade.withdrawn" && data["lapsed"] === true) return "event.trade.lapsed";
  return `event.${type}`;
}

/** Why the shop contests goods, where it does. */
const contestOf = ({ data }: TradeEventView) => contestReasons.find((reason) => reason === data["contest"]);

/** The number of the parcel that an event names. */
function parcelOf({ tracking }: Record<string, unknown>): string | undefined {
  if (typeof tracking !== "object" || tracking === null || !("number" in tracking)) return undefined;
  return typeof tracking.number === "string" ? tracking.number : undefined;
}

function Event({ event, currency }: { event: TradeEventView; currency: string | undefined }) {
  const say = useWords();
  const { reason, amount, statement } = event.data;
  const contest = contestOf(event);
  const parcel = parcelOf(event.data);
  const who = say(`who.${event.actor.role}`);
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
      <p class="small soft">
        <Moment at={event.at} />
      </p>
    </li>
  );
}

/** The history of a trade in plain words, newest first. `currency` is that of the trade; without it no amount is shown. */
export function EventList({ events, currency }: { events: TradeEventView[]; currency?: string | undefined }) {
  const latest = [...events].sort((one, other) => other.seq - one.seq);
  return (
    <ol class="story" reversed>
      {latest.map((event) => (
        <Event key={event.seq} event={event} currency={currency} />
      ))}
    </ol>
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
