package io.ketju.layers.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    private static final List<String> KNOWN =
            List.of("batch", "epochs", "microbatches", "schedule", "learning-rate-schedule");

    @Test
    void findsTheNameWithTheFewestEdits() {
        assertThat(NearestName.of("epoch", KNOWN)).contains("epochs");
        assertThat(NearestName.of("Batch", KNOWN)).contains("batch");
        assertThat(NearestName.of("micro-batches", KNOWN)).contains("microbatches");
        assertThat(NearestName.of("learning-rate-shedule", KNOWN)).contains("learning-rate-schedule");
    }

    @Test
    void saysNothingWhenNothingIsNear() {
        assertThat(NearestName.of("wheels", KNOWN)).isEmpty();
        assertThat(NearestName.hint("wheels", KNOWN)).isEmpty();
        assertThat(NearestName.of("x", List.of())).isEmpty();
        assertThat(NearestName.of("y", List.of("a", "b"))).isEmpty();
        assertThat(NearestName.of("min", List.of("max", "mean"))).isEmpty();
    }

    @Test
    void theHintIsAQuestion() {
        assertThat(NearestName.hint("epocs", KNOWN)).isEqualTo("; did you mean 'epochs'?");
    }
}
