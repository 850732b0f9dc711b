/** Mails in English. */
import { ahead } from "./ahead-words.ts";
import { guarantee } from "./guarantee-words.ts";
import { bills, payouts, self } from "./self-words.ts";
import type { MailWords, Said } from "./words.ts";

const notYou = "If this was not you, tell an operator at once.";
const counts = "the goods count as accepted and the shop is paid";
const byWhatWasSeen =
  "it is decided by what carriers and others who stand on neither side saw, and otherwise by an operator";

const both = (said: Said) => ({ buyer: said, shop: said });

export const en: MailWords = {
  kinds: {
    ...ahead.en,
    ...guarantee.en,
    frozen: {
      buyer: {
        head: "Your money is frozen",
        happened: "{amount} is frozen for your order at {shop}. Nobody has been paid.",
        can: "Nothing for now. You will be told when the goods are sent. Until then you can cancel.",
        silence: "if the shop has sent nothing by then, your money is free again",
      },
      shop: {
        head: "The money is frozen: you can ship",
        happened: "{amount} is frozen for this order.",
        can: "Send the goods, and say so with the number of the parcel.",
        silence: "the order ends, and the buyer's money is free again",
      },
    },
    changed: {
      buyer: {
        head: "Your order was changed",
        happened: "Your order at {shop} was changed.",
        can: "Look at it. If you did not agree to this, tell an operator.",
      },
    },
    shipped: {
      buyer: {
        head: "Your goods are on their way",
        happened: "The goods of your order at {shop} were sent.",
        can: "Nothing for now. When they are there, look at them and accept or reject them.",
        silence: "if they have not come by then, you will be asked",
      },
      recipient: {
        head: "Goods for you are on their way",
        happened: "Goods from {shop} were sent to you.",
        can: "Nothing for now. When they are there, look at them and accept or reject them.",
      },
    },
    "arrived?": {
      buyer: {
        head: "Did your goods arrive?",
        happened:
          "The goods of your order at {shop} should be there by now, and nobody but the shop has said so.",
        can: "If they are there, accept or reject them. If they never came, say so.",
        silence: "the money stays frozen, and an operator looks at the case",
        always: "Your silence alone pays nobody: the money stays frozen.",
      },
    },
    "at door": {
      buyer: {
        head: "Your goods are at the door",
        happened: "Somebody with the goods of your order at {shop} is at the door.",
        can: "Give them the code that you find at the trade, if you want to accept there and then.",
      },
      recipient: {
        head: "Goods for you are at the door",
        happened: "Somebody with goods from {shop} is at the door.",
        can: "Look at what they bring. You can accept there and then.",
      },
    },
    delivered: {
      buyer: {
        head: "Please look at your goods and accept them",
        happened: "The goods of your order at {shop} were delivered.",
        can: "Look at them. Accept what is right, reject what is not, or say that they never came.",
        silence: counts,
        always: "Your money stays frozen until you say something.",
      },
      recipient: {
        head: "Please look at the goods and accept them",
        happened: "Goods from {shop} were delivered to you.",
        can: "Look at them. Accept what is right, and reject what is not.",
        silence: "the goods count as accepted",
      },
    },
    "accept soon": {
      buyer: {
        head: "Your time to look at the goods is running out",
        happened:
          "The goods of your order at {shop} were delivered, and you have not said whether they are right.",
        can: "Accept what is right, reject what is not, say that they never came, or take more time once.",
        silence: counts,
      },
      recipient: {
        head: "The time to look at the goods is running out",
        happened: "Goods from {shop} were delivered to you, and nobody has said whether they are right.",
        can: "Accept what is right, and reject what is not.",
        silence: "the goods count as accepted",
      },
    },
    accepted: {
      buyer: {
        head: "Goods were accepted",
        happened: "Goods of your order at {shop} were accepted.",
        can: notYou,
      },
      shop: { head: "Goods were accepted", happened: "Goods of this order were accepted." },
    },
    "accepted by silence": {
      buyer: {
        head: "Your silence counts as acceptance",
        happened:
          "Nobody said anything about the goods of your order at {shop} in time: they count as accepted.",
        can: "If they are wrong, you can still withdraw from them for 14 days.",
      },
      shop: {
        head: "Goods count as accepted",
        happened: "Nobody said anything about the goods of this order in time: they count as accepted.",
      },
    },
    paid: {
      buyer: {
        head: "The shop was paid",
        happened: "{shop} was paid {amount} of what was frozen.",
        can: notYou,
      },
      shop: { head: "You were paid", happened: "{amount} was paid for this order." },
    },
    rejected: {
      buyer: {
        head: "Please send the goods back",
        happened: "Goods of your order at {shop} were rejected.",
        can: "Send them back, and say so with the number of the parcel.",
        silence: "the case goes to an operator as a dispute",
      },
      shop: {
        head: "Goods were rejected",
        happened: "Goods of this order were rejected.",
        can: "Nothing for now. You will be told when they are sent back.",
      },
    },
    "not received": {
      buyer: {
        head: "You have said that goods did not come",
        happened: "It was said that goods of your order at {shop} are missing or never came.",
        can: notYou,
        silence:
          "what nobody who stands on neither side saw delivered is free again, and the rest goes to an operator",
      },
      shop: {
        head: "The buyer says that goods did not come",
        happened: "Goods of this order are said to be missing, or never to have come.",
        can: "Agree, or contest it with what you know of the parcel.",
        silence:
          "what nobody who stands on neither side saw delivered is released to the buyer, and the rest goes to an operator",
      },
    },
    "sent back": {
      buyer: {
        head: "Goods are on their way back",
        happened: "Goods of your order at {shop} were sent back.",
        can: "Nothing for now. The shop looks at them.",
        silence: "the shop's silence confirms that they came back right",
      },
      shop: {
        head: "Goods are on their way back to you",
        happened: "Goods of this order were sent back to you.",
        can: "When they are there, look at them. Confirm that they came back, or contest it with a reason.",
        silence: "your silence confirms that they came back right",
      },
    },
    "come back": {
      buyer: {
        head: "Your goods are back with the shop",
        happened: "Goods of your order were reported to be back with {shop}.",
        can: "Nothing for now. The shop looks at them.",
        silence: "the shop's silence confirms that they came back right",
      },
      shop: {
        head: "Please look at what came back",
        happened: "Goods of this order were reported to be back with you.",
        can: "Look at them. Confirm that they came back right, or contest it with a reason.",
        silence: "your silence confirms that they came back right",
      },
    },
    returned: {
      buyer: {
        head: "The shop has your goods back",
        happened:
          "It is settled that goods of your order came back to {shop}, or never came to you. Their money is yours again.",
      },
      shop: {
        head: "Goods are settled as returned",
        happened:
          "Goods of this order count as come back, or as never received. Their money goes back to the buyer.",
      },
    },
    lapsed: {
      buyer: {
        head: "Your withdrawal has ended without effect",
        happened: "Nobody has said in time that the goods went back to {shop}. The purchase stands.",
        can: "If you did send them back, tell an operator.",
      },
      shop: {
        head: "A withdrawal has ended without effect",
        happened: "The goods of this order were not sent back in time. The purchase stands.",
      },
    },
    withdrawn: {
      buyer: {
        head: "You have withdrawn from a purchase",
        happened: "You have withdrawn from the purchase of goods at {shop}.",
        can: `Send them back if they are to go back, and say so with the number of the parcel. ${notYou}`,
        silence: "the withdrawal ends without effect",
      },
      shop: {
        head: "The buyer has withdrawn",
        happened: "The buyer has withdrawn from the purchase of goods of this order.",
        can: "Wait for the goods, look at them, and confirm or contest that they came back right.",
        silence: "your silence confirms that they came back right",
      },
    },
    disputed: both({
      head: "A dispute was opened",
      happened: "A dispute was opened about the order at {shop}.",
      can: "Say what happened, with what you can show for it. You can also offer how to end it.",
      silence: `where a side says nothing, ${byWhatWasSeen}`,
      always: "An operator decides what the two sides do not settle.",
    }),
    "answer soon": both({
      head: "Please answer in the dispute",
      happened: "There is a dispute about the order at {shop}, and an answer is still missing.",
      can: "If it is yours, say what happened, with what you can show for it.",
      silence: `where a side says nothing, ${byWhatWasSeen}`,
    }),
    answered: both({
      head: "There is an answer in the dispute",
      happened: "The other side has answered in the dispute about the order at {shop}.",
      can: "Read it. You can offer how to end the dispute.",
      silence: "an operator decides",
    }),
    said: both({
      head: "There is more to read in the dispute",
      happened: "Something was added to the dispute about the order at {shop}.",
      can: "Read it. You can add something yourself, as long as the dispute is open.",
    }),
    offered: both({
      head: "There is an offer to end the dispute",
      happened: "The other side has offered how to end the dispute about the order at {shop}.",
      can: "Read it. Accept it, or offer something else.",
      always: "An offer that nobody accepts changes nothing.",
    }),
    resolved: both({
      head: "The dispute was decided",
      happened: "The dispute about the order at {shop} was decided.",
      can: "Read what was decided, and whether goods are to go back.",
    }),
    refunded: {
      buyer: {
        head: "Money comes back to you",
        happened: "{amount} of your order at {shop} was given back to you.",
      },
      shop: { head: "Money was given back", happened: "{amount} of this order was given back to the buyer." },
    },
    "refund due": {
      buyer: {
        head: "The shop owes you money",
        happened: "{shop} has to give money back that its account does not have.",
        can: "Nothing. It is tried again by itself, and paid from what the shop earns next.",
      },
      shop: {
        head: "You owe the buyer money",
        happened: "You have to give money back that your account does not have.",
        can: "Pay in. It is tried again by itself, and taken from what you earn next.",
      },
    },
    unpaid: {
      buyer: {
        head: "What was accepted is not paid",
        happened:
          "Your institution has refused for good to pay {shop} for goods that were accepted. What was frozen for them is yours again.",
        can: "If you have the goods, speak with the shop about how you pay or send them back.",
      },
      shop: {
        head: "Accepted goods are not paid for",
        happened:
          "The buyer's institution has refused for good to pay for accepted goods: the owner of the account objected. What was frozen for them has gone back.",
        can: "Speak with the buyer, and with an operator if you think that it is wrong.",
      },
    },
    "extension asked": both({
      head: "The other side asks for more time",
      happened: "The other side of the order at {shop} asks for more time.",
      can: "Agree to it, or leave it as it is.",
      always: "If you say nothing, nothing is moved.",
    }),
    cancelled: both({
      head: "The order was cancelled",
      happened:
        "The order at {shop}, or what was still open of it, was cancelled. What was frozen for it is free again.",
    }),
    expired: both({
      head: "The time of the order has run out",
      happened:
        "The time of the order at {shop} has run out. What was frozen for goods that were never sent is free again.",
    }),
    code: {
      buyer: {
        head: "Your code is {code}",
        happened:
          "Somebody gave this address to buy as a guest at {shop}. If it was you, type this code where you asked for it: {code}",
        always:
          "The code works for a quarter of an hour, in the browser that asked for it. Was it not you? Then leave it: nothing happens.",
        can: "Never tell it to anybody, not to the shop either: whoever has it buys in your name.",
      },
    },
    link: {
      buyer: {
        head: "Your new link",
        happened: "A new link to your order at {shop} was asked for.",
        can: "Open it below. As soon as you have, it is the only one, and the one before has ended.",
      },
    },
    operator: both({
      head: "An operator has acted",
      happened: "An operator has acted on the order at {shop}, {channel}.",
      can: "Read at the trade what was done. If you did not ask for it, tell us.",
    }),
  },
  settlements: {
    "paid from account": {
      head: "{amount} was paid from your account",
      happened: "{by} had {amount} paid from your account to {payee}. Of this trade {left} is still frozen.",
      can: "If this is not right, say so at {by}, where the trade is, and take back there or here what {by} may do. You can also ask an operator of ours.",
    },
    "confirm payment": {
      head: "Please confirm a payment of {amount}",
      happened:
        "{by} wants {amount} paid from your account to {payee}. In your consent you have asked to confirm this yourself.",
      can: "Confirm it, or object and say why; then our operators decide.",
      always: "Three days after you were told of it your silence confirms it. Until then nothing is paid.",
    },
    "objection refused": {
      head: "{amount} is paid, although you objected",
      happened:
        "Two operators have decided that {by} may have {amount} paid from your account to {payee}. You find the reason with the payment.",
      can: "If goods are wrong, say so at {by}, where the trade is.",
    },
    "objection upheld": {
      head: "{amount} is not paid",
      happened:
        "Two operators have decided that {amount} is not paid from your account to {payee}. You find the reason with the payment.",
      can: "The trade itself goes on at {by}: how it ends is decided there. What is frozen stays frozen until then, or until its time is over.",
    },
  },
  self: self.en,
  payouts: payouts.en,
  bills: bills.en,
  channels: {
    phone: "asked by telephone",
    fax: "asked by FAX",
    letter: "asked by letter",
    counter: "asked at the counter",
    desk: "on their own account",
  },
  subject: "{head} – {shop}, trade {number}",
  trade: "Trade",
  shop: "Shop",
  by: "Paid by way of",
  left: "Still frozen",
  reference: "Reference",
  returnTo: "Send it back to",
  amount: "the amount",
  can: "What you can do",
  until: "Until",
  silence: "If nobody says anything",
  look: "See the trade",
  lookPayment: "See the payment",
  newPassword: "A new password for {name}",
  takeBack: "Take it back",
  foot: "{server} writes to you because you take part in this trade. No mail from us asks for a password, a code or a card number.",
  footAccount:
    "{server} writes to you because you let another server pay from an account of yours. No mail from us asks for a password, a code or a card number.",
  footSelf:
    "{server} writes to you because somebody signs in there with this address, or says so. No mail from us asks for a password, a code or a card number.",
  access: {
    signIn: "The link asks you to sign in.",
    own: "This link is yours alone: whoever has it acts in your name. If you lose it, ask for a new one at this server.",
    look: "There you see what is coming, with the code in the parcel. To accept or reject it takes the link that the buyer has for you.",
  },
};
