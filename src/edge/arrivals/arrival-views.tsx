/** What operators see of what waits: each transfer, what it names, and what can be done. Data in, HTML out. */
import type { Reason } from "../../engines/arrivals/arrivals.ts";
import {
  Amount,
  type Attempt,
  Beside,
  Button,
  Day,
  Fact,
  Field,
  FileField,
  Form,
  type Frame,
  Mistakes,
  Moment,
  Name,
  QueuePage,
  Refused,
  Say,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

export interface ArrivalShown {
  id: string;
  reference: string;
  day: string;
  currency: string;
  amount: number;
  rest: number;
  why: Reason | null;
  number: string | null;
  takenBack: boolean;
  bookedAt: string;
}

/** What is shown to whoever has said why. */
export interface ArrivalOpened {
  id: string;
  told: { remitter: string; text: string; from: string } | null;
  due: number | null;
  together: number | null;
}

export interface StatementShown {
  id: string;
  form: "statement" | "notice" | "camt.053";
  digest: string;
  firstDay: string | null;
  lastDay: string | null;
  count: number;
  known: number;
  bookedAt: string | null;
}

interface ArrivalsProps {
  frame: Frame;
  /** The statements that were booked last. */
  statements: readonly StatementShown[];
  attempt: Attempt;
  /** The largest file that is taken, in mebibytes. */
  most: number;
  arrivals: readonly ArrivalShown[];
  next: string | null;
  opened: ArrivalOpened | undefined;
  /** An act that waits for another operator. */
  asked: boolean;
  once: (form: string) => string;
}

/** Asks who has sent it, and says why: the look is written down. It moves nothing, so it is sent as an address. */
function Look({ id }: { id: string }) {
  const say = useWords();
  return (
    <details class="act">
      <summary>{say("arrivals.look")}</summary>
      <form method="get" action="/bank-transfers" id={`look-${id}`}>
        <input type="hidden" name="look" value={id} />
        <Field name="reason" id={`why-${id}`} label={say("arrivals.lookReason")} required maxLength={300} />
        <Button look="quiet">{say("arrivals.look")}</Button>
      </form>
    </details>
  );
}

function Told({ opened, currency }: { opened: ArrivalOpened; currency: string }) {
  const say = useWords();
  const { told, due, together } = opened;
  return (
    <dl class="facts two" data-told={opened.id}>
      {told === null ? (
        <Fact term={say("arrivals.remitter")}>{say("arrivals.forgotten")}</Fact>
      ) : (
        <>
          <Fact term={say("arrivals.remitter")}>
            <Name>{told.remitter}</Name>
          </Fact>
          <Fact term={say("arrivals.text")}>
            <Name>{told.text}</Name>
          </Fact>
          <Fact term={say("arrivals.from")}>
            <Name>{told.from}</Name>
          </Fact>
        </>
      )}
      {due === null ? null : (
        <Fact term={say("arrivals.due")}>
          <Amount amount={due} currency={currency} />
        </Fact>
      )}
      {together === null ? null : (
        <Fact term={say("arrivals.together")}>
          <Amount amount={together} currency={currency} />
        </Fact>
      )}
    </dl>
  );
}

function Steps(props: { arrival: ArrivalShown; looked: boolean; once: ArrivalsProps["once"] }) {
  const say = useWords();
  const { arrival, looked, once } = props;
  const { id, number, takenBack } = arrival;
  const at = `/bank-transfers/${id}`;
  return (
    <>
      {takenBack ? null : (
        <Form action={`${at}/assign`} id={`assign-${id}`} once={once(`assign ${id}`)}>
          <Field
            name="number"
            id={`number-${id}`}
            label={say("arrivals.assignTo")}
            inputMode="numeric"
            required
            maxLength={40}
            value={number ?? undefined}
          />
          <Field
            name="reason"
            id={`assign-why-${id}`}
            label={say("arrivals.reason")}
            required
            maxLength={300}
          />
          <Button>{say("arrivals.assign")}</Button>
        </Form>
      )}
      {looked ? null : <Look id={id} />}
      <details class="act">
        <summary>{say("arrivals.dismiss")}</summary>
        <Form action={`${at}/dismiss`} id={`dismiss-${id}`} once={once(`dismiss ${id}`)}>
          <Field
            name="reason"
            id={`dismiss-why-${id}`}
            label={say("arrivals.dismissReason")}
            required
            maxLength={300}
          />
          <Button look="stop">{say("arrivals.dismiss")}</Button>
        </Form>
      </details>
    </>
  );
}

function One({
  arrival,
  opened,
  once,
}: {
  arrival: ArrivalShown;
  opened: ArrivalOpened | undefined;
  once: ArrivalsProps["once"];
}) {
  const say = useWords();
  const { id, reference, day, currency, amount, rest, why, number, bookedAt } = arrival;
  return (
    <li class="sheet" data-arrival={id} data-why={why}>
      <h2>
        <Say k="arrivals.one" reference={<Name>{reference}</Name>} day={<Day day={day} />} />
      </h2>
      {why === null ? null : <p>{say(`arrivals.why.${why}`)}</p>}
      <dl class="facts two">
        <Fact term={say("arrivals.rest")}>
          <Amount amount={rest} currency={currency} />
        </Fact>
        <Fact term={say("arrivals.amount")}>
          <Amount amount={amount} currency={currency} />
        </Fact>
        {number === null ? null : (
          <Fact term={say("arrivals.number")}>
            <TradeNumber number={number} />
          </Fact>
        )}
        <Fact term={say("arrivals.bookedAt")}>
          <Moment at={bookedAt} />
        </Fact>
      </dl>
      {opened === undefined ? null : <Told opened={opened} currency={currency} />}
      <Steps arrival={arrival} looked={opened !== undefined} once={once} />
    </li>
  );
}

/** The way to bring a statement, and those that were booked last. */
function Statements({
  statements,
  attempt,
  most,
  once,
}: Pick<ArrivalsProps, "statements" | "attempt" | "most" | "once">) {
  const say = useWords();
  return (
    <>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <section class="sheet stack" aria-labelledby="statement">
        <h2 id="statement">{say("arrivals.bring")}</h2>
        <Form action="/bank-transfers" id="statement-form" once={once("statement")} upload>
          <FileField
            name="content"
            id="file"
            label={say("arrivals.file")}
            hint={say("arrivals.fileHint", { most })}
            accept=".txt,.dat,.xml,text/plain,text/xml,application/xml"
            error={attempt.errors["file"]}
          />
          <Button id="bring">{say("arrivals.send")}</Button>
        </Form>
        {statements.length === 0 ? null : (
          <ul class="lines" id="statements" aria-label={say("arrivals.booked")}>
            {statements.map(({ id, form, digest, firstDay, lastDay, count, known, bookedAt }) => (
              <li key={id} data-statement={id}>
                <Beside
                  items={[
                    say(`arrivals.form.${form}`),
                    <Say
                      k="arrivals.days"
                      first={<Day day={firstDay ?? ""} />}
                      last={<Day day={lastDay ?? ""} />}
                    />,
                    say("arrivals.entries", { count, known }),
                    <Moment at={bookedAt ?? ""} />,
                  ]}
                />
                <span class="small soft">
                  SHA-256 <code>{digest.slice(0, 16)}…</code>
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

/** `/bank-transfers`: what waits, for operators. */
export function ArrivalsPage(props: ArrivalsProps) {
  const { frame, arrivals, next, opened, statements, attempt, most, asked, once } = props;
  return (
    <QueuePage
      frame={frame}
      here="bank-transfers"
      subject="arrivals"
      asked={asked}
      above={<Statements statements={statements} attempt={attempt} most={most} once={once} />}
      items={arrivals.map((arrival) => (
        <One
          key={arrival.id}
          arrival={arrival}
          opened={opened?.id === arrival.id ? opened : undefined}
          once={once}
        />
      ))}
      more={next === null ? null : { after: next, word: "arrivals.more" }}
    />
  );
}
