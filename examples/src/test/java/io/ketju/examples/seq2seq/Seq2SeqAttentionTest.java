package io.ketju.examples.seq2seq;

import io.ketju.examples.lesson.FirstSteps;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Seq2SeqAttentionTest {
    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itsFirstStepsHaveTheSameBitsOnOneStageOnSeveralAndInTwoProcesses(boolean attention) {
        FirstSteps.requireSameBits(Seq2SeqAttention.job(attention, 1));
    }
}
