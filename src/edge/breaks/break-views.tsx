/** Where the books of two sides do not agree: all of it, and one break with what was said of it. Data in, HTML out. */
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
  Refused,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import type { WordKey } from "../words/words.ts";

export interface BreakLine {
  id: string;
  /** The other server; null where it is no server. */
  name: string | null;
  /** Whose word it is where no server's is. */
  party: string;
  subject: string | null;
  what: string;
  here: string;
  there: string;
  currency: string | null;
  difference: number | null;
  state: "open" | "explained" | "closed";
  firstSeen: string;
  lastSeen: string;
  agreesSince: string | null;
}

export interface Sides {
  here: string | undefined;
  there: string | undefined;
}

interface Word {
  word: "found again" | "explained" | "closed";
  here: string;
  there: string;
  difference: number | null;
  reason: string | null;
  operator: string | null;
  confirmedBy: string | null;
  at: string;
}

interface BreakFull extends BreakLine {
  reference: string | null;
  version: number;
  words: readonly Word[];
}

const whats = {
  amount: "breaks.what.amount",
  collection: "breaks.what.collection",
  currency: "breaks.what.currency",
  frozen: "breaks.what.frozen",
  paid: "breaks.what.paid",
  payout: "breaks.what.payout",
  refunded: "breaks.what.refunded",
  reservation: "breaks.what.reservation",
  settled: "breaks.what.settled",
  state: "breaks.what.state",
  trade: "breaks.what.trade",
} as const satisfies Readonly<Record<string, WordKey>>;
const isWhat = (text: string): text is keyof typeof whats => Object.hasOwn(whats, text);

/** What differs, in words; what no word is known for is called as the comparison calls it. */
function What({ what }: { what: string }) {
  const say = useWords();
  if (isWhat(what)) return <>{say(whats[what])}</>;
  if (what.startsWith("trade ")) return <>{say(whats.trade)}</>;
  const [, sum = "", currency] = /^the sum of (\w+) ([A-Z]{3})$/.exec(what) ?? [];
  if (currency !== undefined && isWhat(sum))
    return <>{say("breaks.sumOf", { what: say(whats[sum]), currency })}</>;
  return <code>{what}</code>;
}

function Value({ value, currency, counts }: { value: string; currency: string | null; counts: boolean }) {
  const say = useWords();
  if (value === "none") return <>{say("breaks.none")}</>;
  if (counts && currency !== null && /^-?[0-9]{1,15}$/.test(value))
    return <Amount amount={Number(value)} currency={currency} />;
  return <code class="small">{value}</code>;
}

function Subject({ subject, href }: { subject: string | null; href?: string | undefined }) {
  const say = useWords();
  if (subject === null) return <>{say("breaks.allTogether")}</>;
  const shown = /^[0-9]{10,14}$/.test(subject) ? (
    <TradeNumber number={subject} />
  ) : (
    <code class="small">{subject}</code>
  );
  return href === undefined ? shown : <a href={href}>{shown}</a>;
}

const Party = ({ of: { name, party } }: { of: Pick<BreakLine, "name" | "party"> }) => {
  const say = useWords();
  if (name !== null) return <Name>{name}</Name>;
  return <>{say(party === "bank" ? "breaks.bank" : "breaks.ownBooks")}</>;
};

function Both({ found }: { found: BreakLine }) {
  const say = useWords();
  const { here, there, currency, difference, firstSeen, lastSeen, agreesSince } = found;
  const counts = difference !== null;
  return (
    <dl class="facts two">
      <Fact term={say("breaks.here")}>
        <Value value={here} currency={currency} counts={counts} />
      </Fact>
      <Fact term={say("breaks.there")}>
        <Value value={there} currency={currency} counts={counts} />
      </Fact>
      {difference === null || currency === null ? null : (
        <Fact term={say("breaks.difference")}>
          <strong>
            <Amount amount={difference} currency={currency} />
          </strong>
        </Fact>
      )}
      <Fact term={say("breaks.firstSeen")}>
        <Moment at={firstSeen} />
      </Fact>
      <Fact term={say("breaks.lastSeen")}>
        <Moment at={lastSeen} />
      </Fact>
      {agreesSince === null ? null : (
        <Fact term={say("breaks.agreesSince")}>
          <Moment at={agreesSince} />
        </Fact>
      )}
    </dl>
  );
}

function Line({ found }: { found: BreakLine }) {
  return (
    <li class="sheet stack" data-break={found.id}>
      <h3>
        <a href={`/desk/breaks/${found.id}`}>
          <Subject subject={found.subject} />
          {" · "}
          <What what={found.what} />
        </a>
      </h3>
      <p class="soft">
        <Party of={found} />
      </p>
      <Both found={found} />
    </li>
  );
}

interface BreaksProps {
  frame: Frame;
  groups: readonly { state: BreakLine["state"]; items: readonly BreakLine[]; next: string | null }[];
  done: "explain" | "close" | undefined;
}

