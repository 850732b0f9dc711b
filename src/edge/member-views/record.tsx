/** What operators did to a member's account and rights, and who of them looked at the member's data. */
import type { OperatorChannel } from "../../core/protocol/protocol.ts";
import { Empty, type Frame, Moment, Name, Say, ServerPage, TradeNumber, useWords } from "../parts/parts.ts";

export interface RecordedAct {
  id: string;
  /** Null where it was a step of a trade. */
  act: string | null;
  trade: string | null;
  channel: OperatorChannel;
  at: string;
}

export interface RecordedLook {
  id: string;
  reason: string | null;
  /** Set where the recipient of a trade was looked at. */
  trade: string | null;
  at: string;
}

export interface RecordedChange {
  id: string;
  act: "asked" | "changed" | "taken back" | "stopped";
  field: "password" | "name" | "kana" | "address" | "email" | "phone" | "bank account" | "passkey";
  role: "self" | "mail" | "letter" | "operator";
  at: string;
}

interface RecordProps {
  frame: Frame;
  changes: readonly RecordedChange[];
  acts: readonly RecordedAct[];
  looks: readonly RecordedLook[];
}

const told = [
  "member.approve",
  "member.suspend",
  "member.resume",
  "method.add",
  "credit-line.limit",
  "credit-line.close",
  "method.limit",
  "method.close",
  "mandate.revoke",
  "member.correct",
  "member.email",
  "member.reset",
  "member.letter",
  "transfer.book",
  "transfer.take",
  "door.unlock",
] as const;

function Act({ act, trade, channel, at }: RecordedAct) {
  const say = useWords();
  const known = told.find((name) => name === act);
  return (
    <li class="sheet">
      <p>
        {trade === null ? (
          say(known === undefined ? "record.act.other" : `record.act.${known}`)
        ) : (
          <a href={`/trades/${trade}`}>
            <Say k="record.act.trade" number={<TradeNumber number={trade} />} />
          </a>
        )}
      </p>
      <p class="small soft">
        <Moment at={at} />
        {say("comma")}
        {say(`notice.channel.${channel}`)}
      </p>
    </li>
  );
}

function Look({ reason, trade, at }: RecordedLook) {
  const say = useWords();
  return (
    <li class="sheet">
      <p>{reason === "opened" ? say("record.opened") : <Name>{reason ?? say("record.noReason")}</Name>}</p>
      <p class="small soft">
        <Moment at={at} />
        {trade === null ? null : (
          <>
            {say("comma")}
            <Say k="record.recipient" number={<TradeNumber number={trade} />} />
          </>
        )}
      </p>
    </li>
  );
}

/** Which operators looked at somebody's data, when and why. */
export function Looks({ looks }: Pick<RecordProps, "looks">) {
  const say = useWords();
  return (
    <section class="stack" aria-labelledby="looks">
      <h2 id="looks">{say("record.looks")}</h2>
      {looks.length === 0 ? (
        <Empty title={say("record.noLooks")} />
      ) : (
        <ul class="list">
          {looks.map((look) => (
            <Look key={look.id} {...look} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** What of somebody's own data and sign-in was changed, never what it was. */
function Changes({ changes }: Pick<RecordProps, "changes">) {
  const say = useWords();
  return (
    <section class="stack" aria-labelledby="changes">
      <h2 id="changes">{say("record.changes")}</h2>
      {changes.length === 0 ? (
        <Empty title={say("record.noChanges")} />
      ) : (
        <ul class="list">
          {changes.map(({ id, act, field, role, at }) => (
            <li key={id} class="sheet">
              <p>
                {say(`record.change.${act}`, {
                  field: say(`record.field.${field}`),
                  who: say(`record.by.${role}`),
                })}
              </p>
              <p class="small soft">
                <Moment at={at} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function RecordBody({ acts, looks, changes }: RecordProps) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("record.title")}</h1>
      <p class="lead">{say("record.lead")}</p>
      <p>
        <a class="back" id="to-own" href="/you">
          {say("record.toOwn")}
        </a>
      </p>
      <Changes changes={changes} />
      <Looks looks={looks} />
      <section class="stack" aria-labelledby="acts">
        <h2 id="acts">{say("record.acts")}</h2>
        {acts.length === 0 ? (
          <Empty title={say("record.noActs")} />
        ) : (
          <ul class="list">
            {acts.map((act) => (
              <Act key={act.id} {...act} />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

/** `/record`: what operators did for and to the member, and why they looked at their data. */
export function RecordPage(props: RecordProps) {
  return (
    <ServerPage frame={props.frame} title={useWords()("record.title")} here="you" narrow>
      <RecordBody {...props} />
    </ServerPage>
  );
}
