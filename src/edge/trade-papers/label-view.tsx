/** The label for what goes back to the shop: where to, and by what it is known there. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import {
  Fact,
  type Frame,
  isHomeward,
  isToSend,
  Name,
  parcelsOf,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

interface Place {
  name: string;
  address: string;
  phone: string | null;
}

interface LabelProps {
  frame: Frame;
  trade: TradeView;
  place: Place;
  /** The page of the trade. */
  back: string;
}

function GoingBack({ trade }: { trade: TradeView }) {
  const { lines, lots } = trade;
  const back = lots.filter((lot) => isToSend(lot) || (isHomeward(lot) && lot.home !== "back"));
  return (
    <ul class="lines" id="going-back">
      {lines.flatMap(({ line, name }) => {
        const quantity = back.reduce((sum, lot) => (lot.line === line ? sum + lot.quantity : sum), 0);
        return quantity === 0
          ? []
          : [
              <li key={line}>
                <Say k="trade.countOf" quantity={quantity} name={<Name>{name}</Name>} />
              </li>,
            ];
      })}
    </ul>
  );
}

function LabelBody({ trade, place, back }: Omit<LabelProps, "frame">) {
  const say = useWords();
  const parcels = parcelsOf(trade, isHomeward, ({ back }) => back);
  return (
    <div class="stack-l">
      <a class="back no-print" href={back}>
        ← {say("collect.back")}
      </a>
      <h1>{say("label.title")}</h1>
      <p class="no-print">{say("label.lead")}</p>
      <section class="sheet" aria-labelledby="label-to">
        <h2 id="label-to">{say("label.to")}</h2>
        <p class="address" id="label-address">
          <strong>
            <Name>{place.name}</Name>
          </strong>
          {place.address.split("\n").map((row) => (
            <>
              <br />
              <Name>{row}</Name>
            </>
          ))}
          {place.phone === null ? null : (
            <>
              <br />
              <Name>{place.phone}</Name>
            </>
          )}
        </p>
        <p>{say("trade.number")}</p>
        <p class="big" id="label-number">
          <TradeNumber number={trade.number} />
        </p>
        <dl class="facts">
          {trade.reference === null ? null : (
            <Fact term={say("trade.reference")}>
              <Name>{trade.reference}</Name>
            </Fact>
          )}
          {parcels.length === 0 ? null : (
            <Fact term={say("act.parcel")}>
              <span id="label-parcel">
                {parcels.map((number, index) => (
                  <>
                    {index === 0 ? null : say("comma")}
                    <Name>{number}</Name>
                  </>
                ))}
              </span>
            </Fact>
          )}
        </dl>
        <h3>{say("label.goods")}</h3>
        <GoingBack trade={trade} />
      </section>
    </div>
  );
}

/** `/trades/{number}/label`. */
export function LabelPage({ frame, ...props }: LabelProps) {
  return (
    <ServerPage frame={frame} title={useWords()("label.title")} narrow>
      <LabelBody {...props} />
    </ServerPage>
  );
}
