/** What has happened to a trade, and what an operator did for its reader. */
import type { OperatorChannel, TradeEventType, TradeEventView } from "../../core/protocol/protocol.ts";
import { Amount, Moment, Name, Notice, Say, useWords } from "../parts/parts.ts";

function Event({ event, currency }: { event: TradeEventView; currency: string | undefined }) {
  const say = useWords();
  const { reason, amount } = event.data;
  return (
    <li data-event={event.type}>
      <p>{say(`event.${event.type}`, { who: say(`who.${event.actor.role}`) })}</p>
      {typeof amount === "number" && Number.isSafeInteger(amount) && currency !== undefined ? (
        <p class="small">
          <Say k="event.amount" amount={<Amount amount={amount} currency={currency} />} />
        </p>
      ) : null}
      {typeof reason === "string" ? (
        <p class="small">
          <Say k="event.reason" reason={<Name>{reason}</Name>} />
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
            <Moment at={at} />, {say(`notice.channel.${channel}`)}:{" "}
            {types.map((type) => say(`event.${type}`, { who: say("who.operator") })).join(" ")}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
