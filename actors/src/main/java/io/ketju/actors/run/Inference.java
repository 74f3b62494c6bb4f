package io.ketju.actors.run;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.ModelSource;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
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
            Recipe recipe = new Recipe(model, loss, new SGD(1), new ConstantLR(), BATCH, 1, 0, 0);
            return new PipelineSpec(recipe, Partition.single(model), new GPipe());
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException("model '" + source.name() + "': " + e.getMessage(), e);
        }
    }
}
