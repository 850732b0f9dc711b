/** The lines of a trade: what it is about, what it costs, and how much of each is still open. */
import { shareOf } from "../../core/money/money.ts";
import {
  type ActorRole,
  type AgreedLineView,
  followsGoods,
  type TradeLineView,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { useContext } from "preact/hooks";
import { Amount, Name, Reading, Say, useWords } from "./locale.tsx";

/** How many of a line nobody has accepted, rejected or called off yet. */
export function openQuantity(line: TradeLineView): number {
  const { accepted, rejected, ended } = line;
  return piecesOf(line) - accepted - rejected - ended;
}

/** How many pieces of a line can be under way: none of what follows the goods. */
function piecesOf({ kind, quantity }: Pick<AgreedLineView, "kind" | "quantity">): number {
  return followsGoods(kind) ? 0 : quantity;
}

/** The price of all pieces of a line, in minor units; undefined where the reader sees none. */
function priceOf({ amount, unitAmount, quantity }: AgreedLineView): bigint | undefined {
  if (amount !== undefined) return BigInt(amount);
  return unitAmount == null ? undefined : BigInt(unitAmount) * BigInt(quantity);
}

/** What the first pieces of a line are paid with, in minor units (docs/trades.md, Carts); undefined without prices. */
function worthUpTo(line: TradeLineView, count: number): bigint | undefined {
  const { worth, amount, unitAmount, quantity } = line;
  const whole = worth ?? amount;
  if (piecesOf(line) === 0) return 0n;
  if (whole !== undefined) return shareOf(BigInt(count), BigInt(quantity), BigInt(whole));
  return unitAmount == null ? undefined : BigInt(unitAmount) * BigInt(count);
}

/** How many of a line somebody can still accept: those that they have not confirmed before. */
export function acceptableOf(
  { confirmed }: Pick<TradeView, "confirmed">,
  role: ActorRole,
  line: TradeLineView,
): number {
  const before = role === "clock" || role === "collector" ? 0 : (confirmed?.[role]?.[line.line - 1] ?? 0);
  return Math.max(0, openQuantity(line) - Math.max(0, before - line.accepted));
}

/** What the next pieces of a line are paid with that are accepted. */
export function nextWorthOf(line: TradeLineView, quantity: number): bigint | undefined {
  const [from, to] = [line.accepted, line.accepted + quantity].map((count) => worthUpTo(line, count));
  return from === undefined || to === undefined ? undefined : to - from;
}

/** What the last pieces of a line are worth, which are given back next; of goods that are paid it may differ by the rounding. */
export function lastWorthOf(line: TradeLineView, quantity: number): bigint | undefined {
  const left = piecesOf(line) - line.returned - line.ended;
  const [from, to] = [left - quantity, left].map((count) => worthUpTo(line, Math.max(0, count)));
  return from === undefined || to === undefined ? undefined : to - from;
}

/** What the pieces of a line are worth that are neither accepted nor given back. */
export function openWorthOf(line: TradeLineView): bigint | undefined {
  const { accepted, returned, ended } = line;
  return nextWorthOf(line, piecesOf(line) - accepted - returned - ended);
}

const lineWords = {
  delivered: "trade.lineDelivered",
  accepted: "trade.lineAccepted",
  rejected: "trade.lineRejected",
  returned: "trade.lineReturned",
  withdrawn: "trade.lineWithdrawn",
  ended: "trade.lineEnded",
} as const;
const counted = ["delivered", "accepted", "rejected", "returned", "withdrawn", "ended"] as const;

/** A picture of the goods, where it stands at a place from which this server's pages show some. */
function Picture({ image }: { image: string | undefined }) {
  const { images } = useContext(Reading);
  if (image === undefined || !URL.canParse(image) || !images.includes(new URL(image).origin)) return null;
  return <img src={image} alt="" width="80" height="60" loading="lazy" referrerpolicy="no-referrer" />;
}

/** How many there are, what one costs, and what is said of the tax. */
function Count({ line, currency }: { line: AgreedLineView; currency: string | undefined }) {
  const say = useWords();
  const { kind, quantity, unitAmount, taxRate } = line;
  const priced = unitAmount != null && currency !== undefined;
  const count = quantity === 1 ? say("trade.piece") : say("trade.pieces", { quantity });
  const rate = typeof taxRate === "number" ? `${taxRate} %` : taxRate;
  const what = kind === undefined || kind === "goods" ? undefined : say(`trade.kind.${kind}`);
  // A line that is named by what it is need not be told twice.
  const said = what === undefined || what.toLowerCase() === line.name.trim().toLowerCase();
  return (
    <>
      {said ? null : what}
      {said || (followsGoods(kind) && quantity === 1) ? null : " · "}
      {priced && quantity > 1 ? (
        <Say k="trade.each" quantity={quantity} amount={<Amount amount={unitAmount} currency={currency} />} />
      ) : followsGoods(kind) && quantity === 1 ? null : (
        count
      )}
      {rate === undefined ? null : (
        <>
          {" · "}
          <Say k="trade.taxRate" rate={<Name>{rate}</Name>} />
        </>
      )}
    </>
  );
}

function Line({ line, currency }: { line: TradeLineView; currency: string | undefined }) {
  const say = useWords();
  const { worth, kind = "goods", image } = line;
  const seen = counted.filter((what) => line[what] > 0);
  const price = currency === undefined ? undefined : priceOf(line);
  return (
    <li data-line={line.line} data-kind={kind}>
      <Picture image={image} />
      <div class="spread">
        <strong>
          <Name>{line.name}</Name>
        </strong>
        {price === undefined || currency === undefined ? null : <Amount amount={price} currency={currency} />}
      </div>
      <p class="small soft tabular">
        <Count line={line} currency={currency} />
        {worth === undefined || currency === undefined ? null : (
          <>
            {" · "}
            <Say k="trade.worth" amount={<Amount amount={worth} currency={currency} />} />
          </>
        )}
        {seen.map((what) => (
          <>
            {" · "}
            <span class="whole">{say(lineWords[what], { count: line[what] })}</span>
          </>
        ))}
      </p>
    </li>
  );
}

/** What the trade is about, with its total where the reader may see it. */
export function Lines({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { lines, amount, currency } = trade;
  return (
    <>
      {lines.length === 0 ? null : (
        <ul class="lines">
          {lines.map((line) => (
            <Line key={line.line} line={line} currency={currency} />
          ))}
        </ul>
      )}
      {amount == null || currency === undefined ? null : (
        <p class="spread total">
          <span>{say("trade.total")}</span>
          <Amount amount={amount} currency={currency} />
        </p>
      )}
      {lines.some(({ kind }) => followsGoods(kind)) ? <p class="soft small">{say("trade.follows")}</p> : null}
    </>
  );
}
