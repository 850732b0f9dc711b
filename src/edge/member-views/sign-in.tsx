/** The page on which people sign in. */
import {
  type Attempt,
  Button,
  Field,
  Form,
  type Frame,
  noAttempt,
  Refused,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

export interface SignInProps {
  frame: Frame;
  /** Where to go afterwards: a path on this server. */
  next?: string | undefined;
  attempt?: Attempt;
}

/** The way back for a guest; before the form where they have come for one trade. */
function AsGuest({ number }: { number?: string | undefined }) {
  const say = useWords();
  return (
    <p>
      {say("signIn.guest")}
      {say("between")}
      <a class="back" id="guest-link" href={number === undefined ? "/link" : `/link?number=${number}`}>
        {say("signIn.guestLink")}
      </a>
    </p>
  );
}

function SignInBody({ next, attempt = noAttempt }: SignInProps) {
  const say = useWords();
  const number = /^\/trades\/([0-9]{1,20})(?![0-9])/.exec(next ?? "")?.[1];
  return (
    <div class="stack-l">
      <h1>{say("signIn.title")}</h1>
      <Refused attempt={attempt} />
      {number === undefined ? null : <AsGuest number={number} />}
      <div class="sheet">
        <Form action="/signin" id="sign-in">
          {next === undefined ? null : <input type="hidden" name="next" value={next} />}
          <Field
            name="email"
            label={say("signIn.email")}
            type="email"
            required
            autocomplete="username"
            value={attempt.values["email"]}
            error={attempt.errors["email"]}
          />
          <Field
            name="password"
            label={say("signIn.password")}
            type="password"
            required
            autocomplete="current-password"
            error={attempt.errors["password"]}
          />
          <Button id="sign-in-submit" wide>
            {say("signIn.submit")}
          </Button>
        </Form>
      </div>
      <p>
        <a class="back" id="forgotten-link" href="/forgotten">
          {say("signIn.forgotten")}
        </a>
      </p>
      <p>
        {say("signIn.letter")}
        {say("between")}
        <a class="back" id="letter-link" href="/first-sign-in">
          {say("signIn.letterLink")}
        </a>
      </p>
      {number === undefined ? <AsGuest /> : null}
      <p>
        {say("signIn.noAccount")}
        {say("between")}
        <a
          class="back"
          id="join-instead"
          href={next === undefined ? "/join" : `/join?next=${encodeURIComponent(next)}`}
        >
          {say("nav.join")}
        </a>
      </p>
    </div>
  );
}

/** `/signin`. */
export function SignInPage(props: SignInProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("signIn.title")} here="signIn" narrow>
      <SignInBody {...props} />
    </ServerPage>
  );
}
