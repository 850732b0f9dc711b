/** 商品の写真：拒否や紛争に添えられ、見る立場の人に表示される。 */
import type { Subject } from "../words-en/words-en.ts";

export const photos: Subject<"photos"> = {
  "photo.label": "商品の写真",
  "photo.hint":
    "{most}枚まで、JPEG・PNG・WebP形式、1枚{size} MiBまで添付できます。保存するのは画像だけで、撮影場所や撮影者の情報は取り除きます。相手方と、理由を記録したオペレーターが閲覧します。",
  "photo.kept": "このフォームに添付済みの写真：{count}枚",
  "photo.shown": "写真",
  "photo.alt": "写真（{count}枚中{number}枚目）",
  "photo.reason": "写真{number}を見る理由",
  "photo.look": "写真{number}を見る",
  "photo.lookHint": "閲覧したことと理由は、購入者に知らされます。",
  "mistake.photo": "写真として読み取れないファイルがあります。JPEG・PNG・WebP形式の写真をお選びください。",
  "mistake.photoLarge": "{size} MiBを超えるファイルがあります。",
  "mistake.photoMany": "写真は{most}枚までです。",
  "mistake.photosFull":
    "この取引、または本日は、これ以上の写真を受け付けられません。文章でお知らせください。",
  "mistake.photosBusy": "ただいま写真の受付が混み合っています。1分ほどおいて、もう一度写真をお選びください。",
};
