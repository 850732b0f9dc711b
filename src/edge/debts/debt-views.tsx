/** What operators see of bills: those that are open, and one with its story. Data in, HTML out. */
import { type MaskedPerson, PersonLine } from "../desk-views/desk-views.ts";
import {
  Amount,
  Button,
  Field,
  Folded,
  Form,
  type Frame,
  Moment,
  QueuePage,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { type BillSeen, type BillStory, Figures, Parts, Story, useStanding } from "./bill-views.tsx";

export interface DebtShown extends BillSeen {
  person: MaskedPerson | undefined;
  /** When the next reminder goes out, where one is left. */
  nextStepAt: string | null;
}

/** A key for each form, so that a form that is sent twice is one wish. */
type Once = (form: string) => string;

interface DebtsProps {
  frame: Frame;
  bills: readonly DebtShown[];
  /** An act that waits for another operator. */
  asked: boolean;
  once: Once;
  /** From where on the next ones are; null where these are all. */
  next: string | null;
}

function Grants({ bill, once }: { bill: DebtShown; once: Once }) {
  const say = useWords();
  const { number, wish, currency, state, instalments } = bill;
  const action = `/debts/${number}/instalments`;
  if (state !== "open") return null;
  return (
    <>
      {wish === null ? null : (
        <>
          <p>{say("debts.wish")}</p>
          <Parts parts={wish} currency={currency} id={`wish-${number}`} />
          <Form action={action} id={`grant-${number}`} once={once(`grant ${number}`)}>
            <Button>{say("debts.grant")}</Button>
          </Form>
        </>
      )}
      {instalments === null ? null : (
        <Parts parts={instalments} currency={currency} id={`instalments-${number}`} />
      )}
      <Folded id={`agree-${number}`} title={say("debts.agree")} hint={say("debts.agreeHint")} open={false}>
        <Form action={action} id={`agree-form-${number}`} once={once(`agree ${number}`)}>
          <Field
            name="count"
            id={`count-${number}`}
            label={say("bills.count")}
            type="number"
            min={2}
            max={12}
            value={3}
            required
            short
          />
          <Button look="quiet">{say("debts.agree")}</Button>
        </Form>
      </Folded>
    </>
  );
}

function GivingUp({ bill, once }: { bill: DebtShown; once: Once }) {
  const say = useWords();
  const { number, owed, lineOwed, currency, state } = bill;
  if (state !== "open") return null;
  return (
    <>
      {lineOwed === owed ? null : (
        <p>
          {say("debts.lineOwed")}
          {say("between")}
          <Amount amount={lineOwed} currency={currency} />
        </p>
      )}
      <Folded
        id={`end-${number}`}
        title={say("debts.writeOff")}
        hint={say("debts.writeOffHint")}
        open={false}
      >
        <Form
          action={`/debts/${number}/write-off`}
          id={`write-off-${number}`}
          once={once(`write off ${number}`)}
        >
          <input type="hidden" name="amount" value={lineOwed} />
          <Field name="reason" id={`reason-${number}`} label={say("debts.reason")} required maxLength={500} />
          <Button look="stop">
            {say("debts.writeOff")} <Amount amount={lineOwed} currency={currency} />
          </Button>
        </Form>
      </Folded>
    </>
  );
}

/** Whose bill it is, how often they were reminded, and when they are next. */
function About({ bill }: { bill: DebtShown }) {
  const say = useWords();
  const { member, step, person, nextStepAt } = bill;
  return (
    <>
      <p>
        {person === undefined ? (
          <Say k="debts.member" number={<TradeNumber number={member} />} />
        ) : (
          <PersonLine person={person} />
        )}
      </p>
      <p class="kicker">
        <span>{say("debts.step", { count: String(step) })}</span>
        {nextStepAt === null ? null : (
          <span>
            {say("debts.nextStep")}
            {say("colon")}
            <Moment at={nextStepAt} />
          </span>
        )}
      </p>
    </>
  );
}

function Debt({ bill, once }: { bill: DebtShown; once: Once }) {
  const standing = useStanding();
  const { number } = bill;
  return (
    <li class="sheet stack" data-bill={number} data-state={bill.state}>
      <h2>
        <a href={`/debts/${number}`}>
          <TradeNumber number={number} />
        </a>{" "}
        · {standing(bill)}
      </h2>
      <About bill={bill} />
      <Figures bill={bill} />
      <Grants bill={bill} once={once} />
      <GivingUp bill={bill} once={once} />
    </li>
  );
}

/** `/debts`: open bills by age, for operators. */
export function DebtsPage({ frame, bills, asked, once, next }: DebtsProps) {
  return (
    <QueuePage
      frame={frame}
      here="debts"
      subject="debts"
      asked={asked}
      items={bills.map((bill) => <Debt key={bill.number} bill={bill} once={once} />)}
      more={next === null ? null : { after: next, word: "debts.more" }}
    />
  );
}

interface DebtProps {
  frame: Frame;
  debt: DebtShown;
  trades: BillStory["trades"];
  news: BillStory["news"];
  once: Once;
}

function DebtBody({ debt, trades, news, once }: Omit<DebtProps, "frame">) {
  const say = useWords();
  const standing = useStanding();
  return (
    <div class="stack-l">
      <div>
        <a class="back" href="/debts">
          ← {say("debts.title")}
        </a>
        <h1>
          <TradeNumber number={debt.number} /> <span class="soft">{standing({ ...debt, news })}</span>
        </h1>
      </div>
      <section class="sheet stack">
        <About bill={debt} />
        <Figures bill={debt} />
        <Grants bill={debt} once={once} />
        <GivingUp bill={debt} once={once} />
      </section>
      <Story bill={{ trades, news, currency: debt.currency }} at="/desk/trades" />
    </div>
  );
}

/** `/debts/{number}`: one bill, for operators. */
export function DebtPage({ frame, ...shown }: DebtProps) {
  return (
    <ServerPage frame={frame} title={useWords()("debts.title")} here="debts" narrow>
      <DebtBody {...shown} />
    </ServerPage>
  );
}
