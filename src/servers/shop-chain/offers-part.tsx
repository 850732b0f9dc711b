/** The parts of the page of stores that are about offered orders, and the form that every press on it is. */
import type { ComponentChildren } from "preact";
import type { ListedOfferView } from "@kenshu/sdk";
import { Amount, Button, type ButtonProps, Form, Moment, Name, TradeNumber } from "../../edge/parts/parts.ts";
import type { StoreAct } from "../shop-staff/shop-staff.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import type { TillStores } from "./tills-stores.ts";

export type At = NonNullable<TillStores["at"]>;

/** A form with one button, about a store, a chain or an offer. */
export function Press({
  till,
  act,
  of,
  once,
  look = "quiet",
  children,
  submit,
}: {
  till: string;
  act: StoreAct;
  of?: string;
  once: string;
  look?: ButtonProps["look"];
  children?: ComponentChildren;
  submit: string;
}) {
  const id = [act, till, ...(of === undefined ? [] : [of])].join("-");
  return (
    <Form action={`/staff/stores/${till}/${act}`} id={`${id}-form`} once={`${once}-${id}`.slice(0, 128)}>
      {of === undefined ? null : <input type="hidden" name="of" value={of} />}
      {children}
      <Button id={id} look={look}>
        {submit}
      </Button>
    </Form>
  );
}

/** What is asked for, while the offer is open. */
function Asked({ offer: { order } }: { offer: ListedOfferView }) {
  const say = useShopWords();
  if (order == null) return <p class="small soft">{say("stores.gone")}</p>;
  const { lines, amount, currency, shipBy, reservedUntil } = order;
  return (
    <>
      <ul class="lines">
        {lines.map(({ line, name, quantity }) => (
          <li key={line}>
            {quantity} × <Name>{name}</Name>
          </li>
        ))}
      </ul>
      <p class="total">
        {amount === null ? say("stores.hidden") : <Amount amount={amount} currency={currency} />}
      </p>
      {shipBy === null ? null : (
        <p class="small soft">
          <ShopSay k="stores.shipBy" at={<Moment at={shipBy} />} />
        </p>
      )}
      {reservedUntil === null ? null : (
        <p class="small soft">
          <ShopSay k="stores.reservedUntil" at={<Moment at={reservedUntil} />} />
        </p>
      )}
    </>
  );
}

/** Orders that wait for an answer. */
export function Offers({ at: { open }, till, once }: { at: At; till: string; once: string }) {
  const say = useShopWords();
  return (
    <>
      <h3>{say("stores.offers")}</h3>
      {open.length === 0 ? <p class="soft">{say("stores.noOffers")}</p> : null}
      <ul class="lines">
        {open.map((offer) => (
          <li key={offer.id} data-offer={offer.id} class="stack">
            <p>
              <ShopSay
                k="stores.offer"
                number={<TradeNumber number={offer.trade} />}
                until={<Moment at={offer.until} />}
              />
            </p>
            <Asked offer={offer} />
            <div class="row">
              <Press
                till={till}
                act="take"
                of={offer.id}
                once={once}
                look="main"
                submit={say("stores.take")}
              />
              <Press till={till} act="pass" of={offer.id} once={once} submit={say("stores.pass")} />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

const states = ["offered", "taken", "declined", "lapsed", "withdrawn"] as const;

function StateOf({ offer: { state, until } }: { offer: ListedOfferView }) {
  const known = states.find((each) => each === state);
  return known === undefined ? null : <ShopSay k={`stores.state.${known}`} until={<Moment at={until} />} />;
}

/** What became of offers: to this shop as a store, and of its own chain to others. */
export function Past({ at: { answered, asked }, deskUrl }: { at: At; deskUrl: TillStores["deskUrl"] }) {
  const say = useShopWords();
  return (
    <>
      {answered.length === 0 ? null : (
        <>
          <h3>{say("stores.answered")}</h3>
          <ul class="lines">
            {answered.map((offer) => (
              <li key={offer.id} class="spread" data-answered={offer.state}>
                <span>
                  <TradeNumber number={offer.trade} /> <StateOf offer={offer} />
                </span>
                {offer.state === "taken" ? <a href={deskUrl(offer.trade)}>{say("stores.serve")}</a> : null}
              </li>
            ))}
          </ul>
        </>
      )}
      {asked.length === 0 ? null : (
        <>
          <h3>{say("stores.asked")}</h3>
          <ul class="lines">
            {asked.map((offer) => (
              <li key={offer.id} data-asked={offer.state}>
                <p>
                  <ShopSay
                    k="stores.askedOf"
                    number={<TradeNumber number={offer.trade} />}
                    store={<Name>{offer.store}</Name>}
                  />
                </p>
                <p class="small soft">
                  <StateOf offer={offer} />
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
