/** What every form that moves a trade is made of: its own key, the proof it asks for, quantities, a reason, a receipt. */
import type { ComponentChildren } from "preact";
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import {
  type Attempt,
  Button,
  type ButtonProps,
  Field,
  Form,
  Name,
  openQuantity,
  Say,
  useWords,
} from "../parts/parts.ts";
import type { TradeAct } from "./trade-acts.ts";

/** What was tried last and refused, and in which form. */
export type ActAttempt = Attempt & { act?: TradeAct | "accept-all" | "by-code" | "door-code" };

/** What may be given to the person at the door, and until when. */
export interface DoorCodeView {
  code: string;
  until: string;
}

export interface ActProps {
  trade: TradeView;
  /** Keys made for this page; each form's own key starts with it. */
  once: string;
  attempt: ActAttempt;
  /** What the holder of a link has to show as well, so that one that was passed on moves nothing. */
  proof?: "birthDate" | "giftCode" | undefined;
  doorCode?: DoorCodeView | undefined;
}

export type RoleProps = ActProps & { role: ActorRole };

type FormProps = ActProps & {
  act: TradeAct | "door-code";
  /** What the form's ids start with, where an act has two forms. */
  id?: "accept-all" | "by-code";
  children?: ComponentChildren;
  submit: ComponentChildren;
  look?: ButtonProps["look"];
};

/** The form of one act, with the proof that the reader has to show. */
export function ActForm(props: FormProps) {
  const { trade, once, attempt, proof, act, id = act, children, submit, look } = props;
  const mine = attempt.act === id;
  return (
    <Form
      action={`/${proof === "giftCode" ? "gifts" : "trades"}/${trade.number}/${act}`}
      once={`${once}-${id}`}
      id={`${id}-form`}
    >
      {children}
      {proof === "birthDate" ? (
        <BirthDate id={`${id}-birthDate`} error={mine ? attempt.errors["birthDate"] : undefined} />
      ) : null}
      {proof === "giftCode" ? (
        <CodeField name="giftCode" id={id} error={mine ? attempt.errors["giftCode"] : undefined} />
      ) : null}
      <Button id={id} wide {...(look === undefined ? {} : { look })}>
        {submit}
      </Button>
    </Form>
  );
}

/** What a guest proves with that it is them: a link alone moves nothing, since it may have been passed on. */
export function BirthDate({ id, error }: { id: string; error?: string | undefined }) {
  const say = useWords();
  return (
    <Field
      name="birthDate"
      id={id}
      label={say("act.birthDate")}
      hint={say("act.birthDateHint")}
      type="date"
      required
      autocomplete="bday"
      error={error}
    />
  );
}

/** Eight digits: of the recipient, or what they or the buyer have given. */
export function CodeField(props: { name: "giftCode" | "code"; id: string; error: string | undefined }) {
  const say = useWords();
  const { name, id, error } = props;
  return (
    <Field
      {...{ name, error, required: true, maxLength: 20, inputMode: "numeric" as const }}
      id={`${id}-${name}`}
      label={say(`door.${name}`)}
      hint={say(`door.${name}Hint`)}
    />
  );
}

/** How many of each line that is open; none where nothing was typed. */
export function Quantities({
  trade,
  attempt,
  act,
}: {
  trade: TradeView;
  attempt: ActProps["attempt"];
  act: TradeAct;
}) {
  const open = trade.lines.filter((line) => openQuantity(line) > 0);
  return (
    <>
      {open.map((line) => {
        const name = `quantity-${line.line}`;
        const id = `${act}-${name}`;
        const error = attempt.act === act ? attempt.errors[name] : undefined;
        return (
          <div class="quantity" key={line.line}>
            <label for={id}>
              <Say k="act.quantityOf" name={<Name>{line.name}</Name>} open={openQuantity(line)} />
              {error === undefined ? null : (
                <span class="error" id={`${id}-error`}>
                  {error}
                </span>
              )}
            </label>
            <input
              type="number"
              inputMode="numeric"
              id={id}
              name={name}
              min="0"
              max={openQuantity(line)}
              step="1"
              aria-invalid={error === undefined ? undefined : true}
              aria-describedby={error === undefined ? undefined : `${id}-error`}
              value={(attempt.act === act ? attempt.values[name] : undefined) ?? "0"}
            />
          </div>
        );
      })}
    </>
  );
}

/** Why, in the words of the person who acts. */
export function Reason({
  act,
  attempt,
  required,
}: {
  act: TradeAct;
  attempt: ActProps["attempt"];
  required: boolean;
}) {
  const say = useWords();
  const mine = attempt.act === act;
  return (
    <Field
      name="reason"
      id={`${act}-reason`}
      label={say("act.reason")}
      hint={say("act.reasonHint")}
      long
      required={required}
      maxLength={500}
      value={mine ? attempt.values["reason"] : undefined}
      error={mine ? attempt.errors["reason"] : undefined}
    />
  );
}

/** What proves it: a number, never a name, since the record keeps it for good. */
export function Receipt({ id, attempt }: { id: "deliver" | "return" | "accept-all"; attempt: ActAttempt }) {
  const say = useWords();
  const mine = attempt.act === id;
  return (
    <Field
      name="reference"
      id={`${id}-reference`}
      label={say("act.receipt")}
      maxLength={200}
      value={mine ? attempt.values["reference"] : undefined}
      error={mine ? attempt.errors["reference"] : undefined}
    />
  );
}
