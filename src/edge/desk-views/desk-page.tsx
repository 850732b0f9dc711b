/** `/desk`: what waits, how much of it, and since when. */
import {
  Button,
  Field,
  type Frame,
  LinkButton,
  Moment,
  noAttempt,
  type Attempt,
  type Queue,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

export type QueueName = "operator-acts" | "disputes" | "desk/breaks" | Queue;

export interface QueueState {
  name: QueueName;
  /** Null where the page is a list and nothing of it waits. */
  count: number | null;
  /** So many are counted at the most. */
  most: number;
  /** Since when the oldest waits. */
  since: string | null;
  /** How many should have been done by now. */
  late?: number | undefined;
}

/** Lists that operators work on, by their addresses under the desk. */
export const deskLists = [
  "acts",
  "applications",
  "parties/shops",
  "parties/carriers",
  "parties/providers",
  "parties/collectors",
  "operators",
  "transfers",
  "payouts",
  "servers",
] as const;

interface DeskProps {
  frame: Frame;
  queues: readonly QueueState[];
  /** Those that this server has. */
  lists: readonly (typeof deskLists)[number][];
}

/** What is looked for goes in the body of the request: it may be a name, and addresses are kept in many places. */
export function FindForm({ attempt = noAttempt }: { attempt?: Attempt }) {
  return (
    <div class="stack">
      <FindByWord attempt={attempt} />
      <FindByAmount attempt={attempt} />
    </div>
  );
}

function FindByWord({ attempt }: { attempt: Attempt }) {
  const say = useWords();
  return (
    <form method="post" action="/desk/find" id="find-form" class="find">
      <Field
        name="what"
        label={say("find.what")}
        hint={say("find.whatHint")}
        required
        maxLength={200}
        value={attempt.values["what"]}
        error={attempt.errors["what"]}
      />
      <Button id="find">{say("find.find")}</Button>
    </form>
  );
}

/** For whoever has no number at hand, and would rather not be looked for by name. */
function FindByAmount({ attempt: { values, errors } }: { attempt: Attempt }) {
  const say = useWords();
  const { amount, day } = values;
  return (
    <details class="act" id="by-amount" open={amount !== undefined}>
      <summary>{say("find.byAmount")}</summary>
      <form method="post" action="/desk/find" id="amount-form" class="find">
        <Field
          name="amount"
          label={say("find.amount")}
          required
          inputMode="decimal"
          maxLength={40}
          value={amount}
          error={errors["amount"]}
        />
        <Field
          name="day"
          label={say("find.day")}
          type="date"
          required
          maxLength={10}
          value={day}
          error={errors["day"]}
        />
        <Button id="find-amount" look="quiet">
          {say("find.findAmount")}
        </Button>
      </form>
    </details>
  );
}

function QueueCard({ name, count, most, since, late = 0 }: QueueState) {
  const say = useWords();
  return (
    <li>
      <a class="sheet card" href={`/${name}`} id={`queue-${name.replace("/", "-")}`}>
        <span class="spread">
          <strong>{say(`desk.queue.${name}`)}</strong>
          {count === null ? null : (
            <span>
              {count > most ? say("desk.countMany", { count: most }) : say("desk.count", { count })}
            </span>
          )}
        </span>
        {since === null && late === 0 ? null : (
          <span class="kicker">
            {late === 0 ? null : <span class="badge tone-stop">{say("desk.late", { count: late })}</span>}
            {since === null ? null : (
              <span>
                {say("desk.oldest")}
                {say("colon")}
                <Moment at={since} />
              </span>
            )}
          </span>
        )}
      </a>
    </li>
  );
}

function Body({ queues, lists }: Omit<DeskProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("desk.title")}</h1>
      <p class="lead">{say("desk.lead")}</p>
      <FindForm />
      <section class="stack" aria-labelledby="waits">
        <h2 id="waits">{say("desk.waits")}</h2>
        {queues.length === 0 ? <p class="soft">{say("desk.nothing")}</p> : null}
        <ul class="list">
          {queues.map((queue) => (
            <QueueCard key={queue.name} {...queue} />
          ))}
        </ul>
      </section>
      <section class="stack" aria-labelledby="more">
        <h2 id="more">{say("desk.more")}</h2>
        <p class="row">
          <LinkButton href="/trades" look="quiet" id="all-trades">
            {say("desk.trades")}
          </LinkButton>
          <LinkButton href="/desk/looks" look="quiet" id="looks">
            {say("desk.looks")}
          </LinkButton>
          {lists.map((list) => (
            <LinkButton key={list} href={`/desk/${list}`} look="quiet" id={`list-${list.replace("/", "-")}`}>
              {say(`desk.list.${list}`)}
            </LinkButton>
          ))}
        </p>
      </section>
    </div>
  );
}

/** The first page of an operator. */
export function DeskPage({ frame, queues, lists }: DeskProps) {
  return (
    <ServerPage frame={frame} title={useWords()("desk.title")} here="desk" narrow>
      <Body queues={queues} lists={lists} />
    </ServerPage>
  );
}
