/**
 * Passwords that are guessed first (NIST SP 800-63B, section 5.1.1.2): words that lead every list of stolen ones, alone,
 * repeated, put together, or with figures and signs around; repetitions and runs; and what the sign-in itself says.
 */
const words = `
  password passwort passw0rd p4ssword pa55word passwords mypassword letmein welcome willkommen bienvenue benvenuto bonjour
  hello hallo secret geheim changeme change default temporary temp test testing tester demo sample example guest user
  username login signin signup admin administrator root system master superuser operator manager server account access
  unlock open opensesame sesame trustno iloveyou ilove loveyou lovely love liebe amor baby babygirl babyboy angel angels
  sweet sweetie honey princess prinzessin prince queen king kingdom sunshine sunflower flower flowers rainbow summer winter
  spring autumn january february march april may june july august september october november december monday tuesday
  wednesday thursday friday saturday sunday today tomorrow football fussball baseball basketball soccer hockey tennis golf
  liverpool chelsea arsenal barcelona madrid juventus manchester yankees cowboys steelers lakers eagles tigers dragon
  dragons monkey donkey tiger lion panther eagle shadow ghost killer hunter hunting fishing ranger soldier warrior samurai
  ninja pirate wizard magic merlin matrix batman superman spiderman ironman starwars startrek pokemon pikachu naruto
  doraemon totoro snoopy mickey minnie disney garfield scooby michael michelle jennifer jessica jordan daniel robert thomas
  charlie andrew anthony joshua matthew ashley amanda nicole george william david richard maggie harley pepper ginger
  buster bailey cookie cookies chocolate cheese banana orange apple cherry coffee computer internet keyboard google
  facebook amazon microsoft windows apple iphone samsung android twitter instagram linkedin yahoo gmail hotmail mercedes
  ferrari porsche mustang corvette yamaha honda toyota suzuki nissan freedom liberty peace power energy success winner
  champion forever always nothing something whatever blessed jesus christ heaven america canada germany france italia
  espana brasil china japan nippon tokyo osaka kyoto london paris berlin sakura hinata naruto kawaii arigato konnichiwa
  money dollar euro bank banking payment credit card cash gold golden silver diamond rich lucky trade kenshu shop
  correcthorsebatterystaple correct horse battery staple qwerty qwertz azerty qazwsx qweasd asdfgh asdf zxcvbn zxcv
  qwertyuiop asdfghjkl zxcvbnm yxcvbnm abcdef abcd abc xyz nopass nopassword pass word private security secure please
`
  .split(/\s+/)
  .filter((word) => word !== "");
const longestFirst = [...new Set(words)].toSorted((left, right) => right.length - left.length);

const runs = [
  "01234567890123456789",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjklyxcvbnm",
];
const backwards = (text: string) => Array.from(text).toReversed().join("");
/** Letters that may be left over beside common words. */
const leftMost = 3;

/** Why a password would be guessed soon; undefined for one that would not. `email` is what it signs in with. */
export function whyGuessable(password: string, email: string): string | undefined {
  const plain = password.normalize("NFKC").toLowerCase().replaceAll(/\s/g, "");
  if (/^(.+?)\1+$/s.test(plain)) return "It repeats itself.";
  if (runs.some((run) => isRun(plain, run) || isRun(plain, backwards(run)))) return "It is a run of keys.";
  const letters = plain.replaceAll(/[^\p{L}]/gu, "");
  const own = email
    .toLowerCase()
    .split(/[@.+_-]/)
    .filter((part) => part.length > 3);
  const rest = without(without(letters, own), longestFirst);
  if (rest.length < letters.length && rest.length <= leftMost)
    return "It is among those that are tried first: common words, or your address.";
  if (letters === "") return "It has nothing but figures and signs.";
  return undefined;
}

function isRun(text: string, run: string): boolean {
  const parts = text.match(/.{1,4}/gs) ?? [];
  return parts.length > 2 && parts.every((part) => part.length < 3 || run.includes(part));
}

function without(text: string, taken: readonly string[]): string {
  let left = text;
  for (const word of taken) left = left.replaceAll(word, "");
  return left;
}
