/** Somebody's passkeys, for them to add and take away. */
import type { CreationOptions, Wanted } from "../moments/moments.ts";
import {
  type Attempt,
  Button,
  Empty,
  Field,
  Form,
  type Frame,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";
import { PasskeyScript, ProofPart } from "../proof-views/proof-views.ts";

export interface PasskeyView {
  id: string;
  name: string;
  /** It is kept by more than one device. */
  synced: boolean;
  since: string;
  used: string | undefined;
  /** It proves acts; else it only signs in. */
  proves: boolean;
  /** How it is proved that it is to be taken away. */
  wanted: Wanted;
}

interface PasskeysProps {
  frame: Frame;
  passkeys: readonly PasskeyView[];
  /** How it is proved that another one is to be added. */
  wanted: Wanted;
  /** Whether this server has passkeys. */
  open: boolean;
  /** The kind of browser, as a first name for the passkey in it. */
  place: string | undefined;
  /** Operators say their address each time, since it is kept nowhere. */
  isOperator: boolean;
  done?: "added" | "named" | "removed" | undefined;
  attempt?: Attempt;
  /** The passkey to whose form the attempt belongs. */
  of?: string | undefined;
}

function OwnAddress({ id, attempt }: { id: string; attempt: Attempt }) {
  const say = useWords();
  return (
    <Field
      name="email"
      id={`${id}email`}
      label={say("signIn.email")}
      type="email"
      required
      autocomplete="username"
      maxLength={254}
      value={attempt.values["email"]}
      error={attempt.errors["email"]}
    />
  );
}

function Passkey({
  passkey: { id, name, synced, since, used, proves, wanted },
  isOperator,
  attempt,
}: {
  passkey: PasskeyView;
  isOperator: boolean;
  attempt: Attempt | undefined;
}) {
  const say = useWords();
  const tried = attempt ?? noAttempt;
  return (
    <li class="sheet" data-passkey-id={id}>
      <h2>
        <Name>{name}</Name>
      </h2>
      <p>
        <Say k="passkey.since" since={<Moment at={since} />} />
        {used === undefined ? null : (
          <>
            <br />
            <Say k="passkey.used" used={<Moment at={used} />} />
          </>
        )}
      </p>
      <p class="soft">{say(synced ? "passkey.synced" : "passkey.bound")}</p>
      {proves ? null : <p>{say("passkey.young")}</p>}
      <details class="act" id={`change-${id}`} open={attempt !== undefined}>
        <summary>{say("passkey.change")}</summary>
        <Form action={`/passkeys/${id}/name`} id={`name-${id}-form`}>
          <Field
            name="name"
            id={`name-${id}`}
            label={say("passkey.name")}
            required
            maxLength={60}
            value={tried.values["name"] ?? name}
            error={tried.errors["name"]}
          />
          <Button id={`save-${id}`} look="quiet">
            {say("passkey.saveName")}
          </Button>
        </Form>
        <Form action={`/passkeys/${id}/remove`} id={`remove-${id}-form`}>
          {isOperator ? <OwnAddress id={`${id}-`} attempt={tried} /> : null}
          <ProofPart wanted={wanted} attempt={tried} either id={`${id}-`} />
          <p class="soft small">{say("passkey.removeHint")}</p>
          <Button id={`remove-${id}`} look="stop">
            {say("passkey.remove")}
          </Button>
        </Form>
      </details>
    </li>
  );
}

function AddPasskey({ wanted, place, isOperator, attempt = noAttempt }: Omit<PasskeysProps, "frame">) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="another">
      <h2 id="another">{say("passkey.add")}</h2>
      <p class="soft unscripted">{say("passkey.noScripts")}</p>
      <Form action="/passkeys/begin" id="add-passkey">
        <Field
          name="name"
          label={say("passkey.name")}
          hint={say("passkey.nameHint")}
          required
          maxLength={60}
          value={attempt.values["name"] ?? place}
          error={attempt.errors["name"]}
        />
        {isOperator ? <OwnAddress id="" attempt={attempt} /> : null}
        <ProofPart wanted={wanted} attempt={attempt} either />
        <Button id="begin-passkey">{say("passkey.begin")}</Button>
      </Form>
    </section>
  );
}

function PasskeysBody(props: Omit<PasskeysProps, "frame">) {
  const say = useWords();
  const { passkeys, open, done, attempt = noAttempt, of, isOperator } = props;
  return (
    <div class="stack-l">
      <h1>{say("passkey.title")}</h1>
      <p class="lead">{say("passkey.lead")}</p>
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say(`passkey.done.${done}`)}</p>
        </Notice>
      )}
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {passkeys.length === 0 ? <Empty title={say("passkey.empty")} /> : null}
      <ul class="list">
        {passkeys.map((passkey) => (
          <Passkey
            key={passkey.id}
            passkey={passkey}
            isOperator={isOperator}
            attempt={of === passkey.id ? attempt : undefined}
          />
        ))}
      </ul>
      {open ? (
        <AddPasskey {...props} attempt={of === undefined ? attempt : noAttempt} />
      ) : (
        <Notice tone="care" id="no-passkeys">
          <p>{say("passkey.closed")}</p>
        </Notice>
      )}
      <p>
        <a class="back" id="to-password" href="/password">
          {say("password.title")}
        </a>{" "}
        <a class="back" id="to-sessions" href="/sessions">
          {say("sessions.title")}
        </a>
      </p>
    </div>
  );
}

/** `/passkeys`. */
export function PasskeysPage({ frame, ...body }: PasskeysProps) {
  return (
    <ServerPage frame={frame} title={useWords()("passkey.title")} here="you" narrow>
      <PasskeysBody {...body} />
    </ServerPage>
  );
}

interface MakeProps {
  frame: Frame;
  name: string;
  email: string | undefined;
  options: CreationOptions;
}

function MakeBody({ name, email, options }: Omit<MakeProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("passkey.makeTitle")}</h1>
      <p class="lead">{say("passkey.makeLead")}</p>
      <div class="sheet">
        <Form action="/passkeys" id="make-passkey">
          <input type="hidden" name="name" value={name} />
          {email === undefined ? null : <input type="hidden" name="email" value={email} />}
          <input
            type="hidden"
            name="made"
            value=""
            data-does="create"
            data-passkey={JSON.stringify(options)}
            data-host={options.rp.id}
          />
          <p class="error unscripted">{say("passkey.noScripts")}</p>
          <p class="error without-passkey">
            <Say k="proof.elsewhere" host={<code>{options.rp.id}</code>} />
          </p>
          <p class="error" data-passkey-said hidden>
            {say("passkey.notMade")}
          </p>
          <Button id="make" wide>
            {say("passkey.make")}
          </Button>
        </Form>
        <PasskeyScript />
      </div>
      <p>
        <LinkButton href="/passkeys" id="not-now" look="quiet">
          {say("passkey.back")}
        </LinkButton>
      </p>
    </div>
  );
}

/** What `/passkeys` shows once it was proved who makes another one. */
export function MakePasskeyPage({ frame, ...body }: MakeProps) {
  return (
    <ServerPage frame={frame} title={useWords()("passkey.makeTitle")} narrow>
      <MakeBody {...body} />
    </ServerPage>
  );
}
