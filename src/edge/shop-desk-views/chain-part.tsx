/** Stores of a chain and the orders that are offered to them, for the head and for the stores. */
import type { Attempt } from "../parts/parts.ts";
import { Moment, Name, Say, TradeNumber, useWords } from "../parts/parts.ts";
import { Part, SetField, SetForm } from "./set-parts.tsx";

export interface ChainShown {
  /** The stores of the shop's own chain. */
  stores: readonly {
    store: string;
    name: string | null;
    postcodes: readonly string[];
    agreedAt: string | null;
  }[];
  offerFor: string;
  /** Chains of which the shop is a store, or is wished to be. */
  chains: readonly { chain: string; name: string | null; agreedAt: string | null }[];
  /** Orders offered to the shop that it has not answered. */
  offers: readonly { id: string; number: string; until: string }[];
}

type Props = ChainShown & { attempt: Attempt; once: () => string };

function Stores({ stores, offerFor, attempt, once }: Props) {
  const say = useWords();
  return (
    <>
      {stores.length === 0 ? <p>{say("shopSet.noStores")}</p> : null}
      <ul class="lines">
        {stores.map(({ store, name, postcodes, agreedAt }) => (
          <li key={store}>
            <p>
              <strong>
                <Name>{name ?? store}</Name>
              </strong>
              {" · "}
              {say(agreedAt === null ? "shopSet.notAgreed" : "shopSet.agreed")}
            </p>
            <p class="small soft">
              <Name>{postcodes.join(" ")}</Name>
            </p>
            <SetForm act="drop-store" of={store} once={once} submit={say("shopSet.drop.store")} look="stop" />
          </li>
        ))}
      </ul>
      <SetForm act="add-store" once={once} submit={say("shopSet.addStore")}>
        <SetField
          act="add-store"
          attempt={attempt}
          name="store"
          label={say("shopSet.store")}
          required
          maxLength={40}
        />
        <SetField
          act="add-store"
          attempt={attempt}
          name="postcodes"
          label={say("shopSet.postcodes")}
          hint={say("shopSet.postcodesHint")}
          required
          maxLength={2000}
        />
      </SetForm>
      {stores.length === 0 ? null : (
        <SetForm act="answer-within" once={once} submit={say("shopSet.save")}>
          <SetField
            act="answer-within"
            attempt={attempt}
            name="offerFor"
            label={say("shopSet.answerWithin")}
            hint={say("shopSet.answerWithinHint")}
            value={offerFor}
            inputMode="numeric"
            short
            required
            maxLength={40}
          />
        </SetForm>
      )}
    </>
  );
}

export function Chain(props: Props) {
  const say = useWords();
  const { chains, offers, once } = props;
  return (
    <Part id="stores" title={say("shopSet.stores")} hint={say("shopSet.storesHint")}>
      {offers.length === 0 ? null : (
        <>
          <h3>{say("shopSet.offers")}</h3>
          <ul class="lines" id="offers">
            {offers.map(({ id, number, until }) => (
              <li key={id}>
                <p>
                  <Say
                    k="shopSet.offer"
                    number={<TradeNumber number={number} />}
                    until={<Moment at={until} />}
                  />
                </p>
                <div class="row">
                  <SetForm act="take" of={id} once={once} submit={say("shopSet.take")} look="main" />
                  <SetForm act="pass" of={id} once={once} submit={say("shopSet.pass")} />
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      {chains.length === 0 ? null : (
        <>
          <h3>{say("shopSet.heads")}</h3>
          <ul class="lines">
            {chains.map(({ chain, name, agreedAt }) => (
              <li key={chain}>
                <p>
                  <strong>
                    <Name>{name ?? chain}</Name>
                  </strong>
                </p>
                <div class="row">
                  {agreedAt === null ? (
                    <SetForm act="agree" of={chain} once={once} submit={say("shopSet.agree")} />
                  ) : null}
                  <SetForm act="leave" of={chain} once={once} submit={say("shopSet.leave")} look="stop" />
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      <Stores {...props} />
    </Part>
  );
}
