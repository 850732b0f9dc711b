/** The pages that the shop's staff see. */
import { ParcelPart } from "../shop-parcels/shop-parcels.ts";
import { followsGoods, type TradeView } from "../../core/protocol/protocol.ts";
import { leadOf, Mistakes, Moment, Name, Notice, StateBadge } from "../../edge/parts/parts.ts";
import {
  awaitsHolder,
  type Call,
  type Customer,
  isPending,
  knownForDays,
  mayDo,
  type TradeEventView,
} from "../shop-orders/shop-orders.ts";
import { lookUntilAt } from "../shop-finding/shop-finding.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import {
  ActForm,
  callOff,
  claim,
  extend,
  giveUp,
  handOver,
  refund,
  ship,
  type StaffAct,
  takeBack,
} from "./staff-acts.tsx";
import { mayAs } from "./doors.ts";
import { advance, claimGuarantee, endGuarantee, revise } from "./price-acts.tsx";
import type { StaffFields } from "./staff-forms.ts";
import { addWords, answer, contest, dispute, offer, takeOffer, Said } from "./staff-disputes.tsx";
import {
  Goods,
  type Mistaken,
  Money,
  type OrderProps,
  ShopPage,
  Telling,
  TradeLink,
  asShown,
} from "../shop-frame/shop-frame.ts";

/** What an order asks of the shop, or what it waits for. */
function Lead({ view, now }: { view: TradeView; now: Date }) {
  const say = useShopWords();
  const until = view.state === "reserved" && view.lots.length === 0 ? lookUntilAt(view, now) : undefined;
  if (until !== undefined)
    return (
      <p class="lead" id="now" data-lead="look">
        <ShopSay k="stand.look" until={<Moment at={until} />} />
      </p>
    );
  const lead = leadOf(view, asShown(view), "shop");
  return (
    <p class="lead" id="now" data-lead={lead}>
      {say(`stand.${lead}`)}
    </p>
  );
}

/** Somebody has moved the trade, and another server has still to answer: what stands below is how it was before. */
function StillAsked({ view }: { view: TradeView }) {
  const say = useShopWords();
  const holder = awaitsHolder(view);
  return (
    <Notice tone="hold" id="pending" title={say(holder ? "staff.holder" : "staff.pending")}>
      <p>{say(holder ? "staff.holderText" : "staff.pendingText")}</p>
    </Notice>
  );
}

/**
 * Whether the buyer has accepted what only they say that they have: nobody has told of its leaving or its coming. By their
 * word it is with them, so nothing can be reported as shipped any more.
 */
function isAcceptedUnseen({ lines }: TradeView, events: TradeEventView[] = []): boolean {
  const bySides = (type: TradeEventView["type"]) => events.filter((event) => event.type === type);
  const isBuyers = ({ actor }: TradeEventView) => actor.role === "buyer" || actor.role === "recipient";
  return (
    lines.some(({ kind, accepted, shipped }) => !followsGoods(kind) && accepted > shipped) &&
    bySides("trade.accepted").some(isBuyers) &&
    bySides("trade.delivered").every(isBuyers) &&
    bySides("trade.at_door").length === 0
  );
}

/** All of them, what is asked of the shop first. */
export const staffActs: readonly StaffAct[] = [
  takeOffer,
  answer,
  addWords,
  ship,
  handOver,
  takeBack,
  contest,
  endGuarantee,
  claim,
  claimGuarantee,
  offer,
  refund,
  extend,
  dispute,
  revise,
  advance,
  giveUp,
  callOff,
];

function StaffActs({ frame, order, calls, once, now, mistaken, tried, typed }: OrderProps & Tried) {
  const { view } = order;
  const { role = "owner" } = frame;
  const say = useShopWords();
  if (view === null) return null;
  if (isPending(view)) return <p class="soft">{say("staff.unanswered")}</p>;
  const possible = staffActs.filter(({ act }) => mayDo(act, order, calls, now));
  const open = possible.filter((each) => mayAs(role, each.role));
  const first = open.find(({ look }) => look === "main");
  if (open.length === 0)
    return <p class="soft">{say(possible.length === 0 ? "staff.nothing" : "staff.others")}</p>;
  return (
    <>
      {open.map((of) => (
        <ActForm
          key={of.path}
          of={of}
          first={of === first}
          order={order}
          view={view}
          timeZone={frame.timeZone}
          once={once}
          mistaken={of.path === tried ? mistaken : {}}
          typed={of.path === tried ? typed : undefined}
        />
      ))}
      {open.length === possible.length ? null : <p class="soft small">{say("staff.others")}</p>}
    </>
  );
}

