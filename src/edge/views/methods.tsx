/** What a member pays with where other servers keep the accounts, and how leave to use them is given where they are. */
import type { MethodKind } from "../../core/protocol/schemas.ts";
import { Button, Choice, Empty, Field, Form, LinkButton, Mistakes, Notice } from "./parts.tsx";
import { Amount, Moment, Name, Say, useWords } from "./locale.tsx";
import { type Attempt, type Frame, noAttempt, Refused, SitePage, words } from "./front-pages.tsx";

/** A server at which accounts are kept. `url` is where browsers reach it. */
export interface InstitutionView {
  id: string;
  name: string;
  url: string;
}

export interface TiedView {
  id: string;
  kind: MethodKind;
  currency: string;
  state: "pending" | "active" | "closed";
  /** Where the account is; null where that is not known here. */
  at: InstitutionView | null;
}

export interface MethodsProps {
  frame: Frame;
  methods: TiedView[];
  institutions: readonly InstitutionView[];
  currencies: readonly string[];
  /** What has just been done, to be confirmed in a sentence. */
  done?: "tied" | undefined;
  /** A trade that waits for approval. */
  waiting?: string | undefined;
  attempt?: Attempt;
}

const kinds = ["deposit", "credit", "prepaid"] as const;

function Tied({ method }: { method: TiedView }) {
  const say = useWords();
  const { id, kind, currency, state, at } = method;
  return (
    <li class="sheet" data-method={id} data-state={state}>
      <h2>
        {say(`method.${kind}`)} <span class="soft">{currency}</span>
      </h2>
      {at === null ? null : (
        <p>
          <Say k="method.at" institution={<Name>{at.name}</Name>} />
        </p>
      )}
      {state === "active" ? null : (
        <p>
          <strong>{say(`methods.${state}`)}</strong>
        </p>
      )}
      {at === null ? null : (
        <p class="soft small">
          <Say
            k="methods.lookThere"
            institution={
              <a href={at.url}>
                <Name>{at.name}</Name>
              </a>
            }
          />
        </p>
      )}
    </li>
  );
}

function TieForm({
  institutions,
  currencies,
  attempt,
}: Required<Pick<MethodsProps, "institutions" | "currencies" | "attempt">>) {
  const say = useWords();
  const { values } = attempt;
  const choose = (name: string, options: readonly { value: string; text: string }[]) => {
    const chosen = options.find(({ value }) => value === values[name]) ?? options[0];
    return (
      <div class="choices" id={name}>
        {options.map(({ value, text }) => (
          <Choice
            key={value}
            name={name}
            value={value}
            id={`${name}-${value}`}
            checked={value === chosen?.value}
            required
          >
            <Name>{text}</Name>
          </Choice>
        ))}
      </div>
    );
  };
  return (
    <section class="sheet" aria-labelledby="tie-title">
      <h2 id="tie-title">{say("tie.title")}</h2>
      <p class="soft">{say("tie.lead")}</p>
      <Form action="/ties" id="tie">
        <fieldset>
          <legend>{say("tie.institution")}</legend>
          {choose(
            "institution",
            institutions.map(({ id, name }) => ({ value: id, text: name })),
          )}
        </fieldset>
        <fieldset>
          <legend>{say("method.kind")}</legend>
          {choose(
            "kind",
            kinds.map((kind) => ({ value: kind, text: say(`method.${kind}`) })),
          )}
        </fieldset>
        <fieldset>
          <legend>{say("method.currency")}</legend>
          {choose(
            "currency",
            currencies.map((currency) => ({ value: currency, text: currency })),
          )}
        </fieldset>
        <Button id="tie-submit" wide>
          {say("tie.submit")}
        </Button>
      </Form>
    </section>
  );
}

