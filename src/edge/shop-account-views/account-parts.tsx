/** What the forms about an account are made of. */
import type { ComponentChildren } from "preact";
import { type Attempt, Button, type ButtonProps, Field, type FieldProps, Form } from "../parts/parts.ts";

/** What a shop's people do with an account. */
export const accountActs = ["bank", "end-bank", "schedule", "end-schedule", "payout", "cancel"] as const;
export type AccountAct = (typeof accountActs)[number];

export interface Shown {
  /** The account. */
  id: string;
  currency: string;
  /** A key for each form, so that a form that is sent twice is one wish. */
  once: () => string;
  /** What was tried last and refused: fields under `act-field`. */
  attempt: Attempt;
}

/** A field of one of the forms, with what was typed in it before. */
export function ActField({
  act,
  attempt,
  ...field
}: { act: AccountAct; attempt: Attempt } & Omit<FieldProps, "id" | "error">) {
  const id = `${act}-${field.name}`;
  return <Field {...field} id={id} value={attempt.values[id] ?? field.value} error={attempt.errors[id]} />;
}

/** A form with one button; `of`: the payout that it is about. */
export function ActForm(props: {
  shown: Pick<Shown, "id" | "once">;
  act: AccountAct;
  of?: string;
  submit: string;
  look?: ButtonProps["look"];
  children?: ComponentChildren;
}) {
  const { shown, act, of, submit, look = "quiet", children } = props;
  const id = of === undefined ? act : `${act}-${of}`;
  return (
    <Form action={`/shop/accounts/${shown.id}/${act}`} id={`${id}-form`} once={shown.once()}>
      {of === undefined ? null : <input type="hidden" name="of" value={of} />}
      {children}
      <Button id={id} look={look}>
        {submit}
      </Button>
    </Form>
  );
}
