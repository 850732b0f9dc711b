/** What the shop sells when it is first opened, what else stands in an order, and what the shop says of it to others. */
import type { sold as english } from "./sold-en.ts";

export const sold: Record<keyof typeof english, string> = {
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
  "reason.cancel": "発送前にお客様がキャンセルしました。",
  "reason.refund": "店舗からの返金です。",
  "reason.lost": "商品が配送中に失われました。",
  "reason.callOff": "店舗の都合により、ご注文をお受けできません。",
};
