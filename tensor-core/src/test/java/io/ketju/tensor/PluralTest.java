package io.ketju.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PluralTest {
    @Test
    void oneIsOne() {
        assertThat(Plural.of(1, "epoch")).isEqualTo("1 epoch");
        assertThat(Plural.of(2, "epoch")).isEqualTo("2 epochs");
        assertThat(Plural.of(0, "step")).isEqualTo("0 steps");
        assertThat(Plural.of(1_000_000_000_000L, "class")).isEqualTo("1000000000000 classes");
        assertThat(Plural.word(1, "micro-batch")).isEqualTo("micro-batch");
        assertThat(Plural.word(4, "micro-batch")).isEqualTo("micro-batches");
    }
}
