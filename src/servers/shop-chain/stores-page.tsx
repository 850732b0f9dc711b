/** `/staff/stores`: orders that are offered to this shop as a store, chains that want it, and the stores of its own chain. */
import type { ComponentChildren } from "preact";
import type { ListedOfferView } from "@kenshu/sdk";
import {
  Amount,
  Button,
  type ButtonProps,
  detailOf,
  Field,
  Folded,
  Form,
  LinkButton,
  Mistakes,
  Moment,
  Name,
  Notice,
  titleOf,
  TradeNumber,
  useLanguage,
} from "../../edge/parts/parts.ts";
import { type Frame, type Mistaken, ShopPage } from "../shop-frame/shop-frame.ts";
import { OwnPassword } from "../shop-office/shop-office.ts";
import { labelIn } from "../shop-orders/shop-orders.ts";
import type { StoreAct } from "../shop-staff/shop-staff.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import { mostShown, type TillStores, type Told } from "./tills-stores.ts";

export interface StoresProps {
  frame: Frame;
  /** Whether whoever reads it says which stores there are, and does not only answer offers. */
  owns: boolean;
  tills: TillStores[];
  once: string;
  done?: StoreAct | undefined;
  /** A press that came to nothing: what was typed, what is wrong with it, and what the server said. */
  tried?:
    | {
        till: string;
        act: StoreAct;
        of: string;
        typed: { of?: string; postcodes?: string; minutes?: string };
        mistaken: Mistaken;
        told?: Told | undefined;
      }
    | undefined;
}

type At = NonNullable<TillStores["at"]>;
type Shown = Pick<StoresProps, "once" | "tried"> & { of: TillStores };

