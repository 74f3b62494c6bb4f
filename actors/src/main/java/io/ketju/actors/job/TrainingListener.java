package io.ketju.actors.job;

import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Hears of a run. Called from one thread at a time, in order; a slow listener slows the run's reporting, not its
 * stages. An exception thrown here stops the run and is the cause of its failure.
 */
@FunctionalInterface
public interface TrainingListener {
    /**
     * Something has happened.
     *
     * @param event what, as it was when it happened
     */
    void on(TrainingEvent event);

    /**
     * What a run calls. A listener that wants to stop its run overrides this, or is made by {@link #controlling}: the
     * control is there with the first event, when {@code Ketju.start} may not have returned yet.
     *
     * @param event what has happened
     * @param run may be asked to stop, now or later
     */
    default void on(TrainingEvent event, TrainingControl run) {
        on(event);
    }

    /**
     * Who looks now and then at what the ranks do, in this JVM or in others. Asked whenever the run begins or begins again.
     *
     * @return empty: nobody
     */
    default Optional<TimelineWatcher> timeline() {
        return Optional.empty();
    }

    /**
     * A listener that may stop its run:
     *
     * <pre>{@code
     * Ketju.fit(job, TrainingListener.controlling((event, run) -> {
     *     if (event instanceof TrainingEvent.EpochFinished epoch && epoch.test().get("accuracy").orElse(0) > 0.99) {
     *         run.stop("good enough");
     *     }
     * }));
     * }</pre>
     *
     * @param listener hears every event with the control of its run
     * @return one that a run must call with its control
     */
    static TrainingListener controlling(BiConsumer<TrainingEvent, TrainingControl> listener) {
        return new TrainingListener() {
            @Override
            public void on(TrainingEvent event) {
                throw new IllegalStateException("this listener is to be called with the control of its run");
            }

            @Override
            public void on(TrainingEvent event, TrainingControl run) {
                listener.accept(event, run);
            }
        };
    }
}
