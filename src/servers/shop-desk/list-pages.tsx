/** The staff's lists of orders: what is to be done today, by what to do next, and what was looked for. */
import { Button, Empty, Form, LinkButton, Moment, Notice, useLanguage } from "../../edge/parts/parts.ts";
import { type Queue, queues } from "../shop-finding/shop-finding.ts";
import { type Frame, OrderCard, ShopPage } from "../shop-frame/shop-frame.ts";
import { type Label, labelIn, type Order } from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";

/** How many are counted; more than that are told as so many and more. */
export const mostCounted = 1_000;

export interface Counts {
  queues: { queue: Queue; count: number }[];
  todo: number;
  /** Of those, how many end within a day. */
  today: number;
}

export interface StaffOrdersProps {
  frame: Frame;
  orders: { order: Order; waiting: boolean; due?: string | null }[];
  /** Where the next page begins: what stands behind the question mark, or what the form of a search says. */
  next: string | { q: string; before: string } | null;
  /** Servers whose past is not what this shop has seen of it. */
  rewritten: { till: Label; since: Date; why: string }[];
  counts: Counts;
  /** Which of them are shown; all of them where it is left out. */
  show?: Queue | "todo" | undefined;
  /** What was looked for; `short`: too little to find anybody by. */
  asked?: { text: string; short: boolean } | undefined;
}

function Rewritten({ rewritten }: Pick<StaffOrdersProps, "rewritten">) {
  const say = useShopWords();
  const lang = useLanguage();
  return (
    <>
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
    </>
  );
}

const counted = (count: number): string => (count >= mostCounted ? `${mostCounted}+` : String(count));

function Queues({ counts, show }: Pick<StaffOrdersProps, "counts" | "show">) {
  const say = useShopWords();
  const countOf = (queue: Queue) => counts.queues.find((each) => each.queue === queue)?.count;
  return (
    <nav class="chips queues" aria-label={say("queue.title")}>
      <a href="/staff" aria-current={show === undefined ? "page" : undefined}>
        {say("queue.all")}
      </a>
      {queues.map((queue) => {
        const count = countOf(queue);
        return (
          <a
            key={queue}
            href={`/staff?show=${queue}`}
            id={`queue-${queue}`}
            aria-current={show === queue ? "page" : undefined}
          >
            {say(`queue.${queue}`)}
            {count === undefined ? null : <span class="count"> {counted(count)}</span>}
          </a>
        );
      })}
    </nav>
  );
}

function Search({ text }: { text: string }) {
  const say = useShopWords();
  return (
    <form method="post" action="/staff/search" role="search" id="search-form" class="search">
      <div class="field">
        <label for="q">{say("search.label")}</label>
        <p class="hint" id="q-hint">
          {say("search.hint")}
        </p>
        <input
          type="search"
          id="q"
          name="q"
          value={text}
          aria-describedby="q-hint"
          autocomplete="off"
          maxLength={200}
        />
      </div>
      <Button look="quiet" id="search">
        {say("search.button")}
      </Button>
    </form>
  );
}

function Today({ counts, show }: Pick<StaffOrdersProps, "counts" | "show">) {
  const say = useShopWords();
  const { todo, today } = counts;
  if (todo === 0)
    return (
      <Notice tone="good" id="today">
        <p>{say("today.nothing")}</p>
      </Notice>
    );
  return (
    <Notice tone={today > 0 ? "care" : "hold"} id="today" title={say("today.title")}>
      <p>{say(today > 0 ? "today.some" : "today.later", { count: counted(todo), today: counted(today) })}</p>
      {show === "todo" ? null : (
        <LinkButton href="/staff?show=todo" id="to-do" look="quiet">
          {say("today.show")}
        </LinkButton>
      )}
    </Notice>
  );
}

function More({ next, children }: { next: NonNullable<StaffOrdersProps["next"]>; children: string }) {
  if (typeof next === "string")
    return (
      <LinkButton href={`/staff?${next}`} look="quiet" id="more">
        {children}
      </LinkButton>
    );
  return (
    <Form action="/staff/search">
      <input type="hidden" name="q" value={next.q} />
      <input type="hidden" name="before" value={next.before} />
      <Button look="quiet" id="more">
        {children}
      </Button>
    </Form>
  );
}

export function StaffOrdersPage(props: StaffOrdersProps) {
  const { frame, orders, next, rewritten, counts, show, asked } = props;
  const say = useShopWords();
  const title =
    asked !== undefined
      ? say("search.title")
      : show === undefined
        ? say("staff.title")
        : say(show === "todo" ? "today.list" : `queue.${show}`);
  const none = asked === undefined ? (show === undefined ? "staff.empty" : "queue.empty") : "search.nothing";
  return (
    <ShopPage frame={frame} title={title} here="orders">
      <h1>{title}</h1>
      <Rewritten rewritten={rewritten} />
      {asked === undefined ? <Today counts={counts} show={show} /> : null}
      <Search text={asked?.text ?? ""} />
      <Queues counts={counts} show={show} />
      {asked?.short === true ? (
        <Notice tone="care" id="short">
          <p>{say("search.short")}</p>
        </Notice>
      ) : orders.length === 0 ? (
        <Empty title={say(none)} />
      ) : null}
      <ul class="list" id="orders">
        {orders.map(({ order, waiting, due }) => (
          <OrderCard
            key={order.id}
            order={order}
            href={`/staff/orders/${order.number}`}
            waiting={waiting}
            due={due ?? null}
          />
        ))}
      </ul>
      {next === null ? null : (
        <More next={next}>{say(show === undefined ? "staff.older" : "queue.more")}</More>
      )}
    </ShopPage>
  );
}
