/** Before somebody's data is shown: why. */
import { Button, Choice, Field, Form, useWords } from "../parts/parts.ts";

/** Why operators look: closed, so that the record can be read by reason. */
export const lookReasons = ["caller", "delivery", "payment", "dispute", "correction", "authority"] as const;

export function RevealForm({ action, button, once }: { action: string; button: string; once: string }) {
  const say = useWords();
  const id = action.replaceAll("/", "-");
  return (
    <details class="act" id={`reveal${id}`}>
      <summary>{button}</summary>
      <p class="soft">{say("reveal.hint")}</p>
      <Form action={action} once={once} id={`form${id}`}>
        <fieldset>
          <legend>{say("reveal.why")}</legend>
          <div class="choices brief long">
            {lookReasons.map((why) => (
              <Choice key={why} name="why" value={why} id={`why-${why}${id}`} required>
                {say(`reveal.why.${why}`)}
              </Choice>
            ))}
          </div>
        </fieldset>
        <Field name="more" id={`more${id}`} label={say("reveal.more")} required maxLength={120} />
        <Button look="quiet">{button}</Button>
      </Form>
    </details>
  );
}
