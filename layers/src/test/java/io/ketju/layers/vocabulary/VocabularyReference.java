package io.ketju.layers.vocabulary;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.LayerRun;
import io.ketju.layers.ReferenceRows;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Losses over a few rows of a table in double, as plainly as possible. */
public final class VocabularyReference {
    private VocabularyReference() {}

    /** A row of the table, and whether it is right. */
    private record Decision(int row, boolean right) {}

    /** What is decided for a target at a place. */
    @FunctionalInterface
    private interface Decisions {
        List<Decision> of(int place, int target);
    }

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case NegativeSampling sampling ->
                Optional.of(losses(call, (place, target) -> negatives(sampling, call, place, target)));
            case HierarchicalSoftmax tree ->
                Optional.of(losses(
                        call,
                        (place, target) -> tree.huffman()
                                ? path(call, target)
                                : balanced(new ArrayList<>(), tree.numEmbeddings() + target)));
            default -> Optional.empty();
        };
    }

    private static List<double[]> losses(Call call, Decisions decisions) {
        int width = call.shape().dimension(-1);
        ReferenceRows x = new ReferenceRows(call.input(), width);
        ReferenceRows table = new ReferenceRows(call.parameter(0), width);
        double[] y = new double[x.count()];
        double[] targets = call.inputs().get(1);
        int each = targets.length / y.length;
        for (int at = 0; at < targets.length; at++) {
            for (Decision decision : decisions.of(at, (int) targets[at])) {
                double score = 0;
                for (int d = 0; d < width; d++) {
                    score += x.row(at / each)[d] * table.row(decision.row())[d];
                }
                y[at / each] += Math.log1p(Math.exp(decision.right() ? -score : score));
            }
        }
        return List.of(y);
    }

    private static List<Decision> negatives(NegativeSampling layer, Call call, int place, int target) {
        List<Decision> decisions = new ArrayList<>(List.of(new Decision(target, true)));
        double[] third = call.inputs().get(2);
        boolean drawn = call.types().get(2).shape().rank() == 1;
        for (int j = place * layer.k(); j < (place + 1) * layer.k(); j++) {
            int token = drawn ? drawn(third, layer.power(), j) : (int) third[j];
            if (token != target) {
                decisions.add(new Decision(token, false));
            }
        }
        return decisions;
    }

    /** Goes along the tokens until so much of the probability lies behind. */
    private static int drawn(double[] counts, double power, int index) {
        CounterRandom random = LayerRun.random();
        double total = 0;
        for (double count : counts) {
            total += Math.pow(count, power);
        }
        double left = (random.bits(index) >>> 1) * 0x1p-63 * total;
        int token = -1;
        while (left >= 0) {
            token++;
            left -= Math.pow(counts[token], power);
        }
        return token;
    }

    private static List<Decision> path(Call call, int target) {
        int steps = call.types().get(2).shape().dimension(1);
        List<Decision> decisions = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            int at = (int) call.inputs().get(2)[target * steps + step];
            decisions.add(new Decision(at / 2, at % 2 == 0));
        }
        return decisions;
    }

    private static List<Decision> balanced(List<Decision> decisions, int node) {
        if (node > 1) {
            balanced(decisions, node / 2);
            decisions.add(new Decision(node / 2 - 1, node % 2 == 0));
        }
        return decisions;
    }
}
