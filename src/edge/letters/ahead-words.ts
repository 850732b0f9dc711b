/** What mails say of deadlines before they come, and of orders under amounts reserved before, in each language; where silence would count, the words of the language say it. */
import type { MailKind, Reader } from "../../engines/outbox/outbox.ts";
import type { PersonLanguage } from "../../storage/members/members.ts";
import type { Said } from "./words.ts";

type Ahead =
  | "approve soon"
  | "ship soon"
  | "reservation soon"
  | "delivery soon"
  | "payment soon"
  | "pay soon"
  | "pay late"
  | "withdraw soon"
  | "return soon"
  | "inspect soon"
  | "ordered"
  | "order seen";

export const ahead: Record<PersonLanguage, Record<Ahead & MailKind, Partial<Record<Reader, Said>>>> = {
  en: {
    "approve soon": {
      buyer: {
        head: "Your order waits for your approval",
        happened: "Your order at {shop} waits until you say how you pay. Nothing is frozen yet.",
        can: "Approve it, or leave it.",
        silence: "the order ends, and you owe nothing",
      },
    },
    "ship soon": {
      shop: {
        head: "Please send the goods in time",
        happened: "Goods of this order have not left yet, and the time to send them is running out.",
        can: "Send them, and say so with the number of the parcel. Or cancel what you cannot send.",
        silence: "what has not left by then ends, and its money is the buyer's again",
      },
    },
    "reservation soon": {
      buyer: {
        head: "Your money will not be frozen for much longer",
        happened: "The time for which your money is frozen for the order at {shop} is running out.",
        can: "If you still want the goods, you can give the shop more time.",
        silence: "what was not sent ends and its money is yours again; what is under way goes to an operator",
      },
      shop: {
        head: "The money will not be frozen for much longer",
        happened: "The time for which the buyer's money is frozen for this order is running out.",
        can: "Send what is left, or ask the buyer for more time.",
        silence: "what was not sent ends and its money is the buyer's; what is under way goes to an operator",
      },
    },
    "delivery soon": {
      shop: {
        head: "Goods on their way should arrive soon",
        happened: "Goods of this order are on their way, and nobody has said that they arrived.",
        can: "Ask the carrier where they are.",
        silence: "the buyer is asked whether they came, and it counts as late",
      },
    },
    "payment soon": {
      buyer: {
        head: "What you accepted will be paid soon",
        happened: "What you accepted of your order at {shop} will be paid from what is frozen.",
        can: "Nothing. If something is wrong with the goods, say so before.",
        silence: "the shop is paid, as you agreed",
      },
    },
    "pay soon": {
      buyer: {
        head: "Please pay what you accepted",
        happened:
          "What you accepted of your order at {shop} is to be paid at a collector, with the trade number.",
        can: "Pay it. If you have paid already, this mail has crossed your payment.",
        silence: "and a week later, the shop can have the guarantor pay it, and you owe the guarantor",
      },
    },
    "pay late": {
      buyer: {
        head: "The time to pay is over",
        happened:
          "What you accepted of your order at {shop} was to be paid at a collector by now, and we have not heard that it was.",
        can: "Pay it now: it is taken as long as it is due. If you have paid already, this mail has crossed your payment.",
        always:
          "A week after that time the shop can have the guarantor pay it. Then you owe it to the guarantor, who sends you a bill.",
      },
    },
    "withdraw soon": {
      buyer: {
        head: "Your time to change your mind is running out",
        happened: "You can still withdraw from goods of your order at {shop}.",
        can: "Withdraw, if you do not want to keep them.",
        silence: "what you have not withdrawn from stays bought",
      },
    },
    "return soon": {
      buyer: {
        head: "Please send the goods back in time",
        happened: "Goods of your order at {shop} are to go back, and nobody has said that they were sent.",
        can: "Send them back, and say so with the number of the parcel.",
        silence:
          "goods that you rejected go to an operator as a dispute, and a withdrawal ends without effect",
      },
    },
    "inspect soon": {
      shop: {
        head: "Please look at what came back",
        happened:
          "Goods of this order were sent back or reported missing, and you have not said anything to it.",
        can: "Confirm it, or contest it with a reason.",
        silence: "your silence confirms it",
      },
    },
    ordered: {
      buyer: {
        head: "Please look at the order that the shop has entered",
        happened:
          "{shop} has put its order under the number for which you had reserved an amount. {amount} stays frozen for it, and the rest is free.",
        can: "Look at it. If it is yours, say so, and the shop can send it at once. If it is not, cancel it: within a day nothing can be sent without your word.",
      },
    },
    "order seen": {
      shop: {
        head: "The buyer has looked at the order: you can ship",
        happened: "The buyer says that the order under this number is theirs.",
        can: "Send the goods, and say so with the number of the parcel.",
      },
    },
  },
  ja: {
    "approve soon": {
      buyer: {
        head: "ご注文が承認を待っています",
        happened: "{shop}でのご注文は、お支払い方法のご指定を待っています。代金はまだ凍結されていません。",
        can: "承認するか、そのままにしてください。",
        silence: "注文は終了し、お支払いの義務は生じません",
      },
    },
    "ship soon": {
      shop: {
        head: "期限までに商品を発送してください",
        happened: "この注文にはまだ発送されていない商品があり、発送の期限が近づいています。",
        can: "商品を発送し、荷物の番号とともに登録してください。発送できないものは取り消してください。",
        silence: "発送されていない分は終了し、その代金は購入者に戻ります",
      },
    },
    "reservation soon": {
      buyer: {
        head: "代金の凍結期間がまもなく終わります",
        happened: "{shop}でのご注文のために代金を凍結している期間が、まもなく終わります。",
        can: "商品をご希望の場合は、店舗のために期限を延ばせます。",
        silence: "発送されていない分は終了して代金の凍結が解除され、配送中の分はオペレーターが扱います",
      },
      shop: {
        head: "代金の凍結期間がまもなく終わります",
        happened: "この注文のために購入者の代金が凍結されている期間が、まもなく終わります。",
        can: "残りを発送するか、購入者に期限の延長を求めてください。",
        silence: "発送されていない分は終了して代金は購入者に戻り、配送中の分はオペレーターが扱います",
      },
    },
    "delivery soon": {
      shop: {
        head: "配送中の商品の到着期限が近づいています",
        happened: "この注文の商品は配送中ですが、届いたとの報告がまだありません。",
        can: "配送業者に状況をお尋ねください。",
        silence: "購入者に到着の有無をお尋ねし、遅れとして数えられます",
      },
    },
    "payment soon": {
      buyer: {
        head: "検収した分の支払日が近づいています",
        happened: "{shop}でのご注文のうち検収した分が、凍結した代金から支払われます。",
        can: "お手続きは必要ありません。商品に問題があれば、それまでにお知らせください。",
        silence: "お約束のとおり店舗に支払われます",
      },
    },
    "pay soon": {
      buyer: {
        head: "検収した分をお支払いください",
        happened: "{shop}でのご注文のうち検収した分は、取引番号を示して収納窓口でお支払いいただくものです。",
        can: "お支払いください。すでにお支払い済みの場合は、行き違いですのでご容赦ください。",
        silence:
          "さらに一週間を過ぎると、店舗は信用保証機関に支払いを求めることができ、お客様は信用保証機関に対して債務を負います",
      },
    },
    "pay late": {
      buyer: {
        head: "お支払いの期限が過ぎました",
        happened:
          "{shop}でのご注文のうち検収した分のお支払い期限が過ぎましたが、まだお支払いを確認できておりません。",
        can: "至急お支払いください。請求が続いている間は、収納窓口でお支払いいただけます。すでにお支払い済みの場合は、行き違いですのでご容赦ください。",
        always:
          "期限から一週間を過ぎると、店舗は信用保証機関に支払いを求めることができます。その場合、お客様は信用保証機関に対して債務を負い、請求書をお送りします。",
      },
    },
    "withdraw soon": {
      buyer: {
        head: "購入を撤回できる期限が近づいています",
        happened: "{shop}でのご注文の商品は、まだ購入を撤回できます。",
        can: "お手元に残さない場合は、撤回してください。",
        silence: "撤回されなかった商品の購入は、そのまま確定します",
      },
    },
    "return soon": {
      buyer: {
        head: "期限までに商品を返送してください",
        happened: "{shop}へ返すことになっている商品が、返送されたとの報告がまだありません。",
        can: "商品を返送し、荷物の番号とともに登録してください。",
        silence: "拒否した商品は紛争としてオペレーターが扱い、購入の撤回は効力を失います",
      },
    },
    "inspect soon": {
      shop: {
        head: "戻った商品を確かめてください",
        happened:
          "この注文の商品が返送された、または足りないとのお知らせがありますが、お返事がまだありません。",
        can: "確認するか、理由を添えて異議を申し立ててください。",
        silence: "お返事がなければ、確認したものとみなされます",
      },
    },
    ordered: {
      buyer: {
        head: "店舗が登録した注文をご確認ください",
        happened:
          "先に予約された取引番号に、{shop}が注文を登録しました。その代金{amount}は凍結されたままで、残りの凍結は解除されました。",
        can: "内容をご確認ください。ご自身の注文であればその旨をお知らせいただくと、店舗はすぐに発送できます。心当たりがなければ取り消してください。一日の間は、お客様のお返事なしに発送されることはありません。",
      },
    },
    "order seen": {
      shop: {
        head: "購入者が注文を確認しました。発送できます",
        happened: "この取引番号の注文は自分のものであると、購入者が確認しました。",
        can: "商品を発送し、荷物の番号とともに登録してください。",
      },
    },
  },
};
