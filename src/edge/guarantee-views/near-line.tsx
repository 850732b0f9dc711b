/** A credit line of which little is left. */
import { type MaskedPerson, PersonLine } from "../desk-views/desk-views.ts";
import { Amount, Fact, LinkButton, useWords } from "../parts/parts.ts";

/** Minor units. */
export interface NearShown {
  person: MaskedPerson;
  currency: string;
  limit: bigint;
  owed: bigint;
  held: bigint;
  available: bigint;
  share: number;
}

export function NearLine({ line, under }: { line: NearShown; under: boolean }) {
  const say = useWords();
  const { person, currency, limit, owed, held, available, share } = line;
  const money = (amount: bigint) => <Amount amount={amount} currency={currency} />;
  const title = available <= 0n ? say("guarantees.full") : say("guarantees.share", { share });
  return (
    <li class="sheet stack" data-line={person.number ?? ""}>
      {under ? <h3>{title}</h3> : <h2>{title}</h2>}
      <p>
        <PersonLine person={person} />
      </p>
      <dl class="facts two">
        <Fact term={say("guarantees.limit")}>{money(limit)}</Fact>
        <Fact term={say("guarantees.owed")}>{money(owed)}</Fact>
        <Fact term={say("guarantees.heldNow")}>{money(held)}</Fact>
        <Fact term={say("guarantees.available")}>{money(available)}</Fact>
      </dl>
      {person.number === null ? null : (
        <p class="row">
          <LinkButton
            href={`/desk/acts/credit-line?number=${person.number}&currency=${currency}`}
            id={`line-${person.number}-${currency}`}
            look="quiet"
          >
            {say("guarantees.setLimit")}
          </LinkButton>
        </p>
      )}
    </li>
  );
}
