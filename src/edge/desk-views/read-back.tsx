/** What is read back to whoever asks for it, before anything is done. */
import type { ComponentChildren } from "preact";
import type { TradeView } from "../../core/protocol/protocol.ts";
import { ReadBack } from "../callers/callers.ts";
import {
  type Attempt,
  Button,
  Mistakes,
  Name,
  Refused,
  ServerPage,
  StateBadge,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import type { DeskAct } from "./acting.ts";
import { MoveInWords, type ReadPageProps } from "./move-in-words.tsx";

/** Of which trade, and what is done. */
export function ActHead({ trade, act }: { trade: TradeView; act: DeskAct }) {
  const say = useWords();
  return (
    <div class="stack">
      <a class="back" href={`/desk/trades/${trade.number}`}>
        ← {say("deskTrade.back")}
      </a>
      <p class="kicker">
        <StateBadge trade={trade} />
        <TradeNumber number={trade.number} />
        <Name>{trade.shopName}</Name>
      </p>
      <h1>{say(`deskAct.${act}`)}</h1>
    </div>
  );
}

interface ReadFormProps {
  action: string;
  submit: string;
  /** What was filled in, carried along. */
  fields: Readonly<Record<string, string>>;
  attempt: Attempt;
  children: ComponentChildren;
}

/** What would be done, in words, until whoever asks for it has heard it and says yes; or back to the form. */
export function ReadForm({ action, submit, fields, attempt, children }: ReadFormProps) {
  const say = useWords();
  return (
    <>
      <h2>{say("deskRead.title")}</h2>
      <p class="lead">{say("deskRead.lead")}</p>
      <Mistakes errors={attempt.errors} />
      <Refused attempt={attempt} />
      <form method="post" action={action} id="read-form" class="sheet">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="said" value="yes" />
        <ReadBack attempt={attempt}>{children}</ReadBack>
        <p class="row">
          <Button id="do-it">{submit}</Button>
          <button type="submit" class="button quiet" name="again" value="yes" formNoValidate id="again">
            {say("deskRead.again")}
          </button>
        </p>
      </form>
    </>
  );
}

/** The same address, once the form was filled in: what is read to whoever asks for it. */
export function ReadPage(props: ReadPageProps) {
  const say = useWords();
  const { frame, trade, act } = props;
  return (
    <ServerPage frame={frame} title={say("deskRead.title")} here="desk/find" narrow>
      <div class="stack-l">
        <ActHead {...props} />
        <ReadForm
          action={`/desk/trades/${trade.number}/acts/${act}`}
          submit={say("deskRead.submit")}
          {...props}
        >
          <MoveInWords {...props} />
        </ReadForm>
      </div>
    </ServerPage>
  );
}
