package io.ketju.examples.descent;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.optimizer.Optimizers;
import org.junit.jupiter.api.Test;

/** One that the catalogue gets goes down the valley as well. */
class EveryOptimizerTest {
    @Test
    void allOfTheCatalogueGoDownTheValley() {
        assertThat(Descent.optimizers()
                        .map(text -> Optimizers.parse(text).spec().name()))
                .containsAll(Optimizers.names());
    }
}
