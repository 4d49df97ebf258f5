/**
 * One step of a call: `transition(call, event, rules) → { call, effects }`. Same call, same event, same step: no clock, no chance, no
 * waiting. What to save (the call, the notices) comes back together with what to do after it is saved (the actions).
 */
import { assignment } from './assignment.ts';
import type { Call, CallState, Place } from './call.ts';
import { conversation } from './conversation.ts';
import { entry } from './entry.ts';
import type { CallEvent } from './events.ts';
import { farewell } from './farewell.ts';
import { greeting } from './greeting.ts';
import { interpreted } from './interpreted.ts';
import { queue } from './queue.ts';
import type { Rules } from './rules.ts';
import type { Station, Step } from './station.ts';

const house: { readonly [P in Place]: Station<P> } = {
  arriving: entry,
  greeting,
  waiting: queue,
  offered: assignment,
  talking: conversation,
  interpreted,
  ended: farewell,
};

export function transition(before: Call, event: CallEvent, rules: Rules): Step {
  const answered = answer(before, event, rules);
  if (answered.call.state.at === before.state.at) return counted(before, answered);
  const next = answered.call.state;
  const left = leave({ ...answered.call, state: before.state }, next, event, rules);
  const entered = enter({ ...left.call, state: next }, event, rules);
  return counted(before, { call: entered.call, effects: [...left.effects, ...answered.effects, ...entered.effects] });
}

/** A step that changes nothing is no revision and need not be saved. */
const counted = (before: Call, step: Step): Step =>
  step.call === before ? step : { ...step, call: { ...step.call, revision: before.revision + 1 } };

// TypeScript cannot follow the link between `state.at` and the station; these three are the only casts of the house.
const answer = (call: Call, event: CallEvent, rules: Rules): Step =>
  (house[call.state.at].on[event.type] as (call: Call, event: CallEvent, rules: Rules) => Step)(call, event, rules);
const enter = (call: Call, event: CallEvent, rules: Rules): Step => (house[call.state.at] as Station<Place>).enter(call, event.time, rules);
const leave = (call: Call, next: CallState, event: CallEvent, rules: Rules): Step =>
  (house[call.state.at] as Station<Place>).leave(call, next, event.time, rules);
