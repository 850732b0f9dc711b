/** `/staff/money/orders`: the orders behind a figure of a day, with what moved for each. */
import { Amount, Day, LinkButton, Moment } from "../../edge/parts/parts.ts";
import { type Frame, ShopPage } from "../shop-frame/shop-frame.ts";
import type { MoneyKind } from "../shop-money/shop-money.ts";
import { useShopWords } from "../shop-words/shop-words.ts";

export interface Sought {
  kind: MoneyKind;
  currency: string;
  day: string;
}

export interface MovedProps {
  frame: Frame;
  sought: Sought;
  moves: { number: string; amount: bigint; at: string }[];
  next: string | null;
}

/** The address of such a list. */
export const movedAt = (sought: Sought & { after?: string }): string =>
  `/staff/money/orders?${new URLSearchParams({ ...sought }).toString()}`;

export function MovedPage({ frame, sought, moves, next }: MovedProps) {
  const say = useShopWords();
  const { kind, currency, day } = sought;
  const title = say(`money.day.${kind}`);
  return (
    <ShopPage frame={frame} title={title} here="money" narrow>
      <a class="back" href="/staff/money">
        ← {say("money.title")}
      </a>
      <div>
        <p class="kicker">
          <Day day={day} />
          <span>{currency}</span>
        </p>
        <h1>{title}</h1>
      </div>
      {moves.length === 0 ? <p class="soft">{say("money.behindNone")}</p> : null}
      <ul class="lines" id="moves">
        {moves.map(({ number, amount, at }, index) => (
          <li key={`${index} ${number}`} data-order={number}>
            <p class="spread">
              <a href={`/staff/orders/${number}`}>{number}</a>
              <Amount amount={amount} currency={currency} />
            </p>
            <p class="small soft">
              <Moment at={at} />
            </p>
          </li>
        ))}
      </ul>
      {next === null ? null : (
        <LinkButton href={movedAt({ ...sought, after: next })} id="more" look="quiet">
          {say("queue.more")}
        </LinkButton>
      )}
    </ShopPage>
  );
}
