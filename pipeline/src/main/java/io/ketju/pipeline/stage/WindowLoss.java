package io.ketju.pipeline.stage;

import io.ketju.layers.loss.Metric;
import io.ketju.pipeline.program.Step;
import io.ketju.pipeline.schedule.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the losses of a stage measure in one window: added in micro-batch order, whatever the order of the forwards. */
final class WindowLoss {
    /** One head's numbers, micro-batch by micro-batch, kept from window to window. */
    private static final class OfHead {
        private final List<Metric> metrics;
        private boolean[] measured = {};
        private double[] lossSums = {};
        private double[] weights = {};
        /** By micro-batch, then by metric. */
        private double[][][] sums = {};

        OfHead(List<Metric> metrics) {
            this.metrics = metrics;
        }

        void add(int microbatch, BoundLoss loss) {
            grow(microbatch);
            measured[microbatch] = true;
            lossSums[microbatch] = loss.lossSum();
            weights[microbatch] = loss.weight();
            for (int i = 0; i < metrics.size(); i++) {
                sums[microbatch][i] = loss.sums(i);
            }
        }

        private void grow(int microbatch) {
            if (microbatch >= measured.length) {
                measured = Arrays.copyOf(measured, microbatch + 1);
                lossSums = Arrays.copyOf(lossSums, microbatch + 1);
                weights = Arrays.copyOf(weights, microbatch + 1);
                sums = Arrays.copyOf(sums, microbatch + 1);
            }
            sums[microbatch] = sums[microbatch] == null ? new double[metrics.size()][] : sums[microbatch];
        }

        void put(int microbatch, PackedNumbers numbers) {
            boolean there = microbatch < measured.length && measured[microbatch];
            numbers.put(there ? 1 : 0);
            if (there) {
                numbers.put(lossSums[microbatch]);
                numbers.put(weights[microbatch]);
                for (double[] sum : sums[microbatch]) {
                    numbers.put(sum.length);
                    Arrays.stream(sum).forEach(numbers::put);
                }
            }
        }

        /** The sum of the losses; 0 where nothing was measured. */
        double take(int microbatch, PackedNumbers numbers) {
            if (numbers.take() == 0) {
                return 0;
            }
            grow(microbatch);
            measured[microbatch] = true;
            lossSums[microbatch] = numbers.take();
            weights[microbatch] = numbers.take();
            for (int i = 0; i < metrics.size(); i++) {
                double[] sum = new double[(int) numbers.take()];
                Arrays.setAll(sum, place -> numbers.take());
                sums[microbatch][i] = sum;
            }
            return lossSums[microbatch];
        }

        /** All together; null if nothing was measured. */
        WindowMetrics.@Nullable OfHead soFar() {
            boolean any = false;
            double lossSum = 0;
            double weight = 0;
            double[][] all = new double[metrics.size()][];
            for (int m = 0; m < measured.length; m++) {
                if (measured[m]) {
                    any = true;
                    lossSum += lossSums[m];
                    weight += weights[m];
                    add(all, sums[m]);
                }
            }
            return any ? new WindowMetrics.OfHead(lossSum, weight, summed(all), collected(all)) : null;
        }

        /** All is told: the next window begins. */
        void clear() {
            Arrays.fill(measured, false);
        }

        private void add(double[][] all, double[][] more) {
            for (int i = 0; i < all.length; i++) {
                if (all[i] == null) {
                    all[i] = more[i].clone();
                } else if (metrics.get(i).collects()) {
                    int end = all[i].length;
                    all[i] = Arrays.copyOf(all[i], end + more[i].length);
                    System.arraycopy(more[i], 0, all[i], end, more[i].length);
                } else {
                    for (int k = 0; k < all[i].length; k++) {
                        all[i][k] += more[i][k];
                    }
                }
            }
        }

