/** Of an act that waits: what an order comes to by it, where money or a sign-in goes by it, and whose word it is. */
import type { Speech } from "../operators/operators.ts";
import { Button, Fact, Field, Form, Name, useWords } from "../parts/parts.ts";
import { Facts, type Names } from "./facts.tsx";

export interface TermsShown {
  /** Left out where nothing stands yet, or nothing else. */
  before?: object;
  after: object;
}

/** An account at a bank, or an address of mail, whole. */
export type Place =
  | { bank: string; branch: string; kind: "ordinary" | "current"; number: string; holder: string }
  | { email: string };

interface TermsProps {
  terms: TermsShown;
  currency: string | undefined;
  names: Names;
}

/** A sum that is agreed to, with its goods, beside the one before: a second yes is to this, and not to a number of an order. */
export function Terms({ terms, currency, names }: TermsProps) {
  const say = useWords();
  return (
    <section class="sheet stack" aria-labelledby="terms">
      <h2 id="terms">{say("waiting.terms")}</h2>
      <h3>{say("waiting.termsAfter")}</h3>
      <Facts of={terms.after} currency={currency} names={names} />
      {terms.before === undefined ? null : (
        <>
          <h3>{say("waiting.termsBefore")}</h3>
          <Facts of={terms.before} currency={currency} names={names} />
        </>
      )}
    </section>
  );
}

/** Whose word it is, how they reached the operator, and what they showed of who they are. */
export function Spoken({ speech, id }: { speech: Speech; id: string }) {
  const say = useWords();
  const { channel, reference, reason, proof, as } = speech;
  const channelWord = channel === "desk" ? undefined : (`caller.channel.${channel}` as const);
  return (
    <section class="sheet" aria-labelledby={id}>
      <h2 id={id}>{say("waiting.spoken")}</h2>
      <dl class="facts two">
        {as === undefined ? null : (
          <Fact term={say("waiting.whoseWord")}>
            {say(as === "operator" ? "waiting.ownWord" : `caller.as.${as}`)}
          </Fact>
        )}
        {channelWord === undefined ? null : <Fact term={say("waiting.channel")}>{say(channelWord)}</Fact>}
        <Fact term={say("waiting.callReference")}>
          <Name>{reference}</Name>
        </Fact>
        {proof === undefined ? null : (
          <>
            <Fact term={say("waiting.proof")}>{say(`caller.proof.${proof.kind}`)}</Fact>
            <Fact term={say("waiting.proofReference")}>
              <Name>{proof.reference}</Name>
            </Fact>
          </>
        )}
        {reason === undefined ? null : (
          <Fact term={say("waiting.why")}>
            <Name>{reason}</Name>
          </Fact>
        )}
      </dl>
    </section>
  );
}

/** It is kept sealed, and shown to whoever says why: nobody says yes to what they have not seen. */
export function LookForm({ action, once }: { action: string; once: string }) {
  const say = useWords();
  return (
    <section class="sheet stack" aria-labelledby="place">
      <h2 id="place">{say("waiting.place")}</h2>
      <p>{say("waiting.placeHint")}</p>
      <Form action={action} id="look-form" once={once}>
        <Field name="why" label={say("waiting.placeWhy")} maxLength={200} required />
        <Button id="look" look="quiet">
          {say("waiting.placeShow")}
        </Button>
      </Form>
    </section>
  );
}

export function SealedPlace({ place }: { place: Place }) {
  const say = useWords();
  const texts =
    "email" in place
      ? ([["field.newEmail", place.email]] as const)
      : ([
          ["field.bank", place.bank],
          ["field.branch", place.branch],
          ["field.bankKind", say(`field.bankKind.${place.kind}`)],
          ["field.bankNumber", place.number],
          ["field.holder", place.holder],
        ] as const);
  return (
    <section class="sheet" aria-labelledby="place">
      <h2 id="place">{say("waiting.place")}</h2>
      <dl class="facts two">
        {texts.map(([word, text]) => (
          <Fact key={word} term={say(word)}>
            <Name>{text}</Name>
          </Fact>
        ))}
      </dl>
    </section>
  );
}
