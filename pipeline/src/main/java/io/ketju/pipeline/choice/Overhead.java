package io.ketju.pipeline.choice;

/**
 * What a step takes beside the times of layers that run alone on one thread, where a job is to run.
 *
 * @param hop of a tensor from one rank to another; it delays the receiver and occupies nobody
 * @param start of each action: it occupies its rank
 * @param slowdown how many times as long layers take there, while all ranks compute
 */
public record Overhead(double hop, double start, double slowdown) {
    /** Nothing. */
    public static final Overhead NONE = new Overhead(0, 0, 1);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is negative or not finite, or the slowdown is 0
     */
    public Overhead {
        if (!(hop >= 0 && start >= 0 && slowdown > 0) || !Double.isFinite(hop + start + slowdown)) {
            throw new IllegalArgumentException(
                    "expected an overhead of finite times from 0 on and a slowdown above 0, found a hop of " + hop
                            + ", a start of " + start + " and a slowdown of " + slowdown);
        }
    }

    /**
     * {@return the same with another slowdown}
     *
     * @param times as long as alone
     */
    public Overhead slowed(double times) {
        return new Overhead(hop, start, times);
    }

    /**
     * {@return the same with a share of its hop and its starts}
     *
     * @param share from 0 to 1
     */
    public Overhead share(double share) {
        return new Overhead(share * hop, share * start, slowdown);
    }
}
