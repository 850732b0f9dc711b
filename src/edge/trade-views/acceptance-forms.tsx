/** The forms with which goods are accepted or rejected. */
import { type ActorRole, type RejectionKind, rejectionKinds } from "../../core/protocol/protocol.ts";
import { acceptableOf, Amount, Choice, Folded, openQuantity, Say, useWords } from "../parts/parts.ts";
import { PhotoField } from "../photo-views/photo-views.ts";
import { ActForm, Quantities, Reason, Receipt, type RoleProps, Sure } from "./act-form.tsx";
import {
  acceptableNow,
  goodsOnly,
  isEarly,
  isGiver,
  likelyOf,
  missable,
  rejectableOf,
  worthOf,
} from "./trade-acts.ts";

const brings = (role: ActorRole): boolean => role === "carrier" || role === "provider";

/** What is asked of those who see no sum, and the answer. */
function sureWords(role: ActorRole) {
  if (brings(role)) return { ask: "act.sureBrought", answer: "act.sureBroughtSubmit" } as const;
  if (role === "recipient") return { ask: "act.sureGift", answer: "act.sureGiftSubmit" } as const;
  return { ask: "act.sureAny", answer: "act.sureSubmit" } as const;
}

/** Those who have the goods before them; who brings them says first that they are there. */
const isEarlyFor = ({ trade, role }: RoleProps): boolean =>
  isGiver(role) && isEarly(trade, acceptableNow(trade));

/** Accepts everything that has come. Before anything has, it is out of the way, and asks once more. */
export function AcceptAll(props: RoleProps) {
  const say = useWords();
  const { role, ...form } = props;
  const { trade, attempt } = props;
  const { currency } = trade;
  const goods = acceptableNow(trade);
  const worth = worthOf(trade, goods);
  const early = isEarlyFor(props);
  const quiet = early || (brings(role) && likelyOf(trade, role, props.now) !== "accept");
  const sure = attempt.act === "accept-all" ? attempt.sure : undefined;
  const part = trade.lines.some((line) => {
    const named = goods.find(({ line: number }) => number === line.line)?.quantity ?? 0;
    return named < openQuantity(line);
  });
  const label =
    sure === undefined
      ? say(early ? "act.acceptEarly" : part ? "act.acceptThere" : "act.acceptAll")
      : say(sureWords(role).answer);
  const fields = (
    <ActForm
      {...form}
      act="accept"
      id="accept-all"
      submit={label}
      look={quiet && sure === undefined ? "quiet" : "main"}
    >
      <input type="hidden" name="all" value="yes" />
      {sure === undefined ? null : (
        <Sure trade={trade} sure={sure} sum="act.sure" any={sureWords(role).ask} />
      )}
      {brings(role) ? <Receipt id="accept-all" attempt={attempt} /> : null}
    </ActForm>
  );
  const hint =
    worth === undefined || currency === undefined ? (
      early ? (
        say("act.acceptEarlyAny")
      ) : null
    ) : (
      <Say
        k={early ? "act.acceptEarlyHint" : "act.acceptAllHint"}
        amount={<Amount amount={worth} currency={currency} />}
      />
    );
  if (early)
    return (
      <Folded
        id="accept-early"
        title={say("act.acceptEarly")}
        hint={sure === undefined ? hint : null}
        open={sure !== undefined}
      >
        {fields}
      </Folded>
    );
  return (
    <div class="stack">
      {hint === null ? null : <p>{hint}</p>}
      {fields}
    </div>
  );
}

/** Accepts so many of each line, and nothing more later where that is ticked. */
export function AcceptPart({ role, ...props }: RoleProps) {
  const say = useWords();
  const hint = goodsOnly(role) ? "act.acceptGoodsHint" : "act.acceptPartHint";
  const { trade, attempt } = props;
  const mine = attempt.act === "accept";
  const sure = mine ? attempt.sure : undefined;
  return (
    <Folded id="accept-part" title={say("act.acceptPart")} hint={say(hint)} open={mine}>
      <ActForm
        {...props}
        act="accept"
        submit={say(sure === undefined ? "act.acceptPartSubmit" : sureWords(role).answer)}
      >
        <Quantities
          trade={trade}
          attempt={attempt}
          act="accept"
          open={(line) => acceptableOf(trade, role, line)}
        />
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
        {sure === undefined ? null : (
          <Sure trade={trade} sure={sure} sum="act.sure" any={sureWords(role).ask} />
        )}
      </ActForm>
    </Folded>
  );
}

/** Rejects so many of each line: what is wrong with them, and a reason. */
export function Reject({ role, ...props }: RoleProps) {
  const say = useWords();
  const { trade, attempt, now } = props;
  const mine = attempt.act === "reject";
  const chosen = mine ? attempt.values["kind"] : undefined;
  const never = missable(trade, now);
  const under = (kind: RejectionKind) =>
    kind === "never_came" && !never.all
      ? say("act.kind.never_cameSome", { count: never.count })
      : say(`act.kind.${kind}Under`);
  return (
    <Folded
      id="reject-part"
      title={say("act.reject")}
      hint={say(goodsOnly(role) ? "act.rejectGoodsHint" : "act.rejectHint")}
      open={mine}
    >
      <ActForm
        {...props}
        act="reject"
        submit={say("act.rejectSubmit")}
        look="stop"
        upload={role === "buyer" || role === "recipient"}
      >
        <Quantities
          trade={trade}
          attempt={attempt}
          act="reject"
          open={({ line }) => rejectableOf(trade, line, { kind: undefined, now })}
        />
        <fieldset>
          <legend>{say("act.kind")}</legend>
          <div class="choices">
            {rejectionKinds
              .filter((kind) => kind !== "never_came" || never.count > 0)
              .map((kind) => (
                <Choice
                  key={kind}
                  name="kind"
                  value={kind}
                  id={`reject-kind-${kind}`}
                  checked={kind === (chosen ?? "wrong")}
                  under={goodsOnly(role) ? undefined : under(kind)}
                >
                  {say(`act.kind.${kind}`)}
                </Choice>
              ))}
          </div>
        </fieldset>
        <Reason act="reject" attempt={attempt} required />
        {role === "buyer" || role === "recipient" ? (
          <PhotoField act="reject" attempt={mine ? attempt : undefined} />
        ) : null}
      </ActForm>
    </Folded>
  );
}