/** `/desk/breaks`. */
export function BreaksPage({ frame, groups, done }: BreaksProps) {
  const say = useWords();
  return (
    <ServerPage frame={frame} title={say("breaks.title")} here="desk">
      <div class="stack-l">
        <div>
          <a class="back" href="/desk">
            ← {say("desk.title")}
          </a>
          <h1>{say("breaks.title")}</h1>
        </div>
        <p class="lead">{say("breaks.lead")}</p>
        {done === undefined ? null : (
          <Notice tone="good" id="done">
            <p>{say(`breaks.done.${done}`)}</p>
          </Notice>
        )}
        {groups.map(({ state, items, next }) => (
          <section key={state} class="stack" aria-labelledby={`breaks-${state}`}>
            <h2 id={`breaks-${state}`}>{say(`breaks.state.${state}`)}</h2>
            {items.length === 0 ? <Empty title={say("breaks.empty")} /> : null}
            <ul class="list">
              {items.map((found) => (
                <Line key={found.id} found={found} />
              ))}
            </ul>
            {next === null ? null : (
              <p>
                <LinkButton href={`/desk/breaks?${state}=${next}`} look="quiet" id={`more-${state}`}>
                  {say("breaks.more")}
                </LinkButton>
              </p>
            )}
          </section>
        ))}
      </div>
    </ServerPage>
  );
}

function Said({
  word,
  names,
  currency,
}: {
  word: Word;
  names: Readonly<Record<string, string>>;
  currency: string | null;
}) {
  const say = useWords();
  const { operator, confirmedBy, reason, difference, at } = word;
  const by = (id: string) => <Name>{names[id] ?? id}</Name>;
  return (
    <li>
      <p>
        {operator === null ? (
          say("breaks.word.again")
        ) : word.word === "explained" ? (
          <Say k="breaks.word.explained" operator={by(operator)} />
        ) : confirmedBy === null ? (
          <Say k="breaks.word.closed" operator={by(operator)} />
        ) : (
          <Say k="breaks.word.closedByTwo" operator={by(operator)} second={by(confirmedBy)} />
        )}
      </p>
      {reason === null ? null : (
        <p>
          <Name>{reason}</Name>
        </p>
      )}
      <p class="small soft">
        <Moment at={at} />
        {difference === null || currency === null ? null : (
          <>
            {" · "}
            {say("breaks.difference")}
            {say("colon")}
            <Amount amount={difference} currency={currency} />
          </>
        )}
      </p>
    </li>
  );
}

function SayForm({
  act,
  found,
  attempt,
  once,
}: {
  act: "explain" | "close";
  found: BreakFull;
  attempt: Attempt;
  once: string;
}) {
  const say = useWords();
  const id = `${act}-reason`;
  return (
    <section class="sheet stack" aria-labelledby={act}>
      <h2 id={act}>{say(`breaks.${act}`)}</h2>
      <p>{say(`breaks.${act}Lead`)}</p>
      <Form action={`/desk/breaks/${found.id}/${act}`} id={`${act}-form`} once={`${once}-${act}`}>
        <input type="hidden" name="seen" value={found.version} />
        <Field
          id={id}
          name="reason"
          label={say("breaks.reason")}
          long
          required
          maxLength={500}
          value={attempt.values[id]}
          error={attempt.errors[id]}
        />
        <Button id={`press-${act}`} look={act === "close" ? "stop" : "main"}>
          {say(`breaks.press.${act}`)}
        </Button>
      </Form>
    </section>
  );
}

interface BreakProps {
  frame: Frame;
  found: BreakFull;
  sides: Sides;
  names: Readonly<Record<string, string>>;
  attempt: Attempt;
  once: string;
}

function Body({ found, sides, names, attempt, once }: Omit<BreakProps, "frame">) {
  const say = useWords();
  const { state, currency, words, reference } = found;
  return (
    <div class="stack-l">
      <div>
        <a class="back" href="/desk/breaks">
          ← {say("breaks.title")}
        </a>
        <h1>
          <What what={found.what} />
          <span class="soft"> · {say(`breaks.one.${state}`)}</span>
        </h1>
      </div>
      <Refused attempt={attempt} />
      <Mistakes errors={attempt.errors} />
      <section class="sheet stack" aria-labelledby="sides">
        <h2 id="sides">{say("breaks.sides")}</h2>
        <dl class="facts two">
          <Fact term={say("breaks.ofHere")}>
            <Subject subject={found.subject} href={sides.here} />
          </Fact>
          <Fact term={say("breaks.ofThere")}>
            {sides.there === undefined ? (
              <Party of={found} />
            ) : (
              <a href={sides.there}>
                <Party of={found} />
              </a>
            )}
          </Fact>
          {reference === null ? null : (
            <Fact term={say("breaks.reference")}>
              <code class="small">{reference}</code>
            </Fact>
          )}
        </dl>
        <Both found={found} />
      </section>
      {words.length === 0 ? null : (
        <section class="sheet stack" aria-labelledby="words">
          <h2 id="words">{say("breaks.words")}</h2>
          <ul class="lines">
            {words.map((word) => (
              <Said key={word.at} word={word} names={names} currency={currency} />
            ))}
          </ul>
        </section>
      )}
      {state === "closed"
        ? null
        : (["explain", "close"] as const).map((act) => (
            <SayForm key={act} act={act} found={found} attempt={attempt} once={once} />
          ))}
    </div>
  );
}

/** `/desk/breaks/{id}`. */
export function BreakPage(props: BreakProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("breaks.title")} here="desk" narrow>
      <Body {...props} />
    </ServerPage>
  );
}
