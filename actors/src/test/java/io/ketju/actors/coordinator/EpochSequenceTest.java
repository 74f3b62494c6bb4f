package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.stage.StepMetrics;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EpochSequenceTest {
    /** Three mini-batches in an epoch, two of test data after it; a checkpoint every second epoch and at the end. */
    private static final RunLength LENGTH = new RunLength(1, 3, 2, 3, 2);

    @Test
    void trainsThenEvaluatesEveryEpoch() {
        List<String> all = new ArrayList<>();
        for (PlannedWindow window : rest(LENGTH, 0)) {
            all.add(text(window));
        }
        assertThat(all)
                .containsExactly(
                        "0 TRAIN step 1 epoch 1 batch 0",
                        "1 TRAIN step 2 epoch 1 batch 1",
                        "2 TRAIN step 3 epoch 1 batch 2",
                        "3 EVALUATE step 3 epoch 1 batch 0",
                        "4 EVALUATE step 3 epoch 1 batch 1 ends",
                        "5 TRAIN step 4 epoch 2 batch 3",
                        "6 TRAIN step 5 epoch 2 batch 4",
                        "7 TRAIN step 6 epoch 2 batch 5",
                        "8 EVALUATE step 6 epoch 2 batch 0",
                        "9 EVALUATE step 6 epoch 2 batch 1 ends checkpoint",
                        "10 TRAIN step 7 epoch 3 batch 6",
                        "11 TRAIN step 8 epoch 3 batch 7",
                        "12 TRAIN step 9 epoch 3 batch 8",
                        "13 EVALUATE step 9 epoch 3 batch 0",
                        "14 EVALUATE step 9 epoch 3 batch 1 ends checkpoint");
    }

    /** After every second step; where one is the last of an epoch, after its evaluation. */
    @Test
    void checkpointsComeBySteps() {
        RunLength length = new RunLength(2, 3, 1, 2, 2, 2, true, false, false);
        assertThat(rest(length, 0).stream().filter(PlannedWindow::checkpoint).map(EpochSequenceTest::withoutNumber))
                .containsExactly(
                        "TRAIN step 2 epoch 1 batch 1 checkpoint",
                        "TRAIN step 4 epoch 2 batch 3 checkpoint",
                        "EVALUATE step 6 epoch 2 batch 0 ends checkpoint");
        RunLength odd = new RunLength(1, 4, 1, 2, 5, 4, true, false, false);
        assertThat(rest(odd, 0).stream().filter(PlannedWindow::checkpoint).map(EpochSequenceTest::withoutNumber))
                .containsExactly(
                        "EVALUATE step 4 epoch 1 batch 0 ends checkpoint",
                        "EVALUATE step 8 epoch 2 batch 0 ends checkpoint");
    }

    @Test
    void aResumedRunIsTheTailOfTheWholeOne() {
        List<PlannedWindow> whole = rest(LENGTH, 0);
        for (int done = 0; done < LENGTH.totalSteps(); done++) {
            List<String> tail = new ArrayList<>();
            for (PlannedWindow window : whole) {
                boolean earlierEvaluation = !window.trains() && window.step() == done;
                if (window.step() > done && !earlierEvaluation) {
                    tail.add(withoutNumber(window));
                }
            }
            assertThat(rest(LENGTH, done).stream()
                            .map(EpochSequenceTest::withoutNumber)
                            .toList())
                    .as("after step %d", done)
                    .isEqualTo(tail);
        }
    }

    @Test
    void afterTheLastStepOnlyTheEvaluationIsLeft() {
        EpochSequence sequence = new EpochSequence(LENGTH, 9);
        assertThat(sequence.done()).isFalse();
        assertThat(sequence.next().orElseThrow().trains()).isFalse();
        assertThat(sequence.next().orElseThrow().checkpoint()).isTrue();
        assertThat(sequence.done()).isTrue();
        assertThat(sequence.next()).isEmpty();
    }

    @Test
    void withoutTestSamplesTheLastStepEndsTheEpoch() {
        List<PlannedWindow> all = rest(new RunLength(1, 2, 0, 1, 1), 0);
        assertThat(all).hasSize(2).allMatch(PlannedWindow::trains);
        assertThat(all.getLast().endsEpoch()).isTrue();
        assertThat(all.getLast().checkpoint()).isTrue();
        assertThat(rest(new RunLength(1, 2, 0, 1, 1), 2)).isEmpty();
    }

    /** A step that goes on is another window of its mini-batch, and nothing comes before it has ended. */
    @Test
    void aStepThatSearchesIsRepeated() {
        WindowMetrics over = WindowMetrics.NONE;
        WindowMetrics goesOn = new WindowMetrics(new TreeMap<>(), List.of(), 0, new StepMetrics(0, 0, 0, 0, 1));
        EpochSequence sequence = new EpochSequence(new RunLength(1, 2, 1, 1, 1, 0, false, false, true), 0);
        List<String> all = new ArrayList<>();
        for (WindowMetrics measured : List.of(goesOn, goesOn, over, over, over)) {
            PlannedWindow window = sequence.next().orElseThrow();
            assertThat(window.endsStep()).isTrue();
            all.add(text(window));
            assertThat(sequence.next()).isEmpty();
            assertThat(sequence.done()).isEqualTo(!window.trains());
            sequence.finished(measured.steps().goesOn() ? window.goingOn() : window, measured);
        }
        assertThat(all)
                .containsExactly(
                        "0 TRAIN step 1 epoch 1 batch 0",
                        "1 TRAIN step 1 epoch 1 batch 0",
                        "2 TRAIN step 1 epoch 1 batch 0",
                        "3 TRAIN step 2 epoch 1 batch 1",
                        "4 EVALUATE step 2 epoch 1 batch 0 ends checkpoint");
        assertThat(sequence.done()).isTrue();
    }

    /** Its last one ends the epoch where there is no test data; none before it does. */
    @Test
    void theLastWindowOfASearchEndsTheEpoch() {
        WindowMetrics goesOn = new WindowMetrics(new TreeMap<>(), List.of(), 0, new StepMetrics(0, 0, 0, 0, 1));
        EpochSequence sequence = new EpochSequence(new RunLength(1, 1, 0, 1, 1, 0, false, false, true), 0);
        PlannedWindow first = sequence.next().orElseThrow();
        assertThat(first.goingOn().checkpoint()).isFalse();
        assertThat(first.goingOn().endsEpoch()).isFalse();
        sequence.finished(first.goingOn(), goesOn);
        assertThat(sequence.done()).isFalse();
        assertThat(text(sequence.next().orElseThrow())).isEqualTo("1 TRAIN step 1 epoch 1 batch 0 ends checkpoint");
    }

    @Test
    void moreStepsThanThereAreAreRefused() {
        assertThatThrownBy(() -> new EpochSequence(LENGTH, 10)).hasMessage("10 steps are done, but the job has only 9");
        assertThatThrownBy(() -> new EpochSequence(LENGTH, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** An epoch whose metric is watched begins when the one before is known whole; a resumed run evaluates what it has not heard of. */
    @Test
    void aScheduleThatWatchesIsWaitedFor() {
        EpochSequence sequence = new EpochSequence(LENGTH, 0, watched(""));
        List<PlannedWindow> first = upToNow(sequence);
        assertThat(first).hasSize(5).allMatch(window -> window.reductions() == 0);
        for (PlannedWindow window : first) {
            assertThat(sequence.next()).isEmpty();
            sequence.finished(window, measured(1));
        }
        assertThat(sequence.progress()).isEqualTo("0 1 1.0 0 0 0");
        List<PlannedWindow> second = upToNow(sequence);
        second.forEach(window -> sequence.finished(window, measured(2)));
        assertThat(sequence.progress()).isEqualTo("0 2 1.0 0 0 1");
        List<PlannedWindow> third = upToNow(sequence);
        assertThat(third).filteredOn(PlannedWindow::trains).hasSize(3).allMatch(window -> window.reductions() == 1);

        EpochSequence resumed = new EpochSequence(LENGTH, 6, watched("0 1 1.0 0 0 0"));
        assertThat(upToNow(resumed))
                .extracting(EpochSequenceTest::text)
                .containsExactly(
                        "0 EVALUATE step 6 epoch 2 batch 0", "1 EVALUATE step 6 epoch 2 batch 1 ends checkpoint");
        EpochSequence known = new EpochSequence(LENGTH, 6, watched("0 2 1.0 0 0 1"));
        assertThat(upToNow(known).getFirst().reductions()).isEqualTo(1);
        assertThatThrownBy(() -> watched("1 2 1.0 0 0 1")).hasMessageContaining("objective 1 has no schedule");
    }

    private static WindowMetrics measured(double loss) {
        return new WindowMetrics(loss, 1, Map.of("accuracy", List.of(1.0, 1.0)));
    }

    private static WatchedEpochs watched(String progress) {
        Recipe recipe = new Recipe(
                Model.of(Shape.of(4), MLP.of(4, 3)),
                new CrossEntropyLoss(),
                new SGD(0.1),
                LearningRateSchedules.parse("ReduceLROnPlateau(patience=0)"),
                6,
                2,
                9,
                1);
        return WatchedEpochs.of(recipe, Optional.empty(), progress);
    }

    private static List<PlannedWindow> upToNow(EpochSequence sequence) {
        List<PlannedWindow> all = new ArrayList<>();
        Optional<PlannedWindow> next = sequence.next();
        while (next.isPresent()) {
            all.add(next.get());
            next = sequence.next();
        }
        return all;
    }

    private static List<PlannedWindow> rest(RunLength sizes, long completed) {
        EpochSequence sequence = new EpochSequence(sizes, completed);
        List<PlannedWindow> all = upToNow(sequence);
        assertThat(sequence.done()).isTrue();
        return all;
    }

    private static String text(PlannedWindow planned) {
        return planned.number() + " " + withoutNumber(planned);
    }

    private static String withoutNumber(PlannedWindow planned) {
        return planned.phase() + " step " + planned.step() + " epoch " + planned.epoch() + " batch " + planned.batch()
                + (planned.endsEpoch() ? " ends" : "") + (planned.checkpoint() ? " checkpoint" : "");
    }
}
