/** The pages of orders as customers see them, and the parts that the staff's pages share with them. */
import { type TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  Button,
  type ButtonProps,
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
  type Act as OrderAct,
  type Call,
  awaitsHolder,
  isPending,
  mayDo,
  type Order,
  type OrderLine,
} from "../shop-orders/shop-orders.ts";
import { ShopSay, type ShopWordKey, useShopWords } from "../shop-words/shop-words.ts";
import { type Frame, OrderCard, ShopPage, Telling } from "./shop-page.tsx";

/** An order as the shop wrote it, before there is a trade. */
function LinesAsWritten({ order, lines }: { order: Order; lines: OrderLine[] }) {
  const say = useShopWords();
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
        <span>{say("order.total")}</span>
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
          <ShopSay k="order.refunded" amount={<Amount amount={refunded} currency={currency} />} />
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
  const say = useShopWords();
  if (order.trade === null) return null;
  return (
    <p>
      <ShopSay k="order.trade" number={<TradeNumber number={order.trade} />} />
      {tradeUrl === undefined ? null : (
        <>
          <br />
          <a id="trade-link" href={tradeUrl}>
            {say("order.atInstitution")}
          </a>
        </>
      )}
    </p>
  );
}

/** What waits for the buyer at the institution beside the order: a guest's own link, and the one for a recipient. */
function Links({ view, tradeUrl }: { view: TradeView; tradeUrl: string | undefined }) {
  const say = useShopWords();
  const guest = view.buyer != null && "guest" in view.buyer;
  const present = view.acceptance.by.includes("recipient");
  return (
    <>
      {guest ? <p id="own-link">{say("order.guestLink")}</p> : null}
      {present && view.lots.length + (view.frozen ?? 0) > 0 ? (
        <p id="for-recipient">
          {say("order.present")}
          {tradeUrl === undefined ? null : (
            <>
              <br />
              <a href={`${tradeUrl}#present`}>{say("order.presentLink")}</a>
            </>
          )}
        </p>
      ) : null}
    </>
  );
}

/** What comes next, in one sentence, and the link or button that does it. */
function Next({
  order,
  calls,
  tradeUrl,
  once,
  token,
}: Pick<OrderProps, "order" | "calls" | "tradeUrl" | "once"> & { token: string }) {
  const { view } = order;
  const say = useShopWords();
  if (view !== null && isPending(view)) {
    return (
      <p class="lead" id="pending">
        {say(awaitsHolder(view) ? "order.holderAsked" : "order.asked")}
      </p>
    );
  }
  if (view === null) {
    const dead = calls.length > 0 && calls.every(({ state }) => state === "refused");
    return <p class="lead">{say(dead ? "order.dead" : "order.placing")}</p>;
  }
  if (view.state === "proposed" || view.state === "refused") {
    const href = view.approveUrl ?? tradeUrl;
    return (
      <>
        <p class="lead">{say(`lead.${view.state}`)}</p>
        {href === undefined ? null : (
          <LinkButton href={href} id="approve">
            {say("order.approve")}
          </LinkButton>
        )}
        <Form action={`/orders/${token}/change`} once={`${once}-change`} id="change-form">
          <Seen view={view} />
          <p class="soft small">{say("order.changeHint")}</p>
          <Button look="quiet" id="change">
            {say("order.change")}
          </Button>
        </Form>
      </>
    );
  }
  const lead = leadOf(view, asShown(view), "buyer");
  const toDo = tradeUrl !== undefined && toDoAtTill.has(lead);
  const here = lead === "delivered" && mayDo("confirm", order, calls);
  return (
    <>
      <p class="lead" id="now" data-lead={lead}>
        {say(`lead.${lead}`)}
      </p>
      {toDo ? (
        <LinkButton href={tradeUrl} id="to-trade" look={here ? "quiet" : "main"}>
          {say(here ? "toDo.part" : (toDoWords[lead] ?? "toDo.look"))}
        </LinkButton>
      ) : null}
      <Links view={view} tradeUrl={tradeUrl} />
    </>
  );
}

type Lead = ReturnType<typeof leadOf>;

/** Where the buyer says or does something next, at the institution. */
const toDoAtTill: ReadonlySet<Lead> = new Set<Lead>([
  "late",
  "door",
  "claimed",
  "delivered",
  "partlyRejected",
  "toSend",
  "withdrawn",
  "payable",
  "coolingOff",
  "silent",
  "answer",
  "disputed",
]);

const toDoWords: Partial<Record<Lead, ShopWordKey>> = {
  late: "toDo.come",
  claimed: "toDo.come",
  toSend: "toDo.sent",
  withdrawn: "toDo.sent",
  coolingOff: "toDo.how",
  silent: "toDo.how",
  answer: "toDo.answer",
  disputed: "toDo.stands",
};

/** The moment at which the institution showed the trade: its clock counts, not ours. */
export const asShown = (view: TradeView) => ({ at: view.updatedAt });

