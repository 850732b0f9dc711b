/** What a guarantee says by mail: something is to be paid at a collector, it was, or nobody paid. */
import type { PersonLanguage } from "../../storage/members/members.ts";
import type { MailKind, Reader } from "../../engines/outbox/outbox.ts";
import type { Said } from "./words.ts";

type Told = "due" | "collected" | "released" | "claimed";

export const guarantee: Record<PersonLanguage, Record<Told & MailKind, Partial<Record<Reader, Said>>>> = {
  en: {
    due: {
      buyer: {
        head: "Please pay what was accepted",
        happened:
          "Goods of your order at {shop} were accepted, and {amount} is to be paid: at a store, at a bank or to the carrier, with the trade number.",
        can: "Pay it by then. The page of the trade has a payment slip with a bar code.",
        silence: "and a week later, the shop can have the guarantor pay it, and you owe the guarantor",
      },
    },
    collected: {
      buyer: {
        head: "Your payment has come in",
        happened: "You have paid {amount} for your order at {shop}, and the shop has it.",
        can: "If this was not you, tell an operator at once.",
      },
      shop: {
        head: "You were paid",
        happened: "{amount} was paid for this order at a collector, and stands in your account there.",
        can: "End the guarantee: the buyer's credit line is free again then. The clock does it in three days.",
      },
    },
    released: {
      buyer: {
        head: "Your credit line is free again",
        happened:
          "The guarantee for your order at {shop} is over: {amount} of your credit line is free again.",
      },
    },
    claimed: {
      buyer: {
        head: "The guarantor has paid for you",
        happened:
          "What you accepted of your order at {shop} was not paid in time. The guarantor has paid the shop.",
        can: "Pay it to the guarantor: you owe it now.",
      },
      shop: {
        head: "The guarantor has paid you",
        happened: "What was accepted was not paid in time, and the guarantor has paid it.",
      },
    },
  },
  ja: {
    due: {
      buyer: {
        head: "検収された分をお支払いください",
        happened:
          "{shop}でのご注文の商品が検収されました。コンビニエンスストア・銀行・配送業者などの収納窓口で、取引番号を示して{amount}をお支払いください。",
        can: "期日までにお支払いください。取引のページから、バーコード付きの払込票を印刷できます。",
        silence:
          "さらに一週間を過ぎると、店舗は信用保証機関に支払いを求めることができ、お客様は信用保証機関に対して債務を負います",
      },
    },
    collected: {
      buyer: {
        head: "お支払いを確認しました",
        happened: "{shop}でのご注文の代金{amount}のお支払いを確認し、店舗に入金しました。",
        can: "お心当たりがない場合は、すぐにオペレーターへご連絡ください。",
      },
      shop: {
        head: "支払われました",
        happened: "この注文の代金{amount}が収納窓口で支払われ、収納機関にある口座に入金されました。",
        can: "信用保証を解除してください。購入者の与信枠が元に戻ります。三日後には自動で解除されます。",
      },
    },
    released: {
      buyer: {
        head: "与信枠が元に戻りました",
        happened: "{shop}でのご注文についての信用保証が終わり、{amount}の与信枠が元に戻りました。",
      },
    },
    claimed: {
      buyer: {
        head: "信用保証機関が代わりに支払いました",
        happened:
          "{shop}でのご注文のうち検収した分が期限までに支払われず、信用保証機関が店舗に支払いました。",
        can: "信用保証機関にお支払いください。お客様の債務となっています。",
      },
      shop: {
        head: "信用保証機関からお支払いしました",
        happened: "検収された分が期限までに支払われなかったため、信用保証機関が支払いました。",
      },
    },
  },
};
