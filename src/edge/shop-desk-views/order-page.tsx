/** One order at the shop's desk: how it stands, what can be done with it, and all that is known of it. */
import type { TradeEventView, TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  datesOf,
  Fact,
  type Frame,
  hasLeft,
  Lines,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  noAttempt,
  Notice,
  type Now,
  Refused,
  Say,
  ServerPage,
  Silence,
  standingOf,
  StateBadge,
  Steps,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { Photos } from "../photo-views/photo-views.ts";
import { type ActShown, ActList } from "../team-views/team-views.ts";
import { EventList, Money, Thread, TradeFacts, WhereGoodsAre } from "../trade-views/trade-views.ts";
import { type DeskAct, deskOffers } from "./desk-acts.ts";
import type { DeskAttempt } from "./form-parts.tsx";
import { orderForms } from "./order-forms.tsx";
import { Stand } from "./orders-page.tsx";
import { type Sure, SurePart } from "./sure-part.tsx";
export type { DeskAttempt };

/** To whom the goods go. */
export interface SendTo {
  name: string;
  kana: string | null;
  address: string | null;
  phone: string | null;
}

export interface OrderShown {
  frame: Frame;
  trade: TradeView;
  events: TradeEventView[];
  now: Now;
  once: string;
  /** The server pays shops early. */
  early: boolean;
  to?: SendTo | undefined;
  /** What has just been done. */
  done?: DeskAct | undefined;
  /** Whether the role of who reads it includes an act. */
  may: (act: DeskAct | "note") => boolean;
  /** What was done to it from the shop's sessions, the newest first. */
  did: readonly ActShown[];
  attempt?: DeskAttempt | undefined;
  sure?: Sure | undefined;
}

function Head({ trade }: { trade: TradeView }) {
  const say = useWords();
  return (
    <div class="stack">
      <a class="back" href="/shop">
        ← {say("shop.back")}
      </a>
      <p class="kicker">
        <StateBadge trade={trade} />
        {trade.reference === null ? null : <Name>{trade.reference}</Name>}
      </p>
      <h1>
        <Say k="shop.order" number={<TradeNumber number={trade.number} />} />
      </h1>
      <Steps state={trade.state} />
    </div>
  );
}

/** Findings under the ids that the controls of the tried form have. */
const underForm = ({ act, errors }: DeskAttempt) =>
  Object.fromEntries(
    Object.entries(errors).map(([field, message]) => [
      act === undefined ? field : `${act}-${field}`,
      message,
    ]),
  );

function WhatIsNew({ trade, done, attempt = noAttempt, sure }: Omit<OrderShown, "frame">) {
  const say = useWords();
  return (
    <>
      <Mistakes errors={underForm(attempt)} />
      <Refused attempt={attempt} />
      {trade.pending === null ? null : (
        <Notice tone="hold" id="pending" title={say("shopDid.waits")}>
          <p>
            <Say k="pending.since" since={<Moment at={trade.pending.since} />} />
          </p>
        </Notice>
      )}
      {done === undefined || trade.pending !== null ? null : (
        <Notice tone="good" id="done">
          <p>{say("shopDid.title")}</p>
        </Notice>
      )}
      {sure === undefined ? null : <SurePart sure={sure} number={trade.number} currency={trade.currency} />}
      {trade.revisionAsked == null ? null : (
        <Notice tone="hold" id="other-terms" title={say("revision.title")}>
          <p>
            <Say k="revision.stays" until={<Moment at={trade.revisionAsked.until} />} />
          </p>
        </Notice>
      )}
    </>
  );
}

/** The link by which a buyer comes to approve it. */
function BuyersLink({ trade }: { trade: TradeView }) {
  const say = useWords();
  if (trade.approveUrl == null) return null;
  return (
    <section class="sheet" aria-labelledby="link-title">
      <h2 id="link-title">{say("shop.link")}</h2>
      <p class="soft">{say("shop.linkHint")}</p>
      <p>
        <a href={new URL(trade.approveUrl).pathname} id="approve-url">
          <code>{trade.approveUrl}</code>
        </a>
      </p>
    </section>
  );
}

function SendIt({ trade, to, may }: Pick<OrderShown, "trade" | "to" | "may">) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="send-to">
      <h2 id="send-to">{say("shop.sendTo")}</h2>
      {to === undefined ? (
        <p class="soft">{say("shop.noPlace")}</p>
      ) : (
        <p class="address" id="addressee">
          <strong>
            <Name>{to.name}</Name>
          </strong>
          {[to.kana, ...(to.address ?? "").split("\n"), to.phone].map((row, index) =>
            row === null || row === "" ? null : (
              <span key={index}>
                <br />
                <Name>{row}</Name>
              </span>
            ),
          )}
        </p>
      )}
      {may("note") ? (
        <p>
          <LinkButton href={`/shop/orders/${trade.number}/note`} id="to-note" look="quiet">
            {say("shop.note")}
          </LinkButton>
        </p>
      ) : null}
    </section>
  );
}

