/** The pieces pages are made of. They know nothing of servers: data in, marks out. */
import { type ComponentChildren, h } from "preact";
import type { TradeState } from "../../core/protocol/protocol.ts";
import { Amount, useWords } from "./locale.tsx";

type Tone = "calm" | "hold" | "good" | "care" | "stop";

/** Tone and drawing of each state; the word beside them says the same. */
const stateLooks: Record<TradeState, [tone: Tone, drawing: string]> = {
  proposed: ["calm", "M3 8h.01M8 8h.01M13 8h.01"],
  refused: ["stop", "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M4 12l8-8"],
  reserved: ["hold", "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5"],
  delivered: ["hold", "M2.5 5L8 2l5.5 3v6L8 14l-5.5-3zM2.5 5L8 8l5.5-3M8 8v6"],
  accepted: ["good", "M3 8.5l3.5 3.5L13 4.5"],
  settled: ["good", "M1.5 8.5L4.5 12l6-7.5M8 11l1 1 5.5-7.5"],
  cancelled: ["calm", "M4 4l8 8M12 4l-8 8"],
  rejected: ["care", "M6 3L2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6"],
  expired: ["calm", "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 5v3.5l2.5 1.5"],
  disputed: ["care", "M8 2L14.5 13.5h-13zM8 6.5v3.5M8 12h.01"],
};

/** What a state means for those who bring, serve or receive, whom money does not concern. */
export const stages = {
  proposed: "waiting",
  refused: "waiting",
  reserved: "open",
  delivered: "delivered",
  accepted: "over",
  settled: "over",
  cancelled: "off",
  rejected: "back",
  expired: "off",
  disputed: "disputed",
} as const satisfies Record<TradeState, string>;

/** `goods`: for a reader whom only the goods concern. */
export function StateBadge({ state, goods = false }: { state: TradeState; goods?: boolean }) {
  const say = useWords();
  const [tone, looks] = stateLooks[state];
  // A lock stands for frozen money; on its way is an arrow.
  const drawing = goods && state === "reserved" ? "M2 8h11.5M9 3.5L13.5 8 9 12.5" : looks;
  return (
    <span class={`badge tone-${tone}`} data-state={state}>
      <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={drawing} />
      </svg>
      {goods ? say(`stage.${stages[state]}`) : say(`state.${state}`)}
    </span>
  );
}

export interface MoneyBarProps {
  /** Minor units as on the wire. */
  amount: number;
  frozen: number;
  settled: number;
  released: number;
  currency: string;
}

/** Share of a whole in tenths of a percent, exact at any size; only a drawing is made from it. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Number((BigInt(part) * 1000n) / BigInt(whole)) / 10;
}

function Frozen({ x, width }: { x: string; width: string }) {
  return (
    <svg x={x} y="0" width={width} height="22">
      <rect class="bar-frozen" width="100%" height="22" />
      <line class="bar-stripes" x1="0" y1="11" x2="100%" y2="11" />
    </svg>
  );
}

/** Where the money of a trade is: striped is frozen, solid is paid, an empty frame has gone back. */
export function MoneyBar({ amount, frozen, settled, released, currency }: MoneyBarProps) {
  const say = useWords();
  const paid = share(settled, amount);
  const held = share(frozen, amount);
  const legend = [
    ["frozen", frozen, <Frozen key="frozen" x="0" width="100%" />],
    ["settled", settled, <rect key="settled" class="bar-settled" width="100%" height="22" />],
    ["released", released, <rect key="released" class="bar-ground" width="100%" height="22" />],
  ] as const;
  return (
    <figure class="bar">
      <svg height="22" aria-hidden="true" focusable="false">
        <rect class="bar-ground" width="100%" height="22" />
        <rect class="bar-settled" width={`${paid}%`} height="22" />
        <Frozen x={`${paid}%`} width={`${held}%`} />
      </svg>
      <dl class="legend">
        {legend.map(([name, part, drawing]) => (
          <div key={name} data-part={name}>
            <svg width="22" height="22" aria-hidden="true" focusable="false">
              {drawing}
            </svg>
            <dt>{say(`money.${name}`)}</dt>
            <dd>
              <Amount amount={part} currency={currency} />
            </dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}

export interface FieldProps {
  name: string;
  label: string;
  /** The `id` of the control; the name where it is left out. */
  id?: string;
  hint?: string | undefined;
  error?: string | undefined;
  type?: "text" | "email" | "tel" | "password" | "date" | "number";
  value?: string | number | undefined;
  required?: boolean;
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
function described(id: string, hint: string | undefined, error: string | undefined): string | undefined {
  const ids = [hint === undefined ? [] : [`${id}-hint`], error === undefined ? [] : [`${id}-error`]].flat();
  return ids.length === 0 ? undefined : ids.join(" ");
}

/** A labelled control; its error stands between label and control and is read out with it. */
export function Field(props: FieldProps) {
  const say = useWords();
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
        {required ? null : <span class="soft"> {say("optional")}</span>}
      </label>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {long ? (
        <textarea {...shared}>{props.value ?? ""}</textarea>
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

export function Button({ children, look = "main", wide = false, ...control }: ButtonProps) {
  const kind = look === "main" ? "" : ` ${look}`;
  return (
    <button type="submit" class={`button${kind}${wide ? " wide-button" : ""}`} {...control}>
      {children}
    </button>
  );
}

export function LinkButton({ href, children, id, look = "main" }: ButtonProps & { href: string }) {
  return (
    <a class={look === "main" ? "button" : `button ${look}`} href={href} id={id}>
      {children}
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
      <p class="soft">{hint}</p>
      {children}
    </details>
  );
}

/** A form that posts. `once` is the key under which a second press is the same act as the first. */
export function Form(props: { action: string; once?: string; id?: string; children: ComponentChildren }) {
  return (
    <form method="post" action={props.action} id={props.id}>
      {props.once === undefined ? null : <input type="hidden" name="key" value={props.once} />}
      {props.children}
    </form>
  );
}

const noticeDrawings: Record<Tone, string> = {
  calm: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5.5M12 7.5h.01",
  hold: "M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  good: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12.5l3 3 5.5-6.5",
  care: "M12 3.5L21.5 20h-19zM12 10v4.5M12 17h.01",
  stop: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v6.5M12 16.5h.01",
};

/** Something the reader should know. `care` and `stop` are announced at once by screen readers. */
export function Notice(props: { tone?: Tone; title?: string; id?: string; children?: ComponentChildren }) {
  const { tone = "calm", title, id, children } = props;
  return (
    <div class={`notice tone-${tone}`} id={id} role={tone === "stop" || tone === "care" ? "alert" : "status"}>
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={noticeDrawings[tone]} />
      </svg>
      <div>
        {title === undefined ? null : <h2>{title}</h2>}
        {children}
      </div>
    </div>
  );
}

/** What has to be put right in a form: each finding leads to its field. Fields are named by their ids. */
export function Mistakes({ errors }: { errors: Record<string, string> }) {
  const say = useWords();
  const found = Object.entries(errors);
  if (found.length === 0) return null;
  return (
    <Notice tone="stop" title={say("mistakes")} id="mistakes">
      <ul>
        {found.map(([field, message]) => (
          <li key={field}>
            <a href={`#${field}`}>{message}</a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Nothing is here yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
