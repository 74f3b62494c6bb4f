package io.ketju.examples.gan;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.TwoWorkers;
import org.junit.jupiter.api.Test;

class GanTest {
    private static final int STEPS = 50;

    @Test
    void itsFirstStepsHaveTheSameBitsOnOneStageOnSeveralAndInTwoProcesses() {
        String one = stateOf(Ketju.session(Gan.job().stages(1).build()));
        assertThat(stateOf(Ketju.session(Gan.job().build()))).as("2 stages").isEqualTo(one);
        assertThat(stateOf(Ketju.session(Gan.job().stages(4).build())))
                .as("4 stages")
                .isEqualTo(one);
        try (TwoWorkers workers = new TwoWorkers()) {
            assertThat(stateOf(workers.session(Gan.job().build())))
                    .as("2 processes")
                    .isEqualTo(one);
        }
    }

    private static String stateOf(TrainingSession session) {
        Batches batches = Gan.batches(Digits.read());
        try (session) {
            for (int step = 0; step < STEPS; step++) {
                session.step(batches.of(step));
            }
            return session.stateSha256();
        }
    }
}
