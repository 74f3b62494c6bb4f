package io.ketju.pipeline.trace;

import io.ketju.pipeline.trace.TraceReport.RankTimes;
import io.ketju.pipeline.trace.TraceReport.Wait;
import io.ketju.pipeline.trace.TraceReport.Waiting;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Says of every nanosecond of one rank what it was for. Between the end of one action and the end of the next lie: until the
 * rank heard of the end; until it had sent what was made; until the next action was ready, which is what its cause says; until a thread ran it; its run.
 */
final class Attribution {
    /** In the place of the time at which a tensor was sent, where no stage of the rank's process sent it. */
    static final long ELSEWHERE = Long.MIN_VALUE;

    private record Key(Waiting waiting, Cause cause) {}

    private final int rank;
    private final ToLongFunction<TracedTensor> sentHere;
    private final Map<Key, Durations> waits = new LinkedHashMap<>();
    private final Map<Waiting, Long> totals = new EnumMap<>(Waiting.class);
    private final TreeSet<Integer> stages = new TreeSet<>();
    private long computing;

    /** @param sentHere when a tensor was sent, or {@link #ELSEWHERE} */
    Attribution(int rank, ToLongFunction<TracedTensor> sentHere) {
        this.rank = rank;
        this.sentHere = sentHere;
    }

    /** The time from the end of one action to the end of the one behind it. */
    void add(TracedAction before, TracedAction action) {
        stages.add(action.action().stage());
        wait(
                Waiting.THREAD,
                action.cause(),
                action.started() - action.ready() + before.heard() - before.ended() + taken(before, action));
        switch (action.cause().reason()) {
            case TURN -> wait(Waiting.OTHER, action.cause(), action.ready() - free(before, action));
            case BUFFER -> wait(Waiting.BUFFERS, action.cause(), action.ready() - free(before, action));
            case WINDOW,
                    SUMS,
                    FED,
                    ACTIVATION,
                    GRADIENT,
                    TIED_WEIGHT,
                    TIED_GRADIENT,
                    GROUP_SUM,
                    SHARE_GRADIENT,
                    REPLICA_WEIGHT ->
                wait(Waiting.INPUT, action.cause(), action.ready() - free(before, action) - taken(before, action));
        }
        wait(Waiting.SENDING, action.cause(), free(before, action) - before.heard());
        computing += action.ended() - action.started();
    }

    /** From when on the rank could have begun the action, as far as the one before goes. */
    private static long free(TracedAction before, TracedAction action) {
        return Math.min(before.sent(), action.ready());
    }

    /** How long the rank could have had the tensor that it waited for, if only a thread had taken the message up. */
    private long taken(TracedAction before, TracedAction action) {
        long sent = action.cause().tensor().isEmpty() ? ELSEWHERE : sentHere.applyAsLong(action.awaited());
        return sent == ELSEWHERE ? 0 : Math.max(0, action.ready() - Math.max(sent, free(before, action)));
    }

    private void wait(Waiting waiting, Cause cause, long nanos) {
        if (nanos > 0) {
            Cause told =
                    waiting == Waiting.INPUT ? new Cause(cause.reason(), cause.from(), 0) : Cause.of(Cause.Reason.TURN);
            waits.computeIfAbsent(new Key(waiting, told), key -> new Durations())
                    .add(nanos);
            totals.merge(waiting, nanos, Long::sum);
        }
    }

    RankTimes times() {
        return new RankTimes(
                rank,
                List.copyOf(stages),
                computing,
                total(Waiting.INPUT),
                total(Waiting.THREAD),
                total(Waiting.BUFFERS),
                total(Waiting.SENDING),
                total(Waiting.OTHER));
    }

    private long total(Waiting waiting) {
        return totals.getOrDefault(waiting, 0L);
    }

    Stream<Wait> waits() {
        return waits.entrySet().stream()
                .map(entry -> new Wait(
                        rank,
                        entry.getKey().waiting(),
                        entry.getKey().cause(),
                        entry.getValue().total(),
                        entry.getValue().count(),
                        entry.getValue().median()));
    }
}
