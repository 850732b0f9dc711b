/** Seller, terms and deadlines of a trade, and to whom it is brought. */
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import {
  datesOf,
  Day,
  Fact,
  Name,
  type Now,
  useRoles,
  useSpan,
  useWords,
  When,
  whoseWord,
} from "../parts/parts.ts";
import { goodsOnly } from "./trade-acts.ts";

/** The deadlines of those whom money does not concern; the others read what each of them does. */
const goodsDates = ["shipBy", "deliverBy", "acceptBy", "returnBy", "inspectBy"] as const;

function GoodsDates({ trade, now }: { trade: TradeView; now: Now }) {
  const say = useWords();
  return (
    <>
      {datesOf(trade, now).flatMap(({ name, due }) => {
        const shown = goodsDates.find((each) => each === name);
        return shown === undefined
          ? []
          : [
              <Fact key={name} term={say(`deadline.${shown}`)}>
                <When due={due} />
              </Fact>,
            ];
      })}
    </>
  );
}

/** How long the buyer may change their mind, and whether goods go back then. */
function CoolingOff({ of }: { of: NonNullable<TradeView["coolingOff"]> }) {
  const say = useWords();
  const span = useSpan();
  return (
    <Fact term={say("trade.coolingOff")}>
      {say(of.goods === "keep" ? "trade.coolingOffKeep" : "trade.coolingOffReturn", { span: span(of.for) })}
    </Fact>
  );
}

/** Seller, numbers, terms and dates of a trade. */
export function TradeFacts({ trade, now, reader }: { trade: TradeView; now: Now; reader: ActorRole }) {
  const say = useWords();
  const roles = useRoles(reader);
  const { acceptance, payment, reference } = trade;
  return (
    <dl class="facts">
      <Fact term={say("trade.seller")}>
        <Name>{trade.shopName}</Name>
      </Fact>
      {reference === null ? null : (
        <Fact term={say("trade.reference")}>
          <Name>{reference}</Name>
        </Fact>
      )}
      {payment === undefined ? null : (
        <Fact term={say("trade.payment")}>
          {payment.on === "date" ? (
            <Day day={payment.date} />
          ) : (
            say(payment.on === "collection" ? "trade.onCollection" : "trade.onAcceptance")
          )}
        </Fact>
      )}
      <Fact term={say("trade.acceptors")}>{roles(acceptance.by, acceptance.need > 1 ? "and" : "or")}</Fact>
      {acceptance.place === null ? null : (
        <Fact term={say("trade.place")}>
          <Name>{acceptance.place}</Name>
        </Fact>
      )}
      <Fact term={say("trade.word")}>
        <span id="word">{roles(whoseWord(trade), "or")}</span>
      </Fact>
      {trade.coolingOff == null ? null : <CoolingOff of={trade.coolingOff} />}
      {goodsOnly(reader) ? <GoodsDates trade={trade} now={now} /> : null}
    </dl>
  );
}

export interface Addressee {
  name: string;
  address: string | null;
  phone: string | null;
}

/** To whom a carrier or a provider brings it. */
export function BringTo({ to }: { to: Addressee }) {
  const say = useWords();
  const phone = to.phone?.replaceAll(/[^+0-9]/g, "");
  return (
    <section class="sheet" aria-labelledby="bring-to">
      <h2 id="bring-to">{say("deliveries.to")}</h2>
      <p id="addressee">
        <strong>
          <Name>{to.name}</Name>
        </strong>
        {to.address === null ? null : (
          <>
            <br />
            <Name>{to.address}</Name>
          </>
        )}
      </p>
      {to.phone === null || phone === undefined || phone === "" ? null : (
        <p>
          <a href={`tel:${phone}`} id="call">
            <Name>{to.phone}</Name>
          </a>
        </p>
      )}
    </section>
  );
}
