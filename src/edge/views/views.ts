/** Pages for people: data in, HTML out. Nothing here asks a server, keeps anything, or runs in the browser. */
export { ApprovalPage, type Approver, type MethodView, otherAcceptors } from "./approval.tsx";
export {
  AccountsPage,
  type AccountView,
  type EntryView,
  MandatesPage,
  StatementPage,
  ToldPage,
} from "./holdings.tsx";
export { Page, type PageProps, render, renderPage } from "./layout.tsx";
export { DisclosurePage, JoinPage, WelcomePage } from "./membership.tsx";
export {
  AgreePage,
  ConsentsPage,
  type InstitutionView,
  MethodsPage,
  TieEndPage,
} from "./methods.tsx";
export {
  Button,
  Choice,
  Empty,
  Field,
  Form,
  LinkButton,
  Mistakes,
  MoneyBar,
  Notice,
  StateBadge,
} from "./parts.tsx";
export { assets, contentSecurityPolicy } from "./style.ts";
export { Amount, Moment, Name, TradeNumber } from "./locale.tsx";
export {
  type Attempt,
  type Face,
  type Frame,
  GiftPage,
  HomePage,
  ProblemPage,
  SignInPage,
} from "./front-pages.tsx";
export type { ActAttempt, DoorCodeView } from "./trade-forms.tsx";
export { DeliveriesPage, type NoticeView, TradePage, TradesPage } from "./trade-page.tsx";
export {
  type Addressee,
  actsOffered,
  Lines,
  openQuantity,
  Steps,
  type TradeAct,
  tradeActs,
} from "./trade-parts.tsx";
export { sentence } from "./sentences.ts";
