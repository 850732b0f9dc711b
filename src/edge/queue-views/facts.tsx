/** What a call says or answers, in words: each field with its name, amounts as money, who is meant by name. Data in, HTML out. */
import { formatMoney } from "../../core/money/money.ts";
import { isId } from "../../core/protocol/protocol.ts";
import { Amount, Fact, Moment, Name, TradeNumber, useLanguage, useWords } from "../parts/parts.ts";
import { actSubjects } from "../act-words/act-words.ts";

type FieldWord = keyof typeof actSubjects.fields;
type OutcomeWord = Extract<keyof typeof actSubjects.queues, `disputes.outcome.${string}`>;
const isOutcomeWord = (text: string): text is OutcomeWord => Object.hasOwn(actSubjects.queues, text);
const isFieldWord = (text: string): text is FieldWord => Object.hasOwn(actSubjects.fields, text);

/** What a field is called; undefined where it has no word. */
function fieldWord(name: string): FieldWord | undefined {
  const word = `field.${name}`;
  return isFieldWord(word) ? word : undefined;
}

/** Of what is chosen from a closed list, the words of the choice. */
function valueWord(name: string, value: string): FieldWord | OutcomeWord | undefined {
  const outcome = `disputes.outcome.${value}`;
  if (name === "outcome" && isOutcomeWord(outcome)) return outcome;
  return fieldWord(`${name}.${value}`);
}

/** Whom ids mean, by id. */
export type Names = Readonly<Record<string, string>>;

const amounts = new Set(
  "amount unitAmount limit limitWished most fixed creditLimit owed refund release pay total due paid given used held owes paidIn fees frozen settled released refunded collected".split(
    " ",
  ),
);
const inMoments = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
const numbered = /^(?:\d{10}|\d{14})$/;

/** A sum that is kept as text, since a JSON reader might round it. */
const isCount = (value: unknown): value is string => typeof value === "string" && /^-?\d{1,15}$/.test(value);

interface ValueProps {
  name: string;
  value: unknown;
  currency: string | undefined;
  names: Names;
}

/** Which currency the amounts of an object are in. */
export function currencyOf(value: object, otherwise: string | undefined): string | undefined {
  const { currency } = value as { currency?: unknown };
  return typeof currency === "string" && /^[A-Z]{3}$/.test(currency) ? currency : otherwise;
}

function Text({ value, names }: { value: string; names: Names }) {
  const name = names[value];
  if (name !== undefined) return <Name>{name}</Name>;
  if (inMoments.test(value)) return <Moment at={value} />;
  if (numbered.test(value)) return <TradeNumber number={value} />;
  if (isId(value)) return <code class="small">{value}</code>;
  return <Name>{value}</Name>;
}

/** Limits by currency: `{"JPY": 500000}`. */
const isByCurrency = (value: object): value is Record<string, number> =>
  Object.keys(value).length > 0 &&
  Object.entries(value).every(([key, one]) => /^[A-Z]{3}$/.test(key) && typeof one === "number");

function Value({ name, value, currency, names }: ValueProps) {
  const say = useWords();
  const lang = useLanguage();
  if (value === null || value === undefined) return <>{say("facts.none")}</>;
  if (typeof value === "boolean") return <>{say(value ? "facts.yes" : "facts.no")}</>;
  if (typeof value === "number") {
    if (amounts.has(name) && currency !== undefined && Number.isSafeInteger(value))
      return <Amount amount={value} currency={currency} />;
    // 250 of ten thousand is 2.5 percent.
    if (name === "basisPoints") return <>{`${value / 100}%`}</>;
    return <>{String(value)}</>;
  }
  if (amounts.has(name) && currency !== undefined && isCount(value))
    return <Amount amount={Number(value)} currency={currency} />;
  if (typeof value === "string") {
    const word = valueWord(name, value);
    return word === undefined ? <Text value={value} names={names} /> : <>{say(word)}</>;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return <>{say("facts.none")}</>;
    return (
      <ul class="lines">
        {value.map((one: unknown, index) => (
          <li key={index}>
            <Value name={name} value={one} currency={currency} names={names} />
          </li>
        ))}
      </ul>
    );
  }
  if (typeof value !== "object") return null;
  if (isByCurrency(value))
    return (
      <ul class="lines">
        {Object.entries(value).map(([of, one]) => (
          <li key={of}>{formatMoney(BigInt(one), of, lang)}</li>
        ))}
      </ul>
    );
  return <Facts of={value} currency={currency} names={names} />;
}

/** What nobody reads, or stands elsewhere on the page. */
const left = new Set(["operator", "passwordHash", "do", "version", "backBefore"]);

/** The fields of an object, each with its name. */
export function Facts(props: { of: object; currency?: string | undefined; names: Names }) {
  const { of, names } = props;
  const say = useWords();
  const currency = currencyOf(of, props.currency);
  const shown = Object.entries(of).filter(([name]) => !left.has(name));
  return (
    <dl class="facts two">
      {shown.map(([name, value]) => {
        const word = fieldWord(name);
        return (
          <Fact key={name} term={word === undefined ? name : say(word)}>
            <Value name={name} value={value} currency={currency} names={names} />
          </Fact>
        );
      })}
    </dl>
  );
}
