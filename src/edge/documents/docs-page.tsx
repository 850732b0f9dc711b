import { createHash } from "node:crypto";
import { renderToString } from "preact-render-to-string";
import { callsOf, type DeclaredRoute, type Described, openPath } from "./declared.ts";

const style = `
:root { color-scheme: light dark; --line: #8884; --quiet: #6e6e6e; }
@media (prefers-color-scheme: dark) { :root { --quiet: #a5a5a5; } }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
.plain { margin: 0 auto; padding: 1rem 1rem 4rem; max-width: 60rem; }
.plain h1 { font-size: 1.6rem; } .plain h2 { font-size: 1.2rem; margin: 2rem 0 0; overflow-wrap: anywhere; }
.plain code, .plain pre { font: .9em ui-monospace, monospace; } .plain pre { overflow-x: auto; }
.plain dt { overflow-wrap: anywhere; margin-top: .5rem; } .plain dd { margin: 0; }
.plain table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
.plain th, .plain td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
.swagger-ui .auth-wrapper, .swagger-ui .authorization__btn { display: none; }
.plain td p { margin: 0; } .plain td p + p { margin-top: .25rem; }
.ways { margin: 0 auto; padding: 1rem 20px; max-width: 1420px; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
html.dark-mode .swagger-ui, html.dark-mode .swagger-ui .examples-select :is(span, label) { color: #e4e6e6; }
@media (max-width: 40rem) {
  .plain :is(table, tbody, tr, td) { display: block; width: auto; } .plain thead { display: none; }
  .plain tr { padding: .75rem 0; border-bottom: 1px solid var(--line); } .plain td { padding: 0; border: 0; }
  .plain td[data-name]::before { content: attr(data-name) ": "; color: var(--quiet); }
}
.plain tr:target { outline: 2px solid currentColor; } .quiet { color: var(--quiet); }
`;

/** Own scripts and styles, what the reader draws, and nothing that leads elsewhere. */
export const docsPolicy = `default-src 'none'; script-src 'self'; style-src 'self' 'sha256-${createHash("sha256").update(style).digest("base64")}'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A whole page in the style of these documents; `scripts`: addresses of this server's own. */
export function pageOf(title: string, body: preact.JSX.Element, scripts: readonly string[] = []): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>{title}</title>
        {scripts.length > 0 && <link rel="stylesheet" href="/docs/reader/swagger-ui.css" />}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        {body}
        {scripts.map((src) => (
          <script key={src} src={src} />
        ))}
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(page)}`;
}

/** A sentence as documents write it: code stands in marks, and where a link leads is not here. */
export function Sentence({ text }: { text: string }) {
  const plain = text.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1");
  return (
    <>
      {plain
        .split("`")
        .map((part, index) => (index % 2 === 1 ? <code key={`${index} ${part}`}>{part}</code> : part))}
    </>
  );
}

function Call({ route, access }: { route: DeclaredRoute; access: Described["access"] }) {
  return (
    <>
      <dt>
        <code>
          {route.methods.join(", ")} {openPath(route.url)}
        </code>
      </dt>
      <dd>
        {route.schema.summary}{" "}
        <span class="quiet">{route.access.map((word) => access[word] ?? word).join("; ")}.</span>
      </dd>
    </>
  );
}

function FirstTrade({ steps }: { steps: Described["firstSteps"] }) {
  return (
    <>
      <h2>A first trade</h2>
      <ol>
        {steps.map(({ says, call }) => (
          <li key={says}>
            <Sentence text={says} />
            <pre>{call}</pre>
          </li>
        ))}
      </ol>
    </>
  );
}

/** What else there is to read; it stands above the reader, which takes the place of the list. */
function Ways({ guides }: { guides: boolean }) {
  return (
    <nav class="ways" aria-label="Documents">
      {guides && <a href="/docs/guides">Guides: where to begin</a>}
      <a href="/docs/problems">Problems: how calls are refused</a>
      <a href="/openapi.json">openapi.json: for programs</a>
    </nav>
  );
}

/**
 * The page about every call of a server. Without scripts it is a list of them; with scripts, a reader of the description takes
 * its place.
 */
export function docsPage(routes: readonly DeclaredRoute[], server: Described): string {
  const calls = callsOf(routes, server);
  const parts = [...new Set(calls.map(({ schema }) => schema.tags?.[0] ?? "Others"))];
  const body = (
    <>
      <Ways guides={routes.some(({ url }) => url === "/docs/guides")} />
      <div id="reader">
        <main class="plain">
          <h1>{server.name}</h1>
          <p>{server.description}</p>
          <p>Version {server.version}.</p>
          {server.firstSteps.length > 0 && <FirstTrade steps={server.firstSteps} />}
          {parts.map((part) => (
            <section key={part}>
              <h2>{part}</h2>
              <p>{server.tags.find(({ name }) => name === part)?.description}</p>
              <dl>
                {calls
                  .filter(({ schema }) => (schema.tags?.[0] ?? "Others") === part)
                  .map((route) => (
                    <Call key={`${route.methods.join()} ${route.url}`} route={route} access={server.access} />
                  ))}
              </dl>
            </section>
          ))}
        </main>
      </div>
    </>
  );
  const scripts = ["/docs/reader/swagger-ui-bundle.js", "/docs/reader/start.js"];
  return pageOf(`${server.name} ${server.version}: every call`, body, scripts);
}
