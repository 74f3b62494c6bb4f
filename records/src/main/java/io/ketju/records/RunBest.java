package io.ketju.records;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.job.BestEpochRule;
import io.ketju.layers.model.HeadMetric;
import io.ketju.records.table.MetricsTable;
import java.util.Optional;

/**
 * Which epoch of a run is its best. Where the job has a rule, {@code BestCheckpoint(accuracy)} or {@code EarlyStopping(accuracy)}, it is
 * the one that the run itself has found by it, as its newest checkpoint says; else the one with the least test loss.
 *
 * @param metric by which it was found: that of the rule, or {@code loss}
 * @param epoch its numbers on the test samples; empty where there are none yet
 */
public record RunBest(String metric, Optional<MetricsTable.Epoch> epoch) {
    /**
     * Looks for it.
     *
     * @param run its folder
     * @param rule of the job, if it has one
     * @param numbers of the run
     * @return by the loss as long as the rule has found nothing that was kept
     */
    public static RunBest of(RunDirectory run, Optional<BestEpochRule> rule, MetricsTable numbers) {
        return rule.flatMap(known -> run.bestEpoch()
                        .filter(BestEpoch::any)
                        .flatMap(best -> numbers.epochs().stream()
                                .filter(epoch -> epoch.step() == best.step())
                                .findFirst())
                        .map(epoch -> new RunBest(known.metric(), Optional.of(epoch))))
                .orElseGet(() -> new RunBest(HeadMetric.LOSS, numbers.best()));
    }

    /** {@return the number of the epoch, with the metric where that is not the loss: {@code 7}, {@code 7 by accuracy}; empty without one} */
    public Optional<String> text() {
        return epoch.map(best -> best.number() + (metric.equals(HeadMetric.LOSS) ? "" : " by " + metric));
    }
}
