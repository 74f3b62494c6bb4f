package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionLinesTest {
    @Test
    void theMostProbableComeFirst() {
        assertThat(PredictionLines.of("a.png", new float[] {0.25f, 0.05f, 0.7f}, List.of("Shirt", "Bag"), 2, false))
                .containsExactly("a.png", "  2       70.0 %  ##############", "  Shirt   25.0 %  #####");
    }

    @Test
    void equalOnesKeepTheirOrderAndMoreThanThereAreIsAll() {
        assertThat(PredictionLines.of("a.png", new float[] {0.5f, 0.5f}, List.of("A", "B"), 9, false))
                .containsExactly("a.png", "  A   50.0 %  ##########", "  B   50.0 %  ##########");
    }
}
