import type { MethodView } from "../means/means.ts";
import { Amount, Name, Say, useWords } from "../parts/parts.ts";

/** What a member calls one of their means of payment: its kind, its currency, who lent it. */
export function MeansName({ method: { kind, currency, lentBy } }: { method: MethodView }) {
  const say = useWords();
  const what =
    lentBy === undefined ? say(`method.${kind}`) : <Say k="method.lent" by={<Name>{lentBy}</Name>} />;
  return <Say k="amount.in" what={what} currency={currency} />;
}

/** Where it is, or what is free on it, as far as that is known here. */
export function MeansUnder({ method }: { method: MethodView }) {
  const { institution, available, currency } = method;
  if (institution !== undefined) return <Say k="method.at" institution={<Name>{institution}</Name>} />;
  if (available === undefined) return null;
  return <Say k="method.free" amount={<Amount amount={available ?? 0} currency={currency} />} />;
}
