/**
 * Guides as HTML. They come with the package, and are made safe all the same: markup in them is shown as text, links lead to
 * guides, to documents that this server shows, or to https, and nothing else is a link.
 */
import { readFileSync } from "node:fs";
import { Marked, type Tokens } from "marked";

const guideNames = ["first-trade", "webhooks", "clock", "topologies", "going-live"] as const;
export type GuideName = (typeof guideNames)[number];
export { guideNames };

const folder = new URL("../../../../docs/guides/", import.meta.url);
const textOf = (name: string): string => readFileSync(new URL(name, folder), "utf8");

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Where a link of the documents leads on this server; undefined where nothing is shown there. */
export function placeOf(href: string): string | undefined {
  if (/^https:\/\/[a-z0-9.-]+(\/[\w./#-]*)?$/i.test(href)) return href;
  const guide = guideNames.find((name) => href === `${name}.md`);
  if (guide !== undefined) return `/docs/guides/${guide}`;
  return href === "../problems.md" ? "/docs/problems" : undefined;
}

const idOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

/** HTML of a text as guides are written. */
export function htmlOf(text: string): string {
  const marked = new Marked({
    gfm: true,
    renderer: {
      html: ({ text: markup }: Tokens.HTML | Tokens.Tag) => escaped(markup),
      link({ href, tokens }: Tokens.Link) {
        const place = placeOf(href);
        const words = this.parser.parseInline(tokens);
        return place === undefined ? words : `<a href="${escaped(place)}">${words}</a>`;
      },
      image({ href, text: alt }: Tokens.Image) {
        if (!/^[a-z]+\.svg$/.test(href)) return escaped(alt);
        return `<span class="drawing">${textOf(href)}</span><span class="small soft">${escaped(alt)}</span>`;
      },
      heading({ tokens, depth, text: heading }: Tokens.Heading) {
        return `<h${depth} id="${idOf(heading)}">${this.parser.parseInline(tokens)}</h${depth}>`;
      },
      code({ text: code }: Tokens.Code) {
        return `<pre tabindex="0"><code>${escaped(code)}</code></pre>`;
      },
      table(token: Tokens.Table) {
        const row = (cells: Tokens.TableCell[], tag: string) =>
          `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("")}</tr>`;
        return `<table class="prose-table"><thead>${row(token.header, "th")}</thead><tbody>${token.rows
          .map((cells) => row(cells, "td"))
          .join("")}</tbody></table>`;
      },
    },
  });
  return marked.parse(text, { async: false });
}

export interface Guide {
  name: GuideName;
  title: string;
  html: string;
}

const made = new Map<GuideName, Guide>();

/** A guide, made when it is first asked for. */
export function guideOf(name: GuideName): Guide {
  const known = made.get(name);
  if (known !== undefined) return known;
  const text = textOf(`${name}.md`);
  const title = /^# (.+)$/m.exec(text)?.[1] ?? name;
  const guide = { name, title, html: htmlOf(text) };
  made.set(name, guide);
  return guide;
}
