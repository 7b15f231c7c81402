/**
 * Waits for something, but not for ever.
 *
 * @param milliseconds how long at most.
 * @param late called when it takes longer.
 */
export async function within(
  milliseconds: number,
  work: Promise<void>,
  late: () => void = () => undefined,
): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    late();
    over.resolve();
  }, milliseconds);
  try {
    await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
