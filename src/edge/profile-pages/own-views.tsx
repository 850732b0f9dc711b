/** What is known of a member, for them to change. */
import type { Sentence } from "../words/words.ts";
import {
  AddressFields,
  type Attempt,
  Button,
  Field,
  Form,
  type Frame,
  Mistakes,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";

export interface OwnData {
  name: string | null;
  kana: string | null;
  address: string | null;
  email: string | null;
  phone: string | null;
}

interface OwnDataProps {
  frame: Frame;
  data: OwnData;
  /** The number of the member, by which shops know them. */
  number: string;
  /** Shows where the code is typed that was sent to a new address. */
  coded: boolean;
  done?: "profile" | "email" | "sent" | undefined;
  attempt?: Attempt;
}

type Body = Omit<OwnDataProps, "frame">;

function NowPassword({ id, error }: { id: string; error: Sentence | undefined }) {
  const say = useWords();
  return (
    <Field
      id={id}
      name="password"
      label={say("own.password")}
      hint={say("own.passwordHint")}
      type="password"
      required
      autocomplete="current-password"
      maxLength={200}
      error={error}
    />
  );
}

function ProfileForm({ data, attempt = noAttempt }: Body) {
  const say = useWords();
  const field = (name: "name" | "kana" | "address" | "phone") => ({
    name,
    value: attempt.values[name] ?? data[name] ?? undefined,
    error: attempt.errors[name],
  });
  return (
    <section class="sheet" aria-labelledby="about-you">
      <h2 id="about-you">{say("own.profile")}</h2>
      <Form action="/you/profile" id="profile-form">
        <Field {...field("name")} label={say("person.name")} required autocomplete="name" maxLength={120} />
        <Field {...field("kana")} label={say("person.kana")} hint={say("person.kanaHint")} maxLength={120} />
        <AddressFields
          address={{
            ...field("address"),
            label: say("person.address"),
            required: true,
            autocomplete: "street-address",
            maxLength: 300,
          }}
          error={attempt.errors["postcode"]}
        />
        <Field {...field("phone")} label={say("person.phone")} type="tel" autocomplete="tel" maxLength={40} />
        <NowPassword id="password" error={attempt.errors["password"]} />
        <Button id="save-profile">{say("own.save")}</Button>
      </Form>
    </section>
  );
}

function EmailForms({ data, coded, attempt = noAttempt }: Body) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="your-address">
      <h2 id="your-address">{say("own.email")}</h2>
      <p id="email-now">{data.email}</p>
      <p class="soft">{say("own.emailHint")}</p>
      <Form action="/you/email" id="email-form">
        <Field
          name="email"
          label={say("own.newEmail")}
          type="email"
          required
          autocomplete="email"
          maxLength={254}
          value={attempt.values["email"]}
          error={attempt.errors["email"]}
        />
        <NowPassword id="email-password" error={undefined} />
        <Button id="send-code">{say("own.sendCode")}</Button>
      </Form>
      {coded ? (
        <Form action="/you/email/code" id="code-form">
          <Field
            name="code"
            label={say("guest.code")}
            hint={say("own.codeHint")}
            required
            maxLength={20}
            inputMode="numeric"
            autocomplete="one-time-code"
            error={attempt.errors["code"]}
          />
          <Button id="confirm-email">{say("own.confirm")}</Button>
        </Form>
      ) : null}
    </section>
  );
}

function EraseForm({ attempt = noAttempt }: Body) {
  const say = useWords();
  const refused = attempt.errors["erasePassword"] ?? attempt.problem;
  return (
    <details class="sheet act" id="erase" open={refused !== undefined}>
      <summary>{say("erase.title")}</summary>
      <p>{say("erase.goes")}</p>
      <p>{say("erase.stays")}</p>
      <p>{say("erase.when")}</p>
      <Form action="/you/erase" id="erase-form">
        <Field
          name="erasePassword"
          label={say("own.password")}
          hint={say("own.passwordHint")}
          type="password"
          required
          autocomplete="current-password"
          maxLength={200}
          error={attempt.errors["erasePassword"]}
        />
        <Button id="erase-submit" look="stop">
          {say("erase.submit")}
        </Button>
      </Form>
    </details>
  );
}

function OwnDataBody(props: Body) {
  const say = useWords();
  const { done, attempt = noAttempt } = props;
  return (
    <div class="stack-l">
      <h1>{say("own.title")}</h1>
      <p class="lead">{say("own.lead")}</p>
      <p id="member-number">
        <Say k="accounts.number" number={<TradeNumber number={props.number} />} />
        <br />
        <span class="soft small">{say("join.numberHint")}</span>
      </p>
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say(`own.done.${done}`)}</p>
        </Notice>
      )}
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <ProfileForm {...props} />
      <EmailForms {...props} />
      <EraseForm {...props} />
      <p>
        <a class="back" id="to-password" href="/password">
          {say("password.title")}
        </a>{" "}
        <a class="back" id="to-passkeys" href="/passkeys">
          {say("passkey.title")}
        </a>{" "}
        <a class="back" id="to-sessions" href="/sessions">
          {say("sessions.title")}
        </a>{" "}
        <a class="back" id="to-record" href="/record">
          {say("record.to")}
        </a>
      </p>
    </div>
  );
}

/** `/you`. */
export function OwnDataPage({ frame, ...body }: OwnDataProps) {
  return (
    <ServerPage frame={frame} title={useWords()("own.title")} here="you" narrow>
      <OwnDataBody {...body} />
    </ServerPage>
  );
}
