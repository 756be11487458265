// A pool of things that are dear to make: so many at most, each for one user at a time. Whoever comes when all are out
// waits for one to be given back, for so long at most.
export class SessionPool {
  #free = [];
  #waiting = [];
  #made = 0;
  #make;
  #limit;
  #waitMs;

  constructor(make, { limit, waitMs }) {
    this.#make = make;
    this.#limit = limit;
    this.#waitMs = waitMs;
  }

  get size() {
    return this.#made;
  }

  async acquire() {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made < this.#limit) {
      this.#made += 1;
      return this.#make();
    }
    return new Promise((resolve, reject) => {
      const waiter = { resolve };
      waiter.timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new Error('no session became free'));
      }, this.#waitMs);
      this.#waiting.push(waiter);
    });
  }

  release(session) {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#free.push(session);
      return;
    }
    clearTimeout(next.timer);
    next.resolve(session);
  }

  async use(action) {
    const session = await this.acquire();
    try {
      return await action(session);
    } finally {
      this.release(session);
    }
  }
}
