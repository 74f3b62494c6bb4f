package io.ketju.actors.job;

import io.ketju.pipeline.trace.TracedAction;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Hears of a run. Called from one thread at a time, in order; a slow listener slows the run's reporting, not its
 * stages. An exception thrown here stops the run and is the cause of its failure.
 */
@FunctionalInterface
public interface TrainingListener {
    void on(TrainingEvent event);

    /**
     * What a run calls. A listener that wants to stop its run overrides this, or is made by {@link #controlling}: the
     * control is there with the first event, when {@code Ketju.start} may not have returned yet.
     */
    default void on(TrainingEvent event, TrainingControl run) {
        on(event);
    }

    /**
     * Who is to hear of every action of the ranks that this JVM holds, as soon as it has ended: asked once, before the run begins.
     * It is called on the threads of the ranks, several at once, which wait for it: it must return at once and throw nothing.
     */
    default Optional<Consumer<TracedAction>> actions() {
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
