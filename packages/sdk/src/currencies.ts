/**
 * The active codes of ISO 4217 (currencies and funds), by the number of decimal places of their minor unit.
 * Codes without a minor unit (metals, special drawing rights, bond units, testing) are left out on purpose:
 * no amount of them can be written as an integer of minor units.
 */
const codes = {
  none: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  two: `
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
    CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG
    YER ZAR ZMW ZWG`,
  three: "BHD IQD JOD KWD LYD OMR TND",
  four: "CLF UYW",
};

function withExponent(list: string, exponent: number): [string, number][] {
  return list
    .trim()
    .split(/\s+/)
    .map((code) => [code, exponent]);
}

/** Every known code, with the number of decimal places of its minor unit. */
export const exponents: ReadonlyMap<string, number> = new Map([
  ...withExponent(codes.none, 0),
  ...withExponent(codes.two, 2),
  ...withExponent(codes.three, 3),
  ...withExponent(codes.four, 4),
]);
