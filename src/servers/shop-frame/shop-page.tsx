/** What the shop's pages are given, the frame in which they stand, how one is sent, and the page that says what went wrong. */
import type { FastifyReply } from "fastify";
import type { ComponentType } from "preact";
import { type Problem, problem as problemOf, problemCodes } from "../../core/protocol/protocol.ts";
import type { Cookies } from "../../edge/http/http.ts";
import {
  Amount,
  LinkButton,
  Moment,
  Notice,
  Page,
  type PageProps,
  render,
  StateBadge,
  titleOf,
  useLanguage,
  detailOf,
} from "../../edge/parts/parts.ts";
import { readerOf, type Language } from "../../edge/words/words.ts";
import { type Order, type OrderContext, tillOf, type Call } from "../shop-orders/shop-orders.ts";
import { ShopSay, type ShopWordKey, useShopWords } from "../shop-words/shop-words.ts";
import type { Role } from "../shop-staff/shop-staff.ts";
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
  /** What whoever of the staff reads it may do: everything where it is left out. */
  role?: Role;
  /** Whether it is about an order for which a guarantor stands. */
  guaranteed?: boolean;
}

interface ShopPageProps {
  frame: Frame;
  title: string;
  here?: "goods" | "cart" | "orders" | "money" | "returns" | "servers" | "stores" | "team";
  narrow?: boolean;
  children: PageProps["children"];
}

/** Where the staff go besides the orders, and as what. */
const staffPlaces = [
  { place: "stores", roles: ["clerk", "manager", "owner"] },
  { place: "money", roles: ["manager", "owner"] },
  { place: "returns", roles: ["manager", "owner"] },
  { place: "servers", roles: ["owner"] },
  { place: "team", roles: ["owner"] },
] as const satisfies readonly { place: string; roles: readonly Role[] }[];

/** A page of the shop, for customers or for the staff. */
export function ShopPage({ frame, title, here, narrow = false, children }: ShopPageProps) {
  const say = useShopWords();
  const { shop, timeZone, pieces, staff = false, role = "owner", guaranteed = false } = frame;
  const cart = pieces === 0 ? say("nav.cart") : say("nav.cartWith", { pieces });
  const navigation = staff
    ? [
        { href: "/staff", text: say("nav.orders"), current: here === "orders" },
        ...staffPlaces
          .filter(({ roles }) => roles.some((each) => each === role))
          .map(({ place }) => ({
            href: `/staff/${place}`,
            text: say(`nav.${place}`),
            current: here === place,
          })),
      ]
    : [
        { href: "/", text: say("nav.goods"), current: here === "goods" },
        { href: "/orders", text: say("nav.yourOrders"), current: here === "orders" },
        { href: "/cart", text: cart, current: here === "cart" },
      ];
  return (
    <Page
      title={title}
      timeZone={timeZone}
      owner={{
        name: shop,
        home: staff ? "/staff" : "/",
        ...(staff ? {} : { foot: say(guaranteed ? "guaranteed.foot" : "foot") }),
      }}
      guaranteed={guaranteed}
      navigation={navigation}
      signedIn={staff ? { name: say("nav.staff"), signOut: "/staff/sign-out" } : undefined}
      narrow={narrow}
    >
      <link rel="stylesheet" href={shopStyles.path} />
      <div class="stack-l">{children}</div>
    </Page>
  );
}

/** What somebody can do about a problem. */
function adviceOn({ status, transient }: Problem): ShopWordKey {
  if (transient) return "problem.wait";
  if (status === 403) return "problem.role";
  return status === 404 ? "problem.look" : status === 409 ? "problem.moved" : "problem.form";
}

