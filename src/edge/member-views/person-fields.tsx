/** How a person introduces herself: as a member, or, with the same fields, as a guest. */
import { AddressFields, type Attempt, Field, Say, useWords } from "../parts/parts.ts";

/** Name, address, date of birth, contact: the same for members and guests (patent 0054, 0064). */
export function PersonFields(props: {
  attempt: Attempt;
  signsIn?: boolean;
  /** The e-mail address, where it is proven already. */
  confirmed?: string;
}) {
  const { attempt, signsIn = false, confirmed } = props;
  const say = useWords();
  const { values, errors } = attempt;
  const field = (name: string) => ({ name, value: values[name], error: errors[name] });
  return (
    <div class="fields">
      <Field {...field("name")} label={say("person.name")} required autocomplete="name" maxLength={120} />
      <Field {...field("kana")} label={say("person.kana")} hint={say("person.kanaHint")} maxLength={120} />
      <AddressFields
        address={{
          ...field("address"),
          label: say("person.address"),
          required: true,
          autocomplete: "street-address",
          maxLength: 300,
        }}
        error={errors["postcode"]}
      />
      <Field
        {...field("birthDate")}
        label={say("person.birthDate")}
        type="date"
        required
        autocomplete="bday"
        min="1900-01-01"
      />
      {signsIn || confirmed !== undefined ? null : <p class="hint">{say("person.contactHint")}</p>}
      {confirmed === undefined ? null : (
        <p id="confirmed-email">
          <Say k="person.confirmed" email={<bdi>{confirmed}</bdi>} />
        </p>
      )}
      <div class="pair">
        {confirmed === undefined ? (
          <Field
            {...field("email")}
            label={say("person.email")}
            required={signsIn}
            type="email"
            autocomplete="email"
            maxLength={254}
          />
        ) : null}
        <Field {...field("phone")} label={say("person.phone")} type="tel" autocomplete="tel" maxLength={40} />
      </div>
    </div>
  );
}