        private SortedMap<String, List<Double>> summed(double[][] all) {
            SortedMap<String, List<Double>> summed = new TreeMap<>();
            for (int i = 0; i < all.length; i++) {
                if (!metrics.get(i).collects()) {
                    summed.put(
                            metrics.get(i).name(), Arrays.stream(all[i]).boxed().toList());
                }
            }
            return summed;
        }

        private SortedMap<String, CollectedValues> collected(double[][] all) {
            if (metrics.stream().noneMatch(Metric::collects)) {
                return Collections.emptySortedMap();
            }
            SortedMap<String, CollectedValues> collected = new TreeMap<>();
            for (int i = 0; i < all.length; i++) {
                if (metrics.get(i).collects()) {
                    collected.put(metrics.get(i).name(), CollectedValues.NONE.plus(all[i]));
                }
            }
            return collected;
        }
    }

    /** Numbers of a head and a micro-batch besides those of its metrics: whether there are any, the sum, the weight. */
    static final int NUMBERS = 3;

    private final int stage;
    /** Whether a training window with a loss that is no finite number is skipped, and nothing is thrown. */
    private final boolean skips;
    /** By position of the head in the model. */
    private final List<@Nullable OfHead> heads = new ArrayList<>();
    /** Whether all losses of the window are finite numbers so far. */
    private boolean finite = true;

    WindowLoss(int stage, boolean skips) {
        this.stage = stage;
        this.skips = skips;
    }

    /** What one of the stage's losses just gave; throws {@link NonFiniteException} if it is no finite number and none may be. */
    void add(Window window, Action action, BoundLoss loss) {
        boolean bad = !Double.isFinite(loss.lossSum());
        finite &= !bad;
        if (bad && !(skips && window.phase() == Window.Phase.TRAIN)) {
            String what = "the loss is " + loss.lossSum();
            throw new NonFiniteException(
                    new NonFinite(NonFinite.Kind.LOSS, window, action.microbatch(), stage, what, ""));
        }
        head(loss.head(), loss.metrics()).add(action.microbatch(), loss);
    }

    private OfHead head(int index, List<Metric> metrics) {
        while (heads.size() <= index) {
            heads.add(null);
        }
        OfHead head = heads.get(index);
        if (head == null) {
            head = new OfHead(metrics);
            heads.set(index, head);
        }
        return head;
    }

    /** What these losses measured of the first micro-batches, so many, for another stage to {@link #take}. */
    PackedNumbers put(List<Step.LossStep> losses, int microbatches) {
        PackedNumbers numbers = new PackedNumbers();
        for (Step.LossStep loss : losses) {
            OfHead head = head(loss.index(), loss.head().metrics());
            for (int m = 0; m < microbatches; m++) {
                head.put(m, numbers);
            }
        }
        return numbers;
    }

    /** Takes in what the same losses measured elsewhere of the first micro-batches, so many. */
    void take(List<Step.LossStep> losses, int microbatches, PackedNumbers numbers) {
        for (Step.LossStep loss : losses) {
            OfHead head = head(loss.index(), loss.head().metrics());
            for (int m = 0; m < microbatches; m++) {
                finite &= Double.isFinite(head.take(m, numbers));
            }
        }
    }

    /** Whether all losses of the window are finite numbers. */
    boolean finite() {
        return finite;
    }

    /** The sums; begins the next window. */
    WindowMetrics finish() {
        finite = true;
        WindowMetrics all = soFar();
        for (OfHead head : heads) {
            if (head != null) {
                head.clear();
            }
        }
        return all;
    }

    /** The sums of what was added. */
    WindowMetrics soFar() {
        SortedMap<Integer, WindowMetrics.OfHead> sums = new TreeMap<>();
        for (int index = 0; index < heads.size(); index++) {
            OfHead head = heads.get(index);
            WindowMetrics.OfHead sum = head == null ? null : head.soFar();
            if (sum != null) {
                sums.put(index, sum);
            }
        }
        return new WindowMetrics(sums);
    }
}
