/** `/guarantees/list` and `/guarantees/lines`: guarantees of one phase, and lines of which little is left. */
import { type GuaranteePhase, guaranteePhases } from "../../core/guarantees/guarantees.ts";
import { Empty, type Frame, LinkButton, ServerPage, useWords } from "../parts/parts.ts";
import { listOf } from "./book-page.tsx";
import { GuaranteeCard, type GuaranteeShown } from "./guarantee-card.tsx";
import { NearLine, type NearShown } from "./near-line.tsx";

interface PhaseProps {
  frame: Frame;
  phase: GuaranteePhase;
  currency: string;
  currencies: readonly string[];
  items: readonly GuaranteeShown[];
  next: string | null;
}

function Back() {
  const say = useWords();
  return (
    <a class="back" href="/guarantees">
      ← {say("guarantees.back")}
    </a>
  );
}

function Further({ href, word }: { href: string; word: "guarantees.more" | "guarantees.linesMore" }) {
  const say = useWords();
  return (
    <p>
      <LinkButton href={href} id="more" look="quiet">
        {say(word)}
      </LinkButton>
    </p>
  );
}

/** The way to a list, and which of them this one is. */
function Tab({ href, here, children }: { href: string; here: boolean; children: string }) {
  return (
    <a href={href} aria-current={here ? "page" : undefined}>
      {children}
    </a>
  );
}

function PhaseBody({ phase, currency, currencies, items, next }: Omit<PhaseProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <div>
        <Back />
        <h1>{say(`guarantees.phase.${phase}`)}</h1>
      </div>
      <p class="lead">{say(`guarantees.lead.${phase}`)}</p>
      <nav aria-label={say("guarantees.title")} class="stack">
        <p class="chips">
          {guaranteePhases.map((one) => (
            <Tab key={one} href={listOf(one, currency)} here={one === phase}>
              {say(`guarantees.phase.${one}`)}
            </Tab>
          ))}
        </p>
        {currencies.length < 2 ? null : (
          <p class="chips">
            {currencies.map((one) => (
              <Tab key={one} href={listOf(phase, one)} here={one === currency}>
                {one}
              </Tab>
            ))}
          </p>
        )}
      </nav>
      {items.length === 0 ? <Empty title={say("guarantees.none", { currency })} /> : null}
      <ul class="list">
        {items.map((one) => (
          <GuaranteeCard key={one.number} guarantee={one} under={false} />
        ))}
      </ul>
      {next === null ? null : (
        <Further
          href={`${listOf(phase, currency)}&after=${encodeURIComponent(next)}`}
          word="guarantees.more"
        />
      )}
    </div>
  );
}

export function PhasePage({ frame, ...shown }: PhaseProps) {
  const title = useWords()(`guarantees.phase.${shown.phase}`);
  return (
    <ServerPage frame={frame} title={title} here="guarantees" narrow>
      <PhaseBody {...shown} />
    </ServerPage>
  );
}

interface LinesProps {
  frame: Frame;
  lines: readonly NearShown[];
  nearFrom: number;
  next: string | null;
}

function LinesBody({ lines, nearFrom, next }: Omit<LinesProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <div>
        <Back />
        <h1>{say("guarantees.lines")}</h1>
      </div>
      <p class="lead">{say("guarantees.linesLead", { share: nearFrom })}</p>
      {lines.length === 0 ? <Empty title={say("guarantees.linesNone")} /> : null}
      <ul class="list">
        {lines.map((line) => (
          <NearLine key={`${line.person.number} ${line.currency}`} line={line} under={false} />
        ))}
      </ul>
      {next === null ? null : (
        <Further href={`/guarantees/lines?after=${encodeURIComponent(next)}`} word="guarantees.linesMore" />
      )}
    </div>
  );
}

export function NearLinesPage({ frame, ...shown }: LinesProps) {
  return (
    <ServerPage frame={frame} title={useWords()("guarantees.lines")} here="guarantees" narrow>
      <LinesBody {...shown} />
    </ServerPage>
  );
}
