/** The forms of operators' acts: filled in, looked at once more, and done. Data in, HTML out. */
import type { ComponentChildren } from "preact";
import type { ActName } from "../operators/operators.ts";
import { effectOf, isSecret } from "../operators/operators.ts";
import {
  Amount,
  type Attempt,
  Button,
  Choice,
  Day,
  Fact,
  Field,
  Form,
  type Frame,
  Mistakes,
  Name,
  Notice,
  Refused,
  ServerPage,
  TradeNumber,
  useLanguage,
  useWords,
} from "../parts/parts.ts";
import { CallerFields, type CallerNeeds, ReadBack } from "../callers/callers.ts";
import { Facts, type Names } from "../queue-views/queue-views.ts";
import { formatMoney } from "../../core/money/money.ts";
import type { WordKey } from "../words/words.ts";
import type { Values } from "./reading.ts";
import { type FieldSpec, type FormSpec, isAskedLast, titleOf } from "./specs.ts";

type FieldProps = { spec: FieldSpec; attempt: Attempt };

function ChoiceField({
  spec,
  attempt,
  choices,
}: FieldProps & { choices: Readonly<Record<string, WordKey>> }) {
  const say = useWords();
  const lang = useLanguage();
  const { name, label, optional } = spec;
  const error = attempt.errors[name];
  return (
    <fieldset id={name} tabIndex={-1}>
      <legend>
        {say(label)}
        {optional === true ? (
          <>
            {say("between")}
            <span class="soft whole">{say("optional")}</span>
          </>
        ) : null}
      </legend>
      {error === undefined ? null : (
        <p class="error" id={`${name}-error`}>
          {error(lang)}
        </p>
      )}
      <div class="choices">
        {Object.entries(choices).map(([value, word]) => (
          <Choice
            key={value}
            name={name}
            value={value}
            id={`${name}-${value}`}
            checked={attempt.values[name] === value}
          >
            {say(word)}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

const yesOrNo = { yes: "facts.yes", no: "facts.no" } as const;
const numeric = new Set(["number", "days", "minutes", "member", "trade"]);

function OneField({ spec, attempt }: FieldProps) {
  const say = useWords();
  const { name, kind, label, hint, optional, most } = spec;
  if (kind === "choice") return <ChoiceField spec={spec} attempt={attempt} choices={spec.choices ?? {}} />;
  if (kind === "truth") return <ChoiceField spec={spec} attempt={attempt} choices={yesOrNo} />;
  if (kind === "tick")
    return (
      <Choice type="checkbox" name={name} value="yes" id={name} checked={attempt.values[name] === "yes"}>
        {say(label)}
      </Choice>
    );
  const inputMode = kind === "amount" ? "decimal" : numeric.has(kind) ? "numeric" : "text";
  return (
    <Field
      name={name}
      label={say(label)}
      hint={hint === undefined ? undefined : say(hint)}
      required={optional !== true}
      type={kind === "day" || kind === "until" ? "date" : kind === "secret" ? "password" : "text"}
      autocomplete={kind === "secret" ? "new-password" : kind === "code" ? "one-time-code" : "off"}
      inputMode={inputMode}
      long={kind === "long" || kind === "lines" || kind === "limits"}
      short={kind === "currency"}
      maxLength={most ?? (kind === "lines" || kind === "limits" ? 2000 : 254)}
      value={attempt.values[name]}
      error={attempt.errors[name]}
    />
  );
}

const takesWords = { one: "form.takes.one", two: "form.takes.two", sum: "form.takes.sum" } as const;

/** What an act does, and how many it takes. */
function WhatItDoes({ act, takes }: { act: ActName; takes: keyof typeof takesWords }) {
  const say = useWords();
  return (
    <p class="soft" data-takes={takes}>
      {say(`form.does.${effectOf(act)}`)}
      {say("between")}
      {say(takesWords[takes])}
      {isSecret(act) ? `${say("between")}${say("form.secret")}` : ""}
    </p>
  );
}

interface FormProps {
  frame: Frame;
  name: string;
  spec: FormSpec;
  attempt: Attempt;
  /** The key under which a second press is the same act. */
  once: string;
  needs: CallerNeeds;
  done: boolean;
}

function Head({ spec, children }: { spec: FormSpec; children?: ComponentChildren }) {
  const say = useWords();
  return (
    <div class="stack">
      <a class="back" href="/desk/acts">
        ← {say("form.all")}
      </a>
      <h1>{say(titleOf(spec))}</h1>
      {children}
    </div>
  );
}

function FormBody({ name, spec, attempt, once, needs, done }: Omit<FormProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <Head spec={spec} />
      {done ? (
        <Notice tone="good" id="done">
          <p>{say("form.done")}</p>
        </Notice>
      ) : null}
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <section class="sheet">
        <Form action={`/desk/acts/${name}`} id="act-form" once={once}>
          {spec.fields.map((one) =>
            isAskedLast(one) ? null : <OneField key={one.name} spec={one} attempt={attempt} />,
          )}
          {spec.speech === undefined ? null : <CallerFields needs={needs} attempt={attempt} />}
          <Button id="look">{say("form.look")}</Button>
        </Form>
      </section>
    </div>
  );
}

/** `/desk/acts/{form}`: to be filled in. */
export function ActFormPage(props: FormProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()(titleOf(props.spec))} here="desk" narrow>
      <FormBody {...props} />
    </ServerPage>
  );
}

/** A value as whoever typed it reads it again. */
function Said({
  spec,
  value,
  values,
  names,
}: {
  spec: FieldSpec;
  value: unknown;
  values: Values;
  names: Names;
}) {
  const say = useWords();
  const lang = useLanguage();
  const { currency } = values as { currency?: string };
  switch (spec.kind) {
    case "amount":
      return typeof value === "number" && currency !== undefined ? (
        <Amount amount={value} currency={currency} />
      ) : null;
    case "limits":
      return (
        <ul class="lines">
          {Object.entries(value as Record<string, number>).map(([of, one]) => (
            <li key={of}>{formatMoney(BigInt(one), of, lang)}</li>
          ))}
        </ul>
      );
    case "lines":
      return (
        <ul class="lines">
          {(value as string[]).map((one) => (
            <li key={one}>
              <Name>{one}</Name>
            </li>
          ))}
        </ul>
      );
    case "choice": {
      const word = spec.choices?.[String(value)];
      return word === undefined ? null : <>{say(word)}</>;
    }
    case "truth":
    case "tick":
      return <>{say(value === true ? "facts.yes" : "facts.no")}</>;
    case "member":
    case "trade":
      return <TradeNumber number={String(value)} />;
    case "day":
    case "until":
      return <Day day={String(value).slice(0, 10)} />;
    case "days":
    case "minutes": {
      const count = String(value).replaceAll(/[^0-9]/g, "");
      return <>{say(spec.kind === "days" ? "span.days" : "span.minutes", { count })}</>;
    }
    default: {
      if (spec.name === "basisPoints" && typeof value === "number") return <>{`${value / 100}%`}</>;
      const text = String(value);
      return <Name>{names[text] ?? text}</Name>;
    }
  }
}

function SaidFields({ spec, values, names }: { spec: FormSpec; values: Values; names: Names }) {
  const say = useWords();
  return (
    <dl class="facts two">
      {spec.fields
        .filter(({ name }) => name in values)
        .map((one) => (
          <Fact key={one.name} term={say(one.label)}>
            <Said spec={one} value={values[one.name]} values={values} names={names} />
          </Fact>
        ))}
    </dl>
  );
}

interface LookProps {
  frame: Frame;
  name: string;
  spec: FormSpec;
  values: Values;
  /** How it stands before. */
  stands: Record<string, unknown> | undefined;
  names: Names;
  attempt: Attempt;
  once: string;
  takes: keyof typeof takesWords;
}

const stopping = new Set(["stops", "takes"]);

function LookBody(props: Omit<LookProps, "frame">) {
  const { name, spec, values, stands, names, attempt, once, takes } = props;
  const say = useWords();
  const [act] = spec.acts;
  const said = <SaidFields spec={spec} values={values} names={names} />;
  return (
    <div class="stack-l">
      <Head spec={spec}>
        <WhatItDoes act={act} takes={takes} />
      </Head>
      <Mistakes errors={attempt.errors} />
      {stands === undefined ? null : (
        <section class="sheet" aria-labelledby="before">
          <h2 id="before">{say("form.before")}</h2>
          <Facts of={stands} names={names} />
        </section>
      )}
      <section class="sheet" aria-labelledby="will-be">
        <h2 id="will-be">{say("form.willBe")}</h2>
        <Form action={`/desk/acts/${name}`} id="sure-form" once={once}>
          {Object.entries(attempt.values).map(([field, value]) =>
            field === "readBack" ? null : <input key={field} type="hidden" name={field} value={value} />,
          )}
          {spec.speech === undefined ? said : <ReadBack attempt={attempt}>{said}</ReadBack>}
          {spec.fields.map((one) =>
            isAskedLast(one) ? <OneField key={one.name} spec={one} attempt={attempt} /> : null,
          )}
          <p class="row">
            <Button id="sure" name="sure" value="yes" look={stopping.has(effectOf(act)) ? "stop" : "main"}>
              {say(takes === "two" ? "form.ask" : "form.doIt")}
            </Button>
            <button type="submit" class="button quiet" name="change" value="yes" formNoValidate id="change">
              {say("form.change")}
            </button>
          </p>
        </Form>
      </section>
    </div>
  );
}

/** What will be done, to whom, with which sum: the last look before the press that does it. */
export function ActLookPage(props: LookProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()(titleOf(props.spec))} here="desk" narrow>
      <LookBody {...props} />
    </ServerPage>
  );
}
