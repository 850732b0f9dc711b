/** What people press, tick and type into. Nothing here knows a server: data in, marks out. */
import { type ComponentChildren, h } from "preact";
import type { Sentence } from "../words/words.ts";
import { useLanguage, useWords } from "./locale.tsx";

export interface FieldProps {
  name: string;
  label: string;
  /** The `id` of the control; the name where it is left out. */
  id?: string;
  hint?: string | undefined;
  error?: Sentence | undefined;
  type?: "text" | "email" | "tel" | "password" | "date" | "time" | "number";
  value?: string | number | undefined;
  required?: boolean;
  /** Whether it is needed depends on something else, and its own words say so. */
  own?: boolean;
  autocomplete?: string;
  inputMode?: "text" | "numeric" | "decimal" | "email" | "tel";
  min?: string | number | undefined;
  max?: string | number | undefined;
  minLength?: number;
  maxLength?: number;
  short?: boolean;
  /** Several lines of text. */
  long?: boolean;
}

/** The ids of what describes a control, for `aria-describedby`. */
function described(id: string, hint: string | undefined, error: Sentence | undefined): string | undefined {
  const ids = [hint === undefined ? [] : [`${id}-hint`], error === undefined ? [] : [`${id}-error`]].flat();
  return ids.length === 0 ? undefined : ids.join(" ");
}

/** A labelled control; its error stands between label and control and is read out with it. */
export function Field(props: FieldProps) {
  const say = useWords();
  const lang = useLanguage();
  const { name, label, id = name, hint, error, type = "text", required = false, long = false } = props;
  const shared = {
    id,
    name,
    required,
    maxLength: props.maxLength,
    "aria-invalid": error === undefined ? undefined : true,
    "aria-describedby": described(id, hint, error),
  };
  return (
    <div class="field">
      <label for={id}>
        {label}
        {required || props.own === true ? null : (
          <>
            {say("between")}
            <span class="soft whole">{say("optional")}</span>
          </>
        )}
      </label>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p class="error" id={`${id}-error`}>
          {error(lang)}
        </p>
      )}
      {long ? (
        <textarea {...shared} autocomplete={props.autocomplete ?? "off"}>
          {props.value ?? ""}
        </textarea>
      ) : (
        h("input", {
          ...shared,
          // Written as a call, since JSX would take one kind of input only and not whichever is asked for.
          type,
          value: props.value,
          class: type === "date" ? "date" : props.short === true ? "short" : undefined,
          autocomplete: props.autocomplete ?? "off",
          inputMode: props.inputMode,
          min: props.min,
          max: props.max,
          minLength: props.minLength,
        })
      )}
    </div>
  );
}

/**
 * An address, and above it a postcode that fills its beginning in: by the script of the page (`data-postcode` names the field), or
 * by the button, whose form comes back filled in. The script takes the button away.
 */
export function AddressFields(props: {
  address: FieldProps;
  /** The name of the field for its postcode. */
  postcode?: string;
  error?: Sentence | undefined;
}) {
  const { address, postcode = "postcode", error } = props;
  const say = useWords();
  return (
    <div class="stack" data-postcode={address.id ?? address.name}>
      <Field
        name={postcode}
        label={say("postcode.label")}
        hint={say("postcode.hint")}
        inputMode="numeric"
        autocomplete="postal-code"
        short
        maxLength={20}
        error={error}
      />
      <p>
        <button
          type="submit"
          class="button quiet"
          name="fill"
          value={address.name}
          formNoValidate
          id={`fill-${address.name}`}
        >
          {say("postcode.fill")}
        </button>
      </p>
      <p class="error" role="status" data-unknown={say("postcode.unknown")} />
      <Field {...address} />
    </div>
  );
}

/** A field for one file, or for several; with its form's `upload`. Nobody's page can fill it in again, so it stands empty after a mistake. */
export function FileField(props: {
  name: string;
  id: string;
  label: string;
  hint: string;
  /** What kinds of files are offered first, as in HTML's `accept`. */
  accept?: string;
  multiple?: boolean;
  /** It can be left empty. */
  optional?: boolean;
  error?: Sentence | undefined;
}) {
  const say = useWords();
  const lang = useLanguage();
  const { name, id, label, hint, accept, error, multiple = false, optional = false } = props;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional ? (
          <>
            {say("between")}
            <span class="soft whole">{say("optional")}</span>
          </>
        ) : null}
      </label>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
      {error === undefined ? null : (
        <p class="error" id={`${id}-error`}>
          {error(lang)}
        </p>
      )}
      <input
        type="file"
        id={id}
        name={name}
        accept={accept}
        multiple={multiple}
        required={!optional}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={described(id, hint, error)}
      />
    </div>
  );
}

export interface ChoiceProps {
  name: string;
  value: string;
  id: string;
  type?: "radio" | "checkbox";
  checked?: boolean;
  disabled?: boolean;
  required?: boolean;
  under?: ComponentChildren;
  children: ComponentChildren;
}

/** One radio button or tick, with all of its text to press on. */
export function Choice({ type = "radio", under, children, ...control }: ChoiceProps) {
  return (
    <label class="choice" for={control.id}>
      <input type={type} {...control} />
      <span>
        <strong>{children}</strong>
        {under === undefined ? null : <span class="under">{under}</span>}
      </span>
    </label>
  );
}

export interface ButtonProps {
  children: ComponentChildren;
  id?: string;
  name?: string;
  value?: string;
  /** `quiet` beside a main button; `stop` for what ends or refuses something. */
  look?: "main" | "quiet" | "stop";
  /** Fills the line on a phone. */
  wide?: boolean;
}

/** A button lays out what is in it side by side; a sentence with an amount in it is one thing. */
const inOne = (children: ComponentChildren) =>
  typeof children === "string" ? children : <span>{children}</span>;

export function Button({ children, look = "main", wide = false, ...control }: ButtonProps) {
  const kind = look === "main" ? "" : ` ${look}`;
  return (
    <button type="submit" class={`button${kind}${wide ? " wide-button" : ""}`} {...control}>
      {inOne(children)}
    </button>
  );
}

export function LinkButton({ href, children, id, look = "main" }: ButtonProps & { href: string }) {
  return (
    <a class={look === "main" ? "button" : `button ${look}`} href={href} id={id}>
      {inOne(children)}
    </a>
  );
}

/** What is there for those who want it, and out of the way of the others. */
export function Folded({
  id,
  title,
  hint,
  open,
  children,
}: {
  id: string;
  title: string;
  hint: ComponentChildren;
  open: boolean;
  children: ComponentChildren;
}) {
  return (
    <details class="act" id={id} open={open}>
      <summary>{title}</summary>
      {hint === null || hint === "" ? null : <p class="soft">{hint}</p>}
      {children}
    </details>
  );
}

/**
 * A form that posts. `once` is the key under which a second press is the same act as the first; `upload`: it brings a
 * file; `sheet`: it stands on a sheet of its own.
 */
export function Form(props: {
  action: string;
  once?: string;
  id?: string;
  upload?: boolean;
  sheet?: boolean;
  children: ComponentChildren;
}) {
  const enctype = props.upload === true ? "multipart/form-data" : undefined;
  return (
    <form
      method="post"
      action={props.action}
      id={props.id}
      enctype={enctype}
      class={props.sheet === true ? "sheet" : undefined}
    >
      {props.once === undefined ? null : <input type="hidden" name="key" value={props.once} />}
      {props.children}
    </form>
  );
}
