/** How somebody becomes a member, and what is told afterwards. */
import {
  type Attempt,
  Button,
  Field,
  Form,
  type Frame,
  LinkButton,
  Mistakes,
  noAttempt,
  Notice,
  Refused,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { MeansFields } from "../means/means.ts";
import { PersonFields } from "./person-fields.tsx";

export interface JoinProps {
  frame: Frame;
  once: string;
  /** The currency that stands in the form at first. */
  currency?: string;
  /** Where to go on afterwards. */
  next?: string | undefined;
  attempt?: Attempt;
}

function JoinBody({ frame, once, currency = "JPY", next, attempt = noAttempt }: JoinProps) {
  const say = useWords();
  const { values, errors } = attempt;
  const { means = [] } = frame.face;
  return (
    <div class="stack-l">
      <h1>{say("join.title")}</h1>
      <p class="lead">{say("join.lead")}</p>
      <Mistakes errors={errors} />
      <Refused attempt={attempt} />
      <Form action="/join" once={once} id="join">
        {next === undefined ? null : <input type="hidden" name="next" value={next} />}
        <section class="sheet" aria-labelledby="about-you">
          <h2 id="about-you">{say("join.you")}</h2>
          <PersonFields attempt={attempt} signsIn />
          <Field
            name="password"
            label={say("person.password")}
            hint={say("person.passwordHint")}
            type="password"
            required
            minLength={12}
            maxLength={200}
            autocomplete="new-password"
            error={errors["password"]}
          />
        </section>
        {means.length > 0 ? (
          <section class="sheet" aria-labelledby="how-you-pay">
            <h2 id="how-you-pay">{say("join.method")}</h2>
            <p class="soft">{say("join.later")}</p>
            <MeansFields attempt={attempt} kinds={["none", ...means]} />
            <Field
              name="currency"
              label={say("method.currency")}
              hint={say("method.currencyHint")}
              value={values["currency"] ?? currency}
              error={errors["currency"]}
              required
              maxLength={3}
              short
            />
          </section>
        ) : null}
        <Button id="join-submit" wide>
          {say("join.submit")}
        </Button>
      </Form>
    </div>
  );
}

/** `/join`: the application of a member. */
export function JoinPage(props: JoinProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("join.title")} here="join" narrow>
      <JoinBody {...props} />
    </ServerPage>
  );
}

export interface WelcomeProps {
  frame: Frame;
  number: string;
  state: "active" | "provisional" | "suspended";
  /** What they were about when they joined. */
  next?: string | undefined;
}

function WelcomeBody({ frame, number, state, next }: WelcomeProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("join.doneTitle")}</h1>
      <Notice tone={state === "active" ? "good" : "calm"}>
        <p>{say(state === "active" ? "join.doneActive" : "join.doneProvisional")}</p>
      </Notice>
      <div class="sheet">
        <h2>{say("join.number")}</h2>
        <p class="big" id="member-number">
          <TradeNumber number={number} />
        </p>
        <p class="soft">{say("join.numberHint")}</p>
      </div>
      {next === undefined ? null : (
        <p>
          <LinkButton href={next} id="go-on">
            {say("methods.goOn")}
          </LinkButton>
        </p>
      )}
      <p>
        <LinkButton
          href={`/${frame.face.money}`}
          id={`to-${frame.face.money}`}
          look={next === undefined ? "main" : "quiet"}
        >
          {say(`${frame.face.money}.title`)}
        </LinkButton>
      </p>
    </div>
  );
}

/** `/welcome`: what became of an application, with the number to give to shops. */
export function WelcomePage(props: WelcomeProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("join.doneTitle")} narrow>
      <WelcomeBody {...props} />
    </ServerPage>
  );
}