/** How a name is read, behind it. */
function Reading({ kana }: { kana: string | undefined }) {
  return kana === undefined ? null : <span class="small soft"> {kana}</span>;
}

function Addressee({ customer }: { customer: Customer | undefined }) {
  const say = useShopWords();
  if (customer === undefined) return <p id="erased">{say("staff.erased", { days: knownForDays })}</p>;
  const { name, kana, address, email, phone, recipient } = customer;
  const reach = [email, phone].filter((one) => one !== null);
  return (
    <dl class="facts">
      <div>
        <dt>{say("staff.buyer")}</dt>
        <dd>
          <Name>{name}</Name>
          <Reading kana={kana} />
          {say("comma")}
          <Name>{address}</Name>
          {reach.map((one) => (
            <span key={one}>
              {say("comma")}
              <Name>{one}</Name>
            </span>
          ))}
        </dd>
      </div>
      {recipient === null ? null : (
        <div>
          <dt>{say("staff.sendTo")}</dt>
          <dd>
            <Name>{recipient.name}</Name>
            <Reading kana={recipient.kana} />
            {say("comma")}
            <Name>{recipient.address ?? address}</Name>
            {recipient.contact?.phone === undefined ? null : `${say("comma")}${recipient.contact.phone}`}
          </dd>
        </div>
      )}
    </dl>
  );
}

/** What was wrong with the form that was sent last, and which one it was. */
interface Tried {
  mistaken: Mistaken;
  tried: string | undefined;
  /** What was typed into it. */
  typed?: StaffFields | undefined;
  /** Why it is shown again, where nothing in it is wrong: the order has moved on meanwhile, or somebody has signed in again. */
  again?: "moved" | "kept" | undefined;
}

/** What the staff have told of this order, and who of them. */
function Done({ calls }: { calls: Call[] }) {
  const say = useShopWords();
  const told = calls.filter(({ madeBy }) => madeBy !== null).reverse();
  if (told.length === 0) return null;
  return (
    <section class="sheet" id="done" aria-labelledby="done-title">
      <h2 id="done-title">{say("done.title")}</h2>
      <ul class="lines">
        {told.map(({ seq, call, state, madeBy, madeAt }) => (
          <li key={seq} data-call={call}>
            <p>
              <ShopSay k={`done.${state}`} what={say(`call.${call}`)} who={<Name>{madeBy ?? ""}</Name>} />
            </p>
            <p class="small soft">
              <Moment at={madeAt.toISOString()} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface StaffOrderProps extends OrderProps, Tried {
  /** Undefined where it has been erased. */
  customer: Customer | undefined;
  said: TradeEventView[] | undefined;
  /** The code of a present's recipient; undefined where there is none, or nobody tells it now. */
  code: string | undefined;
}

export function StaffOrderPage(props: StaffOrderProps) {
  const { frame, order, customer, calls, tradeUrl, now, mistaken, tried, typed, again, said, code } = props;
  const { view } = order;
  const say = useShopWords();
  const title = say("staff.order", { number: order.number });
  return (
    <ShopPage frame={frame} title={title} here="orders" narrow>
      <a class="back" href="/staff">
        {say("staff.all")}
      </a>
      <p class="kicker">{view === null ? null : <StateBadge trade={view} />}</p>
      <h1>{title}</h1>
      <Mistakes
        errors={Object.fromEntries(
          Object.entries(mistaken).map(([name, text]) => [`${tried}-${name}`, text]),
        )}
      />
      {again === undefined ? null : (
        <Notice tone="care" id={again} title={say(`again.${again}`)}>
          <p data-code={again === "moved" ? "trade_changed" : undefined}>{say(`again.${again}Text`)}</p>
        </Notice>
      )}
      <Telling calls={calls} />
      {view === null ? null : isPending(view) ? <StillAsked view={view} /> : <Lead view={view} now={now} />}
      {view !== null && isAcceptedUnseen(view, said) ? (
        <Notice tone="care" id="early">
          <p>{say("stand.early")}</p>
        </Notice>
      ) : null}
      <div class="sheet">
        <Money {...props} />
        <TradeLink order={order} tradeUrl={tradeUrl} />
        <Addressee customer={customer} />
      </div>
      {view === null ? null : <Goods view={view} reader="shop" />}
      {view === null ? null : <Said events={said} order={order.number} />}
      <ParcelPart order={order} calls={calls} code={code} now={now} />
      <div class="sheet" id="acts">
        <h2>{say("staff.what")}</h2>
        <StaffActs {...props} mistaken={mistaken} tried={tried} typed={typed} />
      </div>
      <Done calls={calls} />
    </ShopPage>
  );
}
