// The world of the adventure: an island whose lighthouse went dark. Given: nothing to do here.

export interface Room {
  name: string
  description: string
  /** For each direction, the id of the room it leads to. */
  exits: Record<string, string>
  /** What lies here when a game begins. */
  items: string[]
}

export const START = 'jetty'
export const FULL_HEALTH = 3

export const rooms: Record<string, Room> = {
  jetty: {
    name: 'The jetty',
    description:
      'Your boat knocks against the planks. Above you stands the lighthouse, dark, and a ship is due tonight.',
    exits: { north: 'yard', west: 'boathouse' },
    items: [],
  },
  boathouse: {
    name: 'The boathouse',
    description: 'Nets, tar, and a shelf with the stores for the lamp.',
    exits: { east: 'jetty' },
    items: ['oil'],
  },
  yard: {
    name: 'The yard',
    description:
      'Grass between cobbles. White feathers lead to the tower in the north; the kitchen is in the east.',
    exits: { north: 'stairs', east: 'kitchen', south: 'jetty' },
    items: [],
  },
  kitchen: {
    name: 'The kitchen',
    description: 'The stove is cold, but the table is laid for one.',
    exits: { west: 'yard' },
    items: ['bread'],
  },
  stairs: {
    name: 'The foot of the stairs',
    description: 'The stairs wind up into the tower. Below them is a row of hooks.',
    exits: { south: 'yard', up: 'lantern' },
    items: ['key'],
  },
  lantern: {
    name: 'The lantern room',
    description:
      'Glass on all sides. The lamp has no oil, and the clockwork that turns it has run down: it wants its key.',
    exits: { down: 'stairs' },
    items: [],
  },
}

/** It costs one health for each turn that ends in its room, except for those who carry what beats it. */
export const monster = {
  room: 'stairs',
  beatenBy: 'bread',
  fierce: 'An enormous gander guards the stairs, and he bites.',
  beaten: 'The gander has eaten from your hand, and is now your friend.',
}

/** Whoever carries these items in this room has won. */
export const goal = { room: 'lantern', items: ['oil', 'key'] }

export const endings = {
  won: 'You have won: the lamp burns, the beam turns, and out at sea a ship changes its course.',
  lost: 'You have lost: the gander chases you off the island, and the ship comes on in the dark.',
}
