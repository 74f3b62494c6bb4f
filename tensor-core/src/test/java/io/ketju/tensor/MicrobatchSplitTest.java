package io.ketju.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MicrobatchSplitTest {
    @Test
    void splitsAsTorchTensorSplit() {
        MicrobatchSplit split = new MicrobatchSplit(10, 4);
        assertThat(new int[] {split.size(0), split.size(1), split.size(2), split.size(3)})
                .containsExactly(3, 3, 2, 2);
        assertThat(split.firstSample(3)).isEqualTo(8);
    }

    @Test
    void everySampleIsInExactlyOneMicrobatch() {
        for (int samples = 1; samples <= 40; samples++) {
            for (int wanted = 1; wanted <= 45; wanted++) {
                MicrobatchSplit split = MicrobatchSplit.atMost(samples, wanted);
                assertThat(split.microbatches()).isEqualTo(Math.min(samples, wanted));
                int next = 0;
                for (int m = 0; m < split.microbatches(); m++) {
                    assertThat(split.firstSample(m)).isEqualTo(next);
                    assertThat(split.size(m)).isBetween(split.largest() - 1, split.largest());
                    for (int i = 0; i < split.size(m); i++) {
                        assertThat(split.microbatchOf(next + i)).isEqualTo(m);
                    }
                    next += split.size(m);
                }
                assertThat(next).isEqualTo(samples);
            }
        }
    }

    @Test
    void emptyMicrobatchesAreRefused() {
        assertThatThrownBy(() -> new MicrobatchSplit(3, 4)).hasMessage("cannot split 3 samples into 4 micro-batches");
        assertThatThrownBy(() -> MicrobatchSplit.atMost(3, 0))
                .hasMessage("cannot split 3 samples into 0 micro-batches");
    }
}
