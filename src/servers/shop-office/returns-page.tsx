/** Where goods come back to. */
import { AddressFields, Button, Field, Form, Mistakes, Notice, useLanguage } from "../../edge/parts/parts.ts";
import { type Frame, type Mistaken, ShopPage } from "../shop-frame/shop-frame.ts";
import { type Label, labelIn } from "../shop-orders/shop-orders.ts";
import { useShopWords } from "../shop-words/shop-words.ts";
import { OwnPassword } from "./own-password.tsx";

interface ReturnsProps {
  frame: Frame;
  typed: { name: string; address: string; phone: string };
  mistaken: Mistaken;
  /** What came of it at each server, after it was sent. */
  told: { till: Label; taken: boolean }[];
}

/** Where goods are to be sent back to: the servers show it to whoever sends them. */
export function StaffReturnsPage({ frame, typed, mistaken, told }: ReturnsProps) {
  const say = useShopWords();
  const lang = useLanguage();
  return (
    <ShopPage frame={frame} title={say("returns.title")} here="returns" narrow>
      <h1>{say("returns.title")}</h1>
      <p class="lead">{say("returns.lead")}</p>
      <Mistakes errors={mistaken} />
      {told.length === 0 ? null : (
        <Notice tone={told.every(({ taken }) => taken) ? "good" : "care"} id="told">
          <ul>
            {told.map(({ till, taken }) => (
              <li key={labelIn(till, lang)}>
                {say(taken ? "returns.taken" : "returns.notTaken", { till: labelIn(till, lang) })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div class="sheet">
        <Form action="/staff/returns" id="returns-form">
          <Field
            name="name"
            label={say("returns.name")}
            required
            maxLength={120}
            value={typed.name}
            error={mistaken["name"]}
          />
          <AddressFields
            address={{
              name: "address",
              label: say("returns.address"),
              long: true,
              required: true,
              maxLength: 500,
              value: typed.address,
              error: mistaken["address"],
            }}
            error={mistaken["postcode"]}
          />
          <Field name="phone" label={say("returns.phone")} type="tel" maxLength={40} value={typed.phone} />
          <OwnPassword id="ownPassword" error={mistaken["ownPassword"]} />
          <Button>{say("returns.save")}</Button>
        </Form>
      </div>
    </ShopPage>
  );
}
