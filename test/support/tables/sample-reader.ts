/** In which language the sample pages are made. */
import { render as renderFor } from "../../../src/edge/parts/layout.tsx";
import type { Language } from "../../../src/edge/words/words.ts";

export { say } from "../../../src/edge/words/words.ts";

let lang: Language = "en";

export const render: typeof renderFor = (Component, props) => renderFor(Component, props, { lang });

/** What is made meanwhile is made in this language. */
export function inLanguage<T>(language: Language, make: () => T): T {
  lang = language;
  try {
    return make();
  } finally {
    lang = "en";
  }
}
