/** What operators see of payouts: what waits for a file, and files with what can be done to each. Data in, HTML out. */
import {
  Amount,
  type Attempt,
  Button,
  Day,
  Field,
  FileField,
  Form,
  type Frame,
  LinkButton,
  Mistakes,
  Moment,
  Notice,
  QueuePage,
  Refused,
  Say,
  useWords,
} from "../parts/parts.ts";

export interface FileShown {
  id: string;
  number: string;
  payOn: string;
  count: number;
  currency: string;
  total: number;
  digest: string;
  state: "made" | "approved" | "sent" | "done" | "dropped";
  madeAt: string;
}

interface PayoutsProps {
  frame: Frame;
  waiting: number;
  /** Payouts that came back here, and that the bank says it has paid; two operators have not closed these breaks. */
  contradicted: number;
  /** The next day on which banks are asked. */
  nextDay: string;
  files: readonly FileShown[];
  next: string | null;
  /** An act that waits for another operator. */
  asked: boolean;
  attempt: Attempt;
  /** The largest file that is taken, in mebibytes. */
  most: number;
  /** A key for each form, so that a form that is sent twice is one wish. */
  once: (form: string) => string;
}

function Steps({ file, once }: { file: FileShown; once: PayoutsProps["once"] }) {
  const say = useWords();
  const { id, state } = file;
  const at = `/payout-files/${id}`;
  const takes = state === "approved" || state === "sent" || state === "done";
  return (
    <>
      {state === "made" ? (
        <Form action={`${at}/approve`} id={`approve-${id}`} once={once(`approve ${id}`)}>
          <input type="hidden" name="digest" value={file.digest} />
          <Button>{say("payouts.approve")}</Button>
        </Form>
      ) : null}
      {takes ? (
        <p class="row">
          <LinkButton href={`${at}/content?form=zengin`} look="quiet">
            {say("payouts.zengin")}
          </LinkButton>
          <LinkButton href={`${at}/content?form=pain001`} look="quiet">
            {say("payouts.pain001")}
          </LinkButton>
        </p>
      ) : null}
      {state === "sent" ? (
        <Form action={`${at}/complete`} id={`complete-${id}`} once={once(`complete ${id}`)}>
          <Field
            name="reference"
            id={`reference-${id}`}
            label={say("payouts.reference")}
            required
            maxLength={200}
          />
          <Button>{say("payouts.complete")}</Button>
        </Form>
      ) : null}
      {state === "made" || state === "approved" ? (
        <Form action={`${at}/drop`} id={`drop-${id}`} once={once(`drop ${id}`)}>
          <Button look="stop">{say("payouts.drop")}</Button>
        </Form>
      ) : null}
    </>
  );
}

function File({ file, once }: { file: FileShown; once: PayoutsProps["once"] }) {
  const say = useWords();
  const { id, number, payOn, count, currency, total, digest, state, madeAt } = file;
  return (
    <li class="sheet" data-file={id} data-state={state}>
      <h2>
        <Say k="payouts.file" number={number} day={<Day day={payOn} />} />
        <span class="badge tone-calm">{say(`payouts.state.${state}`)}</span>
      </h2>
      <p>
        {say("payouts.count", { count: String(count) })}
        {say("between")}
        <Amount amount={total} currency={currency} />
      </p>
      <p class="small soft">
        <Moment at={madeAt} /> · SHA-256 <code>{digest}</code>
      </p>
      <Steps file={file} once={once} />
    </li>
  );
}

/** Where the bank's word is another than what was booked, and where to look at it. */
function Contradicted({ count }: { count: number }) {
  const say = useWords();
  if (count === 0) return null;
  return (
    <Notice tone="care" id="contradicted">
      <p>{say("payouts.contradicted", { count: String(count) })}</p>
      <p>
        <LinkButton href="/desk/breaks" look="quiet">
          {say("breaks.title")}
        </LinkButton>
      </p>
    </Notice>
  );
}

/** How much waits for a file, and the way to gather it. */
function ToGather({ waiting, nextDay, once }: Pick<PayoutsProps, "waiting" | "nextDay" | "once">) {
  const say = useWords();
  return (
    <>
      <p id="waiting">{say("payouts.waiting", { count: String(waiting) })}</p>
      {waiting === 0 ? null : (
        <Form action="/payout-files" id="gather" once={once("gather")}>
          <Field name="payOn" label={say("payouts.payOn")} type="date" value={nextDay} required />
          <Button>{say("payouts.gather")}</Button>
        </Form>
      )}
    </>
  );
}

/** The way to bring what the bank says of payouts. */
function Report({ attempt, most, once }: Pick<PayoutsProps, "attempt" | "most" | "once">) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="report">
      <h2 id="report">{say("payouts.report")}</h2>
      <Form action="/payout-reports" id="report-form" once={once("report")} upload>
        <FileField
          name="content"
          id="file"
          label={say("payouts.reportFile")}
          hint={say("payouts.reportHint", { most })}
          accept=".xml,text/xml,application/xml"
          error={attempt.errors["file"]}
        />
        <Button id="bring">{say("payouts.sendReport")}</Button>
      </Form>
    </section>
  );
}

/** `/payout-files`: files for the bank, for operators. */
export function PayoutsPage(props: PayoutsProps) {
  const { frame, waiting, contradicted, nextDay, files, next, asked, attempt, most, once } = props;
  return (
    <QueuePage
      frame={frame}
      here="payout-files"
      subject="payouts"
      asked={asked}
      above={
        <>
          <Mistakes errors={attempt.errors} />
          <Refused attempt={attempt} />
          <Contradicted count={contradicted} />
          <ToGather waiting={waiting} nextDay={nextDay} once={once} />
          <Report attempt={attempt} most={most} once={once} />
        </>
      }
      items={files.map((file) => <File key={file.id} file={file} once={once} />)}
      more={next === null ? null : { after: next, word: "payouts.more" }}
    />
  );
}
