package io.ketju.examples.cartpole;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.TwoWorkers;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the cart does next depends on what was learnt: one bit of difference, and other games are played. */
class LearnerTest {
    private static final long SEED = 1;

    @Test
    void itsFirstStepsHaveTheSameBitsOnOneStageOnSeveralAndInTwoProcesses() {
        requireSameBits(4);
    }

    /** Each move of a game asks the networks, so games over processes take a while. */
    @Test
    @Tag("long")
    void fiftyOfThemToo() {
        requireSameBits(50);
    }

    private static void requireSameBits(int updates) {
        String one = stateOf(
                updates,
                Ketju.session(Learner.job(SEED).stageBounds(List.of(0, 6)).build()));
        assertThat(stateOf(updates, Ketju.session(Learner.job(SEED).build())))
                .as("2 stages")
                .isEqualTo(one);
        try (TwoWorkers workers = new TwoWorkers()) {
            assertThat(stateOf(updates, workers.session(Learner.job(SEED).build())))
                    .as("2 processes")
                    .isEqualTo(one);
        }
    }

    private static String stateOf(int updates, TrainingSession session) {
        try (Learner learner = new Learner(SEED, session)) {
            for (int i = 0; i < updates; i++) {
                learner.update();
            }
            return learner.state();
        }
    }
}
