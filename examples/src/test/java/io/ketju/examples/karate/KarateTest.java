package io.ketju.examples.karate;

import io.ketju.examples.lesson.FirstSteps;
import org.junit.jupiter.api.Test;

class KarateTest {
    @Test
    void itsFirstStepsHaveTheSameBitsOnOneStageOnSeveralAndInTwoProcesses() {
        FirstSteps.requireSameBits(Karate.job(1));
    }
}
