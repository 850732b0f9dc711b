/** What operators see of requests of credit: each with all that is known, and what can be done. Data in, HTML out. */
import {
  Amount,
  Button,
  Field,
  Form,
  type Frame,
  Moment,
  Name,
  Notice,
  QueuePage,
  Say,
  TradeNumber,
  useRoles,
  useWords,
} from "../parts/parts.ts";
import type { WithFacts } from "./facts.ts";

interface RequestsProps {
  frame: Frame;
  requests: readonly WithFacts[];
  next: string | null;
  /** An act that waits for another operator. */
  asked: boolean;
  /** A key for each form, so that a form that is sent twice is one wish. */
  once: () => string;
}

type Buyer = WithFacts["facts"]["buyer"];
type Shop = WithFacts["facts"]["shop"];

function Trades({ facts }: { facts: Buyer | Shop }) {
  const say = useWords();
  const { trades, open, claimed, disputed, sums, figures } = facts;
  const { rejections = 0, disputes_lost: lost = 0, late_deliveries: late = 0 } = figures;
  return (
    <>
      <p>{say("credit.trades", { trades, open, claimed, disputed })}</p>
      {sums.map(({ currency, frozen, claimed: owed }) => (
        <p key={currency}>
          <Say
            k="credit.sums"
            frozen={<Amount amount={frozen} currency={currency} />}
            claimed={<Amount amount={owed} currency={currency} />}
          />
        </p>
      ))}
      <p class="small soft">{say("credit.figures", { rejections, lost, late })}</p>
    </>
  );
}

function Line({ line }: { line: Buyer["lines"][number] }) {
  const say = useWords();
  const { currency, state, trade, limit, used, held } = line;
  const money = (amount: number | null) => <Amount amount={amount ?? 0} currency={currency} />;
  const figures = {
    state: say(`credit.state.${state}`),
    limit: money(limit),
    used: money(used),
    held: money(held),
  };
  return (
    <p>
      {trade === null ? (
        <Say k="credit.line" {...figures} />
      ) : (
        <Say k="credit.lineForTrade" number={<TradeNumber number={trade} />} {...figures} />
      )}
    </p>
  );
}

function AboutBuyer({ request }: { request: WithFacts }) {
  const say = useWords();
  const { buyer } = request.facts;
  return (
    <section class="told">
      <h3>{say("credit.buyer")}</h3>
      {request.member === null || buyer.since === null ? (
        <p>{say("credit.noMember")}</p>
      ) : (
        <p>
          <Say
            k="credit.member"
            number={<TradeNumber number={request.member} />}
            state={buyer.state === null ? "" : say(`credit.state.${buyer.state}`)}
            since={<Moment at={buyer.since} />}
          />
        </p>
      )}
      {request.by === "operator" ? <p>{say("credit.byOperator")}</p> : null}
      {buyer.lines.length === 0 ? <p>{say("credit.noLine")}</p> : null}
      {buyer.lines.map((line) => (
        <Line key={`${line.currency} ${line.trade ?? ""}`} line={line} />
      ))}
      {buyer.bills.map(({ currency, open, givenUp }) => (
        <p key={currency}>
          <Say
            k="credit.bills"
            open={<Amount amount={open ?? 0} currency={currency} />}
            givenUp={<Amount amount={givenUp ?? 0} currency={currency} />}
          />
        </p>
      ))}
      <Trades facts={buyer} />
    </section>
  );
}

function AboutShop({ shop }: { shop: Shop }) {
  const say = useWords();
  return (
    <section class="told">
      <h3>{say("credit.shop")}</h3>
      <p>
        <Say
          k="credit.shopSince"
          name={<Name>{shop.name}</Name>}
          state={shop.state === null ? "" : say(`credit.state.${shop.state}`)}
          since={shop.since === null ? "" : <Moment at={shop.since} />}
        />
      </p>
      <Trades facts={shop} />
    </section>
  );
}

function AboutOrder({ request }: { request: WithFacts }) {
  const say = useWords();
  const roles = useRoles("operator");
  const { order } = request.facts;
  const { acceptors, shopWord } = request.choice;
  return (
    <section class="told">
      <h3>{say("credit.order")}</h3>
      <p class="small soft">{say("credit.version", { version: request.version })}</p>
      {order.lines.map(({ name, quantity, amount }, index) => (
        <p key={index}>
          {quantity} × <Name>{name}</Name> <Amount amount={amount ?? 0} currency={request.currency} />
        </p>
      ))}
      {acceptors === undefined ? null : (
        <p>
          <Say k="credit.acceptors" who={roles(acceptors, "or")} />
        </p>
      )}
      {shopWord === true ? <p>{say("credit.shopWord")}</p> : null}
    </section>
  );
}

function Request({ request, once }: { request: WithFacts; once: RequestsProps["once"] }) {
  const say = useWords();
  const { id, trade, currency, amount, until } = request;
  const at = `/credit-requests/${id}`;
  return (
    <li class="sheet stack" data-request={id}>
      <h2>
        <Say
          k="credit.for"
          amount={<Amount amount={amount} currency={currency} />}
          number={<TradeNumber number={trade} />}
        />
      </h2>
      <p>
        {say("credit.until")} <Moment at={until} />
      </p>
      <AboutBuyer request={request} />
      <AboutShop shop={request.facts.shop} />
      <AboutOrder request={request} />
      {request.facts.order.changed ? (
        <Notice tone="care">
          <p>{say("credit.changed")}</p>
        </Notice>
      ) : null}
      <Form action={`${at}/grant`} id={`grant-${id}`} once={once()}>
        <Button>{say("credit.grant")}</Button>
      </Form>
      <Form action={`${at}/refuse`} id={`refuse-${id}`} once={once()}>
        <Field name="reason" id={`reason-${id}`} label={say("credit.reason")} required maxLength={500} />
        <Button look="stop">{say("credit.refuse")}</Button>
      </Form>
    </li>
  );
}

/** `/credit-requests`: requests of credit, for operators. */
export function RequestsPage({ frame, requests, next, asked, once }: RequestsProps) {
  return (
    <QueuePage
      frame={frame}
      here="credit-requests"
      subject="credit"
      asked={asked}
      items={requests.map((request) => <Request key={request.id} request={request} once={once} />)}
      more={next === null ? null : { after: next, word: "credit.more" }}
    />
  );
}
