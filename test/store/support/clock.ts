/** A clock that a test moves. */
export class TestClock {
  now = 1_000_000;
  readonly read = (): number => this.now;
}
