/** Lines that are lent, as operators and their lenders see them on pages. Data in, HTML out. */
import {
  Amount,
  type Attempt,
  Button,
  Empty,
  Fact,
  Field,
  Form,
  type Frame,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  Notice,
  QueuePage,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

export interface LineShown {
  id: string;
  lender: string;
  lenderName: string;
  currency: string;
  limit: number;
  given: number;
  used: number;
  held: number;
  owes: number;
  paidIn: number;
  stoppedAt: string | null;
  createdAt: string;
}

export interface PartShown {
  /** Null where they are no longer known. */
  member: string | null;
  state: "open" | "called";
  limit: number;
  used: number;
  held: number;
  owingSince: string | null;
  callFrom: string | null;
  createdAt: string;
}

interface Shown {
  frame: Frame;
  /** Of somebody else's lines an operator sees more, and does other things. */
  operator: boolean;
  /** An act that waits for another operator. */
  asked: boolean;
  /** A key for each form, so that a form that is sent twice is one wish. */
  once: () => string;
  attempt: Attempt;
}

export interface LinesProps extends Shown {
  lines: readonly LineShown[];
  next: string | null;
}

export interface LineProps extends Shown {
  line: LineShown;
  parts: readonly PartShown[];
  next: string | null;
}

/** A field for an amount; what was typed and what is wrong with it stand under its id. */
export function Limit({
  id,
  label,
  attempt,
  value,
}: {
  id: string;
  label: string;
  attempt: Attempt;
  value?: string;
}) {
  return (
    <Field
      name="limit"
      id={id}
      label={label}
      inputMode="decimal"
      short
      required
      maxLength={40}
      value={attempt.values[id] ?? value}
      error={attempt.errors[id]}
    />
  );
}

export function Figures({ line, operator }: { line: LineShown; operator: boolean }) {
  const say = useWords();
  const { currency, limit, given, used, held, owes, paidIn, createdAt, stoppedAt } = line;
  const rows = [
    ["lent.limit", limit],
    ["lent.given", given],
    ["lent.used", used],
    ["lent.held", held],
    [operator ? "lent.owes" : "lent.ownOwes", owes],
  ] as const;
  return (
    <>
      {stoppedAt === null ? null : (
        <Notice tone="care">
          <p>
            <Say k="lent.stopped" at={<Moment at={stoppedAt} />} />
          </p>
        </Notice>
      )}
      <dl class="facts two">
        {rows.map(([term, amount]) => (
          <Fact key={term} term={say(term)}>
            <Amount amount={amount} currency={currency} />
          </Fact>
        ))}
        {paidIn === 0 ? null : (
          <Fact term={say("lent.paidIn")}>
            <Amount amount={paidIn} currency={currency} />
          </Fact>
        )}
        <Fact term={say("lent.since")}>
          <Moment at={createdAt} />
        </Fact>
      </dl>
    </>
  );
}

function Steps({ line, once, attempt }: Pick<Shown, "once" | "attempt"> & { line: LineShown }) {
  const say = useWords();
  const { id, stoppedAt } = line;
  const at = `/lent-lines/${id}`;
  return (
    <>
      <Form action={`${at}/limit`} id={`set-${id}`} once={once()}>
        <Limit id={`limit-${id}`} label={say("lent.newLimit")} attempt={attempt} />
        <Button look="quiet">{say(stoppedAt === null ? "lent.set" : "lent.goOn")}</Button>
      </Form>
      {stoppedAt === null ? (
        <Form action={`${at}/stop`} id={`stop-${id}`} once={once()}>
          <Button look="stop">{say("lent.stop")}</Button>
        </Form>
      ) : null}
    </>
  );
}

function Line({ line, ...shown }: Omit<LinesProps, "lines" | "next" | "frame"> & { line: LineShown }) {
  const say = useWords();
  const { id, lenderName, currency } = line;
  return (
    <li class="sheet stack" data-line={id}>
      <h2>
        {shown.operator ? <Name>{lenderName}</Name> : say("lent.own")} · {currency}
      </h2>
      <Figures line={line} operator={shown.operator} />
      <p>
        <a href={`/lent-lines/${id}`} id={`members-${id}`}>
          {say("lent.members")}
        </a>
      </p>
      {shown.operator ? <Steps line={line} once={shown.once} attempt={shown.attempt} /> : null}
    </li>
  );
}

function Lend({ once, attempt }: Pick<Shown, "once" | "attempt">) {
  const say = useWords();
  return (
    <>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <section class="sheet" aria-labelledby="lend-title">
        <h2 id="lend-title">{say("lent.lend")}</h2>
        <Form action="/lent-lines" id="lend-form" once={once()}>
          <Field
            name="lender"
            label={say("lent.lender")}
            hint={say("lent.lenderHint")}
            required
            maxLength={200}
            value={attempt.values["lender"]}
            error={attempt.errors["lender"]}
          />
          <Field
            name="currency"
            label={say("lent.currency")}
            required
            short
            maxLength={3}
            value={attempt.values["currency"]}
            error={attempt.errors["currency"]}
          />
          <Limit id="limit" label={say("lent.most")} attempt={attempt} />
          <Button id="lend">{say("lent.lend")}</Button>
        </Form>
      </section>
    </>
  );
}

/** What a lender has: its lines, and where it sends its customers. */
function OwnBody({ lines, next, ...shown }: Omit<LinesProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("lent.ownTitle")}</h1>
      <p class="lead">{say("lent.ownLead")}</p>
      {lines.length === 0 ? <Empty title={say("lent.ownEmpty")} /> : null}
      <ul class="list">
        {lines.map((line) => (
          <Line key={line.id} line={line} {...shown} />
        ))}
      </ul>
      <More at="/lent-lines" next={next} word="lent.more" />
    </div>
  );
}

export function More({
  at,
  next,
  word,
}: {
  at: string;
  next: string | null;
  word: "lent.more" | "lent.moreMembers";
}) {
  const say = useWords();
  if (next === null) return null;
  return (
    <p>
      <LinkButton href={`${at}?after=${encodeURIComponent(next)}`} id="more" look="quiet">
        {say(word)}
      </LinkButton>
    </p>
  );
}

/** `/lent-lines`. */
export function LinesPage(props: LinesProps) {
  const { frame, lines, next, operator, asked, once, attempt } = props;
  if (!operator)
    return (
      <ServerPage frame={frame} title={useWords()("lent.ownTitle")} here="lent-lines">
        <OwnBody {...props} />
      </ServerPage>
    );
  return (
    <QueuePage
      frame={frame}
      here="lent-lines"
      subject="lent"
      asked={asked}
      above={<Lend once={once} attempt={attempt} />}
      items={lines.map((line) => (
        <Line key={line.id} line={line} operator={operator} asked={asked} once={once} attempt={attempt} />
      ))}
      more={next === null ? null : { after: next, word: "lent.more" }}
    />
  );
}
