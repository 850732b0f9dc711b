/** The leave that a member gives another server to use an account, where the account is kept. */
import type { MethodKind } from "../../core/protocol/schemas.ts";
import { say as mistaken } from "../words/words.ts";
import {
  Amount,
  type Attempt,
  Button,
  Choice,
  Empty,
  Field,
  Folded,
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

export interface AgreeProps {
  frame: Frame;
  /** The server that asks, and where a member who agrees to nothing goes back to. */
  server: { id: string; name: string; back: string };
  /** What the server gave the member along, to know them again. */
  state: string;
  /** For which verifier the code will be good. */
  challenge: string;
  /** Which account was asked for, where that is said. */
  asked: { kind: MethodKind | undefined; currency: string | undefined };
  methods: { id: string; kind: MethodKind; currency: string; available: bigint | number }[];
  /** Days, as YYYY-MM-DD: the first that may be the last one, and the one proposed. */
  earliest: string;
  usual: string;
  once: string;
  attempt?: Attempt;
}

function AgreeForm(props: AgreeProps) {
  const { server, state, challenge, asked, methods, earliest, usual, once, attempt = noAttempt } = props;
  const say = useWords();
  const { values, errors } = attempt;
  const chosen = methods.find(({ id }) => id === values["method"]) ?? methods[0];
  // With means in several currencies it is the chosen one that counts.
  const [one, ...others] = new Set(methods.map(({ currency }) => currency));
  const amount = (name: "limitPerTrade" | "limitPerMonth" | "confirmAbove", label: string, hint?: string) => (
    <Field
      name={name}
      label={
        one === undefined || others.length > 0 ? label : say("amount.in", { what: label, currency: one })
      }
      hint={hint}
      inputMode="decimal"
      short
      value={values[name]}
      error={errors[name]}
    />
  );
  return (
    <Form action="/tie" id="agree" once={once}>
      <input type="hidden" name="peer" value={server.id} />
      <input type="hidden" name="state" value={state} />
      <input type="hidden" name="challenge" value={challenge} />
      {asked.kind === undefined ? null : <input type="hidden" name="kind" value={asked.kind} />}
      {asked.currency === undefined ? null : <input type="hidden" name="currency" value={asked.currency} />}
      <fieldset class="sheet">
        <legend>{say("method.kind")}</legend>
        <div class="choices" id="method">
          {methods.map(({ id, kind, currency, available }) => (
            <Choice
              key={id}
              name="method"
              value={id}
              id={`method-${id}`}
              checked={id === chosen?.id}
              required
              under={<Say k="method.free" amount={<Amount amount={available} currency={currency} />} />}
            >
              {say(`method.${kind}`)}
            </Choice>
          ))}
        </div>
      </fieldset>
      <div class="sheet">
        {amount("limitPerTrade", say("agree.perTrade"))}
        {amount("limitPerMonth", say("agree.perMonth"))}
        {amount("confirmAbove", say("agree.confirmAbove"), say("agree.confirmHint"))}
        <Field
          name="until"
          label={say("agree.until")}
          type="date"
          required
          short
          min={earliest}
          value={values["until"] ?? usual}
          error={errors["until"]}
        />
      </div>
      <Button id="agree-submit" wide>
        {say("agree.submit")}
      </Button>
    </Form>
  );
}

function AgreeBody(props: AgreeProps) {
  const say = useWords();
  const { server, methods, asked, attempt = noAttempt } = props;
  const { kind, currency } = asked;
  return (
    <div class="stack-l">
      <h1>{say("agree.title")}</h1>
      <p class="lead">
        <Say k="agree.lead" server={<Name>{server.name}</Name>} />
      </p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {kind === undefined || currency === undefined ? null : (
        <p id="asked-for">{say("agree.asked", { kind: say(`method.${kind}`), currency })}</p>
      )}
      {methods.length === 0 ? <Empty title={say("agree.none")} /> : <AgreeForm {...props} />}
      <p>
        <LinkButton href={server.back} id="agree-back" look="quiet">
          {say("agree.back", { server: server.name })}
        </LinkButton>
      </p>
    </div>
  );
}

/** `/tie`: a member lets another server use an account of theirs. */
export function AgreePage(props: AgreeProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("agree.title")} here="accounts" narrow>
      <AgreeBody {...props} />
    </ServerPage>
  );
}

export interface GivenConsent {
  id: string;
  serverName: string;
  kind: MethodKind;
  currency: string;
  limitPerTrade: number | null;
  limitPerMonth: number | null;
  spentThisMonth: number;
  until: string | null;
  revoked: boolean;
  /** Above what sum the member confirms payments, as it is typed. */
  confirmAbove: string | null;
  /** What was typed and is no sum. */
  wrong: string | undefined;
  /** What can be changed of it, as it is typed; a limit for a month only where one was set. */
  limits?: { limitPerTrade: string; limitPerMonth: string | null; until: string } | undefined;
  /** What was typed for them and not taken. */
  attempt?: Attempt | undefined;
}

