/** What the staff do about the price of an order: change what is open, be paid early, and end the guarantee for it. */
import { useContext } from "preact/hooks";
import { typedMoney } from "../../core/money/money.ts";
import { Amount, Moment, Name } from "../../edge/parts/parts.ts";
import { isPriced } from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import { Field, type StaffAct, Typed } from "./staff-acts.tsx";

export const revise: StaffAct = {
  act: "revise",
  path: "revise",
  look: "quiet",
  role: "manager",
  asks: true,
  Fields: ({ order: { currency }, view, mistaken }) => {
    const say = useShopWords();
    const typed = useContext(Typed);
    return (
      <>
        <p class="soft small">{say(view.state === "reserved" ? "revise.leadReserved" : "revise.lead")}</p>
        {view.lines.filter(isPriced).map(({ line, name, quantity, unitAmount }) => (
          <fieldset key={line}>
            <legend>
              <Name>{name}</Name>
            </legend>
            <p class="small soft">
              <ShopSay
                k="revise.now"
                count={quantity}
                price={<Amount amount={unitAmount ?? 0} currency={currency} />}
              />
            </p>
            <div class="halves">
              <Field
                id={`revise-quantity-${line}`}
                name={`quantity-${line}`}
                label={say("revise.quantity")}
                type="number"
                inputMode="numeric"
                min="0"
                max="999999"
                short
                own
                value={typed[`quantity-${line}`] ?? String(quantity)}
                error={mistaken[`quantity-${line}`]}
              />
              <Field
                id={`revise-price-${line}`}
                name={`price-${line}`}
                label={say("revise.price")}
                inputMode="decimal"
                short
                own
                value={typed[`price-${line}`] ?? typedMoney(BigInt(unitAmount ?? 0), currency)}
                error={mistaken[`price-${line}`]}
              />
            </div>
          </fieldset>
        ))}
      </>
    );
  },
};

export const advance: StaffAct = {
  act: "advance",
  path: "advance",
  look: "quiet",
  role: "manager",
  asks: true,
  Fields: () => {
    const say = useShopWords();
    return <p class="soft small">{say("advance.lead")}</p>;
  },
};

export const endGuarantee: StaffAct = {
  act: "endGuarantee",
  path: "end-guarantee",
  look: "main",
  role: "manager",
  asks: true,
  Fields: () => {
    const say = useShopWords();
    return <p class="soft small">{say("endGuarantee.lead")}</p>;
  },
};

export const claimGuarantee: StaffAct = {
  act: "claimGuarantee",
  path: "claim-guarantee",
  look: "quiet",
  role: "manager",
  asks: true,
  Fields: ({ view }) => {
    const say = useShopWords();
    return (
      <p class="soft small">
        {view.guarantee?.claimFrom == null ? null : (
          <>
            <ShopSay k="claimGuarantee.from" from={<Moment at={view.guarantee.claimFrom} />} />{" "}
          </>
        )}
        {say("claimGuarantee.lead")}
      </p>
    );
  },
};
