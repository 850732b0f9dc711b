/** Guides as pages: which there are, and one of them with the way to the others. */
import { type Frame, ServerPage, useWords } from "../parts/parts.ts";
import { type Guide, type GuideName, guideNames } from "./rendering.ts";

function Others({ here }: { here?: GuideName }) {
  const say = useWords();
  return (
    <nav aria-label={say("guides.title")} class="no-print">
      <ul class="list">
        {guideNames.map((name) => (
          <li key={name}>
            <a href={`/docs/guides/${name}`} aria-current={name === here ? "page" : undefined}>
              {say(`guides.${name}`)}
            </a>
          </li>
        ))}
        <li>
          <a href="/docs">{say("guides.reference")}</a>
        </li>
      </ul>
    </nav>
  );
}

export function GuidesPage({ frame }: { frame: Frame }) {
  const say = useWords();
  return (
    <ServerPage frame={frame} title={say("guides.title")} narrow>
      <div class="stack-l">
        <h1>{say("guides.title")}</h1>
        <p class="lead">{say("guides.lead")}</p>
        <ul class="list">
          {guideNames.map((name) => (
            <li key={name}>
              <a class="sheet card" href={`/docs/guides/${name}`}>
                <strong>{say(`guides.${name}`)}</strong>
                <span class="kicker">{say(`guides.${name}.about`)}</span>
              </a>
            </li>
          ))}
        </ul>
        <p>
          <a href="/docs">{say("guides.reference")}</a>
        </p>
      </div>
    </ServerPage>
  );
}

export function GuidePage({ frame, guide }: { frame: Frame; guide: Guide }) {
  return (
    <ServerPage frame={frame} title={guide.title}>
      <div class="split">
        <article lang="en" class="sheet prose" dangerouslySetInnerHTML={{ __html: guide.html }} />
        <Others here={guide.name} />
      </div>
    </ServerPage>
  );
}
