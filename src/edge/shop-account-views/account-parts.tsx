/** What the forms about an account are made of. */
import type { ComponentChildren } from "preact";
import { type Attempt, Button, type ButtonProps, Field, type FieldProps, Form } from "../parts/parts.ts";

/** What is done with an account by whose it is. */
export const accountActs = ["bank", "end-bank", "schedule", "end-schedule", "payout", "cancel"] as const;
export type AccountAct = (typeof accountActs)[number];

/** Whose account it is: where its pages are, and which of the reader's pages it is among. */
export interface AccountPlace {
  page: string;
  /** What the addresses of its forms begin with. */
  forms: string;
  entries: string;
  home: { href: string; title: "shopMoney.title" | "accounts.title" };
  here: "shop/money" | "accounts";
}

export const placeOfShops = (id: string): AccountPlace => ({
  page: `/shop/accounts/${id}`,
  forms: `/shop/accounts/${id}`,
  entries: `/shop/accounts/${id}/entries`,
  home: { href: "/shop/money", title: "shopMoney.title" },
  here: "shop/money",
});

export const placeOfMembers = (id: string): AccountPlace => ({
  page: `/accounts/${id}/payouts`,
  forms: `/accounts/${id}`,
  entries: `/accounts/${id}`,
  home: { href: "/accounts", title: "accounts.title" },
  here: "accounts",
});

export interface Shown {
  place: AccountPlace;
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
  shown: Pick<Shown, "place" | "once">;
  act: AccountAct;
  of?: string;
  submit: string;
  look?: ButtonProps["look"];
  children?: ComponentChildren;
}) {
  const { shown, act, of, submit, look = "quiet", children } = props;
  const id = of === undefined ? act : `${act}-${of}`;
  return (
    <Form action={`${shown.place.forms}/${act}`} id={`${id}-form`} once={shown.once()}>
      {of === undefined ? null : <input type="hidden" name="of" value={of} />}
      {children}
      <Button id={id} look={look}>
        {submit}
      </Button>
    </Form>
  );
}