function Press({
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

function Offers({ at: { open }, till, once }: { at: At; till: string; once: string }) {
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
function Past({ at: { answered, asked }, deskUrl }: { at: At; deskUrl: TillStores["deskUrl"] }) {
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

/** The chains that want this shop: only its owner says yes to one. */
function Heads({ at: { chains }, till, once }: { at: At; till: string; once: string }) {
  const say = useShopWords();
  if (chains.length === 0) return null;
  return (
    <>
      <h3>{say("stores.heads")}</h3>
      <ul class="lines">
        {chains.map(({ chain, state }) => (
          <li key={chain} data-chain={state}>
            <p>
              <Name>{chain}</Name>
            </p>
            <p class="small soft">{say(state === "agreed" ? "stores.agreed" : "stores.notYet")}</p>
            <div class="row">
              {state === "agreed" ? null : (
                <Press
                  till={till}
                  act="agree"
                  of={chain}
                  once={once}
                  look="main"
                  submit={say("stores.agree")}
                />
              )}
              <Press
                till={till}
                act="leave"
                of={chain}
                once={once}
                look="stop"
                submit={say("stores.leave")}
              />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function Inviting({ of: { till, at }, once, tried }: Shown) {
  const say = useShopWords();
  const mine = tried?.till === till && tried.act === "invite" ? tried : undefined;
  return (
    <Folded
      id={`invite-${till}-fold`}
      title={say("stores.addTitle")}
      hint={say("stores.addHint")}
      open={mine !== undefined}
    >
      <Press till={till} act="invite" once={once} submit={say("stores.invite")}>
        <Field
          id={`of-${till}`}
          name="of"
          label={say("stores.store")}
          hint={say("stores.storeHint", { shop: at?.shop ?? "" })}
          required
          maxLength={60}
          value={mine?.typed.of}
          error={mine?.mistaken["of"]}
        />
        <Field
          id={`postcodes-${till}`}
          name="postcodes"
          label={say("stores.postcodes")}
          hint={say("stores.postcodesHint")}
          required
          maxLength={2000}
          value={mine?.typed.postcodes}
          error={mine?.mistaken["postcodes"]}
        />
        <OwnPassword id={`ownPassword-${till}`} error={mine?.mistaken["ownPassword"]} />
      </Press>
    </Folded>
  );
}

function Waiting({ of: { till, at }, once, tried }: Shown) {
  const say = useShopWords();
  const mine = tried?.till === till && tried.act === "wait" ? tried : undefined;
  return (
    <Press till={till} act="wait" once={once} submit={say("stores.save")}>
      <Field
        id={`minutes-${till}`}
        name="minutes"
        inputMode="numeric"
        short
        label={say("stores.wait")}
        hint={say("stores.waitHint")}
        required
        maxLength={4}
        value={mine?.typed.minutes ?? at?.minutes}
        error={mine?.mistaken["minutes"]}
      />
    </Press>
  );
}

/** The stores of the shop's own chain. */
function Own({ at, ...shown }: Shown & { at: At }) {
  const say = useShopWords();
  const { of, once } = shown;
  return (
    <>
      <h3>{say("stores.own")}</h3>
      {at.stores.length === 0 ? <p class="soft">{say("stores.none")}</p> : null}
      <ul class="lines">
        {at.stores.map(({ store, postcodes, state }) => (
          <li key={store} data-store={state}>
            <p>
              <Name>{store}</Name>
            </p>
            <p class="small soft">
              {say(state === "agreed" ? "stores.agreed" : "stores.notAgreed")}
              {postcodes.length === 0 ? null : (
                <>
                  {" · "}
                  <Name>{postcodes.join(" ")}</Name>
                </>
              )}
            </p>
            <Press till={of.till} act="drop" of={store} once={once} look="stop" submit={say("stores.drop")} />
          </li>
        ))}
      </ul>
      {at.moreStores ? (
        <p>
          {say("stores.most", { count: mostShown })}{" "}
          <LinkButton href={of.settingsUrl} look="quiet">
            {say("stores.there")}
          </LinkButton>
        </p>
      ) : null}
      {at.stores.length === 0 ? null : <Waiting {...shown} />}
      <Inviting {...shown} />
    </>
  );
}

/** What came of a press that the server has not simply done. */
function Came({ tried }: Pick<StoresProps, "tried">) {
  const say = useShopWords();
  const lang = useLanguage();
  if (tried?.told === undefined || tried.told.outcome === "done") return null;
  if (tried.told.outcome === "unknown")
    return (
      <Notice tone="hold" id="unknown">
        <p>{say("stores.unknown")}</p>
      </Notice>
    );
  const { problem } = tried.told;
  return (
    <Notice tone="care" id="refused" title={say("stores.wrong")}>
      <p data-code={problem.code}>{detailOf(problem, lang) ?? titleOf(problem, lang)}</p>
    </Notice>
  );
}

export function StoresPage({ frame, owns, tills, once, done, tried }: StoresProps) {
  const say = useShopWords();
  const lang = useLanguage();
  const title = say("stores.title");
  const { till: where = "" } = tried ?? {};
  return (
    <ShopPage frame={frame} title={title} here="stores" narrow>
      <h1>{title}</h1>
      <p class="lead">{say("stores.lead")}</p>
      <Mistakes
        errors={Object.fromEntries(
          Object.entries(tried?.mistaken ?? {}).map(([name, text]) => [`${name}-${where}`, text]),
        )}
      />
      {done === undefined ? null : (
        <Notice tone="good" id="done">
          <p>{say(`stores.done.${done}`)}</p>
        </Notice>
      )}
      <Came tried={tried} />
      {tills.map((of) => (
        <section
          key={of.till}
          class="sheet stack"
          id={`stores-${of.till}`}
          aria-labelledby={`stores-${of.till}-title`}
        >
          <h2 id={`stores-${of.till}-title`}>
            <Name>{labelIn(of.label, lang)}</Name>
          </h2>
          {of.at === undefined ? (
            <Notice tone="care">
              <p>{say("money.away")}</p>
            </Notice>
          ) : (
            <>
              <Offers at={of.at} till={of.till} once={once} />
              <Past at={of.at} deskUrl={of.deskUrl} />
              {owns ? <Heads at={of.at} till={of.till} once={once} /> : null}
              {owns ? <Own at={of.at} of={of} once={once} tried={tried} /> : null}
            </>
          )}
        </section>
      ))}
    </ShopPage>
  );
}
