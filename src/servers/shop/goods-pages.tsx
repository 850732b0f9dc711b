/** The pages of goods and of the cart. */
import { Amount, Button, Empty, Field, Form, LinkButton } from "../../edge/parts/parts.ts";
import { type CartLine, linesOfCart, type Product, shipping, voucher } from "../shop-orders/shop-orders.ts";
import { ShopSay, useShopWords } from "../shop-words/shop-words.ts";
import { type Frame, ShopPage, pictureOf } from "../shop-frame/shop-frame.ts";

export function CataloguePage({ frame, goods }: { frame: Frame; goods: Product[] }) {
  const say = useShopWords();
  return (
    <ShopPage frame={frame} title={say("goods.title")} here="goods">
      <h1>{frame.shop}</h1>
      <p class="lead">{say("goods.lead")}</p>
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
  const say = useShopWords();
  return (
    <ShopPage frame={frame} title={name} here="goods">
      <a class="back" href="/">
        {say("goods.all")}
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
              <ShopSay
                k="goods.price"
                sending={<Amount amount={shipping.amount} currency="JPY" />}
                free={<Amount amount={shipping.freeFrom} currency="JPY" />}
              />
            </span>
          </p>
          <Form action="/cart/add" id="add-form">
            <input type="hidden" name="product" value={id} />
            <Field
              name="quantity"
              label={say("goods.pieces")}
              type="number"
              value={1}
              min={1}
              max={99}
              short
              required
            />
            <Button id="add" wide>
              {say("goods.add")}
            </Button>
          </Form>
        </div>
      </div>
    </ShopPage>
  );
}

function CartRow({ line }: { line: CartLine }) {
  const { id, name, price, currency, quantity } = line;
  const say = useShopWords();
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
            label={say("cart.piecesOf", { name })}
            type="number"
            value={quantity}
            min={0}
            max={99}
            short
            required
          />
          <Button look="quiet">{say("cart.change")}</Button>
        </Form>
        <Form action="/cart/remove" id={`remove-${id}`}>
          <input type="hidden" name="product" value={id} />
          <Button look="quiet">{say("cart.remove")}</Button>
        </Form>
      </div>
    </li>
  );
}

/** What comes with the goods of a cart, and what it comes to: all that the customer adds up. */
export function Sum({ lines, withVoucher }: { lines: CartLine[]; withVoucher: boolean }) {
  const say = useShopWords();
  const { lines: all, total } = linesOfCart(lines, withVoucher, say);
  const currency = lines[0]?.currency ?? "JPY";
  const sending = all.find(({ kind }) => kind === "shipping");
  const more = all.slice(lines.length).filter(({ kind }) => kind !== "shipping");
  return (
    <>
      {more.map(({ id, name, unitAmount }) => (
        <p key={id} class="spread" id={`more-${id}`}>
          <span>{name}</span>
          <Amount amount={unitAmount} currency={currency} />
        </p>
      ))}
      <p class="spread">
        <span>{say("cart.sending")}</span>
        {sending === undefined ? (
          say("cart.free")
        ) : (
          <Amount amount={sending.unitAmount} currency={currency} />
        )}
      </p>
      <p class="spread total">
        <span>{say("cart.total")}</span>
        <span id="total">
          <Amount amount={total} currency={currency} />
        </span>
      </p>
    </>
  );
}

function Voucher({ entered }: { entered: boolean }) {
  const say = useShopWords();
  return (
    <Form action="/cart/voucher" id="voucher-form">
      <div class="find">
        <Field
          name="voucher"
          label={say("cart.voucher")}
          hint={say("cart.voucherHint", { word: voucher.word })}
          maxLength={40}
          value={entered ? voucher.word : undefined}
        />
        <Button look="quiet" id="enter-voucher">
          {say("cart.enter")}
        </Button>
      </div>
    </Form>
  );
}

interface CartProps {
  frame: Frame;
  lines: CartLine[];
  withVoucher: boolean;
}

export function CartPage({ frame, lines, withVoucher }: CartProps) {
  const say = useShopWords();
  return (
    <ShopPage frame={frame} title={say("cart.title")} here="cart" narrow>
      <h1>{say("cart.title")}</h1>
      {lines.length === 0 ? (
        <Empty title={say("cart.empty")}>
          <p>
            <a href="/">{say("cart.look")}</a>
          </p>
        </Empty>
      ) : (
        <div class="sheet">
          <ul class="cart">
            {lines.map((line) => (
              <CartRow key={line.id} line={line} />
            ))}
          </ul>
          <Voucher entered={withVoucher} />
          <Sum lines={lines} withVoucher={withVoucher} />
          <p class="row">
            <LinkButton href="/checkout" id="checkout">
              {say("cart.order")}
            </LinkButton>
            <a href="/">{say("cart.back")}</a>
          </p>
        </div>
      )}
    </ShopPage>
  );
}
