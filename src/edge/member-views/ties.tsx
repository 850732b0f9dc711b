/** What a member pays with where other servers keep the accounts, and the form that ties one account more. */
import type { MethodKind } from "../../core/protocol/schemas.ts";
import {
  type Attempt,
  Button,
  Choice,
  Empty,
  Form,
  type Frame,
  LinkButton,
  Mistakes,
  Name,
  noAttempt,
  Notice,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

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
  state: "pending" | "active" | "overdue" | "closed";
  /** Where the account is; null where that is not known here. */
  institution: InstitutionView | null;
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
  const { id, kind, currency, state, institution } = method;
  return (
    <li class="sheet" data-method={id} data-state={state}>
      <h2>
        {say(`method.${kind}`)} <span class="soft">{currency}</span>
      </h2>
      {institution === null ? null : (
        <p>
          <Say k="method.at" institution={<Name>{institution.name}</Name>} />
        </p>
      )}
      {state === "active" ? null : (
        <p>
          <strong>{say(`methods.${state}`)}</strong>
        </p>
      )}
      {institution === null ? null : (
        <p class="soft small">
          <Say
            k="methods.lookThere"
            institution={
              <a href={institution.url}>
                <Name>{institution.name}</Name>
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
    <ServerPage frame={props.frame} title={useWords()("methods.title")} here="methods" narrow>
      <MethodsBody {...props} />
    </ServerPage>
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
    <ServerPage frame={frame} title={useWords()(`tie.${props.outcome}`)} here="methods" narrow>
      <TieEndBody {...props} />
    </ServerPage>
  );
}
