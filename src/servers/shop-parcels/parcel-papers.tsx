/**
 * The papers of one parcel, to be printed: the label that stands on it, which whoever carries it reads, and the slip that
 * lies in it. Only the slip has the code of a present's recipient, and neither has a price.
 */
import type { TradeView } from "../../core/protocol/protocol.ts";
import { Name, Page, TradeNumber } from "../../edge/parts/parts.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import { Bars, Squares } from "./symbols.tsx";

export interface Parcel {
  shop: string;
  timeZone: string;
  /** The shop's own number of the order. */
  order: string;
  /** The trade under which it is paid. */
  trade: string;
  lines: TradeView["lines"];
  to: { name: string; kana: string | undefined; address: string; phone: string | undefined };
  /** A present that its recipient accepts: their code, and where they find it. */
  present:
    | { code: string; address: string; from: string | undefined; greeting: string | undefined }
    | undefined;
}

function Label({ parcel: { shop, order, trade, to } }: { parcel: Parcel }) {
  const say = useShopWords();
  return (
    <section class="sheet paper" id="label" aria-labelledby="label-title">
      <h2 id="label-title" class="no-print">
        {say("parcel.outside")}
      </h2>
      <p class="small">
        <ShopSay k="parcel.from" shop={<Name>{shop}</Name>} />
      </p>
      <p class="lead">
        <strong>
          <Name>{to.name}</Name>
        </strong>
        {to.kana === undefined ? null : (
          <>
            <br />
            <span class="small">{to.kana}</span>
          </>
        )}
        <br />
        <Name>{to.address}</Name>
        {to.phone === undefined ? null : (
          <>
            <br />
            <Name>{to.phone}</Name>
          </>
        )}
      </p>
      <Bars digits={trade} />
      <p>
        <TradeNumber number={trade} />
        <br />
        <span class="small soft">{say("parcel.order", { order })}</span>
      </p>
    </section>
  );
}

function Present({ trade, present }: { trade: string; present: NonNullable<Parcel["present"]> }) {
  const say = useShopWords();
  const { code, address, from, greeting } = present;
  return (
    <>
      {from === undefined ? null : (
        <p class="lead" id="slip-from">
          <ShopSay k="parcel.presentFrom" from={<Name>{from}</Name>} />
        </p>
      )}
      {greeting === undefined ? null : (
        <blockquote id="slip-greeting">
          <Name>{greeting}</Name>
        </blockquote>
      )}
      <h3>{say("parcel.code")}</h3>
      <p class="big tabular" id="parcel-code">{`${code.slice(0, 4)} ${code.slice(4)}`}</p>
      <p>{say("parcel.how")}</p>
      <Squares address={address} label={say("parcel.symbol")} />
      <p class="small">
        <ShopSay k="parcel.noLink" address={<bdi>{address.split("?")[0] ?? address}</bdi>} />
      </p>
      <p class="small">
        <TradeNumber number={trade} />
      </p>
    </>
  );
}

function Slip({ parcel: { shop, order, trade, lines, to, present } }: { parcel: Parcel }) {
  const say = useShopWords();
  return (
    <section class="sheet paper" id="slip" aria-labelledby="slip-title">
      <p class="no-print soft">{say("parcel.inside")}</p>
      <h2 id="slip-title">
        <ShopSay k={present === undefined ? "parcel.for" : "parcel.present"} name={<Name>{to.name}</Name>} />
      </h2>
      {present === undefined ? null : <Present trade={trade} present={present} />}
      <h3>{say("parcel.contents")}</h3>
      <ul class="lines">
        {lines
          .filter(({ kind }) => kind === undefined || kind === "goods")
          .map(({ line, name, quantity }) => (
            <li key={line}>
              {quantity} × <Name>{name}</Name>
            </li>
          ))}
      </ul>
      <p class="small soft">
        <Name>{shop}</Name>
        {say("comma")}
        {say("parcel.order", { order })}
      </p>
    </section>
  );
}

/** `/staff/orders/{number}/papers`. */
export function ParcelPapers({ parcel, styles }: { parcel: Parcel; styles: string }) {
  const say = useShopWords();
  const title = say("parcel.title", { order: parcel.order });
  return (
    <Page title={title} timeZone={parcel.timeZone} owner={{ name: parcel.shop, home: "/staff" }} narrow>
      <link rel="stylesheet" href={styles} />
      <div class="stack-l">
        <a class="back" href={`/staff/orders/${parcel.order}`}>
          {say("parcel.back", { order: parcel.order })}
        </a>
        <h1 class="no-print">{title}</h1>
        <p class="no-print">{say("parcel.lead")}</p>
        <Label parcel={parcel} />
        <Slip parcel={parcel} />
      </div>
    </Page>
  );
}
