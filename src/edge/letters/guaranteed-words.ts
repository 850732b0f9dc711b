/**
 * What mails say of a trade for which a guarantor stands: nothing of the buyer's is frozen there, but a part of their credit line
 * is reserved, and they pay after acceptance. Only what is said otherwise than where money is frozen.
 */
import type { PersonLanguage } from "../../storage/members/members.ts";
import type { MailKind, Reader } from "../../engines/outbox/outbox.ts";
import type { Said } from "./words.ts";

type Otherwise = Partial<Record<MailKind, Partial<Record<Reader, Said>>>>;

const en: Otherwise = {
  frozen: {
    buyer: {
      head: "Your order is guaranteed",
      happened:
        "{amount} of your credit line is reserved for your order at {shop}. You have paid nothing, and pay after you have accepted.",
      can: "Nothing for now. You will be told when the goods are sent. Until then you can cancel.",
      silence: "if the shop has sent nothing by then, your credit line is free again",
    },
    shop: {
      head: "Payment is guaranteed: you can ship",
      happened: "The guarantor stands for {amount} of this order.",
      can: "Send the goods and report it, with the number of the parcel.",
      silence: "the order ends, and the guarantee with it",
    },
  },
  "arrived?": {
    buyer: {
      head: "Did your goods arrive?",
      happened:
        "The goods of your order at {shop} should be there by now, and nobody but the shop has said so.",
      can: "If they are there, accept or reject them. If they never came, say so.",
      silence: "the guarantee stays, and an operator looks at the case",
      always: "Your silence alone makes nothing due: the guarantee stays.",
    },
  },
  "reservation soon": {
    buyer: {
      head: "Your order will not be guaranteed for much longer",
      happened: "The time for which your credit line is reserved for the order at {shop} is running out.",
      can: "If you still want the goods, you can give the shop more time.",
      silence:
        "what was not sent ends and your credit line is free again; what is under way goes to an operator",
    },
    shop: {
      head: "The order will not be guaranteed for much longer",
      happened: "The time for which the guarantor stands for this order is running out.",
      can: "Send what is left, or ask the buyer for more time.",
      silence: "what was not sent ends, and the guarantee for it; what is under way goes to an operator",
    },
  },
  ordered: {
    buyer: {
      head: "Please look at the order that the shop has entered",
      happened:
        "{shop} has put its order under the number for which you had reserved an amount. {amount} stays reserved for it, and the rest is free.",
      can: "Look at it. If it is yours, say so, and the shop can send it at once. If it is not, cancel it: within a day nothing can be sent without your word.",
    },
  },
};

const ja: Otherwise = {
  frozen: {
    buyer: {
      head: "ご注文の信用保証が成立しました",
      happened:
        "{shop}でのご注文のために、与信枠から{amount}を確保しました。まだお支払いいただくものはありません。お支払いは検収の後です。",
      can: "今は何もする必要はありません。発送されたらお知らせします。発送までは取り消せます。",
      silence: "それまでに店舗が何も発送しなければ、与信枠は元に戻ります",
    },
    shop: {
      head: "代金が保証されました。発送できます",
      happened: "この注文の{amount}を、信用保証機関が保証しています。",
      can: "商品を発送し、荷物の番号とともに登録してください。",
      silence: "注文は終了し、信用保証も終わります",
    },
  },
  "arrived?": {
    buyer: {
      head: "商品は届きましたか",
      happened:
        "{shop}でのご注文の商品は届いているはずですが、店舗以外の誰からも届いたとの報告がありません。",
      can: "届いていれば、検収するか拒否してください。届いていなければ、そうお知らせください。",
      silence: "信用保証は続いたまま、オペレーターが確認します",
      always: "お返事がないだけで請求されることはありません。信用保証は続いています。",
    },
  },
  "reservation soon": {
    buyer: {
      head: "信用保証の期間がまもなく終わります",
      happened: "{shop}でのご注文のために与信枠を確保している期間が、まもなく終わります。",
      can: "商品をご希望の場合は、店舗のために期限を延ばせます。",
      silence: "発送されていない分は終了して与信枠が元に戻り、配送中の分はオペレーターが扱います",
    },
    shop: {
      head: "信用保証の期間がまもなく終わります",
      happened: "この注文を信用保証機関が保証している期間が、まもなく終わります。",
      can: "残りを発送するか、購入者に期限の延長を求めてください。",
      silence: "発送されていない分は信用保証とともに終了し、配送中の分はオペレーターが扱います",
    },
  },
  ordered: {
    buyer: {
      head: "店舗が登録した注文をご確認ください",
      happened:
        "先に予約された取引番号に、{shop}が注文を登録しました。その代金{amount}の与信枠は確保されたままで、残りは元に戻りました。",
      can: "内容をご確認ください。ご自身の注文であれば、その旨をお知らせいただくと、店舗はすぐに発送できます。お心当たりがなければ取り消してください。お知らせがない限り、1日以内に発送されることはありません。",
    },
  },
};

export const guaranteed: Record<PersonLanguage, Otherwise> = { en, ja };
