package io.ketju.pipeline.graph;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.GPipe;
import io.ketju.pipeline.schedule.OneForwardOneBackward;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.SplitBackward;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.List;
import java.util.Map;

/**
 * A few steps over given mini-batches, in the plainest way and through stages: what both end with.
 *
 * @param batches one for each step
 */
record GraphTraining(
        Model model, SGD optimizer, List<Map<String, Tensor>> batches, int samples, int microbatches, long seed) {
    static final List<Schedule> SCHEDULES =
            List.of(new OneForwardOneBackward(), new GPipe(), new SplitBackward(false), new SplitBackward(true));

    /** The state hash of {@link NaiveGraph}. */
    String naive() {
        try (NaiveGraph naive = new NaiveGraph(model, optimizer, seed)) {
            for (int step = 1; step <= batches.size(); step++) {
                naive.step(step, batches.get(step - 1), microbatches);
            }
            return naive.stateHash();
        }
    }

    /** The state hash of stages. */
    String staged(Partition partition, Schedule schedule, TensorCore core) {
        Recipe recipe = new Recipe(
                model,
                new CrossEntropyLoss(),
                optimizer,
                new ConstantLR(),
                samples,
                microbatches,
                batches.size(),
                seed);
        PipelineSpec spec = new PipelineSpec(recipe, partition, schedule);
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            for (int step = 1; step <= batches.size(); step++) {
                runner.train(step, batches.get(step - 1));
            }
            return runner.stateHash();
        }
    }
}
