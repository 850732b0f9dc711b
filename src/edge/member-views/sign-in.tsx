/** The page on which people sign in. */
import {
  type Attempt,
  Button,
  Field,
  Form,
  type Frame,
  LinkButton,
  Name,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import type { RequestOptions } from "../moments/moments.ts";
import { PasskeySignIn } from "../proof-views/proof-views.ts";

export interface SignInProps {
  frame: Frame;
  /** Where to go afterwards: a path on this server. */
  next?: string | undefined;
  attempt?: Attempt;
  /** Says that a session has ended; with `kept`, in the middle of something. */
  ended?: boolean;
  kept?: KeptForm | undefined;
  /** What a passkey is asked to sign; left out where there are none. */
  passkey?: RequestOptions | undefined;
}

/** What was typed into a form, and where the form went. */
export interface KeptForm {
  to: string;
  fields: Record<string, string>;
}

/** The way back for a guest; before the form where they have come for one trade. */
function AsGuest({ number }: { number?: string | undefined }) {
  const say = useWords();
  return (
    <p>
      <span class="whole">{say("signIn.guest")}</span>
      {say("between")}
      <a class="back" id="guest-link" href={number === undefined ? "/link" : `/link?number=${number}`}>
        {say("signIn.guestLink")}
      </a>
    </p>
  );
}

/** What else somebody may want who cannot, or need not, sign in. */
function OtherWays({ next, guest }: Pick<SignInProps, "next"> & { guest: boolean }) {
  const say = useWords();
  return (
    <>
      <p>
        <a class="back" id="forgotten-link" href="/forgotten">
          {say("signIn.forgotten")}
        </a>
      </p>
      <p>
        <span class="whole">{say("signIn.letter")}</span>
        {say("between")}
        <a class="back" id="letter-link" href="/first-sign-in">
          {say("signIn.letterLink")}
        </a>
      </p>
      {guest ? <AsGuest /> : null}
      <p>
        <span class="whole">{say("signIn.noAccount")}</span>
        {say("between")}
        <a
          class="back"
          id="join-instead"
          href={next === undefined ? "/join" : `/join?next=${encodeURIComponent(next)}`}
        >
          {say("nav.join")}
        </a>
      </p>
    </>
  );
}

function SignInBody({ next, ended = false, kept, passkey, attempt = noAttempt }: SignInProps) {
  const say = useWords();
  const typed = kept && { to: kept.to, typed: new URLSearchParams(kept.fields).toString() };
  const number = /^\/trades\/([0-9]{1,20})(?![0-9])/.exec(next ?? "")?.[1];
  return (
    <div class="stack-l">
      <h1>{say("signIn.title")}</h1>
      {ended || kept !== undefined ? (
        <Notice tone="care" title={say("signIn.ended")} id="session-ended">
          <p>{say(kept === undefined ? "signIn.endedHint" : "signIn.endedKept")}</p>
        </Notice>
      ) : null}
      <Refused attempt={attempt} />
      {next?.startsWith("/tie?") === true ? (
        <p class="lead" id="for-tie">
          {say("signIn.forTie")}
        </p>
      ) : null}
      {number === undefined ? null : <AsGuest number={number} />}
      <div class="sheet">
        <Form action="/signin" id="sign-in">
          {next === undefined ? null : <input type="hidden" name="next" value={next} />}
          {typed === undefined ? null : (
            <>
              <input type="hidden" name="to" value={typed.to} />
              <input type="hidden" name="typed" value={typed.typed} />
            </>
          )}
          <Field
            name="email"
            label={say("signIn.email")}
            type="email"
            required
            autocomplete={passkey === undefined ? "username" : "username webauthn"}
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
        {passkey === undefined ? null : <PasskeySignIn options={passkey} next={next} kept={typed} />}
      </div>
      <OtherWays next={next} guest={number === undefined} />
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

/** What nobody has typed: keys, versions, ids of what was chosen. */
const isTyped = ([name, value]: [string, string]): boolean =>
  name !== "key" && name !== "version" && value !== "" && !/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value);

function GoOnBody({ kept, back }: { kept: KeptForm; back: string }) {
  const say = useWords();
  const typed = Object.entries(kept.fields).filter(isTyped);
  const [, number] = /^\/(?:trades|gifts)\/(\d{14})\//.exec(kept.to) ?? [];
  return (
    <div class="stack-l">
      <h1>{say("goOn.title")}</h1>
      <p class="lead">{say("goOn.lead")}</p>
      <p class="soft small">
        {number === undefined ? (
          <code>{kept.to}</code>
        ) : (
          <Say k="trade.title" number={<TradeNumber number={number} />} />
        )}
      </p>
      <Form action={kept.to} id="go-on">
        {Object.entries(kept.fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {typed.length === 0 ? null : (
          <ul class="sheet" id="typed">
            {typed.map(([name, value]) => (
              <li key={name}>
                <Name>{value}</Name>
              </li>
            ))}
          </ul>
        )}
        <Button id="go-on-submit" wide>
          {say("goOn.send")}
        </Button>
      </Form>
      <p>
        <LinkButton href={back} id="go-back" look="quiet">
          {say("goOn.back")}
        </LinkButton>
      </p>
    </div>
  );
}

/** What had been typed when the session ended, to be sent now or not. */
export function GoOnPage({ frame, ...props }: { frame: Frame; kept: KeptForm; back: string }) {
  return (
    <ServerPage frame={frame} title={useWords()("goOn.title")} narrow>
      <GoOnBody {...props} />
    </ServerPage>
  );
}
