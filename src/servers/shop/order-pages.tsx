/** The pages of orders as customers see them, and the parts that the staff's pages share with them. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  Button,
  datesOf,
  Empty,
  Form,
  goodsOf,
  GoodsStory,
  hasLeft,
  leadOf,
  Lines,
  LinkButton,
  Moment,
  MoneyBar,
  Name,
  Notice,
  Silence,
  StateBadge,
  Steps,
  TradeNumber,
  useRoles,
  whoseWord,
} from "../../edge/parts/parts.ts";
import {
  type Act,
  type Call,
  type CallName,
  awaitsHolder,
  isPending,
  mayDo,
  type Order,
  type OrderLine,
} from "../shop-orders/shop-orders.ts";
import { type Frame, ShopPage } from "./shop-page.tsx";

const callWords: Record<CallName, string> = {
  propose: "The order",
  ship: "The notice of shipping",
  deliver: "The notice of delivery",
  accept: "The acceptance",
  return: "The notice that goods came back",
  dispute: "What we dispute",
  answer: "The answer to the dispute",
  offer: "The offer",
  acceptOffer: "The agreement to the offer",
  cancel: "The cancellation",
  refund: "The refund",
  extend: "The wish for more time",
  release: "The end of the guarantee",
  claim: "The claim on the guarantor",
};

/** What has been told to the institution, as far as the reader should know of it. */
export function Telling({ calls }: { calls: Call[] }) {
  const waiting = calls.filter(({ state }) => state === "waiting");
  const last = calls.at(-1);
  return (
    <>
      {waiting.length === 0 ? null : (
        <Notice tone="hold" id="waiting" title="On its way to the institution">
          <p>
            {waiting.map(({ call }) => callWords[call]).join(", ")}. Nothing is done twice, however long it
            takes.
          </p>
        </Notice>
      )}
      {last?.state === "refused" ? (
        <Notice tone="care" id="refused" title={`${callWords[last.call]} was refused`}>
          <p data-code={last.code}>{last.detail ?? last.code}</p>
        </Notice>
      ) : null}
    </>
  );
}

/** An order as the shop wrote it, before there is a trade. */
function LinesAsWritten({ order, lines }: { order: Order; lines: OrderLine[] }) {
  return (
    <>
      <ul class="lines">
        {lines.map(({ kind, name, quantity, unitAmount }, index) => (
          <li key={index} class="spread" data-kind={kind}>
            <span>
              {quantity} × <Name>{name}</Name>
            </span>
            <Amount amount={unitAmount * BigInt(quantity)} currency={order.currency} />
          </li>
        ))}
      </ul>
      <p class="spread total">
        <span>Total</span>
        <Amount amount={order.amount} currency={order.currency} />
      </p>
    </>
  );
}

export function Money({ order, lines }: { order: Order; lines: OrderLine[] }) {
  const { view } = order;
  if (view === null) return <LinesAsWritten order={order} lines={lines} />;
  const { amount, currency = order.currency } = view;
  const [frozen, settled, released] = [view.frozen ?? 0, view.settled ?? 0, view.released ?? 0];
  const refunded = view.refunded ?? 0;
  return (
    <>
      <Steps state={view.state} />
      {frozen + settled + released === 0 || amount == null ? null : (
        <MoneyBar amount={amount} frozen={frozen} settled={settled} released={released} currency={currency} />
      )}
      {refunded === 0 ? null : (
        <p id="refunded">
          Paid back: <Amount amount={refunded} currency={currency} />
        </p>
      )}
      <Lines trade={view} />
    </>
  );
}

export interface OrderProps {
  frame: Frame;
  order: Order;
  lines: OrderLine[];
  calls: Call[];
  tradeUrl: string | undefined;
  once: string;
}

/** The number to say on the phone, and the way to the trade at the institution. */
export function TradeLink({ order, tradeUrl }: Pick<OrderProps, "order" | "tradeUrl">) {
  if (order.trade === null) return null;
  return (
    <p>
      Trade number <TradeNumber number={order.trade} />
      {tradeUrl === undefined ? null : (
        <>
          {" · "}
          <a id="trade-link" href={tradeUrl}>
            See it at the institution
          </a>
        </>
      )}
    </p>
  );
}

