/**
 * What the pages of those who bring goods and of those who accept them say on a bad line. Nothing of it shows before the device
 * says that it is so.
 */
import { LinkButton } from "./controls.tsx";
import { Say, useWords } from "./locale.tsx";
import { Notice } from "./notices.tsx";
import type { WordKey } from "../words/words.ts";
import { codeReaderPath, roundAsset, scanAsset } from "./style.ts";

/** By what the device of a reader knows them, as what they read, and where it is told the key of what lies there. */
export interface Rounds {
  tag: string;
  of: "bringer" | "buyer" | "guest" | "recipient";
  key: string;
}

/** What trades are to those who do the work or bring the goods, by what their readers are on pages. */
export const worksOf: ReadonlyMap<string, WordKey> = new Map([
  ["provider", "services.title"],
  ["other", "deliveries.title"],
]);

/** What buyers and recipients say of goods that they have before them, and for how many milliseconds it goes without asking again. */
const acceptorsActs = ["deliver", "accept", "not-come", "reject", "send-back"] as const;
const acceptorsLast = 2 * 3_600_000;

/** What stands in the way of sending, and what is to be known of an act that waits. */
const standings = ["waiting", "tried", "code", "held", "late", "stale", "refused"] as const;

/** One act that waits, to be filled in by the device. */
function WaitingAct({ accepts }: { accepts: boolean }) {
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
          {say(accepts && standing === "waiting" ? "round.waitingYours" : `round.${standing}`)}
        </p>
      ))}
      <div data-part="answer" />
      {(["again", "drop", "stop", "read"] as const).map((press) => (
        <p key={press} data-press={press}>
          <button type="button" class="button quiet">
            {say(`round.${press}`)}
          </button>
        </p>
      ))}
    </li>
  );
}

function Notices({ of }: Pick<Rounds, "of">) {
  const say = useWords();
  const byLink = of === "guest" || of === "recipient";
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
          <p>{say(byLink ? "round.openLink" : "round.signIn")}</p>
          {byLink ? null : (
            <LinkButton href="/signin" id="round-to-signin" look="quiet">
              {say("nav.signIn")}
            </LinkButton>
          )}
        </Notice>
      </div>
      {of === "bringer" ? null : (
        <div id="round-photos" hidden>
          <Notice tone="care">
            <p>{say("round.photos")}</p>
          </Notice>
        </div>
      )}
      <div id="round-leave" hidden>
        <Notice tone="care">
          <p>{say(of === "bringer" ? "round.leave" : "round.leaveYours")}</p>
          <button type="button" class="button quiet" id="round-leave-anyway">
            {say("round.leaveAnyway")}
          </button>
        </Notice>
      </div>
    </>
  );
}

/** What has not been sent, and that a page is only what was seen before. */
export function Round({ of, key }: Rounds) {
  const say = useWords();
  const accepts = of !== "bringer";
  const files = accepts ? [roundAsset.path] : [roundAsset.path, scanAsset.path, codeReaderPath];
  return (
    <div class="round no-print" data-module={roundAsset.path}>
      <Notices of={of} />
      <section
        id="round"
        class="sheet"
        aria-labelledby="round-title"
        data-files={files.join(" ")}
        data-key={key}
        data-acts={accepts ? acceptorsActs.join(" ") : undefined}
        data-lasts={accepts ? acceptorsLast : undefined}
        hidden
      >
        <h2 id="round-title" tabIndex={-1}>
          {say("round.title")}
        </h2>
        <p>{say(accepts ? "round.leadYours" : "round.lead")}</p>
        <ol class="lines" id="round-acts" />
        <p>
          <button type="button" class="button quiet" id="round-send">
            {say("round.send")}
          </button>
        </p>
      </section>
      <template id="round-act">
        <WaitingAct accepts={accepts} />
      </template>
      <template id="round-mark">
        <span class="round-mark">{say("round.mark")}</span>
      </template>
      {accepts ? null : (
        <template id="round-scan">
          <a class="button quiet round-scan" href="/scan">
            {say("scan.button")}
          </a>
        </template>
      )}
    </div>
  );
}
