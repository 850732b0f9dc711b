import type { RequestOptions } from "../moments/moments.ts";
import { Button, Form, useWords } from "../parts/parts.ts";
import { PasskeyScript } from "./passkey-script.tsx";

/** Signing in with a passkey: by a button, and where the browser offers them beside the address. */
export function PasskeySignIn({
  options,
  next,
  kept,
}: {
  options: RequestOptions;
  next?: string | undefined;
  kept?: { to: string; typed: string } | undefined;
}) {
  const say = useWords();
  return (
    <div class="scripted">
      <Form action="/signin/passkey" id="passkey-sign-in">
        {next === undefined ? null : <input type="hidden" name="next" value={next} />}
        {kept === undefined ? null : (
          <>
            <input type="hidden" name="to" value={kept.to} />
            <input type="hidden" name="typed" value={kept.typed} />
          </>
        )}
        <input
          type="hidden"
          name="proof"
          value=""
          data-passkey={JSON.stringify(options)}
          data-host={options.rpId}
          data-offer="yes"
        />
        <div class="with-passkey">
          <Button id="passkey-submit" look="quiet" wide>
            {say("passkey.signIn")}
          </Button>
        </div>
        <p class="error" data-passkey-said hidden>
          {say("proof.notShown")}
        </p>
      </Form>
      <PasskeyScript />
    </div>
  );
}
