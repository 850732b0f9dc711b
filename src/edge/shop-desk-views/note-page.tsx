/** The delivery note, which is printed and put into the parcel. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import {
  Fact,
  type Frame,
  Name,
  Say,
  ServerPage,
  TradeNumber,
  unshippedOf,
  useWords,
} from "../parts/parts.ts";
import type { SendTo } from "./order-page.tsx";

export interface NoteShown {
  frame: Frame;
  trade: TradeView;
  to?: SendTo | undefined;
  /** The code of a recipient who accepts; it stands inside of the parcel, never on it. */
  code?: string | undefined;
  /** The trade number for a camera: one path of squares, and how many are on a side. */
  squares: { path: string; side: number };
  /** Where the buyer says how the goods are. */
  place: string;
}

function Goods({ trade }: { trade: TradeView }) {
  const say = useWords();
  const goods = trade.lines.flatMap(({ line, name }) => {
    const quantity = unshippedOf(trade, line);
    return quantity > 0 ? [{ line, name, quantity }] : [];
  });
  if (goods.length === 0) return <p>{say("shopNote.all")}</p>;
  return (
    <ul class="lines" id="note-goods">
      {goods.map(({ line, name, quantity }) => (
        <li key={line}>
          {quantity} × <Name>{name}</Name>
        </li>
      ))}
    </ul>
  );
}

function Note({ trade, to, code, squares, place }: Omit<NoteShown, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <a class="back no-print" href={`/shop/orders/${trade.number}`}>
        ← <Say k="shop.order" number={<TradeNumber number={trade.number} />} />
      </a>
      <h1>{say("shopNote.title")}</h1>
      <p class="no-print">{say("shopNote.lead")}</p>
      <section class="sheet stack" aria-labelledby="note-shop">
        <h2 id="note-shop">
          <Name>{trade.shopName}</Name>
        </h2>
        {to === undefined ? null : (
          <dl class="facts">
            <Fact term={say("shopNote.to")}>
              <Name>{to.name}</Name>
            </Fact>
          </dl>
        )}
        <p>{say("trade.number")}</p>
        <p class="big" id="note-number">
          <TradeNumber number={trade.number} />
        </p>
        <svg
          class="squares"
          id="note-square"
          viewBox={`0 0 ${squares.side} ${squares.side}`}
          width="150"
          height="150"
          role="img"
          aria-label={say("shopNote.square")}
          shape-rendering="crispEdges"
        >
          <rect width={squares.side} height={squares.side} fill="#fff" />
          <path d={squares.path} fill="#000" />
        </svg>
        {trade.reference === null ? null : (
          <dl class="facts">
            <Fact term={say("shopForm.reference")}>
              <Name>{trade.reference}</Name>
            </Fact>
          </dl>
        )}
        <h3>{say("shopNote.goods")}</h3>
        <Goods trade={trade} />
        {code === undefined ? null : (
          <>
            <h3>{say("shopNote.code")}</h3>
            <p class="big tabular" id="note-code">{`${code.slice(0, 4)} ${code.slice(4)}`}</p>
            <p class="soft">{say("shopNote.codeHint")}</p>
          </>
        )}
        <p>{say("shopNote.how", { place })}</p>
      </section>
    </div>
  );
}

/** `/shop/orders/{number}/note`. */
export function NotePage({ frame, ...props }: NoteShown) {
  return (
    <ServerPage frame={frame} title={useWords()("shopNote.title")} here="shop" narrow>
      <Note {...props} />
    </ServerPage>
  );
}
