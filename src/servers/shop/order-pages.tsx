/** The pages of orders as customers see them, and the parts that the staff's pages share with them. */
import {
  Amount,
  Button,
  Empty,
  Form,
  Lines,
  LinkButton,
  Moment,
  MoneyBar,
  Name,
  Notice,
  StateBadge,
  Steps,
  TradeNumber,
} from "../../edge/parts/parts.ts";
import {
  type Act,
  type Call,
  type CallName,
  isPending,
  mayDo,
  type Order,
  type OrderLine,
} from "../shop-orders/shop-orders.ts";
import { type Frame, ShopPage } from "./shop-page.tsx";

const callWords: Record<CallName, string> = {
  propose: "The order",
  deliver: "The notice of delivery",
  accept: "The acceptance",
  return: "The notice that goods came back",
  cancel: "The cancellation",
  refund: "The refund",
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
        {lines.map(({ name, quantity, unitAmount }) => (
          <li key={name} class="spread">
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
        The institution is being asked. This page shows what it says in a moment.
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
  const sentences: Record<typeof view.state, string> = {
    reserved: "Your money is frozen. We are packing.",
    delivered: "The goods are on their way or with you. Please accept them when you have looked at them.",
    accepted: "You have accepted the goods. They are paid on the day you chose.",
    settled: "The goods are accepted and paid. Thank you.",
    cancelled: "The order was cancelled. Nothing was paid, and nothing is frozen any more.",
    rejected: "You have sent goods back. We release your money when they are here.",
    expired: "The time ran out, and your money is free again.",
    disputed: "You and we see this differently. The institution decides.",
  };
  return <p class="lead">{sentences[view.state]}</p>;
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
      {may("confirm") ? (
        <Form action={`/orders/${token}/accept`} once={`${once}-confirm`} id="accept-form">
          <Button id="accept">I have the goods and accept them</Button>
        </Form>
      ) : null}
      <div class="sheet">
        <Money {...props} />
        <TradeLink order={order} tradeUrl={tradeUrl} />
      </div>
      <p class="soft small">
        Placed <Moment at={order.placedAt.toISOString()} />. This page shows how things stand each time you
        load it; keep its address to come back.
      </p>
      {may("cancel") ? (
        <Form action={`/orders/${token}/cancel`} once={`${once}-cancel`} id="cancel-form">
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
