/** Which means pays a trade, and what to do where none does. */
import { typedMoney } from "../../core/money/money.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";
import type { MethodKind } from "../../core/protocol/schemas.ts";
import {
  Amount,
  type Attempt,
  Choice,
  type Face,
  Folded,
  LinkButton,
  Name,
  noAttempt,
  Notice,
  Say,
  useWords,
} from "../parts/parts.ts";
import { AddMeans, MeansForm, type WaitingView } from "./adding.tsx";

/**
 * A means of payment as its owner sees it. `available` is in minor units, null while there is no account yet, and left
 * out where another server keeps the account.
 */
export interface MethodView {
  id: string;
  kind: MethodKind;
  currency: string;
  available?: bigint | number | null;
  /** The institution that keeps the account, where that is another server, and its address. */
  institution?: string;
  url?: string;
  /** The name of the shop or intermediary that has given the credit line. */
  lentBy?: string;
  /** A credit line that was granted for this trade, and pays for nothing else. */
  forThis?: true;
}

/** Whether this pays the trade, as far as that is known here. */
export function isEnough({ available }: MethodView, { amount }: TradeView): boolean {
  return available === undefined || (available !== null && available >= (amount ?? 0));
}

/** What is missing on it, in minor units. */
const missingOn = ({ available }: MethodView, { amount }: TradeView): bigint =>
  BigInt(amount ?? 0) - BigInt(available ?? 0);

function MeansUnder({ method, trade }: { method: MethodView; trade: TradeView }) {
  const { available, institution, currency } = method;
  if (institution !== undefined) return <Say k="method.at" institution={<Name>{institution}</Name>} />;
  if (available === undefined) return null;
  const amount = <Amount amount={available ?? 0} currency={currency} />;
  if (isEnough(method, trade)) return <Say k="method.free" amount={amount} />;
  const missing = <Amount amount={missingOn(method, trade)} currency={currency} />;
  return <Say k="method.notEnough" amount={amount} missing={missing} />;
}

function MethodName({ method: { kind, lentBy, forThis } }: { method: MethodView }) {
  const say = useWords();
  if (forThis === true) return <>{say("method.creditForThis")}</>;
  return lentBy === undefined ? (
    <>{say(`method.${kind}`)}</>
  ) : (
    <Say k="method.lent" by={<Name>{lentBy}</Name>} />
  );
}

interface FittingProps {
  face: Face;
  trade: TradeView;
  /** The means in the currency of the trade. */
  fitting: readonly MethodView[];
}

export function MethodChoice({ trade, fitting, attempt }: FittingProps & { attempt: Attempt }) {
  const say = useWords();
  const enough = (method: MethodView) => isEnough(method, trade);
  const chosen = fitting.find(({ id }) => id === attempt.values["method"]) ?? fitting.find(enough);
  return (
    <fieldset>
      <legend>{say("approve.method")}</legend>
      <div class="choices">
        {fitting.map((method) => (
          <Choice
            key={method.id}
            name="method"
            value={method.id}
            id={`method-${method.id}`}
            checked={method.id === chosen?.id && enough(method)}
            disabled={!enough(method)}
            required
            under={<MeansUnder method={method} trade={trade} />}
          >
            <MethodName method={method} />
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

/** What is missing where no means pays the trade, and the way to bring it, which leads back here. */
export function Short({ face, trade, fitting }: FittingProps) {
  const say = useWords();
  const { currency = "", number } = trade;
  const here = `/trades/${number}/approve`;
  const fullest = (methods: readonly MethodView[]) =>
    methods.toSorted((one, other) => Number(missingOn(one, trade) - missingOn(other, trade)))[0];
  const funded =
    face.means?.includes("deposit") === true ? fitting.filter(({ kind }) => kind !== "credit") : [];
  const best = fullest(funded) ?? fullest(fitting);
  if (best === undefined) return null;
  const missing = missingOn(best, trade);
  const amount = <Amount amount={missing} currency={currency} />;
  const bring = new URLSearchParams({ method: best.id, amount: typedMoney(missing, currency), next: here });
  return (
    <Notice tone="care" id="short">
      <p>
        <strong>
          <Say k="approve.missing" amount={amount} />
        </strong>
      </p>
      <p class="row">
        {funded.length > 0 ? (
          <LinkButton href={`/fund?${bring}`} id="to-fund">
            <span>
              <Say k="approve.payIn" amount={amount} />
            </span>
          </LinkButton>
        ) : null}
        <LinkButton href={here} id="look-again" look="quiet">
          {say("approve.lookAgain")}
        </LinkButton>
      </p>
    </Notice>
  );
}

/** Where money is brought to accounts that other servers keep, after one of them had too little. */
export function ShortElsewhere({ fitting }: Pick<FittingProps, "fitting">) {
  const places = new Map(
    fitting.flatMap(({ kind, institution, url }) =>
      kind === "credit" || institution === undefined || url === undefined
        ? []
        : [[url, institution] as const],
    ),
  );
  if (places.size === 0) return null;
  return (
    <p id="pay-in-there">
      {[...places].map(([url, institution]) => (
        <LinkButton key={url} href={`${url}/fund`} look="quiet">
          <span>
            <Say k="approve.payInAt" institution={<Name>{institution}</Name>} />
          </span>
        </LinkButton>
      ))}
    </p>
  );
}

/** One means of payment more: opened here, or tied where other servers keep the accounts. */
export function OtherMeans({
  face,
  trade,
  fitting,
  waiting,
  once,
}: FittingProps & { waiting: readonly WaitingView[]; once: string }) {
  const say = useWords();
  const { currency = "", number } = trade;
  if (face.money === "methods")
    return (
      <p>
        <LinkButton href="/methods" id="to-methods" look={fitting.length === 0 ? "main" : "quiet"}>
          {say(fitting.length === 0 ? "approve.toMethods" : "approve.toOther")}
        </LinkButton>
      </p>
    );
  const known = new Set([
    ...fitting.flatMap(({ kind, forThis, lentBy }) =>
      forThis === true || lentBy !== undefined ? [] : [kind],
    ),
    ...waiting.map(({ kind }) => kind),
  ]);
  const adds = {
    // Of what has no code there is one in each currency.
    kinds: (face.means ?? []).filter((kind) => kind === "prepaid" || !known.has(kind)),
    currencies: [currency],
    once,
    next: `/trades/${number}/approve`,
    attempt: noAttempt,
  };
  if (adds.kinds.length === 0) return null;
  if (fitting.length === 0) return <AddMeans {...adds} main />;
  return (
    <Folded id="other-means" title={say("approve.toOther")} hint={say("means.lead")} open={false}>
      <MeansForm {...adds} />
    </Folded>
  );
}
