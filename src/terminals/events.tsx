/** The history of a trade in plain words, newest first. */
import type { TradeEventView } from "../protocol/protocol.ts";
import { Amount, Moment, Name, Say, useWords } from "./reading.tsx";

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

/** `currency` is that of the trade; without it no amount is shown. */
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
