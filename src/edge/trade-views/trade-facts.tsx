/** Seller, terms and deadlines of a trade, to whom it is brought, and what is to be paid at a collector. */
import { type ActorRole, problem, problemCodes, type TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  datesOf,
  Day,
  type Face,
  Fact,
  Moment,
  Name,
  Notice,
  type Now,
  Say,
  titleOf,
  TradeNumber,
  useLanguage,
  useRoles,
  useSpan,
  useWords,
  When,
  whoseWord,
  MoneyBar,
  goodsOf,
  GoodsStory,
  Lines,
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

function PaidWhen({ payment }: { payment: NonNullable<TradeView["payment"]> }) {
  const say = useWords();
  const span = useSpan();
  if (payment.on === "date") return <Day day={payment.date} />;
  if (payment.on === "acceptance") return <>{say("trade.onAcceptance")}</>;
  return <>{say("trade.onCollection", { span: span(payment.within) })}</>;
}

/** Seller, numbers, terms and dates of a trade. */
export function TradeFacts({ trade, now, reader }: { trade: TradeView; now: Now; reader: ActorRole }) {
  const say = useWords();
  const roles = useRoles(reader, reader === "shop" ? "you.ownShop" : "you");
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
          <PaidWhen payment={payment} />
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
  kana: string | null;
  address: string | null;
  phone: string | null;
}

/** To whom a carrier or a provider brings it. */
export function BringTo({ to, role }: { to: Addressee; role: ActorRole }) {
  const say = useWords();
  const phone = to.phone?.replaceAll(/[^+0-9]/g, "");
  return (
    <section class="sheet" aria-labelledby="bring-to">
      <h2 id="bring-to">{say(role === "provider" ? "services.to" : "deliveries.to")}</h2>
      <p id="addressee">
        <strong>
          <Name>{to.name}</Name>
        </strong>
        {to.kana === null ? null : (
          <>
            <br />
            <span class="small soft">{to.kana}</span>
          </>
        )}
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

/** What became of the money that was taken at the door: to whoever took it as theirs, to the others as said by them. */
export function Taken({ trade: { taking }, role }: { trade: TradeView; role: ActorRole }) {
  const lang = useLanguage();
  if (taking === undefined) return null;
  const { state, amount, currency, code } = taking;
  const sum = <Amount amount={amount} currency={currency} />;
  const why = problemCodes.find((each) => each === code);
  const whose = role === "carrier" ? "own" : "other";
  return (
    <Notice tone={state === "taken" ? "good" : state === "asked" ? "hold" : "care"} id="taking">
      <p data-taking={state}>
        <Say k={`taking.${whose}.${state}`} amount={sum} />
      </p>
      {why === undefined ? null : <p>{titleOf(problem(why), lang)}</p>}
    </Notice>
  );
}

/** For whoever brought the goods: what was accepted is to be paid, and where those who take money at the door take it. */
export function ToTake({ trade, counters }: { trade: TradeView; counters: Face["counters"] }) {
  const say = useWords();
  if (counters === undefined || trade.deadlines.payBy === null || trade.taking?.state === "asked")
    return null;
  return (
    <section class="sheet" aria-labelledby="to-take" id="take">
      <h2 id="to-take">{say("collect.title")}</h2>
      <p>{say("collect.atDoor")}</p>
      <p>
        <a href="/collecting">{say("taking.toTie")}</a>
      </p>
      {counters.map(({ name, url }) => (
        <p>
          <a href={`${url}?number=${trade.number}`}>
            <Say k="collect.counter" name={<Name>{name}</Name>} />
          </a>
        </p>
      ))}
    </section>
  );
}

/** What the buyer has to pay at a collector, and with what number. */
export function ToPay({ trade }: { trade: TradeView }) {
  const say = useWords();
  const { guarantee, currency = "", number } = trade;
  if (guarantee === undefined || guarantee.due === 0) return null;
  return (
    <section class="sheet" aria-labelledby="to-pay" id="pay">
      <h2 id="to-pay">{say("collect.title")}</h2>
      <p class="big" id="due">
        <Amount amount={guarantee.due} currency={currency} />
      </p>
      {guarantee.payBy === null ? null : (
        <p id="pay-by">
          <Say k="collect.by" until={<Moment at={guarantee.payBy} />} />
        </p>
      )}
      <p>{say("collect.where")}</p>
      <p class="big" id="pay-number">
        <TradeNumber number={number} />
      </p>
      <p>
        <a id="slip" href={`/v1/guarantees/${number}/slip`}>
          {say("collect.slip")}
        </a>
      </p>
      <p>
        <a id="by-transfer" href={`/trades/${number}/transfer`}>
          {say("collect.transfer")}
        </a>
      </p>
      <p class="soft small">{say("collect.unpaid")}</p>
    </section>
  );
}

/** The shop would like other terms than those that stand. */
export function OtherTerms({ trade: { revisionAsked, currency } }: { trade: TradeView }) {
  const say = useWords();
  if (revisionAsked == null) return null;
  const { amount, until } = revisionAsked;
  return (
    <Notice tone="hold" id="other-terms" title={say("revision.title")}>
      {amount === null || currency === undefined ? null : (
        <p>
          <Say k="revision.amount" amount={<Amount amount={amount} currency={currency} />} />
        </p>
      )}
      <p>
        <Say k="revision.stays" until={<Moment at={until} />} />
      </p>
    </Notice>
  );
}

/** Where the money is. */
export function Money({ trade, role }: { trade: TradeView; role?: ActorRole }) {
  const say = useWords();
  const own = role === "buyer";
  const { amount, currency } = trade;
  if (amount === undefined || currency === undefined) return null;
  if (amount === null) return <p id="private">{say("trade.private")}</p>;
  const [frozen, settled, released] = [trade.frozen ?? 0, trade.settled ?? 0, trade.released ?? 0];
  const refunded = trade.refunded ?? 0;
  return (
    <section class="sheet" aria-labelledby="money">
      <div>
        <h2 id="money">{say("trade.money")}</h2>
        <p class="big" id="amount">
          <Amount amount={amount} currency={currency} />
        </p>
      </div>
      {frozen + settled + released === 0 ? null : (
        <MoneyBar amount={amount} frozen={frozen} settled={settled} released={released} currency={currency} />
      )}
      {refunded > 0 ? (
        <p>
          <Say
            k={own ? "trade.refundedYou" : "trade.refunded"}
            amount={<Amount amount={refunded} currency={currency} />}
          />
        </p>
      ) : null}
      {trade.refundDue == null || trade.refundDue === 0 ? null : (
        <p id="refund-due">
          <Say
            k={own ? "trade.refundDueYou" : "trade.refundDue"}
            amount={<Amount amount={trade.refundDue} currency={currency} />}
          />
        </p>
      )}
    </section>
  );
}

/** Where the goods are that somebody still has to do something about. */
export function WhereGoodsAre({ trade, now }: { trade: TradeView; now: Now }) {
  const say = useWords();
  if (goodsOf(trade, now).length === 0 || trade.earmark?.state === "open") return null;
  return (
    <section class="sheet" aria-labelledby="goods">
      <h2 id="goods">{say("trade.goods")}</h2>
      <GoodsStory trade={trade} now={now} />
    </section>
  );
}

/** What the trade is about, line by line. */
export function WhatItIs({ trade }: { trade: TradeView }) {
  return (
    <section class="sheet" aria-labelledby="lines">
      <h2 id="lines">{useWords()("trade.what")}</h2>
      <Lines trade={trade} />
    </section>
  );
}
