/** The form for whoever has a letter with a code. */
import {
  type Attempt,
  Button,
  Field,
  Form,
  type Frame,
  Mistakes,
  noAttempt,
  Notice,
  Refused,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

interface Shown {
  attempt?: Attempt;
  /** The sign-in was made. */
  done?: boolean;
}

function FirstForm({ attempt }: { attempt: Attempt }) {
  const say = useWords();
  const { values, errors } = attempt;
  const of = (name: string) => ({ name, value: values[name], error: errors[name], required: true });
  return (
    <Form action="/first-sign-in" id="first-form">
      <Field {...of("number")} label={say("first.number")} inputMode="numeric" maxLength={40} />
      <Field
        {...of("code")}
        label={say("first.code")}
        hint={say("first.codeHint")}
        inputMode="numeric"
        maxLength={40}
        autocomplete="one-time-code"
      />
      <Field {...of("birthDate")} label={say("first.birthDate")} type="date" autocomplete="bday" />
      <Field
        {...of("email")}
        label={say("first.email")}
        hint={say("first.emailHint")}
        type="email"
        maxLength={254}
        autocomplete="username"
      />
      <Field
        {...of("password")}
        label={say("person.password")}
        hint={say("person.passwordHint")}
        type="password"
        minLength={12}
        maxLength={200}
        autocomplete="new-password"
      />
      <Button id="make-sign-in" wide>
        {say("first.submit")}
      </Button>
    </Form>
  );
}

function FirstBody({ attempt = noAttempt, done = false }: Shown) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("first.title")}</h1>
      {done ? (
        <Notice tone="good" id="done">
          <p>{say("first.done")}</p>
          <p>
            <a id="to-sign-in" href="/signin">
              {say("nav.signIn")}
            </a>
          </p>
        </Notice>
      ) : (
        <>
          <p class="lead">{say("first.lead")}</p>
          <Mistakes errors={attempt.errors} />
          <Refused attempt={attempt} />
          <div class="sheet">
            <FirstForm attempt={attempt} />
          </div>
        </>
      )}
    </div>
  );
}

/** `/first-sign-in`. */
export function FirstPage({ frame, ...body }: Shown & { frame: Frame }) {
  return (
    <ServerPage frame={frame} title={useWords()("first.title")} narrow>
      <FirstBody {...body} />
    </ServerPage>
  );
}
