/** The pages that the shop's staff see. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import {
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
} from "../../edge/parts/parts.ts";
import {
  awaitsHolder,
  type Customer,
  isPending,
  knownForDays,
  mayDo,
  type Order,
  type TradeEventView,
} from "../shop-orders/shop-orders.ts";
import type { Mistaken } from "./shop-forms.ts";
import { asShown, Goods, Money, OrderCard, type OrderProps, Telling, TradeLink } from "./order-pages.tsx";
import { type Frame, ShopPage } from "./shop-page.tsx";
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
import { answer, contest, dispute, offer, takeOffer } from "./staff-disputes.tsx";

export function StaffSignInPage({ frame, mistaken }: { frame: Frame; mistaken?: string }) {
  return (
    <ShopPage frame={frame} title="Staff" narrow>
      <h1>Staff</h1>
      <Mistakes errors={mistaken === undefined ? {} : { password: mistaken }} />
      <div class="sheet">
        <Form action="/staff/sign-in" id="sign-in">
          <Field
            name="password"
            label="Password"
            type="password"
            required
            autocomplete="current-password"
            error={mistaken}
            maxLength={200}
          />
          <Button>Sign in</Button>
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
  rewritten: { till: string; since: Date; why: string }[];
}

export function StaffOrdersPage({ frame, orders, next, rewritten }: StaffOrdersProps) {
  return (
    <ShopPage frame={frame} title="Orders" here="orders">
      <h1>Orders</h1>
      {rewritten.map(({ till, since, why }) => (
        <Notice
          key={till}
          tone="stop"
          id="rewritten"
          title={`${till} says something else of the past than it did`}
        >
          <p>
            Seen <Moment at={since.toISOString()} />: {why}. Ship nothing that is paid there until you know
            why. Where that server has begun a new log and told you the reason, put its key into the
            configuration.
          </p>
        </Notice>
      ))}
      {orders.length === 0 ? <Empty title="No orders yet." /> : null}
      <ul class="list">
        {orders.map(({ order, waiting }) => (
          <OrderCard key={order.id} order={order} href={`/staff/orders/${order.number}`} waiting={waiting} />
        ))}
      </ul>
      {next === null ? null : (
        <LinkButton href={`/staff?before=${next}`} look="quiet" id="more">
          Older orders
        </LinkButton>
      )}
    </ShopPage>
  );
}

/** What an order asks of the shop, or what it waits for. */
const leads: Record<ReturnType<typeof leadOf>, string> = {
  proposed: "The buyer has still to approve it. Ship nothing yet.",
  refused: "The money could not be frozen. Ship nothing; the buyer can choose another way to pay.",
  reserved: "The money is frozen. Please ship.",
  way: "It is on the way. Nothing is paid before it has come and is accepted.",
  late: "It should have come by now. If the buyer says that it has not, we have to answer.",
  door: "It is at the buyer's door.",
  claimed: "We say that it was delivered. Nothing is paid before somebody else says so.",
  delivered: "It has come, and the buyer looks at it.",
  partly: "A part is accepted. The rest has not been shipped yet.",
  payable: "Accepted, and not paid yet. The guarantor stands for it.",
  accepted: "Accepted. The money is paid on the day that was agreed.",
  settled: "Accepted and paid. There is nothing left to do.",
  coolingOff: "Accepted and paid. The buyer may still change their mind for a while.",
  silent: "Accepted by silence, and paid. The buyer may still send back what is wrong for a while.",
  cancelled: "Called off. Ship nothing more.",
  rejected: "What was rejected is settled. Nothing is frozen any more.",
  toSend: "Something was rejected. The buyer has to send it back; its money stays frozen until we have it.",
  withdrawn: "The buyer has changed their mind and has to send it back; then their money goes back.",
  homeward: "Goods are on their way back to us.",
  home: "Goods are back here. Please look at them: if we say nothing in time, their money goes back.",
  looking:
    "The buyer says that something did not come. If we say nothing in time, the money goes back for all that nobody saw delivered.",
  expired: "The time ran out. Ship nothing more.",
  answer: "There is a dispute, and we are asked to answer.",
  disputed: "There is a dispute. Nothing is paid by silence until it is over.",
};

function Lead({ view }: { view: TradeView }) {
  const lead = leadOf(view, asShown(view), "shop");
  return (
    <p class="lead" id="now" data-lead={lead}>
      {leads[lead]}
    </p>
  );
}

/** Somebody has moved the trade, and another server has still to answer: what stands below is how it was before. */
function StillAsked({ view }: { view: TradeView }) {
  if (awaitsHolder(view))
    return (
      <Notice tone="hold" id="pending" title="The owner of the account is being asked">
        <p>
          They confirm at their institution what is paid above a sum. What stands here is how it was before;
          what runs against somebody is prolonged by the wait.
        </p>
      </Notice>
    );
  return (
    <Notice tone="hold" id="pending" title="The institution is being asked">
      <p>What stands here is how it was before. This page shows the answer in a moment.</p>
    </Notice>
  );
}