function MethodsBody(props: MethodsProps) {
  const say = useWords();
  const { methods, institutions, currencies, done, waiting, attempt = noAttempt } = props;
  return (
    <div class="stack-l">
      <h1>{say("methods.title")}</h1>
      <p class="lead">{say("methods.lead")}</p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say(`methods.${done}`)}</p>
        </Notice>
      )}
      {waiting === undefined || !methods.some(({ state }) => state === "active") ? null : (
        <p>
          <LinkButton href={`/trades/${waiting}/approve`} id="to-approve">
            {say("methods.goOn")}
          </LinkButton>
        </p>
      )}
      {methods.length === 0 ? (
        <Empty title={say("methods.empty")}>
          <p>{say("methods.emptyHint")}</p>
        </Empty>
      ) : (
        <ul class="list">
          {methods.map((method) => (
            <Tied key={method.id} method={method} />
          ))}
        </ul>
      )}
      {institutions.length === 0 ? null : (
        <TieForm institutions={institutions} currencies={currencies} attempt={attempt} />
      )}
    </div>
  );
}

/** `/methods`: what the member pays with, and the form that ties one account more. */
export function MethodsPage(props: MethodsProps) {
  return (
    <SitePage frame={props.frame} title={words(props.frame)["methods.title"]} here="methods" narrow>
      <MethodsBody {...props} />
    </SitePage>
  );
}

export interface TieEndProps {
  frame: Frame;
  /** `refused`: nothing was tied. `unknown`: the institution has not said yet whether it was. */
  outcome: "refused" | "unknown";
  /** Asks once more; the same answer where the first one has come meanwhile. */
  again: string;
  attempt: Attempt;
}

function TieEndBody({ outcome, again, attempt }: Omit<TieEndProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say(`tie.${outcome}`)}</h1>
      <Refused attempt={attempt} />
      <p>{say(`tie.${outcome}Hint`)}</p>
      <p class="row">
        {outcome === "unknown" ? (
          <LinkButton href={again} id="tie-again">
            {say("tie.again")}
          </LinkButton>
        ) : null}
        <LinkButton href="/methods" id="to-methods" look={outcome === "unknown" ? "quiet" : "main"}>
          {say("methods.title")}
        </LinkButton>
      </p>
    </div>
  );
}

/** `/ties/return`, where no account was tied, or nobody knows yet. */
export function TieEndPage({ frame, ...props }: TieEndProps) {
  return (
    <SitePage frame={frame} title={words(frame)[`tie.${props.outcome}`]} here="methods" narrow>
      <TieEndBody {...props} />
    </SitePage>
  );
}

export interface AgreeProps {
  frame: Frame;
  /** The server that asks, and where a member who agrees to nothing goes back to. */
  server: { id: string; name: string; back: string };
  /** What the server gave the member along, to know them again. */
  state: string;
  methods: { id: string; kind: MethodKind; currency: string; available: bigint | number }[];
  /** Days, as YYYY-MM-DD: the first that may be the last one, and the one proposed. */
  earliest: string;
  usual: string;
  once: string;
  attempt?: Attempt;
}

function AgreeForm({ server, state, methods, earliest, usual, once, attempt = noAttempt }: AgreeProps) {
  const say = useWords();
  const { values, errors } = attempt;
  const chosen = methods.find(({ id }) => id === values["method"]) ?? methods[0];
  const amount = (name: "limitPerTrade" | "limitPerMonth", label: string) => (
    <Field name={name} label={label} inputMode="decimal" short value={values[name]} error={errors[name]} />
  );
  return (
    <Form action="/tie" id="agree" once={once}>
      <input type="hidden" name="peer" value={server.id} />
      <input type="hidden" name="state" value={state} />
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
  const { server, methods, attempt = noAttempt } = props;
  return (
    <div class="stack-l">
      <h1>{say("agree.title")}</h1>
      <p class="lead">
        <Say k="agree.lead" server={<Name>{server.name}</Name>} />
      </p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
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
    <SitePage frame={props.frame} title={words(props.frame)["agree.title"]} here="accounts" narrow>
      <AgreeBody {...props} />
    </SitePage>
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

/** `/consents`: what the member lets other servers do with their accounts. */
export function ConsentsPage(props: { frame: Frame; consents: GivenConsent[]; next: string | null }) {
  return (
    <SitePage frame={props.frame} title={words(props.frame)["consents.title"]} here="accounts" narrow>
      <ConsentsBody {...props} />
    </SitePage>
  );
}

function ConsentsBody({ consents, next }: { consents: GivenConsent[]; next: string | null }) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("consents.title")}</h1>
      <p class="lead">{say("consents.lead")}</p>
      {consents.length === 0 ? <Empty title={say("mandates.empty")} /> : null}
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
