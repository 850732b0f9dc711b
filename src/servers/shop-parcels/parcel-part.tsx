/** What the staff see of a parcel that is to be sent. */
import { LinkButton, Notice } from "../../edge/parts/parts.ts";
import { type Call, mayDo, type Order, undivided } from "../shop-orders/shop-orders.ts";
import { useShopWords } from "../shop-words/shop-words.ts";

/** What goes onto the parcel and into it, before anything has left; of a present also the code, which is not to be forgotten. */
export function ParcelPart(props: { order: Order; calls: Call[]; code: string | undefined; now: Date }) {
  const { order, calls, code, now } = props;
  const say = useShopWords();
  const { view } = order;
  if (view === null || order.customer === null) return null;
  const present = view.acceptance.by.includes("recipient");
  // A slip may have got lost: the recipient asks the shop, as long as there is something to accept.
  const asked = present && undivided(view) > 0n && view.state !== "proposed" && view.state !== "refused";
  if (!asked && !mayDo("ship", order, calls, now)) return null;
  return (
    <section class="sheet" id="parcel" aria-labelledby="parcel-title">
      <h2 id="parcel-title">{say("staff.parcel")}</h2>
      {!present ? (
        <p>{say("staff.parcelLead")}</p>
      ) : code === undefined ? (
        <Notice tone="care" id="code-unknown">
          <p>{say("staff.presentUnknown")}</p>
        </Notice>
      ) : (
        <>
          <p>{say("staff.present")}</p>
          <dl class="facts">
            <div>
              <dt>{say("staff.presentCode")}</dt>
              <dd class="tabular" id="recipient-code">{`${code.slice(0, 4)} ${code.slice(4)}`}</dd>
            </div>
          </dl>
        </>
      )}
      <LinkButton href={`/staff/orders/${order.number}/papers`} id="papers" look="quiet">
        {say("staff.parcelPrint")}
      </LinkButton>
    </section>
  );
}
