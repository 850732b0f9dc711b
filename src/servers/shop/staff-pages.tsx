/** The pages that the shop's staff see. */
import {
  Amount,
  Button,
  Empty,
  Field,
  Form,
  LinkButton,
  Mistakes,
  Name,
  StateBadge,
} from "../../edge/parts/parts.ts";
import type { Mistaken } from "./shop-forms.ts";
import { Money, OrderCard, type OrderProps, Telling, TradeLink } from "./order-pages.tsx";
import { type Act, mayDo, type Order, refundable } from "../shop-orders/shop-orders.ts";
import { type Frame, ShopPage } from "./shop-page.tsx";

export function StaffSignInPage({ frame, mistaken }: { frame: Frame; mistaken?: string }) {
  return (
    <ShopPage frame={frame} title="Staff" narrow>
      <h1>Staff</h1>
      <Mistakes errors={mistaken === undefined ? {} : { password: mistaken }} />
      <div class="sheet">
        <Form action="/staff/sign-in" id="sign-in">
          <Field
            name="password"
            label="Password"
            type="password"
            required
            autocomplete="current-password"
            error={mistaken}
            maxLength={200}
          />
          <Button>Sign in</Button>
        </Form>
      </div>
    </ShopPage>
  );
}

export interface StaffOrdersProps {
  frame: Frame;
  orders: { order: Order; waiting: boolean }[];
  /** Where the next page begins. */
  next: string | null;
}

export function StaffOrdersPage({ frame, orders, next }: StaffOrdersProps) {
  return (
    <ShopPage frame={frame} title="Orders" here="orders">
      <h1>Orders</h1>
      {orders.length === 0 ? <Empty title="No orders yet." /> : null}
      <ul class="list">
        {orders.map(({ order, waiting }) => (
          <OrderCard key={order.id} order={order} href={`/staff/orders/${order.number}`} waiting={waiting} />
        ))}
      </ul>
      {next === null ? null : (
        <LinkButton href={`/staff?before=${next}`} look="quiet" id="more">
          Older orders
        </LinkButton>
      )}
    </ShopPage>
  );
}

interface ActFormProps {
  act: string;
  /** The address of the order's page. */
  order: string;
  once: string;
  label: string;
  look?: "main" | "quiet" | "stop";
  children?: Parameters<typeof Form>[0]["children"];
}

function ActForm({ act, order, once, label, look = "main", children }: ActFormProps) {
  return (
    <Form action={`${order}/${act}`} once={`${once}-${act}`} id={`${act}-form`}>
      {children}
      <Button look={look} id={act}>
        {label}
      </Button>
    </Form>
  );
}

function StaffActs({ order, calls, once, mistaken }: OrderProps & { mistaken: Mistaken }) {
  const may = (name: Act): boolean => mayDo(name, order, calls);
  const shared = { order: `/staff/orders/${order.number}`, once };
  const left = order.view === null ? 0n : refundable(order.view);
  return (
    <>
      {may("ship") ? (
        <ActForm {...shared} act="ship" label="Shipped: tell the institution">
          <Field id="ship-reference" name="reference" label="Number of the parcel" maxLength={200} />
        </ActForm>
      ) : null}
      {may("handOver") ? (
        <ActForm {...shared} act="hand-over" label="Handed over and accepted" look="quiet">
          <p class="soft small">
            The buyer lets the shop confirm acceptance. Use this only when they have taken the goods, and said
            so.
          </p>
          <Field id="hand-over-reference" name="reference" label="Receipt or signature" maxLength={200} />
        </ActForm>
      ) : null}
      {may("takeBack") ? (
        <ActForm {...shared} act="return" label="The goods are back">
          <Field id="return-reference" name="reference" label="Number of the parcel" maxLength={200} />
        </ActForm>
      ) : null}
      {may("refund") ? (
        <ActForm {...shared} act="refund" label="Pay back" look="quiet">
          <p class="soft small">
            Up to <Amount amount={left} currency={order.currency} /> can be paid back; all of it where no
            amount is given.
          </p>
          <Field
            id="refund-amount"
            name="amount"
            label="Amount"
            inputMode="decimal"
            short
            error={mistaken["amount"]}
          />
          <Field
            id="refund-reason"
            name="reason"
            label="Why"
            required
            maxLength={500}
            error={mistaken["reason"]}
          />
        </ActForm>
      ) : null}
      {may("withdraw") ? (
        <ActForm {...shared} act="cancel" label="Cancel the order" look="stop">
          <Field id="cancel-reason" name="reason" label="Why" maxLength={500} />
        </ActForm>
      ) : null}
    </>
  );
}

function Addressee({ order }: { order: Order }) {
  const { name, address, email, phone, recipient } = order;
  const reach = [email, phone].filter((one) => one !== null);
  return (
    <dl class="facts">
      <div>
        <dt>Buyer</dt>
        <dd>
          <Name>{name}</Name>, <Name>{address}</Name>
          {reach.map((one) => (
            <span key={one}>
              , <Name>{one}</Name>
            </span>
          ))}
        </dd>
      </div>
      {recipient === null ? null : (
        <div>
          <dt>Send to</dt>
          <dd>
            <Name>{recipient.name}</Name>, <Name>{recipient.address ?? address}</Name>
            {recipient.contact?.phone === undefined ? null : `, ${recipient.contact.phone}`}
          </dd>
        </div>
      )}
    </dl>
  );
}

export function StaffOrderPage(props: OrderProps & { mistaken?: Mistaken }) {
  const { frame, order, calls, tradeUrl, mistaken = {} } = props;
  return (
    <ShopPage frame={frame} title={`Order ${order.number}`} here="orders" narrow>
      <a class="back" href="/staff">
        ← All orders
      </a>
      <p class="kicker">{order.view === null ? null : <StateBadge state={order.view.state} />}</p>
      <h1>Order {order.number}</h1>
      <Telling calls={calls} />
      <div class="sheet">
        <Money {...props} />
        <TradeLink order={order} tradeUrl={tradeUrl} />
        <Addressee order={order} />
      </div>
      <div class="sheet" id="acts">
        <h2>What has happened?</h2>
        <StaffActs {...props} mistaken={mistaken} />
      </div>
    </ShopPage>
  );
}
