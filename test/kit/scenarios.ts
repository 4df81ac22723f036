/** A drive past a base, and what must become of it. */
export const ROAD = `
camfence: { scenario: 1 }
title: Past a base
route: { waypoints: [{ eastM: -400, northM: 0 }, { eastM: 400, northM: 0 }], speedMps: 20 }
zones: { features: [{ id: base, shapes: [{ box: { at: { eastM: 0, northM: 60 }, eastM: 100, northM: 80 } }] }] }
`;
export const MET = `${ROAD}expect: [{ that: no-leak }, { that: outcome, zone: base, action: drop, of: some }]\n`;
