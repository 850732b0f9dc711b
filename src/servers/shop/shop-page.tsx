/** What the shop's pages are given, the frame in which they stand, how one is sent, and the page that says what went wrong. */
import type { FastifyReply } from "fastify";
import type { Problem } from "../../core/protocol/protocol.ts";
import type { Cookies } from "../../edge/http/http.ts";
import { LinkButton, Notice, Page, type PageProps, renderPage } from "../../edge/parts/parts.ts";
import { type Order, type OrderContext, tillOf } from "../shop-orders/shop-orders.ts";
import { shopStyles } from "./goods-pictures.ts";

/** What the shop's pages are given. */
export interface Shop extends OrderContext {
  name: string;
  /** Where it is reached, without a slash at the end. */
  publicUrl: string;
  cookies: Cookies;
  /** SHA-256 of the staff's password; what was typed is compared with it in constant time. */
  staffPassword: Buffer;
}

/** What every page of the shop needs to know. */
export interface Frame {
  shop: string;
  /** IANA name of the zone in which times are told: that of the server at which the order is paid. */
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

/** A page of the shop, for customers or for the staff. */
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
      owner={{ name: shop, home: staff ? "/staff" : "/", ...(staff ? {} : { foot }) }}
      navigation={navigation}
      signedIn={staff ? { name: "staff", signOut: "/staff/sign-out" } : undefined}
      narrow={narrow}
    >
      <link rel="stylesheet" href={shopStyles.path} />
      <div class="stack-l">{children}</div>
    </Page>
  );
}

/** What happened, in the place of a page that could not be made. */
export function ShopProblemPage({ frame, problem }: { frame: Frame; problem: Problem }) {
  const title = problem.status === 404 ? "This page is not here" : problem.title;
  return (
    <ShopPage frame={frame} title={title} narrow>
      <h1>{title}</h1>
      <Notice tone={problem.transient ? "care" : "stop"} id="problem">
        <p data-code={problem.code}>{problem.detail}</p>
      </Notice>
      <LinkButton href={frame.staff === true ? "/staff" : "/"}>Back to the beginning</LinkButton>
    </ShopPage>
  );
}

/** The time zone of an order: that of the server at which it is paid. Where there is none, that of the first one. */
export function zoneOf(shop: Shop, order?: Pick<Order, "till">): Promise<string> {
  const till = (order && tillOf(shop, order)) ?? shop.tills[0];
  return till?.timeZone() ?? Promise.resolve("UTC");
}

/** The configuration of a page and of a form that anyone may use. */
export const openPage = { access: ["anyone"], page: true } as const;
export const openForm = { ...openPage, form: true } as const;

/** Answers with a page. */
export function sendPage(
  reply: FastifyReply,
  vnode: Parameters<typeof renderPage>[0],
  status = 200,
): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(renderPage(vnode));
}