/** What was said of goods that are not right: what it is, why, and the photos. */
function Reasons({ trade, events }: Pick<OrderShown, "trade" | "events">) {
  const say = useWords();
  const said = events.filter(({ type }) => type === "trade.rejected" || type === "trade.withdrawn");
  if (said.length === 0) return null;
  const nameOf = (part: unknown): string => {
    if (typeof part !== "object" || part === null || !("line" in part) || !("quantity" in part)) return "";
    const line = trade.lines.find((each) => each.line === part.line);
    return line === undefined ? "" : `${String(part.quantity)} × ${line.name}`;
  };
  return (
    <section class="sheet" aria-labelledby="reasons">
      <h2 id="reasons">{say("shop.reasons")}</h2>
      <ol class="lines">
        {said.map((event) => {
          const { kind, reason, lines } = event.data;
          const goods = Array.isArray(lines) ? lines.map(nameOf).filter((text) => text !== "") : [];
          return (
            <li key={event.seq} data-said={event.type}>
              <p>
                <strong>{say(`who.${event.actor.role}`)}</strong>
                {kind === "wrong" || kind === "missing" || kind === "never_came"
                  ? ` · ${say(`act.kind.${kind}`)}`
                  : null}
              </p>
              {goods.length === 0 ? null : (
                <p class="small">
                  <Name>{goods.join(say("comma"))}</Name>
                </p>
              )}
              {typeof reason === "string" ? (
                <p class="words">
                  <Name>{reason}</Name>
                </p>
              ) : null}
              <Photos event={event} number={trade.number} role="shop" />
              <p class="small soft">
                <Moment at={event.at} />
              </p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Parcels({ parcels }: { parcels: TradeView["parcels"] }) {
  const say = useWords();
  if (parcels.length === 0) return null;
  return (
    <section class="sheet" aria-labelledby="parcels">
      <h2 id="parcels">{say("shop.parcels")}</h2>
      <ul class="lines">
        {parcels.map(({ carrier, number, url }) => (
          <li key={number}>
            <Name>{carrier === undefined ? number : `${carrier} ${number}`}</Name>
            {url === undefined || !URL.canParse(url) ? null : (
              <>
                {" · "}
                <a href={url} rel="noopener noreferrer" data-follow="">
                  <Say k="goods.follow" host={<Name>{new URL(url).host}</Name>} />
                </a>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** All that can be done now, the likeliest first and open. */
function Acts({ trade, now, once, early, may, attempt = noAttempt }: Omit<OrderShown, "frame">) {
  const say = useWords();
  const offered = deskOffers({ trade, now, early });
  const acts = offered.filter(may);
  if (trade.pending !== null) return null;
  return (
    <section class="sheet no-print" aria-labelledby="acts">
      <h2 id="acts">{say("shop.what")}</h2>
      {trade.offer?.by === "shop" ? <OwnOffer trade={trade} /> : null}
      {offered.length === 0 ? <p class="soft">{say("shop.nothing")}</p> : null}
      {offered.length === acts.length ? null : (
        <p class="soft" id="not-yours">
          {say("shopTeam.notYours")}
        </p>
      )}
      {acts.map((act, index) => {
        const ActForm = orderForms[act];
        const first = index === 0 && open.includes(act);
        return <ActForm key={act} {...{ trade, now, once, attempt, first }} />;
      })}
    </section>
  );
}

/** What is done so often, or asked so urgently, that it need not be unfolded. */
const open: readonly DeskAct[] = ["accept-offer", "answer", "ship", "return", "release"];

function OwnOffer({ trade: { offer, currency = "" } }: { trade: TradeView }) {
  if (offer == null) return null;
  const amount = (of: number) => <Amount amount={of} currency={currency} />;
  return (
    <p id="own-offer">
      <Say
        k="shopForm.offerWaits"
        pay={amount(offer.pay)}
        release={amount(offer.release)}
        refund={amount(offer.refund)}
      />
    </p>
  );
}

function Buyer({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { buyer, fee, advance, currency } = trade;
  return (
    <dl class="facts">
      <Fact term={say("shop.buyer")}>
        {buyer == null ? (
          say("shop.nobody")
        ) : "member" in buyer ? (
          <Say k="shop.member" number={<TradeNumber number={buyer.member} />} />
        ) : (
          say("shop.guest")
        )}
      </Fact>
      {fee == null || currency === undefined ? null : (
        <Fact term={say("shop.fee")}>
          <Amount amount={fee} currency={currency} />
        </Fact>
      )}
      {advance == null || currency === undefined ? null : (
        <Fact term={say("shop.early")}>
          <Say
            k="shop.earlyPaid"
            paid={<Amount amount={advance.paid} currency={currency} />}
            price={<Amount amount={advance.price} currency={currency} />}
          />
        </Fact>
      )}
    </dl>
  );
}

function Aside({ trade, events, now }: Pick<OrderShown, "trade" | "events" | "now">) {
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
        <Buyer trade={trade} />
        <TradeFacts trade={trade} now={now} reader="shop" />
        <p class="no-print">
          <a id="to-receipt" href={`/trades/${trade.number}/receipt`}>
            {say("paper.toPage")}
          </a>
        </p>
      </section>
      <section class="sheet" aria-labelledby="history">
        <h2 id="history">{say("trade.history")}</h2>
        <EventList events={events} currency={trade.currency} shown={{ number: trade.number, role: "shop" }} />
      </section>
    </div>
  );
}

function Order(props: Omit<OrderShown, "frame">) {
  const say = useWords();
  const { trade, events, now, to, did, may } = props;
  const sends = to !== undefined || hasLeft(trade) || trade.frozen !== 0;
  return (
    <div class="stack-l">
      <Head trade={trade} />
      <WhatIsNew {...props} />
      <div class="split">
        <div class="stack-l">
          {trade.pending === null ? (
            <p class="lead" id="now">
              <Stand trade={trade} now={now} />
            </p>
          ) : null}
          <BuyersLink trade={trade} />
          <Reasons trade={trade} events={events} />
          <Thread events={events} currency={trade.currency} shown={{ number: trade.number, role: "shop" }} />
          <Acts {...props} />
          {sends ? <SendIt {...{ trade, to, may }} /> : null}
          <Money trade={trade} />
          <WhereGoodsAre trade={trade} now={now} />
          <Parcels parcels={trade.parcels} />
          <section class="sheet" aria-labelledby="lines">
            <h2 id="lines">{say("trade.what")}</h2>
            <Lines trade={trade} />
          </section>
          {did.length === 0 ? null : (
            <section class="sheet no-print" aria-labelledby="did">
              <h2 id="did">{say("shopTeam.done")}</h2>
              <ActList acts={did} ofOrder />
            </section>
          )}
        </div>
        <Aside trade={trade} events={events} now={now} />
      </div>
    </div>
  );
}

/** `/shop/orders/{number}`. */
export function OrderPage({ frame, ...props }: OrderShown) {
  const { number } = props.trade;
  return (
    <ServerPage
      frame={frame}
      title={useWords()("shop.order", { number })}
      here="shop"
      live={{ page: `/trades/${number}`, standing: standingOf(props.trade) }}
    >
      <Order {...props} />
    </ServerPage>
  );
}
