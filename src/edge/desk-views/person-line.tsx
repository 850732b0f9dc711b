/** Somebody as lists show them: enough to compare with what a caller says, and not enough to tell anybody. */
import { Name, Say, TradeNumber, useWords } from "../parts/parts.ts";

/** What is left of somebody's data when it is masked. */
export interface MaskedPerson {
  /** Their member number, where they have one. */
  number: string | null;
  name: string | null;
  kana: string | null;
  phone: string | null;
  email: string | null;
}

export function PersonLine({ person, linked = true }: { person: MaskedPerson; linked?: boolean }) {
  const say = useWords();
  const { number, name, kana, phone, email } = person;
  const member =
    number === null ? null : <Say k="deskTrade.member" number={<TradeNumber number={number} />} />;
  return (
    <>
      {name !== null ? <Name>{name}</Name> : number === null ? say("deskTrade.guest") : null}
      {kana === null ? null : (
        <span class="small soft">
          {" "}
          <Name>{kana}</Name>
        </span>
      )}
      {[phone, email].map((text) =>
        text === null ? null : (
          <span class="small soft" key={text}>
            <br />
            <Name>{text}</Name>
          </span>
        ),
      )}
      {member === null ? null : (
        <>
          {name === null ? null : <br />}
          {linked ? <a href={`/desk/members/${number}`}>{member}</a> : member}
        </>
      )}
    </>
  );
}
