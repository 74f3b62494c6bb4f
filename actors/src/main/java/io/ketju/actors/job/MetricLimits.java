package io.ketju.actors.job;

import io.ketju.data.BatchSource;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Locale;

/**
 * How much a job may measure. What metrics give of a mini-batch travels in one control message, which is small; what they
 * collect is kept until the epoch ends.
 */
public final class MetricLimits {
    /** Most numbers that the metrics of a model give for one mini-batch: 48 KiB. */
    public static final int PER_BATCH = 6_144;

    /** Most numbers that one metric keeps of one pass over a data set: 32 MiB. */
    public static final long PER_EPOCH = 1L << 22;

    private MetricLimits() {}

    /** Throws {@link InvalidJobException} if the model measures more than that of a job's mini-batches, or in one epoch. */
    static void require(Model model, JobData data, JobData.Sources sources) {
        if (data.handedSteps().isPresent()) {
            return; // whoever hands them over is told then
        }
        int batchSize = data.samplesOfWindow();
        long all = 0;
        for (Head head : model.heads()) {
            for (Metric metric : head.metrics()) {
                long numbers = numbers(model, head, metric, batchSize);
                all += numbers;
                if (all > PER_BATCH) {
                    throw new InvalidJobException(JobKey.METRICS.path() + ": expected at most " + count(PER_BATCH)
                            + " numbers of a mini-batch of " + batchSize + ", found " + count(all) + ", of which "
                            + metric.name() + " gives " + count(numbers)
                            + "; measure something else, of fewer classes or of smaller batches");
                }
            }
        }
        requireEpoch(model, batchSize, sources.train());
        sources.test().ifPresent(batches -> requireEpoch(model, batchSize, batches));
    }

    /**
     * Throws {@link InvalidJobException} if one epoch of these mini-batches is too much for metrics that collect.
     *
     * @param model with its heads
     * @param batchSize samples of a full mini-batch
     * @param source of which one data epoch is measured
     */
    public static void requireEpoch(Model model, int batchSize, BatchSource source) {
        for (Head head : model.heads()) {
            for (Metric metric : head.metrics()) {
                long numbers = source.stepsPerEpoch() * numbers(model, head, metric, batchSize);
                if (metric.collects() && numbers > PER_EPOCH) {
                    throw new InvalidJobException(JobKey.METRICS.path() + ": " + metric.name() + " keeps "
                            + count(numbers) + " scores of the " + count(source.stepsPerEpoch()) + " mini-batches of "
                            + source.name() + ", expected at most " + count(PER_EPOCH)
                            + "; measure it of less data, or something else");
                }
            }
        }
    }

    private static long numbers(Model model, Head head, Metric metric, int batchSize) {
        List<TensorType> inputs = model.types(batchSize).of(head.inputs());
        return JobChecks.naming(JobKey.METRICS.path(), () -> metric.numbers(inputs));
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