/** Where the goods are, and what happens when if nobody says anything; nothing where all is decided. */
export function Goods({ view, reader }: { view: TradeView; reader: "buyer" | "shop" }) {
  const say = useShopWords();
  const now = asShown(view);
  const roles = useRoles(reader);
  const somewhere = goodsOf(view, now).length > 0;
  const dates = datesOf(view, now).length > 0;
  if (!somewhere && !dates) return null;
  return (
    <div class="sheet" id="goods">
      {somewhere ? <h2>{say("order.goods")}</h2> : null}
      <GoodsStory trade={view} now={now} />
      {somewhere ? (
        <p class="small soft">
          <ShopSay k="order.word" who={<span id="word">{roles(whoseWord(view), "or")}</span>} />
        </p>
      ) : null}
      {dates ? <h2>{say("order.dates")}</h2> : null}
      {dates ? <Silence trade={view} now={now} /> : null}
    </div>
  );
}

/** What we ask of the buyer, and where they answer; nothing once goods have left. */
function Wish({ view, tradeUrl }: { view: TradeView; tradeUrl: string | undefined }) {
  const { extensionAsked, state } = view;
  const say = useShopWords();
  if (extensionAsked == null || state !== "reserved" || hasLeft(view)) return null;
  return (
    <Notice tone="care" id="wish" title={say("wish.title")}>
      <p>
        <ShopSay k="wish.text" until={<Moment at={extensionAsked} />} />
      </p>
      {tradeUrl === undefined ? null : (
        <p>
          <a href={tradeUrl}>{say("wish.say")}</a>
        </p>
      )}
    </Notice>
  );
}

/** The version of the trade on which whoever presses the button decides. */
export function Seen({ view }: { view: TradeView | null }) {
  return view === null ? null : <input type="hidden" name="version" value={String(view.version)} />;
}

const asked = {
  cancel: {
    sum: "order.cancelSure",
    any: "order.cancelSureAny",
    first: "order.cancel",
    yes: "order.cancelYes",
  },
  accept: {
    sum: "order.acceptSure",
    any: "order.acceptSureAny",
    first: "order.accept",
    yes: "order.acceptYes",
  },
} as const satisfies Record<string, Record<string, ShopWordKey>>;

/** What a customer may be asked once more. */
export type Asked = keyof typeof asked;

/** An act of the customer's; what ends the whole order, or pays for what nobody has seen, once they have said so twice. */
function Act(
  props: Pick<CustomerProps, "order" | "once" | "token" | "sure"> & {
    act: Asked;
    look: ButtonProps["look"];
  },
) {
  const { order, once, token, act, look } = props;
  const say = useShopWords();
  const frozen = order.view?.frozen ?? 0;
  const words = asked[act];
  const again = props.sure === act;
  return (
    <Form action={`/orders/${token}/${act}`} once={`${once}-${act}`} id={`${act}-form`}>
      <Seen view={order.view} />
      {again ? (
        <>
          <p class="error" id="sure">
            {frozen === 0 ? (
              say(words.any)
            ) : (
              <ShopSay k={words.sum} amount={<Amount amount={frozen} currency={order.currency} />} />
            )}
          </p>
          <input type="hidden" name="sure" value="yes" />
        </>
      ) : null}
      <Button {...(look === undefined ? {} : { look })} id={act}>
        {say(again ? words.yes : words.first)}
      </Button>
    </Form>
  );
}

/** Whether somebody besides the shop, or the customer, has told that all of what is accepted now has come. */
export function isHere(view: TradeView): boolean {
  return leadOf(view, asShown(view), "buyer") === "delivered";
}

interface CustomerProps extends OrderProps {
  token: string;
  /** Asked once more whether this shall be done. */
  sure?: Asked;
}

export function OrderPage(props: CustomerProps) {
  const { frame, order, calls, tradeUrl } = props;
  const say = useShopWords();
  const may = (act: OrderAct): boolean => mayDo(act, order, calls);
  return (
    <ShopPage frame={frame} title={say("order.title", { number: order.number })} here="orders" narrow>
      <p class="kicker">
        <span>
          <ShopSay k="order.number" number={<span id="order-number">{order.number}</span>} />
        </span>
        {order.view === null ? null : <StateBadge trade={order.view} />}
      </p>
      <h1>{say("order.yours")}</h1>
      <Telling calls={calls} />
      <Next {...props} />
      {order.view === null ? null : <Wish view={order.view} tradeUrl={tradeUrl} />}
      {may("confirm") && order.view !== null ? (
        <>
          {props.sure === "accept" ? null : <p class="soft">{say("order.acceptHint")}</p>}
          <Act {...props} act="accept" look={props.sure === "accept" ? "main" : "quiet"} />
        </>
      ) : null}
      <div class="sheet">
        <Money {...props} />
        <TradeLink order={order} tradeUrl={tradeUrl} />
      </div>
      {order.view === null || isPending(order.view) ? null : <Goods view={order.view} reader="buyer" />}
      <p class="soft small">
        <ShopSay k="order.placed" when={<Moment at={order.placedAt.toISOString()} />} />
      </p>
      {may("cancel") ? <Act {...props} act="cancel" look="stop" /> : null}
    </ShopPage>
  );
}

export function OrdersPage({ frame, orders }: { frame: Frame; orders: { order: Order; token: string }[] }) {
  const say = useShopWords();
  return (
    <ShopPage frame={frame} title={say("orders.title")} here="orders" narrow>
      <h1>{say("orders.title")}</h1>
      {orders.length === 0 ? (
        <Empty title={say("orders.empty")}>
          <p>{say("orders.emptyHint")}</p>
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
