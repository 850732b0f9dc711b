/** `/shop/acts`: who did what for the shop. */
import {
  Empty,
  type Frame,
  LinkButton,
  Moment,
  Name,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import type { ShopActName } from "../roles/roles.ts";

export interface ActShown {
  id: string;
  /** What whoever did it is called; null where it was the shop's own sign-in. */
  by: string | null;
  act: ShopActName;
  /** The number of the order, where it was done to one. */
  number: string | null;
  done: boolean;
  at: string;
}

/** What was done, the newest first. On the page of an order its number is not said again. */
export function ActList({ acts, ofOrder = false }: { acts: readonly ActShown[]; ofOrder?: boolean }) {
  const say = useWords();
  return (
    <ul class="lines">
      {acts.map(({ id, by, act, number, done, at }) => (
        <li key={id} data-act={act}>
          <p>
            <strong>{say(`shopActs.${act}`)}</strong>
            {done ? null : ` · ${say("shopActs.unknown")}`}
          </p>
          <p class="small">
            {by === null ? say("shopActs.itself") : <Name>{by}</Name>}
            {ofOrder || number === null ? null : (
              <>
                {" · "}
                <a class="whole" href={`/shop/orders/${number}`}>
                  <Say k="shopActs.order" number={<TradeNumber number={number} />} />
                </a>
              </>
            )}
          </p>
          <p class="small soft">
            <Moment at={at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** `/shop/acts`. */
export function ActsPage({
  frame,
  acts,
  more,
}: {
  frame: Frame;
  acts: readonly ActShown[];
  /** The address of the following page. */
  more: string | null;
}) {
  const say = useWords();
  return (
    <ServerPage frame={frame} title={say("shopActs.title")} here="shop/settings" narrow>
      <div class="stack-l">
        <a class="back" href="/shop">
          ← {say("shop.back")}
        </a>
        <h1>{say("shopActs.title")}</h1>
        <p class="lead">{say("shopActs.lead")}</p>
        {acts.length === 0 ? (
          <Empty title={say("shopActs.none")} />
        ) : (
          <section class="sheet" aria-label={say("shopActs.title")}>
            <ActList acts={acts} />
          </section>
        )}
        {more === null ? null : (
          <p>
            <LinkButton href={more} id="more" look="quiet">
              {say("shopActs.more")}
            </LinkButton>
          </p>
        )}
      </div>
    </ServerPage>
  );
}
