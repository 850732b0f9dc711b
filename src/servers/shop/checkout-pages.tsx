/** The order form: who buys, who receives, where it is paid. */
import {
  AddressFields,
  Amount,
  Button,
  Choice,
  Field,
  Form,
  LinkButton,
  Mistakes,
  Name,
  Notice,
  useLanguage,
} from "../../edge/parts/parts.ts";
import type { Sentence } from "../../edge/words/words.ts";
import { welcomePath } from "../shop-news/shop-news.ts";
import { type CartLine, type Label, labelIn, type Till } from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import { Sum } from "./goods-pages.tsx";
import { type Frame, type Mistaken, ShopPage } from "../shop-frame/shop-frame.ts";

/** What was typed into a form that is shown again. */
export type Typed = Record<string, string | undefined>;

/** A field that is needed only if another one says so, which the browser cannot check. */
function PlainField(props: {
  name: string;
  label: string;
  value: string | undefined;
  error: Sentence | undefined;
}) {
  const { name, label, value, error } = props;
  const lang = useLanguage();
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {error === undefined ? null : (
        <p class="error" id={`${name}-error`}>
          {error(lang)}
        </p>
      )}
      <input
        type="text"
        id={name}
        name={name}
        value={value}
        maxLength={120}
        autocomplete="off"
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : `${name}-error`}
      />
    </div>
  );
}

function TheirAddress({ typed, mistaken }: { typed: Typed; mistaken: Mistaken }) {
  const say = useShopWords();
  return (
    <AddressFields
      address={{
        name: "recipientAddress",
        label: say("checkout.theirAddress"),
        hint: say("checkout.theirAddressHint"),
        long: true,
        maxLength: 300,
        value: typed["recipientAddress"],
        error: mistaken["recipientAddress"],
      }}
      postcode="recipientPostcode"
      error={mistaken["recipientPostcode"]}
    />
  );
}

function Receiver({ typed, mistaken }: { typed: Typed; mistaken: Mistaken }) {
  const say = useShopWords();
  const other = typed["receiver"] === "other";
  return (
    <>
      <fieldset class="choices" id="receiver">
        <legend>{say("checkout.receiver")}</legend>
        <Choice name="receiver" value="me" id="receiver-me" checked={!other} required>
          {say("checkout.me")}
        </Choice>
        <Choice
          name="receiver"
          value="other"
          id="receiver-other"
          checked={other}
          under={say("checkout.otherUnder")}
        >
          {say("checkout.other")}
        </Choice>
      </fieldset>
      <div class="other fields">
        <PlainField
          name="recipientName"
          label={say("checkout.theirName")}
          value={typed["recipientName"]}
          error={mistaken["recipientName"]}
        />
        <PlainField
          name="recipientKana"
          label={say("checkout.kana")}
          value={typed["recipientKana"]}
          error={mistaken["recipientKana"]}
        />
        <TheirAddress typed={typed} mistaken={mistaken} />
        <Field
          name="recipientPhone"
          label={say("checkout.theirPhone")}
          type="tel"
          maxLength={40}
          value={typed["recipientPhone"]}
          error={mistaken["recipientPhone"]}
        />
        <Field
          name="from"
          label={say("checkout.from")}
          hint={say("checkout.fromHint")}
          maxLength={120}
          value={typed["from"]}
          error={mistaken["from"]}
        />
        <Field
          name="greeting"
          label={say("checkout.greeting")}
          long
          maxLength={400}
          value={typed["greeting"]}
          error={mistaken["greeting"]}
        />
      </div>
    </>
  );
}

interface TypedProps {
  typed: Typed;
  mistaken: Mistaken;
}

function Buyer({ typed, mistaken }: TypedProps) {
  const say = useShopWords();
  const said = (name: string) => ({ name, value: typed[name], error: mistaken[name] });
  return (
    <div class="sheet">
      <h2>{say("checkout.you")}</h2>
      <Field label={say("checkout.name")} required maxLength={120} autocomplete="name" {...said("name")} />
      <Field label={say("checkout.kana")} maxLength={120} {...said("kana")} />
      <AddressFields
        address={{
          label: say("checkout.address"),
          required: true,
          long: true,
          maxLength: 300,
          autocomplete: "street-address",
          ...said("address"),
        }}
        error={mistaken["postcode"]}
      />
      <p class="soft small">{say("checkout.reach")}</p>
      <Field
        label={say("checkout.email")}
        inputMode="email"
        maxLength={254}
        autocomplete="email"
        {...said("email")}
      />
      <Field label={say("checkout.phone")} type="tel" maxLength={40} autocomplete="tel" {...said("phone")} />
      <Receiver typed={typed} mistaken={mistaken} />
    </div>
  );
}

type TillView = Pick<Till, "id" | "label">;

