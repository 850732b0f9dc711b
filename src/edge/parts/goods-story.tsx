/** Where the goods of a trade are, and what happens if nobody says anything, and when. */
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import { type Goods, goodsOf, isHomeward, isOver, type Now, unshippedOf, withdrawableNow } from "./goods.ts";
import { Day, Moment, Name, Say, useWords } from "./locale.tsx";
import { Beside } from "./notices.tsx";
import type { WordKey } from "../words/words.ts";

/** The number of a parcel, and where it is followed: at an address that somebody has given, so its host is shown. */
function Parcel({ parcel }: { parcel: NonNullable<Goods["parcel"]> }) {
  const { carrier, number, url } = parcel;
  return (
    <p class="small" data-parcel={number}>
      <Beside
        items={[
          <Say
            k={carrier === undefined ? "goods.parcel" : "goods.parcelBy"}
            number={<Name>{number}</Name>}
            carrier={<Name>{carrier ?? ""}</Name>}
          />,
          url === undefined || !URL.canParse(url) ? null : (
            <a href={url} rel="noopener noreferrer" data-follow="">
              <Say k="goods.follow" host={<Name>{new URL(url).host}</Name>} />
            </a>
          ),
        ]}
      />
    </p>
  );
}

function Group({ goods }: { goods: Goods }) {
  const say = useWords();
  const { place, pieces, parcel, contested } = goods;
  return (
    <li data-place={place}>
      <p>
        <strong>{say(`goods.${place}`)}</strong>
      </p>
      <p class="small soft tabular">
        {pieces.map(({ line, name, quantity }, index) => (
          <span key={line}>
            {index === 0 ? null : say("comma")}
            <Say k="trade.countOf" quantity={quantity} name={<Name>{name}</Name>} />
          </span>
        ))}
      </p>
      {parcel === undefined ? null : <Parcel parcel={parcel} />}
      {contested === undefined ? null : (
        <p class="small" data-contested={contested}>
          {say("goods.contested", { why: say(`contest.${contested}`) })}
        </p>
      )}
    </li>
  );
}

/** Where the goods are that are not accepted or given back yet; nothing where there are none. */
export function GoodsStory({ trade, now }: { trade: TradeView; now: Now }) {
  const there = goodsOf(trade, now);
  if (there.length === 0) return null;
  return (
    <ul class="lines" id="where">
      {there.map((goods) => (
        <Group key={`${goods.place} ${goods.parcel?.number} ${goods.contested}`} goods={goods} />
      ))}
    </ul>
  );
}

const dates = [
  "unshippedUntil",
  "approveBy",
  "shipBy",
  "deliverBy",
  "acceptBy",
  "returnBy",
  "inspectBy",
  "answerBy",
  "decideBy",
  "paymentDate",
  "payBy",
  "claimFrom",
  "coolingOffUntil",
  "reservedUntil",
] as const;

/** The deadlines that still mean something, the nearest first. */
export function datesOf(trade: TradeView, now: Now): { name: (typeof dates)[number]; due: string }[] {
  const { state, frozen, lots, unshippedUntil = null } = trade;
  const coolingOffUntil = withdrawableNow(trade, now)?.until ?? null;
  // A trade that a shop saw last before there were guarantees has no such deadlines.
  const { payBy = null, claimFrom = null } = trade.guarantee ?? {};
  const deadlines = { ...trade.deadlines, payBy, claimFrom, coolingOffUntil, unshippedUntil };
  const isOpen =
    state === "reserved" ||
    state === "delivered" ||
    state === "disputed" ||
    (state === "rejected" && lots.length > 0);
  const unshipped = isOpen && trade.lines.some(({ line }) => unshippedOf(trade, line) > 0);
  const means: Record<(typeof dates)[number], boolean> = {
    approveBy: state === "proposed" || state === "refused",
    shipBy: unshipped && state !== "disputed",
    unshippedUntil: unshipped,
    deliverBy: lots.some(({ at }) => at === "shipped"),
    acceptBy: state !== "disputed",
    returnBy: true,
    inspectBy: true,
    answerBy: true,
    decideBy: true,
    paymentDate: (isOpen || state === "accepted") && state !== "disputed",
    payBy: true,
    claimFrom: true,
    coolingOffUntil: true,
    reservedUntil: isOpen && frozen !== 0,
  };
  return dates
    .flatMap((name) => {
      const due = deadlines[name];
      return due === null || !means[name] ? [] : [{ name, due }];
    })
    .sort((one, other) => Date.parse(one.due) - Date.parse(other.due));
}

/** A deadline is a day where money is paid on it, and an instant otherwise. */
export function When({ due }: { due: string }) {
  return /^\d{4}-\d{2}-\d{2}$/.test(due) ? <Day day={due} /> : <Moment at={due} />;
}

/** Whether the shop has contested all that it has still to look at: then its silence confirms nothing. */
function isContested({ lots }: TradeView): boolean {
  const looked = lots.filter((lot) => isHomeward(lot) || (lot.at === "rejected" && lot.kind !== "wrong"));
  return looked.length > 0 && looked.every(({ contested }) => contested !== undefined);
}

/** What a deadline does: at the end of the reservation goods that have left are looked at, and those that have not are free. */
function wordOf(name: (typeof dates)[number], trade: TradeView, now: Now): WordKey {
  if (name === "deliverBy" && isOver(trade.deadlines.deliverBy, now)) return "silence.deliverLate";
  if (name === "inspectBy" && isContested(trade)) return "silence.inspectContested";
  if (name === "coolingOffUntil" && withdrawableNow(trade, now)?.why === "silence") return "silence.erred";
  if (name !== "reservedUntil") return `silence.${name}`;
  const here = trade.lines.some(({ line }) => unshippedOf(trade, line) > 0);
  return here && trade.unshippedUntil == null ? "silence.reservedUntil" : "silence.reservedLeft";
}

/** What a deadline means for the buyer, said to the buyer. */
const saidToBuyer: ReadonlyMap<WordKey, WordKey> = new Map([
  ["silence.deliverBy", "silence.deliverByYou"],
  ["silence.deliverLate", "silence.deliverLateYou"],
  ["silence.erred", "silence.erredYou"],
  ["silence.inspectBy", "silence.inspectByYou"],
  ["silence.coolingOffUntil", "silence.coolingOffUntilYou"],
  ["silence.claimFrom", "silence.claimFromYou"],
]);

/** What happens if nobody says anything, and when. */
export function Silence({ trade, now, reader }: { trade: TradeView; now: Now; reader?: ActorRole }) {
  const say = useWords();
  const wordFor = (word: WordKey) => (reader === "buyer" ? (saidToBuyer.get(word) ?? word) : word);
  return (
    <dl class="facts" id="silence">
      {datesOf(trade, now).map(({ name, due }) => (
        <div key={name} data-deadline={name}>
          <dt>
            <When due={due} />
          </dt>
          <dd>{say(wordFor(wordOf(name, trade, now)))}</dd>
        </div>
      ))}
    </dl>
  );
}
