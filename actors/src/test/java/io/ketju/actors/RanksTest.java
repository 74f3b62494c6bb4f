package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.Table;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four stages on fewer ranks, as actors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RanksTest {
    /** Of {@link SmallJobs#tiny}, which has 6 layers. */
    private static final List<Integer> FOUR = List.of(0, 1, 3, 5, 6);

    /** 1F1B over two rounds of two ranks. */
    private static final Schedule INTERLEAVED = new Table(SchedulePlan.parse("""
            rank 0  0F0 0F1 2F0 2F1 0F2 2B0 0F3 2B1 2F2 0B0 2F3 0B1 2B2 2B3 0B2 0B3 0S 2S
            rank 1  1F0 1F1 3F0 3B0 3F1 3B1 1F2 1B0 1F3 1B1 3F2 3B2 3F3 3B3 1B2 1B3 1S 3S
            """));

    @Test
    void severalStagesOnARankTrainTheBitsOfOneStage() {
        TrainingResult expected = Ketju.fit(job().build());
        assertThat(Ketju.fit(job().stageBounds(FOUR).schedule(INTERLEAVED).build())
                        .stateSha256())
                .isEqualTo(expected.stateSha256());
        for (Placement placement :
                List.of(Placement.looped(2, 2), Placement.vee(2), new Placement(List.of(0, 0, 0, 0)))) {
            TrainingResult result = Ketju.fit(job().stageBounds(FOUR)
                    .placement(placement)
                    .schedule(new GPipe())
                    .build());
            assertThat(result.stateSha256()).as("%s", placement).isEqualTo(expected.stateSha256());
            assertThat(result.testLoss()).isEqualTo(expected.testLoss());
        }
    }

    @Test
    void checkpointsHaveAShardForEachStage(@TempDir Path folder) throws IOException {
        Path run = folder.resolve("run");
        TrainingResult whole = Ketju.fit(
                job().stageBounds(FOUR).schedule(INTERLEAVED).runDirectory(run).build());
        try (Stream<Path> files = Files.walk(run)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))
                            .filter(name -> name.startsWith("stage-"))
                            .distinct())
                    .containsExactlyInAnyOrder(
                            "stage-0.incarnation-1.safetensors",
                            "stage-1.incarnation-1.safetensors",
                            "stage-2.incarnation-1.safetensors",
                            "stage-3.incarnation-1.safetensors");
        }
        try (TrainedModel model = Ketju.load(job().build(), run)) {
            assertThat(model.weightsSha256()).isEqualTo(whole.stateSha256());
        }
    }

    @Test
    void aScheduleThatIsIllegalIsNamed() {
        Schedule forgetful = new Table(SchedulePlan.parse("0F0 0F1 0F2 0F3 0B0 0B1 0B3 0S"));
        assertThatThrownBy(() -> job().schedule(forgetful).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("schedule table: illegal schedule:")
                .hasMessageContaining("stage 0: 0B2 is missing")
                .hasMessageContaining("<-- here: 0B2");
        assertThatThrownBy(() -> job().stages(3).schedule(INTERLEAVED).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("schedule table: the table has 4 stages, the model is cut into 3");
        assertThatThrownBy(() -> job().microbatches(5)
                        .batchSize(5)
                        .stageBounds(FOUR)
                        .schedule(INTERLEAVED)
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("schedule table: the plan has 4 micro-batches: it cannot run 5");
        assertThatThrownBy(() -> job().stages(4)
                        .placement(Placement.vee(2))
                        .schedule(new OneForwardOneBackward())
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("schedule 1F1B: expected the stages on ranks [0, 1, 2, 3], found [0, 1, 1, 0]");
        assertThatThrownBy(() -> job().stages(3).placement(Placement.vee(2)).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("placement: expected the rank of each of 3 stages, found [0, 1, 1, 0]");
    }

    /** With a last mini-batch of fewer micro-batches than the others. */
    private static JobBuilder job() {
        return SmallJobs.tiny().batchSize(4);
    }
}
