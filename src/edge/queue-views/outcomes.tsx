/** How a dispute can end, as a choice: what comes too early says until when. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import { type Attempt, Choice, Moment, Say, useLanguage, useWords } from "../parts/parts.ts";

export const outcomes = ["settle", "release", "split", "return", "resume"] as const;
export type ResolveOutcome = (typeof outcomes)[number];

/** So many pieces of a line of the trade, by its number. */
export interface Pieces {
  line: number;
  quantity: number;
}

interface OutcomesProps {
  trade: TradeView;
  open: readonly Pieces[];
  early: readonly ResolveOutcome[];
  attempt: Attempt;
}

/** Until when it cannot be chosen. */
function TooEarly({ trade, open }: Pick<OutcomesProps, "trade" | "open">) {
  const say = useWords();
  const { answerBy } = trade.deadlines;
  if (answerBy === null || open.length === 0) return <>{say("disputes.early")}</>;
  return <Say k="disputes.earlyUntil" at={<Moment at={answerBy} />} />;
}

export function Outcomes({ trade, open, early, attempt: { values, errors } }: OutcomesProps) {
  const say = useWords();
  const lang = useLanguage();
  return (
    <fieldset id="outcome" tabIndex={-1}>
      <legend>{say("disputes.outcome")}</legend>
      {errors["outcome"] === undefined ? null : <p class="error">{errors["outcome"](lang)}</p>}
      <div class="choices">
        {outcomes.map((outcome) => (
          <Choice
            key={outcome}
            name="outcome"
            value={outcome}
            id={`outcome-${outcome}`}
            checked={values["outcome"] === outcome}
            disabled={early.includes(outcome)}
            under={
              early.includes(outcome) ? (
                <TooEarly trade={trade} open={open} />
              ) : (
                say(`disputes.outcome.${outcome}Under`)
              )
            }
          >
            {say(`disputes.outcome.${outcome}`)}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}
