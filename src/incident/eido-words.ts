/**
 * Our words in the words of EIDO's registries (NENA-STA-021.1b; incident types from APCO 2.103.2, dispositions from APCO 1.111.2).
 * A first map, to be reviewed by a person of the centre. A code that is not known falls back to its matter, and a matter to TROUBLE.
 */
import type { Incident, MATTERS, OUTCOMES, URGENCIES } from './incident.ts';

type MatterClass = (typeof MATTERS)[number];
type Outcome = (typeof OUTCOMES)[number];
type Urgency = (typeof URGENCIES)[number];

const BY_MATTER: Readonly<Record<MatterClass, string>> = {
  criminal: 'INVEST',
  'public-order': 'DISORD',
  'mass-incident': 'CRWD',
  'disaster-accident': 'HAZ',
  'other-offence': 'SUSP',
  'urgent-help': 'CITASST',
  'police-misconduct': 'MISCON',
  'non-police': 'NONEMERG',
  silent: '911OPN',
  abandoned: '911H',
  unclear: 'TROUBLE',
};

/**
 * Codes that a matter may have (`matter.code`), in small letters: those that the word lists of the texts name, and others that a centre's
 * call takers write. One that is not here falls back to its class.
 */
const BY_CODE: ReadonlyMap<string, string> = new Map([
  ['theft', 'LARCENY'],
  ['burglary', 'BURGLARY'],
  ['robbery', 'ROBBERY'],
  ['fraud', 'FRAUD'],
  ['fight', 'FIGHT'],
  ['assault', 'ASSAULT'],
  ['abduction', 'ABDUCTNF'],
  ['domestic-violence', 'DVA'],
  ['domestic-dispute', 'DVNA'],
  ['crowd-violent', 'CU1'],
  ['crowd', 'CU2'],
  ['fire', 'FUNK'],
  ['traffic', 'MVA'],
  ['traffic-injury', 'MVAINJY'],
  ['missing-person', 'PERMISS'],
  ['suicide', 'SUICTHRT'],
  ['drowning', 'DROWN'],
  ['noise', 'NOISE'],
  ['misconduct', 'MISCON'],
  ['enquiry', 'INFO'],
  ['murder', 'HOMICIDE'],
  ['stabbing', 'STABBING'],
  ['shooting', 'SHOOT'],
  ['explosive', 'BOMB'],
  ['sexual-assault', 'SEXOFFNS'],
  ['extortion', 'EXTORT'],
  ['threat', 'THREATS'],
  ['stalking', 'STKX'],
  ['harassment', 'HARR'],
  ['weapon-seen', 'WEAPON'],
  ['held-against-will', 'ABDUCTNF'],
  ['hiding', 'TROUBLE'],
  ['suicide-threat', 'SUICTHRT'],
  ['explosion', 'EXPLOS'],
  ['gas-leak', 'GASLEAK'],
  ['traffic-accident', 'MVAUNK'],
  ['hit-and-run', 'MVAHR'],
  ['drunk-driving', 'DUI'],
  ['trapped', 'ENTRAP'],
  ['medical', 'SICK'],
  ['injured', 'TRAUMA'],
  ['drugs', 'DRUGS'],
  ['gambling', 'VICE'],
  ['prostitution', 'VICE'],
  ['vandalism', 'VANDAL'],
  ['drunk-person', 'INTOX'],
  ['disturbance', 'DISORD'],
  ['fireworks', 'FIREWRKS'],
  ['animal', 'ANIMAL'],
  ['police-misconduct', 'MISCON'],
  ['lost-property', 'PROPLOST'],
  ['locked-out', 'FORCENTR'],
  ['parking', 'PARKING'],
  ['civil-dispute', 'CDX'],
  ['public-service', 'PUBWKS'],
]);

export const incidentType = ({ class: matter, code }: Incident['matter']): string =>
  BY_CODE.get((code ?? '').toLowerCase()) ?? BY_MATTER[matter];

/** 0 to 10, 10 the highest. */
export const PRIORITY: Readonly<Record<Urgency, number>> = { immediate: 10, urgent: 7, normal: 4, low: 1 };

/** The nearest of the common disposition codes. */
export const DISPOSITION: Readonly<Record<Outcome, string>> = {
  dispatched: '01',
  'advice-given': '05',
  referred: '15',
  duplicate: '22',
  'called-back': '05',
  'not-reached': '02',
  'false-alarm': '10',
  'no-action': '13',
};

/** An incident that was never ours to follow up is cancelled by nobody: it is active until somebody closes it. */
export const statusOf = (status: Incident['status']): 'Active' | 'Closed' => (status === 'closed' ? 'Closed' : 'Active');
