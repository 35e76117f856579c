/** Stops the emulated server dead: nothing not yet stored survives. */
export class PowerCut extends Error {}
