/** Where this server says what a carrier has taken at doors, and the form that ties one institution more. */
import {
  type Attempt,
  Button,
  Choice,
  Empty,
  Field,
  Form,
  type Frame,
  Mistakes,
  Name,
  Notice,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";

export interface CarrierTiesProps {
  frame: Frame;
  institutions: readonly { id: string; name: string; url: string }[];
  ties: readonly { institution: string; name: string | null; currency: string }[];
  once: string;
  done: "tied" | undefined;
  attempt: Attempt;
}

function Body({ institutions, ties, once, done, attempt }: Omit<CarrierTiesProps, "frame">) {
  const say = useWords();
  const [first] = institutions;
  return (
    <div class="stack-l">
      <h1>{say("taking.title")}</h1>
      <p class="lead">{say("taking.lead")}</p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say("taking.tied")}</p>
        </Notice>
      )}
      {ties.length === 0 ? <Empty title={say("taking.none")} /> : null}
      <ul class="plain stack" id="ties">
        {ties.map(({ institution, name, currency }) => (
          <li class="sheet" key={`${institution} ${currency}`} data-currency={currency}>
            <Name>{name ?? institution}</Name> · {currency}
          </li>
        ))}
      </ul>
      <Form action="/collecting" id="tie-form" once={once}>
        <fieldset class="sheet">
          <legend>{say("taking.where")}</legend>
          <div class="choices" id="institution">
            {institutions.map(({ id, name, url }) => (
              <Choice
                key={id}
                name="institution"
                value={id}
                id={`institution-${id}`}
                checked={id === first?.id}
                required
                under={
                  <a href={`${url}/collecting`}>
                    <Say k="taking.agree" name={<Name>{name}</Name>} />
                  </a>
                }
              >
                <Name>{name}</Name>
              </Choice>
            ))}
          </div>
        </fieldset>
        <Field
          name="code"
          label={say("taking.code")}
          hint={say("taking.codeHint")}
          required
          maxLength={80}
          error={attempt.errors["code"]}
        />
        <Button id="tie">{say("taking.tie")}</Button>
      </Form>
    </div>
  );
}

/** `/collecting` at a server that says what carriers have taken. */
export function CarrierTiesPage({ frame, ...props }: CarrierTiesProps) {
  return (
    <ServerPage frame={frame} title={useWords()("taking.title")} narrow>
      <Body {...props} />
    </ServerPage>
  );
}
