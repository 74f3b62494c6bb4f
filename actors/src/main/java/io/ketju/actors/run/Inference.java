package io.ketju.actors.run;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.ModelSource;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.GPipe;

/** A pipeline that never trains. */
final class Inference {
    /** Samples that go through the model at once. */
    private static final int BATCH = 64;

    private Inference() {}

    /** One stage without optimizer state. Throws {@link InvalidJobException} if the layers do not fit each other. */
    static PipelineSpec spec(ModelSource source, Loss loss) {
        try {
            Model model = source.model();
            return new PipelineSpec(
                    model, loss, new SGD(1), new ConstantLR(), new GPipe(), Partition.single(model), BATCH, 1, 0, 0);
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException("model '" + source.name() + "': " + e.getMessage(), e);
        }
    }
}
