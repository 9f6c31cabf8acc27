import { useSyncExternalStore } from 'react';
import type { Trip } from './trip';
import { findTrip, trips } from './trips';

const storageKey = 'windrose-plan';
const plannedMax = trips.length;

let planned: readonly Trip[] = readPlan();
const listeners = new Set<() => void>();

/** The trips the visitor wants to make, kept on this device and the same in all its tabs. */
export function usePlan(): readonly Trip[] {
  return useSyncExternalStore(subscribe, () => planned);
}

export function addToPlan(trip: Trip): void {
  if (!planned.includes(trip)) replacePlan([...planned, trip]);
}

export function removeFromPlan(trip: Trip): void {
  replacePlan(planned.filter((other) => other !== trip));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function replacePlan(plan: readonly Trip[]): void {
  planned = plan;
  try {
    localStorage.setItem(storageKey, JSON.stringify(plan.map((trip) => trip.id)));
  } catch {
    // Without storage (blocked or full) the plan lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

function readPlan(): readonly Trip[] {
  try {
    return parsePlan(JSON.parse(localStorage.getItem(storageKey) ?? '[]'));
  } catch {
    return [];
  }
}

function parsePlan(stored: unknown): readonly Trip[] {
  if (!Array.isArray(stored)) return [];
  const ids: unknown[] = stored.slice(0, plannedMax);
  const found = ids.flatMap((id) => (typeof id === 'string' ? (findTrip(id) ?? []) : []));
  return [...new Set(found)];
}

addEventListener('storage', (event) => {
  if (event.key !== storageKey) return;
  planned = readPlan();
  for (const listener of listeners) listener();
});
