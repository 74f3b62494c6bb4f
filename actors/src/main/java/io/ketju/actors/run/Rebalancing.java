package io.ketju.actors.run;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.Rebalance;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.choice.MeasuredCut;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether what the stages of a run took is a reason to cut its model anew. Time comes from outside. */
final class Rebalancing {
    private static final Logger LOG = LoggerFactory.getLogger(Rebalancing.class);
    private static final double MILLIS = 1e6;

    private final Rebalance rule;
    private long sinceNanos;

    /**
     * @param nanos now, by a clock that never goes back
     */
    Rebalancing(Rebalance rule, long nanos) {
        this.rule = rule;
        this.sinceNanos = nanos;
    }

    /** The run has been cut anew, for whatever reason. */
    void cut(long nanos) {
        sinceNanos = nanos;
    }

    /**
     * The cut to go on with; empty: the one that there is, is good enough, or too new.
     *
     * @param busy what each stage took for a step, in nanoseconds; not of this job where it was cut in the meantime
     * @param lanes actions that can run at once
     */
    Optional<Repartitioning> after(TrainingJob job, List<Double> busy, int lanes, long nanos) {
        boolean tooEarly =
                nanos - sinceNanos < Duration.ofSeconds(rule.seconds()).toNanos();
        if (tooEarly || busy.size() != job.stages()) {
            return Optional.empty();
        }
        MeasuredCut best = MeasuredCut.of(job.pipeline(), busy, lanes);
        if (best.gain() < rule.gain()) {
            return Optional.empty();
        }
        String cause = String.format(
                Locale.ROOT,
                "the busiest rank takes %.2f ms of a step, and %.2f ms with another cut, as was measured over %d steps",
                best.before() / MILLIS,
                best.after() / MILLIS,
                rule.steps());
        try {
            TrainingJob next = Repartition.at(best.partition()).of(job);
            return Optional.of(new Repartitioning(next, cause, new CompletableFuture<>()));
        } catch (InvalidJobException e) {
            LOG.info("not cut anew: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
