/** What the forms of the desk are made of. */
import type { ComponentChildren } from "preact";
import type { TradeLineView, TradeView } from "../../core/protocol/protocol.ts";
import {
  type Attempt,
  Button,
  type ButtonProps,
  Choice,
  Field,
  type FieldProps,
  Folded,
  Form,
  Name,
  Say,
  useLanguage,
  useWords,
} from "../parts/parts.ts";
import type { DeskAct } from "./desk-acts.ts";

/** What was tried last and refused, and in which form. */
export type DeskAttempt = Attempt & { act?: DeskAct };

export interface ActProps {
  trade: TradeView;
  once: string;
  attempt: DeskAttempt;
  /** The first of all that can be done: it stands open. */
  first: boolean;
}

type FormProps = ActProps & {
  act: DeskAct;
  title: string;
  hint: ComponentChildren;
  submit: string;
  look?: ButtonProps["look"];
  upload?: boolean;
  /** What is answered by it, where that is not the order as it stands. */
  version?: number;
  children?: ComponentChildren;
};

/**
 * The form of one act: it names the version of the order that was seen, and stands folded unless it is the likeliest, which alone
 * has a main button.
 */
export function DeskForm(props: FormProps) {
  const { trade, once, attempt, first, act, title, hint, submit, look = "quiet", upload, children } = props;
  const { version = trade.version } = props;
  const form = (
    <Form
      action={`/shop/orders/${trade.number}/${act}`}
      once={`${once}-${act}`}
      id={`${act}-form`}
      {...(upload === true ? { upload } : {})}
    >
      <input type="hidden" name="version" value={String(version)} />
      {children}
      <Button id={act} wide look={look === "main" && !first ? "quiet" : look}>
        {submit}
      </Button>
    </Form>
  );
  if (!first)
    return (
      <Folded id={`${act}-part`} title={title} hint={hint} open={attempt.act === act}>
        {form}
      </Folded>
    );
  return (
    <div class="stack" id={`${act}-part`}>
      <h3>{title}</h3>
      <p class="soft">{hint}</p>
      {form}
    </div>
  );
}

type OwnProps = Pick<ActProps, "attempt"> & { act: DeskAct };

/** A field of an act's form, with what was typed in it before. */
export function ActField({ act, attempt, name, ...field }: OwnProps & Omit<FieldProps, "id" | "error">) {
  const mine = attempt.act === act;
  return (
    <Field
      {...field}
      name={name}
      id={`${act}-${name}`}
      value={(mine ? attempt.values[name] : undefined) ?? field.value}
      error={mine ? attempt.errors[name] : undefined}
    />
  );
}

/** Why, for the other side and operators to read. */
export function Why(
  props: OwnProps & { required?: boolean; name?: "reason" | "statement" | "words"; label?: string },
) {
  const say = useWords();
  const { act, attempt, required = true, name = "reason", label = say("shopForm.why") } = props;
  return (
    <ActField
      {...{ act, attempt, name, label, required }}
      hint={say("shopForm.read")}
      long
      maxLength={name === "reason" ? 500 : 2000}
    />
  );
}

/** How many of each line; all of them unless somebody says fewer. One piece is no question. */
export function Pieces({
  trade,
  act,
  attempt,
  open,
}: OwnProps & { trade: TradeView; open: (line: TradeLineView) => number }) {
  const lines = trade.lines.filter((line) => open(line) > 0);
  const one = lines.reduce((sum, line) => sum + open(line), 0) === 1;
  return (
    <>
      {lines.map((line) => {
        const name = `quantity-${line.line}`;
        if (one) return <input key={name} type="hidden" name={name} value="1" />;
        const id = `${act}-${name}`;
        const error = attempt.act === act ? attempt.errors[name] : undefined;
        return (
          <PieceField
            key={name}
            {...{ id, name, error }}
            count={open(line)}
            goods={line.name}
            value={attempt.act === act ? attempt.values[name] : undefined}
          />
        );
      })}
    </>
  );
}

function PieceField(props: {
  id: string;
  name: string;
  goods: string;
  count: number;
  value: string | undefined;
  error: FieldProps["error"];
}) {
  const { id, name, goods, count, value, error } = props;
  const lang = useLanguage();
  return (
    <div class="quantity">
      <label for={id}>
        <Say k="shopForm.howMany" name={<Name>{goods}</Name>} count={count} />
        {error === undefined ? null : (
          <span class="error" id={`${id}-error`}>
            {error(lang)}
          </span>
        )}
      </label>
      <input
        type="number"
        inputMode="numeric"
        id={id}
        name={name}
        min="0"
        max={count}
        step="1"
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        value={value ?? String(count)}
      />
    </div>
  );
}

/** Several ways, of which one is meant. */
export function Ways<Way extends string>({
  act,
  name,
  legend,
  ways,
}: {
  act: DeskAct;
  name: string;
  legend: string;
  ways: readonly (readonly [Way, string])[];
}) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="choices">
        {ways.map(([value, words]) => (
          <Choice key={value} name={name} value={value} id={`${act}-${name}-${value}`} required>
            {words}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}
