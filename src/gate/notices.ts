import type { Observable, Observer, Subscription } from "rxjs";
import { messageOf } from "../core/errors.ts";

/** An input that ended or failed, a value that was refused, a clock that went back; the guard goes on. */
export interface Notice {
  readonly input: "fixes" | "wheels" | "zones" | "clock" | `camera ${string}`;
  readonly what: string;
}

/**
 * Subscribes to an input so that it can neither end nor break the guard: whatever happens to it is a notice. `ended` is
 * called when it has ended or failed.
 */
export function follow<T>(
  notices: Pick<Observer<Notice>, "next">,
  input: Notice["input"],
  source: Observable<T>,
  take: (value: T) => void,
  ended: () => void = () => {},
): Subscription {
  const end = (what: string): void => {
    ended();
    notices.next({ input, what });
  };
  return source.subscribe({
    next(value) {
      try {
        take(value);
      } catch (thrown) {
        notices.next({ input, what: `refused a value: ${messageOf(thrown)}` });
      }
    },
    error: (thrown: unknown) => end(`failed: ${messageOf(thrown)}`),
    complete: () => end("ended"),
  });
}
