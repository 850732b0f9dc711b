/** One guarantee: how much, until when and what happens then, whose it is, and who owes it where it was claimed. */
import type { GuaranteePhase } from "../../core/guarantees/guarantees.ts";
import type { Todo } from "../../core/protocol/protocol.ts";
import { type MaskedPerson, PersonLine } from "../desk-views/desk-views.ts";
import { Amount, Fact, LinkButton, Moment, Name, Say, TradeNumber, useWords } from "../parts/parts.ts";

/** Who owes what the guarantor has paid. */
export type Owes =
  | { who: "member"; bill: string; owed: bigint; due: string }
  | { who: "lender"; name: string }
  | { who: "nobody" };

export interface GuaranteeShown {
  number: string;
  shopName: string;
  phase: GuaranteePhase;
  currency: string;
  amount: bigint;
  due: bigint;
  endsAt: string;
  /** When that has passed. */
  late: boolean;
  asks: Todo | null;
  claimFrom: string | null;
  clockFrom: string | null;
  buyer: MaskedPerson | undefined;
  /** The move that waits for the collector. */
  waits: string | null;
  owes: Owes | undefined;
  /** What can be done for a caller, one press away. */
  acts: readonly ("release" | "claim" | "extend")[];
}

function What({ guarantee }: { guarantee: GuaranteeShown }) {
  const say = useWords();
  const { phase, asks, endsAt, claimFrom, clockFrom } = guarantee;
  if (phase === "claimed" || phase === "ended")
    return (
      <p class="soft">
        <Say k="guarantees.changed" at={<Moment at={endsAt} />} />
      </p>
    );
  const then = phase === "open" && asks !== null ? asks : phase;
  return (
    <>
      <p>
        <Say k="guarantees.endsAt" at={<Moment at={endsAt} />} then={say(`guarantees.then.${then}`)} />
      </p>
      {claimFrom === null ? null : (
        <p class="soft">
          <Say k="guarantees.claimFrom" at={<Moment at={claimFrom} />} />
          {say("between")}
          {clockFrom === null ? null : <Say k="guarantees.clockFrom" at={<Moment at={clockFrom} />} />}
        </p>
      )}
    </>
  );
}

function Owing({ owes, currency }: { owes: Owes; currency: string }) {
  const say = useWords();
  switch (owes.who) {
    case "member":
      return (
        <>
          <Say
            k="guarantees.owesBill"
            number={
              <a href={`/debts/${owes.bill}`}>
                <TradeNumber number={owes.bill} />
              </a>
            }
          />
          <br />
          <Amount amount={owes.owed} currency={currency} /> · <Moment at={owes.due} />
        </>
      );
    case "lender":
      return <Say k="guarantees.owesLender" name={<Name>{owes.name}</Name>} />;
    case "nobody":
      return <>{say("guarantees.owesNothing")}</>;
  }
}

const sumNames = { claimed: "guarantees.claimed", ended: "guarantees.collected" } as const;

export function GuaranteeCard({ guarantee, under }: { guarantee: GuaranteeShown; under: boolean }) {
  const say = useWords();
  const { number, shopName, phase, currency, amount, due, late, buyer, waits, owes, acts } = guarantee;
  const sum = phase === "claimed" || phase === "ended" ? sumNames[phase] : "guarantees.held";
  const heading = (
    <a href={`/desk/trades/${number}`}>
      <TradeNumber number={number} />
    </a>
  );
  return (
    <li class="sheet stack" data-guarantee={number} data-phase={phase}>
      {under ? <h3>{heading}</h3> : <h2>{heading}</h2>}
      <p class="kicker">
        {late ? <strong>{say("guarantees.late")}</strong> : null}
        <span>{say(`guarantees.phase.${phase}`)}</span>
        <Name>{shopName}</Name>
      </p>
      <What guarantee={guarantee} />
      {waits === null ? null : (
        <p>
          <strong>
            {say("guarantees.waits", {
              step: say(waits === "claim" ? "guarantees.step.claim" : "guarantees.step.other"),
            })}
          </strong>
        </p>
      )}
      <dl class="facts two">
        <Fact term={say(sum)}>
          <Amount amount={amount} currency={currency} />
        </Fact>
        {due === 0n ? null : (
          <Fact term={say("guarantees.due")}>
            <Amount amount={due} currency={currency} />
          </Fact>
        )}
        {owes === undefined ? null : (
          <Fact term={say("guarantees.owes")}>
            <Owing owes={owes} currency={currency} />
          </Fact>
        )}
        <Fact term={say("guarantees.buyer")}>
          {buyer === undefined ? say("guarantees.noBuyer") : <PersonLine person={buyer} />}
        </Fact>
      </dl>
      {acts.length === 0 ? null : (
        <p class="row">
          {acts.map((act) => (
            <LinkButton
              key={act}
              href={`/desk/trades/${number}/acts/${act}`}
              id={`${act}-${number}`}
              look="quiet"
            >
              {say(`guarantees.${act}`)}
            </LinkButton>
          ))}
        </p>
      )}
    </li>
  );
}
