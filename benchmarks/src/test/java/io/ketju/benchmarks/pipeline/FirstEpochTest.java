package io.ketju.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read of a run and of Linux. */
class FirstEpochTest {
    private static final String C2 =
            "4242 (C2 CompilerThre) S 1 4200 10 0 -1 4194368 5 0 0 0 312 17 0 0 20 0 40 0 99 1 2";

    @Test
    void aRunIsItsEpochsAndTheCompiler() {
        FirstEpoch.Run run = FirstEpoch.Run.of(List.of("5.000", "1.000", "3.000", "2.000", "7.500"));

        assertThat(run.first()).isEqualTo(5);
        assertThat(run.later()).isEqualTo(2);
        assertThat(run.compiler()).isEqualTo(7.5);
    }

    @Test
    void aRunThatSaidTooLittleIsNone() {
        assertThatThrownBy(() -> FirstEpoch.Run.of(List.of("5.0", "7.5"))).hasMessageContaining("[5.0, 7.5]");
    }

    @Test
    void ticksAreThoseOfTheThreadAndOfTheKernelForIt() {
        assertThat(CompilerTime.isC2(C2)).isTrue();
        assertThat(CompilerTime.ticks(C2)).isEqualTo(312 + 17);
        assertThat(CompilerTime.isC2(C2.replace("C2", "C1"))).isFalse();
    }
}
