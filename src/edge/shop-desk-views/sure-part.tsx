/** What is asked once more before it is done: what it does to the money, and what was typed, to be sent again with a yes. */
import type { ComponentChildren } from "preact";
import { Amount, Button, LinkButton, Name, Notice, useWords } from "../parts/parts.ts";
import type { DeskAct } from "./desk-acts.ts";

/** One line of an order in a comparison: minor units, of all pieces. */
export interface ComparedLine {
  name: string;
  quantity: number;
  amount: bigint;
}

/** What reaches the shop (`paid`), and what of a payment does not: the fee, and what repays that it was paid early. */
const moved = ["free", "back", "paid", "fee", "repaid", "later"] as const;

export interface Sure {
  act: DeskAct;
  /** What was typed, and what belongs to the press: sent again as it is. */
  fields: readonly (readonly [string, string])[];
  /** What moves, in minor units; `unknown` where this server knows no amounts. */
  moves: Record<(typeof moved)[number], number> | { early: { paid: number; price: number } } | "unknown";
  /** Of other terms: what is agreed, and what would be. */
  terms?: { agreed: readonly ComparedLine[]; wished: readonly ComparedLine[] };
}

function Moves({ moves, currency }: { moves: Sure["moves"]; currency: string }) {
  const say = useWords();
  const amount = (of: number) => <Amount amount={of} currency={currency} />;
  if (moves === "unknown") return <p>{say("shopSure.unknown")}</p>;
  const rows =
    "early" in moves
      ? (["early", "price"] as const).map((which) => ({
          which,
          sum: which === "early" ? moves.early.paid : moves.early.price,
        }))
      : moved.flatMap((which) => (moves[which] > 0 ? [{ which, sum: moves[which] }] : []));
  if (rows.length === 0) return <p>{say("shopSure.none")}</p>;
  return (
    <dl class="sums">
      {rows.map(({ which, sum }) => (
        <div key={which} data-moves={which}>
          <dt>{say(`shopSure.${which}`)}</dt>
          <dd>
            <strong>{amount(sum)}</strong>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Terms({
  title,
  lines,
  currency,
}: {
  title: string;
  lines: readonly ComparedLine[];
  currency: string;
}) {
  const say = useWords();
  const total = lines.reduce((sum, { amount }) => sum + amount, 0n);
  return (
    <div>
      <h3>{title}</h3>
      <ul class="lines">
        {lines.map(({ name, quantity, amount }, index) => (
          <li key={index}>
            <div class="spread">
              <span>
                {quantity} × <Name>{name}</Name>
              </span>
              <Amount amount={amount} currency={currency} />
            </div>
          </li>
        ))}
      </ul>
      <p class="spread">
        <strong>{say("shopSure.total")}</strong>
        <strong>
          <Amount amount={total} currency={currency} />
        </strong>
      </p>
    </div>
  );
}

/** Asks once more, and goes on as it was asked for. */
export function SurePart({
  sure,
  number,
  currency = "",
}: {
  sure: Sure;
  number: string;
  currency?: string | undefined;
}) {
  const say = useWords();
  const { act, fields, moves, terms } = sure;
  return (
    <AskedOnce
      title={say("shopSure.title")}
      act={act}
      action={`/shop/orders/${number}/${act}`}
      fields={fields}
      back={`/shop/orders/${number}`}
    >
      {terms === undefined ? (
        <Moves moves={moves} currency={currency} />
      ) : (
        <>
          <div class="pair">
            <Terms title={say("shopSure.now")} lines={terms.agreed} currency={currency} />
            <Terms title={say("shopSure.then")} lines={terms.wished} currency={currency} />
          </div>
          <p>{say("shopSure.reviseHint")}</p>
        </>
      )}
    </AskedOnce>
  );
}

/** A question with the way on and the way back. */
export function AskedOnce(props: {
  title: string;
  act: string;
  action: string;
  fields: readonly (readonly [string, string])[];
  back: string;
  children: ComponentChildren;
}) {
  const say = useWords();
  const { title, act, action, fields, back, children } = props;
  return (
    <Notice tone="care" id="sure" title={title}>
      {children}
      <form method="post" action={action} id={`sure-${act}-form`}>
        {fields.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="sure" value="yes" />
        <p class="row">
          <Button id="sure-yes">{say("shopSure.yes")}</Button>
          <LinkButton href={back} id="sure-no" look="quiet">
            {say("shopSure.no")}
          </LinkButton>
        </p>
      </form>
    </Notice>
  );
}