/** What the parties have said, as far as the shop answers to it: why goods come back, disputes, answers and offers. */
const telling: ReadonlySet<TradeEventView["type"]> = new Set<TradeEventView["type"]>([
  "trade.rejected",
  "trade.withdrawn",
  "trade.sent_back",
  "trade.disputed",
  "trade.answered",
  "trade.offered",
  "trade.extension_asked",
]);

const saidWords: Partial<Record<TradeEventView["type"], string>> = {
  "trade.rejected": "Rejected",
  "trade.withdrawn": "Given back",
  "trade.sent_back": "On the way back",
  "trade.disputed": "Dispute",
  "trade.answered": "Answer",
  "trade.offered": "Offer",
  "trade.extension_asked": "Asked for more time",
};

const kindWords: Record<string, string> = {
  wrong: "wrong or broken",
  missing: "missing",
  never_came: "never came",
};

/** What was said about the goods, newest first, in the words of those who said it. */
function Said({ events }: { events: TradeEventView[] | undefined }) {
  if (events === undefined)
    return <p class="soft small">The institution does not tell what was said at this moment.</p>;
  const said = events.filter(({ type }) => telling.has(type)).reverse();
  if (said.length === 0) return null;
  return (
    <section class="sheet" id="said" aria-labelledby="said-title">
      <h2 id="said-title">What was said</h2>
      <ul class="lines">
        {said.map(({ seq, type, at, actor, data }) => {
          const { reason, statement, kind } = data;
          const words = typeof reason === "string" ? reason : statement;
          const how = typeof kind === "string" ? kindWords[kind] : undefined;
          return (
            <li key={seq} data-event={type}>
              <p>
                <strong>{saidWords[type] ?? type}</strong>
                {how === undefined ? "" : ` (${how})`}, by{" "}
                {actor.role === "clock" ? "a deadline" : `the ${actor.role}`}
              </p>
              {typeof words === "string" ? (
                <p>
                  <Name>{words}</Name>
                </p>
              ) : null}
              <p class="small soft">
                <Moment at={at} />
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** All of them, what is asked of the shop first. */
export const staffActs: readonly StaffAct[] = [
  takeOffer,
  answer,
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

function StaffActs({ order, calls, once, mistaken, tried }: OrderProps & Tried) {
  const { view } = order;
  if (view === null) return null;
  if (isPending(view)) return <p class="soft">Nothing can be done before it has answered.</p>;
  const open = staffActs.filter(({ act }) => mayDo(act, order, calls));
  const first = open.find(({ look }) => look === "main");
  if (open.length === 0) return <p class="soft">There is nothing to do at this moment.</p>;
  return (
    <>
      {open.map((of) => (
        <ActForm
          key={of.path}
          of={of}
          first={of === first}
          order={order}
          view={view}
          once={once}
          mistaken={of.path === tried ? mistaken : {}}
        />
      ))}
    </>
  );
}

function Addressee({ customer }: { customer: Customer | undefined }) {
  if (customer === undefined)
    return <p id="erased">Whose order it was has been erased {knownForDays} days after it ended.</p>;
  const { name, address, email, phone, recipient } = customer;
  const reach = [email, phone].filter((one) => one !== null);
  return (
    <dl class="facts">
      <div>
        <dt>Buyer</dt>
        <dd>
          <Name>{name}</Name>, <Name>{address}</Name>
          {reach.map((one) => (
            <span key={one}>
              , <Name>{one}</Name>
            </span>
          ))}
        </dd>
      </div>
      {recipient === null ? null : (
        <div>
          <dt>Send to</dt>
          <dd>
            <Name>{recipient.name}</Name>, <Name>{recipient.address ?? address}</Name>
            {recipient.contact?.phone === undefined ? null : `, ${recipient.contact.phone}`}
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
}

export function StaffOrderPage(props: StaffOrderProps) {
  const { frame, order, customer, calls, tradeUrl, mistaken, tried, said } = props;
  const { view } = order;
  return (
    <ShopPage frame={frame} title={`Order ${order.number}`} here="orders" narrow>
      <a class="back" href="/staff">
        ← All orders
      </a>
      <p class="kicker">{view === null ? null : <StateBadge state={view.state} />}</p>
      <h1>Order {order.number}</h1>
      <Mistakes
        errors={Object.fromEntries(
          Object.entries(mistaken).map(([name, text]) => [`${tried}-${name}`, text]),
        )}
      />
      <Telling calls={calls} />
      {view === null ? null : isPending(view) ? <StillAsked view={view} /> : <Lead view={view} />}
      <div class="sheet">
        <Money {...props} />
        <TradeLink order={order} tradeUrl={tradeUrl} />
        <Addressee customer={customer} />
      </div>
      {view === null ? null : <Goods view={view} reader="shop" />}
      {view === null ? null : <Said events={said} />}
      <div class="sheet" id="acts">
        <h2>What has happened?</h2>
        <StaffActs {...props} mistaken={mistaken} tried={tried} />
      </div>
    </ShopPage>
  );
}
