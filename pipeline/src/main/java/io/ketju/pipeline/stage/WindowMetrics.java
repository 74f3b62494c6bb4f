package io.ketju.pipeline.stage;

import io.ketju.layers.model.Head;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one window measured, by the position of the head in the model. A stage knows those of its own heads.
 *
 * @param heads none of a stage without a loss
 */
public record WindowMetrics(SortedMap<Integer, OfHead> heads) {
    public static final WindowMetrics NONE = new WindowMetrics(Collections.emptySortedMap());

    /**
     * What one loss measured.
     *
     * @param lossSum sum of the losses, added in micro-batch order, neither divided nor multiplied by the head's weight
     * @param weight what the targets weigh; the sum divided by it is the mean loss
     * @param correct samples whose largest output was at their target; 0 for losses that do not count them
     * @param samples that counted
     */
    public record OfHead(double lossSum, double weight, long correct, long samples) {
        static final OfHead NONE = new OfHead(0, 0, 0, 0);

        /** Both together. */
        public OfHead plus(OfHead more) {
            return new OfHead(
                    lossSum + more.lossSum, weight + more.weight, correct + more.correct, samples + more.samples);
        }
    }

    public WindowMetrics {
        heads = Collections.unmodifiableSortedMap(new TreeMap<>(heads));
    }

    /** Of a model with one loss whose samples weigh 1. */
    public WindowMetrics(double lossSum, long correct, long samples) {
        this(new TreeMap<>(Map.of(0, new OfHead(lossSum, samples, correct, samples))));
    }

    /** The first head's. */
    public OfHead first() {
        return heads.isEmpty() ? OfHead.NONE : heads.firstEntry().getValue();
    }

    /** Sum of the first head's losses. */
    public double lossSum() {
        return first().lossSum();
    }

    /** What the first head counts as correct. */
    public long correct() {
        return first().correct();
    }

    /** Samples that count for the first head. */
    public long samples() {
        return first().samples();
    }

    /** What is minimised: the mean loss of every head, times its weight, added in the order of the heads. */
    public double loss(List<Head> ofModel) {
        double loss = 0;
        for (int i = 0; i < ofModel.size(); i++) {
            OfHead head = heads.getOrDefault(i, OfHead.NONE);
            loss += ofModel.get(i).weight() * (head.lossSum() / head.weight());
        }
        return loss;
    }

    /** This and what another window measured. */
    public WindowMetrics plus(WindowMetrics more) {
        SortedMap<Integer, OfHead> sum = new TreeMap<>(heads);
        more.heads.forEach((index, head) -> sum.merge(index, head, OfHead::plus));
        return new WindowMetrics(sum);
    }

    /** What all stages measured of one window. */
    public static WindowMetrics of(Collection<WindowMetrics> stages) {
        SortedMap<Integer, OfHead> all = new TreeMap<>();
        stages.forEach(stage -> all.putAll(stage.heads));
        return new WindowMetrics(all);
    }
}
