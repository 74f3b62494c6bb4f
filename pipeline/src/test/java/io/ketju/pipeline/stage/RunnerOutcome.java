package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;

/**
 * All that one thread makes of a specification that may be compared, bit for bit.
 *
 * @param hash of parameters and optimizer state
 * @param metrics of each step
 * @param tests of the evaluation behind each
 * @param outputs predicted after the last
 */
record RunnerOutcome(String hash, List<WindowMetrics> metrics, List<WindowMetrics> tests, List<Float> outputs) {
    /** Takes a step with so many samples each, evaluates behind each, and predicts for the first mini-batch, which is whole. */
    static RunnerOutcome of(PipelineSpec spec, TensorCore core, Toy toy, int... samples) {
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            List<Batch> batches = toy.batches(spec.model(), samples);
            List<WindowMetrics> metrics = new ArrayList<>();
            List<WindowMetrics> tests = new ArrayList<>();
            for (int step = 1; step <= batches.size(); step++) {
                Batch batch = batches.get(step - 1);
                metrics.add(runner.train(step, batch.inputs(), batch.targets()));
                tests.add(runner.evaluate(step, batch.inputs(), batch.targets()));
                assertThat(runner.leasesOutstanding()).isZero();
            }
            Tensor outputs = toy.tensor(Shape.of(spec.batchSize(), Toy.CLASSES));
            runner.predict(batches.getFirst().inputs(), outputs);
            List<Float> values = new ArrayList<>();
            for (float value : outputs.toFloats()) {
                values.add(value);
            }
            return new RunnerOutcome(runner.stateHash(), metrics, tests, values);
        }
    }
}
