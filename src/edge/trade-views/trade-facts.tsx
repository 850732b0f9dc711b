/** Seller, terms and deadlines of a trade, and to whom it is brought. */
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import { Day, Fact, Moment, Name, useRoles, useWords } from "../parts/parts.ts";
import { goodsOnly } from "./trade-acts.ts";

const deadlineNames = [
  "approveBy",
  "shipBy",
  "reservedUntil",
  "acceptBy",
  "paymentDate",
  "coolingOffUntil",
] as const;

/** The deadlines that still mean something in the state the trade is in. */
function deadlinesShown(
  { deadlines, state }: TradeView,
  goods: boolean,
): { name: (typeof deadlineNames)[number]; due: string }[] {
  const open = state === "reserved" || state === "delivered" || state === "rejected" || state === "proposed";
  const shown = {
    approveBy: state === "proposed" || state === "refused",
    shipBy: state === "reserved",
    reservedUntil: open,
    acceptBy: state === "delivered",
    paymentDate: open || state === "accepted",
    coolingOffUntil: state === "settled" || state === "accepted",
  };
  return deadlineNames.flatMap((name) => {
    const due = deadlines[name];
    const concerns = !goods || name === "shipBy" || name === "acceptBy";
    return due === null || !shown[name] || !concerns ? [] : [{ name, due }];
  });
}

/** A deadline is a day where money is paid on it, and an instant otherwise. */
function When({ due }: { due: string }) {
  return /^\d{4}-\d{2}-\d{2}$/.test(due) ? <Day day={due} /> : <Moment at={due} />;
}

/** Seller, numbers, terms and dates of a trade. */
export function TradeFacts({ trade, reader = "buyer" }: { trade: TradeView; reader?: ActorRole }) {
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
          {payment.on === "date" ? <Day day={payment.date} /> : say("trade.onAcceptance")}
        </Fact>
      )}
      <Fact term={say("trade.acceptors")}>{roles(acceptance.by, acceptance.need > 1 ? "and" : "or")}</Fact>
      {acceptance.place === null ? null : (
        <Fact term={say("trade.place")}>
          <Name>{acceptance.place}</Name>
        </Fact>
      )}
      {deadlinesShown(trade, goodsOnly(reader)).map(({ name, due }) => (
        <Fact key={name} term={say(`deadline.${name}`)}>
          <When due={due} />
        </Fact>
      ))}
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
