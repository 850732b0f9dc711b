/** What is asked to be paid out, and what became of what was. */
import { Amount, Empty, LinkButton, Moment, Name, Say, useWords } from "../parts/parts.ts";
import { ActField, ActForm, type Shown } from "./account-parts.tsx";

export interface PayoutShown {
  id: string;
  amount: number;
  state: "waiting" | "filed" | "done" | "returned" | "cancelled";
  by: "owner" | "operator" | "clock";
  reason: string | null;
  createdAt: string;
  endedAt: string | null;
}

export interface PayoutsProps {
  payouts: readonly PayoutShown[];
  /** Older ones begin behind this one. */
  next: string | null;
}

/** The form by which money leaves; the sum is named once more before it does. */
export function AskPart({ shown, payable, least }: { shown: Shown; payable: number | null; least: number }) {
  const say = useWords();
  return (
    <section class="sheet stack" aria-labelledby="payout-title">
      <h2 id="payout-title">{say("shopAccount.payout")}</h2>
      <p class="soft">
        <Say k="shopAccount.payoutHint" least={<Amount amount={least} currency={shown.currency} />} />
      </p>
      <ActForm shown={shown} act="payout" submit={say("shopAccount.askPayout")} look="main">
        <ActField
          act="payout"
          attempt={shown.attempt}
          name="amount"
          label={say("shopAccount.amount")}
          hint={payable === null ? undefined : say("shopAccount.amountHint")}
          required
          inputMode="decimal"
          short
          value={payable !== null && payable >= least ? payable : undefined}
          maxLength={40}
        />
      </ActForm>
    </section>
  );
}

function Payout({ payout, shown }: { payout: PayoutShown; shown: Shown }) {
  const say = useWords();
  const { id, amount, state, by, reason, createdAt, endedAt } = payout;
  return (
    <li data-payout={id} data-state={state}>
      <div class="spread">
        <strong>{say(`shopAccount.state.${state}`)}</strong>
        <Amount amount={amount} currency={shown.currency} />
      </div>
      <p class="small soft">
        <Say k="shopAccount.asked" at={<Moment at={createdAt} />} who={say(`shopAccount.by.${by}`)} />
        {endedAt === null ? null : (
          <>
            {" · "}
            <Say k="shopAccount.ended" at={<Moment at={endedAt} />} />
          </>
        )}
      </p>
      {reason === null ? null : (
        <p class="small">
          <Say k="shopAccount.reason" reason={<Name>{reason}</Name>} />
        </p>
      )}
      {state === "waiting" ? (
        <ActForm shown={shown} act="cancel" of={id} submit={say("shopAccount.cancel")} look="stop" />
      ) : null}
    </li>
  );
}

/** Payouts, the newest first. */
export function PayoutsPart({ shown, payouts, next }: { shown: Shown } & PayoutsProps) {
  const say = useWords();
  return (
    <section class="sheet stack" aria-labelledby="payouts-title">
      <h2 id="payouts-title">{say("shopAccount.payouts")}</h2>
      {payouts.length === 0 ? (
        <Empty title={say("shopAccount.noPayouts")} />
      ) : (
        <ul class="lines" id="payouts">
          {payouts.map((payout) => (
            <Payout key={payout.id} payout={payout} shown={shown} />
          ))}
        </ul>
      )}
      {next === null ? null : (
        <p>
          <LinkButton href={`${shown.place.page}?after=${next}`} id="more" look="quiet">
            {say("shopAccount.older")}
          </LinkButton>
        </p>
      )}
    </section>
  );
}
