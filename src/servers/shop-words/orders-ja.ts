/** What customers read of their orders, and what the staff read of them in the same words. */
import type { orders as english } from "./orders-en.ts";

export const orders: Record<keyof typeof english, string> = {
  "orders.title": "ご注文一覧",
  "orders.empty": "このブラウザーからのご注文はありません。",
  "orders.emptyHint": "こちらでご注文いただくと、このページに表示されます。",
  "orders.placing": "受付中",
  "orders.told": "支払機関に連絡中です。",
  "order.title": "注文 {number}",
  "order.number": "注文番号 {number}",
  "order.yours": "ご注文の内容",
  "order.total": "合計",
  "order.refunded": "返金額：{amount}",
  "order.trade": "取引番号 {number}",
  "order.atInstitution": "支払機関のページで見る",
  "order.holderAsked":
    "口座の名義人の確認を待っています。名義人には、口座のある支払機関で支払いを確認していただくようお願いしています。",
  "order.asked": "支払機関に問い合わせています。まもなくこのページに結果が表示されます。",
  "order.dead": "このご注文は成立しませんでした。",
  "order.placing": "ご注文を受け付けています。",
  "order.approve": "お支払いの承認へ進む",
  "order.goods": "商品",
  "order.word": "配達を確認できるのは、{who}です。",
  "order.dates": "今後の期限と流れ",
  "order.accept": "ここですべて検収する",
  "order.acceptHint":
    "一部だけの検収や拒否は、取引のページで行えます。すべて届いて間違いがなければ、ここで全部を検収することもできます。検収されると、当店に代金が支払われます。",
  "order.acceptSure":
    "当店のほかには、まだ誰も配達を報告していません。商品はお手元にありますか。{amount}を今すぐ支払いますか。",
  "order.acceptSureAny":
    "当店のほかには、まだ誰も配達を報告していません。商品はお手元にありますか。代金を今すぐ支払いますか。",
  "order.acceptYes": "はい、今すぐ支払う",
  "order.change": "注文内容や支払先を変更する",
  "order.changeHint": "変更すると、この注文はいったん取り消され、商品はカートに戻ります。",
  "order.cancel": "注文をキャンセルする",
  "order.cancelSure":
    "ご注文をすべてキャンセルしてもよろしいですか。{amount}の凍結が解除され、商品は発送されません。",
  "order.cancelSureAny":
    "ご注文をすべてキャンセルしてもよろしいですか。代金は凍結されておらず、商品は発送されません。",
  "order.cancelYes": "はい、キャンセルする",
  "order.placed":
    "ご注文日時：{when}。このページを開くたびに、最新の状況が表示されます。後でご覧になる場合は、このページのアドレスを保存してください。",
  "wish.title": "もう少しお時間をください",
  "wish.text":
    "{until}まで、代金を凍結したままにしてもよろしいでしょうか。お返事がなければ、今のままとなります。",
  "wish.say": "支払機関のページで返事をする",
  // What the institution is told.
  "told.waiting": "支払機関に連絡中です",
  "told.once": "{what}。どれだけ時間がかかっても、二重に行われることはありません。",
  "told.refused": "{what}は受け付けられませんでした",
  "call.propose": "ご注文",
  "call.ship": "発送の連絡",
  "call.deliver": "配達の連絡",
  "call.accept": "検収",
  "call.return": "商品が戻ったという連絡",
  "call.dispute": "当店からの紛争の申し立て",
  "call.answer": "紛争への回答",
  "call.say": "紛争への追記",
  "call.offer": "解決案",
  "call.acceptOffer": "解決案への同意",
  "call.cancel": "キャンセル",
  "call.refund": "返金",
  "call.extend": "期限延長のお願い",
  "call.release": "信用保証の解除",
  "call.claim": "信用保証機関への請求",
  // How an order stands.
  "lead.proposed":
    "ご注文を承りました。承認していただくと、代金が凍結され、当店から発送できるようになります。",
  "lead.refused": "代金を凍結できませんでした。ほかのお支払方法をお選びください。",
  "lead.reserved": "代金が凍結されました。発送の準備をしています。",
  "lead.way": "商品を発送しました。届いて間違いがないと確かめていただくまで、代金は凍結されたままです。",
  "lead.late": "お届けの期限を過ぎました。商品は届きましたか。",
  "lead.door": "商品が玄関先に届いています。",
  "lead.claimed": "商品は届いているはずです。届きましたか。",
  "lead.delivered":
    "商品が届きました。品物を確かめて、間違いのないものを検収してください。検収とは、届いた品物を確かめて、間違いないと認めることです。",
  "lead.partly": "一部が検収されました。残りはまだ当店にあります。",
  "lead.payable": "商品が検収されました。お支払いをお願いいたします。下の番号だけでお支払いいただけます。",
  "lead.accepted": "商品が検収されました。お選びいただいた日に支払われます。",
  "lead.settled": "商品の検収とお支払いが完了しました。ありがとうございました。",
  "lead.coolingOff":
    "商品の検収とお支払いが完了しました。ありがとうございました。しばらくの間は、購入を撤回できます。",
  "lead.silent":
    "お返事がなかったため、検収されたものとみなされ、代金が支払われました。問題のある商品は、しばらくの間は返送できます。",
  "lead.paidBack": "お支払いいただいた代金は、すべてお返ししました。これ以上のお手続きは不要です。",
  "lead.partlyRejected":
    "商品に問題があり、申し訳ございません。その商品のご返送をお願いいたします。ほかの商品を確かめて、間違いのないものを検収してください。",
  "lead.cancelled": "ご注文はキャンセルされました。代金は支払われておらず、凍結も解除されています。",
  "lead.rejected": "拒否された分の処理が終わりました。凍結はすべて解除されています。",
  "lead.toSend":
    "商品に問題があり、申し訳ございません。ご返送をお願いいたします。当店に届くまで、その代金は凍結されたままです。",
  "lead.withdrawn": "購入の撤回を承りました。ご返送いただいた後に、代金をお返しします。",
  "lead.homeward": "商品は当店へ返送中です。",
  "lead.home": "商品が当店に戻りました。ただいま確かめています。",
  "lead.looking": "届いていない商品について確認しています。代金は凍結されたままです。",
  "lead.expired": "期限が過ぎ、代金の凍結は解除されました。",
  "lead.answer": "紛争について、ご回答をお願いいたします。",
  "lead.disputed":
    "お客様と当店の主張が食い違っています。解決するまで、お返事がなくても代金が支払われることはありません。",
  // What is to be done about it, at the institution.
  "toDo.look": "確かめて、間違いのないものを検収する",
  "toDo.part": "一部だけ検収する、または問題を知らせる",
  "toDo.come": "届いたかどうかを知らせる",
  "toDo.sent": "返送したことを知らせる",
  "toDo.how": "方法を見る",
  "toDo.answer": "支払機関のページで回答する",
  "toDo.stands": "状況を見る",
  // What the shop sells when it is first opened, and what else stands in an order.
  "tea-set.name": "茶器揃え（急須1つ・湯呑み2つ）",
  "tea-set.description": "有田の青磁に、手作業で釉薬をかけました。急須の容量は400ml、茶こしも陶製です。",
  "iron-kettle.name": "南部鉄瓶",
  "iron-kettle.description":
    "盛岡で、一度しか使わない砂の鋳型から作られています。容量1.2L。ガス火、炭火、IHでお使いいただけます。",
  "furoshiki.name": "風呂敷（105cm）",
  "furoshiki.description": "瓶もメロンもお弁当も包める、綿の風呂敷です。波の文様を藍で染めました。",
  "incense.name": "白檀の線香",
  "incense.description": "淡路島の線香60本入り。1本でおよそ30分香ります。陶製の香立て付き。",
  "santoku-knife.name": "三徳包丁（165mm）",
  "santoku-knife.description": "堺で三層の鋼から鍛えた包丁です。柄は朴の木。研ぎ上げた状態でお届けします。",
  "lacquer-bowl.name": "漆椀",
  "lacquer-bowl.description":
    "欅の木地に漆を六回塗り重ねました。軽く、手に温かく、塗り直しながら長くお使いいただけます。",
  "notebook.name": "和綴じのノート",
  "notebook.description": "越前の紙128ページを、五つ目綴じにしました。万年筆でもにじまず書けます。",
  "umbrella.name": "十六本骨の傘",
  "umbrella.description": "台風が近づく日の風にも耐える傘です。骨は炭素繊維、中棒は樫の木。",
  // Lines of an order that are no goods of the catalogue.
  "line.gift": "風呂敷（プレゼント）",
  "line.shipping": "送料",
  "line.voucher": "クーポン {word}",
  // Reasons where nobody has given one.
  "reason.cancel": "発送前に購入者がキャンセルしました。",
  "reason.refund": "店舗からの返金です。",
  "reason.lost": "商品が配送中に失われました。",
  "reason.callOff": "店舗の都合により、ご注文をお受けできません。",
};
