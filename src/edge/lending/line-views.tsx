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
  TradeNumber,
  useWords,
  words,
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
function Limit({
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
      required
      maxLength={40}
      value={attempt.values[id] ?? value}
      error={attempt.errors[id]}
    />
  );
}

function Figures({ line, operator }: { line: LineShown; operator: boolean }) {
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

function More({
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
      <ServerPage frame={frame} title={words(frame)["lent.ownTitle"]} here="lent-lines">
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

function Give({ line, once, attempt }: Pick<LineProps, "line" | "once" | "attempt">) {
  const say = useWords();
  const leave = `/lenders/${line.lender}`;
  return (
    <section class="sheet" aria-labelledby="give-title">
      <h2 id="give-title">{say("lent.give")}</h2>
      <p class="hint">
        <Say k="lent.giveHint" address={<code>{leave}</code>} />
      </p>
      <Form action={`/lent-lines/${line.id}/members`} id="give-form" once={once()}>
        <Field
          name="member"
          label={say("lent.member")}
          inputMode="numeric"
          required
          maxLength={40}
          value={attempt.values["member"]}
          error={attempt.errors["member"]}
        />
        <Limit id="limit" label={say("lent.partMost")} attempt={attempt} />
        <Button id="give">{say("lent.giveIt")}</Button>
      </Form>
    </section>
  );
}

/** What can be done to one member's part: its lender gives more or less, an operator calls what is owed. */
function PartSteps({
  line,
  part,
  operator,
  once,
  attempt,
}: Omit<LineProps, "frame" | "parts" | "next"> & { part: PartShown }) {
  const say = useWords();
  const { member, used } = part;
  if (member === null || part.state === "called") return null;
  const at = `/lent-lines/${line.id}`;
  if (operator)
    return used === 0 ? null : (
      <Form action={`${at}/calls`} id={`call-${member}`} once={once()}>
        <input type="hidden" name="member" value={member} />
        <input type="hidden" name="owed" value={used} />
        <Button look="stop">
          <Say k="lent.call" amount={<Amount amount={used} currency={line.currency} />} />
        </Button>
      </Form>
    );
  return (
    <>
      <Form action={`${at}/members`} id={`set-${member}`} once={once()}>
        <input type="hidden" name="member" value={member} />
        <Limit id={`limit-${member}`} label={say("lent.newPart")} attempt={attempt} />
        <Button look="quiet">{say("lent.set")}</Button>
      </Form>
      <Form action={`${at}/ends`} id={`end-${member}`} once={once()}>
        <input type="hidden" name="member" value={member} />
        <Button look="stop">{say("lent.end")}</Button>
      </Form>
    </>
  );
}

function Part({ part, ...shown }: Omit<LineProps, "frame" | "parts" | "next"> & { part: PartShown }) {
  const say = useWords();
  const { member, state, limit, used, held, owingSince, callFrom, createdAt } = part;
  const money = (amount: number) => <Amount amount={amount} currency={shown.line.currency} />;
  return (
    <li class="sheet stack" data-part={member ?? ""} data-state={state}>
      <h3>
        {member === null ? say("lent.unknown") : <TradeNumber number={member} />} ·{" "}
        {say(`lent.state.${state}`)}
      </h3>
      <dl class="facts two">
        <Fact term={say("lent.partLimit")}>{money(limit)}</Fact>
        <Fact term={say("lent.partUsed")}>{money(used)}</Fact>
        <Fact term={say("lent.held")}>{money(held)}</Fact>
        <Fact term={say("lent.since")}>
          <Moment at={createdAt} />
        </Fact>
        {owingSince === null || state === "called" ? null : (
          <Fact term={say("lent.owingSince")}>
            <Moment at={owingSince} />
          </Fact>
        )}
        {callFrom === null ? null : (
          <Fact term={say(shown.operator ? "lent.callFrom" : "lent.ownCallFrom")}>
            <Moment at={callFrom} />
          </Fact>
        )}
      </dl>
      <PartSteps part={part} {...shown} />
    </li>
  );
}

function LineBody({ parts, next, ...shown }: Omit<LineProps, "frame">) {
  const say = useWords();
  const { line, operator, asked, attempt } = shown;
  return (
    <div class="stack-l">
      <div>
        <a class="back" href="/lent-lines">
          ← {say(operator ? "lent.title" : "lent.ownTitle")}
        </a>
        <h1>
          {operator ? <Name>{line.lenderName}</Name> : say("lent.own")} · {line.currency}
        </h1>
      </div>
      {asked ? (
        <Notice tone="hold" id="asked">
          <p>{say("queue.asked")}</p>
        </Notice>
      ) : null}
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <section class="sheet" aria-label={say("lent.line")}>
        <Figures line={line} operator={operator} />
      </section>
      {operator ? null : <Give {...shown} />}
      <section class="stack">
        <h2>{say("lent.membersTitle")}</h2>
        {parts.length === 0 ? <p class="soft">{say("lent.nobody")}</p> : null}
        <ul class="list">
          {parts.map((part, index) => (
            <Part key={`${part.createdAt} ${index}`} part={part} {...shown} />
          ))}
        </ul>
        <More at={`/lent-lines/${line.id}`} next={next} word="lent.moreMembers" />
      </section>
    </div>
  );
}

/** `/lent-lines/{id}`: one line, and what members have of it. */
export function LinePage(props: LineProps) {
  const title = words(props.frame)[props.operator ? "lent.title" : "lent.ownTitle"];
  return (
    <ServerPage frame={props.frame} title={title} here="lent-lines">
      <LineBody {...props} />
    </ServerPage>
  );
}
