/** Lets so many through at a time; the others wait in the order they came, as long as they wish to. */

export interface Window {
  /** How to leave again, which must be done once; `null` where there was no place within that time. */
  enter(withinMs: number): Promise<(() => void) | null>;
}

export function openWindow(size: number): Window {
  const waiting = new Set<(mayEnter: boolean) => void>();
  let inside = 0;
  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) inside -= 1;
    else next(true);
  };
  return {
    enter: (withinMs) => {
      if (inside < size) {
        inside += 1;
        return Promise.resolve(leave);
      }
      return new Promise((resolve) => {
        const settle = (mayEnter: boolean): void => {
          clearTimeout(deadline);
          waiting.delete(settle);
          resolve(mayEnter ? leave : null);
        };
        const deadline = setTimeout(() => settle(false), withinMs);
        waiting.add(settle);
      });
    },
  };
}
