/** What waits for a second operator: the list, and one act with all that will be done. */
import type { ActName, Speech } from "../operators/operators.ts";
import {
  Amount,
  Button,
  Empty,
  Fact,
  Field,
  Form,
  type Frame,
  LinkButton,
  Moment,
  Name,
  Notice,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { currencyOf, Facts, type Names } from "./facts.tsx";
import { LookForm, type Place, SealedPlace, Spoken, Terms, type TermsShown } from "./waiting-parts.tsx";

export interface ActShown {
  id: string;
  act: ActName;
  /** Who has asked for it, by name. */
  operator: string;
  mine: boolean;
  createdAt: string;
  until: string;
  trade: string | null;
  currency: string | null;
  amount: number | null;
  reason: string | null;
}

interface ListProps {
  frame: Frame;
  acts: readonly ActShown[];
  next: string | null;
  /** What this operator has asked for, was confirmed, and is shown once. */
  yours: readonly Pick<ActShown, "id" | "act">[];
  done?: "confirmed" | "declined" | undefined;
}

function Card({ act }: { act: ActShown }) {
  const say = useWords();
  const { id, trade, currency, amount, reason, mine } = act;
  return (
    <li class="sheet" data-act={act.act}>
      <h2>
        <a href={`/operator-acts/${id}`} id={`act-${id}`}>
          {say(`deed.${act.act}`)}
        </a>
      </h2>
      <dl class="facts two">
        <Fact term={say("waiting.by")}>
          <Name>{act.operator}</Name>
          {mine ? `${say("between")}${say("operators.you")}` : null}
        </Fact>
        {amount === null || currency === null ? null : (
          <Fact term={say("waiting.sum")}>
            <Amount amount={amount} currency={currency} />
          </Fact>
        )}
        {trade === null ? null : (
          <Fact term={say("waiting.of")}>
            <TradeNumber number={trade} />
          </Fact>
        )}
        {reason === null ? null : (
          <Fact term={say("waiting.why")}>
            <Name>{reason}</Name>
          </Fact>
        )}
        <Fact term={say("waiting.until")}>
          <Moment at={act.until} />
        </Fact>
      </dl>
    </li>
  );
}

const doneWords = { confirmed: "form.done", declined: "waiting.declined" } as const;

function ListBody({ acts, next, yours, done }: Omit<ListProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("waiting.title")}</h1>
      <p class="lead">{say("waiting.lead")}</p>
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say(doneWords[done])}</p>
        </Notice>
      )}
      {yours.length === 0 ? null : (
        <section class="sheet" aria-labelledby="yours">
          <h2 id="yours">{say("waiting.yours")}</h2>
          <ul class="lines">
            {yours.map(({ id, act }) => (
              <li key={id}>
                <a href={`/operator-acts/${id}`}>{say(`deed.${act}`)}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {acts.length === 0 ? <Empty title={say("waiting.empty")} /> : null}
      <ul class="list">
        {acts.map((act) => (
          <Card key={act.id} act={act} />
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <LinkButton href={`/operator-acts?after=${next}`} id="more" look="quiet">
            {say("waiting.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/operator-acts`: what waits, the oldest first. */
export function WaitingPage(props: ListProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("waiting.title")} here="desk">
      <ListBody {...props} />
    </ServerPage>
  );
}

interface OneProps {
  frame: Frame;
  act: ActShown;
  /** What exactly will be done. */
  body: Record<string, unknown>;
  /** Who has asked the operator for it, and who has agreed to it. */
  speeches: readonly Speech[];
  /** What an order comes to by it, and what it came to before, where the act agrees to a sum or changes it. */
  terms: TermsShown | undefined;
  /** Where money or a sign-in goes, which is kept sealed: `closed` until the reader has said why. */
  place: Place | "closed" | undefined;
  /** Of exactly what is shown here. */
  digest: string | null;
  /** How it stands before. */
  stands: Record<string, unknown> | undefined;
  /** Both sides of an order that it is about. */
  sides: { shop: string | null; buyer: string | null } | undefined;
  names: Names;
  /** Who has confirmed it. */
  confirmedBy: string | null;
  /** What it holds can be fetched by whoever has asked. */
  secret: boolean;
  asked: boolean;
  once: string;
}

/** What the reader can do about it. */
function Answers({ act, digest, once, confirmedBy, secret, place }: Omit<OneProps, "frame">) {
  const say = useWords();
  const { id, mine } = act;
  if (confirmedBy !== null)
    return (
      <section class="sheet stack">
        <p>
          <Say k="waiting.confirmedBy" name={<Name>{confirmedBy}</Name>} />
        </p>
        {!secret ? null : mine ? (
          <Form action={`/operator-acts/${id}/collect`} id="collect-form" once={`${once}-collect`}>
            <p>{say("waiting.collectHint")}</p>
            <Button id="collect">{say("waiting.collect")}</Button>
          </Form>
        ) : (
          <p>{say("waiting.forWhoAsked")}</p>
        )}
      </section>
    );
  return (
    <section class="sheet stack">
      {mine ? (
        <p id="own">{say("waiting.mine")}</p>
      ) : place === "closed" ? (
        <p id="unseen">{say("waiting.lookFirst")}</p>
      ) : (
        <Form action={`/operator-acts/${id}/confirm`} id="confirm-form" once={`${once}-confirm`}>
          <input type="hidden" name="digest" value={digest ?? ""} />
          <Button id="confirm">{say("waiting.confirm")}</Button>
        </Form>
      )}
      <Form action={`/operator-acts/${id}/decline`} id="decline-form" once={`${once}-decline`}>
        <Field name="reason" label={say("waiting.declineReason")} maxLength={500} required />
        <Button id="decline" look="stop">
          {say("waiting.decline")}
        </Button>
      </Form>
    </section>
  );
}

function Head({ act, sides, asked }: Pick<OneProps, "act" | "sides" | "asked">) {
  const say = useWords();
  const { trade, currency, amount } = act;
  return (
    <>
      <div>
        <a class="back" href="/operator-acts">
          ← {say("waiting.title")}
        </a>
        <h1>{say(`deed.${act.act}`)}</h1>
      </div>
      {asked ? (
        <Notice tone="hold" id="asked">
          <p>{say("waiting.asked")}</p>
        </Notice>
      ) : null}
      <section class="sheet">
        <dl class="facts two">
          <Fact term={say("waiting.by")}>
            <Name>{act.operator}</Name>
          </Fact>
          <Fact term={say("waiting.at")}>
            <Moment at={act.createdAt} />
          </Fact>
          <Fact term={say("waiting.until")}>
            <Moment at={act.until} />
          </Fact>
          {amount === null || currency === null ? null : (
            <Fact term={say("waiting.sum")}>
              <Amount amount={amount} currency={currency} />
            </Fact>
          )}
          {trade === null ? null : (
            <Fact term={say("waiting.of")}>
              <a href={`/trades/${trade}`} id="to-trade">
                <TradeNumber number={trade} />
              </a>
            </Fact>
          )}
          {sides?.shop == null ? null : (
            <Fact term={say("disputes.side.shop")}>
              <Name>{sides.shop}</Name>
            </Fact>
          )}
          {sides?.buyer == null ? null : (
            <Fact term={say("disputes.side.buyer")}>
              <Say k="disputes.member" number={<TradeNumber number={sides.buyer} />} />
            </Fact>
          )}
        </dl>
      </section>
    </>
  );
}

function OneBody(props: Omit<OneProps, "frame">) {
  const say = useWords();
  const { act, body, speeches, stands, terms, place, names, once } = props;
  const currency = act.currency ?? currencyOf(stands ?? {}, undefined);
  return (
    <div class="stack-l">
      <Head {...props} />
      {stands === undefined ? null : (
        <section class="sheet" aria-labelledby="before">
          <h2 id="before">{say("form.before")}</h2>
          <Facts of={stands} currency={currency} names={names} />
        </section>
      )}
      {terms === undefined ? null : <Terms terms={terms} currency={currency} names={names} />}
      <section class="sheet" aria-labelledby="what">
        <h2 id="what">{say("waiting.what")}</h2>
        <Facts of={body} currency={currency} names={names} />
      </section>
      {place === undefined ? null : place === "closed" ? (
        <LookForm action={`/operator-acts/${act.id}/look`} once={`${once}-look`} />
      ) : (
        <SealedPlace place={place} />
      )}
      {speeches.map((speech, index) => (
        <Spoken key={index} speech={speech} id={index === 0 ? "spoken" : `spoken-${index}`} />
      ))}
      <Answers {...props} />
    </div>
  );
}

/** `/operator-acts/{id}`: what exactly waits, and what can be said to it. */
export function WaitingActPage(props: OneProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()(`deed.${props.act.act}`)} here="desk" narrow>
      <OneBody {...props} />
    </ServerPage>
  );
}
