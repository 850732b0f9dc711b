/** One line that is lent, with what members have of it. Data in, HTML out. */
import { Figures, Limit, type LineProps, More, type PartShown } from "./line-views.tsx";
import {
  Amount,
  Button,
  Fact,
  Field,
  Form,
  Mistakes,
  Moment,
  Name,
  Notice,
  Refused,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

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
  const title = useWords()(props.operator ? "lent.title" : "lent.ownTitle");
  return (
    <ServerPage frame={props.frame} title={title} here="lent-lines">
      <LineBody {...props} />
    </ServerPage>
  );
}
