/** What the shop says otherwise of an order for which a guarantor stands. */
import type { guaranteed as english } from "./guaranteed-en.ts";

export const guaranteed: Record<keyof typeof english, string> = {
  "guaranteed.foot": "ご注文の代金は信用保証機関が保証し、お支払いは検収の後になります。",
  "guaranteed.lead.proposed":
    "ご注文を承りました。承認していただくと、信用保証機関が代金を保証し、当店から発送できるようになります。",
  "guaranteed.lead.refused": "信用保証機関は代金を保証できませんでした。ほかのお支払方法をお選びください。",
  "guaranteed.lead.reserved": "信用保証機関が代金を保証しました。発送の準備をしています。",
  "guaranteed.lead.way":
    "商品を発送しました。届いて間違いがないと確かめていただくまで、お支払いの必要はありません。",
  "guaranteed.lead.cancelled": "ご注文はキャンセルされました。お支払いの必要はありません。",
  "guaranteed.lead.rejected": "拒否された分の処理が終わりました。その分のお支払いの必要はありません。",
  "guaranteed.lead.toSend":
    "商品に問題があり、申し訳ございません。ご返送をお願いいたします。その間、その分のお支払いの必要はありません。",
  "guaranteed.lead.looking":
    "届いていない商品について確認しています。その間、その分のお支払いの必要はありません。",
  "guaranteed.lead.expired": "期限が過ぎました。お支払いの必要はありません。",
  "guaranteed.order.cancelSure":
    "ご注文をすべてキャンセルしてもよろしいですか。{amount}分の与信枠が元に戻り、商品は発送されません。",
  "guaranteed.order.cancelSureAny":
    "ご注文をすべてキャンセルしてもよろしいですか。保証はまだ始まっておらず、商品は発送されません。",
  "guaranteed.order.acceptSure":
    "当店のほかには、まだ誰も配達を報告していません。商品はお手元にありますか。検収すると{amount}のお支払いが必要になります。よろしいですか。",
  "guaranteed.order.acceptSureAny":
    "当店のほかには、まだ誰も配達を報告していません。商品はお手元にありますか。検収するとお支払いが必要になります。よろしいですか。",
  "guaranteed.order.acceptYes": "はい、手元にあります",
  "guaranteed.stand.refused":
    "信用保証機関は代金を保証できませんでした。発送しないでください。購入者は、ほかの支払方法を選ぶことができます。",
  "guaranteed.stand.reserved": "信用保証機関が代金を保証しています。発送してください。",
  "guaranteed.stand.look":
    "信用保証機関が代金を保証しています。購入者は{until}まで注文を確かめることができます。それまでは、購入者が自分の注文であると認めた場合を除き、発送しないでください。",
  "guaranteed.stand.rejected": "拒否された分の処理が終わりました。その分の保証は終了しています。",
  "guaranteed.stand.toSend":
    "拒否された商品があり、購入者が返送することになっています。その間、購入者がその分を支払う必要はありません。",
};
