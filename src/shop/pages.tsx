/** The pages that customers see. */
import {
  Amount,
  Button,
  Choice,
  Empty,
  Field,
  Form,
  LinkButton,
  Mistakes,
  Name,
  Page,
  type PageProps,
} from "../terminals/terminals.ts";
import type { Mistaken } from "./forms.ts";
import { pictureOf, shopStyles } from "./goods.ts";
import { linesOfCart, shipping } from "./orders.ts";
import type { CartLine, Product } from "./store.ts";

/** What every page of the shop needs to know. */
export interface Frame {
  shop: string;
  timeZone: string;
  /** Pieces in the cart. */
  pieces: number;
  /** Whether the staff are signed in and this is one of their pages. */
  staff?: boolean;
}

interface ShopPageProps {
  frame: Frame;
  title: string;
  here?: "goods" | "cart" | "orders";
  narrow?: boolean;
  children: PageProps["children"];
}

export function ShopPage({ frame, title, here, narrow = false, children }: ShopPageProps) {
  const { shop, timeZone, pieces, staff = false } = frame;
  const navigation = staff
    ? [{ href: "/staff", text: "Orders", current: here === "orders" }]
    : [
        { href: "/", text: "Goods", current: here === "goods" },
        { href: "/orders", text: "Your orders", current: here === "orders" },
        { href: "/cart", text: pieces === 0 ? "Cart" : `Cart (${pieces})`, current: here === "cart" },
      ];
  const foot = "Your money is frozen when you order, and we are paid when you have accepted the goods.";
  return (
    <Page
      title={title}
      timeZone={timeZone}
      site={{ name: shop, home: staff ? "/staff" : "/", ...(staff ? {} : { foot }) }}
      navigation={navigation}
      signedIn={staff ? { name: "staff", signOut: "/staff/sign-out" } : undefined}
      narrow={narrow}
    >
      <link rel="stylesheet" href={shopStyles.path} />
      <div class="stack-l">{children}</div>
    </Page>
  );
}

export function CataloguePage({ frame, goods }: { frame: Frame; goods: Product[] }) {
  return (
    <ShopPage frame={frame} title="Goods" here="goods">
      <h1>{frame.shop}</h1>
      <p class="lead">
        Things for the table and the way home. You pay when you have them in your hands and have accepted
        them.
      </p>
      <ul class="goods">
        {goods.map(({ id, name, price, currency }) => (
          <li key={id}>
            <div class="sheet" id={`goods-${id}`}>
              <img class="picture" src={pictureOf(id)} alt="" width="320" height="240" />
              <div class="words">
                <h2>
                  <a href={`/products/${id}`}>{name}</a>
                </h2>
                <Amount amount={price} currency={currency} />
              </div>
            </div>
          </li>
        ))}
      </ul>
    </ShopPage>
  );
}

export function ProductPage({ frame, product }: { frame: Frame; product: Product }) {
  const { id, name, description, price, currency } = product;
  return (
    <ShopPage frame={frame} title={name} here="goods">
      <a class="back" href="/">
        ← All goods
      </a>
      <div class="split">
        <div class="sheet">
          <img class="picture" src={pictureOf(id)} alt="" width="320" height="240" />
        </div>
        <div class="stack-l">
          <h1>{name}</h1>
          <p>{description}</p>
          <p>
            <span class="big">
              <Amount amount={price} currency={currency} />
            </span>
            <span class="soft small">
              Tax included. Sending costs <Amount amount={shipping.amount} currency="JPY" />, nothing from{" "}
              <Amount amount={shipping.freeFrom} currency="JPY" /> on.
            </span>
          </p>
          <Form action="/cart/add" id="add-form">
            <input type="hidden" name="product" value={id} />
            <Field name="quantity" label="Pieces" type="number" value={1} min={1} max={99} short required />
            <Button id="add" wide>
              Put into the cart
            </Button>
          </Form>
        </div>
      </div>
    </ShopPage>
  );
}

function CartRow({ line }: { line: CartLine }) {
  const { id, name, price, currency, quantity } = line;
  return (
    <li id={`line-${id}`}>
      <img src={pictureOf(id)} alt="" width="80" height="60" />
      <div class="spread">
        <a href={`/products/${id}`}>{name}</a>
        <Amount amount={price * BigInt(quantity)} currency={currency} />
      </div>
      <div class="row">
        <Form action="/cart/change" id={`change-${id}`}>
          <input type="hidden" name="product" value={id} />
          <Field
            id={`quantity-${id}`}
            name="quantity"
            label={`Pieces of ${name}`}
            type="number"
            value={quantity}
            min={0}
            max={99}
            short
            required
          />
          <Button look="quiet">Change</Button>
        </Form>
        <Form action="/cart/remove" id={`remove-${id}`}>
          <input type="hidden" name="product" value={id} />
          <Button look="quiet">Remove</Button>
        </Form>
      </div>
    </li>
  );
}

/** What a cart comes to, line by line under it. */
function Sum({ lines }: { lines: CartLine[] }) {
  const { lines: all, total } = linesOfCart(lines);
  const currency = lines[0]?.currency ?? "JPY";
  const sending = all.find(({ name }) => name === "Shipping");
  return (
    <>
      <p class="spread">
        <span>Sending</span>
        {sending === undefined ? "free" : <Amount amount={sending.unitAmount} currency={currency} />}
      </p>
      <p class="spread total">
        <span>Total, tax included</span>
        <span id="total">
          <Amount amount={total} currency={currency} />
        </span>
      </p>
    </>
  );
}

export function CartPage({ frame, lines }: { frame: Frame; lines: CartLine[] }) {
  return (
    <ShopPage frame={frame} title="Cart" here="cart" narrow>
      <h1>Cart</h1>
      {lines.length === 0 ? (
        <Empty title="Nothing is in your cart yet.">
          <p>
            <a href="/">Look at the goods</a>
          </p>
        </Empty>
      ) : (
        <div class="sheet">
          <ul class="cart">
            {lines.map((line) => (
              <CartRow key={line.id} line={line} />
            ))}
          </ul>
          <Sum lines={lines} />
          <p class="row">
            <LinkButton href="/checkout" id="checkout">
              Order
            </LinkButton>
            <a href="/">Go on looking</a>
          </p>
        </div>
      )}
    </ShopPage>
  );
}

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

function Payment({ typed, mistaken }: TypedProps) {
  return (
    <div class="sheet">
      <h2>Payment</h2>
      <p>
        You choose how to pay on the next page, at the institution that keeps your money safe. It is frozen
        there, and we get it when the goods have been accepted.
      </p>
      <Field
        name="member"
        label="Your member number there"
        hint="If you have one at hand. You can also give it on the next page, or go on as a guest."
        inputMode="numeric"
        maxLength={20}
        value={typed["member"]}
        error={mistaken["member"]}
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

export interface CheckoutProps {
  frame: Frame;
  lines: CartLine[];
  once: string;
  typed?: Typed;
  mistaken?: Mistaken;
}

export function CheckoutPage({ frame, lines, once, typed = {}, mistaken = {} }: CheckoutProps) {
  return (
    <ShopPage frame={frame} title="Order" here="cart" narrow>
      <h1>Order</h1>
      <Mistakes errors={mistaken} />
      <Form action="/orders" once={once} id="order-form">
        <Buyer typed={typed} mistaken={mistaken} />
        <Payment typed={typed} mistaken={mistaken} />
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
          <Sum lines={lines} />
          <Button id="order" wide>
            Order, and go on to payment
          </Button>
        </div>
      </Form>
    </ShopPage>
  );
}
