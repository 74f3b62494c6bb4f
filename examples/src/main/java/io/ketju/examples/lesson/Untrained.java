package io.ketju.examples.lesson;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TrainingSession;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.SGD;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A network as it is before it learns: what its layers make of a mini-batch, and the gradients of its first step.
 *
 * @param outputs of the model for the mini-batch, by name
 * @param gradients of the loss with respect to every parameter, by global name, row-major
 * @param loss of the mini-batch, the mean over its samples
 */
public record Untrained(
        SequencedMap<String, TensorValues> outputs, SequencedMap<String, float[]> gradients, double loss) {

    /** So large, a power of two, that the smallest gradient is not lost beside its weight. */
    private static final double RATE = 0x1p40;

    // region step
    /**
     * Makes the model with the weights of a seed and takes one step of SGD with a huge learning rate: what a weight has lost, over that
     * rate, is its gradient.
     *
     * @param input samples outermost
     * @param target a class for each, or whatever the loss takes
     */
    public static Untrained of(Model model, Loss loss, TensorValues input, TensorValues target, long seed) {
        TrainingJob job = Ketju.job()
                .model(model)
                .loss(loss)
                .optimizer(new SGD(RATE))
                .batchSize(input.shape().dimension(0))
                .microbatches(1)
                .seed(seed)
                .stepByStep()
                .build();
        String name = model.inputs().getFirst().name();
        try (TrainingSession session = Ketju.session(job);
                TrainedModel before = session.model()) {
            double value =
                    session.step(Map.of(name, input, Model.TARGET, target)).loss();
            try (TrainedModel after = session.model()) {
                return new Untrained(before.outputs(Map.of(name, input)), gradients(before, after), value);
            }
        }
    }
    // end region

    private static SequencedMap<String, float[]> gradients(TrainedModel before, TrainedModel after) {
        SequencedMap<String, float[]> gradients = new LinkedHashMap<>();
        for (String name : before.parameterNames()) {
            float[] was = before.parameter(name);
            float[] is = after.parameter(name);
            float[] lost = new float[was.length];
            for (int i = 0; i < lost.length; i++) {
                lost[i] = (float) (((double) was[i] - is[i]) / RATE);
            }
            gradients.put(name, lost);
        }
        return gradients;
    }

    /** Mean and standard deviation. */
    public record Spread(double mean, double deviation) {
        public static Spread of(float[] values) {
            double sum = 0;
            double squares = 0;
            for (float value : values) {
                sum += value;
                squares += (double) value * value;
            }
            double mean = sum / values.length;
            return new Spread(mean, StrictMath.sqrt(Math.max(0, squares / values.length - mean * mean)));
        }
    }

    /** A parameter's gradient by its name; throws {@link IllegalArgumentException} if there is none of that name. */
    public float[] gradient(String parameter) {
        float[] gradient = gradients.get(parameter);
        if (gradient == null) {
            throw new IllegalArgumentException("expected '" + parameter + "', found " + gradients.keySet());
        }
        return gradient.clone();
    }

    /** The Euclidean norm of a parameter's gradient; throws as {@link #gradient}. */
    public double norm(String parameter) {
        double squares = 0;
        for (float value : gradient(parameter)) {
            squares += (double) value * value;
        }
        return StrictMath.sqrt(squares);
    }
}