/** What happened, in the place of a page that could not be made. The detail of a problem is for programs. */
export function ShopProblemPage({ frame, problem }: { frame: Frame; problem: Problem }) {
  const say = useShopWords();
  const lang = useLanguage();
  const title = problem.status === 404 ? say("problem.notHere") : titleOf(problem, lang);
  return (
    <ShopPage frame={frame} title={title} narrow>
      <h1>{title}</h1>
      <Notice tone={problem.transient ? "care" : "stop"} id="problem">
        <p data-code={problem.code}>{say(adviceOn(problem))}</p>
      </Notice>
      <LinkButton href={frame.staff === true ? "/staff" : "/"}>{say("problem.back")}</LinkButton>
    </ShopPage>
  );
}

/** The time zone of an order: that of the server at which it is paid. Where there is none, that of the first one. */
export function zoneOf(shop: Shop, order?: Pick<Order, "till">): Promise<string> {
  const till = (order && tillOf(shop, order)) ?? shop.tills[0];
  return till?.timeZone() ?? Promise.resolve("UTC");
}

/** Whether a guarantor stands for an order. */
export const isGuaranteed = (order?: Pick<Order, "view">): boolean =>
  order?.view?.payment?.on === "collection";

/** The configuration of a page and of a form that anyone may use. */
export const openPage = { access: ["anyone"], page: true } as const;
export const openForm = { ...openPage, form: true } as const;

/** Answers with a page, in the language of who reads it. */
export function sendPage<Props extends object>(
  reply: FastifyReply,
  page: ComponentType<Props>,
  props: NoInfer<Props>,
  status = 200,
): FastifyReply {
  const html = render(page, props, readerOf(reply.request));
  return reply.code(status).type("text/html; charset=utf-8").send(html);
}

/** Why a call was refused: the institution's own words where they are for people, else what the refusal is called. */
function whyOf({ code, detail }: Call, lang: Language): string | null {
  const known = problemCodes.find((each) => each === code);
  if (known === undefined) return (lang === "en" ? detail : null) ?? code;
  const refused = problemOf(known, detail ?? undefined);
  return detailOf(refused, lang) ?? titleOf(refused, lang);
}

/** What has been told to the institution, as far as the reader should know of it. */
export function Telling({ calls }: { calls: Call[] }) {
  const say = useShopWords();
  const lang = useLanguage();
  const waiting = calls.filter(({ state }) => state === "waiting");
  const last = calls.at(-1);
  return (
    <>
      {waiting.length === 0 ? null : (
        <Notice tone="hold" id="waiting" title={say("told.waiting")}>
          <p>
            {say("told.once", { what: waiting.map(({ call }) => say(`call.${call}`)).join(say("comma")) })}
          </p>
        </Notice>
      )}
      {last?.state === "refused" ? (
        <Notice tone="care" id="refused" title={say("told.refused", { what: say(`call.${last.call}`) })}>
          <p data-code={last.code}>{whyOf(last, lang)}</p>
        </Notice>
      ) : null}
    </>
  );
}

/** An order in a list, of a customer or of the staff. */
export function OrderCard({
  order,
  href,
  waiting,
  due,
}: {
  order: Order;
  href: string;
  waiting: boolean;
  /** Until when something is to be done, where that is known. */
  due?: string | null;
}) {
  const { number, view, currency, placedAt } = order;
  const amount = view?.amount ?? order.amount;
  const say = useShopWords();
  return (
    <li>
      <a class="sheet card" href={href} id={`order-${number}`}>
        <div class="spread">
          <strong>{number}</strong>
          {view === null ? (
            <span class="badge tone-calm">{say("orders.placing")}</span>
          ) : (
            <StateBadge trade={view} />
          )}
        </div>
        <div class="spread soft">
          <Moment at={placedAt.toISOString()} />
          <Amount amount={amount} currency={currency} />
        </div>
        {due == null ? null : (
          <p class="small">
            <ShopSay k="orders.until" at={<Moment at={due} />} />
          </p>
        )}
        {waiting ? <p class="small">{say("orders.told")}</p> : null}
      </a>
    </li>
  );
}
