import type { ProvenAct, Wanted } from "../moments/moments.ts";
import {
  Amount,
  type Attempt,
  Button,
  Form,
  type Frame,
  LinkButton,
  Name,
  Refused,
  Say,
  ServerPage,
  useWords,
} from "../parts/parts.ts";
import { ProofPart } from "./proof-part.tsx";

interface ProofPageProps {
  frame: Frame;
  /** Where the form goes, with what it holds. */
  to: string;
  fields: readonly (readonly [name: string, value: string])[];
  act: ProvenAct;
  /** To whom the money goes, or who may take it. */
  whom?: string | undefined;
  wanted: Wanted;
  attempt: Attempt;
  /** Where they go who think better of it. */
  back: string;
}

const words = {
  "trade.approve": "proof.act.trade.approve",
  "trade.reserve": "proof.act.trade.reserve",
  "credit.ask": "proof.act.trade.approve",
  "mandate.give": "proof.act.mandate",
  "mandate.limits": "proof.act.mandate",
  "consent.give": "proof.act.consent",
  "consent.change": "proof.act.consent",
  "consent.limits": "proof.act.consent",
  "due.pay": "proof.act.pay",
  "settlement.confirm": "proof.act.pay",
  "payout.ask": "proof.act.pay",
  "passkey.add": "passkey.add",
  "passkey.remove": "passkey.remove",
  "team.change": "proof.act.team",
} as const;

function HowMuch({ act: { amount, currency } }: Pick<ProofPageProps, "act">) {
  const say = useWords();
  if (amount === undefined) return null;
  if (amount == null || currency === undefined) return <p id="amount">{say("proof.unlimited")}</p>;
  return (
    <p id="amount">
      <strong class="big">
        <Amount amount={amount} currency={currency} />
      </strong>
    </p>
  );
}

function ProofBody({ to, fields, act, whom, wanted, attempt, back }: Omit<ProofPageProps, "frame">) {
  const say = useWords();
  return (
    <div class="stack-l">
      <h1>{say("proof.title")}</h1>
      <p class="lead">{say("proof.lead")}</p>
      <Refused attempt={attempt} />
      <section class="sheet" aria-labelledby="proved">
        <h2 id="proved">{say(words[act.act])}</h2>
        <HowMuch act={act} />
        {whom === undefined ? null : (
          <p id="whom">
            <Say k="proof.whom" name={<Name>{whom}</Name>} />
          </p>
        )}
        <Form action={to} id="proof-form">
          {fields.map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <ProofPart wanted={wanted} attempt={attempt} />
          {wanted.by === "later" || wanted.by === "nowhere" ? null : (
            <Button id="prove" wide>
              {say(wanted.by === "passkey" ? "proof.byPasskey" : "proof.byPassword")}
            </Button>
          )}
        </Form>
      </section>
      <p>
        <LinkButton href={back} id="not-now" look="quiet">
          {say("proof.back")}
        </LinkButton>
      </p>
    </div>
  );
}

/** Between a form and what it does, where that takes more than being signed in. */
export function ProofPage({ frame, ...body }: ProofPageProps) {
  return (
    <ServerPage frame={frame} title={useWords()("proof.title")} narrow>
      <ProofBody {...body} />
    </ServerPage>
  );
}
