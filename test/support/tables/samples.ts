import { breakPages } from "./sample-breaks.ts";
import { memberPages } from "./sample-members.ts";
import { render } from "../../../src/edge/parts/layout.tsx";
import type { Reader } from "../../../src/edge/parts/locale.tsx";
import { operatorPages } from "./sample-operators.ts";
import { shopAccountPages } from "./sample-shop-accounts.ts";
import { shopDeskPages } from "./sample-shop-desk.ts";
import { deskPages } from "./sample-desks.ts";
import { queuePages } from "./sample-queues.ts";
import { approvalPages, tiedPages, tradePages, visitorPages } from "./sample-pages.ts";
import type { SampleTexts } from "./sample-trades.ts";

/** All pages by name, as this reader gets them. `texts` stand wherever a person's words are shown. */
export function samplePages(texts: SampleTexts, reader: Partial<Reader> = {}): Record<string, string> {
  const pages = {
    ...visitorPages(texts),
    ...approvalPages(texts),
    ...tradePages(texts),
    ...memberPages(texts),
    ...tiedPages(texts),
    ...deskPages(texts),
    ...operatorPages(texts),
    ...queuePages(texts),
    ...breakPages(texts),
    ...shopDeskPages(texts),
    ...shopAccountPages(texts),
  };
  return Object.fromEntries(
    Object.entries(pages).map(([name, page]) => [name, render(() => page, {}, reader)]),
  );
}
