package io.ketju.cluster.wire;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineCheckTest {
    /** As an application may have one. */
    private record SignDescent(double learningRate) implements Optimizer {
        @Override
        public Spec spec() {
            return Spec.of("SignDescent").withNumber("lr", learningRate);
        }

        @Override
        public List<State> states() {
            return List.of();
        }

        @Override
        public void update(Kernels kernels, double rate, long step, Tensor value, Tensor gradient, List<Tensor> state) {
            for (int i = 0; i < value.elements(); i++) {
                value.setFloat(i, value.getFloat(i) - (float) (rate * Math.signum(gradient.getFloat(i))));
            }
        }
    }

    private static PipelineSpec pipeline(Optimizer optimizer) {
        Model model = Model.of(Shape.of(4), MLP.of(4, 5, 3));
        Recipe recipe = new Recipe(model, new CrossEntropyLoss(), optimizer, new ConstantLR(), 8, 2, 10, 1);
        return new PipelineSpec(recipe, Partition.single(model), new OneForwardOneBackward());
    }

    @Test
    void whatKetjuBringsIsUnderstood() {
        assertThatCode(() -> PipelineCheck.requireReadable(pipeline(new Adam())))
                .doesNotThrowAnyException();
    }

    @Test
    void whatAnApplicationMadeIsRefusedBeforeWorkersSeeIt() {
        assertThatThrownBy(() -> PipelineCheck.requireReadable(pipeline(new SignDescent(0.1))))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("workers cannot build this job")
                .hasMessageContaining("SignDescent")
                .hasMessageContaining("train it in one JVM");
    }
}
