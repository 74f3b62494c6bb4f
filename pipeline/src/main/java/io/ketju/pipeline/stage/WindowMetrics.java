package io.ketju.pipeline.stage;

/**
 * What one window measured. Only the last stage measures; the others report {@link #NONE}.
 *
 * @param lossSum sum of all samples' losses, added in micro-batch order; divided by the window's denominator it is the
 *     mean loss
 * @param correct samples whose largest output was at their target; 0 for losses that do not count them
 * @param samples samples that counted
 */
public record WindowMetrics(double lossSum, long correct, long samples) {
    public static final WindowMetrics NONE = new WindowMetrics(0, 0, 0);
}
