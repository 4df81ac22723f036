/**
 * A list whose elements are made when they are first asked for: of a hundred thousand zones a vehicle meets a hundred.
 * It is an array to all who read it.
 */
export function lazyList<Item>(length: number, make: (i: number) => Item): readonly Item[] {
  const made: Item[] = [];
  made.length = length;
  const indexOf = (key: string | symbol): number => {
    const i = typeof key === "string" ? Number(key) : Number.NaN;
    return Number.isInteger(i) && i >= 0 && i < length && String(i) === key ? i : -1;
  };
  const item = (i: number): Item =>
    Object.hasOwn(made, i) ? (made[i] ?? (made[i] = make(i))) : (made[i] = make(i));
  return new Proxy(made, {
    get(target, key, receiver): unknown {
      const i = indexOf(key);
      return i < 0 ? Reflect.get(target, key, receiver) : item(i);
    },
    has: (target, key) => indexOf(key) >= 0 || Reflect.has(target, key),
    ownKeys: (target) => [
      ...Array.from({ length }, (_, i) => String(i)),
      ...Reflect.ownKeys(target).filter((key) => indexOf(key) < 0),
    ],
    getOwnPropertyDescriptor(target, key) {
      const i = indexOf(key);
      if (i >= 0) item(i);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
}
