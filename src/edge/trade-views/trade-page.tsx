/** One trade: for its buyer, for a guest who holds its link, and for the others who are in it. */
import { type WordKey, type Sentence } from "../words/words.ts";
import type { ActorRole, TradeEventView, TradeView } from "../../core/protocol/protocol.ts";
import {
  type Frame,
  datesOf,
  leadOf,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  noAttempt,
  Notice,
  type Now,
  Refused,
  standingOf,
  Say,
  ServerPage,
  Silence,
  stages,
  StateBadge,
  Steps,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { Looks, type RecordedLook } from "../member-views/member-views.ts";
import { AcceptAll, AcceptPart, Reject } from "./acceptance-forms.tsx";
import type { ActAttempt, ActProps, DoorCodeView, ReturnPlace, RoleProps } from "./act-form.tsx";
import { AtDoor, Deliver, DoorCode, GoodsBack, SendBack, Ship } from "./delivery-forms.tsx";
import {
  AddWords,
  Answer,
  Cancel,
  Dispute,
  Extend,
  NotCome,
  Offer,
  Offered,
  Refund,
  Wish,
  Withdraw,
} from "./remedy-forms.tsx";
import {
  EarmarkNotice,
  GiftCode,
  GiftHead,
  NewLink,
  OwnLink,
  type PresentView,
  RecipientLink,
} from "./own-link.tsx";
import { actsInOrder, goodsOnly, isAtDoor, isGiver, sideOf, type TradeAct } from "./trade-acts.ts";
import {
  type Addressee,
  BringTo,
  OtherTerms,
  Taken,
  ToPay,
  ToTake,
  TradeFacts,
  Money,
  WhatItIs,
  WhereGoodsAre,
} from "./trade-facts.tsx";
import { ActedFor, EventList, eventsFor, type NoticeView, Thread } from "./trade-history.tsx";

export interface TradePageProps {
  frame: Frame;
  trade: TradeView;
  events: TradeEventView[];
  /** The part the reader has in this trade. */
  role: ActorRole;
  /** When the page is made, RFC 3339. */
  now: string;
  /** The key of the acts on this page, see Form. */
  once: string;
  /** What has just been done, to be confirmed in a sentence. */
  done?: TradeAct | "approve" | "decline" | undefined;
  attempt?: ActAttempt;
  /** The buyer's way back to the shop, where it has said one. */
  atShop?: string | undefined;
  /** Where goods go back to; null where the shop has not said, and undefined where nothing goes back. */
  returnTo?: ReturnPlace | null | undefined;
  /** To whom it is to be brought, for those who bring it. */
  to?: Addressee | undefined;
  /** The reader is a guest, by their own link, which is shown once. */
  guest?: { link?: string | undefined } | undefined;
  /** What the buyer gives to the recipient. */
  recipientLink?: string | undefined;
  /** The recipient, by the link, with whose forms the code of the parcel is asked for; or by that code, only to look. */
  gift?: "link" | "code";
  /** The code of the parcel was shown, and is not asked for again. */
  proven?: boolean | undefined;
  /** For buyer and recipient: whom it is for, and what is said with it. */
  present?: PresentView | undefined;
  /** What the reader may give to the person at the door. */
  doorCode?: DoorCodeView;
  /** What whoever is at the door takes with the acceptance. */
  toTake?: { amount: number; currency: string } | undefined;
  notices?: NoticeView[];
  /** Who looked at a guest's data, and why. */
  looks?: readonly RecordedLook[] | undefined;
}

function TradeHead({ trade, role, atShop }: Pick<TradePageProps, "trade" | "role" | "atShop">) {
  const say = useWords();
  const goods = goodsOnly(role);
  return (
    <div class="stack">
      {goods ? (
        <a class="back" href="/trades">
          ← {say(role === "provider" ? "services.title" : "deliveries.title")}
        </a>
      ) : null}
      {atShop === undefined ? null : (
        <a class="back" id="to-shop" href={atShop} rel="noreferrer">
          <span>
            ← <Say k="trade.toShop" shop={<Name>{trade.shopName}</Name>} />
          </span>
        </a>
      )}
      <p class="kicker">
        <StateBadge trade={trade} goods={goods} />
        <Name>{trade.shopName}</Name>
      </p>
      <h1>
        <Say k="trade.title" number={<TradeNumber number={trade.number} />} />
      </h1>
      <Steps state={trade.state} goods={goods} />
    </div>
  );
}

/** What has been done, in words that fit the reader and what came of it. */
function doneWord(done: NonNullable<TradePageProps["done"]>, trade: TradeView, role: ActorRole): WordKey {
  const goods = goodsOnly(role);
  if (goods && done === "accept") return "done.acceptGoods";
  if (goods && done === "reject") return "done.rejectGoods";
  if (done === "accept" && trade.payment?.on === "date") return "done.acceptDate";
  if (done === "accept" && trade.payment?.on === "collection") return "done.acceptCollected";
  if (done === "deliver" && isGiver(role)) return "done.received";
  if (done === "cancel" && trade.state !== "cancelled") return "done.cancelPart";
  return `done.${done}`;
}

/** How things stand, in words that fit the reader. */
function nowWord(trade: TradeView, role: ActorRole, now: Now): WordKey {
  if (trade.state === "reserved" && trade.earmark?.state === "open") return "now.earmark";
  if (!goodsOnly(role)) return `now.${leadOf(trade, now, sideOf(role))}`;
  const stage = stages[trade.state];
  const onTheWay = stage === "open" && trade.lots.length > 0;
  if (role === "recipient") return onTheWay ? "gift.way" : `gift.${stage}`;
  if (role === "provider") return `served.${stage}`;
  return onTheWay ? "brought.way" : `brought.${stage}`;
}

const forms = {
  "accept-offer": () => null,
  answer: Answer,
  say: AddWords,
  "at-door": AtDoor,
  ship: Ship,
  deliver: Deliver,
  accept: Accept,
  "not-come": NotCome,
  reject: Reject,
  "send-back": SendBack,
  return: GoodsBack,
  withdraw: Withdraw,
  offer: Offer,
  refund: Refund,
  extend: Extend,
  dispute: Dispute,
  cancel: Cancel,
} as const satisfies Record<TradeAct, (props: RoleProps) => unknown>;

function Accept(props: RoleProps) {
  return (
    <>
      <AcceptAll {...props} />
      {props.trade.lines.length > 0 ? <AcceptPart {...props} /> : null}
    </>
  );
}

/** All that the reader may do now, the most likely first. Nothing where there is nothing to do. */
function Acts({ role, ...props }: RoleProps) {
  const say = useWords();
  const acts = actsInOrder(props.trade, role, props.now);
  if (acts.length === 0) return null;
  // A reader who accepts can also give a code to the person who has said that they are at the door.
  const givesCode = isGiver(role) && acts.includes("accept") && props.now.door === true;
  return (
    <section class="sheet no-print" aria-labelledby="acts">
      <h2 id="acts">{say("act.title")}</h2>
      {acts.includes("approve") ? (
        <p>
          <LinkButton href={`/trades/${props.trade.number}/approve`} id="to-approve">
            {say("act.approve")}
          </LinkButton>
        </p>
      ) : null}
      {sideOf(role) === undefined ? null : <Offered {...props} role={role} />}
      {role === "buyer" && acts.includes("extend") ? <Wish {...props} /> : null}
      {givesCode ? <DoorCode {...props} /> : null}
      {acts.map((act) => {
        if (act === "approve") return null;
        const ActForms = forms[act];
        return <ActForms key={act} {...props} role={role} />;
      })}
    </section>
  );
}

/** The code of a present, before what can be done by it. A device without a line cannot ask whether it is right, and goes on. */
function CodeFirst(props: RoleProps) {
  return (
    <>
      <GiftCode number={props.trade.number} once={props.once} attempt={props.attempt} />
      <template id="round-unproven">
        <Acts {...props} />
      </template>
    </>
  );
}

/** The finding at the field in which a present's code is typed. */
const giftMistakes = ({ errors: { giftCode } }: ActAttempt): Record<string, Sentence> =>
  giftCode === undefined ? {} : { "gift-giftCode": giftCode };

/** Findings under the ids that the controls of the tried form have. */
function underForm({ act, errors }: ActAttempt): Record<string, Sentence> {
  return Object.fromEntries(
    Object.entries(errors).map(([field, message]) => [
      act === undefined ? field : `${act}-${field}`,
      message,
    ]),
  );
}

/** What is read beside the acts: dates, terms and what has happened. */
function Aside(props: Pick<TradePageProps, "trade" | "role" | "events" | "looks"> & { now: Now }) {
  const say = useWords();
  const { trade, role, now, events, looks = [] } = props;
  const goods = goodsOnly(role);
  return (
    <div class="stack-l">
      {goods || datesOf(trade, now).length === 0 ? null : (
        <section class="sheet" aria-labelledby="dates">
          <h2 id="dates">{say("trade.silence")}</h2>
          <Silence trade={trade} now={now} reader={role} />
        </section>
      )}
      <section class="sheet" aria-labelledby="details">
        <h2 id="details">{say("trade.details")}</h2>
        <TradeFacts trade={trade} now={now} reader={role} />
        {role === "recipient" ? null : (
          <p class="no-print">
            <a id="to-receipt" href={`/trades/${trade.number}/receipt`}>
              {say("paper.toPage")}
            </a>
          </p>
        )}
      </section>
      <section class="sheet" aria-labelledby="history">
        <h2 id="history">{say("trade.history")}</h2>
        {events.length === 0 ? (
          <p class="soft">{say("trade.nothingHappened")}</p>
        ) : (
          <EventList events={events} currency={trade.currency} shown={{ number: trade.number, role }} />
        )}
      </section>
      {looks.length === 0 ? null : <Looks looks={looks} />}
    </div>
  );
}

/** What the reader is told first: what waits, what has just been done, and what was done for them. */
function WhatIsNew({ trade, role, done, guest, notices = [], now, once }: Omit<TradePageProps, "frame">) {
  const say = useWords();
  return (
    <>
      {trade.pending === null ? null : (
        <Notice
          tone="hold"
          id="pending"
          title={say(trade.pending.awaits === undefined ? "pending.title" : "pending.holder")}
        >
          {trade.pending.awaits === undefined ? null : (
            <p>{say(role === "buyer" ? "pending.holderYou" : "pending.holderOther")}</p>
          )}
          <p>
            <Say k="pending.since" since={<Moment at={trade.pending.since} />} />
          </p>
        </Notice>
      )}
      {done === undefined || trade.pending !== null ? null : (
        <Notice tone="good" id="done">
          <p>{say(doneWord(done, trade, role))}</p>
        </Notice>
      )}
      <EarmarkNotice trade={trade} role={role} now={now} once={once} />
      <OtherTerms trade={trade} />
      <OwnLink link={guest?.link} />
      <ActedFor notices={notices} />
    </>
  );
}

type BodyProps = Omit<TradePageProps, "frame"> & {
  counters: Frame["face"]["counters"] | undefined;
  timeZone: string;
};

function TradeBody(props: BodyProps) {
  const say = useWords();
  const { trade, role, to, gift, proven, present, doorCode, attempt = noAttempt, guest } = props;
  const { recipientLink } = props;
  const goods = goodsOnly(role);
  const events = eventsFor(props.events, role);
  const now: Now = { at: props.now, door: isAtDoor(props.events), timeZone: props.timeZone };
  const acting: ActProps = {
    trade,
    now,
    once: props.once,
    attempt,
    proof: gift === "link" ? (proven === true ? "shown" : "giftCode") : undefined,
    doorCode,
    toTake: props.toTake,
    returnTo: props.returnTo,
  };
  // Who has the goods in their hands looks for the button first.
  const isHere = leadOf(trade, now, sideOf(role)) === "delivered";
  // Typed once, before the acts; with one that was tried while it was not known any more, it is asked for there.
  const codeAsked =
    acting.proof === "giftCode" &&
    props.attempt?.act === undefined &&
    actsInOrder(trade, role, now).length > 0;
  return (
    <div class="stack-l">
      {role === "recipient" ? (
        <GiftHead trade={trade} present={present} />
      ) : (
        <TradeHead trade={trade} role={role} atShop={props.atShop} />
      )}
      <Mistakes errors={codeAsked ? giftMistakes(attempt) : underForm(attempt)} />
      <Refused attempt={attempt} />
      <WhatIsNew {...props} />
      <div class="split">
        <div class="stack-l">
          {trade.pending === null ? (
            <p class="lead" id="now" data-lead={goods ? undefined : leadOf(trade, now, sideOf(role))}>
              {say(nowWord(trade, role, now))}
            </p>
          ) : null}
          {to === undefined ? null : <BringTo to={to} role={role} />}
          {role === "buyer" ? <ToPay trade={trade} /> : null}
          <Taken trade={trade} role={role} />
          {role === "carrier" ? <ToTake trade={trade} counters={props.counters} /> : null}
          <Money trade={trade} role={role} />
          {recipientLink === undefined ? null : <RecipientLink link={recipientLink} present={present} />}
          {isHere ? null : <WhereGoodsAre trade={trade} now={now} />}
          {goods ? null : (
            <Thread events={events} currency={trade.currency} shown={{ number: trade.number, role }} />
          )}
          {gift === "code" ? (
            <p id="look-only">{say("gift.lookOnly")}</p>
          ) : codeAsked ? (
            <CodeFirst {...acting} role={role} />
          ) : (
            <Acts {...acting} role={role} />
          )}
          {isHere ? <WhereGoodsAre trade={trade} now={now} /> : null}
          <WhatItIs trade={trade} />
          {guest === undefined ? null : <NewLink number={trade.number} once={props.once} />}
        </div>
        <Aside trade={trade} role={role} now={now} events={events} looks={props.looks} />
      </div>
    </div>
  );
}

/** `/trades/{number}`, for members and, with `guest`, for those who come by their own link. */
export function TradePage({ frame: whole, ...props }: TradePageProps) {
  const say = useWords();
  const gift = props.role === "recipient";
  const title = gift ? say("gift.title") : say("trade.title", { number: props.trade.number });
  const frame: Frame = gift ? { ...whole, bare: true } : whole;
  const standing = standingOf(props.trade);
  return (
    <ServerPage
      frame={frame}
      title={title}
      live={gift ? { standing } : { page: `/trades/${props.trade.number}`, standing }}
      waits={props.role === "buyer" || props.gift === "link"}
    >
      <TradeBody {...props} counters={frame.face.counters} timeZone={frame.face.timeZone ?? "UTC"} />
    </ServerPage>
  );
}
