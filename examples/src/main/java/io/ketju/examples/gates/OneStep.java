package io.ketju.examples.gates;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TrainingSession;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a job does in a step of plain gradient descent, whose learning rate times the gradient is what weights lose. */
final class OneStep {
    /** Mean over the mini-batch, before the step. */
    final double loss;

    /** The model's first output, before the step. */
    final float[] output;

    private final List<Part> parts = new ArrayList<>();

    /** A parameter. */
    static final class Part {
        final String name;
        final Shape shape;
        final double[] before;
        final double[] lost;

        private Part(String name, Shape shape, float[] before, float[] after) {
            this.name = name;
            this.shape = shape;
            this.before = new double[before.length];
            lost = new double[before.length];
            for (int i = 0; i < before.length; i++) {
                this.before[i] = before[i];
                lost[i] = (double) before[i] - after[i];
            }
        }
    }

    OneStep(TrainingJob job, Map<String, TensorValues> batch) {
        try (TrainingSession session = Ketju.session(job);
                TrainedModel before = session.model()) {
            output = session.predict(batch).firstEntry().getValue().floats();
            loss = session.step(batch).loss();
            try (TrainedModel after = session.model()) {
                for (String name : before.parameterNames()) {
                    Shape shape = job.model().parameter(name).shape();
                    parts.add(new Part(name, shape, before.parameter(name), after.parameter(name)));
                }
            }
        }
    }

    /** The parameters in the model's order. */
    List<Part> parts() {
        return List.copyOf(parts);
    }
}
