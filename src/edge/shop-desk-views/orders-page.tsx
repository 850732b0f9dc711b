/** Lists of a shop's orders by what is to be done next. */
import { type Todo, todos, type TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  type Attempt,
  Button,
  datesOf,
  Empty,
  Field,
  type Frame,
  leadOf,
  LinkButton,
  Moment,
  Name,
  noAttempt,
  type Now,
  Say,
  ServerPage,
  StateBadge,
  TradeNumber,
  useWords,
  waitsForLookUntil,
  When,
} from "../parts/parts.ts";

export interface OrdersShown {
  frame: Frame;
  todo: Todo | "all";
  counts: Record<Todo, number>;
  /** From so many on a list is not counted further. */
  counted: number;
  orders: readonly TradeView[];
  next: string | null;
  now: Now;
  /** A number that was looked for: what was found, or what is wrong with it. */
  sought?: string | undefined;
  attempt?: Attempt;
  /** Whether the role of who reads it includes orders of their own making. */
  mayPropose: boolean;
}

/** The sentence that says what an order asks of the shop. */
export function Stand({ trade, now }: { trade: TradeView; now: Now }) {
  const say = useWords();
  if (trade.state === "reserved" && trade.earmark?.state === "open") return <>{say("shopStand.earmark")}</>;
  const until = waitsForLookUntil(trade, now);
  if (until !== undefined) return <Say k="shopStand.look" until={<Moment at={until} />} />;
  return <>{say(`shopStand.${leadOf(trade, now, "shop")}`)}</>;
}

function Lists({ todo: here, counts, counted }: Pick<OrdersShown, "todo" | "counts" | "counted">) {
  const say = useWords();
  const countOf = (todo: Todo) =>
    counts[todo] >= counted ? say("shop.many", { count: counted }) : String(counts[todo]);
  return (
    <nav class="chips" aria-label={say("shop.lists")} id="lists">
      {[...todos, "all" as const].map((todo) => (
        <a
          key={todo}
          id={`list-${todo}`}
          href={`/shop?todo=${todo}`}
          aria-current={todo === here ? "page" : undefined}
        >
          {todo === "all"
            ? say("shop.todo.all")
            : say("shop.count", { todo: say(`shop.todo.${todo}`), count: countOf(todo) })}
        </a>
      ))}
    </nav>
  );
}

/** What ends next. */
function Ends({ trade, now }: { trade: TradeView; now: Now }) {
  const [next] = datesOf(trade, now);
  if (next === undefined) return null;
  return (
    <span class="small">
      <Say k="shop.ends" at={<When due={next.due} />} />
    </span>
  );
}

/** One order of a list, which leads to it. */
export function OrderCard({ trade, now }: { trade: TradeView; now: Now }) {
  const { amount, currency, number, reference, lines } = trade;
  return (
    <li>
      <a class="sheet card" href={`/shop/orders/${number}`} id={`order-${number}`}>
        <span class="spread">
          <strong>{reference === null ? <TradeNumber number={number} /> : <Name>{reference}</Name>}</strong>
          {amount == null || currency === undefined ? null : (
            <strong>
              <Amount amount={amount} currency={currency} />
            </strong>
          )}
        </span>
        <span class="kicker">
          <StateBadge trade={trade} />
          {reference === null ? null : <TradeNumber number={number} />}
          <Name>{lines[0]?.name ?? ""}</Name>
          <Ends trade={trade} now={now} />
        </span>
        <span class="small">
          <Stand trade={trade} now={now} />
        </span>
      </a>
    </li>
  );
}

/** Leads to the order, or to the orders, of a number. It changes nothing, so it is sent as an address. */
function Find({ attempt }: { attempt: Attempt }) {
  const say = useWords();
  return (
    <form method="get" action="/shop/find" id="find-form" class="find">
      <Field
        name="number"
        label={say("shop.find")}
        hint={say("shop.findHint")}
        required
        maxLength={100}
        value={attempt.values["number"]}
        error={attempt.errors["number"]}
      />
      <Button id="find" look="quiet">
        {say("shop.findSubmit")}
      </Button>
    </form>
  );
}

function Orders(props: Omit<OrdersShown, "frame">) {
  const say = useWords();
  const { todo, orders, next, now, sought, attempt = noAttempt } = props;
  return (
    <div class="stack-l">
      <div class="spread">
        <h1>{say("shop.orders")}</h1>
        {props.mayPropose ? (
          <LinkButton href="/shop/new" id="new-order" look="quiet">
            {say("shop.new")}
          </LinkButton>
        ) : null}
      </div>
      <p class="lead">{say("shop.lead")}</p>
      <Find attempt={attempt} />
      <Lists {...props} />
      {sought === undefined ? null : <h2>{say("shop.found", { number: sought })}</h2>}
      {orders.length === 0 ? (
        <Empty title={say("shop.empty")}>
          <p>{say("shop.emptyHint")}</p>
        </Empty>
      ) : (
        <ul class="list" id="orders">
          {orders.map((trade) => (
            <OrderCard key={trade.number} trade={trade} now={now} />
          ))}
        </ul>
      )}
      {next === null ? null : (
        <p>
          <LinkButton
            href={
              sought === undefined
                ? `/shop?todo=${todo}&after=${encodeURIComponent(next)}`
                : `/shop/find?number=${encodeURIComponent(sought)}&after=${encodeURIComponent(next)}`
            }
            id="more"
            look="quiet"
          >
            {say("shop.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/shop`, for a shop's people. */
export function OrdersPage({ frame, ...props }: OrdersShown) {
  return (
    <ServerPage frame={frame} title={useWords()("shop.orders")} here="shop">
      <Orders {...props} />
    </ServerPage>
  );
}
