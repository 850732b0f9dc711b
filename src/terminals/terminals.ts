/** Pages for people: data in, HTML out. Nothing here asks a server, keeps anything, or runs in the browser. */
export {
  ApprovalPage,
  type ApprovalProps,
  type Approver,
  type MethodView,
  otherAcceptors,
} from "./approval.tsx";
export {
  AccountsPage,
  type AccountView,
  type EntryView,
  type EntryKind,
  MandatesPage,
  type MandateView,
  StatementPage,
  type StatementProps,
} from "./holdings.tsx";
export { type NavigationItem, Page, type PageProps, render, renderPage, Seal } from "./layout.tsx";
export { JoinPage, type JoinProps, WelcomePage, type WelcomeProps } from "./membership.tsx";
export {
  Button,
  type ButtonProps,
  Choice,
  type ChoiceProps,
  Empty,
  Field,
  type FieldProps,
  Form,
  LinkButton,
  Mistakes,
  MoneyBar,
  type MoneyBarProps,
  Notice,
  StateBadge,
} from "./parts.tsx";
export { type Asset, assets, contentSecurityPolicy } from "./style.ts";
export { Amount, Day, Moment, Name, Say, TradeNumber } from "./reading.tsx";
export { type Attempt, type Frame, HomePage, ProblemPage, SignInPage, type SignInProps } from "./site.tsx";
export { type ActAttempt, actsOffered, openQuantity, type TradeAct, tradeActs } from "./trade-forms.tsx";
export { TradePage, type TradePageProps, TradesPage } from "./trade-page.tsx";
export { EventList, Lines, Steps, TradeFacts } from "./trade-parts.tsx";
export { type Language, sentence } from "./words.ts";