/** Where the money is to be frozen; no question where there is one place only. */
function Tills({ tills, typed, mistaken }: TypedProps & { tills: readonly TillView[] }) {
  const say = useShopWords();
  const lang = useLanguage();
  if (tills.length === 1) return null;
  const chosen = tills.find(({ id }) => id === typed["till"]) ?? tills[0];
  const error = mistaken["till"];
  return (
    <fieldset class="choices" id="till">
      <legend>{say("checkout.till")}</legend>
      {error === undefined ? null : <p class="error">{error(lang)}</p>}
      {tills.map(({ id, label }) => (
        <Choice key={id} name="till" value={id} id={`till-${id}`} checked={id === chosen?.id} required>
          <Name>{labelIn(label, lang)}</Name>
        </Choice>
      ))}
    </fieldset>
  );
}

function Payment({ tills, typed, mistaken }: TypedProps & { tills: readonly TillView[] }) {
  const say = useShopWords();
  return (
    <div class="sheet">
      <h2>{say("checkout.payment")}</h2>
      <p>{say("checkout.paymentLead")}</p>
      <Tills tills={tills} typed={typed} mistaken={mistaken} />
      <Field
        name="member"
        label={say("checkout.member")}
        hint={say("checkout.memberHint")}
        inputMode="numeric"
        maxLength={20}
        value={typed["member"]}
        error={mistaken["member"]}
      />
      <Field
        name="reserved"
        label={say("checkout.reserved")}
        hint={say("checkout.reservedHint")}
        inputMode="numeric"
        maxLength={40}
        value={typed["reserved"]}
        error={mistaken["reserved"]}
      />
      <Choice
        type="checkbox"
        name="shopMayAccept"
        value="yes"
        id="shopMayAccept"
        checked={typed["shopMayAccept"] === "yes"}
        under={say("checkout.shopMayAcceptUnder")}
      >
        {say("checkout.shopMayAccept")}
      </Choice>
    </div>
  );
}

export interface WelcomeProps {
  frame: Frame;
  till: TillView;
  disclosure: string;
  once: string;
}

/** Whoever has opened this address may have been sent here by somebody else: nothing is read before they press. */
export function WelcomePage({ frame, till, disclosure, once }: WelcomeProps) {
  const say = useShopWords();
  const from = labelIn(till.label, useLanguage());
  return (
    <ShopPage frame={frame} title={say("welcome.title")} narrow>
      <h1>{say("welcome.title")}</h1>
      <p class="lead">
        <ShopSay k="welcome.lead" from={<Name>{from}</Name>} />
      </p>
      <Form action={welcomePath} once={once} id="welcome-form">
        <input type="hidden" name="till" value={till.id} />
        <input type="hidden" name="disclosure" value={disclosure} />
        <Button id="fill-in" wide>
          {say("welcome.fill")}
        </Button>
      </Form>
      <p>
        <LinkButton href="/" id="type-myself" look="quiet">
          {say("welcome.myself")}
        </LinkButton>
      </p>
    </ShopPage>
  );
}

/** From where what stands in the form has come. */
function FilledIn({ from }: { from: Label | undefined }) {
  const say = useShopWords();
  const lang = useLanguage();
  if (from === undefined) return null;
  return (
    <Notice tone="care" id="filled-in" title={say("checkout.filled")}>
      <p>
        <ShopSay k="checkout.filledFrom" from={<Name>{labelIn(from, lang)}</Name>} />
      </p>
    </Notice>
  );
}

export interface CheckoutProps {
  /** The label of the server from which what is typed in the form already has come. */
  filledFrom?: Label | undefined;
  frame: Frame;
  lines: CartLine[];
  /** The customer has entered the shop's voucher. */
  withVoucher: boolean;
  tills: readonly TillView[];
  once: string;
  typed?: Typed;
  mistaken?: Mistaken;
}

export function CheckoutPage(props: CheckoutProps) {
  const { frame, lines, withVoucher, tills, once, typed = {}, mistaken = {}, filledFrom } = props;
  const say = useShopWords();
  return (
    <ShopPage frame={frame} title={say("checkout.title")} here="cart" narrow>
      <h1>{say("checkout.title")}</h1>
      <Mistakes errors={mistaken} />
      <FilledIn from={filledFrom} />
      <Form action="/orders" once={once} id="order-form">
        <Buyer typed={typed} mistaken={mistaken} />
        <Payment tills={tills} typed={typed} mistaken={mistaken} />
        <div class="sheet">
          <ul class="lines">
            {lines.map(({ id, name, quantity, price, currency }) => (
              <li key={id} class="spread">
                <span>
                  <ShopSay k="goods.countOf" count={quantity} name={<Name>{name}</Name>} />
                </span>
                <Amount amount={price * BigInt(quantity)} currency={currency} />
              </li>
            ))}
          </ul>
          <Sum lines={lines} withVoucher={withVoucher} />
          <Button id="order" wide>
            {say("checkout.order")}
          </Button>
        </div>
      </Form>
    </ShopPage>
  );
}