/** Also of a consent that was taken back: what was reserved under it is still to be paid. */
function ConfirmAbove({ id, confirmAbove, wrong, currency }: GivenConsent) {
  const say = useWords();
  return (
    <Form action={`/consents/${id}/confirm-above`} id={`confirm-${id}`} once={`set-${id}`}>
      <Field
        name="confirmAbove"
        id={`confirmAbove-${id}`}
        label={say("amount.in", { what: say("agree.confirmAbove"), currency })}
        hint={say("agree.confirmHint")}
        inputMode="decimal"
        short
        value={wrong ?? confirmAbove ?? ""}
        error={wrong === undefined ? undefined : mistaken("mistake.amount")}
      />
      <Button id={`set-${id}`} look="quiet">
        {say("consents.setConfirm")}
      </Button>
    </Form>
  );
}

function ConsentLimits({ id, currency, limits, attempt }: GivenConsent) {
  const say = useWords();
  if (limits === undefined) return null;
  const { values, errors } = attempt ?? noAttempt;
  const sum = (name: "limitPerTrade" | "limitPerMonth", label: string, required: boolean) => (
    <Field
      name={name}
      id={`${name}-${id}`}
      label={say("amount.in", { what: label, currency })}
      hint={required ? undefined : say("consent.noneHint")}
      inputMode="decimal"
      short
      required={required}
      value={values[name] ?? limits[name] ?? ""}
      error={errors[name]}
    />
  );
  return (
    <Folded
      id={`limits-of-${id}`}
      title={say("consent.change")}
      hint={say("consent.changeHint")}
      open={attempt !== undefined}
    >
      {attempt === undefined ? null : <Refused attempt={attempt} />}
      <Form action={`/consents/${id}/limits`} id={`limits-${id}`} once={`limits-${id}`}>
        {sum("limitPerTrade", say("agree.perTrade"), false)}
        {limits.limitPerMonth === null ? (
          <p class="soft">{say("consent.perMonthNone")}</p>
        ) : (
          sum("limitPerMonth", say("agree.perMonth"), true)
        )}
        <Field
          name="until"
          id={`until-${id}`}
          label={say("agree.until")}
          type="date"
          required
          short
          value={values["until"] ?? limits.until}
          error={errors["until"]}
        />
        <Button id={`set-limits-${id}`} look="quiet">
          {say("consent.set")}
        </Button>
      </Form>
    </Folded>
  );
}

function Given({ consent }: { consent: GivenConsent }) {
  const say = useWords();
  const { id, serverName, kind, currency, limitPerTrade, limitPerMonth, until } = consent;
  return (
    <li class="sheet" data-consent={id}>
      <h2>
        <Name>{serverName}</Name>
      </h2>
      <p>
        {say(`method.${kind}`)} <span class="soft">{currency}</span>
      </p>
      {limitPerMonth === null ? null : (
        <p>
          <Say
            k="mandates.used"
            used={<Amount amount={consent.spentThisMonth} currency={currency} />}
            limit={<Amount amount={limitPerMonth} currency={currency} />}
          />
        </p>
      )}
      {limitPerTrade === null ? null : (
        <p>
          <Say k="consents.perTrade" limit={<Amount amount={limitPerTrade} currency={currency} />} />
        </p>
      )}
      {until === null ? null : (
        <p class="soft">
          <Say k="mandates.until" until={<Moment at={until} />} />
        </p>
      )}
      <ConsentLimits {...consent} />
      <ConfirmAbove {...consent} />
      {consent.revoked ? (
        <p>
          <strong>{say("mandates.revoked")}</strong>
        </p>
      ) : (
        <Form action={`/consents/${id}/revoke`} id={`give-up-${id}`} once={id}>
          <Button id={`revoke-${id}`} look="stop">
            {say("consents.revokeFor", { server: serverName })}
          </Button>
        </Form>
      )}
    </li>
  );
}

interface ConsentsProps {
  frame: Frame;
  consents: GivenConsent[];
  next: string | null;
  done?: "limits" | undefined;
  /** More was wanted than a session of this age may set. */
  unproven?: boolean;
}

function ConsentsBody({ consents, next, done, unproven }: Omit<ConsentsProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("consents.title")}</h1>
      <p class="lead">{say("consents.lead")}</p>
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say("consent.done")}</p>
        </Notice>
      )}
      {unproven === true ? (
        <Notice tone="care" title={say("mandate.signInFirst")} id="sign-in-first">
          <p>{say("consent.signInHint")}</p>
          <p>
            <LinkButton href="/signin?next=/consents" id="sign-in-anew">
              {say("mandate.signInAnew")}
            </LinkButton>
          </p>
        </Notice>
      ) : null}
      <p>
        <LinkButton href="/settlements" id="to-settlements" look="quiet">
          {say("consents.payments")}
        </LinkButton>
      </p>
      {consents.length === 0 ? <Empty title={say("consents.empty")} /> : null}
      <ul class="list">
        {consents.map((consent) => (
          <Given key={consent.id} consent={consent} />
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <LinkButton href={`/consents?after=${encodeURIComponent(next)}`} id="more" look="quiet">
            {say("mandates.more")}
          </LinkButton>
        </p>
      )}
    </div>
  );
}

/** `/consents`: what the member lets other servers do with their accounts. */
export function ConsentsPage(props: ConsentsProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("consents.title")} here="accounts" narrow>
      <ConsentsBody {...props} />
    </ServerPage>
  );
}