/** What comes next, in one sentence, and the link or button that does it. */
function Next({ order, calls, tradeUrl }: Pick<OrderProps, "order" | "calls" | "tradeUrl">) {
  const { view } = order;
  if (view !== null && isPending(view)) {
    return (
      <p class="lead" id="pending">
        {awaitsHolder(view)
          ? "The payment waits for the owner of the account, who is asked to confirm it at their institution."
          : "The institution is being asked. This page shows what it says in a moment."}
      </p>
    );
  }
  if (view === null) {
    const dead = calls.length > 0 && calls.every(({ state }) => state === "refused");
    return <p class="lead">{dead ? "This order did not come about." : "We are placing your order."}</p>;
  }
  if (view.state === "proposed" || view.state === "refused") {
    const href = view.approveUrl ?? tradeUrl;
    return (
      <>
        <p class="lead">
          {view.state === "proposed"
            ? "Your order is written down. Please approve it, so that the money is frozen and we can ship."
            : "The money could not be frozen. Please choose another way to pay."}
        </p>
        {href === undefined ? null : (
          <LinkButton href={href} id="approve">
            Approve and pay
          </LinkButton>
        )}
      </>
    );
  }
  const lead = leadOf(view, asShown(view), "buyer");
  const toDo = tradeUrl !== undefined && toDoAtTill.has(lead);
  return (
    <>
      <p class="lead" id="now" data-lead={lead}>
        {sentences[lead]}
      </p>
      {toDo ? (
        <LinkButton href={tradeUrl} id="to-trade">
          {toDoWords[lead] ?? "Look at it, then accept what is right"}
        </LinkButton>
      ) : null}
    </>
  );
}

type Lead = ReturnType<typeof leadOf>;

const sentences: Record<Lead, string> = {
  proposed: "Your order is written down. Please approve it, so that the money is frozen and we can ship.",
  refused: "The money could not be frozen. Please choose another way to pay.",
  reserved: "Your money is frozen. We are packing.",
  way: "We have shipped. Your money stays frozen until it has come and is right.",
  late: "It should have come by now. Has it?",
  door: "It is at your door.",
  claimed: "As far as we know it has come. Has it?",
  delivered: "It has come. Please accept what is right when you have looked at it.",
  partly: "You have accepted a part. The rest is still here.",
  payable: "You have accepted the goods. Please pay for them now: the number below is all you need.",
  accepted: "You have accepted the goods. They are paid on the day you chose.",
  settled: "The goods are accepted and paid. Thank you.",
  coolingOff: "The goods are accepted and paid. Thank you. You may still change your mind for a while.",
  silent:
    "We heard nothing, so it counts as accepted and is paid. What is wrong you can still send back for a while.",
  cancelled: "The order was cancelled. Nothing was paid, and nothing is frozen any more.",
  rejected: "What you rejected is settled. Nothing is frozen any more.",
  toSend: "Something was not right. Please send it back; its money stays frozen until we have it.",
  withdrawn: "You have changed your mind. Please send it back; then your money comes back.",
  homeward: "It is on its way back to us.",
  home: "It is back here, and we are looking at it.",
  looking: "We are looking into what did not come. Your money stays frozen.",
  expired: "The time ran out, and your money is free again.",
  answer: "There is a dispute, and you are asked to answer.",
  disputed: "You and we see this differently. Nothing is paid by silence until that is over.",
};

/** Where the buyer says or does something next, at the institution. */
const toDoAtTill: ReadonlySet<Lead> = new Set<Lead>([
  "late",
  "door",
  "claimed",
  "delivered",
  "toSend",
  "withdrawn",
  "payable",
  "coolingOff",
  "silent",
  "answer",
  "disputed",
]);

const toDoWords: Partial<Record<Lead, string>> = {
  late: "Say whether it has come",
  claimed: "Say whether it has come",
  toSend: "Say that you have sent it back",
  withdrawn: "Say that you have sent it back",
  coolingOff: "See how",
  silent: "See how",
  answer: "Answer there",
  disputed: "See how it stands",
};

/** The moment at which the institution showed the trade: its clock counts, not ours. */
export const asShown = (view: TradeView) => ({ at: view.updatedAt });

