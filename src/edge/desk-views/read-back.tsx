/** What is read back to whoever asks for it, before anything is done. */
import type { AcceptorRole, TradeView } from "../../core/protocol/protocol.ts";
import type { MoveBody } from "../../core/protocol/schemas.ts";
import { ReadBack } from "../callers/callers.ts";
import {
  Amount,
  type Attempt,
  Button,
  Fact,
  type Frame,
  Mistakes,
  Moment,
  Name,
  Refused,
  ServerPage,
  StateBadge,
  TradeNumber,
  useWords,
} from "../parts/parts.ts";
import { askedBy, type DeskAct } from "./acting.ts";

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

/** What a move would do, in minor units; null where this server knows no amounts. */
interface Foreseen {
  settled: number | null;
  released: number | null;
  refunded: number | null;
  later: number | null;
  advance?: { paid: number; price: number };
}

export interface ReadPageProps {
  frame: Frame;
  trade: TradeView;
  act: DeskAct;
  role: AcceptorRole;
  body: MoveBody;
  /** What it is worth, where that is known. */
  sum: bigint | undefined;
  /** What the machine would do to the money; nothing where somebody only agrees to something by it. */
  moves?: Foreseen | undefined;
  /** All that the form has said, which goes along. */
  fields: Readonly<Record<string, string>>;
  attempt: Attempt;
}

/** Where money goes by it, as the machine has worked it out. */
function Moves({ moves, currency }: { moves: Foreseen; currency: string }) {
  const say = useWords();
  const { settled, released, refunded, later, advance } = moves;
  const parts = { settled, released, refunded, later, early: advance?.paid, price: advance?.price };
  return (
    <>
      {(["settled", "released", "refunded", "later", "early", "price"] as const).map((name) => {
        const amount = parts[name];
        return amount == null || amount === 0 ? null : (
          <Fact key={name} term={say(`deskRead.${name}`)}>
            <strong id={`moves-${name}`}>
              <Amount amount={amount} currency={currency} />
            </strong>
          </Fact>
        );
      })}
    </>
  );
}

/** The move in words: everything that it says, and nothing else. */
function MoveInWords({ trade, act, role, body, sum, moves }: ReadPageProps) {
  const say = useWords();
  const { currency } = trade;
  const named = "lines" in body ? body.lines : undefined;
  const texts = [
    "reason" in body ? body.reason : undefined,
    "statement" in body ? body.statement : undefined,
    "words" in body ? body.words : undefined,
    "tracking" in body ? body.tracking?.number : undefined,
    "evidence" in body ? body.evidence?.reference : undefined,
  ].flatMap((text) => (text === undefined ? [] : [text]));
  const nameOf = (line: number | undefined) => trade.lines.find((each) => each.line === line)?.name ?? "";
  return (
    <>
      <p>
        <strong>{say(`deskAct.${act}`)}</strong>
      </p>
      <dl class="facts">
        <Fact term={say("deskRead.whose")}>{say(`caller.as.${role}`)}</Fact>
        <Fact term={say("trade.seller")}>
          <Name>{trade.shopName}</Name>
        </Fact>
        {sum === undefined || currency === undefined ? null : (
          <Fact term={say(act === "revise" ? "deskRead.becomes" : "deskRead.sum")}>
            <strong id="sum">
              <Amount amount={sum} currency={currency} />
            </strong>
          </Fact>
        )}
        {moves === undefined || currency === undefined ? null : <Moves moves={moves} currency={currency} />}
        {body.do === "offer" && currency !== undefined ? (
          <Fact term={say("deskForm.pay")}>
            <Amount amount={body.pay} currency={currency} />
          </Fact>
        ) : null}
        {"until" in body ? (
          <Fact term={say("deskForm.until")}>
            <Moment at={body.until} />
          </Fact>
        ) : null}
        {askedBy[act].includes("quantities") || named !== undefined ? (
          <Fact term={say("deskRead.goods")}>
            {named === undefined
              ? say("deskRead.all")
              : named.map((piece, index) => (
                  <span key={index}>
                    {index === 0 ? null : say("comma")}
                    {piece.quantity} × <Name>{"name" in piece ? piece.name : nameOf(piece.line)}</Name>
                  </span>
                ))}
          </Fact>
        ) : null}
        {"kind" in body && body.kind !== undefined ? (
          <Fact term={say("act.kind")}>{say(`act.kind.${body.kind}`)}</Fact>
        ) : null}
        {texts.map((text) => (
          <Fact key={text} term={say("deskRead.said")}>
            <Name>{text}</Name>
          </Fact>
        ))}
      </dl>
    </>
  );
}

/** The same address, once the form was filled in: what is read to whoever asks for it. */
export function ReadPage(props: ReadPageProps) {
  const say = useWords();
  const { frame, trade, act, fields, attempt } = props;
  return (
    <ServerPage frame={frame} title={say("deskRead.title")} here="desk/find" narrow>
      <div class="stack-l">
        <ActHead {...props} />
        <h2>{say("deskRead.title")}</h2>
        <p class="lead">{say("deskRead.lead")}</p>
        <Mistakes errors={attempt.errors} />
        <Refused attempt={attempt} />
        <form method="post" action={`/desk/trades/${trade.number}/acts/${act}`} id="read-form" class="sheet">
          {Object.entries(fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <input type="hidden" name="said" value="yes" />
          <ReadBack attempt={attempt}>
            <MoveInWords {...props} />
          </ReadBack>
          <p class="row">
            <Button id="do-it">{say("deskRead.submit")}</Button>
            <button type="submit" class="button quiet" name="again" value="yes" formNoValidate id="again">
              {say("deskRead.again")}
            </button>
          </p>
        </form>
      </div>
    </ServerPage>
  );
}
