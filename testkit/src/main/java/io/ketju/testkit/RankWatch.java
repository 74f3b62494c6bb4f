package io.ketju.testkit;

import io.ketju.actors.stage.StageTrace;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Hears what a rank does, so that a test can wait until it has nothing more to do without waiting any longer: a mark behind all
 * messages that were told, which has no effect, and what the rank was at when it took it. What a rank tells itself comes
 * behind a mark, so a second one must find that nothing happened in between. Thread-safe.
 */
final class RankWatch implements StageTrace {
    /** The window of a mark: one that is long over, whose sums nobody waits for. */
    static final long MARK = -1;

    private final List<Action> actions = new ArrayList<>();
    private int running;
    private long marks;
    /** Whether anything happened since the mark before. */
    private boolean stirred = true;

    private boolean idleAtMark;

    @Override
    public synchronized void takes(StageEvent event) {
        if (event instanceof StageEvent.SumsAgreed sums && sums.window() == MARK) {
            marks++;
            idleAtMark = running == 0 && !stirred;
            stirred = false;
            notifyAll();
        } else {
            stirred = true;
        }
    }

    @Override
    public synchronized void ready(StageEffect.RunCompute run) {
        actions.add(run.action());
        running++;
        stirred = true;
    }

    @Override
    public synchronized void ended(long started, long ended) {
        running--;
        stirred = true;
        notifyAll();
    }

    @Override
    public void sends(StageEffect.SendTensor send, int to) {}

    @Override
    public void handedOver() {}

    /** Those that were started, in their order. */
    synchronized List<Action> actions() {
        return List.copyOf(actions);
    }

    /**
     * Has marks told until the rank was at nothing when it took one.
     *
     * @param mark tells the rank of one more
     */
    synchronized void awaitIdle(Runnable mark, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            long before = marks;
            mark.run();
            await(() -> marks > before, deadline);
            await(() -> idleAtMark || running == 0, deadline);
        } while (!idleAtMark);
    }

    private void await(BooleanSupplier condition, long deadline) {
        try {
            while (!condition.getAsBoolean()) {
                long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (millis <= 0) {
                    throw new AssertionError("the rank has not come to rest; it has run " + actions);
                }
                wait(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a rank is tested", e);
        }
    }
}
