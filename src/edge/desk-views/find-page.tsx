/** What was found by what a caller says, masked. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  type Attempt,
  Empty,
  type Frame,
  Mistakes,
  Moment,
  Name,
  Notice,
  Refused,
  ServerPage,
  StateBadge,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { FindForm } from "./desk-page.tsx";
import { type MaskedPerson, PersonLine } from "./person-line.tsx";

export interface FoundThings {
  trades: readonly TradeView[];
  /** Members and guests, with the newest of their trades, and recipients with theirs. */
  people: readonly { person: MaskedPerson; trades: readonly TradeView[] }[];
  shops: readonly { id: string; name: string }[];
  /** There are more than are shown. */
  more: boolean;
  /** Not everybody can be found yet. */
  behind: boolean;
  /** People were looked for: that is noted. */
  noted: boolean;
}

export interface FindProps {
  frame: Frame;
  attempt: Attempt;
  /** Nothing was looked for yet, where it is left out. */
  found?: FoundThings;
}

export function TradeCard({ trade }: { trade: TradeView }) {
  const { amount, currency, number } = trade;
  return (
    <li>
      <a class="sheet card" href={`/desk/trades/${number}`} data-found={number}>
        <span class="spread">
          <strong>
            <Name>{trade.shopName}</Name>
          </strong>
          {amount == null || currency === undefined ? null : (
            <strong>
              <Amount amount={amount} currency={currency} />
            </strong>
          )}
        </span>
        <span class="kicker">
          <StateBadge trade={trade} />
          <TradeNumber number={number} />
          <Moment at={trade.updatedAt} />
        </span>
      </a>
    </li>
  );
}

function People({ people }: Pick<FoundThings, "people">) {
  const say = useWords();
  if (people.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="people">
      <h2 id="people">{say("find.people")}</h2>
      <ul class="list">
        {people.map(({ person, trades }, index) => (
          <li key={index} class="sheet" data-person={person.number ?? ""}>
            <p>
              <PersonLine person={person} />
            </p>
            {trades.length === 0 ? null : (
              <ul class="list">
                {trades.map((trade) => (
                  <TradeCard key={trade.number} trade={trade} />
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Results({ found }: { found: FoundThings }) {
  const say = useWords();
  const { trades, people, shops, more, behind, noted } = found;
  return (
    <div class="stack-l" id="found">
      {noted ? <p class="small soft">{say("find.noted")}</p> : null}
      {trades.length + people.length + shops.length === 0 ? (
        <Empty title={say("find.nothing")}>
          <p>{say("find.nothingHint")}</p>
        </Empty>
      ) : null}
      {trades.length === 0 ? null : (
        <section class="stack" aria-labelledby="trades">
          <h2 id="trades">{say("find.trades")}</h2>
          <ul class="list">
            {trades.map((trade) => (
              <TradeCard key={trade.number} trade={trade} />
            ))}
          </ul>
        </section>
      )}
      <People people={people} />
      {shops.length === 0 ? null : (
        <section class="stack" aria-labelledby="shops">
          <h2 id="shops">{say("find.shops")}</h2>
          <ul class="list">
            {shops.map(({ id, name }) => (
              <li key={id}>
                <a class="sheet card" href={`/desk/shops/${id}`} data-shop={id}>
                  <strong>
                    <Name>{name}</Name>
                  </strong>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {behind ? (
        <Notice tone="care" id="behind">
          <p>{say("find.behind")}</p>
        </Notice>
      ) : null}
      {more ? (
        <Notice tone="calm" id="more">
          <p>{say("find.more")}</p>
        </Notice>
      ) : null}
    </div>
  );
}

/** `/desk/find`. */
export function FindPage({ frame, attempt, found }: FindProps) {
  const say = useWords();
  return (
    <ServerPage frame={frame} title={say("find.title")} here="desk/find" narrow>
      <div class="stack-l">
        <h1>{say("find.title")}</h1>
        <Mistakes errors={attempt.errors} />
        <Refused attempt={attempt} />
        <FindForm attempt={attempt} />
        {found === undefined ? null : <Results found={found} />}
      </div>
    </ServerPage>
  );
}
