/** What every form that moves a trade is made of: its own key, the proof it asks for, quantities, a reason, a receipt. */
import type { Sentence, WordKey } from "../words/words.ts";
import type { ComponentChildren } from "preact";
import type { ActorRole, TradeLineView, TradeView } from "../../core/protocol/protocol.ts";
import {
  Amount,
  type Attempt,
  Button,
  type ButtonProps,
  Choice,
  Field,
  Form,
  Name,
  type Now,
  Say,
  useWords,
} from "../parts/parts.ts";
import type { TradeAct } from "./trade-acts.ts";

/** What was tried last and refused, and in which form; `sure`: it is asked once more, naming a sum where one is known. */
export type ActAttempt = Attempt & {
  act?: TradeAct | "accept-all" | "by-code" | "by-part" | "taken" | "door-code";
  sure?: { amount: bigint | undefined };
};

/** What may be given to the person at the door, and until when. */
export interface DoorCodeView {
  code: string;
  until: string;
  /** The same for a camera: one path of squares, and how many are on a side. */
  squares: { path: string; side: number };
}

/** Where goods go back to. */
export interface ReturnPlace {
  name: string;
  address: string;
  phone: string | null;
}

export interface ActProps {
  trade: TradeView;
  now: Now;
  /** Keys made for this page; each form's own key starts with it. */
  once: string;
  attempt: ActAttempt;
  /** For a recipient by their link: the code of the parcel is asked for with each form, or has been shown already. */
  proof?: "giftCode" | "shown" | undefined;
  doorCode?: DoorCodeView | undefined;
  /** What whoever is at the door takes with the acceptance. */
  toTake?: { amount: number; currency: string } | undefined;
  /** Null where the shop has not said, and undefined where nothing goes back. */
  returnTo?: ReturnPlace | null | undefined;
}

export type RoleProps = ActProps & { role: ActorRole };

type FormProps = ActProps & {
  act: TradeAct | "door-code";
  /** What the form's ids start with, where an act has two forms. */
  id?: "accept-all" | "by-code" | "by-part" | "taken" | "wish-yes";
  children?: ComponentChildren;
  submit: ComponentChildren;
  look?: ButtonProps["look"];
  /** The form brings photos. */
  upload?: boolean;
};

/** The form of one act, with the proof that the reader has to show. */
export function ActForm(props: FormProps) {
  const { trade, once, attempt, proof, act, id = act, children, submit, look, upload } = props;
  const mine = attempt.act === id;
  return (
    <Form
      action={`/${proof === undefined ? "trades" : "gifts"}/${trade.number}/${act}`}
      once={`${once}-${id}`}
      id={`${id}-form`}
      {...(upload === true ? { upload } : {})}
    >
      {children}
      {proof === "giftCode" ? (
        <CodeField name="giftCode" id={id} error={mine ? attempt.errors["giftCode"] : undefined} />
      ) : null}
      <Button id={id} wide {...(look === undefined ? {} : { look })}>
        {submit}
      </Button>
    </Form>
  );
}

/** Asks once more, naming the sum: before something is paid that nobody has reported delivered, or `toCancel` is called off. */
export function Sure(props: {
  trade: TradeView;
  sure: { amount: bigint | undefined };
  /** What is asked of those who see the sum, and of others. */
  sum: WordKey;
  any: WordKey;
}) {
  const { trade, sure, sum, any } = props;
  const { currency } = trade;
  const say = useWords();
  return (
    <>
      <p class="error" id="sure">
        {sure.amount === undefined || currency === undefined ? (
          say(any)
        ) : (
          <Say k={sum} amount={<Amount amount={sure.amount} currency={currency} />} />
        )}
      </p>
      <input type="hidden" name="sure" value="yes" />
    </>
  );
}

/** Eight digits: of the recipient, or what they or the buyer have given. */
export function CodeField(props: { name: "giftCode" | "code"; id: string; error: Sentence | undefined }) {
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

/** How many of each line; none where nothing was typed, unless there is one piece in all. */
export function Quantities({
  trade,
  attempt,
  act,
  open,
}: Pick<ActProps, "trade" | "attempt"> & {
  act: TradeAct | "by-part";
  open: (line: TradeLineView) => number;
}) {
  const lines = trade.lines.filter((line) => open(line) > 0);
  const pieces = lines.reduce((sum, line) => sum + open(line), 0);
  return (
    <>
      {lines.map((line) => {
        const name = `quantity-${line.line}`;
        const id = `${act}-${name}`;
        const error = attempt.act === act ? attempt.errors[name] : undefined;
        return (
          <div class="quantity" key={line.line}>
            <label for={id}>
              <Say k="act.quantityOf" name={<Name>{line.name}</Name>} open={open(line)} />
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
              max={open(line)}
              step="1"
              aria-invalid={error === undefined ? undefined : true}
              aria-describedby={error === undefined ? undefined : `${id}-error`}
              value={(attempt.act === act ? attempt.values[name] : undefined) ?? (pieces === 1 ? "1" : "0")}
            />
          </div>
        );
      })}
    </>
  );
}

/** The number of a parcel, as it stands on the label; the only one that can be meant stands there already. */
export function ParcelNumber(props: {
  act: TradeAct;
  attempt: ActAttempt;
  known: readonly string[];
  hint: "act.parcelHint" | "act.parcelBackHint";
  /** Without a number it would not be clear which goods are meant. */
  required?: boolean;
}) {
  const say = useWords();
  const { act, attempt, known, hint, required = false } = props;
  const mine = attempt.act === act;
  return (
    <Field
      name="parcel"
      id={`${act}-parcel`}
      label={say("act.parcel")}
      hint={say(hint)}
      required={required}
      maxLength={80}
      value={(mine ? attempt.values["parcel"] : undefined) ?? (known.length === 1 ? known[0] : undefined)}
      error={mine ? attempt.errors["parcel"] : undefined}
    />
  );
}

/** Which of several parcels is meant; with one there is no question. */
export function WhichParcel({ act, known }: { act: TradeAct; known: readonly string[] }) {
  const say = useWords();
  if (known.length < 2) return <input type="hidden" name="parcel" value={known[0] ?? ""} />;
  return (
    <fieldset>
      <legend>{say("act.whichParcel")}</legend>
      <div class="choices">
        {known.map((number, index) => (
          <Choice
            key={number}
            name="parcel"
            value={number}
            id={`${act}-parcel-${index + 1}`}
            checked={index === 0}
            required
          >
            {number === "" ? say("act.noNumber") : <Name>{number}</Name>}
          </Choice>
        ))}
      </div>
    </fieldset>
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
export function Receipt({
  id,
  attempt,
  label = "act.receipt",
}: {
  id: "deliver" | "return" | "accept-all" | "answer";
  attempt: ActAttempt;
  label?: "act.receipt" | "act.receiptToo" | "act.evidence";
}) {
  const say = useWords();
  const mine = attempt.act === id;
  return (
    <Field
      name="reference"
      id={`${id}-reference`}
      label={say(label)}
      maxLength={200}
      value={mine ? attempt.values["reference"] : undefined}
      error={mine ? attempt.errors["reference"] : undefined}
    />
  );
}
