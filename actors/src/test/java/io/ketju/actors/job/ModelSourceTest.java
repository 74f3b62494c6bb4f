package io.ketju.actors.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.Shape;
import org.junit.jupiter.api.Test;

/** One rule for all models, whether they have a name or not: those that flatten what they read take any shape of that size. */
class ModelSourceTest {
    private static final Shape IMAGE = Shape.of(1, 8, 8);

    @Test
    void whatFlattensTakesOtherShapes() {
        ModelSource named = new ModelSource("mlp(64, 10)", Models.named("mlp(64, 10)"));
        ModelSource custom = new ModelSource("custom", Shape.of(64), Sequential.of(new Flatten(), new Linear(64, 10)));
        assertThat(named.fitting(IMAGE).inputShape()).isEqualTo(IMAGE);
        assertThat(custom.fitting(IMAGE).inputShape()).isEqualTo(IMAGE);
        assertThat(custom.fitting(Shape.of(8, 7)).inputShape()).isEqualTo(Shape.of(64));
    }

    @Test
    void whatDoesNotStaysAsItIs() {
        ModelSource custom = new ModelSource("custom", Shape.of(64), Sequential.of(new Linear(64, 10)));
        assertThat(custom.fitting(IMAGE)).isEqualTo(custom);
    }
}
