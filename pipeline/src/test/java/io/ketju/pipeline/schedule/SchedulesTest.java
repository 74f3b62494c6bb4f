package io.ketju.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SchedulesTest {
    @Test
    void namesAreKnownInUpperAndLowerCase() {
        assertThat(Schedules.named("1F1B")).isEqualTo(new OneForwardOneBackward());
        assertThat(Schedules.named("1f1b")).isEqualTo(new OneForwardOneBackward());
        assertThat(Schedules.named("GPipe")).isEqualTo(new GPipe());
        assertThat(Schedules.named("gpipe")).isEqualTo(new GPipe());
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> Schedules.named("dualpipe"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown schedule 'dualpipe'; known: GPipe, 1F1B");
    }
}
