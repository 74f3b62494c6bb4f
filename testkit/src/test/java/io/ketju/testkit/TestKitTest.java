package io.ketju.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the test kit lets pass: every kind of run; and what it finds: whatever is not the same. */
class TestKitTest {
    private static final int STEPS = 4;

    /** Ragged mini-batches, and micro-batches of different sizes. */
    private static JobBuilder job() {
        float[] inputs = new float[11 * 4];
        int[] classes = new int[11];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (i * 37 % 101 - 50) / 50f;
            classes[i / 4] = i / 4 % 3;
        }
        ArrayDataset samples = new ArrayDataset("samples", Shape.of(4), inputs, classes);
        return Ketju.job()
                .model(Shape.of(4), MLP.of(4, 7, 6, 3))
                .data(new DataSource("custom", samples, samples))
                .optimizer(new Adam(0.01))
                .batchSize(5)
                .microbatches(3)
                .threads(1);
    }

    static List<Schedule> schedules() {
        return Schedules.placing(4);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void aRankOfEveryScheduleAnswersARecordInAnyOrder(Schedule schedule) {
        TrainingJob job = job().schedule(schedule).stages(4).build();
        RecordedRun run = RecordedRun.of(job, STEPS);
        assertThat(run.stateSha256()).isEqualTo(Oracle.of(job, STEPS).stateSha256());
        boolean overlaps = job.pipeline().overlap().isPresent();
        int seed = schedules().indexOf(schedule);
        RankRecord record = run.rank(seed % run.ranks().size());
        try (TestedRank rank = TestedRank.of(job, record.rank())) {
            (overlaps ? record : record.shuffled(seed)).playTo(rank);
            assertThat(rank.actions()).isEqualTo(record.actions());
        }
    }

    /** Here more than an epoch of the whole job, whose batches go on in the order of the next. */
    @Test
    void theFirstBatchesOfAJobAreItsFirstSteps() {
        TrainingJob job = job().stages(2).epochs(3).build();
        TrainingJob first = FirstBatches.of(job, STEPS);
        assertThat(first.totalSteps()).isEqualTo(STEPS);
        Oracle.of(job, STEPS).requireSameState(Ketju.fit(first));
        assertThatThrownBy(() -> FirstBatches.of(job, 0)).hasMessage("stepsPerEpoch: expected 1 or more, found 0");
    }

    /** What comes from several replicas of a neighbour, and goes to them, is said by stage. */
    @Test
    void ranksOfDifferentReplicasAnswerARecordInAnyOrder() {
        TrainingJob job = job().stages(3).gradientGroups(2).replicas(1, 2, 1).build();
        RecordedRun run = RecordedRun.of(job, STEPS);
        assertThat(run.stateSha256()).isEqualTo(Oracle.of(job, STEPS).stateSha256());
        for (RankRecord record : run.ranks()) {
            try (TestedRank rank = TestedRank.of(job, record.rank())) {
                record.shuffled(record.rank()).playTo(rank);
                assertThat(rank.actions()).isEqualTo(record.actions());
            }
        }
        assertThat(run.rank(2).lines())
                .anyMatch(line -> line.startsWith("<- ACTIVATION 0, micro-batch 0 from stage 3"))
                .anyMatch(line -> line.startsWith("-> GRADIENT 0, micro-batch 2 to stage 1"));
    }

    @Test
    void stepsThatWaitForSumsAreRecordedWithThem() {
        for (JobBuilder builder : List.of(
                job().clipGradNorm(0.5),
                job().optimizer(Optimizers.parse("LBFGS(history_size=3, lr=0.5, max_iter=3)")))) {
            TrainingJob job = builder.stages(2).build();
            RankRecord record = RecordedRun.of(job, 2).rank(1);
            assertThat(record.lines()).anyMatch(line -> line.startsWith("-> sums of stage 1: ["));
            try (TestedRank rank = TestedRank.of(job, 1)) {
                record.shuffled(3).playTo(rank);
            }
        }
    }

    @Test
    void oneBitOfOneTensorIsFound() {
        TrainingJob job = job().stages(2).build();
        RankRecord record = RecordedRun.of(job, 1).rank(0);
        List<RankMessage> messages = new ArrayList<>(record.messages());
        int first = 0;
        while (!(messages.get(first) instanceof RankMessage.Sent)) {
            first++;
        }
        RankMessage.Sent sent = (RankMessage.Sent) messages.get(first);
        float[] values = sent.values().floats();
        values[5] = Math.nextUp(values[5]);
        TensorValues changed = TensorValues.of(values, sent.values().shape().toArray());
        messages.set(first, new RankMessage.Sent(sent.from(), sent.to(), sent.key(), changed));
        try (TestedRank rank = TestedRank.of(job, 0)) {
            assertThatThrownBy(() -> new RankRecord(0, messages, record.digests()).playTo(rank))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("tensor 0 of rank 0, ")
                    .hasMessageContaining("at index 5 of ");
        }
    }

    @Test
    void anotherStateIsFoundByName() {
        TrainingJob job = job().stages(2).build();
        RankRecord record = RecordedRun.of(job, 1).rank(0);
        try (TestedRank rank = TestedRank.of(job, 0)) {
            rank.tensors().values().iterator().next().setFloat(2, 7);
            // The first activation differs already.
            assertThatThrownBy(() -> record.playTo(rank)).isInstanceOf(AssertionError.class);
        }
        assertThatThrownBy(() -> States.requireSameDigests(Map.of("a", "1", "b", "2"), Map.of("a", "1", "c", "3")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("2 of 3 tensors differ")
                .hasMessageContaining("b: expected 2, found nothing");
    }

    @Test
    void probesFindWhatIsNotExpected() {
        try (TestedRank rank = TestedRank.of(job().stages(2).build(), 0)) {
            rank.grantStep(2, 1);
            rank.feeder().feed("input", 0, TensorValues.of(new float[8], 2, 4));
            assertThatThrownBy(() -> rank.next().expectNothing()).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> rank.next().expect(TensorKey.Kind.ACTIVATION, 1))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected ACTIVATION of micro-batch 1 of window 0");
            rank.next().lose("gone");
            assertThatThrownBy(rank::expectNoReport)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("NeighbourLost");
            assertThatThrownBy(() -> rank.pass(Duration.ofMillis(1))).hasMessageContaining("withVirtualTime");
        }
    }

    @Test
    void anOracleSaysWhatItExpected() {
        TrainingJob job = job().stages(2).build();
        assertThatThrownBy(() -> Oracle.of(job, 1).requireSameState(Ketju.fit(job)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("state after 3 steps: expected ");
    }
}
