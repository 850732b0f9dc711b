/** What people sign in with: another password, a forgotten one, and an address that is taken back. */
import type { Sentence } from "../words/words.ts";
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
  frame: Frame;
  attempt?: Attempt;
  /** It was taken. */
  done?: boolean;
}

function NewPassword({ name, error }: { name: string; error: Sentence | undefined }) {
  const say = useWords();
  return (
    <Field
      name={name}
      label={say("password.new")}
      hint={say("person.passwordHint")}
      type="password"
      required
      minLength={12}
      maxLength={200}
      autocomplete="new-password"
      error={error}
    />
  );
}

function PasswordBody({ attempt = noAttempt, done = false, email }: Omit<PasswordProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("password.title")}</h1>
      {done ? (
        <Notice tone="good" id="done">
          <p>{say("password.done")}</p>
        </Notice>
      ) : null}
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <div class="sheet">
        <Form action="/password" id="password-form">
          <Field
            name="email"
            label={say("signIn.email")}
            type="email"
            required
            autocomplete="username"
            maxLength={254}
            value={attempt.values["email"] ?? email}
            error={attempt.errors["email"]}
          />
          <Field
            name="password"
            label={say("own.password")}
            type="password"
            required
            autocomplete="current-password"
            maxLength={200}
            error={attempt.errors["password"]}
          />
          <NewPassword name="newPassword" error={attempt.errors["newPassword"]} />
          <Button id="change-password" wide>
            {say("password.submit")}
          </Button>
        </Form>
      </div>
      <p>
        <a class="back" id="to-passkeys" href="/passkeys">
          {say("passkey.title")}
        </a>
      </p>
    </div>
  );
}

interface PasswordProps extends Shown {
  /** The address with which they sign in, where it is known here. */
  email?: string | undefined;
}

/** `/password`. */
export function PasswordPage({ frame, ...body }: PasswordProps) {
  return (
    <ServerPage frame={frame} title={useWords()("password.title")} here="you" narrow>
      <PasswordBody {...body} />
    </ServerPage>
  );
}

/** `/forgotten`. It answers everybody the same. */
export function ForgottenPage({ frame, attempt = noAttempt, done = false, open }: Shown & { open: boolean }) {
  const say = useWords();
  return (
    <ServerPage frame={frame} title={say("forgotten.title")} narrow>
      <div class="stack-l">
        <h1>{say("forgotten.title")}</h1>
        {done ? (
          <Notice tone="good" id="mail-sent">
            <p>{say("forgotten.sent")}</p>
          </Notice>
        ) : (
          <div class="stack-l">
            <Mistakes errors={attempt.errors} />
            <Refused attempt={attempt} />
            <p class="lead">{say(open ? "forgotten.lead" : "forgotten.noMails")}</p>
            {open ? (
              <Form action="/forgotten" id="forgotten-form" sheet>
                <Field
                  name="email"
                  label={say("signIn.email")}
                  type="email"
                  required
                  autocomplete="username"
                  maxLength={254}
                  value={attempt.values["email"]}
                  error={attempt.errors["email"]}
                />
                <Button id="send-mail" wide>
                  {say("forgotten.send")}
                </Button>
              </Form>
            ) : null}
          </div>
        )}
      </div>
    </ServerPage>
  );
}

function ResetBody({ attempt = noAttempt, done = false }: Omit<Shown, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("reset.title")}</h1>
      {done ? (
        <Notice tone="good" id="done">
          <p>{say("reset.done")}</p>
          <p>
            <a id="to-sign-in" href="/signin">
              {say("nav.signIn")}
            </a>
          </p>
        </Notice>
      ) : (
        <>
          <Mistakes errors={attempt.errors} />
          <Refused attempt={attempt} />
          <Form action="/reset" id="reset-form" sheet>
            <NewPassword name="password" error={attempt.errors["password"]} />
            <Button id="set-password" wide>
              {say("password.submit")}
            </Button>
          </Form>
        </>
      )}
    </div>
  );
}

/** `/reset`: by the link in a mail. */
export function ResetPage({ frame, ...body }: Shown) {
  return (
    <ServerPage frame={frame} title={useWords()("reset.title")} narrow>
      <ResetBody {...body} />
    </ServerPage>
  );
}

function TakeBackBody({ attempt = noAttempt, done }: Omit<TakeBackProps, "frame">) {
  const say = useWords();
  if (done !== undefined)
    return (
      <div class="stack-l">
        <h1>{say("back.title")}</h1>
        <Notice tone={done === "back" ? "good" : "hold"} id="done">
          <p>{say(`back.done.${done}`)}</p>
        </Notice>
      </div>
    );
  return (
    <div class="stack-l">
      <h1>{say("back.title")}</h1>
      <p class="lead">{say("back.lead")}</p>
      <Refused attempt={attempt} />
      <section class="sheet">
        <Form action="/address-back" id="back-form">
          <Field
            name="password"
            label={say("back.password")}
            type="password"
            required
            autocomplete="current-password"
            maxLength={200}
            error={attempt.errors["password"]}
          />
          <Button id="take-back" wide>
            {say("back.submit")}
          </Button>
        </Form>
      </section>
      <section class="sheet">
        <p>{say("back.stopHint")}</p>
        <Form action="/address-back/stop" id="stop-form">
          <Button id="stop-all" look="stop" wide>
            {say("back.stop")}
          </Button>
        </Form>
      </section>
    </div>
  );
}

interface TakeBackProps extends Omit<Shown, "done"> {
  done?: "back" | "stopped" | undefined;
}

/** `/address-back`: by the link that went to the former address. */
export function TakeBackPage({ frame, ...body }: TakeBackProps) {
  return (
    <ServerPage frame={frame} title={useWords()("back.title")} narrow>
      <TakeBackBody {...body} />
    </ServerPage>
  );
}
