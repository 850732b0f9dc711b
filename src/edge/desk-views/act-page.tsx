/** Acting for a caller: what to say and to ask, the form, and what is read back before anything is done. */
import type { ComponentChildren } from "preact";
import {
  type AcceptorRole,
  type RejectionKind,
  rejectionKinds,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import type { MoveBody } from "../../core/protocol/schemas.ts";
import { CallerFields, type CallerNeeds, ReadBack } from "../callers/callers.ts";
import {
  Amount,
  type Attempt,
  Button,
  Choice,
  Fact,
  Field,
  type Frame,
  Mistakes,
  Moment,
  Name,
  Refused,
  Say,
  ServerPage,
  StateBadge,
  TradeNumber,
  useLanguage,
  useWords,
} from "../parts/parts.ts";
import { askedBy, type Asked, type DeskAct } from "./acting.ts";

export interface ActPageProps {
  frame: Frame;
  trade: TradeView;
  act: DeskAct;
  needs: CallerNeeds;
  /** Those lines of which something can be named, and how much. */
  lines: readonly { line: number; name: string; open: number }[];
  /** With what the buyer can pay. */
  methods: readonly { id: string; kind: "deposit" | "credit" | "prepaid" }[];
  attempt: Attempt;
  once: string;
}

type FieldsProps = ActPageProps & { asked: Asked };

function Text({
  name,
  label,
  attempt,
  ...more
}: { name: string; label: string; attempt: Attempt } & Partial<Parameters<typeof Field>[0]>) {
  return (
    <Field {...more} name={name} label={label} value={attempt.values[name]} error={attempt.errors[name]} />
  );
}

/** How many of a line; its name stands apart, in its own writing direction. */
function Quantity({ line, label, attempt }: { line: number; label: ComponentChildren; attempt: Attempt }) {
  const lang = useLanguage();
  const name = `quantity-${line}`;
  const error = attempt.errors[name];
  return (
    <div class="quantity">
      <label for={name}>
        {label}
        {error === undefined ? null : (
          <span class="error" id={`${name}-error`}>
            {error(lang)}
          </span>
        )}
      </label>
      <input
        type="text"
        inputMode="numeric"
        class="short"
        id={name}
        name={name}
        maxLength={10}
        autocomplete="off"
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : `${name}-error`}
        value={attempt.values[name]}
      />
    </div>
  );
}

function Quantities({ lines, attempt }: ActPageProps) {
  const say = useWords();
  return (
    <fieldset>
      <legend>{say("deskRead.goods")}</legend>
      <p class="hint">{say("deskForm.quantities")}</p>
      {lines.map(({ line, name, open }) => (
        <Quantity
          key={line}
          line={line}
          label={<Say k="act.quantityOf" name={<Name>{name}</Name>} open={open} />}
          attempt={attempt}
        />
      ))}
    </fieldset>
  );
}

function Prices({ trade, attempt }: ActPageProps) {
  const say = useWords();
  const { currency = "JPY" } = trade;
  return (
    <>
      {trade.lines.map(({ line, name, quantity, unitAmount, amount }) => (
        <fieldset key={line} class="sheet">
          <legend>
            <Name>{name}</Name>
          </legend>
          <Quantity line={line} label={say("deskForm.newQuantity", { open: quantity })} attempt={attempt} />
          <p class="hint">
            <Say
              k="deskForm.newPriceHint"
              amount={<Amount amount={unitAmount ?? amount ?? 0} currency={currency} />}
            />
          </p>
          <Text
            name={`price-${line}`}
            label={say("deskForm.newPrice")}
            attempt={attempt}
            inputMode="decimal"
            short
            maxLength={40}
          />
        </fieldset>
      ))}
    </>
  );
}

