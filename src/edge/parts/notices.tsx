/** What the reader is told beside the content: notices, findings, that nothing is here yet, and facts with their names. */
import type { ComponentChildren } from "preact";
import type { Sentence } from "../words/words.ts";
import { useLanguage, useWords } from "./locale.tsx";

export type Tone = "calm" | "hold" | "good" | "care" | "stop";

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
export function Mistakes({ errors }: { errors: Record<string, Sentence> }) {
  const say = useWords();
  const lang = useLanguage();
  const found = Object.entries(errors);
  if (found.length === 0) return null;
  return (
    <Notice tone="stop" title={say("mistakes")} id="mistakes">
      <ul>
        {found.map(([field, message]) => (
          <li key={field}>
            <a href={`#${field}`}>{message(lang)}</a>
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

/** Several things on a line, with a dot between two that stand beside each other: none begins or ends a line. */
export function Beside({ items }: { items: readonly (ComponentChildren | null)[] }) {
  return (
    <span class="beside">
      {items
        .filter((item) => item !== null)
        .map((item, index) => (
          <>
            {index === 0 ? null : " "}
            <span>
              {index === 0 ? null : <span class="dot">· </span>}
              {item}
            </span>
          </>
        ))}
    </span>
  );
}

/** One line of a list of facts: its name, and what is so. */
export function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
