/** The frame of a trading server's pages, and those for whoever comes by: home, sign-in, and what went wrong. */
import type { ComponentChildren } from "preact";
import type { Problem, ProblemCode } from "../../core/protocol/protocol.ts";
import { Page } from "./layout.tsx";
import { Button, Field, Form, LinkButton, Notice } from "./parts.tsx";
import { Name, useWords } from "./locale.tsx";
import { type Language, languages, type WordKey } from "./sentences.ts";

/** What people see of whose server it is. */
export interface Face {
  name: string;
  /** One or two sentences on the first page: what this service does for people. */
  lead: string;
  /** Where members see what they pay with: accounts that are kept here, or leave to use accounts kept elsewhere. */
  money: "accounts" | "methods";
}

/** What the frame of a page needs to know about the server and its reader. */
export interface Frame {
  face: Face;
  lang?: Language;
  /** IANA name; UTC where it is left out. */
  timeZone?: string;
  /** `member` has money and permissions; others who sign in have trades only. */
  signedIn?: { name: string; member: boolean };
}

/** What a person has sent and why it was not taken; findings are keyed by the ids of the controls. */
export interface Attempt {
  values: Record<string, string>;
  errors: Record<string, string>;
  problem?: Problem;
}

export const noAttempt: Attempt = { values: {}, errors: {} };

export type Place = "trades" | "accounts" | "methods" | "mandates" | "signIn" | "join" | "home";

interface SitePageProps {
  frame: Frame;
  /** A sentence of the reader's language, or a text. */
  title: string;
  here?: Place;
  narrow?: boolean;
  children: ComponentChildren;
}

export function words(frame: Frame): (typeof languages)["en"] {
  return languages[frame.lang ?? "en"];
}

/** A page of a trading server, with the navigation of those who are signed in or not. */
export function SitePage({ frame, title, here, narrow = false, children }: SitePageProps) {
  const text = words(frame);
  const { face, signedIn } = frame;
  const forMembers = ["trades", face.money, "mandates"] as const;
  const navigation = signedIn
    ? (signedIn.member ? forMembers : (["trades"] as const)).map((place) => ({
        href: `/${place}`,
        text: text[`nav.${place}`],
        current: here === place,
      }))
    : [
        { href: "/join", text: text["nav.join"], current: here === "join" },
        { href: "/signin", text: text["nav.signIn"], current: here === "signIn" },
      ];
  return (
    <Page
      title={title}
      lang={frame.lang ?? "en"}
      timeZone={frame.timeZone ?? "UTC"}
      site={{ name: face.name, home: "/", foot: text.foot }}
      navigation={navigation}
      signedIn={signedIn}
      narrow={narrow}
    >
      {children}
    </Page>
  );
}

/** The refusal of what was just tried, above the form in which to try again. */
export function Refused({ attempt, title }: { attempt: Attempt; title?: string }) {
  const say = useWords();
  if (attempt.problem === undefined) return null;
  return (
    <Notice tone="stop" title={title ?? attempt.problem.title} id="refused">
      <p>{attempt.problem.detail}</p>
      <p>{say(help(attempt.problem.code))}</p>
    </Notice>
  );
}

function HomeBody({ lead, signedIn }: { lead: string; signedIn: boolean }) {
  const say = useWords();
  return (
    <div class="stack-l">
      <div class="hero">
        <h1>{say("home.heading")}</h1>
        <p class="lead">{lead}</p>
        <p class="row">
          {signedIn ? (
            <LinkButton href="/trades" id="to-trades">
              {say("home.toTrades")}
            </LinkButton>
          ) : (
            <>
              <LinkButton href="/join" id="to-join">
                {say("nav.join")}
              </LinkButton>
              <LinkButton href="/signin" id="to-sign-in" look="quiet">
                {say("nav.signIn")}
              </LinkButton>
            </>
          )}
        </p>
      </div>
      <section class="sheet" aria-labelledby="how">
        <h2 id="how">{say("home.how")}</h2>
        <ol class="how">
          {(["home.step1", "home.step2", "home.step3", "home.step4"] as const).map((step) => (
            <li key={step}>
              <h3>{say(`${step}.title`)}</h3>
              <p>{say(step)}</p>
            </li>
          ))}
        </ol>
      </section>
      <section aria-labelledby="have-number">
        <h2 id="have-number">{say("home.number")}</h2>
        <p class="soft">{say("home.numberHint")}</p>
      </section>
    </div>
  );
}

/** `/`: what this service is. */
export function HomePage({ frame }: { frame: Frame }) {
  return (
    <SitePage frame={frame} title={words(frame)["home.title"]} here="home" narrow>
      <HomeBody lead={frame.face.lead} signedIn={frame.signedIn !== undefined} />
    </SitePage>
  );
}

export interface SignInProps {
  frame: Frame;
  /** Where to go afterwards: a path on this server. */
  next?: string | undefined;
  attempt?: Attempt;
}

