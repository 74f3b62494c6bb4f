package io.ketju.pipeline.graph;

import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.AdamW;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.SGD;
import java.util.List;

/** One weight as its optimizer will have made it, in the plainest arithmetic. */
final class NaivePrediction {
    /** What an optimizer keeps of the weight, by name. */
    @FunctionalInterface
    interface State {
        float of(String name);
    }

    private NaivePrediction() {}

    /**
     * The weight some updates later.
     *
     * @param coming learning rates of these updates
     * @param updates that the optimizer has made
     */
    static float of(Optimizer optimizer, List<Double> coming, long updates, float weight, State state) {
        return switch (optimizer) {
            case SGD sgd -> {
                double distance = 0;
                for (double rate : coming) {
                    distance += rate;
                }
                yield Math.fma((float) -distance, state.of("momentum_buffer"), weight);
            }
            case Adam adam -> adam(adam, 0, coming, updates, weight, state);
            case AdamW decaying ->
                adam(
                        new Adam(decaying.learningRate())
                                .withBetas(decaying.beta1(), decaying.beta2())
                                .withEpsilon(decaying.epsilon()),
                        decaying.weightDecay(),
                        coming,
                        updates,
                        weight,
                        state);
            default -> throw new IllegalArgumentException(optimizer.toString());
        };
    }

    /** Every update shrinks the weight and all that was gone before, and goes its own way. */
    private static float adam(Adam adam, double decay, List<Double> coming, long updates, float weight, State state) {
        double kept = 1;
        double distance = 0;
        for (double rate : coming) {
            kept *= 1 - rate * decay;
            distance = distance * (1 - rate * decay) + rate;
        }
        float stepSize = (float) (distance / (1 - StrictMath.pow(adam.beta1(), (double) updates)));
        float correction = (float) Math.sqrt(1 - StrictMath.pow(adam.beta2(), (double) updates));
        float denominator = (float) Math.sqrt(state.of("exp_avg_sq")) / correction + (float) adam.epsilon();
        return weight * (float) kept - state.of("exp_avg") * stepSize / denominator;
    }
}
