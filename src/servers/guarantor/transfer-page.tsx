/** How a member pays what is due on a trade by a bank transfer. Data in, HTML out. */
import { PayingIn, type PayingInView } from "../../edge/arrivals/arrivals.ts";
import {
  Amount,
  Fact,
  type Frame,
  Moment,
  ServerPage,
  TradeNumber,
  useWords,
} from "../../edge/parts/parts.ts";

interface TransferProps {
  frame: Frame;
  number: string;
  due: { currency: string; amount: number; payBy: string | null };
  /** Undefined where the institution takes no transfers. */
  payingIn: PayingInView | undefined;
}

function TransferBody({ number, due: { currency, amount, payBy }, payingIn }: Omit<TransferProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <p>
        <a class="back" href={`/trades/${number}`}>
          ← {say("collect.back")}
        </a>
      </p>
      <h1>{say("collect.transfer")}</h1>
      <section class="sheet" aria-label={say("collect.title")}>
        <p class="big" id="due">
          <Amount amount={amount} currency={currency} />
        </p>
        <dl class="facts two">
          <Fact term={say("fund.number")}>
            <TradeNumber number={number} />
          </Fact>
          {payBy === null ? null : (
            <Fact term={say("fund.until")}>
              <Moment at={payBy} />
            </Fact>
          )}
        </dl>
        <p>{say("collect.exactly")}</p>
      </section>
      {payingIn === undefined ? (
        <p id="none">{say("collect.noTransfer")}</p>
      ) : (
        <PayingIn payingIn={payingIn} />
      )}
    </div>
  );
}

/** `/trades/{number}/transfer`. */
export function TransferPage({ frame, ...body }: TransferProps) {
  return (
    <ServerPage frame={frame} title={useWords()("collect.transfer")} narrow>
      <TransferBody {...body} />
    </ServerPage>
  );
}
