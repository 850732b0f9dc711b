/** What stands on a parcel and in it, what the staff read of that, and what a buyer types of a present. */
export const parcels = {
  "parcel.title": "Papers for order {order}",
  "parcel.back": "← Order {order}",
  "parcel.lead":
    "Print this page. The first sheet goes onto the parcel, the second into it. There is no price on either.",
  "parcel.outside": "Onto the parcel",
  "parcel.inside": "Into the parcel: who carries it is not to see it.",
  "parcel.from": "From {shop}",
  "parcel.order": "Order {order}",
  "parcel.for": "For {name}",
  "parcel.present": "A present for {name}",
  "parcel.presentFrom": "From {from}",
  "parcel.contents": "In this parcel",
  "parcel.code": "Your code",
  "parcel.how":
    "Look at what is in the parcel. Then open the link that the giver has sent you, type this code there, and say whether all is right: the shop is paid only then.",
  "parcel.noLink":
    "Without the link you can see what it is at {address}, by the number and the code; ask the giver for the link.",
  "parcel.symbol": "Where you can see what this is",
  "staff.parcel": "For the parcel",
  "staff.parcelLead": "A label with the number for the carrier, and a slip that lies in the parcel.",
  "staff.parcelPrint": "Label and slip to print",
  "staff.present":
    "This is a present, and its recipient accepts it: by a link that the buyer sends them, and by this code. It has to lie in the parcel.",
  "staff.presentCode": "Code for the recipient",
  "staff.presentUnknown":
    "The institution does not tell the recipient's code at this moment. Ship nothing without it: the recipient could not accept.",
  "order.guestLink":
    "The institution has sent your own link to the email address that you confirmed there: by it you come back, accept, or say what is not right. We do not have it.",
  "order.present":
    "Who receives it accepts it, by a link that only you have, and a code that lies in the parcel.",
  "order.presentLink": "Send them the link",
  "checkout.from": "From whom?",
  "checkout.fromHint": "It is said to the recipient as you write it here. Left empty, nobody is named.",
  "checkout.greeting": "A greeting",
  "mistake.from": "Write up to 120 characters.",
  "mistake.greeting": "Write up to 400 characters.",
};
