import type { TripId } from './trips';

export interface Leg {
  nights: number;
  place: string;
  plan: string;
}

/** Where each trip sleeps, in order. */
export const itineraries: Record<TripId, readonly [Leg, ...Leg[]]> = {
  'lisbon-week': [
    { nights: 3, place: 'Alfama', plan: 'Settle in above the river; fado, tiles and the flea market.' },
    { nights: 2, place: 'Sintra', plan: 'Palaces in the mist, and the walk down to the westernmost cape.' },
    { nights: 2, place: 'Belém and Cascais', plan: 'Custard tarts at the source, then the coast train for a swim.' },
  ],
  'azores-islands': [
    { nights: 3, place: 'São Miguel', plan: 'Crater lakes, tea gardens and a stew cooked in volcanic steam.' },
    { nights: 3, place: 'Pico', plan: 'Whale watching from Lajes; the summit path for those who want it.' },
    { nights: 3, place: 'Faial', plan: 'The sailors’ harbour of Horta and the ash fields of Capelinhos.' },
  ],
  'madeira-levadas': [
    { nights: 2, place: 'Funchal', plan: 'The market, the cable car, and a first easy levada.' },
    { nights: 3, place: 'Ribeiro Frio', plan: 'Laurel forest and the balcony path above the clouds.' },
    { nights: 2, place: 'Porto Moniz', plan: 'Rock pools on the north coast and a lazy last day.' },
  ],
  'seville-granada': [
    { nights: 3, place: 'Seville', plan: 'Courtyards, the Alcázar, tapas along the river.' },
    { nights: 1, place: 'Córdoba', plan: 'One night, so that you have the mosque at opening time.' },
    { nights: 3, place: 'Granada', plan: 'The Alhambra, the Albaicín, and an evening of flamenco.' },
  ],
  'amalfi-coast': [
    { nights: 2, place: 'Ravello', plan: 'Gardens in the air and the staircase down to Minori.' },
    { nights: 3, place: 'Amalfi', plan: 'The Path of the Gods, with a boat back along the cliffs.' },
    { nights: 2, place: 'Procida', plan: 'A fishing island that the day boats mostly forget.' },
  ],
  'dolomites-huts': [
    { nights: 1, place: 'Cortina', plan: 'Kit check, maps and a large dinner.' },
    { nights: 4, place: 'Alta Via 1', plan: 'Hut to hut past Averau, Civetta and the mirror lakes.' },
    { nights: 1, place: 'Belluno', plan: 'A real bed, a slow lunch, the train home.' },
  ],
  'cyclades-sail': [
    { nights: 1, place: 'Piraeus', plan: 'Meet the crew and stow your bag.' },
    { nights: 3, place: 'Kea and Kythnos', plan: 'Short legs, hot springs and quiet anchorages.' },
    { nights: 4, place: 'Milos and Sifnos', plan: 'Sea caves, pottery villages and chickpea stew.' },
    { nights: 1, place: 'Serifos', plan: 'A last swim and a climb to the old town.' },
  ],
  'dalmatian-islands': [
    { nights: 2, place: 'Split', plan: 'Sleep inside a Roman palace.' },
    { nights: 3, place: 'Vis', plan: 'Vineyards, the Blue Cave, and no hurry at all.' },
    { nights: 3, place: 'Korčula', plan: 'Bicycles, pine shade and a town built for the breeze.' },
  ],
  'istanbul-weekend': [
    { nights: 2, place: 'Sultanahmet', plan: 'Hagia Sophia early, the Basilica Cistern at noon.' },
    { nights: 2, place: 'Kadıköy', plan: 'The ferry to Asia, the market, breakfast that turns into lunch.' },
  ],
  'vienna-budapest': [
    { nights: 2, place: 'Vienna', plan: 'Coffee houses, Klimt and a heuriger in the vineyards.' },
    { nights: 1, place: 'Bratislava', plan: 'A small capital between two trains.' },
    { nights: 2, place: 'Budapest', plan: 'Baths, ruin bars and the river by night.' },
  ],
  'swiss-panorama': [
    { nights: 2, place: 'Zermatt', plan: 'Up to Gornergrat before the day visitors.' },
    { nights: 2, place: 'Andermatt', plan: 'A pause halfway, with a walk to the source of the Rhine.' },
    { nights: 3, place: 'St. Moritz', plan: 'Over the Albula viaducts; lakes and larch woods on foot.' },
  ],
  'bergen-fjords': [
    { nights: 2, place: 'Bergen', plan: 'The wharf, the fish market, the funicular.' },
    { nights: 2, place: 'Flåm', plan: 'Down the steep line, then by boat into the Nærøyfjord.' },
    { nights: 2, place: 'Balestrand', plan: 'Painters’ light, cider orchards and a fjord swim.' },
  ],
  'lofoten-light': [
    { nights: 2, place: 'Svolvær', plan: 'Sea eagles and the first late evening.' },
    { nights: 4, place: 'Reine', plan: 'A red cabin over the water; ridges and kayaks from the door.' },
    { nights: 2, place: 'Henningsvær', plan: 'Galleries, climbing and that football pitch.' },
  ],
  'iceland-ring': [
    { nights: 2, place: 'Reykjavík', plan: 'Pools, bakeries and the Golden Circle.' },
    { nights: 3, place: 'The south coast', plan: 'Waterfalls, black sand and the ice lagoon.' },
    { nights: 3, place: 'The east and Mývatn', plan: 'Reindeer, fjord villages and warm blue baths.' },
    { nights: 2, place: 'Akureyri and the west', plan: 'Whales in the bay, then home by the lava fields.' },
  ],
  'finland-lakes': [
    { nights: 1, place: 'Savonlinna', plan: 'The castle on the water and the evening market.' },
    { nights: 5, place: 'Your cabin', plan: 'Rowing, sauna, seals with luck, books without fail.' },
  ],
  'highland-line': [
    { nights: 1, place: 'Glasgow', plan: 'Rennie Mackintosh, and supper near the station.' },
    { nights: 2, place: 'Rannoch Moor', plan: 'A platform with no road, and the walk to the loch.' },
    { nights: 3, place: 'Mallaig and Morar', plan: 'The viaduct, silver sands and a boat to Knoydart.' },
  ],
  'hebrides-skye': [
    { nights: 3, place: 'Skye', plan: 'The Quiraing in the morning, the Cuillin at dusk.' },
    { nights: 3, place: 'Harris', plan: 'Luskentyre, tweed and water of an unlikely blue.' },
    { nights: 1, place: 'Lewis', plan: 'The stones of Callanish before the ferry.' },
  ],
  'marrakesh-atlas': [
    { nights: 2, place: 'Marrakesh', plan: 'A riad, the gardens, the square at night.' },
    { nights: 3, place: 'Imlil valleys', plan: 'Mule paths, walnut villages and mint tea.' },
    { nights: 2, place: 'Essaouira', plan: 'Sea air, grilled sardines and a last slow day.' },
  ],
  'sahara-camp': [
    { nights: 1, place: 'Fez', plan: 'The old town with a guide who grew up in it.' },
    { nights: 2, place: 'Midelt and the gorges', plan: 'Cedar forest, apples, and the road south.' },
    { nights: 2, place: 'Erg Chebbi', plan: 'A camp among the dunes, and stars.' },
    { nights: 1, place: 'Marrakesh', plan: 'Back across the Atlas.' },
  ],
  'namibia-dunes': [
    { nights: 1, place: 'Windhoek', plan: 'Arrive, rest, and pick up the car.' },
    { nights: 3, place: 'Sossusvlei', plan: 'Dune 45 at sunrise, the white pan at ease.' },
    { nights: 3, place: 'Swakopmund', plan: 'Fog, flamingos and apple cake.' },
    { nights: 4, place: 'Damaraland', plan: 'Desert elephants and rock engravings.' },
  ],
  'kyoto-spring': [
    { nights: 4, place: 'Kyoto', plan: 'Gardens at opening time, tea, and the canal in bloom.' },
    { nights: 2, place: 'Kurama', plan: 'A mountain inn, cedar paths and hot water.' },
    { nights: 2, place: 'Nara', plan: 'Deer, lanterns and the oldest timber in the world.' },
    { nights: 2, place: 'Tokyo', plan: 'Two days of everything at once.' },
  ],
  'hokkaido-snow': [
    { nights: 2, place: 'Sapporo', plan: 'Ramen alley and the snow lights.' },
    { nights: 5, place: 'Furano', plan: 'Birch forests on skis, with and without lifts.' },
    { nights: 2, place: 'Noboribetsu', plan: 'Steam, silence and outdoor baths.' },
  ],
  'patagonia-trails': [
    { nights: 2, place: 'Buenos Aires', plan: 'Bookshops, steak, and getting over the flight.' },
    { nights: 5, place: 'El Chaltén', plan: 'Laguna de los Tres and the walk to Cerro Torre.' },
    { nights: 4, place: 'Torres del Paine', plan: 'Half of the W, with full nights of sleep.' },
  ],
  'nova-scotia-coast': [
    { nights: 2, place: 'Halifax', plan: 'The boardwalk and the farmers’ market.' },
    { nights: 2, place: 'Lunenburg', plan: 'Wooden boats, chowder and coloured houses.' },
    { nights: 3, place: 'Bay of Fundy', plan: 'Walk on the sea floor, then watch it return.' },
    { nights: 3, place: 'Cape Breton', plan: 'The Cabot Trail and a ceilidh or two.' },
  ],
};

export function nightsOf(id: TripId): number {
  return itineraries[id].reduce((sum, { nights }) => sum + nights, 0);
}

/** A leg with its days, counted from 1; the last leg includes the day of the journey home. */
export interface DatedLeg extends Leg {
  firstDay: number;
  lastDay: number;
}

export function dayByDay(id: TripId): readonly DatedLeg[] {
  const legs = itineraries[id];
  return legs.map((leg, index) => {
    const nightsBefore = legs.slice(0, index).reduce((sum, { nights }) => sum + nights, 0);
    const journeyHome = index === legs.length - 1 ? 1 : 0;
    return { ...leg, firstDay: nightsBefore + 1, lastDay: nightsBefore + leg.nights + journeyHome };
  });
}
