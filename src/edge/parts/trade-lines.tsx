/** The lines of a trade: what it is about, and how much of each is still open. */
import type { ActorRole, TradeLineView, TradeView } from "../../core/protocol/protocol.ts";
import { Amount, Name, Say, useWords } from "./locale.tsx";

/** How many of a line nobody has accepted, rejected or called off yet. */
export function openQuantity({ quantity, accepted, rejected, ended }: TradeLineView): number {
  return quantity - accepted - rejected - ended;
}

/** How many of a line somebody can still accept: those that they have not confirmed before. */
export function acceptableOf(
  { confirmed }: Pick<TradeView, "confirmed">,
  role: ActorRole,
  line: TradeLineView,
): number {
  const before = role === "clock" ? 0 : (confirmed?.[role]?.[line.line - 1] ?? 0);
  return Math.max(0, openQuantity(line) - Math.max(0, before - line.accepted));
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

function Line({ line, currency }: { line: TradeLineView; currency: string | undefined }) {
  const say = useWords();
  const { quantity, unitAmount } = line;
  const seen = counted.filter((what) => line[what] > 0);
  const count = quantity === 1 ? say("trade.piece") : say("trade.pieces", { quantity });
  const priced = unitAmount != null && currency !== undefined;
  return (
    <li data-line={line.line}>
      <div class="spread">
        <strong>
          <Name>{line.name}</Name>
        </strong>
        {priced ? <Amount amount={BigInt(unitAmount) * BigInt(quantity)} currency={currency} /> : null}
      </div>
      <p class="small soft tabular">
        {priced && quantity > 1 ? (
          <Say
            k="trade.each"
            quantity={quantity}
            amount={<Amount amount={unitAmount} currency={currency} />}
          />
        ) : (
          count
        )}
        {seen.map((what) => ` · ${say(lineWords[what], { count: line[what] })}`)}
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
    </>
  );
}
