/** What a trade costs whose own server does not know it. */
import { Amount, type Frame, Name, Say, ServerPage, TradeNumber, useWords } from "../parts/parts.ts";

/** What shops have told of one trade, without the names of goods: this server does not know those. */
export interface ToldProps {
  frame: Frame;
  trade: string;
  /** The server that carries the trade. */
  server: string;
  /** Whether the server has named the shop: then only its words are here, and they are what was frozen. */
  reserved: boolean;
  told: {
    shop: string;
    currency: string;
    amount: bigint;
    lines: { quantity: number; unitAmount?: number; amount?: number }[];
  }[];
}

function ToldBody({ trade, server, reserved, told }: ToldProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <div>
        <p class="kicker">
          <TradeNumber number={trade} />
        </p>
        <h1>{say("told.title")}</h1>
      </div>
      <p class="lead" id={reserved ? "frozen" : "which"}>
        <Say k={reserved ? "told.lead" : "told.which"} server={<Name>{server}</Name>} />
      </p>
      {told.map(({ shop, currency, amount, lines }) => (
        <section class="sheet" key={shop}>
          <p>
            <Say k="told.by" shop={<Name>{shop}</Name>} />
          </p>
          <p class="big">
            <Amount amount={amount} currency={currency} />
          </p>
          <ul class="lines">
            {lines.map(({ quantity, unitAmount, amount: whole }, index) => (
              <li key={index} class="spread">
                <span>
                  {quantity === 1 ? (
                    say("trade.piece")
                  ) : unitAmount === undefined ? (
                    <Say k="trade.pieces" quantity={quantity} />
                  ) : (
                    <Say
                      k="trade.each"
                      quantity={quantity}
                      amount={<Amount amount={unitAmount} currency={currency} />}
                    />
                  )}
                </span>
                <Amount
                  amount={unitAmount === undefined ? (whole ?? 0) : BigInt(unitAmount) * BigInt(quantity)}
                  currency={currency}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** `/amounts/{peer}/{number}`: what a trade costs whose own server does not know it. */
export function ToldPage(props: ToldProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("told.title")} narrow>
      <ToldBody {...props} />
    </ServerPage>
  );
}
