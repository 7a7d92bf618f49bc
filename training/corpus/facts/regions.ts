/** GeoNames' codes of the first-level regions whose names are one English word. */
const table = (text: string) =>
  Object.fromEntries(
    text
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split(':') as [string, string]),
  );

export interface RegionKind {
  id: string;
  country: string;
  /** As in "the Indian state". */
  name: string;
  nation: string;
  regions: Record<string, string>;
}

const kind = (id: string, country: string, name: string, nation: string, text: string): RegionKind => ({
  id,
  country,
  name,
  nation,
  regions: table(text),
});

export const REGION_KINDS: RegionKind[] = [
  kind(
    'us-state',
    'US',
    'US state',
    'the United States',
    `AL:Alabama AK:Alaska AZ:Arizona AR:Arkansas CA:California
    CO:Colorado CT:Connecticut DE:Delaware FL:Florida GA:Georgia HI:Hawaii ID:Idaho IL:Illinois IN:Indiana IA:Iowa KS:Kansas
    KY:Kentucky LA:Louisiana ME:Maine MD:Maryland MA:Massachusetts MI:Michigan MN:Minnesota MS:Mississippi MO:Missouri
    MT:Montana NE:Nebraska NV:Nevada OH:Ohio OK:Oklahoma OR:Oregon PA:Pennsylvania TN:Tennessee TX:Texas UT:Utah VT:Vermont
    VA:Virginia WA:Washington WI:Wisconsin WY:Wyoming`,
  ),
  kind(
    'canadian-province',
    'CA',
    'Canadian province',
    'Canada',
    '01:Alberta 03:Manitoba 08:Ontario 10:Quebec 11:Saskatchewan 12:Yukon',
  ),
  kind(
    'german-state',
    'DE',
    'German state',
    'Germany',
    '02:Bavaria 05:Hesse 09:Saarland 11:Brandenburg 13:Saxony 15:Thuringia',
  ),
  kind('australian-state', 'AU', 'Australian state', 'Australia', '04:Queensland 06:Tasmania 07:Victoria'),
  kind('uk-nation', 'GB', 'British nation', 'the United Kingdom', 'ENG:England SCT:Scotland WLS:Wales'),
  kind(
    'indian-state',
    'IN',
    'Indian state',
    'India',
    `03:Assam 09:Gujarat 10:Haryana 13:Kerala 16:Maharashtra 17:Manipur
    18:Meghalaya 19:Karnataka 20:Nagaland 21:Odisha 23:Punjab 24:Rajasthan 26:Tripura 29:Sikkim 31:Mizoram 34:Bihar
    37:Chhattisgarh 38:Jharkhand 39:Uttarakhand 40:Telangana`,
  ),
  kind(
    'spanish-region',
    'ES',
    'Spanish region',
    'Spain',
    `27:Rioja 32:Navarre 34:Asturias 39:Cantabria 51:Andalusia 52:Aragon
    56:Catalonia 57:Extremadura 58:Galicia 31:Murcia 29:Madrid 60:Valencia`,
  ),
  kind(
    'italian-region',
    'IT',
    'Italian region',
    'Italy',
    `01:Abruzzo 02:Basilicata 03:Calabria 04:Campania 07:Lazio 08:Liguria
    09:Lombardy 10:Marche 11:Molise 12:Piedmont 13:Apulia 14:Sardinia 15:Sicily 16:Tuscany 18:Umbria 20:Veneto`,
  ),
  kind(
    'brazilian-state',
    'BR',
    'Brazilian state',
    'Brazil',
    `01:Acre 02:Alagoas 04:Amazonas 05:Bahia 06:Ceara 13:Maranhao 16:Para
    17:Paraiba 18:Parana 20:Piaui 24:Rondonia 25:Roraima 28:Sergipe 29:Goias 30:Pernambuco 31:Tocantins`,
  ),
  kind(
    'mexican-state',
    'MX',
    'Mexican state',
    'Mexico',
    `06:Chihuahua 07:Coahuila 08:Colima 10:Durango 11:Guanajuato 12:Guerrero
    13:Hidalgo 14:Jalisco 16:Michoacan 17:Morelos 18:Nayarit 20:Oaxaca 21:Puebla 22:Queretaro 25:Sinaloa 26:Sonora
    27:Tabasco 28:Tamaulipas 29:Tlaxcala 30:Veracruz 31:Yucatan 32:Zacatecas`,
  ),
  kind(
    'japanese-prefecture',
    'JP',
    'Japanese prefecture',
    'Japan',
    `01:Aichi 02:Akita 03:Aomori 04:Chiba 05:Ehime 06:Fukui
    07:Fukuoka 08:Fukushima 09:Gifu 10:Gunma 11:Hiroshima 12:Hokkaido 13:Hyogo 14:Ibaraki 15:Ishikawa 16:Iwate 17:Kagawa
    18:Kagoshima 19:Kanagawa 20:Kochi 21:Kumamoto 22:Kyoto 23:Mie 24:Miyagi 25:Miyazaki 26:Nagano 27:Nagasaki 28:Nara
    29:Niigata 30:Oita 31:Okayama 32:Osaka 33:Saga 34:Saitama 35:Shiga 36:Shimane 37:Shizuoka 38:Tochigi 39:Tokushima
    40:Tokyo 41:Tottori 42:Toyama 43:Wakayama 44:Yamagata 45:Yamaguchi 46:Yamanashi 47:Okinawa`,
  ),
];
