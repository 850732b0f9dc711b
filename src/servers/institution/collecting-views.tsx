/** Which servers may say what somebody has taken at doors, and what they have said. Data in, HTML out. */
import {
  Amount,
  type Attempt,
  Button,
  Choice,
  Empty,
  Field,
  Form,
  type Frame,
  Mistakes,
  Moment,
  Name,
  Notice,
  Refused,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../../edge/parts/parts.ts";

export interface CollectingProps {
  frame: Frame;
  peers: readonly { id: string; name: string }[];
  currencies: readonly string[];
  consents: readonly { id: string; server: string; currency: string; limitPerDay: number; over: boolean }[];
  said: readonly {
    id: string;
    tradeNumber: string;
    amount: number;
    currency: string;
    shopName: string | null;
    server: string;
    at: string;
  }[];
  /** What has just been agreed to is taken up with this. */
  code: string | undefined;
  once: string;
  attempt: Attempt;
}

function Agree({ peers, currencies, once, attempt }: CollectingProps) {
  const say = useWords();
  const { values, errors } = attempt;
  const [first] = peers;
  return (
    <Form action="/collecting" id="agree" once={once}>
      <fieldset class="sheet">
        <legend>{say("said.server")}</legend>
        <div class="choices" id="peer">
          {peers.map(({ id, name }) => (
            <Choice
              key={id}
              name="peer"
              value={id}
              id={`peer-${id}`}
              checked={id === (values["peer"] ?? first?.id)}
              required
            >
              <Name>{name}</Name>
            </Choice>
          ))}
        </div>
      </fieldset>
      <Field
        name="currency"
        label={say("said.currency")}
        required
        short
        maxLength={3}
        value={values["currency"] ?? currencies[0]}
        error={errors["currency"]}
      />
      <Field
        name="limitPerDay"
        label={say("said.perDay")}
        hint={say("said.perDayHint")}
        inputMode="decimal"
        required
        short
        value={values["limitPerDay"]}
        error={errors["limitPerDay"]}
      />
      <Button id="let">{say("said.agree")}</Button>
    </Form>
  );
}

function Given({ consents, once }: CollectingProps) {
  const say = useWords();
  return (
    <ul class="list" id="given">
      {consents.map(({ id, server, currency, limitPerDay, over }) => (
        <li class="sheet" key={id} data-consent={id} data-over={over ? "yes" : undefined}>
          <p>
            <strong>
              <Name>{server}</Name>
            </strong>
          </p>
          <p>
            <Say k="said.upTo" amount={<Amount amount={limitPerDay} currency={currency} />} />
          </p>
          {over ? (
            <p class="soft">{say("said.over")}</p>
          ) : (
            <Form action={`/collecting/${id}/end`} once={`${once}-${id}`} id={`end-${id}-form`}>
              <Button id={`end-${id}`} look="quiet">
                {say("said.end")}
              </Button>
            </Form>
          )}
        </li>
      ))}
    </ul>
  );
}

function Body(props: CollectingProps) {
  const say = useWords();
  const { said, code, attempt, peers } = props;
  return (
    <div class="stack-l">
      <h1>{say("said.title")}</h1>
      <p class="lead">{say("said.lead")}</p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {code === undefined ? null : (
        <Notice tone="good" id="agreed" title={say("said.code")}>
          <p>
            <code id="code">{code}</code>
          </p>
          <p>{say("said.codeHint")}</p>
        </Notice>
      )}
      <Given {...props} />
      {peers.length === 0 ? null : <Agree {...props} />}
      <section class="sheet" aria-labelledby="said">
        <h2 id="said">{say("said.list")}</h2>
        {said.length === 0 ? <Empty title={say("said.nothing")} /> : null}
        <ul class="lines" id="takings">
          {said.map(({ id, tradeNumber, amount, currency, shopName, server, at }) => (
            <li key={id} data-number={tradeNumber}>
              <p class="spread">
                <TradeNumber number={tradeNumber} />
                <strong>
                  <Amount amount={amount} currency={currency} />
                </strong>
              </p>
              <p class="kicker">
                {shopName === null ? null : <Name>{shopName}</Name>}
                <Name>{server}</Name>
                <Moment at={at} />
              </p>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** `/collecting` at an institution. */
export function CollectingPage(props: CollectingProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("said.title")} narrow>
      <Body {...props} />
    </ServerPage>
  );
}
