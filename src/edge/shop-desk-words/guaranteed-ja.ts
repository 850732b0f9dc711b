/** What is said at a guarantor instead, where the buyer's credit line is taken and nothing is frozen. */
import type { guaranteed as english } from "./guaranteed-en.ts";

export const guaranteed: Record<keyof typeof english, string> = {
  "guaranteed.shopStand.refused":
    "信用保証を受けられませんでした。発送しないでください。購入者は、ほかの支払方法を選ぶことができます。",
  "guaranteed.shopStand.reserved": "信用保証機関が代金を保証しています。発送してください。",
  "guaranteed.shopStand.look":
    "信用保証機関が代金を保証しています。購入者は{until}まで注文を確かめることができます。それ以降、または購入者が自分の注文であると認めしだい、発送できます。",
  "guaranteed.shopStand.rejected": "拒否された分の処理が終わりました。信用保証は残っていません。",
  "guaranteed.shopStand.toSend":
    "拒否された商品があります。購入者が返送します。貴店に届くまで、信用保証機関が代金を保証します。",
  "guaranteed.shopSure.free": "信用保証が解除され、購入者が支払わなくてよい金額",
  "guaranteed.shopForm.offerHint":
    "保証されていて検収されていない額は{rest}です。購入者は、解決案を受け入れることも、断ることもできます。",
  "guaranteed.shopForm.offerPayHint": "残りは、購入者が支払う必要はありません。",
  "guaranteed.shopForm.cancelWhole":
    "検収されていない代金は、配達済みの商品の分も含めて、購入者が支払う必要はなくなります。",
  "guaranteed.shopForm.cancelHint":
    "発送しない、または配送中に失われた数量を入力してください。その代金は、購入者が支払う必要はなくなります。",
  "guaranteed.shopDo.extend": "その日まで信用保証を延長する",
  "guaranteed.shopStanding.frozen": "同時に保証される額の上限",
};
