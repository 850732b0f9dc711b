/** What other servers have paid from a member's accounts, for the member. */
import {
  Amount,
  Button,
  Empty,
  Fact,
  Field,
  Folded,
  Form,
  type Frame,
  LinkButton,
  Moment,
  Name,
  QueuePage,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
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
  state: "paid" | "waiting" | "objected" | "allowed" | "refused";
  /** Whether something is still frozen for it. */
  isHeld: boolean;
  /** When silence confirms it. */
  silentAt: string | null;
  /** Why the member has objected, and what operators have said. */
  objection: string | null;
  decision: string | null;
}

/** What the member can do with a payment that waits. */
function Waiting({ settlement: { id, silentAt } }: { settlement: SettlementView }) {
  const say = useWords();
  return (
    <>
      {silentAt === null ? null : (
        <p>
          <Say k="settlements.waits" at={<Moment at={silentAt} />} />
        </p>
      )}
      <Form action={`/settlements/${id}/confirm`} id={`confirm-${id}`} once={`yes-${id}`}>
        <Button id={`yes-${id}`}>{say("settlements.confirm")}</Button>
      </Form>
      <Folded
        id={`no-${id}`}
        title={say("settlements.object")}
        hint={say("settlements.objectHint")}
        open={false}
      >
        <Form action={`/settlements/${id}/object`} id={`object-${id}`} once={`no-${id}`}>
          <Field
            name="reason"
            id={`reason-${id}`}
            label={say("settlements.why")}
            required
            long
            maxLength={500}
          />
          <Button id={`objects-${id}`} look="stop">
            {say("settlements.object")}
          </Button>
        </Form>
      </Folded>
    </>
  );
}

/** How a payment stands that was not made at once. */
function Standing({ settlement }: { settlement: SettlementView }) {
  const say = useWords();
  const { state, isHeld, objection, decision } = settlement;
  return (
    <>
      {state === "paid" || state === "refused" || isHeld ? null : <p>{say("settlements.over")}</p>}
      {state === "waiting" && isHeld ? <Waiting settlement={settlement} /> : null}
      {state === "allowed" && isHeld ? <p>{say("settlements.allowed")}</p> : null}
      {state === "refused" ? <p>{say("settlements.refused")}</p> : null}
      {objection === null ? null : (
        <p>
          {say(state === "objected" ? "settlements.objected" : "settlements.yourReason")}
          {say("between")}
          <Name>{objection}</Name>
        </p>
      )}
      {decision === null ? null : (
        <p>
          {say("settlements.reason")}
          {say("colon")}
          <Name>{decision}</Name>
        </p>
      )}
    </>
  );
}

function Paid({ settlement }: { settlement: SettlementView }) {
  const say = useWords();
  const { id, serverName, payee, tradeNumber, currency, amount, frozen, at } = settlement;
  return (
    <li class="sheet" data-settlement={id}>
      <h2>
        <Say
          k={settlement.state === "waiting" && settlement.isHeld ? "settlements.wanted" : "settlements.paid"}
          amount={<Amount amount={amount} currency={currency} />}
          payee={<Name>{payee}</Name>}
        />
      </h2>
      <dl class="facts">
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
      <Standing settlement={settlement} />
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
            {say("settlements.more")}
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
    <ServerPage frame={props.frame} title={useWords()("settlements.title")} here="accounts" narrow>
      <SettlementsBody {...props} />
    </ServerPage>
  );
}

export interface ObjectionView extends Omit<SettlementView, "silentAt"> {
  /** Nobody could be told of it. */
  untold: boolean;
  /** The key under which a second press is the same act. */
  once: string;
}

interface ObjectionsProps {
  frame: Frame;
  objections: readonly ObjectionView[];
  next: string | null;
  /** An act that waits for another operator. */
  asked?: boolean;
}

function Undecided({ objection: one }: { objection: ObjectionView }) {
  const say = useWords();
  const { id, serverName, payee, tradeNumber, currency, amount, at, untold, objection, once } = one;
  return (
    <li class="sheet" data-settlement={id}>
      <h2>
        <Say
          k="settlements.paid"
          amount={<Amount amount={amount} currency={currency} />}
          payee={<Name>{payee}</Name>}
        />
      </h2>
      <p class="kicker">
        <Name>{serverName}</Name>
        <TradeNumber number={tradeNumber} />
        <Moment at={at} />
      </p>
      {untold ? <p>{say("objections.untold")}</p> : null}
      {objection === null ? null : (
        <p>
          {say("objections.says")}
          {say("colon")}
          <Name>{objection}</Name>
        </p>
      )}
      <Form action={`/objections/${id}/decide`} id={`decide-${id}`} once={once}>
        <Field
          name="reason"
          id={`reason-${id}`}
          label={say("objections.reason")}
          required
          long
          maxLength={500}
        />
        <div class="row">
          <Button id={`pay-${id}`} name="decision" value="pay">
            {say("objections.pay")}
          </Button>
          <Button id={`refuse-${id}`} name="decision" value="refuse" look="stop">
            {say("objections.refuse")}
          </Button>
        </div>
      </Form>
    </li>
  );
}

/** `/objections`: what operators decide. */
export function ObjectionsPage({ frame, objections, next, asked = false }: ObjectionsProps) {
  return (
    <QueuePage
      frame={frame}
      here="objections"
      subject="objections"
      narrow
      asked={asked}
      items={objections.map((objection) => <Undecided key={objection.id} objection={objection} />)}
      more={next === null ? null : { after: next, word: "settlements.more" }}
    />
  );
}
