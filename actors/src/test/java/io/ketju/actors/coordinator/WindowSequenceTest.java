package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.message.PlannedWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WindowSequenceTest {
    /** 7 samples in batches of 3: the last batch of an epoch holds 1. Test set of 4: batches of 3 and 1. */
    private static final RunSizes SIZES = new RunSizes(7, 4, 3, 2, 3, 2);

    @Test
    void trainsThenEvaluatesEveryEpoch() {
        List<String> all = new ArrayList<>();
        for (PlannedWindow window : rest(SIZES, 0)) {
            all.add(text(window));
        }
        assertThat(all)
                .containsExactly(
                        "0 TRAIN step 1 epoch 1 from 0 samples 3 m 2",
                        "1 TRAIN step 2 epoch 1 from 3 samples 3 m 2",
                        "2 TRAIN step 3 epoch 1 from 6 samples 1 m 1",
                        "3 EVALUATE step 3 epoch 1 from 0 samples 3 m 2",
                        "4 EVALUATE step 3 epoch 1 from 3 samples 1 m 1 ends",
                        "5 TRAIN step 4 epoch 2 from 0 samples 3 m 2",
                        "6 TRAIN step 5 epoch 2 from 3 samples 3 m 2",
                        "7 TRAIN step 6 epoch 2 from 6 samples 1 m 1",
                        "8 EVALUATE step 6 epoch 2 from 0 samples 3 m 2",
                        "9 EVALUATE step 6 epoch 2 from 3 samples 1 m 1 ends checkpoint",
                        "10 TRAIN step 7 epoch 3 from 0 samples 3 m 2",
                        "11 TRAIN step 8 epoch 3 from 3 samples 3 m 2",
                        "12 TRAIN step 9 epoch 3 from 6 samples 1 m 1",
                        "13 EVALUATE step 9 epoch 3 from 0 samples 3 m 2",
                        "14 EVALUATE step 9 epoch 3 from 3 samples 1 m 1 ends checkpoint");
    }

    @Test
    void aResumedRunIsTheTailOfTheWholeOne() {
        List<PlannedWindow> whole = rest(SIZES, 0);
        for (int done = 0; done < SIZES.totalSteps(); done++) {
            List<String> tail = new ArrayList<>();
            for (PlannedWindow window : whole) {
                boolean earlierEvaluation = !window.trains() && window.window().step() == done;
                if (window.window().step() > done && !earlierEvaluation) {
                    tail.add(withoutNumber(window));
                }
            }
            assertThat(rest(SIZES, done).stream()
                            .map(WindowSequenceTest::withoutNumber)
                            .toList())
                    .as("after step %d", done)
                    .isEqualTo(tail);
        }
    }

    @Test
    void afterTheLastStepOnlyTheEvaluationIsLeft() {
        WindowSequence sequence = new WindowSequence(SIZES, 9);
        assertThat(sequence.done()).isFalse();
        assertThat(sequence.next().orElseThrow().trains()).isFalse();
        assertThat(sequence.next().orElseThrow().checkpoint()).isTrue();
        assertThat(sequence.done()).isTrue();
        assertThat(sequence.next()).isEmpty();
    }

    @Test
    void withoutTestSamplesTheLastStepEndsTheEpoch() {
        List<PlannedWindow> all = rest(new RunSizes(4, 0, 2, 8, 1, 1), 0);
        assertThat(all).hasSize(2).allMatch(PlannedWindow::trains);
        assertThat(all.getLast().endsEpoch()).isTrue();
        assertThat(all.getLast().checkpoint()).isTrue();
        assertThat(all.getFirst().window().microbatches()).isEqualTo(2);
        assertThat(rest(new RunSizes(4, 0, 2, 8, 1, 1), 2)).isEmpty();
    }

    @Test
    void moreStepsThanThereAreAreRefused() {
        assertThatThrownBy(() -> new WindowSequence(SIZES, 10)).hasMessage("10 steps are done, but the job has only 9");
        assertThatThrownBy(() -> new WindowSequence(SIZES, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<PlannedWindow> rest(RunSizes sizes, long completed) {
        WindowSequence sequence = new WindowSequence(sizes, completed);
        List<PlannedWindow> all = new ArrayList<>();
        Optional<PlannedWindow> next = sequence.next();
        while (next.isPresent()) {
            all.add(next.get());
            next = sequence.next();
        }
        assertThat(sequence.done()).isTrue();
        return all;
    }

    private static String text(PlannedWindow planned) {
        return planned.window().number() + " " + withoutNumber(planned);
    }

    private static String withoutNumber(PlannedWindow planned) {
        return planned.window().phase() + " step " + planned.window().step() + " epoch " + planned.epoch() + " from "
                + planned.firstSample() + " samples " + planned.window().samples() + " m "
                + planned.window().microbatches() + (planned.endsEpoch() ? " ends" : "")
                + (planned.checkpoint() ? " checkpoint" : "");
    }
}