function Kinds({ attempt }: ActPageProps) {
  const say = useWords();
  const chosen: RejectionKind = rejectionKinds.find((kind) => kind === attempt.values["kind"]) ?? "wrong";
  return (
    <fieldset>
      <legend>{say("act.kind")}</legend>
      <div class="choices">
        {rejectionKinds.map((kind) => (
          <Choice key={kind} name="kind" value={kind} id={`kind-${kind}`} checked={kind === chosen}>
            {say(`act.kind.${kind}`)}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function Methods({ methods, attempt }: ActPageProps) {
  const say = useWords();
  const chosen = attempt.values["method"] ?? "";
  return (
    <fieldset>
      <legend>{say("deskForm.method")}</legend>
      <div class="choices">
        <Choice name="method" value="" id="method-usual" checked={chosen === ""}>
          {say("deskForm.noMethod")}
        </Choice>
        {methods.map(({ id, kind }) => (
          <Choice key={id} name="method" value={id} id={`method-${id}`} checked={chosen === id}>
            {say(`method.${kind}`)}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

function Terms({ trade, attempt }: ActPageProps) {
  const say = useWords();
  return (
    <>
      <input type="hidden" name="version" value={trade.version} />
      {trade.acceptance.by.includes("shop") ? (
        <Choice
          type="checkbox"
          name="shopMayAccept"
          value="yes"
          id="shopMayAccept"
          checked={attempt.values["shopMayAccept"] === "yes"}
        >
          {say("deskForm.shopMayAccept")}
        </Choice>
      ) : null}
      <Choice
        type="checkbox"
        name="shopWord"
        value="yes"
        id="shopWord"
        checked={attempt.values["shopWord"] === "yes"}
      >
        {say("deskForm.shopWord")}
      </Choice>
    </>
  );
}

function AskedField({ asked, ...props }: FieldsProps) {
  const say = useWords();
  const { attempt } = props;
  const long = { long: true, required: true, maxLength: 2000 };
  const money = { inputMode: "decimal", short: true, maxLength: 40 } as const;
  switch (asked) {
    case "quantities":
      return props.lines.length === 0 ? null : <Quantities {...props} />;
    case "prices":
      return <Prices {...props} />;
    case "kind":
      return <Kinds {...props} />;
    case "method":
      return <Methods {...props} />;
    case "terms":
      return <Terms {...props} />;
    case "final":
      return (
        <Choice
          type="checkbox"
          name="final"
          value="yes"
          id="final"
          checked={attempt.values["final"] === "yes"}
          under={say("act.finalUnder")}
        >
          {say("act.final")}
        </Choice>
      );
    case "reason":
      return <Text name="reason" label={say("act.reason")} attempt={attempt} required long maxLength={500} />;
    case "parcel":
      return <Text name="parcel" label={say("act.parcel")} attempt={attempt} maxLength={80} />;
    case "reference":
      return <Text name="reference" label={say("deskForm.reference")} attempt={attempt} maxLength={200} />;
    case "statement":
      return <Text name="statement" label={say("deskForm.statement")} attempt={attempt} {...long} />;
    case "words":
      return <Text name="words" label={say("deskForm.words")} attempt={attempt} {...long} />;
    case "pay":
      return <Text name="pay" label={say("deskForm.pay")} attempt={attempt} {...money} />;
    case "refund":
      return <Text name="refund" label={say("deskForm.refund")} attempt={attempt} {...money} />;
    case "amount":
      return (
        <Text
          name="amount"
          label={say("deskForm.amount")}
          hint={say("deskForm.amountHint")}
          attempt={attempt}
          {...money}
        />
      );
    case "until":
      return (
        <Text
          name="until"
          label={say("deskForm.until")}
          attempt={attempt}
          type="date"
          required
          maxLength={10}
        />
      );
  }
}

function Script({ act }: { act: DeskAct }) {
  const say = useWords();
  return (
    <section class="sheet" aria-labelledby="script">
      <h2 id="script">{say("deskScript.title")}</h2>
      <ol class="how">
        <li>{say("deskScript.who")}</li>
        <li>{say("deskScript.prove")}</li>
        <li>
          <strong>{say(`deskAsk.${act}`)}</strong>
        </li>
        <li>{say("deskScript.read")}</li>
      </ol>
    </section>
  );
}

function Head({ trade, act }: Pick<ActPageProps, "trade" | "act">) {
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

/** `/desk/trades/{number}/acts/{act}`. */
export function ActPage(props: ActPageProps) {
  const say = useWords();
  const { frame, trade, act, needs, attempt, once } = props;
  return (
    <ServerPage frame={frame} title={say(`deskAct.${act}`)} here="desk/find" narrow>
      <div class="stack-l">
        <Head {...props} />
        <Mistakes errors={attempt.errors} />
        <Refused attempt={attempt} />
        <Script act={act} />
        <form method="post" action={`/desk/trades/${trade.number}/acts/${act}`} id="act-form" class="sheet">
          <input type="hidden" name="key" value={once} />
          <input type="hidden" name="seen" value={trade.version} />
          {act === "accept-offer" ? (
            <input type="hidden" name="version" value={trade.offer?.version ?? 0} />
          ) : null}
          {askedBy[act].map((asked) => (
            <AskedField key={asked} {...props} asked={asked} />
          ))}
          <CallerFields needs={needs} attempt={attempt} />
          <Button id="read-on">{say("deskForm.readOn")}</Button>
        </form>
      </div>
    </ServerPage>
  );
}

/** What a move would do, in minor units; null where this server knows no amounts. */
interface Foreseen {
  settled: number | null;
  released: number | null;
  refunded: number | null;
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
  const { settled, released, refunded, advance } = moves;
  const parts = { settled, released, refunded, early: advance?.paid, price: advance?.price };
  return (
    <>
      {(["settled", "released", "refunded", "early", "price"] as const).map((name) => {
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
        <Head {...props} />
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
          <Button id="do-it">{say("deskRead.submit")}</Button>
          <button type="submit" class="button quiet" name="again" value="yes" formNoValidate id="again">
            {say("deskRead.again")}
          </button>
        </form>
      </div>
    </ServerPage>
  );
}
