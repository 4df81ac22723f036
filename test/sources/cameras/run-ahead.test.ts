import { Subject, throwError } from "rxjs";
import { describe, expect, it } from "vitest";
import { runAhead } from "../../../src/sources/cameras/run-ahead.ts";

function taken(source: Subject<number>, most = 3) {
  const { values, running } = runAhead(source, most);
  const got: unknown[] = [];
  const take = () =>
    values.subscribe({
      next: (value) => got.push(value),
      error: (thrown: unknown) => got.push(thrown),
      complete: () => got.push("end"),
    });
  return { got, take, running };
}

describe("a camera that starts before the gate is open", () => {
  it("loses nothing that the gate came in time for, in order", () => {
    const source = new Subject<number>();
    const { got, take } = taken(source);
    source.next(1);
    source.next(2);
    take();
    source.next(3);
    expect(got).toEqual([1, 2, 3]);
  });

  it("holds only the newest, however long nobody comes", () => {
    const source = new Subject<number>();
    const { got, take } = taken(source, 2);
    for (let i = 0; i < 100; i++) source.next(i);
    take();
    expect(got).toEqual([98, 99]);
  });

  it("gives nothing twice", () => {
    const source = new Subject<number>();
    const { got, take } = taken(source);
    source.next(1);
    take();
    take();
    expect(got).toEqual([1]);
  });

  it("ends with the gate, and when the gate never opens", () => {
    const gated = new Subject<number>();
    taken(gated).take().unsubscribe();
    expect(gated.observed).toBe(false);
    const refused = new Subject<number>();
    taken(refused).running.unsubscribe();
    expect(refused.observed).toBe(false);
  });

  it("tells its end and its failure to whoever comes later", () => {
    const source = new Subject<number>();
    const { got, take } = taken(source);
    source.next(1);
    source.complete();
    take();
    expect(got).toEqual([1, "end"]);
    const failed: unknown[] = [];
    runAhead(
      throwError(() => "broken"),
      1,
    ).values.subscribe({ error: (thrown: unknown) => failed.push(thrown) });
    expect(failed).toEqual(["broken"]);
  });
});
