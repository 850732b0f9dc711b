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
import { Beside } from "./notices.tsx";

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

/** What a line is called by its kind; nothing where its own name says so already, or where it is goods. */
function useKind({ kind, name }: AgreedLineView): string | null {
  const say = useWords();
  const what = kind === undefined || kind === "goods" ? undefined : say(`trade.kind.${kind}`);
  const [said, named] = [what ?? "", name.trim()].map((text) => text.toLowerCase());
  return what === undefined || said?.includes(named ?? "") || named?.includes(said ?? "") ? null : what;
}

/** How many there are, and what one costs; nothing of a single thing that follows the goods. */
function Count({ line, currency }: { line: AgreedLineView; currency: string | undefined }) {
  const say = useWords();
  const { quantity, unitAmount } = line;
  if (unitAmount != null && currency !== undefined && quantity > 1)
    return (
      <Say k="trade.each" quantity={quantity} amount={<Amount amount={unitAmount} currency={currency} />} />
    );
  return quantity === 1 ? say("trade.piece") : say("trade.pieces", { quantity });
}

/** What is said of a line beside its name: its kind, how many, the tax, what it is worth, and how it stands. */
function Said({ line, currency }: { line: TradeLineView; currency: string | undefined }) {
  const say = useWords();
  const { worth, kind, quantity, taxRate } = line;
  const rate = typeof taxRate === "number" ? `${taxRate} %` : taxRate;
  const isSingle = followsGoods(kind) && quantity === 1;
  const said = [
    useKind(line),
    isSingle ? null : <Count line={line} currency={currency} />,
    rate === undefined ? null : <Say k="trade.taxRate" rate={<Name>{rate}</Name>} />,
    worth === undefined || currency === undefined ? null : (
      <Say k="trade.worth" amount={<Amount amount={worth} currency={currency} />} />
    ),
    ...counted.filter((what) => line[what] > 0).map((what) => say(lineWords[what], { count: line[what] })),
  ];
  if (said.every((item) => item === null)) return null;
  return (
    <p class="small soft tabular">
      <Beside items={said} />
    </p>
  );
}

function Line({ line, currency }: { line: TradeLineView; currency: string | undefined }) {
  const { kind = "goods", image } = line;
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
      <Said line={line} currency={currency} />
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
      {amount != null && lines.some(({ kind }) => followsGoods(kind)) ? (
        <p class="soft small">{say("trade.follows")}</p>
      ) : null}
    </>
  );
}
