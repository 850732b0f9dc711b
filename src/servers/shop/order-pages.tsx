/** The pages of orders as customers see them, and the parts that the staff's pages share with them. */
import { type TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  Button,
  type ButtonProps,
  Empty,
  Form,
  hasLeft,
  leadOf,
  LinkButton,
  Moment,
  Notice,
  StateBadge,
} from "../../edge/parts/parts.ts";
import {
  type Act as OrderAct,
  awaitsHolder,
  isPending,
  mayDo,
  type Order,
} from "../shop-orders/shop-orders.ts";
import { ShopSay, type ShopWordKey, useShopWords } from "../shop-words/shop-words.ts";
import {
  asShown,
  type Frame,
  Goods,
  Money,
  type OrderProps,
  Seen,
  TradeLink,
  OrderCard,
  ShopPage,
  Telling,
} from "../shop-frame/shop-frame.ts";

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
function Next(props: CustomerProps) {
  const { order, calls, tradeUrl, once, token, now } = props;
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
  const here = lead === "delivered" && mayDo("confirm", order, calls, now);
  return (
    <>
      <p class="lead" id="now" data-lead={lead}>
        {say(`lead.${lead}`)}
      </p>
      {here ? <Accept {...props} look="main" /> : null}
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

/** Accepts everything on this very page, which pays us. */
function Accept({ look, ...props }: CustomerProps & { look: "main" | "quiet" }) {
  const say = useShopWords();
  return (
    <>
      {props.sure === "accept" ? null : <p class="soft">{say("order.acceptHint")}</p>}
      <Act {...props} act="accept" look={look} />
    </>
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
  const { frame, order, calls, tradeUrl, now } = props;
  const say = useShopWords();
  const may = (act: OrderAct): boolean => mayDo(act, order, calls, now);
  const here = order.view !== null && isHere(order.view);
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
      {may("confirm") && !here ? (
        <Accept {...props} look={props.sure === "accept" ? "main" : "quiet"} />
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
