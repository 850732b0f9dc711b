/** What the parts of the settings are made of. */
import type { ComponentChildren } from "preact";
import { type Attempt, Button, type ButtonProps, Field, type FieldProps, Form } from "../parts/parts.ts";

export interface Shown {
  /** A key for each form, so that a form that is sent twice is one wish. */
  once: () => string;
  /** What was tried last and refused: fields under `act-field`. */
  attempt: Attempt;
}

/** A field of one of the forms, with what was typed in it before. */
export function SetField({
  act,
  attempt,
  ...field
}: { act: string; attempt: Attempt } & Omit<FieldProps, "id" | "error">) {
  const id = `${act}-${field.name}`;
  return <Field {...field} id={id} value={attempt.values[id] ?? field.value} error={attempt.errors[id]} />;
}

/** A form with one button, about one thing. */
export function SetForm(
  props: Pick<Shown, "once"> & {
    act: string;
    of?: string;
    submit: string;
    look?: ButtonProps["look"];
    children?: ComponentChildren;
  },
) {
  const { act, of, submit, once, look = "quiet", children } = props;
  const id = of === undefined ? act : `${act}-${of}`;
  return (
    <Form action={`/shop/settings/${act}`} id={`${id}-form`} once={once()}>
      {of === undefined ? null : <input type="hidden" name="of" value={of} />}
      {children}
      <Button id={id} look={look}>
        {submit}
      </Button>
    </Form>
  );
}

export function Part({
  id,
  title,
  hint,
  children,
}: {
  id: string;
  title: string;
  hint: string;
  children: ComponentChildren;
}) {
  return (
    <section class="sheet stack" aria-labelledby={`${id}-title`} id={id}>
      <h2 id={`${id}-title`}>{title}</h2>
      <p class="soft">{hint}</p>
      {children}
    </section>
  );
}
