/** The account to which something is transferred, as pages show it. */
import { Fact, Name, useWords } from "../parts/parts.ts";
import type { PayingInView } from "./answers.ts";

export function PayingIn({ payingIn }: { payingIn: PayingInView }) {
  const say = useWords();
  const { bank, bankName, branch, branchName, kind, number, holder, virtual } = payingIn;
  return (
    <section class="sheet" aria-labelledby="transfer">
      <h2 id="transfer">{say("fund.transfer")}</h2>
      <p>{say(virtual ? "fund.virtual" : "fund.write")}</p>
      <dl class="facts two">
        <Fact term={say("fund.bank")}>
          <Name>{`${bank} ${bankName}`}</Name>
        </Fact>
        <Fact term={say("fund.branch")}>
          <Name>{`${branch} ${branchName}`}</Name>
        </Fact>
        <Fact term={say("fund.kind")}>{say(`fund.kind.${kind}`)}</Fact>
        <Fact term={say("fund.to")}>{number}</Fact>
        <Fact term={say("fund.holder")}>
          <Name>{holder}</Name>
        </Fact>
      </dl>
    </section>
  );
}
