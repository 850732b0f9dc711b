/** What the shop sells when it is first opened, what else stands in an order, and what the shop says of it to others. */
export const sold = {
  "tea-set.name": "Tea set, pot and two cups",
  "tea-set.description":
    "Celadon from Arita, glazed by hand. The pot holds 400 ml and has a strainer of clay.",
  "iron-kettle.name": "Cast-iron kettle",
  "iron-kettle.description":
    "Made in Morioka in a sand mould that is used once. 1.2 l, for gas, fire and induction.",
  "furoshiki.name": "Furoshiki, 105 cm",
  "furoshiki.description":
    "A cotton cloth that carries a bottle, a melon or a bento box. Waves, printed in indigo.",
  "incense.name": "Incense, sandalwood",
  "incense.description": "Sixty sticks from Awaji, half an hour each, with a stand of stoneware.",
  "santoku-knife.name": "Santoku knife, 165 mm",
  "santoku-knife.description":
    "Forged in Sakai from three layers of steel, with a handle of magnolia wood. Sharp on arrival.",
  "lacquer-bowl.name": "Lacquer bowl",
  "lacquer-bowl.description":
    "Zelkova wood under six coats of urushi. Light, warm in the hand, and it can be mended.",
  "notebook.name": "Stitched notebook",
  "notebook.description":
    "128 pages of paper from Echizen, bound in five holes. Takes a fountain pen without complaint.",
  "umbrella.name": "Umbrella, sixteen ribs",
  "umbrella.description": "Stands up to a typhoon's outskirts. Ribs of carbon fibre, a shaft of oak.",
  // Lines of an order that are no goods of the catalogue.
  "line.gift": "Furoshiki cloth, a gift",
  "line.shipping": "Shipping",
  "line.voucher": "Voucher {word}",
  // Reasons where nobody has given one.
  "reason.cancel": "The buyer cancelled before shipping.",
  "reason.refund": "Refund by the shop.",
  "reason.lost": "The goods were lost on the way.",
  "reason.callOff": "The shop cannot fulfil the order.",
};
