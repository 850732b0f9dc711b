/** `/staff/stores`: orders that are offered to this shop as a store, chains that want it, and the stores of its own chain. */
import {
  detailOf,
  Field,
  Folded,
  LinkButton,
  Mistakes,
  Name,
  Notice,
  titleOf,
  useLanguage,
} from "../../edge/parts/parts.ts";
import { type Frame, type Mistaken, ShopPage } from "../shop-frame/shop-frame.ts";
import { OwnPassword } from "../shop-office/shop-office.ts";
import { labelIn } from "../shop-orders/shop-orders.ts";
import type { StoreAct } from "../shop-staff/shop-staff.ts";
import { useShopWords } from "../shop-words/shop-words.ts";
import { type At, Offers, Past, Press } from "./offers-part.tsx";
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

type Shown = Pick<StoresProps, "once" | "tried"> & { of: TillStores };

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
