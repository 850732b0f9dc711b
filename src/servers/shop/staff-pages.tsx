/** The pages that the shop's staff see. */
import { ParcelPart } from "../shop-parcels/shop-parcels.ts";
import { followsGoods, type TradeView } from "../../core/protocol/protocol.ts";
import {
  AddressFields,
  Button,
  Empty,
  Field,
  Form,
  leadOf,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  Notice,
  StateBadge,
  useLanguage,
} from "../../edge/parts/parts.ts";
import type { Sentence } from "../../edge/words/words.ts";
import {
  awaitsHolder,
  type Customer,
  isPending,
  knownForDays,
  type Label,
  labelIn,
  mayDo,
  type Order,
  type TradeEventView,
} from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import type { Mistaken } from "./shop-forms.ts";
import { asShown, Goods, Money, type OrderProps, TradeLink } from "./order-pages.tsx";
import { type Frame, OrderCard, ShopPage, Telling } from "./shop-page.tsx";
import {
  ActForm,
  callOff,
  claim,
  extend,
  giveUp,
  handOver,
  claimGuarantee,
  endGuarantee,
  refund,
  ship,
  type StaffAct,
  takeBack,
} from "./staff-acts.tsx";
import { addWords, answer, contest, dispute, offer, takeOffer, Said } from "./staff-disputes.tsx";

export function StaffSignInPage({ frame, mistaken }: { frame: Frame; mistaken?: Sentence }) {
  const say = useShopWords();
  return (
    <ShopPage frame={frame} title={say("signIn.title")} narrow>
      <h1>{say("signIn.title")}</h1>
      <Mistakes errors={mistaken === undefined ? {} : { password: mistaken }} />
      <div class="sheet">
        <Form action="/staff/sign-in" id="sign-in">
          <Field
            name="password"
            label={say("signIn.password")}
            type="password"
            required
            autocomplete="current-password"
            error={mistaken}
            maxLength={200}
          />
          <Button>{say("signIn.button")}</Button>
        </Form>
      </div>
    </ShopPage>
  );
}

interface ReturnsProps {
  frame: Frame;
  typed: { name: string; address: string; phone: string };
  mistaken: Mistaken;
  /** What came of it at each server, after it was sent. */
  told: { till: Label; taken: boolean }[];
}

/** Where goods are to be sent back to: the servers show it to whoever sends them. */
export function StaffReturnsPage({ frame, typed, mistaken, told }: ReturnsProps) {
  const say = useShopWords();
  const lang = useLanguage();
  return (
    <ShopPage frame={frame} title={say("returns.title")} here="returns" narrow>
      <h1>{say("returns.title")}</h1>
      <p class="lead">{say("returns.lead")}</p>
      <Mistakes errors={mistaken} />
      {told.length === 0 ? null : (
        <Notice tone={told.every(({ taken }) => taken) ? "good" : "care"} id="told">
          <ul>
            {told.map(({ till, taken }) => (
              <li key={labelIn(till, lang)}>
                {say(taken ? "returns.taken" : "returns.notTaken", { till: labelIn(till, lang) })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div class="sheet">
        <Form action="/staff/returns" id="returns-form">
          <Field
            name="name"
            label={say("returns.name")}
            required
            maxLength={120}
            value={typed.name}
            error={mistaken["name"]}
          />
          <AddressFields
            address={{
              name: "address",
              label: say("returns.address"),
              long: true,
              required: true,
              maxLength: 500,
              value: typed.address,
              error: mistaken["address"],
            }}
            error={mistaken["postcode"]}
          />
          <Field name="phone" label={say("returns.phone")} type="tel" maxLength={40} value={typed.phone} />
          <Button>{say("returns.save")}</Button>
        </Form>
      </div>
    </ShopPage>
  );
}

export interface StaffOrdersProps {
  frame: Frame;
  orders: { order: Order; waiting: boolean }[];
  /** Where the next page begins. */
  next: string | null;
  /** Servers whose past is not what this shop has seen of it. */
  rewritten: { till: Label; since: Date; why: string }[];
}

export function StaffOrdersPage({ frame, orders, next, rewritten }: StaffOrdersProps) {
  const say = useShopWords();
  const lang = useLanguage();
  return (
    <ShopPage frame={frame} title={say("staff.title")} here="orders">
      <h1>{say("staff.title")}</h1>
      {rewritten.map(({ till, since, why }) => (
        <Notice
          key={labelIn(till, lang)}
          tone="stop"
          id="rewritten"
          title={say("staff.rewritten", { till: labelIn(till, lang) })}
        >
          <p>
            <ShopSay k="staff.rewrittenText" since={<Moment at={since.toISOString()} />} />
          </p>
          <p class="small">
            <ShopSay k="staff.rewrittenWhy" why={<code lang="en">{why}</code>} />
          </p>
        </Notice>
      ))}
      {orders.length === 0 ? <Empty title={say("staff.empty")} /> : null}
      <ul class="list">
        {orders.map(({ order, waiting }) => (
          <OrderCard key={order.id} order={order} href={`/staff/orders/${order.number}`} waiting={waiting} />
        ))}
      </ul>
      {next === null ? null : (
        <LinkButton href={`/staff?before=${next}`} look="quiet" id="more">
          {say("staff.older")}
        </LinkButton>
      )}
    </ShopPage>
  );
}

/** What an order asks of the shop, or what it waits for. */
function Lead({ view }: { view: TradeView }) {
  const say = useShopWords();
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
  giveUp,
  callOff,
];

function StaffActs({ frame, order, calls, once, mistaken, tried }: OrderProps & Tried) {
  const { view } = order;
  const say = useShopWords();
  if (view === null) return null;
  if (isPending(view)) return <p class="soft">{say("staff.unanswered")}</p>;
  const open = staffActs.filter(({ act }) => mayDo(act, order, calls));
  const first = open.find(({ look }) => look === "main");
  if (open.length === 0) return <p class="soft">{say("staff.nothing")}</p>;
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
        />
      ))}
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
}

interface StaffOrderProps extends OrderProps, Tried {
  /** Undefined where it has been erased. */
  customer: Customer | undefined;
  said: TradeEventView[] | undefined;
  /** The code of a present's recipient; undefined where there is none, or nobody tells it now. */
  code: string | undefined;
}

export function StaffOrderPage(props: StaffOrderProps) {
  const { frame, order, customer, calls, tradeUrl, mistaken, tried, said, code } = props;
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
      <Telling calls={calls} />
      {view === null ? null : isPending(view) ? <StillAsked view={view} /> : <Lead view={view} />}
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
      <ParcelPart order={order} calls={calls} code={code} />
      <div class="sheet" id="acts">
        <h2>{say("staff.what")}</h2>
        <StaffActs {...props} mistaken={mistaken} tried={tried} />
      </div>
    </ShopPage>
  );
}
