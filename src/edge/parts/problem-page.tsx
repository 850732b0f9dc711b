/** How a refusal is told: above the form that was tried, and by the page that stands for one that could not be made. */
import type { Problem } from "../../core/protocol/protocol.ts";
import { codeIsAsked, detailOf, help, titleOf } from "./advice.ts";
import { LinkButton } from "./controls.tsx";
import { type Attempt, type Frame, ServerPage } from "./layout.tsx";
import { Name, Say, useLanguage, useWords } from "./locale.tsx";
import { Notice } from "./notices.tsx";

function ProblemBody({ problem }: { problem: Problem }) {
  const say = useWords();
  const lang = useLanguage();
  const detail = detailOf(problem, lang);
  return (
    <div class="stack-l">
      <h1>{say("problem.title")}</h1>
      <Notice tone="stop" title={titleOf(problem, lang)}>
        {detail === undefined ? null : (
          <p>
            <Name>{detail}</Name>
          </p>
        )}
        {problem.errors === undefined || lang !== "en" ? null : (
          <ul>
            {problem.errors.map(({ pointer, message }) => (
              <li key={pointer}>
                <bdi>{`${pointer}: ${message}`}</bdi>
              </li>
            ))}
          </ul>
        )}
      </Notice>
      <section aria-labelledby="what-now">
        <h2 id="what-now">{say("problem.whatNow")}</h2>
        <p>{say(help(problem.code))}</p>
      </section>
      <p class="row">
        {problem.code === "not_authenticated" ? (
          <LinkButton href="/signin">{say("nav.signIn")}</LinkButton>
        ) : problem.trade === undefined ? (
          <LinkButton href="/">{say("problem.toHome")}</LinkButton>
        ) : (
          <LinkButton href={`/trades/${encodeURIComponent(problem.trade)}`}>
            {say("problem.toTrade")}
          </LinkButton>
        )}
      </p>
      <p class="soft small" data-code={problem.code}>
        <Say k="problem.code" code={<code>{problem.code}</code>} />
      </p>
    </div>
  );
}

/** What happened and what to do, instead of a page that could not be made. */
export function ProblemPage({ frame, problem }: { frame: Frame; problem: Problem }) {
  return (
    <ServerPage frame={frame} title={useWords()("problem.title")} narrow>
      <ProblemBody problem={problem} />
    </ServerPage>
  );
}

/** The refusal of what was just tried, above the form in which to try again. */
export function Refused({ attempt, title }: { attempt: Attempt; title?: string }) {
  const say = useWords();
  const lang = useLanguage();
  if (attempt.problem === undefined) return null;
  const { code } = attempt.problem;
  const detail = detailOf(attempt.problem, lang);
  return (
    <Notice tone="stop" title={title ?? titleOf(attempt.problem, lang)} id="refused">
      {detail === undefined ? null : <p>{detail}</p>}
      <p data-code={code}>{say(help(code))}</p>
      {codeIsAsked(code) ? (
        <p class="small">
          <Say k="problem.code" code={<code>{code}</code>} />
        </p>
      ) : null}
    </Notice>
  );
}
