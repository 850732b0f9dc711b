/** What the pages of those who bring goods say on a bad line. Nothing of it shows before the device says that it is so. */
import { LinkButton } from "./controls.tsx";
import { Say, useWords } from "./locale.tsx";
import { Notice } from "./notices.tsx";
import { codeReaderPath, roundAsset, scanAsset } from "./style.ts";

/** What stands in the way of sending, and what is to be known of an act that waits. */
const standings = ["waiting", "code", "held", "late", "refused"] as const;

/** One act that waits, to be filled in by the device. */
function WaitingAct() {
  const say = useWords();
  return (
    <li>
      <p>
        <strong data-part="label" />
      </p>
      <p class="kicker">
        <a href="/trades" class="number" data-part="number" />
        <span data-part="at" />
      </p>
      {standings.map((standing) => (
        <p key={standing} data-word={standing}>
          {say(`round.${standing}`)}
        </p>
      ))}
      <div data-part="answer" />
      {(["drop", "read"] as const).map((press) => (
        <p key={press} data-press={press}>
          <button type="button" class="button quiet">
            {say(`round.${press}`)}
          </button>
        </p>
      ))}
    </li>
  );
}

function Notices() {
  const say = useWords();
  return (
    <>
      <div id="round-seen" hidden>
        <Notice tone="care">
          <p>
            <Say k="round.seen" at={<span data-part="at" />} />
          </p>
        </Notice>
      </div>
      <div id="round-signin" hidden>
        <Notice tone="care">
          <p>{say("round.signIn")}</p>
          <LinkButton href="/signin" id="round-to-signin" look="quiet">
            {say("nav.signIn")}
          </LinkButton>
        </Notice>
      </div>
      <div id="round-leave" hidden>
        <Notice tone="care">
          <p>{say("round.leave")}</p>
          <button type="button" class="button quiet" id="round-leave-anyway">
            {say("round.leaveAnyway")}
          </button>
        </Notice>
      </div>
    </>
  );
}

/** What has not been sent, and that a page is only what was seen before. */
export function Round() {
  const say = useWords();
  return (
    <div class="round no-print" data-module={roundAsset.path}>
      <Notices />
      <section
        id="round"
        class="sheet"
        aria-labelledby="round-title"
        data-files={[roundAsset.path, scanAsset.path, codeReaderPath].join(" ")}
        hidden
      >
        <h2 id="round-title" tabIndex={-1}>
          {say("round.title")}
        </h2>
        <p>{say("round.lead")}</p>
        <ol class="lines" id="round-acts" />
        <p>
          <button type="button" class="button quiet" id="round-send">
            {say("round.send")}
          </button>
        </p>
      </section>
      <template id="round-act">
        <WaitingAct />
      </template>
      <template id="round-mark">
        <span class="round-mark">{say("round.mark")}</span>
      </template>
      <template id="round-scan">
        <a class="button quiet round-scan" href="/scan">
          {say("scan.button")}
        </a>
      </template>
    </div>
  );
}
