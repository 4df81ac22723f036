import type { ServerResponse } from "node:http";
import type { Observable } from "rxjs";

/** Something that a page shows is no longer what it was. */
export interface MapEvent {
  readonly kind: "zones" | "drives";
  readonly revision: number;
}

export interface EventStreams {
  /** Takes over a response whose head was sent. */
  attach(response: ServerResponse): void;
  close(): void;
}

/** A page has one; more than this many pages wait for a reload by hand. */
const MAX_STREAMS = 16;

/** Tells pages what changes, as server-sent events (WHATWG HTML, § 9.2). */
export function createEventStreams(events: Observable<MapEvent>): EventStreams {
  const streams = new Set<ServerResponse>();
  const last = new Map<MapEvent["kind"], MapEvent>();
  const subscription = events.subscribe((event) => {
    last.set(event.kind, event);
    for (const stream of streams) stream.write(textOf(event));
  });
  return {
    attach(response) {
      if (streams.size >= MAX_STREAMS) {
        response.end();
        return;
      }
      streams.add(response);
      response.on("close", () => streams.delete(response));
      response.write(`retry: 1000\n\n${[...last.values()].map(textOf).join("")}`);
    },
    close() {
      subscription.unsubscribe();
      for (const stream of streams) stream.end();
    },
  };
}

const textOf = ({ kind, revision }: MapEvent) => `event: ${kind}\ndata: ${revision}\n\n`;
