/** What other servers have paid from a member's accounts, for the member. */
import {
  Amount,
  Empty,
  Fact,
  type Frame,
  LinkButton,
  Moment,
  Name,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
  words,
} from "../parts/parts.ts";

export interface SettlementView {
  id: string;
  serverName: string;
  payee: string;
  tradeNumber: string;
  currency: string;
  amount: number;
  /** What is still frozen for the trade. */
  frozen: number;
  at: string;
}

function Paid({ settlement }: { settlement: SettlementView }) {
  const say = useWords();
  const { id, serverName, payee, tradeNumber, currency, amount, frozen, at } = settlement;
  return (
    <li class="sheet" data-settlement={id}>
      <h2>
        <Say
          k="settlements.paid"
          amount={<Amount amount={amount} currency={currency} />}
          payee={<Name>{payee}</Name>}
        />
      </h2>
      <dl>
        <Fact term={say("settlements.server")}>
          <Name>{serverName}</Name>
        </Fact>
        <Fact term={say("settlements.trade")}>
          <TradeNumber number={tradeNumber} />
        </Fact>
        <Fact term={say("settlements.frozen")}>
          <Amount amount={frozen} currency={currency} />
        </Fact>
      </dl>
      <p class="soft">
        <Moment at={at} />
      </p>
    </li>
  );
}

interface SettlementsProps {
  frame: Frame;
  settlements: readonly SettlementView[];
  next: string | null;
}

function SettlementsBody({ settlements, next }: SettlementsProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("settlements.title")}</h1>
      <p class="lead">{say("settlements.lead")}</p>
      {settlements.length === 0 ? <Empty title={say("settlements.empty")} /> : null}
      <ul class="list">
        {settlements.map((settlement) => (
          <Paid key={settlement.id} settlement={settlement} />
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <LinkButton href={`/settlements?after=${encodeURIComponent(next)}`} id="more" look="quiet">
            {say("mandates.more")}
          </LinkButton>
        </p>
      )}
      <p>
        <LinkButton href="/consents" id="to-consents" look="quiet">
          {say("consents.title")}
        </LinkButton>
      </p>
    </div>
  );
}

/** `/settlements`: what other servers have paid from the member's accounts; with an id it is the one. */
export function SettlementsPage(props: SettlementsProps) {
  return (
    <ServerPage frame={props.frame} title={words(props.frame)["settlements.title"]} here="accounts" narrow>
      <SettlementsBody {...props} />
    </ServerPage>
  );
}
