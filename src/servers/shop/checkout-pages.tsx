/** The order form: who buys, who receives, where it is paid. */
import {
  Amount,
  Button,
  Choice,
  Field,
  Form,
  LinkButton,
  Mistakes,
  Name,
  Notice,
} from "../../edge/parts/parts.ts";
import { welcomePath } from "../shop-news/shop-news.ts";
import type { CartLine, Till } from "../shop-orders/shop-orders.ts";
import type { Mistaken } from "./shop-forms.ts";
import { Sum } from "./goods-pages.tsx";
import { type Frame, ShopPage } from "./shop-page.tsx";

/** What was typed into a form that is shown again. */
export type Typed = Record<string, string | undefined>;

/** A field that is needed only if another one says so, which the browser cannot check. */
function PlainField(props: {
  name: string;
  label: string;
  value: string | undefined;
  error: string | undefined;
}) {
  const { name, label, value, error } = props;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {error === undefined ? null : (
        <p class="error" id={`${name}-error`}>
          {error}
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

function Receiver({ typed, mistaken }: { typed: Typed; mistaken: Mistaken }) {
  const other = typed["receiver"] === "other";
  return (
    <>
      <fieldset class="choices" id="receiver">
        <legend>Who receives the goods?</legend>
        <Choice name="receiver" value="me" id="receiver-me" checked={!other} required>
          I do, at the address above
        </Choice>
        <Choice
          name="receiver"
          value="other"
          id="receiver-other"
          checked={other}
          under="They see neither the price nor who paid, and may accept the goods in your place."
        >
          Somebody else, as a present
        </Choice>
      </fieldset>
      <div class="other fields">
        <PlainField
          name="recipientName"
          label="Their name"
          value={typed["recipientName"]}
          error={mistaken["recipientName"]}
        />
        <Field
          name="recipientAddress"
          label="Their address"
          hint="Left empty, we send to the address above."
          long
          maxLength={300}
          value={typed["recipientAddress"]}
          error={mistaken["recipientAddress"]}
        />
        <Field
          name="recipientPhone"
          label="Their telephone"
          type="tel"
          maxLength={40}
          value={typed["recipientPhone"]}
          error={mistaken["recipientPhone"]}
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
  const said = (name: string) => ({ name, value: typed[name], error: mistaken[name] });
  return (
    <div class="sheet">
      <h2>You</h2>
      <Field label="Name" required maxLength={120} autocomplete="name" {...said("name")} />
      <Field
        label="Address"
        required
        long
        maxLength={300}
        autocomplete="street-address"
        {...said("address")}
      />
      <p class="soft small">
        Please leave an e-mail address or a telephone number, so that we can reach you.
      </p>
      <Field label="E-mail" type="email" maxLength={254} autocomplete="email" {...said("email")} />
      <Field label="Telephone" type="tel" maxLength={40} autocomplete="tel" {...said("phone")} />
      <Receiver typed={typed} mistaken={mistaken} />
    </div>
  );
}

type TillView = Pick<Till, "id" | "label">;

/** Where the money is to be frozen; no question where there is one place only. */
function Tills({ tills, typed, mistaken }: TypedProps & { tills: readonly TillView[] }) {
  if (tills.length === 1) return null;
  const chosen = tills.find(({ id }) => id === typed["till"]) ?? tills[0];
  const error = mistaken["till"];
  return (
    <fieldset class="choices" id="till">
      <legend>Where do you want to pay?</legend>
      {error === undefined ? null : <p class="error">{error}</p>}
      {tills.map(({ id, label }) => (
        <Choice key={id} name="till" value={id} id={`till-${id}`} checked={id === chosen?.id} required>
          <Name>{label}</Name>
        </Choice>
      ))}
    </fieldset>
  );
}

function Payment({ tills, typed, mistaken }: TypedProps & { tills: readonly TillView[] }) {
  return (
    <div class="sheet">
      <h2>Payment</h2>
      <p>
        You choose how to pay on the next page. Your money is frozen then, not paid, and we get it when the
        goods have been accepted.
      </p>
      <Tills tills={tills} typed={typed} mistaken={mistaken} />
      <Field
        name="member"
        label="Your member number there"
        hint="If you have one at hand. You can also give it on the next page, or go on as a guest."
        inputMode="numeric"
        maxLength={20}
        value={typed["member"]}
        error={mistaken["member"]}
      />
      <Field
        name="reserved"
        label="The number of what you have reserved for us"
        hint="If you have reserved an amount there before ordering: your order is put under that number, and you need not approve it again."
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
        under="Then one press on your order's page here is enough. You agree to it once more when you pay."
      >
        The shop may pass on my acceptance
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
  return (
    <ShopPage frame={frame} title="Welcome" narrow>
      <h1>Welcome</h1>
      <p class="lead">
        You come from <Name>{till.label}</Name>. We can fill in the order form with what you let us read
        there.
      </p>
      <Form action={welcomePath} once={once} id="welcome-form">
        <input type="hidden" name="till" value={till.id} />
        <input type="hidden" name="disclosure" value={disclosure} />
        <Button id="fill-in" wide>
          Fill in the form
        </Button>
      </Form>
      <p>
        <LinkButton href="/" id="type-myself" look="quiet">
          No, I type it myself
        </LinkButton>
      </p>
    </ShopPage>
  );
}

/** From where what stands in the form has come. */
function FilledIn({ from }: { from: string | undefined }) {
  if (from === undefined) return null;
  return (
    <Notice tone="care" id="filled-in" title="Please check your name and address">
      <p>
        We have filled them in from <Name>{from}</Name>.
      </p>
    </Notice>
  );
}

export interface CheckoutProps {
  /** The label of the server from which what is typed in the form already has come. */
  filledFrom?: string | undefined;
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
  return (
    <ShopPage frame={frame} title="Order" here="cart" narrow>
      <h1>Order</h1>
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
                  {quantity} × <Name>{name}</Name>
                </span>
                <Amount amount={price * BigInt(quantity)} currency={currency} />
              </li>
            ))}
          </ul>
          <Sum lines={lines} withVoucher={withVoucher} />
          <Button id="order" wide>
            Order, and go on to payment
          </Button>
        </div>
      </Form>
    </ShopPage>
  );
}
