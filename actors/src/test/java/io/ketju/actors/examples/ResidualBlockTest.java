package io.ketju.actors.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResidualBlockTest {
    // region model
    static Model residualNetwork() {
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.samples("input", DType.FLOAT32, Shape.of(1, 8, 8)));
        x = model.add("stem", new Conv2d(1, 8, 3).withPadding(1), x);
        x = model.add("layer1", new ResidualBlock(8), x);
        x = model.add("layer2", new ResidualBlock(8), x);
        x = model.add("flat", new Flatten(), model.add("pool", new AdaptiveAvgPool2d(), x));
        return model.output(model.add("fc", new Linear(8, 10), x)).build();
    }
    // end region

    @Test
    void blocksDissolveIntoNamedLayers() {
        Model model = residualNetwork();
        assertThat(model.nodes().stream().map(Node::name))
                .contains("stem", "layer1.conv1", "layer1.bn2", "layer2.sum", "fc");
        assertThat(ModelText.print(model)).contains("layer1.sum = Add() <- layer1.bn2, stem");
        assertThat(ModelText.print(ModelText.parse(Shape.of(1, 8, 8), ModelText.print(model))))
                .isEqualTo(ModelText.print(model));
    }

    /** Four stages cut both blocks open, and their skip connections with them. */
    @Test
    void everyCutTrainsToTheSameState() {
        Set<String> states = new HashSet<>();
        for (int stages : new int[] {1, 2, 4}) {
            TrainingJob job = Ketju.job()
                    .model(residualNetwork())
                    .data(DataSource.named("digits"))
                    .batchSize(240)
                    .microbatches(3)
                    .epochs(1)
                    .threads(1)
                    .stages(stages)
                    .build();
            try (Training training = Ketju.start(job)) {
                states.add(training.await().stateSha256());
            }
        }
        assertThat(states).hasSize(1);
    }
}
