/** A receipt of a trade for people: what it came to, what happened, and that the server has signed it. */
import type { ActorRole, TradeEventView, TradeView } from "../../core/protocol/protocol.ts";
import type { Receipt } from "../../engines/trades/trades.ts";
import {
  Amount,
  Fact,
  type Frame,
  Lines,
  Moment,
  Name,
  Notice,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { EventList, eventsFor } from "../trade-views/trade-views.ts";

interface ReceiptProps {
  frame: Frame;
  trade: TradeView;
  role: ActorRole;
  events: TradeEventView[];
  /** Undefined while nothing of it is in the log. */
  receipt: Receipt | undefined;
  /** Something of it is still on its way into the log. */
  behind: boolean;
}

/** What a signed note says first: whose log it is, how long it is, and its root. */
function Signed({ receipt }: { receipt: Receipt }) {
  const say = useWords();
  const [origin = "", size = "", root = ""] = receipt.checkpoints.at(-1)?.split("\n") ?? [];
  return (
    <dl class="facts" id="signed">
      <Fact term={say("paper.log")}>
        <Name>{origin}</Name>
      </Fact>
      <Fact term={say("paper.size")}>{size}</Fact>
      <Fact term={say("paper.root")}>
        <code>{root}</code>
      </Fact>
      {receipt.witnesses.length === 0 ? null : (
        <Fact term={say("paper.witnesses")}>
          {receipt.witnesses.map((name, index) => (
            <>
              {index === 0 ? null : say("comma")}
              <Name>{name}</Name>
            </>
          ))}
        </Fact>
      )}
    </dl>
  );
}

function Sums({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { currency, settled, refunded, frozen } = trade;
  if (currency === undefined || settled == null) return null;
  return (
    <dl class="facts two" id="sums">
      <Fact term={say("money.settled")}>
        <Amount amount={settled} currency={currency} />
      </Fact>
      {(refunded ?? 0) === 0 ? null : (
        <Fact term={say("state.paidBack")}>
          <Amount amount={refunded ?? 0} currency={currency} />
        </Fact>
      )}
      {(frozen ?? 0) === 0 ? null : (
        <Fact term={say("money.frozen")}>
          <Amount amount={frozen ?? 0} currency={currency} />
        </Fact>
      )}
    </dl>
  );
}

function ReceiptBody({ frame, trade, role, events, receipt, behind }: ReceiptProps) {
  const say = useWords();
  const proven = receipt?.steps.length ?? 0;
  return (
    <div class="stack-l">
      <a class="back no-print" href={`/trades/${trade.number}`}>
        ← {say("collect.back")}
      </a>
      <h1>
        <Say k="paper.title" number={<TradeNumber number={trade.number} />} />
      </h1>
      <p id="receipt-by">
        <Say
          k="paper.by"
          shop={<Name>{trade.shopName}</Name>}
          server={<Name>{frame.face.name}</Name>}
          at={<Moment at={trade.updatedAt} />}
        />
      </p>
      {behind ? (
        <Notice tone="hold" id="behind">
          <p>{say("paper.behind")}</p>
        </Notice>
      ) : null}
      <section class="sheet" aria-labelledby="lines">
        <h2 id="lines">{say("trade.what")}</h2>
        <Lines trade={trade} />
        <Sums trade={trade} />
      </section>
      <section class="sheet" aria-labelledby="history">
        <h2 id="history">{say("trade.history")}</h2>
        <EventList events={eventsFor(events, role)} currency={trade.currency} />
      </section>
      <section class="sheet" aria-labelledby="proof">
        <h2 id="proof">{say("paper.proof")}</h2>
        {receipt === undefined ? (
          <p>{say("paper.none")}</p>
        ) : (
          <>
            <p id="proven">{say("paper.proven", { count: proven, all: events.length })}</p>
            <Signed receipt={receipt} />
            <p class="no-print">
              <a
                id="receipt-file"
                href={`/v1/trades/${trade.number}/receipt`}
                download={`receipt-${trade.number}.json`}
              >
                {say("paper.file")}
              </a>
            </p>
          </>
        )}
      </section>
    </div>
  );
}

/** `/trades/{number}/receipt`. */
export function ReceiptPage(props: ReceiptProps) {
  const title = useWords()("paper.title", { number: props.trade.number });
  return (
    <ServerPage frame={props.frame} title={title} narrow>
      <ReceiptBody {...props} />
    </ServerPage>
  );
}
