package io.ketju.pipeline.trace;

import io.ketju.pipeline.stage.TensorKey;
import java.util.List;
import java.util.Optional;

/**
 * Where the time of a run's steady part went: of its training windows without the first few. All times are nanoseconds.
 *
 * @param windows training windows that were looked at
 * @param skipped training windows before them
 * @param dropped records for which there was no room; the windows that they were of are not in the trace, or not whole
 * @param ranks by rank, what their time was made of
 * @param waits the longest in all first
 * @param hops by kind, sender and receiver
 * @param pace how fast windows followed each other, if that can be said
 */
public record TraceReport(
        int windows,
        int skipped,
        long dropped,
        List<RankTimes> ranks,
        List<Wait> waits,
        List<Hop> hops,
        Optional<Pace> pace) {
    /** {@return the share of all ranks' time that went by waiting for samples, which the feeder had not sent yet; 0 without ranks} */
    public double feederShare() {
        long waited = waits.stream()
                .filter(wait -> wait.cause().reason() == Cause.Reason.FED)
                .mapToLong(Wait::total)
                .sum();
        long time = ranks.stream().mapToLong(RankTimes::total).sum();
        return time == 0 ? 0 : (double) waited / time;
    }

    /** What a rank does when it does not compute. */
    public enum Waiting {
        /** Something has not been sent, or is on its way from another process. */
        INPUT,
        /** What it needs is in this process, and no thread has taken it up. */
        THREAD,
        /** The buffers of what it would make are not back. */
        BUFFERS,
        /** The rank hands over the tensors that it made. */
        SENDING,
        /** The rank is at its messages: what no cause explains. */
        OTHER
    }

    /**
     * What one rank's time was made of, in nanoseconds.
     *
     * @param rank from 0
     * @param stages that it runs, ascending
     * @param computing in actions
     * @param input in {@link Waiting#INPUT}
     * @param thread in {@link Waiting#THREAD}
     * @param buffers in {@link Waiting#BUFFERS}
     * @param sending in {@link Waiting#SENDING}
     * @param other in {@link Waiting#OTHER}
     */
    public record RankTimes(
            int rank,
            List<Integer> stages,
            long computing,
            long input,
            long thread,
            long buffers,
            long sending,
            long other) {
        /** {@return all of it together} */
        public long total() {
            return computing + input + thread + buffers + sending + other;
        }
    }

    /**
     * One kind of wait of one rank.
     *
     * @param rank from 0
     * @param waiting what it did meanwhile
     * @param cause of waits for input; {@link Cause.Reason#TURN} for all others
     * @param total time of all, in nanoseconds
     * @param count how often it waited
     * @param median of these times
     */
    public record Wait(int rank, Waiting waiting, Cause cause, long total, int count, long median) {}

    /**
     * Ways of tensors that went to an idle rank, from being sent until the action was ready that waited for them.
     *
     * @param kind what travelled
     * @param from the stage that sent it, or the feeder
     * @param to the stage that waited
     * @param count of such ways
     * @param median of their times, in nanoseconds
     * @param p99 99 of 100 took no longer, in nanoseconds
     */
    public record Hop(TensorKey.Kind kind, int from, int to, int count, long median, long p99) {}

    /**
     * How fast windows followed each other.
     *
     * @param period from the end of one to the end of the next, the median
     * @param work of all ranks together, in a window
     * @param simulated the makespan of one window if every action takes its median time and nothing else takes any
     */
    public record Pace(double period, double work, double simulated) {}
}
