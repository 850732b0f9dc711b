/** The parts of pages of an order that customers and staff share. */
import { type TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  datesOf,
  goodsOf,
  GoodsStory,
  Lines,
  MoneyBar,
  Name,
  Silence,
  Steps,
  TradeNumber,
  useRoles,
  whoseWord,
} from "../../edge/parts/parts.ts";
import type { Call, Order, OrderLine } from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import type { Frame } from "./shop-page.tsx";

/** An order as the shop wrote it, before there is a trade. */
function LinesAsWritten({ order, lines }: { order: Order; lines: OrderLine[] }) {
  const say = useShopWords();
  return (
    <>
      <ul class="lines">
        {lines.map(({ kind, name, quantity, unitAmount }, index) => (
          <li key={index} class="spread" data-kind={kind}>
            <span>
              <ShopSay k="goods.countOf" count={quantity} name={<Name>{name}</Name>} />
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
  /** This shop's own time. */
  now: Date;
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

/** The moment at which the institution showed the trade: its clock counts, not ours. */
export const asShown = (view: TradeView) => ({ at: view.updatedAt });

/** Where the goods are, and what happens when if nobody says anything; nothing where all is decided. */
export function Goods({ view, reader }: { view: TradeView; reader: "buyer" | "shop" }) {
  const say = useShopWords();
  const now = asShown(view);
  const roles = useRoles(reader, reader === "shop" ? "you.us" : "you");
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
      {dates ? <Silence trade={view} now={now} reader={reader} /> : null}
    </div>
  );
}

/** The version of the trade on which whoever presses the button decides. */
export function Seen({ view }: { view: TradeView | null }) {
  return view === null ? null : <input type="hidden" name="version" value={String(view.version)} />;
}
