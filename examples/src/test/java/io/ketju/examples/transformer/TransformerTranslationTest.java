package io.ketju.examples.transformer;

import io.ketju.examples.lesson.FirstSteps;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TransformerTranslationTest {
    @Tag("long")
    @Test
    void itsFirstStepsHaveTheSameBitsOnOneStageOnSeveralAndInTwoProcesses() {
        FirstSteps.requireSameBits(TransformerTranslation.job(1));
    }
}
