/** What a trade looks like to those in it: what they may do, its lines, how far it is, its dates, and what has happened. */
import type { ComponentChildren } from "preact";
import {
  type AcceptorRole,
  type ActorRole,
  parseDuration,
  type TradeEventView,
  type TradeLineView,
  type TradeState,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { Notice } from "./parts.tsx";
import { Amount, Day, Moment, Name, Say, useWords } from "./locale.tsx";

/** Whether somebody in this role sees neither price nor payer; their pages speak of goods only. */
export function goodsOnly(role: ActorRole): boolean {
  return role === "carrier" || role === "provider" || role === "recipient";
}

export const tradeActs = [
  "accept",
  "reject",
  "deliver",
  "at-door",
  "return",
  "dispute",
  "cancel",
  "extend",
  "refund",
] as const;
export type TradeAct = (typeof tradeActs)[number];

/**
 * The acts a page offers to somebody in this role. An operator's acts have to say who asked for them, and so have no
 * form here. The server decides anew when one is pressed.
 */
export function actsOffered(trade: TradeView, role: ActorRole): (TradeAct | "approve")[] {
  const { state, acceptance, deadlines } = trade;
  const coming = state === "reserved" || state === "delivered";
  const left = trade.lines.length === 0 || trade.lines.some((line) => openQuantity(line) > 0);
  // While a step waits for its answer, every other one would be refused.
  if (role === "operator" || trade.pending !== null) return [];
  const buyer = role === "buyer";
  const brings = role === "carrier" || role === "provider";
  // Whoever brings it says first that it is there.
  const accepts =
    coming &&
    left &&
    acceptance.by.some((acceptor) => acceptor === role) &&
    !(brings && state === "reserved");
  const offered: Record<TradeAct | "approve", boolean> = {
    approve: buyer && (state === "proposed" || state === "refused"),
    accept: accepts,
    reject: accepts && trade.lines.length > 0,
    deliver: state === "reserved" && (brings || role === "shop"),
    "at-door": brings && coming && left && acceptance.by.some(isGiver),
    return:
      (role === "carrier" || role === "shop") &&
      (coming || state === "rejected") &&
      trade.lines.some(({ rejected, returned }) => rejected > returned),
    dispute: (buyer || role === "shop") && (coming || state === "rejected"),
    cancel:
      (buyer && (state === "proposed" || state === "refused" || state === "reserved")) ||
      (role === "shop" && (state === "proposed" || state === "refused" || coming)),
    extend: (buyer || role === "shop") && coming,
    refund: buyer && deadlines.coolingOffUntil !== null && isPaid(trade),
  };
  return (["approve", ...tradeActs] as const).filter((act) => offered[act]);
}

/** Whose acceptance somebody else may type, with the code that they give. */
export const isGiver = (role: ActorRole): boolean => role === "buyer" || role === "recipient";

/** Whether something was paid that can come back; where amounts are not known, whether something was accepted. */
function isPaid({ lines, settled = 0, refunded }: TradeView): boolean {
  return settled === null ? lines.some(({ accepted }) => accepted > 0) : settled > (refunded ?? 0);
}

/** How many of a line nobody has accepted or rejected yet. */
export function openQuantity({ quantity, accepted, rejected }: TradeLineView): number {
  return quantity - accepted - rejected;
}

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

/** `you`, `you or the carrier`, `you, the carrier and the shop`, where the reader is the buyer. */
export function useRoles(
  reader: ActorRole = "buyer",
): (roles: readonly AcceptorRole[], joint: "or" | "and") => string {
  const say = useWords();
  return (roles, joint) => {
    const names = roles.map((role) => (role === reader ? say("you") : say(`you.${role}`)));
    const last = names.pop() ?? "";
    return names.length === 0 ? last : `${names.join(", ")} ${say(joint)} ${last}`;
  };
}

/** An ISO 8601 duration in words; the text itself where it has no plain form. */
export function useSpan(): (duration: string) => string {
  const say = useWords();
  return (text) => {
    const duration = parseDuration(text);
    if (duration === undefined) return text;
    const { months, milliseconds } = duration;
    const minutes = milliseconds / 60_000;
    const hours = minutes / 60;
    const days = hours / 24;
    const parts: string[] = [];
    if (months > 0) parts.push(months === 1 ? say("span.month") : say("span.months", { count: months }));
    if (days >= 1 && Number.isInteger(days)) {
      parts.push(days === 1 ? say("span.day") : say("span.days", { count: days }));
    } else if (hours >= 1 && Number.isInteger(hours)) {
      parts.push(hours === 1 ? say("span.hour") : say("span.hours", { count: hours }));
    } else if (minutes > 0) {
      parts.push(say("span.minutes", { count: Math.ceil(minutes) }));
    }
    return parts.length === 0 ? text : parts.join(` ${say("and")} `);
  };
}

function Line({ line, currency }: { line: TradeLineView; currency: string | undefined }) {
  const say = useWords();
  const { quantity, unitAmount } = line;
  const seen = (["delivered", "accepted", "rejected", "returned"] as const).filter((what) => line[what] > 0);
  const count = quantity === 1 ? say("trade.piece") : say("trade.pieces", { quantity });
  const priced = unitAmount != null && currency !== undefined;
  return (
    <li data-line={line.line}>
      <div class="spread">
        <strong>
          <Name>{line.name}</Name>
        </strong>
        {priced ? <Amount amount={BigInt(unitAmount) * BigInt(quantity)} currency={currency} /> : null}
      </div>
      <p class="small soft tabular">
        {priced && quantity > 1 ? (
          <Say
            k="trade.each"
            quantity={quantity}
            amount={<Amount amount={unitAmount} currency={currency} />}
          />
        ) : (
          count
        )}
        {seen.map((what) => ` · ${say(lineWords[what], { count: line[what] })}`)}
      </p>
    </li>
  );
}

const lineWords = {
  delivered: "trade.lineDelivered",
  accepted: "trade.lineAccepted",
  rejected: "trade.lineRejected",
  returned: "trade.lineReturned",
} as const;

/** That the amount is not known here, and where the buyer sees it. */
export function AmountElsewhere({ at = [] }: { at?: readonly { name: string; url: string }[] | undefined }) {
  const say = useWords();
  return (
    <Notice tone="care" title={say("approve.privateTitle")}>
      <ul>
        {at.map(({ name, url }) => (
          <li key={url}>
            <a href={url}>{say("approve.privateAt", { institution: name })}</a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** What the trade is about, with its total where the reader may see it. */
export function Lines({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { lines, amount, currency } = trade;
  return (
    <>
      {lines.length === 0 ? null : (
        <ul class="lines">
          {lines.map((line) => (
            <Line key={line.line} line={line} currency={currency} />
          ))}
        </ul>
      )}
      {amount == null || currency === undefined ? null : (
        <p class="spread total">
          <span>{say("trade.total")}</span>
          <Amount amount={amount} currency={currency} />
        </p>
      )}
    </>
  );
}

const steps = ["agreed", "frozen", "delivered", "accepted", "paid"] as const;
const stepsOfGoods = ["agreed", "delivered", "accepted"] as const;
/** How many steps are behind a trade in this state; states off the straight way have no steps. */
const stepsDone: Partial<Record<TradeState, number>> = {
  proposed: 1,
  reserved: 2,
  delivered: 3,
  accepted: 4,
  settled: 5,
};

const stepsOfGoodsDone: Partial<Record<TradeState, number>> = {
  reserved: 1,
  delivered: 2,
  accepted: 3,
  settled: 3,
};

/** How far a trade is; `goods`: for a reader whom only the goods concern. */
export function Steps({ state, goods = false }: { state: TradeState; goods?: boolean }) {
  const say = useWords();
  const done = (goods ? stepsOfGoodsDone : stepsDone)[state];
  if (done === undefined) return null;
  return (
    <ol class="steps" aria-label={say("trade.steps")}>
      {(goods ? stepsOfGoods : steps).map((step, index) => (
        <li
          key={step}
          class={index < done ? "done" : undefined}
          aria-current={index === done ? "step" : undefined}
        >
          {say(`trade.step.${step}`)}
          <span class="hidden">
            {index < done ? `: ${say("trade.stepDone")}` : index === done ? `: ${say("trade.stepNext")}` : ""}
          </span>
        </li>
      ))}
    </ol>
  );
}

const deadlineNames = [
  "approveBy",
  "shipBy",
  "reservedUntil",
  "acceptBy",
  "paymentDate",
  "coolingOffUntil",
] as const;

/** The deadlines that still mean something in the state the trade is in. */
function deadlinesShown(
  { deadlines, state }: TradeView,
  goods: boolean,
): { name: (typeof deadlineNames)[number]; at: string }[] {
  const open = state === "reserved" || state === "delivered" || state === "rejected" || state === "proposed";
  const shown = {
    approveBy: state === "proposed" || state === "refused",
    shipBy: state === "reserved",
    reservedUntil: open,
    acceptBy: state === "delivered",
    paymentDate: open || state === "accepted",
    coolingOffUntil: state === "settled" || state === "accepted",
  };
  return deadlineNames.flatMap((name) => {
    const at = deadlines[name];
    const concerns = !goods || name === "shipBy" || name === "acceptBy";
    return at === null || !shown[name] || !concerns ? [] : [{ name, at }];
  });
}

function When({ at }: { at: string }) {
  return /^\d{4}-\d{2}-\d{2}$/.test(at) ? <Day day={at} /> : <Moment at={at} />;
}

/** Seller, numbers, terms and dates of a trade. */
export function TradeFacts({ trade, reader = "buyer" }: { trade: TradeView; reader?: ActorRole }) {
  const say = useWords();
  const roles = useRoles(reader);
  const { acceptance, payment, reference } = trade;
  return (
    <dl class="facts">
      <Fact term={say("trade.seller")}>
        <Name>{trade.shopName}</Name>
      </Fact>
      {reference === null ? null : (
        <Fact term={say("trade.reference")}>
          <Name>{reference}</Name>
        </Fact>
      )}
      {payment === undefined ? null : (
        <Fact term={say("trade.payment")}>
          {payment.on === "date" ? <Day day={payment.date} /> : say("trade.onAcceptance")}
        </Fact>
      )}
      <Fact term={say("trade.acceptors")}>{roles(acceptance.by, acceptance.need > 1 ? "and" : "or")}</Fact>
      {acceptance.place === null ? null : (
        <Fact term={say("trade.place")}>
          <Name>{acceptance.place}</Name>
        </Fact>
      )}
      {deadlinesShown(trade, goodsOnly(reader)).map(({ name, at }) => (
        <Fact key={name} term={say(`deadline.${name}`)}>
          <When at={at} />
        </Fact>
      ))}
    </dl>
  );
}

export function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export interface Addressee {
  name: string;
  address: string | null;
  phone: string | null;
}

/** To whom a carrier or a provider brings it. */
export function BringTo({ to }: { to: Addressee }) {
  const say = useWords();
  const phone = to.phone?.replaceAll(/[^+0-9]/g, "");
  return (
    <section class="sheet" aria-labelledby="bring-to">
      <h2 id="bring-to">{say("deliveries.to")}</h2>
      <p id="addressee">
        <strong>
          <Name>{to.name}</Name>
        </strong>
        {to.address === null ? null : (
          <>
            <br />
            <Name>{to.address}</Name>
          </>
        )}
      </p>
      {to.phone === null || phone === undefined || phone === "" ? null : (
        <p>
          <a href={`tel:${phone}`} id="call">
            <Name>{to.phone}</Name>
          </a>
        </p>
      )}
    </section>
  );
}
