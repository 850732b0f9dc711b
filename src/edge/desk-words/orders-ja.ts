/** The same in Japanese. */
import type { orders as english } from "./orders-en.ts";

export const orders: Record<keyof typeof english, string> = {
  "deskOrder.open": "この会員の注文を受け付ける",
  "deskOrder.title": "お客様に代わって注文する",
  "deskOrder.who":
    "会員番号とお名前を伺い、ここに表示されている内容と照らし合わせます。こちらからは内容をお伝えしないでください。",
  "deskOrder.ask":
    "どの店舗の、どの商品を、いくつ、いくらで注文されますか。または、店舗のためにいくら予約されますか。お支払いの方法とお届け先を伺います。",
  "deskOrder.what": "注文の内容",
  "deskOrder.shopHint": "登録されている店舗の名前、または当サーバーでの番号を入力します。",
  "deskOrder.line": "商品{n}",
  "deskOrder.name": "商品名",
  "deskOrder.quantity": "数量",
  "deskOrder.price": "単価",
  "deskOrder.amount": "または、予約する金額",
  "deskOrder.amountHint": "商品を入力しない場合です。店舗が後からこの番号で注文を登録します。",
  "deskOrder.notBoth": "商品と金額は、どちらか一方だけを入力してください。",
  "deskOrder.usualDay": "通常どおり",
  "deskOrder.onDay": "日を指定する",
  "deskOrder.day": "支払日",
  "deskOrder.recipient": "お届け先のお名前",
  "deskOrder.recipientHint": "ご本人以外に届ける場合に入力します。",
  "deskOrder.address": "ご住所",
  "deskOrder.orders": "注文を受け付けます。代金は、商品が届いて検収されるまで凍結されます。",
  "deskOrder.reserves": "店舗のために金額を予約します。注文の商品が届いて検収されるまで凍結されます。",
  "deskOrder.submit": "注文する",
};
