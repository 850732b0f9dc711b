/** The forms with which goods are accepted or rejected. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import { Amount, Choice, Folded, openQuantity, Say, useWords } from "../parts/parts.ts";
import { ActForm, Quantities, Reason, Receipt, type RoleProps } from "./act-form.tsx";
import { goodsOnly } from "./trade-acts.ts";

/** What accepting everything that is open would pay; undefined for those who see no prices. */
function openAmount({ lines, frozen }: TradeView): bigint | undefined {
  if (frozen == null) return undefined;
  if (lines.length === 0) return BigInt(frozen);
  return lines.reduce((sum, line) => sum + BigInt(line.unitAmount ?? 0) * BigInt(openQuantity(line)), 0n);
}

/** Accepts everything that is open. */
export function AcceptAll({ role, ...props }: RoleProps) {
  const say = useWords();
  const { currency } = props.trade;
  const open = openAmount(props.trade);
  return (
    <div class="stack">
      {open === undefined || currency === undefined ? null : (
        <p>
          <Say k="act.acceptAllHint" amount={<Amount amount={open} currency={currency} />} />
        </p>
      )}
      <ActForm {...props} act="accept" id="accept-all" submit={say("act.acceptAll")}>
        <input type="hidden" name="all" value="yes" />
        {role === "carrier" || role === "provider" ? (
          <Receipt id="accept-all" attempt={props.attempt} />
        ) : null}
      </ActForm>
    </div>
  );
}

/** Accepts so many of each line, and nothing more later where that is ticked. */
export function AcceptPart({ role, ...props }: RoleProps) {
  const say = useWords();
  const hint = goodsOnly(role) ? "act.acceptGoodsHint" : "act.acceptPartHint";
  const { trade, attempt } = props;
  const mine = attempt.act === "accept";
  return (
    <Folded id="accept-part" title={say("act.acceptPart")} hint={say(hint)} open={mine}>
      <ActForm {...props} act="accept" submit={say("act.acceptPartSubmit")}>
        <Quantities trade={trade} attempt={attempt} act="accept" />
        {goodsOnly(role) ? null : (
          <Choice
            type="checkbox"
            name="final"
            value="yes"
            id="accept-final"
            checked={mine && attempt.values["final"] === "yes"}
            under={say("act.finalUnder")}
          >
            {say("act.final")}
          </Choice>
        )}
      </ActForm>
    </Folded>
  );
}

/** Sends so many of each line back, with a reason. */
export function Reject({ role, ...props }: RoleProps) {
  const say = useWords();
  const { trade, attempt } = props;
  return (
    <Folded
      id="reject-part"
      title={say("act.reject")}
      hint={say(goodsOnly(role) ? "act.rejectGoodsHint" : "act.rejectHint")}
      open={attempt.act === "reject"}
    >
      <ActForm {...props} act="reject" submit={say("act.rejectSubmit")} look="stop">
        <Quantities trade={trade} attempt={attempt} act="reject" />
        <Reason act="reject" attempt={attempt} required />
      </ActForm>
    </Folded>
  );
}
