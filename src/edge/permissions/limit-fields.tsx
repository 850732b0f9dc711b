/** The fields for the sum and the last day of a permission, as they stand in the form of a new one and in that of a change. */
import { type Attempt, Field, useWords } from "../parts/parts.ts";

export interface LimitFieldsProps {
  attempt: Attempt;
  /** Of the sum; left out where it follows from a means of payment among several. */
  currency: string | undefined;
  /** What stands in the fields at first. */
  limit?: string | undefined;
  until: string;
  /** The days that can be chosen, as YYYY-MM-DD. */
  earliest: string;
  latest: string;
}

export function LimitFields({ attempt, currency, limit, until, earliest, latest }: LimitFieldsProps) {
  const say = useWords();
  const { values, errors } = attempt;
  return (
    <>
      <Field
        name="limit"
        label={currency === undefined ? say("mandate.most") : say("mandate.mostIn", { currency })}
        hint={say("mandate.mostHint")}
        inputMode="decimal"
        short
        required
        value={values["limit"] ?? limit}
        error={errors["limit"]}
      />
      <Field
        name="until"
        label={say("mandate.lastDay")}
        type="date"
        short
        required
        min={earliest}
        max={latest}
        value={values["until"] ?? until}
        error={errors["until"]}
      />
    </>
  );
}