/** Where the goods are, and what happens when if nobody says anything; nothing where all is decided. */
export function Goods({ view, reader }: { view: TradeView; reader: "buyer" | "shop" }) {
  const now = asShown(view);
  const roles = useRoles(reader);
  const somewhere = goodsOf(view, now).length > 0;
  const dates = datesOf(view, now).length > 0;
  if (!somewhere && !dates) return null;
  return (
    <div class="sheet" id="goods">
      {somewhere ? <h2>The goods</h2> : null}
      <GoodsStory trade={view} now={now} />
      {somewhere ? (
        <p class="small soft">
          Whose word of a delivery counts: <span id="word">{roles(whoseWord(view), "or")}</span>.
        </p>
      ) : null}
      {dates ? <h2>What happens, and when</h2> : null}
      {dates ? <Silence trade={view} now={now} /> : null}
    </div>
  );
}

/** What we ask of the buyer, and where they answer; nothing once goods have left. */
function Wish({ view, tradeUrl }: { view: TradeView; tradeUrl: string | undefined }) {
  const { extensionAsked, state } = view;
  if (extensionAsked == null || state !== "reserved" || hasLeft(view)) return null;
  return (
    <Notice tone="care" id="wish" title="We need more time">
      <p>
        May your money stay frozen until <Moment at={extensionAsked} />? If you say nothing, it stays as it
        is.
      </p>
      {tradeUrl === undefined ? null : (
        <p>
          <a href={tradeUrl}>Say so at the institution</a>
        </p>
      )}
    </Notice>
  );
}

/** The version of the trade on which whoever presses the button decides. */
export function Seen({ view }: { view: TradeView | null }) {
  return view === null ? null : <input type="hidden" name="version" value={String(view.version)} />;
}

export function OrderPage(props: OrderProps & { token: string }) {
  const { frame, order, calls, tradeUrl, once, token } = props;
  const may = (act: Act): boolean => mayDo(act, order, calls);
  return (
    <ShopPage frame={frame} title={`Order ${order.number}`} here="orders" narrow>
      <p class="kicker">
        <span>
          Order <span id="order-number">{order.number}</span>
        </span>
        {order.view === null ? null : <StateBadge state={order.view.state} />}
      </p>
      <h1>Your order</h1>
      <Telling calls={calls} />
      <Next {...props} />
      {order.view === null ? null : <Wish view={order.view} tradeUrl={tradeUrl} />}
      {may("confirm") ? (
        <Form action={`/orders/${token}/accept`} once={`${once}-confirm`} id="accept-form">
          <Seen view={order.view} />
          <Button id="accept">I have the goods and accept them</Button>
        </Form>
      ) : null}
      <div class="sheet">
        <Money {...props} />
        <TradeLink order={order} tradeUrl={tradeUrl} />
      </div>
      {order.view === null || isPending(order.view) ? null : <Goods view={order.view} reader="buyer" />}
      <p class="soft small">
        Placed <Moment at={order.placedAt.toISOString()} />. This page shows how things stand each time you
        load it; keep its address to come back.
      </p>
      {may("cancel") ? (
        <Form action={`/orders/${token}/cancel`} once={`${once}-cancel`} id="cancel-form">
          <Seen view={order.view} />
          <Button look="stop" id="cancel">
            Cancel the order
          </Button>
        </Form>
      ) : null}
    </ShopPage>
  );
}

export function OrderCard({ order, href, waiting }: { order: Order; href: string; waiting: boolean }) {
  const { number, view, amount, currency, placedAt } = order;
  return (
    <li>
      <a class="sheet card" href={href} id={`order-${number}`}>
        <div class="spread">
          <strong>{number}</strong>
          {view === null ? (
            <span class="badge tone-calm">Being placed</span>
          ) : (
            <StateBadge state={view.state} />
          )}
        </div>
        <div class="spread soft">
          <Moment at={placedAt.toISOString()} />
          <Amount amount={amount} currency={currency} />
        </div>
        {waiting ? <p class="small">Something is on its way to the institution.</p> : null}
      </a>
    </li>
  );
}

export function OrdersPage({ frame, orders }: { frame: Frame; orders: { order: Order; token: string }[] }) {
  return (
    <ShopPage frame={frame} title="Your orders" here="orders" narrow>
      <h1>Your orders</h1>
      {orders.length === 0 ? (
        <Empty title="No orders from this browser.">
          <p>Orders that you place here are listed on this page.</p>
        </Empty>
      ) : (
        <ul class="list">
          {orders.map(({ order, token }) => (
            <OrderCard key={token} order={order} href={`/orders/${token}`} waiting={false} />
          ))}
        </ul>
      )}
    </ShopPage>
  );
}