function SignInBody({ next, attempt = noAttempt }: SignInProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("signIn.title")}</h1>
      <Refused attempt={attempt} />
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
        {say("signIn.noAccount")}{" "}
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

function GiftBody({ attempt = noAttempt }: { attempt?: Attempt | undefined }) {
  const say = useWords();
  const { values, errors } = attempt;
  return (
    <div class="stack-l">
      <h1>{say("gift.title")}</h1>
      <p class="lead">{say("gift.lead")}</p>
      <Refused attempt={attempt} />
      <div class="sheet">
        <Form action="/gift" id="gift-form">
          <Field
            {...{ name: "number", required: true, maxLength: 40, inputMode: "numeric" as const }}
            label={say("trade.number")}
            value={values["number"]}
            error={errors["number"]}
          />
          <Field
            {...{ name: "giftCode", required: true, maxLength: 20, inputMode: "numeric" as const }}
            label={say("door.giftCode")}
            error={errors["giftCode"]}
          />
          <Button id="gift" wide>
            {say("gift.submit")}
          </Button>
        </Form>
      </div>
    </div>
  );
}

/** `/gift`: for the recipient who has the code of the parcel and not the link. */
export function GiftPage({ frame, attempt }: { frame: Frame; attempt?: Attempt }) {
  return (
    <SitePage frame={frame} title={words(frame)["gift.title"]} narrow>
      <GiftBody attempt={attempt} />
    </SitePage>
  );
}

/** `/signin`. */
export function SignInPage(props: SignInProps) {
  return (
    <SitePage frame={props.frame} title={words(props.frame)["signIn.title"]} here="signIn" narrow>
      <SignInBody {...props} />
    </SitePage>
  );
}

/** What somebody can do about a problem: by its code where one advice fits, by its status otherwise. */
export function help(code: ProblemCode): WordKey {
  const byCode: Partial<Record<ProblemCode, WordKey>> = {
    not_authenticated: "help.authenticate",
    sign_in_failed: "help.input",
    not_found: "help.notFound",
    not_allowed: "help.notFound",
    insufficient_funds: "help.money",
    credit_limit_exceeded: "help.money",
    method_required: "help.money",
    method_not_usable: "help.money",
    account_closed: "help.money",
    too_many_requests: "help.wait",
    trade_busy: "help.wait",
    request_timeout: "help.wait",
    overloaded: "help.wait",
    outcome_unknown: "help.wait",
    internal_error: "help.wait",
  };
  return (
    byCode[code] ??
    (stateCodes.has(code) ? "help.state" : inputCodes.has(code) ? "help.input" : "help.operator")
  );
}

const stateCodes: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "trade_not_open",
  "trade_changed",
  "already_reserved",
  "already_accepted",
  "already_cancelled",
  "already_rejected",
  "already_expired",
  "already_settled",
  "trade_disputed",
  "hold_ended",
  "amount_exceeds_hold",
  "amount_exceeds_settled",
  "quantity_exceeds_open",
  "nothing_to_accept",
  "nothing_to_return",
  "cooling_off_over",
  "extension_refused",
  "approval_required",
]);

const inputCodes: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "malformed_request",
  "invalid_field",
  "body_too_large",
  "wrong_check_digit",
  "amount_mismatch",
  "currency_mismatch",
  "unknown_currency",
  "unknown_line",
  "date_out_of_range",
  "card_number_refused",
  "idempotency_key_reused",
]);

function ProblemBody({ problem }: { problem: Problem }) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("problem.title")}</h1>
      <Notice tone="stop" title={problem.title}>
        <p>
          <Name>{problem.detail}</Name>
        </p>
        {problem.errors === undefined ? null : (
          <ul>
            {problem.errors.map(({ pointer, message }) => (
              <li key={pointer}>
                <bdi>{`${pointer}: ${message}`}</bdi>
              </li>
            ))}
          </ul>
        )}
      </Notice>
      <section aria-labelledby="what-now">
        <h2 id="what-now">{say("problem.whatNow")}</h2>
        <p>{say(help(problem.code))}</p>
      </section>
      <p class="row">
        {problem.code === "not_authenticated" ? (
          <LinkButton href="/signin">{say("nav.signIn")}</LinkButton>
        ) : problem.trade === undefined ? (
          <LinkButton href="/">{say("problem.toHome")}</LinkButton>
        ) : (
          <LinkButton href={`/trades/${encodeURIComponent(problem.trade)}`}>
            {say("problem.toTrade")}
          </LinkButton>
        )}
      </p>
      <p class="soft small" data-code={problem.code}>
        {say("problem.code", { code: problem.code })}
      </p>
    </div>
  );
}

/** What happened and what to do, instead of a page that could not be made. */
export function ProblemPage({ frame, problem }: { frame: Frame; problem: Problem }) {
  return (
    <SitePage frame={frame} title={words(frame)["problem.title"]} narrow>
      <ProblemBody problem={problem} />
    </SitePage>
  );
}
