package io.ketju.metrics;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run as spans of OpenTelemetry: {@code ketju.run}, in it {@code ketju.epoch}, in that {@code ketju.step} for each optimizer step, from
 * when the one before was told until it is told itself; a checkpoint and a restart are events of the run. Attributes: {@code ketju.job},
 * {@code ketju.step}, {@code ketju.epoch}, {@code ketju.samples}, and what was measured ({@code ketju.loss}, {@code ketju.test.accuracy}).
 * For one run; {@link #close} ends the spans that a failure left open.
 */
public final class KetjuSpans implements TrainingListener, AutoCloseable {
    private final Tracer tracer;
    private final Context parent;
    private @Nullable Span run;
    private @Nullable Span epoch;
    private Instant last = Instant.now();

    /**
     * Under the span that is the current one where this is made, if there is one.
     *
     * @param tracer of the program's own OpenTelemetry
     */
    public KetjuSpans(Tracer tracer) {
        this.tracer = tracer;
        this.parent = Context.current();
    }

    @Override
    public synchronized void on(TrainingEvent event) {
        Instant now = Instant.now();
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting -> {
                // Nothing is trained yet.
            }
            case TrainingEvent.Started started ->
                run = tracer.spanBuilder("ketju.run")
                        .setParent(parent)
                        .setStartTimestamp(now)
                        .setAttribute("ketju.job", started.job().name())
                        .setAttribute("ketju.workers", started.workers())
                        .startSpan();
            case TrainingEvent.Restarted again -> {
                if (run != null) {
                    run.addEvent(
                            "ketju.restart",
                            Attributes.builder()
                                    .put("ketju.cause", again.cause())
                                    .put("ketju.step", again.firstStep() - 1)
                                    .build(),
                            now);
                }
            }
            case TrainingEvent.Repartitioned moved -> {
                if (run != null) {
                    run.addEvent(
                            "ketju.repartition",
                            Attributes.builder()
                                    .put("ketju.cause", moved.cause())
                                    .put("ketju.step", moved.firstStep() - 1)
                                    .put("ketju.stall.ms", moved.stall().total().toMillis())
                                    .build(),
                            now);
                }
            }
            case TrainingEvent.StepFinished step -> step(step, now);
            case TrainingEvent.EpochFinished done -> {
                Span ended = epoch(done.epoch());
                ended.setAllAttributes(measured("ketju.train.", done.train()));
                ended.setAllAttributes(measured("ketju.test.", done.test()));
                ended.end(now);
                epoch = null;
            }
            case TrainingEvent.CheckpointCommitted checkpoint -> {
                if (run != null) {
                    run.addEvent(
                            "ketju.checkpoint",
                            Attributes.builder()
                                    .put("ketju.step", checkpoint.step())
                                    .build(),
                            now);
                }
            }
        }
        last = now;
    }

    private void step(TrainingEvent.StepFinished step, Instant now) {
        tracer.spanBuilder("ketju.step")
                .setParent(Context.root().with(epoch(step.epoch())))
                .setStartTimestamp(last)
                .setAttribute("ketju.step", step.step())
                .setAttribute("ketju.samples", step.samples())
                .setAllAttributes(measured("ketju.", step.numbers()))
                .startSpan()
                .end(now);
    }

    /** The open one, which begins where the event before was told. */
    private Span epoch(int number) {
        Span open = epoch;
        if (open == null) {
            open = tracer.spanBuilder("ketju.epoch")
                    .setParent(run == null ? parent : Context.root().with(run))
                    .setStartTimestamp(last)
                    .setAttribute("ketju.epoch", number)
                    .startSpan();
            epoch = open;
        }
        return open;
    }

    private static Attributes measured(String prefix, Measured measured) {
        AttributesBuilder attributes = Attributes.builder();
        measured.values().forEach((name, value) -> attributes.put(prefix + name, value));
        return attributes.build();
    }

    /** Ends what is open: the run has ended. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (epoch != null) {
            epoch.end();
            epoch = null;
        }
        if (run != null) {
            run.end();
            run = null;
        }
    }
}
